"""One household of the roll call: who is in it, what each answered and how that is known, and what was said before."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import prepared_sql
from app.features.alerts.rules.board import may_look_at
from app.features.alerts.rules.counting import look_of
from app.features.alerts.tables import Alert, How
from app.features.people import rules as people
from app.features.people.rules import Home, Neighbour
from app.kit.refusals import Missing


class Member(Struct):
    person: int
    name: str
    photo: str
    answer: str
    answered_at: datetime | None
    answered_by: str | None
    how: str
    first: bool


class Heard(Struct):
    """An answer, the newest first. Undone ones stay to be read."""

    person: str
    answer: str
    words: str
    lang: str
    photo: str
    how: How
    by: str | None
    at: datetime
    undone: bool


class OpenNeed(Struct):
    id: int
    stage: str
    knock: bool


class Behind(Struct):
    home: Home
    look: str
    members: list[Member]
    heard: list[Heard]
    needs: list[OpenNeed]


_members = prepared_sql(
    "SELECT alert_recipients.person, people.name, people.photo, alert_recipients.answer, alert_recipients.answered_at, "
    "others.name AS answered_by, alert_recipients.how, alert_recipients.first FROM alert_recipients "
    "JOIN people ON people.id = alert_recipients.person "
    "LEFT JOIN people AS others ON others.id = alert_recipients.answered_by "
    "AND others.id <> alert_recipients.person "
    "WHERE alert_recipients.alert = {} AND alert_recipients.household = {} ORDER BY alert_recipients.id",
    Member,
)
_heard = prepared_sql(
    "SELECT people.name AS person, alert_answers.answer, alert_answers.words, alert_answers.lang, alert_answers.photo, "
    "alert_answers.how, others.name AS by, alert_answers.at, alert_answers.undone_at IS NOT NULL AS undone "
    "FROM alert_answers JOIN alert_recipients ON alert_recipients.id = alert_answers.recipient "
    "JOIN people ON people.id = alert_recipients.person "
    "LEFT JOIN people AS others ON others.id = alert_answers.by AND others.id <> alert_recipients.person "
    "WHERE alert_recipients.alert = {} AND alert_recipients.household = {} ORDER BY alert_answers.id DESC LIMIT 50",
    Heard,
)
_needs = prepared_sql(
    "SELECT needs.id, needs.stage, alert_needs.knock FROM alert_needs JOIN needs ON needs.id = alert_needs.need "
    "LEFT JOIN alert_recipients ON alert_recipients.id = alert_needs.recipient WHERE alert_needs.alert = {0} "
    "AND (alert_needs.household = {1} OR alert_recipients.household = {1}) ORDER BY needs.id",
    OpenNeed,
)


async def behind(alert: Alert, household_id: int, *, by: Neighbour) -> Behind:
    """Missing outside of what a steward looks after, and where nobody of the snapshot lives."""
    home = await people.household(household_id)
    await may_look_at(home.area, by=by)
    members = list(await _members(alert.id, household_id))
    if not members:
        raise Missing
    heard, needs = await _heard(alert.id, household_id), await _needs(alert.id, household_id)
    counts: dict[str, Any] = {
        name: sum(each.answer == answer for each in members)
        for name, answer in (("help", "help"), ("silent", ""), ("away", "away"))
    }
    return Behind(home, look_of(len(members), **counts), members, list(heard), list(needs))
