"""A role as its holder and administrators see it, who arrange it; and all that one person has to do with roles."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.accounts import rules as accounts
from app.features.admin.rules.powers import CHECKS
from app.features.admin.rules.telling import role_path
from app.features.people import rules as people
from app.features.people.rules import Away, Held, Neighbour, Proposed
from app.features.people.rules.acting import Named
from app.features.people.tables import Kind, Task
from app.kit.refusals import Missing
from app.kit.words import Sentence


class Question(Struct):
    """An open question, with names. `points` are (key, words, ticked) of the handover's check list."""

    asked: Proposed
    role: Held
    name: str
    holder_name: str
    by_name: str

    @property
    def points(self) -> list[tuple[str, Sentence, bool]]:
        if self.asked.task != Task.handover:
            return []
        return [(key, words, key in self.asked.ticked) for key, words in CHECKS[Kind(self.role.kind)].items()]


class Arranged(Struct):
    role: Held
    holder: Neighbour
    away: Away | None
    stand_in: str
    deputy: Named | None
    questions: dict[str, Question]

    @property
    def checks(self) -> list[tuple[str, Sentence]]:
        return list(CHECKS[Kind(self.role.kind)].items())


class Standing(Held):
    """A role in which somebody stands in, or will."""

    since_at: datetime
    holder_name: str


class Mine(Struct):
    own: list[Held]
    standing: list[Standing]
    deputising: list[Standing]
    questions: list[Question]


_FIELDS = (
    "roles.person, roles.kind, roles.area, roles.stands_in_for, roles.until_at, roles.ended_at, "
    "areas.kind AS area_kind, areas.name AS area_name"
)
_standing = prepared_sql(
    f"SELECT roles.id, {_FIELDS}, roles.since_at, people.name AS holder_name FROM roles "  # noqa: S608
    "JOIN roles AS lent ON lent.id = roles.stands_in_for JOIN people ON people.id = lent.person "
    "LEFT JOIN areas ON areas.id = roles.area "
    "WHERE roles.person = {0} AND roles.ended_at IS NULL AND roles.until_at > {1} ORDER BY roles.since_at, roles.id",
    Standing,
)
_deputising = prepared_sql(
    f"SELECT roles.id, {_FIELDS}, deputies.since_at, people.name AS holder_name FROM deputies "  # noqa: S608
    "JOIN roles ON roles.id = deputies.role AND roles.ended_at IS NULL JOIN people ON people.id = roles.person "
    "LEFT JOIN areas ON areas.id = roles.area WHERE deputies.person = {} AND deputies.ended_at IS NULL "
    "ORDER BY roles.id",
    Standing,
)


async def my_roles(by: Neighbour, *, now: datetime) -> Mine:
    return Mine(
        own=[each for each in await people.roles_of(by.id, now=now) if not each.stands_in_for],
        standing=list(await _standing(by.id, now)),
        deputising=list(await _deputising(by.id)),
        questions=[await _question(each) for each in await people.proposals_to(by.id, now=now)],
    )


async def arranged(role_id: int, *, by: Neighbour, now: datetime) -> Arranged:
    """Raises Missing for everybody else's, and for a role that has ended."""
    role = await people.role(role_id)
    if role.ended_at or role.stands_in_for or not people.may_arrange(by, role.person):
        accounts.must_not_be_overdue(by, Kind.administrator)
        raise Missing
    away = await people.absence_of(role_id, now=now)
    questions = [await _question(each) for each in await people.proposals_about(role_id, now=now)]
    return Arranged(
        role=role,
        holder=await people.neighbour(role.person, now=now),
        away=away,
        stand_in=(await people.neighbour(away.stand_in, now=now)).name if away and away.stand_in else "",
        deputy=await people.deputy_of(role_id),
        questions={each.asked.task: each for each in questions},
    )


async def must_be_strong_about(role_id: int, by: Neighbour) -> None:
    """Before somebody else gets its powers, for good or for a while. To end what was lent, the password is enough."""
    role = await people.role(role_id)
    accounts.must_be_strong_for(Kind(role.kind), by, path=role_path(role_id))


async def question(proposal_id: int, *, by: Neighbour, now: datetime) -> Question:
    """For whoever is asked, and for those who may ask."""
    asked = await people.proposal(proposal_id, now=now)
    if not by.is_active or not (by.id == asked.person or people.may_arrange(by, asked.holder)):
        raise Missing
    return await _question(asked)


async def _question(asked: Proposed) -> Question:
    return Question(
        asked=asked,
        role=await people.role(asked.role),
        name=(await people.neighbour(asked.person)).name,
        holder_name=(await people.neighbour(asked.holder)).name,
        by_name=(await people.neighbour(asked.made_by)).name,
    )
