"""Every door of the house and who may knock: read by tests/test_who_may.py."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

ANYBODY = "anybody"
OWN = "whoever is signed in"
NEIGHBOURS = "active neighbours"
ADMINISTRATORS = "administrators"
LOOKING_AFTER = "stewards and administrators"
THEIR_STEWARDS = "their stewards and administrators"
LOOKING_FOR_PEOPLE = "their stewards, coordinators and administrators"
MANAGE = ("space manager", "administrator")
REFUSED = {
    ANYBODY: {},
    OWN: {"stranger": 401},
    NEIGHBOURS: {"stranger": 401, "pending": 403, "suspended": 403, "leaving": 403},
    THEIR_STEWARDS: {
        "stranger": 401,
        **dict.fromkeys(("pending", "suspended", "leaving"), 403),
        **dict.fromkeys(("resident", "other steward", "space manager", "coordinator"), 404),
    },
    LOOKING_FOR_PEOPLE: {
        "stranger": 401,
        **dict.fromkeys(("pending", "suspended", "leaving", "resident", "space manager"), 403),
        "other steward": 404,
    },
    ADMINISTRATORS: {
        "stranger": 401,
        **dict.fromkeys(
            ("pending", "suspended", "leaving", "resident", "other steward", "steward", "space manager", "coordinator"),
            403,
        ),
    },
    LOOKING_AFTER: {
        "stranger": 401,
        **dict.fromkeys(("pending", "suspended", "leaving", "resident", "space manager", "coordinator"), 403),
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
    Door("GET", "/", ANYBODY, 200, but={"pending": 303, "suspended": 303, "leaving": 303}),
    Door("GET", "/pocket", OWN, 200, but={"pending": 403}),
    Door("GET", "/sign-in", ANYBODY, 303, but={"stranger": 200}),
    Door("POST", "/sign-in", ANYBODY, 422),
    Door("POST", "/sign-out", OWN, 303),
    Door("GET", "/setup", ANYBODY, 404),
    Door("POST", "/setup", ANYBODY, 422),
    Door("GET", "/account", OWN, 200),
    Door("POST", "/account/settings", OWN, 422),
    Door("POST", "/account/photo", OWN, 422),
    Door("POST", "/account/photo/removal", OWN, 303),
    Door("GET", "/media/{token:str}", OWN, 404),
    Door("GET", "/media/{token:str}/small", OWN, 404),
    Door("GET", "/account/sessions", OWN, 200),
    Door("POST", "/account/sessions/{sign_in:int}/end", OWN, 404),
    Door("POST", "/account/sessions/end-others", OWN, 303),
)
CHILD = "/household/children/{child:int}"
PRIVACY = (
    Door("GET", "/privacy", ANYBODY, 200),
    Door("GET", "/about", ANYBODY, 200),
    Door("POST", "/about/terms/acceptance", OWN, 303),
    Door("GET", "/account/export", OWN, 200),
    Door("GET", "/account/leaving", OWN, 200),
    Door("POST", "/account/leaving", OWN, 422),
    Door("POST", "/account/leaving/return", OWN, 409),
    Door("GET", "/household/children", NEIGHBOURS, 200),
    Door("POST", "/household/children", NEIGHBOURS, 422),
    Door("POST", f"{CHILD}/code", NEIGHBOURS, 404),
    Door("GET", f"{CHILD}/export", NEIGHBOURS, 404),
    Door("POST", f"{CHILD}/leaving", NEIGHBOURS, 404),
    Door("POST", f"{CHILD}/return", NEIGHBOURS, 404),
)
SIGNED = {"answer": "{}", "name": "A phone"}
PASSKEY_OPTIONS = (
    Door("POST", "/sign-in/passkey/options", ANYBODY, 200),
    Door("POST", "/sign-in/second/options", ANYBODY, 404),
    Door("POST", "/account/proof/options", OWN, 200),
    Door("POST", "/account/security/passkeys/options", OWN, 200),
)
SECURITY = "/account/security"
FACTORS = (
    *PASSKEY_OPTIONS,
    Door("GET", "/sign-in/second", ANYBODY, 303),
    Door("POST", "/sign-in/second", ANYBODY, 303, said={"code": "123456"}),
    Door("POST", "/sign-in/second/passkey", ANYBODY, 303, said=SIGNED),
    Door("POST", "/sign-in/passkey", ANYBODY, 422, said=SIGNED),
    Door("GET", "/reset", ANYBODY, 200),
    Door("POST", "/reset", ANYBODY, 422),
    Door("GET", "/reset/asked", ANYBODY, 200),
    Door("GET", "/reset/{code:str}", ANYBODY, 404),
    Door("POST", "/reset/{code:str}", ANYBODY, 404, said={"password": "three plain words"}),
    Door("GET", SECURITY, OWN, 200),
    Door("POST", f"{SECURITY}/password", OWN, 422),
    Door("GET", f"{SECURITY}/login", OWN, 200),
    Door("POST", f"{SECURITY}/login", OWN, 422),
    Door("GET", f"{SECURITY}/passkeys", OWN, 200),
    Door("POST", f"{SECURITY}/passkeys", OWN, 422, said=SIGNED),
    Door("POST", f"{SECURITY}/passkeys/{{passkey:int}}/removal", OWN, 404),
    Door("GET", f"{SECURITY}/authenticator", OWN, 200),
    Door("POST", f"{SECURITY}/authenticator", OWN, 404, said={"sealed": "x", "code": "123456"}),
    Door("POST", f"{SECURITY}/authenticator/removal", OWN, 404),
    Door("GET", f"{SECURITY}/recovery", OWN, 200),
    Door("POST", f"{SECURITY}/recovery", OWN, 422, but={"coordinator": 200, "administrator": 200}),
    Door("GET", "/account/proof", OWN, 200),
    Door("POST", "/account/proof", OWN, 422),
    Door("POST", "/account/proof/code", OWN, 422),
    Door("POST", "/account/proof/passkey", OWN, 422, said=SIGNED),
)
RESET = "/neighbours/{person_id:int}/reset"
HELPING = (
    Door("GET", RESET, THEIR_STEWARDS, 200),
    Door("POST", RESET, THEIR_STEWARDS, 422),  # they have no sign-in yet
    Door("POST", f"{RESET}/ask", ADMINISTRATORS, 422),
    Door("POST", f"{RESET}/confirmation", ADMINISTRATORS, 409),
    Door("POST", f"{RESET}/removal", ADMINISTRATORS, 409),
)
PHONE = "/account/notices/phones/{phone:int}"
NOTICES = (
    Door("GET", "/notices", OWN, 200),
    Door("GET", "/notices/count", OWN, 200),
    Door("POST", "/notices/{notice_id:int}/reading", OWN, 404),
    Door("POST", "/notices/reading", OWN, 303),
    Door("GET", "/changes", OWN, 200),
    Door("GET", "/account/notices", OWN, 200),
    Door("POST", "/account/notices", OWN, 303),
    Door("POST", "/account/notices/phones/tests", OWN, 404),
    Door("POST", f"{PHONE}/tests", OWN, 404),
    Door("GET", f"{PHONE}/test", OWN, 404),
    Door("POST", f"{PHONE}/hearing", OWN, 404),
    Door("POST", f"{PHONE}/removal", OWN, 404),
)
# Browsers speak here by themselves, and read plain words.
PUSH = (
    Door("GET", "/push/key", ANYBODY, 200),
    Door("POST", "/push/subscriptions", OWN, 422),
    Door("PUT", "/push/subscriptions", OWN, 422),
    Door("DELETE", "/push/subscriptions", OWN, 422),
    Door("GET", "/stop/{token:str}", ANYBODY, 404),
    Door("POST", "/stop/{token:str}", ANYBODY, 404),
    Door("POST", "/stop/{token:str}/return", ANYBODY, 404),
)
PERSON = "/admin/people/{person_id:int}"
DESK = (
    Door("GET", "/admin/roads", ADMINISTRATORS, 200),
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
LIST = "/admin/roster/{upload_id:int}"
ROSTER = (
    Door("GET", "/admin/roster", ADMINISTRATORS, 200),
    Door("POST", "/admin/roster", ADMINISTRATORS, 422),
    Door("GET", LIST, ADMINISTRATORS, 200),
    Door("POST", f"{LIST}/reading", ADMINISTRATORS, 422),
    Door("POST", f"{LIST}/import", ADMINISTRATORS, 409),
    Door("POST", f"{LIST}/mapping", ADMINISTRATORS, 409),
    Door("POST", f"{LIST}/cancellation", ADMINISTRATORS, 303),
    Door("GET", f"{LIST}/refused.csv", ADMINISTRATORS, 200),
)
ERASURE = (
    Door("GET", f"{PERSON}/erasure", ADMINISTRATORS, 200),
    Door("POST", f"{PERSON}/erasure", ADMINISTRATORS, 422),
    Door("POST", f"{PERSON}/erasure/return", ADMINISTRATORS, 409),
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
NEEDED = {"kind": "groceries", "words": "Rice"}
NEED, BY_LINK = "/help/{need_id:int}", "/help/by/{secret:str}"
HELP = (
    Door("GET", "/help", NEIGHBOURS, 200),
    Door("GET", "/help/print", NEIGHBOURS, 200),
    Door("GET", "/help/limits", NEIGHBOURS, 200),
    Door("POST", "/help/limits", NEIGHBOURS, 303, said={"most": "2"}),
    Door("GET", "/help/new", NEIGHBOURS, 200),
    Door("POST", "/help/new", NEIGHBOURS, 303, said=NEEDED),
    # A need of somebody else that a third has taken: one sees that it is taken, and does nothing to it.
    Door("GET", NEED, NEIGHBOURS, 200),
    Door("POST", f"{NEED}/taking", NEIGHBOURS, 409),
    Door("POST", f"{NEED}/return", NEIGHBOURS, 409),
    Door("POST", f"{NEED}/way", NEIGHBOURS, 409),
    Door("POST", f"{NEED}/completion", NEIGHBOURS, 409),
    Door("POST", f"{NEED}/confirmation", NEIGHBOURS, 403),
    Door("POST", f"{NEED}/reopening", NEIGHBOURS, 403),
    Door("POST", f"{NEED}/freshness", NEIGHBOURS, 403),
    Door("POST", f"{NEED}/withdrawal", NEIGHBOURS, 403),
    Door("POST", f"{NEED}/prolongation", NEIGHBOURS, 409),
    Door("POST", f"{NEED}/admission", NEIGHBOURS, 403),
    Door("POST", f"{NEED}/refusal", NEIGHBOURS, 403, said={"reason": "No"}),
    Door("POST", f"{NEED}/words", NEIGHBOURS, 409, said={"said": "Which shop?"}),
    Door("POST", f"{NEED}/company", NEIGHBOURS, 409, said={"companion": "1"}),
    Door("POST", f"{NEED}/photo", NEIGHBOURS, 403, said={"photo_words": "A tap"}),
    Door("POST", f"{NEED}/sum", NEIGHBOURS, 403, said={"sum": "20"}),
    Door("POST", f"{NEED}/receipt", NEIGHBOURS, 409, said={"spent": "20"}),
    Door("POST", f"{NEED}/payment", NEIGHBOURS, 403),
    Door("GET", "/help/ask", ANYBODY, 200),
    Door("POST", "/help/ask", ANYBODY, 422),
    Door("GET", "/help/by", ANYBODY, 200),
    Door("GET", BY_LINK, ANYBODY, 404),
    Door("POST", f"{BY_LINK}/withdrawal", ANYBODY, 404),
    Door("POST", f"{BY_LINK}/confirmation", ANYBODY, 404),
    Door("POST", f"{BY_LINK}/completion", ANYBODY, 404),
    Door("POST", f"{BY_LINK}/reopening", ANYBODY, 404),
    Door("POST", f"{BY_LINK}/freshness", ANYBODY, 404),
    Door("POST", f"{BY_LINK}/words", ANYBODY, 404, said={"said": "Which shop?"}),
)
ROOM, BOOKED = "/spaces/{slug:str}", "/bookings/{booking_id:int}"
AGAIN, MANAGED = "/bookings/repeats/{series_id:int}", "/manage/spaces/{space_id:int}"
SPACES = (
    Door("GET", "/spaces", NEIGHBOURS, 200),
    Door("GET", ROOM, NEIGHBOURS, 200),
    Door("GET", f"{ROOM}/calendar.ics", ANYBODY, 404),
    Door("GET", f"{BOOKED}/ics", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 200)),
    Door("GET", f"{AGAIN}/ics", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 200)),
    Door("GET", "/calendar", NEIGHBOURS, 200),
    Door("POST", "/calendar", NEIGHBOURS, 200),
    Door("POST", "/calendar/end", NEIGHBOURS, 303),
    Door("GET", "/calendar/{token:str}", ANYBODY, 404),
    Door("GET", f"{ROOM}/book", NEIGHBOURS, 200),
    Door("POST", f"{ROOM}/book", NEIGHBOURS, 422),
    Door("GET", "/bookings", NEIGHBOURS, 200),
    Door("POST", "/bookings/waiting/{waiting_id:int}/acceptance", NEIGHBOURS, 404),
    Door("POST", "/bookings/waiting/{waiting_id:int}/end", NEIGHBOURS, 404),
    Door("GET", BOOKED, NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 200)),
    Door("POST", f"{BOOKED}/approval", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 303)),
    Door("POST", f"{BOOKED}/decision/undo", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 409)),
    Door("POST", f"{BOOKED}/question", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 422), said={"words": ""}),
    Door("POST", f"{BOOKED}/answer", NEIGHBOURS, 404),
    Door("POST", "/manage/bookings/approval", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 303)),
    Door("POST", f"{BOOKED}/refusal", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 422)),
    Door("POST", f"{BOOKED}/cancellation", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 422)),
    Door("POST", f"{BOOKED}/code", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 422)),
    Door("POST", f"{BOOKED}/arrival", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 409)),
    Door("GET", f"{BOOKED}/change", NEIGHBOURS, 404),
    Door("POST", f"{BOOKED}/change", NEIGHBOURS, 404),
    Door("GET", AGAIN, NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 200)),
    Door("POST", f"{AGAIN}/approval", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 303)),
    Door("POST", f"{AGAIN}/refusal", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 422)),
    Door("POST", f"{AGAIN}/cancellation", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 422)),
    Door("POST", f"{AGAIN}/return", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 409)),
    Door("POST", f"{AGAIN}/confirmation", NEIGHBOURS, 404),
    Door("GET", "/manage/bookings", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 200)),
    Door("GET", "/manage/spaces/new", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 200)),
    Door("POST", "/manage/spaces/new", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 422)),
    Door("GET", MANAGED, NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 200)),
    Door("POST", MANAGED, NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 422)),
    Door("POST", f"{MANAGED}/closing", NEIGHBOURS, 403, but=dict.fromkeys(MANAGE, 303)),
    Door("POST", f"{MANAGED}/opening", NEIGHBOURS, 403, but=dict.fromkeys(MANAGE, 303)),
    Door("POST", f"{MANAGED}/photos", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 422)),
    Door("POST", f"{MANAGED}/photos/{{token:str}}/removal", NEIGHBOURS, 403, but=dict.fromkeys(MANAGE, 404)),
    Door("POST", f"{MANAGED}/equipment", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 422)),
    Door("POST", f"{MANAGED}/equipment/{{equipment_id:int}}/removal", NEIGHBOURS, 403, but=dict.fromkeys(MANAGE, 303)),
    Door("POST", f"{MANAGED}/block-outs", NEIGHBOURS, 404, but=dict.fromkeys(MANAGE, 422)),
    Door("POST", f"{MANAGED}/block-outs/{{block_id:int}}/end", NEIGHBOURS, 403, but=dict.fromkeys(MANAGE, 303)),
)
EVENT = "/events/{event_id:int}"
NOT_IN_YET = {"stranger": 401, "pending": 404, "suspended": 404, "leaving": 404}
EVENTS = (
    Door("GET", "/events", NEIGHBOURS, 200),
    Door("GET", "/events/new", NEIGHBOURS, 200),
    Door("POST", "/events/new", NEIGHBOURS, 422),
    Door("GET", EVENT, ANYBODY, 200, but=NOT_IN_YET),  # what was ticked public, strangers read
    Door("GET", f"{EVENT}/edit", NEIGHBOURS, 403),
    Door("POST", f"{EVENT}/edit", NEIGHBOURS, 403),
    Door("POST", f"{EVENT}/cancellation", NEIGHBOURS, 403),
    Door("POST", f"{EVENT}/hosts", NEIGHBOURS, 403),
    Door("GET", f"{EVENT}/needs", NEIGHBOURS, 403),
    Door("GET", f"{EVENT}/door", NEIGHBOURS, 403),
    Door("POST", f"{EVENT}/door/arrivals", NEIGHBOURS, 403),
    Door("POST", f"{EVENT}/door/{{answer_id:int}}/arrival", NEIGHBOURS, 403),
    Door("POST", f"{EVENT}/door/{{answer_id:int}}/departure", NEIGHBOURS, 403),
    Door("POST", f"{EVENT}/parts", NEIGHBOURS, 403, said={"part_0": "Tea"}),
    Door("POST", f"{EVENT}/parts/{{part_id:int}}/removal", NEIGHBOURS, 403),
    Door("POST", f"{EVENT}/parts/{{part_id:int}}/taking", NEIGHBOURS, 422),
    Door("POST", f"{EVENT}/parts/{{part_id:int}}/return", NEIGHBOURS, 404),
    Door("POST", f"{EVENT}/answer", NEIGHBOURS, 422),
    Door("POST", f"{EVENT}/waiting", NEIGHBOURS, 422),
    Door("POST", f"{EVENT}/waiting/end", NEIGHBOURS, 404),
    Door("POST", f"{EVENT}/feedback", NEIGHBOURS, 422),
    Door("POST", f"{EVENT}/standing", NEIGHBOURS, 422),
)
ITEM = "/share/{item_id:int}"
SHARING = (
    Door("GET", "/share", NEIGHBOURS, 200),
    Door("GET", "/share/new", NEIGHBOURS, 200),
    Door("POST", "/share/new", NEIGHBOURS, 422),
    Door("GET", ITEM, NEIGHBOURS, 200),
    Door("GET", f"{ITEM}/edit", NEIGHBOURS, 403),
    Door("POST", f"{ITEM}/edit", NEIGHBOURS, 403, said={"name": "Mine now"}),
    Door("POST", f"{ITEM}/pause", NEIGHBOURS, 403),
    Door("POST", f"{ITEM}/offer", NEIGHBOURS, 403),
    Door("POST", f"{ITEM}/removal", NEIGHBOURS, 403),
    Door("POST", f"{ITEM}/return", NEIGHBOURS, 403),
    Door("POST", f"{ITEM}/photos", NEIGHBOURS, 403),
    Door("POST", f"{ITEM}/photos/{{token:str}}/first", NEIGHBOURS, 403),
    Door("POST", f"{ITEM}/photos/{{token:str}}/removal", NEIGHBOURS, 403),
    Door("POST", f"{ITEM}/photos/{{token:str}}/return", NEIGHBOURS, 403),
    Door("GET", f"{ITEM}/keepers", NEIGHBOURS, 403),
    Door("POST", f"{ITEM}/keepers", NEIGHBOURS, 403, said={"keeper": "1"}),
    Door("POST", f"{ITEM}/keepers/{{person_id:int}}/removal", NEIGHBOURS, 403),
    Door("POST", f"{ITEM}/giving", NEIGHBOURS, 403),
    Door("POST", f"{ITEM}/prolongation", NEIGHBOURS, 403),
)
POST = "/share/wanted/{search_id:int}"
WANTED = (
    Door("GET", "/share/wanted", NEIGHBOURS, 200),
    Door("GET", "/share/wanted/new", NEIGHBOURS, 200),
    Door("POST", "/share/wanted/new", NEIGHBOURS, 303, said={"words": "A juicer"}),
    Door("GET", POST, NEIGHBOURS, 200),
    Door("POST", f"{POST}/answer", NEIGHBOURS, 422),
    Door("POST", f"{POST}/answer/removal", NEIGHBOURS, 409),
    Door("POST", f"{POST}/found", NEIGHBOURS, 403),
    Door("POST", f"{POST}/withdrawal", NEIGHBOURS, 403),
    Door("POST", f"{POST}/return", NEIGHBOURS, 403),
    Door("POST", f"{POST}/prolongation", NEIGHBOURS, 403),
)
LOAN = "/loans/{loan_id:int}"
LOANS = (
    Door("POST", "/share/{item_id:int}/ask", NEIGHBOURS, 422),
    Door("GET", "/loans", NEIGHBOURS, 200),
    Door("GET", LOAN, NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/acceptance", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/refusal", NEIGHBOURS, 404, said={"reason": "No"}),
    Door("POST", f"{LOAN}/answer/undo", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/proposal", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/agreement", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/offer", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/days", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/withdrawal", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/calling-off", NEIGHBOURS, 404),
)
KEEPS_WATCH = {"steward": 200, "administrator": 200}
OUR_HOME = "/household/{household_id:int}"
KEY = "/household/keys/{holding_id:int}"
ANSWERING = "/household/members/{membership:int}/answering"
HOUSEHOLD = (
    Door("GET", "/household", NEIGHBOURS, 200),
    Door("GET", f"{OUR_HOME}/card", NEIGHBOURS, 404),
    Door("POST", f"{OUR_HOME}/card", NEIGHBOURS, 404),
    Door("GET", f"{OUR_HOME}/key-holder", NEIGHBOURS, 404),
    Door("POST", f"{OUR_HOME}/key-holder", NEIGHBOURS, 404, said={"holder": "1"}),
    Door("POST", ANSWERING, NEIGHBOURS, 404, but={"steward": 303, "administrator": 303}),
    Door("POST", f"{ANSWERING}/end", NEIGHBOURS, 404, but={"steward": 303, "administrator": 303}),
    Door("GET", "/household/acting", NEIGHBOURS, 200),
    Door("GET", "/household/keys", NEIGHBOURS, 200),
    Door("GET", KEY, NEIGHBOURS, 404),
    Door("POST", f"{KEY}/acceptance", NEIGHBOURS, 404),
    Door("POST", f"{KEY}/refusal", NEIGHBOURS, 404),
    Door("POST", f"{KEY}/end", NEIGHBOURS, 404),
    Door("GET", "/households", LOOKING_AFTER, 200),
    Door("GET", "/households/{household_id:int}", NEIGHBOURS, 404, but=KEEPS_WATCH),
    Door("GET", "/account/needs", OWN, 200),
    Door("POST", "/account/needs", OWN, 422),
    Door("POST", "/account/needs/withdrawal", OWN, 303),
    Door("GET", "/account/privacy", OWN, 200),
    Door("POST", "/account/privacy", OWN, 303),
    Door("POST", "/account/privacy/consents/{purpose:str}/withdrawal", OWN, 403),
)
CLAIMED = (
    Door("GET", "/account/needs/claimed", OWN, 200),
    Door("POST", "/account/needs/claimed/{claimed:int}/confirmation", OWN, 404),
    Door("POST", "/account/needs/claimed/{claimed:int}/removal", OWN, 404),
    Door("GET", "/households/{household_id:int}/told", NEIGHBOURS, 404, but=KEEPS_WATCH),
    Door("POST", "/households/told/{note:int}/removal", NEIGHBOURS, 404, but={"steward": 303, "administrator": 303}),
)
ROLE, PROPOSAL = "/account/roles/{role:int}", "/account/proposals/{proposal:int}"
ROLES = (
    Door("GET", "/roles", NEIGHBOURS, 200),
    Door("GET", "/roles/{kind:str}", NEIGHBOURS, 200),
    Door("GET", "/account/roles", NEIGHBOURS, 200),
    Door("GET", ROLE, NEIGHBOURS, 404, but={"administrator": 200}),
    Door("POST", f"{ROLE}/handover", NEIGHBOURS, 404, but={"administrator": 422}),
    Door("POST", f"{ROLE}/deputy", NEIGHBOURS, 404, but={"administrator": 422}),
    Door("POST", f"{ROLE}/deputy/end", NEIGHBOURS, 404),
    Door("POST", f"{ROLE}/absence", NEIGHBOURS, 404, but={"administrator": 422}),
    Door("POST", f"{ROLE}/absence/cover", NEIGHBOURS, 404, but={"administrator": 422}),
    Door("POST", f"{ROLE}/absence/end", NEIGHBOURS, 404),
    Door("POST", f"{ROLE}/end", NEIGHBOURS, 404),
    Door("GET", PROPOSAL, NEIGHBOURS, 404, but={"administrator": 200}),
    Door("POST", f"{PROPOSAL}/acceptance", NEIGHBOURS, 404),
    Door("POST", f"{PROPOSAL}/refusal", NEIGHBOURS, 404),
    Door("POST", f"{PROPOSAL}/withdrawal", NEIGHBOURS, 404, but={"administrator": 303}),
    Door("POST", f"{PROPOSAL}/ticks", NEIGHBOURS, 404, but={"administrator": 303}),
    Door("GET", "/joined", LOOKING_AFTER, 200),
    Door("GET", "/joined/{area_id:int}", LOOKING_AFTER, 200, but={"other steward": 404}),
    Door("GET", "/reached", LOOKING_AFTER, 200, but={"coordinator": 200}),
    Door("GET", "/reached/{area_id:int}", LOOKING_AFTER, 200, but={"other steward": 404, "coordinator": 200}),
)


WAITS, POSTER = "/welcomes/{newcomer:int}", "/posters/{poster_id:int}"
PHONE = "/account/phones/{other:int}"
# Stewards look after those who asked in their own area; another's steward finds nothing there.
ELSEWHERE = {"other steward": 404}
JOINING = (
    Door("GET", "/join", ANYBODY, 200),
    Door("GET", "/join/{code:str}", ANYBODY, 404),
    Door("POST", "/join/{code:str}", ANYBODY, 404),
    Door("GET", "/slips", LOOKING_AFTER, 200),
    Door("POST", "/slips", LOOKING_AFTER, 422),
    Door("GET", "/posters", LOOKING_AFTER, 200),
    Door("POST", "/posters", LOOKING_AFTER, 422),
    Door("GET", POSTER, LOOKING_AFTER, 200, but=ELSEWHERE),
    Door("POST", f"{POSTER}/closing", LOOKING_AFTER, 303, but=ELSEWHERE),
    Door("POST", f"{POSTER}/opening", LOOKING_AFTER, 303, but=ELSEWHERE),
    Door("GET", "/waiting", OWN, 303, but={"pending": 200, "suspended": 200, "leaving": 200}),
    Door("GET", "/vouch", NEIGHBOURS, 200),
    Door("GET", "/vouch/{shown:str}", NEIGHBOURS, 200),
    Door("POST", "/vouch/{shown:str}", NEIGHBOURS, 303),
    Door("POST", "/vouch/{shown:str}/removal", NEIGHBOURS, 404),
    Door("GET", "/welcomes", LOOKING_AFTER, 200),
    Door("GET", WAITS, LOOKING_AFTER, 200, but=ELSEWHERE),
    Door("POST", f"{WAITS}/entry", LOOKING_AFTER, 422, but=ELSEWHERE),
    Door("POST", f"{WAITS}/wait", LOOKING_AFTER, 404),
    Door("POST", f"{WAITS}/refusal", LOOKING_AFTER, 422, but=ELSEWHERE),
    Door("POST", f"{WAITS}/second-look", LOOKING_AFTER, 404),
    Door("POST", f"{WAITS}/union", LOOKING_AFTER, 422, but=ELSEWHERE),
    Door("GET", "/vouches/{person_id:int}", ADMINISTRATORS, 200),
    Door("POST", "/vouches/{person_id:int}/undoing", ADMINISTRATORS, 422),
    Door("GET", "/account/phones/new", OWN, 200),
    Door("POST", "/account/phones", OWN, 200),
    Door("GET", PHONE, OWN, 404),
    Door("POST", f"{PHONE}/confirmation", OWN, 404),
    Door("POST", f"{PHONE}/refusal", OWN, 404),
    Door("GET", "/phone", ANYBODY, 200),
    Door("GET", "/phone/{code:str}", ANYBODY, 404),
    Door("POST", "/phone/{code:str}", ANYBODY, 404),
    Door("POST", "/phone/{code:str}/entry", ANYBODY, 404),
)
# Those who lead see every alert, and stewards what is for their area; only whoever was called answers for themselves.
LOOK_AT_ALERTS = dict.fromkeys(("steward", "coordinator", "administrator"), 200)
CALLED, ANSWERS = "/alerts/{alert_id:int}/roll-call", {"answer": "safe"}
ANSWERING = (
    Door("GET", CALLED, OWN, 404, but={"pending": 403, "resident": 200} | LOOK_AT_ALERTS),
    Door("POST", CALLED, OWN, 404, but={"pending": 403, "resident": 303}, said=ANSWERS),
    Door("POST", f"{CALLED}/undo", OWN, 409, but={"pending": 403}),
    Door("GET", "/answer", ANYBODY, 200),
    Door("GET", "/answer/{token:str}", ANYBODY, 404),
    Door("POST", "/answer/{token:str}", ANYBODY, 404, said=ANSWERS),
    Door("POST", "/answer/{token:str}/undo", ANYBODY, 404),
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
ALERT = "/alerts/{alert_id:int}"
NO_STEWARDS = dict.fromkeys(("steward", "other steward"), 403)
ROLL_CALL = (
    Door("GET", f"{ALERT}/board", LOOKING_FOR_PEOPLE, 200),
    Door("GET", f"{ALERT}/board/{{area_id:int}}", LOOKING_FOR_PEOPLE, 200),
    Door("GET", f"{ALERT}/doors/{{household_id:int}}", LOOKING_FOR_PEOPLE, 200),
    Door("GET", f"{ALERT}/delivery", LOOKING_FOR_PEOPLE, 200),
    Door("GET", f"{ALERT}/paper/{{area_id:int}}", LOOKING_FOR_PEOPLE, 200),
    Door("GET", f"{ALERT}/walked/{{area_id:int}}", LOOKING_FOR_PEOPLE, 200),
    Door("POST", f"{ALERT}/walked/{{area_id:int}}", LOOKING_FOR_PEOPLE, 303),
    Door("GET", f"{ALERT}/knocks", LOOKING_FOR_PEOPLE, 200),
    Door("POST", f"{ALERT}/doors/{{household_id:int}}/taking", LOOKING_FOR_PEOPLE, 303),
    Door("POST", f"{ALERT}/doors/{{household_id:int}}/return", LOOKING_FOR_PEOPLE, 409),
    Door("POST", f"{ALERT}/doors/{{household_id:int}}/found", LOOKING_FOR_PEOPLE, 422),
    Door("GET", f"{ALERT}/hands", LOOKING_FOR_PEOPLE, 200, but=NO_STEWARDS),
    Door("POST", f"{ALERT}/hands", LOOKING_FOR_PEOPLE, 422, but=NO_STEWARDS),
    Door("GET", f"{ALERT}/things", LOOKING_FOR_PEOPLE, 200, but=NO_STEWARDS),
    Door("POST", f"{ALERT}/things", LOOKING_FOR_PEOPLE, 422, but=NO_STEWARDS),
    Door("POST", f"{ALERT}/reminder", LOOKING_FOR_PEOPLE, 403, but={"coordinator": 303, "other steward": 403}),
)
MEASURE = "/alerts/{alert_id:int}/measures/{measure_id:int}"
COORDINATORS, LEADERS = "coordinators", ("coordinator", "administrator")
REFUSED[COORDINATORS] = {
    "stranger": 401,
    **dict.fromkeys(("pending", "suspended", "leaving", "resident", "other steward", "steward"), 403),
    **dict.fromkeys(("space manager", "administrator"), 403),
}
# Suspended and leaving people read what binds them; those of the table live nowhere.
BOUND = {
    **dict.fromkeys(("suspended", "leaving", "other steward", "space manager"), 404),
    "pending": 403,
}
MEASURES = (
    Door("GET", "/alerts/{alert_id:int}/measures", OWN, 200, but=BOUND),
    Door("GET", "/alerts/{alert_id:int}/measures/new", COORDINATORS, 200),
    Door("POST", "/alerts/{alert_id:int}/measures/new", COORDINATORS, 422),
    Door("GET", MEASURE, OWN, 200, but=BOUND | {"steward": 404}),
    Door("POST", f"{MEASURE}/end", COORDINATORS, 303),
    Door(
        "POST", f"{MEASURE}/objection", OWN, 422, but=BOUND | {"steward": 404, "coordinator": 403, "administrator": 403}
    ),
    Door("POST", f"{MEASURE}/objections/{{objection_id:int}}/answer", OWN, 404, but={"pending": 403}),
)
REPORT = "/alerts/{alert_id:int}/report"
LEADING = "coordinators and administrators"
REFUSED[LEADING] = {
    "stranger": 401,
    **dict.fromkeys(("pending", "suspended", "leaving", "resident", "other steward", "steward"), 403),
    "space manager": 403,
}
LOAN, LENT_OUT = "/loans/{loan_id:int}", "/share/{item_id:int}"
# Somebody else's ladder: neighbours see it, and nobody but the two sides sees who has it.
HANDS = (
    Door("GET", LENT_OUT, NEIGHBOURS, 200),
    Door("POST", f"{LENT_OUT}/damage", NEIGHBOURS, 403, said={"damage": "A rung"}),
    Door("POST", f"{LENT_OUT}/damage/days", NEIGHBOURS, 403),
    Door("POST", f"{LENT_OUT}/repair", NEIGHBOURS, 403),
    Door("POST", f"{LENT_OUT}/repair/end", NEIGHBOURS, 403),
    Door("GET", LOAN, NEIGHBOURS, 404),
    Door("GET", f"{LOAN}/handover", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/handover", NEIGHBOURS, 404, said={"code": "123456"}),
    Door("POST", f"{LOAN}/handover/code", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/handover/list", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/handover/word", NEIGHBOURS, 404),
    Door("GET", f"{LOAN}/return", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/return", NEIGHBOURS, 404, said={"condition": "good"}),
    Door("POST", f"{LOAN}/return/confirmation", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/return/denial", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/renewal", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/renewal/undo", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/thanks", NEIGHBOURS, 404, said={"thanks": "Thank you"}),
    Door("POST", f"{LOAN}/prolongation", NEIGHBOURS, 404),
    Door("POST", f"{LOAN}/photos", NEIGHBOURS, 404, said={"photo_words": "A rung"}),
    Door("POST", f"{LOAN}/photos/{{token:str}}/removal", NEIGHBOURS, 404),
)
NOT_ADMINISTRATORS = {"coordinator": 403}
OFFICERS = {**dict.fromkeys(("pending", "suspended", "leaving", "resident"), 403), "stranger": 401}
REFUSED["officers"] = OFFICERS
TO_MEND = "/alerts/mends/{mend_id:int}"
LIFELINE = "/alerts/lifelines/{line_id:int}"
LINE = {"title_0": "消防", "title_1": "Fire brigade", "phone": "119"}
# The alert of the table still goes on, so it has no report yet.
AFTERWARDS = (
    Door("GET", REPORT, LOOKING_FOR_PEOPLE, 404),
    Door("GET", f"{REPORT}/public", ANYBODY, 404),
    Door("GET", f"{REPORT}/outside", LEADING, 404),
    Door("POST", f"{REPORT}/mends", LEADING, 409),
    Door("POST", f"{REPORT}/publication", LEADING, 404),
    Door("POST", f"{REPORT}/publication/end", LEADING, 404),
    Door("POST", f"{REPORT}/hold", LEADING, 404, but=NOT_ADMINISTRATORS),
    Door("POST", f"{REPORT}/hold/end", LEADING, 409, but=NOT_ADMINISTRATORS),
    Door("GET", "/alerts/exercises", LEADING, 200),
    Door("GET", "/alerts/mends", "officers", 200),
    Door("POST", f"{TO_MEND}/done", "officers", 404),
    Door("POST", f"{TO_MEND}/undone", "officers", 404),
    Door("POST", f"{TO_MEND}/removal", LEADING, 404),
    Door("GET", "/alerts/lifelines", LEADING, 200),
    Door("GET", "/alerts/lifelines/new", LEADING, 200),
    Door("POST", "/alerts/lifelines/new", LEADING, 303, said=LINE),
    Door("GET", LIFELINE, LEADING, 200),
    Door("POST", LIFELINE, LEADING, 303, said=LINE),
    Door("POST", f"{LIFELINE}/up", LEADING, 303),
    Door("POST", f"{LIFELINE}/down", LEADING, 303),
    Door("POST", f"{LIFELINE}/removal", LEADING, 303),
    Door("POST", f"{LIFELINE}/return", LEADING, 409),
)
FEEDS = (
    Door("GET", "/alerts.atom", ANYBODY, 200),
    Door("GET", "/alerts/{alert_id:int}/cap", ANYBODY, 404),
)
# Told to whoever lives there; its steward and those who lead see it too. Coordinators alone declare and speak.
NOT_TOLD = dict.fromkeys(("other steward", "space manager", "suspended", "leaving"), 404)
NOT_COORDINATORS = dict.fromkeys(("resident", "other steward", "steward", "space manager", "administrator"), 403)
ALERTS = (
    Door("GET", "/alerts", NEIGHBOURS, 200, but={"suspended": 200, "leaving": 200}),
    Door("GET", "/alerts/new", NEIGHBOURS, 200, but=NOT_COORDINATORS),
    Door("POST", "/alerts/new", NEIGHBOURS, 422, but=NOT_COORDINATORS),
    Door("POST", "/alerts/preview", NEIGHBOURS, 200, but=NOT_COORDINATORS),
    Door("GET", ALERT, NEIGHBOURS, 200, but=NOT_TOLD),
    Door("GET", f"{ALERT}/edit", NEIGHBOURS, 409, but=NOT_COORDINATORS),
    Door("POST", f"{ALERT}/edit", NEIGHBOURS, 409, but=NOT_COORDINATORS),
    Door("POST", f"{ALERT}/sending", NEIGHBOURS, 409, but=NOT_COORDINATORS, said={"typed": "real"}),
    Door("POST", f"{ALERT}/approval", NEIGHBOURS, 409, but=NOT_COORDINATORS, said={"typed": "real"}),
    Door("POST", f"{ALERT}/refusal", NEIGHBOURS, 409, but=NOT_COORDINATORS),
    Door("POST", f"{ALERT}/sending-alone", NEIGHBOURS, 409, but=NOT_COORDINATORS, said={"typed": "real"}),
    Door("POST", f"{ALERT}/removal", NEIGHBOURS, 409, but=NOT_COORDINATORS),
    Door("POST", f"{ALERT}/update", NEIGHBOURS, 422, but=NOT_COORDINATORS),
    Door("POST", f"{ALERT}/correction", NEIGHBOURS, 422, but=NOT_COORDINATORS),
    Door("POST", f"{ALERT}/all-clear", NEIGHBOURS, 303, but=NOT_COORDINATORS),
    Door("POST", f"{ALERT}/false-alarm", NEIGHBOURS, 303, but=NOT_COORDINATORS),
)
OFFICERS_OF_OURS = {"administrator": 200, "coordinator": 200, "space manager": 200}
STRONG_OFFICERS = {"administrator": 422, "coordinator": 422}  # a space manager adds a second factor first
LABELS = (
    Door("GET", "/q/{token:str}", NEIGHBOURS, 404),
    Door("GET", "/share/scan", NEIGHBOURS, 200),
    Door("GET", "/share/labels", NEIGHBOURS, 200),
    Door("GET", "/share/labels/sheet", NEIGHBOURS, 200),
    Door("GET", "/share/{item_id:int}/label", NEIGHBOURS, 403),
    Door("POST", "/share/{item_id:int}/label/renewal", NEIGHBOURS, 403),
    Door("GET", "/share/items.csv", NEIGHBOURS, 200),
    Door("GET", "/share/import", NEIGHBOURS, 403, but=OFFICERS_OF_OURS),
    Door("POST", "/share/import/preview", NEIGHBOURS, 403, but=STRONG_OFFICERS),
    Door("POST", "/share/import", NEIGHBOURS, 403, but=STRONG_OFFICERS),
)
DOORS: tuple[Door, ...] = (
    *MACHINES,
    *ACCOUNTS,
    *FACTORS,
    *HELPING,
    *JOINING,
    *PRIVACY,
    *SPACES,
    *LABELS,
    *SHARING,
    *EVENTS,
    *WANTED,
    *LOANS,
    *HANDS,
    *NOTICES,
    *PUSH,
    *HOUSEHOLD,
    *CLAIMED,
    *SKILLS,
    *HELP,
    *ANSWERING,
    *BOARD,
    *ROLL_CALL,
    *FEEDS,
    *AFTERWARDS,
    *MEASURES,
    *ALERTS,
    *ROLES,
    *DESK,
    *ROSTER,
    *ERASURE,
)


async def a_room(owner: Any) -> tuple[Any, Any, Any, int, int, int]:
    """A room the owner asked for, once and again and again; what stands in it, a block-out, and who waits."""
    from app.features.spaces import rules
    from app.features.spaces.rules import Every, Repeat
    from app.kit.clock import now
    from tests.spacing import a_manager, a_neighbour, a_space, a_wish, some_equipment

    space = await a_space(area=None)
    wish = a_wish(day=now().date() + timedelta(days=3))
    booked = await rules.book(space.id, wish, by=owner, now=now())
    waits = await rules.wait_for(space.id, wish, by=await a_neighbour(), now=now())
    begins, boss = now() + timedelta(days=20), await a_manager()
    block = await rules.block_out(space.id, begins, begins + timedelta(hours=1), {"en": "Paint"}, by=boss, now=now())
    evenings = a_wish(day=wish.day, opens=18 * 60, closes=20 * 60)
    again = await rules.repeat(space.id, evenings, Repeat(Every.week, times=2), {}, by=owner, now=now())
    return space, booked, await some_equipment(space=space.id), block, waits, again.id


async def an_event_of(owner: Any) -> dict[str, int]:
    """In three days, hosted by somebody else; the owner comes, needs something, and took a role."""
    from app.features.events import rules
    from app.kit.clock import now
    from tests.gathering import an_event, comes
    from tests.spacing import a_neighbour

    day, parts = now().date() + timedelta(days=3), (rules.PartDraft({"en": "Bring tea"}),)
    host = await a_neighbour(name="Host of Events")
    event = await an_event(now=now(), by=host, day=day, parts=parts)
    await comes(event, by=owner, now=now(), needs=rules.Needs(diet="no peanuts"), agrees=True)
    [part] = await rules.parts_of(event.id)
    await rules.take_part(event.id, part.id, by=owner, now=now())
    answer = await rules.answer_of(event.id, owner.id)
    return {"event_id": event.id, "part_id": part.id, "answer_id": answer.id if answer else 0}


async def a_shared_thing(owner: Any) -> dict[str, int]:
    """The owner lends it to everybody here, and somebody else has it."""
    from app.features.sharing.tables import Stage
    from app.kit.clock import now
    from tests.sharing import a_loan, an_item

    item = await an_item(by=owner, name="Folding ladder", made_at=now())
    loan = await a_loan(item, first=now().date(), stage=Stage.out, now=now())
    return {"item_id": item.id, "loan_id": loan.id, "search_id": await a_search_of(owner)}


async def a_search_of(owner: Any) -> int:
    """The owner looks for something."""
    from app.features.sharing.rules.searching import Looking, look_for
    from app.kit.clock import now

    return (await look_for(Looking("A juicer"), by=owner, now=now()))[0]


async def a_world(owner: Any, area: Any) -> dict[str, Any]:
    """Somebody else's things, by the names that paths use."""
    from app.features.accounts.rules.signing_in import Place, open_door
    from app.features.accounts.tables import Passkey, SignIn
    from app.features.notices import rules as notices
    from app.features.notices.tables import Notice
    from app.features.people import rules as people
    from app.features.people.tables import Kind, Task
    from app.features.roster import rules as roster
    from app.features.skills import rules as skills
    from app.kit.clock import now
    from app.kit.words import say
    from tests.makers import NOON, a_person
    from tests.subscriptions import a_device

    keeper = await a_person(role=Kind.space_manager)
    [role], [stay] = await people.roles_of(keeper.id), await people.stays_of(owner.id)
    proposal = await people.propose(role.id, Task.deputy, owner.id, by=keeper, now=now())
    capability = await people.grant(owner.id, "first aid", until=None, by=keeper.id, now=NOON)
    await open_door(owner.id, place=Place("192.0.2"), now=NOON)
    sign_in = await SignIn.select(SignIn.id).where(SignIn.person == owner.id).first()
    await notices.tell(owner.id, say("Hello"), path="/", now=NOON)
    notice = await Notice.select(Notice.id).where(Notice.person == owner.id).first()
    phone = await a_device(owner)
    skill = await skills.offer(skills.Offer("Carpentry"), by=owner, now=NOON)
    other = await skills.offer(skills.Offer("Plumbing"), by=await a_person(name="Wu"), now=NOON)
    ask = await skills.ask(other, skills.Request("My tap drips"), by=owner, now=NOON)
    rows = b"Address,Name\n3-2-501,Ana\n"
    upload = await roster.upload(rows, name="list.csv", basis="Register", whole=False, by=keeper.id, now=now())
    child = await people.add_child("Kid", household=stay.household, of_age_on=date(2031, 1, 1), by=owner, now=NOON)
    await Passkey.insert(Passkey(person=owner.id, credential="theirs", public_key="x", name="Theirs", made_at=NOON))
    passkey = await Passkey.select(Passkey.id).where(Passkey.person == owner.id).first()
    from app.features.joining.tables import OtherPhone
    from tests.joining import a_newcomer, a_poster, token_of

    poster = await a_poster(area, by=await a_person(role=Kind.steward, area=area))
    newcomer = await a_newcomer(poster)
    other = OtherPhone(person=owner.id, sign_in=sign_in["id"], fingerprint="x", ticket="", device="", until_at=NOON)
    await other.save()
    announcement, report, decision, appeal = await a_board(owner, area)
    room, booked, projector, block, waits, again = await a_room(owner)
    return {
        "slug": room.slug,
        "space_id": room.id,
        "booking_id": booked.id,
        "equipment_id": projector.id,
        "block_id": block,
        "waiting_id": waits,
        "series_id": again,
        **await a_card_and_a_list(owner, stay.household),
        "announcement_id": announcement,
        "report_id": report,
        "decision_id": decision,
        "appeal_id": appeal,
        "path": "nowhere",
        "phone": phone.id,
        "child": child,
        "poster_id": poster.id,
        "newcomer": newcomer,
        "shown": await token_of(newcomer),
        "other": other.id,
        "code": "nosuchcode",
        "token": "nosuchpicture",
        "sign_in": sign_in["id"],
        "notice_id": notice["id"],
        "person_id": owner.id,
        "area_id": area.id,
        **await an_alert_with_a_measure(area),
        **await an_event_of(owner),
        **await a_shared_thing(owner),
        "household_id": stay.household,
        "membership": stay.membership,
        "role": role.id,
        "kind": role.kind,
        "proposal": proposal,
        "capability": capability,
        "skill_id": skill,
        "ask_id": ask,
        "need_id": await a_taken_need(owner),
        "secret": "nosuchlink",
        "upload_id": upload,
        "passkey": passkey["id"],
    }


