"""Children under 14 are here through a guardian of their household, until the day they come of age."""

from datetime import date, datetime

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.community import rules as community
from app.features.people.rules.consents import consent
from app.features.people.rules.homes import join, stays_of
from app.features.people.rules.lives import add_person
from app.features.people.rules.neighbour import Neighbour
from app.features.people.tables import Person
from app.kit import audit
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import say

OF_AGE, MOST = 14, 12


class Child(Struct):
    """Somebody under 14, as their guardian sees them."""

    id: int
    name: str
    state: str
    photo: str
    of_age_on: date
    signs_in: bool


_children = prepared_sql(
    "SELECT id, name, state, photo, of_age_on, EXISTS (SELECT 1 FROM logins WHERE logins.person = people.id) "
    "AS signs_in FROM people WHERE guardian = {} AND of_age_on > {} AND state <> 'gone' ORDER BY id",
    Child,
)


async def children_of(guardian: int, on: date) -> list[Child]:
    """Those for whom this person answers on that day: not those who have come of age."""
    return list(await _children(guardian, on))


class _Guardian(Struct):
    guardian: int | None


_guardian = prepared_sql("SELECT guardian FROM people WHERE id = {}", _Guardian)


async def guardian_of(child: int) -> int | None:
    found = await _guardian.first(child)
    return found.guardian if found else None


async def child_of(guardian: int, child: int, on: date) -> Child:
    """Raises Missing for a child of somebody else."""
    found = next((each for each in await children_of(guardian, on) if each.id == child), None)
    if found is None:
        raise Missing
    return found


async def add_child(name: str, *, household: int, of_age_on: date, by: Neighbour, now: datetime) -> int:
    """By a grown-up member of that household, who agrees to the terms for the child."""
    today = await community.today(now)
    if by.is_child(today) or not by.is_active:
        raise NotYours(say("Only somebody grown up can answer for a child."))
    if not today < of_age_on <= _years_later(today, OF_AGE):
        raise Refusal(say("The month in which they turn 14: it lies ahead, and within 14 years."), beside="month")
    if household not in [stay.household for stay in await stays_of(by.id)]:
        raise Missing
    if len(await children_of(by.id, today)) >= MOST:
        raise Refusal(say("These are many children for one person. Ask the committee to help."))
    async with writing():
        child = await add_person(name=name, now=now, by=by.id, language=by.language)
        await Person.update({Person.guardian: by.id, Person.of_age_on: of_age_on}).where(Person.id == child)
        await join(child, household, on=today, by=by.id, now=now)
        await consent(child, "terms", by=by.id, now=now)
        await audit.note("guardian noted", who=by.id, about=f"person:{child}", now=now, concerns=child)
        return child


def _years_later(day: date, years: int) -> date:
    return date(day.year + years, day.month, 28)
