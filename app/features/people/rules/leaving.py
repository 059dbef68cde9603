"""Leaving: at once out of everybody's sight, for thirty days with a way back, then erased."""

import json
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.community import rules as community
from app.features.people.rules.neighbour import administrators
from app.features.people.rules.rights import end_all_of
from app.features.people.tables import Departure, Membership, Person, State
from app.kit import audit
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import say

UNDO_FOR, AFTER_MOVING = timedelta(days=30), timedelta(days=365)
ONLY = say("That is the only administrator. Give somebody else the role first.")


class Going(Struct):
    """Since when somebody is leaving, at whose wish, and when they are erased."""

    person: int
    asked_by: int | None
    asked_at: datetime
    erase_at: datetime
    reason: str


_going = prepared_sql("SELECT person, asked_by, asked_at, erase_at, reason FROM departures WHERE person = {}", Going)
_due = prepared_sql(
    "SELECT person, asked_by, asked_at, erase_at, reason FROM departures WHERE erase_at <= {} ORDER BY erase_at", Going
)


async def going(person_id: int) -> Going | None:
    return await _going.first(person_id)


async def due_to_go(now: datetime) -> list[int]:
    """Whose time to stay after all is over."""
    return [row.person for row in await _due(now)]


async def begin_leaving(person_id: int, *, by: int, reason: str, now: datetime) -> None:
    """Roles and households end today. Raises Taken for who is leaving already; the last administrator stays."""
    async with writing():
        officers = await administrators()
        person = await held(Person.objects().where(Person.id == person_id)).first()
        if person is None or not person.name:
            raise Missing
        if person.state == State.leaving:
            raise Taken(say("That was asked before: the thirty days are running already."))
        if officers == [person_id]:
            raise Refusal(ONLY)
        await _depart(person, by=by, reason=reason, now=now)
        about = f"person:{person_id}"
        await audit.note("leaving begun", who=by, about=about, now=now, concerns=person_id, fields=["state"])


async def _depart(person: Person, *, by: int, reason: str, now: datetime) -> None:
    ended = await end_everything(person.id, now)
    await Departure.delete().where(Departure.person == person.id)  # of somebody who had moved away before
    row = Departure(person=person.id, asked_by=by, asked_at=now, erase_at=now + UNDO_FOR, reason=reason)
    row.before, row.memberships = person.state, json.dumps(ended)
    await Departure.insert(row)
    await Person.update({Person.state: State.leaving}).where(Person.id == person.id)


async def stay(person_id: int, *, by: int, now: datetime) -> None:
    """They stay after all, with the households they had. Roles do not come back by themselves."""
    async with writing():
        person = await held(Person.objects().where(Person.id == person_id)).first()
        departure = await Departure.objects().where(Departure.person == person_id).first()
        if person is None or person.state != State.leaving or departure is None:
            raise Taken(say("There is nothing to take back any more."))
        theirs = Membership.id.is_in(json.loads(departure.memberships) or [0])
        await Membership.update({Membership.until_on: None}).where(theirs & (Membership.person == person_id))
        await Person.update({Person.state: State(departure.before)}).where(Person.id == person_id)
        await Departure.delete().where(Departure.person == person_id)
        if departure.before == State.gone:
            await note_moving_away(person_id, by=by, now=now)
        about = f"person:{person_id}"
        await audit.note("stays after all", who=by, about=about, now=now, concerns=person_id, fields=["state"])


async def suspended_no_more(person_id: int) -> None:
    """Their suspension ended while they were leaving: if they stay after all, it is as an active neighbour."""
    before = (Departure.person == person_id) & (Departure.before == State.suspended)
    if await Departure.update({Departure.before: State.active}).where(before).returning(Departure.id):
        await Person.update({Person.reason: ""}).where(Person.id == person_id)


async def may_be_erased(person_id: int, now: datetime) -> bool:
    """Held until the transaction ends: whoever takes it back at this moment was faster, or is too late."""
    await held(Person.objects().where(Person.id == person_id)).first()
    over = (Departure.person == person_id) & (Departure.erase_at <= now)
    return bool(await Departure.exists().where(over))


async def note_moving_away(person_id: int, *, by: int | None, now: datetime) -> None:
    """Who has moved away is kept for a year: for those who come back, and for what they began with others."""
    row = Departure(person=person_id, asked_by=by, asked_at=now, erase_at=now + AFTER_MOVING, reason="")
    row.before = State.active
    await Departure.insert(row)


async def erase_soon(person_id: int, *, now: datetime) -> None:
    """Somebody who was never let in: nothing to come back to, so nothing to wait for. Who was let in since, stays."""
    row = Departure(person=person_id, asked_by=None, asked_at=now, erase_at=now, reason="")
    row.before = State.pending
    async with writing():
        person = await held(Person.objects().where(Person.id == person_id)).first()
        if person is not None and person.state == State.pending:
            await Departure.insert(row).on_conflict(target=Departure.person, action="DO NOTHING")


_unnoted = prepared_sql(
    "SELECT id AS person, NULL AS asked_by, made_at AS asked_at, made_at AS erase_at, '' AS reason FROM people "
    "WHERE state = 'gone' AND name <> '' AND id NOT IN (SELECT person FROM departures)",
    Going,
)


async def note_all_who_moved_away(now: datetime) -> None:
    """Those too who went before there was a list: their year begins today."""
    for row in await _unnoted():
        async with writing():
            await note_moving_away(row.person, by=None, now=now)


async def note_return(person_id: int) -> None:
    await Departure.delete().where(Departure.person == person_id)


async def end_everything(person_id: int, now: datetime) -> list[int]:
    """Gives back the memberships that ended with it."""
    await end_all_of(person_id, now)
    open_ones: Any = (Membership.person == person_id) & Membership.until_on.is_null()
    today = await community.today(now)
    ended = await Membership.update({Membership.until_on: today}).where(open_ones).returning(Membership.id)
    return [row["id"] for row in ended]
