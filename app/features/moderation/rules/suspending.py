"""A suspension has a rule, a reason and an end. It ends by itself, by an officer, or because it was overturned."""

from datetime import datetime, timedelta
from typing import Any

from app.db import held, writing
from app.features.moderation.tables import Decision, Measure, Rule
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import State
from app.kit import audit, later
from app.kit.words import Sentence, say

AGAIN = say("Your account is open again.")
WEEK = timedelta(days=7)


async def suspend(
    person_id: int, *, reason: str, by: Neighbour, now: datetime, rule: Rule = Rule.other, span: timedelta = WEEK
) -> int:
    """Without a report: an administrator saw it themselves. It can be appealed all the same."""
    async with writing():
        made = Decision(person=person_id, by=by.id, measure=Measure.suspension, rule=rule, reason=reason.strip())
        made.kind, made.thing, made.at = "person", person_id, now
        await people.settle(person_id, State.suspended, by=by.id, now=now, reason=made.reason)
        await made.save()
        await _ends(made, span, now)
        about = f"decision:{made.id}"
        await audit.note("suspension decided", who=by.id, about=about, now=now, concerns=person_id, fields=[rule])
        await tell_standing(person_id, say("Your account is suspended. Why: %(reason)s", reason=made.reason), now)
        return int(made.id)


async def suspend_for(made: Decision, span: timedelta, *, by: Neighbour, now: datetime) -> None:
    """A decision that stands already: from now on, for so long."""
    await people.settle(made.person, State.suspended, by=by.id, now=now, reason=made.reason)
    await _ends(made, span, now)


async def lift(person_id: int, *, by: Neighbour, now: datetime) -> None:
    """Before its end."""
    async with writing():
        await held(Decision.select(Decision.id).where(_running(person_id)).order_by(Decision.id))
        await people.settle(person_id, State.active, by=by.id, now=now)
        await Decision.update({Decision.over_at: now}).where(_running(person_id))
        await tell_standing(person_id, AGAIN, now)


async def end(decision: int, *, now: datetime) -> None:
    """Its time is over. Done twice, or after somebody lifted it, it changes nothing."""
    async with writing():
        still = (Decision.id == decision) & Decision.over_at.is_null() & (Decision.until_at <= now)
        row = await held(Decision.objects().where(still)).first()
        if row is not None:
            await open_again(row, by=None, now=now)


async def open_again(row: Decision, *, by: int | None, now: datetime) -> None:
    """Joins a transaction. Another suspension goes on. Who has gone stays gone."""
    await Decision.update({Decision.over_at: now}).where(Decision.id == row.id)
    person = await people.neighbour(row.person)
    if await Decision.exists().where(_running(row.person)):
        return
    await people.suspended_no_more(row.person)
    if person.state == State.suspended:
        await people.settle(row.person, State.active, by=by, now=now)
        await tell_standing(row.person, AGAIN, now)


async def tell_standing(person_id: int, sentence: Sentence, now: datetime) -> None:
    """The newest word on somebody's standing replaces the one before: both together would contradict each other."""
    key = f"standing:{person_id}"
    await notices.withdraw(key, person_id=person_id)
    path = "/" if sentence is AGAIN else "/account/decisions"
    await notices.tell(person_id, sentence, path=path, now=now, topic="account", key=key)


async def _ends(made: Decision, span: timedelta, now: datetime) -> None:
    until = now + span
    await Decision.update({Decision.until_at: until}).where(Decision.id == made.id)
    await later.at(until, "suspensions.end", key=f"suspension:{made.id}:end", decision=made.id)


def _running(person_id: int) -> Any:
    return (Decision.person == person_id) & (Decision.measure == Measure.suspension) & Decision.over_at.is_null()
