"""Every door of the house and who may knock: read by tests/test_who_may.py."""

import re
from dataclasses import dataclass, field
from typing import Any

ANYBODY = "anybody"
OWN = "whoever is signed in"
NEIGHBOURS = "active neighbours"
ADMINISTRATORS = "administrators"
REFUSED = {
    ANYBODY: {},
    OWN: {"stranger": 401},
    NEIGHBOURS: {"stranger": 401, "pending": 403, "suspended": 403},
    ADMINISTRATORS: {
        "stranger": 401,
        **dict.fromkeys(
            ("pending", "suspended", "resident", "other steward", "steward", "space manager", "coordinator"), 403
        ),
    },
}


@dataclass(frozen=True)
class Door:
    """`status` is what those get who may knock; `but` names the roles that get something else."""

    method: str
    path: str
    access: str
    status: int
    but: dict[str, int] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def answer(self, role: str) -> int:
        return self.but.get(role) or REFUSED[self.access].get(role) or self.status

    def path_with(self, ids: dict[str, Any]) -> str:
        return re.sub(r"\{(\w+)(:\w+)?\}", lambda name: str(ids[name[1]]), self.path)


MACHINES = (
    Door("GET", "/healthz", ANYBODY, 200),
    Door("GET", "/readyz", ANYBODY, 200),
    Door("GET", "/metrics", ANYBODY, 404),
    Door("GET", "/static/{path:path}", ANYBODY, 404),
    Door("GET", "/sw.js", ANYBODY, 200),
    Door("GET", "/manifest.webmanifest", ANYBODY, 200),
    Door("GET", "/offline", ANYBODY, 200),
    Door("GET", "/{path:path}", ANYBODY, 404),
)
ACCOUNTS = (
    Door("GET", "/", ANYBODY, 200, but={"pending": 303, "suspended": 303}),
    Door("GET", "/sign-in", ANYBODY, 303, but={"stranger": 200}),
    Door("POST", "/sign-in", ANYBODY, 422),
    Door("POST", "/sign-out", OWN, 303),
    Door("GET", "/setup", ANYBODY, 404),
    Door("POST", "/setup", ANYBODY, 422),
    Door("GET", "/join", ANYBODY, 200),
    Door("GET", "/join/{code:str}", ANYBODY, 404),
    Door("POST", "/join/{code:str}", ANYBODY, 404),
    Door("GET", "/account", OWN, 200),
    Door("POST", "/account/settings", OWN, 422),
    Door("POST", "/account/password", OWN, 422),
    Door("POST", "/account/photo", OWN, 422),
    Door("POST", "/account/photo/removal", OWN, 303),
    Door("GET", "/media/{token:str}", OWN, 404),
    Door("GET", "/media/{token:str}/small", OWN, 404),
    Door("GET", "/account/sessions", OWN, 200),
    Door("POST", "/account/sessions/{sign_in:int}/end", OWN, 404),
    Door("POST", "/account/sessions/end-others", OWN, 303),
    Door("GET", "/account/export", OWN, 200),
)
NOTICES = (
    Door("GET", "/notices", OWN, 200),
    Door("GET", "/notices/count", OWN, 200),
    Door("POST", "/notices/{notice_id:int}/reading", OWN, 404),
    Door("POST", "/notices/reading", OWN, 303),
    Door("GET", "/changes", OWN, 200),
)
PERSON = "/admin/people/{person_id:int}"
DESK = (
    Door("GET", "/admin", ADMINISTRATORS, 200),
    Door("GET", "/admin/roles", ADMINISTRATORS, 200),
    Door("GET", "/admin/audit", ADMINISTRATORS, 200),
    Door("GET", "/admin/community", ADMINISTRATORS, 200),
    Door("POST", "/admin/community", ADMINISTRATORS, 422),
    Door("GET", "/admin/areas", ADMINISTRATORS, 200),
    Door("POST", "/admin/areas", ADMINISTRATORS, 422),
    Door("POST", "/admin/areas/return", ADMINISTRATORS, 400),
    Door("GET", "/admin/areas/{area_id:int}", ADMINISTRATORS, 200),
    Door("POST", "/admin/areas/{area_id:int}/name", ADMINISTRATORS, 422),
    Door("POST", "/admin/areas/{area_id:int}/place", ADMINISTRATORS, 303),
    Door("POST", "/admin/areas/{area_id:int}/removal", ADMINISTRATORS, 422),
    Door("POST", "/admin/areas/{area_id:int}/households", ADMINISTRATORS, 422),
    Door("GET", "/admin/households/{household_id:int}", ADMINISTRATORS, 200),
    Door("POST", "/admin/households/{household_id:int}/address", ADMINISTRATORS, 422),
    Door("POST", "/admin/households/{household_id:int}/removal", ADMINISTRATORS, 422),
    Door("POST", "/admin/households/{household_id:int}/members", ADMINISTRATORS, 422),
    Door("POST", "/admin/memberships/{membership:int}/end", ADMINISTRATORS, 303),
    Door("POST", "/admin/memberships/{membership:int}/return", ADMINISTRATORS, 404),
    Door("POST", "/admin/memberships/{membership:int}/answering", ADMINISTRATORS, 303),
    Door("GET", "/admin/people", ADMINISTRATORS, 200),
    Door("POST", "/admin/people", ADMINISTRATORS, 422),
    Door("GET", "/admin/people/new", ADMINISTRATORS, 200),
    Door("GET", PERSON, ADMINISTRATORS, 200),
    Door("POST", f"{PERSON}/details", ADMINISTRATORS, 422),
    Door("POST", f"{PERSON}/households", ADMINISTRATORS, 422),
    Door("POST", f"{PERSON}/photo/removal", ADMINISTRATORS, 303),
    Door("POST", f"{PERSON}/code", ADMINISTRATORS, 200),
    Door("POST", f"{PERSON}/welcome", ADMINISTRATORS, 409),
    Door("POST", f"{PERSON}/wait", ADMINISTRATORS, 303),
    Door("POST", f"{PERSON}/suspension", ADMINISTRATORS, 422),
    Door("POST", f"{PERSON}/suspension/end", ADMINISTRATORS, 409),
    Door("POST", f"{PERSON}/departure", ADMINISTRATORS, 303),
    Door("POST", f"{PERSON}/return", ADMINISTRATORS, 409),
    Door("POST", f"{PERSON}/roles", ADMINISTRATORS, 422),
    Door("POST", f"{PERSON}/capabilities", ADMINISTRATORS, 422),
    Door("POST", "/admin/roles/{role:int}/end", ADMINISTRATORS, 303),
    Door("POST", "/admin/roles/{role:int}/return", ADMINISTRATORS, 404),
    Door("POST", "/admin/capabilities/{capability:int}/end", ADMINISTRATORS, 303),
    Door("POST", "/admin/capabilities/{capability:int}/return", ADMINISTRATORS, 303),
)
ASKED = {"words": "My tap drips"}
SKILLS = (
    Door("GET", "/neighbours", NEIGHBOURS, 200),
    Door("GET", "/neighbours/{person_id:int}", NEIGHBOURS, 200),
    Door("GET", "/skills/new", NEIGHBOURS, 200),
    Door("POST", "/skills/new", NEIGHBOURS, 303, said={"words": "Nurse"}),
    Door("GET", "/skills/{skill_id:int}", NEIGHBOURS, 200),
    Door("GET", "/skills/{skill_id:int}/edit", NEIGHBOURS, 404),
    Door("POST", "/skills/{skill_id:int}/edit", NEIGHBOURS, 404, said={"words": "Nurse"}),
    Door("POST", "/skills/{skill_id:int}/offer", NEIGHBOURS, 404),
    Door("POST", "/skills/{skill_id:int}/pause", NEIGHBOURS, 404),
    Door("POST", "/skills/{skill_id:int}/withdrawal", NEIGHBOURS, 404),
    Door("GET", "/skills/{skill_id:int}/ask", NEIGHBOURS, 200),
    Door("POST", "/skills/{skill_id:int}/ask", NEIGHBOURS, 303, said=ASKED),
    Door("GET", "/asks", NEIGHBOURS, 200),
    Door("GET", "/asks/new", NEIGHBOURS, 200),
    Door("POST", "/asks/new", NEIGHBOURS, 303, said=ASKED),
    Door("GET", "/asks/{ask_id:int}", NEIGHBOURS, 404),
    Door("POST", "/asks/{ask_id:int}/acceptance", NEIGHBOURS, 404),
    Door("POST", "/asks/{ask_id:int}/refusal", NEIGHBOURS, 404),
    Door("POST", "/asks/{ask_id:int}/proposal", NEIGHBOURS, 404, said={"when": "Saturday"}),
    Door("POST", "/asks/{ask_id:int}/withdrawal", NEIGHBOURS, 404),
    Door("POST", "/asks/{ask_id:int}/completion", NEIGHBOURS, 404),
    Door("POST", "/asks/{ask_id:int}/thanks", NEIGHBOURS, 404, said={"thanks": "Thank you"}),
    Door("POST", "/asks/{ask_id:int}/prolongation", NEIGHBOURS, 404),
)
NOT_LIVING_THERE = dict.fromkeys(("other steward", "space manager", "coordinator"), 404)
NOT_WRITERS = dict.fromkeys(("resident", "space manager", "coordinator"), 403)
ONE = "/announcements/{announcement_id:int}"
BOARD = (
    Door("GET", "/announcements", NEIGHBOURS, 200),
    Door("GET", ONE, NEIGHBOURS, 200, but=NOT_LIVING_THERE),
    Door("GET", f"{ONE}/print", NEIGHBOURS, 200, but=NOT_LIVING_THERE),
    Door("GET", "/announcements/new", NEIGHBOURS, 200, but=NOT_WRITERS),
    Door("POST", "/announcements/new", NEIGHBOURS, 422, but=NOT_WRITERS),
    Door("GET", f"{ONE}/edit", NEIGHBOURS, 200, but=NOT_WRITERS | {"other steward": 404}),
    Door("POST", f"{ONE}/edit", NEIGHBOURS, 422, but=NOT_WRITERS | {"other steward": 404}),
    Door("POST", f"{ONE}/withdrawal", NEIGHBOURS, 303, but=NOT_WRITERS | {"other steward": 404}),
    Door("POST", f"{ONE}/return", NEIGHBOURS, 409, but=NOT_WRITERS | {"other steward": 404}),
    Door("GET", "/reports/new", NEIGHBOURS, 404),
    Door("POST", "/reports/new", NEIGHBOURS, 404),
    Door("GET", "/reports", ADMINISTRATORS, 200, but={"coordinator": 200}),
    # The only administrator to decide; a coordinator decides where there is none.
    Door("GET", "/reports/{report_id:int}", ADMINISTRATORS, 200, but={"coordinator": 404}),
    Door("POST", "/reports/{report_id:int}/decision", ADMINISTRATORS, 422, but={"coordinator": 404}),
    Door("GET", "/appeals/{appeal_id:int}", ADMINISTRATORS, 200, but={"coordinator": 404}),
    Door("POST", "/appeals/{appeal_id:int}/answer", ADMINISTRATORS, 422, but={"coordinator": 404}),
    Door("GET", "/account/decisions", OWN, 200, but={"pending": 403}),
    Door("POST", "/account/decisions/{decision_id:int}/appeal", OWN, 422, but={"pending": 403}),
    Door("GET", "/account/blocks", NEIGHBOURS, 200),
    Door("POST", "/neighbours/{person_id:int}/block", NEIGHBOURS, 303),
    Door("POST", "/neighbours/{person_id:int}/block/end", NEIGHBOURS, 409),
    Door("GET", "/account/audit", OWN, 200),
)
DOORS: tuple[Door, ...] = (*MACHINES, *ACCOUNTS, *NOTICES, *SKILLS, *DESK, *BOARD)


