"""A yes: the days are taken, and whoever else asked for some of them goes into the waiting line."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.sharing.rules.days import (
    claim,
    days_said,
    end_of,
    kept_under,
    soonest,
    span,
    wanted,
    what,
)
from app.features.sharing.rules.lent import borrowing, lent, move
from app.features.sharing.rules.reach import Thing, keeps, path_of, tell, thing
from app.features.sharing.rules.stages import Lent
from app.features.sharing.rules.turns import turns_of
from app.features.sharing.rules.waiting import stand_in_line, wind
from app.features.sharing.tables import Did, Policy, Stage, State
from app.kit import slots
from app.kit.refusals import Taken
from app.kit.slots import Claim
from app.kit.words import say


async def is_at_once(item: Thing, borrower: int, *, by: Neighbour, today: date) -> bool:
    """A capability is asked of whoever borrows, not of whoever types it; who could say yes a minute later has done so
    by typing it."""
    if keeps(item, by):
        return True
    if item.is_gift:
        return item.first_come
    if item.policy != Policy.capability:
        return item.policy == Policy.at_once
    able = await people.capabilities_of(borrower, today)
    return bool(item.capability) and any(each.kind == item.capability for each in able)


async def agree(found: Lent, *, by: int | None, now: datetime, **changes: Any) -> Lent:
    """Held. From now on the days are theirs, and the two see how to reach each other. Raises Faster where somebody
    has one of them: then the transaction has to be undone."""
    today = await community.today(now)
    agreed = replace(found, **changes)
    if agreed.first_on is not None and agreed.first_on < today:
        agreed = replace(agreed, first_on=today)
        changes["first_on"] = today
    await slots.have({found.owner: [claim(agreed, today=today)]})
    over: dict[str, Any] = {"proposed_first": None, "proposed_last": None}
    await move(found, Did.accepted, by=by, now=now, stage=Stage.accepted, **changes, **over)
    await notices.withdraw(asked_key(found))
    await wind(found, await end_of(agreed.due_on) if agreed.due_on else None)
    await make_way(agreed, now=now)
    return await lent(found.id)


class _Id(Struct):
    id: int


_others = prepared_sql(
    "SELECT id FROM loans WHERE item = {} AND stage = 'asked' AND until_at > {} AND id <> {} ORDER BY asked_at, id", _Id
)


async def make_way(found: Lent, *, now: datetime) -> None:
    """Whoever waits for an answer about days that are another's now waits in line for them, and hears it. Where other
    days were proposed that are free, that stands."""
    today = await community.today(now)
    days = wanted(found, today=today)
    for row in await _others(found.item, now, found.id):
        other = await lent(row.id)
        if set(days).isdisjoint(wanted(other, today=today)) or _has_others(other, days):
            continue
        await stand_in_line(other, now=now, behind=found.id)
        await move(other, Did.moved, by=None, now=now)
        await notices.withdraw(asked_key(other))
        await notices.withdraw(moved_key(other))
        await _tell_who_was_moved(other, now, today)


def _has_others(found: Lent, days: range) -> bool:
    """It was proposed other days, and may still have them."""
    if found.proposed_first is None or found.proposed_last is None:
        return False
    return set(days).isdisjoint(span(found.proposed_first, found.proposed_last, found.gap))


async def _tell_who_was_moved(found: Lent, now: datetime, today: date) -> None:
    turn = (await turns_of([await lent(found.id)], today=today))[found.id]
    words: dict[str, Any] = {"what": what(found), "n": turn.place}
    sentence = say("Promised to somebody else: %(what)s. You are number %(n)s in the waiting line.", **words)
    if turn.expected:
        sentence = say("%(told)s It may be yours from %(day)s.", told=sentence, day=turn.expected)
    await tell(borrowing(found), sentence, found.path, by=None, now=now, key=moved_key(found))


async def days_taken(item_id: int, *, first: date | None, last: date | None, beside: str = "", now: datetime) -> Taken:
    """What to say, with what would work."""
    item = await thing(item_id)
    way = (path_of(item.id), say("Look when it is free"))
    if item.is_gift or first is None or last is None:
        return Taken(say("It is promised to somebody else."), beside=beside, way=way)
    many = (last - first).days + 1
    free = await soonest(item, many, since=first, today=await community.today(now))
    if free is None:
        return Taken(say("These days are another's, and for half a year it is not free for so long."), way=way)
    days = days_said(free, date.fromordinal(free.toordinal() + many - 1))
    return Taken(say("These days are another's. The next that are free: %(days)s.", days=days), beside=beside, way=way)


async def are_free(item: Thing, days: Collection[int]) -> bool:
    return await slots.are_free([Claim(kept_under(item.id, gift=item.is_gift), tuple(days))])


def may_be_promised(item: Thing, now: datetime) -> bool:
    """What is broken, gone or taken away to nobody; what is paused as if it were on the board, to whoever asked."""
    return (replace(item, state=State.offered) if item.state == State.paused else item).may_be_had(now)


async def must_be_there(item_id: int, now: datetime) -> None:
    if not may_be_promised(await thing(item_id), now):
        raise Taken(say("It cannot be had at the moment."), way=("/share", say("Look for another")))


async def must_be_here(person: int) -> None:
    """A yes shows how to reach somebody: not one who was suspended, or went, while the ask waited."""
    if not (await people.neighbour(person)).is_active:
        raise Taken(say("They are not an active neighbour."))


def asked_key(found: Lent) -> str:
    return f"loan:{found.id}:asked"


def moved_key(found: Lent) -> str:
    return f"loan:{found.id}:moved"