async def an_alert_with_a_measure(area: Any) -> dict[str, Any]:
    """Somebody closed a gate there, and nobody has objected yet; and where one meets."""
    from app.features.alerts.rules.knocking import knock as knock_at_silent_doors
    from app.features.alerts.rules.lifelines import Typed, write_line
    from app.features.alerts.rules.measures import Measured, Power, take_measure
    from app.kit.clock import now
    from tests.alerting import a_coordinator, an_alert

    by, at = await a_coordinator(), now()
    alert = await an_alert(by=by, areas=(area.id,), now=at)
    await knock_at_silent_doors(alert, at)
    closed = Measured(Power.gate, "The east gate", "The main burst", at + timedelta(hours=1), area.id)
    line = await write_line(Typed({"zh-Hans": "草坪", "en": "The lawn"}, {}), by=by, now=at)
    made = {"measure_id": await take_measure(alert, closed, by=by, now=at), "objection_id": 1}
    return {"alert_id": alert, "line_id": line, "mend_id": 1, **made}


async def a_taken_need(owner: Any) -> int:
    """The owner needs something, and somebody has taken it."""
    from app.features.help import rules as needs
    from app.features.help.tables import What
    from app.kit.clock import now
    from tests.makers import a_person

    asking = needs.Asking(What.groceries, "Rice and eggs", "The key is under the mat")
    need = await needs.ask_for_help(asking, by=owner, now=now())
    await needs.take(need, by=await a_person(name="Quick Helper"), now=now())
    return need


async def a_card_and_a_list(owner: Any, home: int) -> dict[str, Any]:
    """A filled card, a neighbour who holds the key, and what a list said."""
    from app.features.household import rules as household
    from app.features.roster.tables import ClaimedNeed, PhoneNote, RosterImport
    from tests.makers import NOON, a_login, a_person

    holder = await a_person(name="Key Holder")
    await a_login(holder)
    said = household.Written(pets="A cat", contact_name="Daughter", contact_phone="+8613900139000")
    await household.save(home, said, {}, version=0, by=owner, now=NOON)
    holding = await household.ask_to_hold(home, holder.id, by=owner, now=NOON)
    came = RosterImport(at=NOON, basis="test", file_fingerprint="x")
    await came.save()
    claimed = ClaimedNeed(person=owner.id, roster_import=came.id, words="dialysis", claimed_at=NOON)
    note = PhoneNote(person=owner.id, words="1.38E+10", noted_at=NOON)
    await claimed.save()
    await note.save()
    return {"holding_id": holding, "claimed": claimed.id, "note": note.id, "purpose": "terms"}


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