async def a_world(owner: Any, area: Any) -> dict[str, Any]:
    """Somebody else's things, by the names that paths use."""
    from app.features.accounts.rules.signing_in import Place, open_door
    from app.features.accounts.tables import SignIn
    from app.features.notices import rules as notices
    from app.features.notices.tables import Notice
    from app.features.people import rules as people
    from app.features.people.tables import Kind
    from app.features.skills import rules as skills
    from app.kit.words import say
    from tests.makers import NOON, a_person

    keeper = await a_person(role=Kind.space_manager)
    [role], [stay] = await people.roles_of(keeper.id), await people.stays_of(owner.id)
    capability = await people.grant(owner.id, "first aid", until=None, by=keeper.id, now=NOON)
    await open_door(owner.id, place=Place("192.0.2"), now=NOON)
    sign_in = await SignIn.select(SignIn.id).where(SignIn.person == owner.id).first()
    await notices.tell(owner.id, say("Hello"), path="/", now=NOON)
    notice = await Notice.select(Notice.id).where(Notice.person == owner.id).first()
    skill = await skills.offer(skills.Offer("Carpentry"), by=owner, now=NOON)
    other = await skills.offer(skills.Offer("Plumbing"), by=await a_person(name="Wu"), now=NOON)
    ask = await skills.ask(other, skills.Request("My tap drips"), by=owner, now=NOON)
    announcement, report, decision, appeal = await a_board(owner, area)
    return {
        "announcement_id": announcement,
        "report_id": report,
        "decision_id": decision,
        "appeal_id": appeal,
        "path": "nowhere",
        "code": "nosuchcode",
        "token": "nosuchpicture",
        "sign_in": sign_in["id"],
        "notice_id": notice["id"],
        "person_id": owner.id,
        "area_id": area.id,
        "household_id": stay.household,
        "membership": stay.membership,
        "role": role.id,
        "capability": capability,
        "skill_id": skill,
        "ask_id": ask,
    }


