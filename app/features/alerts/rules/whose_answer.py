"""For whom somebody may answer in an alert, and by which right: their own word, their household's, or an officer's."""

import re
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.alerts.rules.reach import leads
from app.features.alerts.rules.words import OWN_WORD
from app.features.alerts.tables import Answer, How
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.kit import clock

OWN = frozenset({How.self})
HOUSEHOLDS = frozenset({How.household, How.seen, How.phone})
PAGE = re.compile(r"/alerts/(\d+)/roll-call/(\d+)")
OFFICERS = frozenset({How.seen, How.phone, How.paper, How.knocked})


class Mate(Struct):
    """A recipient as those who answer for them see one: their latest answer, and who gave it."""

    id: int
    person: int
    name: str
    photo: str
    household: int | None
    area: int | None
    answer: str
    how: str
    answered_at: datetime | None
    answered_by: int | None

    @property
    def said(self) -> Answer | None:
        return Answer(self.answer) if self.answer else None

    @property
    def in_their_own_words(self) -> bool:
        return self.how in OWN_WORD


# ruff: noqa: S608 (all of these words are ours)
MATE = (
    "SELECT alert_recipients.id, alert_recipients.person, people.name, people.photo, alert_recipients.household, "
    "alert_recipients.area, alert_recipients.answer, alert_recipients.how, alert_recipients.answered_at, "
    "alert_recipients.answered_by FROM alert_recipients JOIN people ON people.id = alert_recipients.person "
    "WHERE alert_recipients.alert = {0} AND alert_recipients.person "
)
# Those I may answer for by today's membership or as a guardian, as far as the alert went to them.
_ours = prepared_sql(
    MATE + "IN (SELECT CAST({1} AS integer) UNION SELECT theirs.person FROM memberships AS own "
    "JOIN memberships AS theirs ON theirs.household = own.household AND theirs.until_on IS NULL "
    "WHERE own.person = {1} AND own.until_on IS NULL AND own.may_answer_for = {2} "
    "UNION SELECT id FROM people WHERE guardian = {1} AND of_age_on > {3}) ORDER BY alert_recipients.id",
    Mate,
    of_many=True,
)
_one = prepared_sql(MATE + "= {1}", Mate)


async def ours(alert: int, by: Neighbour, *, now: datetime) -> tuple[Mate | None, list[Mate]]:
    """The reader as a recipient, if they are one; and those of their household and their children."""
    found = await _ours(alert, by.id, True, await community.today(now))
    me = next((each for each in found if each.person == by.id), None)
    return me, [each for each in found if each is not me] if by.is_active else []


async def mate(alert: int, person: int) -> Mate | None:
    return await _one.first(alert, person)


async def rights(whom: Mate, alert: int, by: Neighbour, *, now: datetime) -> frozenset[How]:
    """How `by` may say that they know it; empty where this recipient is none of theirs to answer for."""
    if whom.person == by.id:
        return OWN
    if not by.is_active:
        return frozenset()
    _, mates = await ours(alert, by, now=now)
    may = HOUSEHOLDS if any(each.person == whom.person for each in mates) else frozenset()
    return may | OFFICERS if leads(by) or await _looks_after(whom, by) else may


async def _looks_after(whom: Mate, by: Neighbour) -> bool:
    """By where they lived when it was sent: whoever walks those stairs knows."""
    kept = set(by.areas_as(RoleKind.steward))
    return (
        bool(kept) and whom.area is not None and bool(kept & {each.id for each in await community.line_to(whom.area)})
    )


async def may_see_photo(by: Neighbour, page: str) -> bool:
    """What somebody who needs help showed: for themselves, and for whoever may answer for them (the board)."""
    found = PAGE.fullmatch(page)
    if not found:
        return False
    whom = await mate(int(found[1]), int(found[2]))
    return whom is not None and bool(await rights(whom, int(found[1]), by, now=clock.now()))