async def a_board(owner: Any, area: Any) -> tuple[int, int, int, int]:
    """An announcement to the owner's building; a report of the owner, and another that was decided and is disputed."""
    from app.features.announcements import rules as announcements
    from app.features.announcements.tables import Announcement
    from app.features.moderation.tables import Appeal, Decision, Measure, Report, Rule
    from app.kit import own_keys
    from tests.makers import NOON

    titles, words = '{"en": "Water off"}', '{"en": "Tomorrow from nine."}'
    announcement = Announcement(area=area.id, by=owner.id, titles=titles, words=words, at=NOON)
    await announcement.save()
    await announcements.note_reading(announcement.id, by=owner, now=NOON)
    report = Report(kind="person", thing=owner.id, author=owner.id, reporter=owner.id, rule=Rule.other, at=NOON)
    report.words, report.snapshot = "Look", await own_keys.seal_for(owner.id, "Lin", now=NOON)
    await report.save()
    decision = Decision(person=owner.id, measure=Measure.warning, rule=Rule.other, reason="Be kind", at=NOON)
    decision.kind, decision.thing = "person", owner.id
    await decision.save()
    appeal = Appeal(decision=decision.id, words="I was", at=NOON, verdict="", reason="")
    await appeal.save()
    return announcement.id, report.id, decision.id, appeal.id
