"""A waiting list for a room: when its time comes free, whoever came first is offered it for a while, then the next."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.features.spaces.rules.booking import TimeTaken, book, the_zone
from app.features.spaces.rules.fitting import Wish, moments, must_fit
from app.features.spaces.rules.opening import hours_of
from app.features.spaces.rules.reach import Booked, Room, space_of
from app.features.spaces.rules.times import same_hour
from app.kit import later, queue, slots
from app.kit.queue import Ended, Waits
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.slots import Claim, Faster
from app.kit.tables import Waiting
from app.kit.words import say

OFFERED = timedelta(hours=4)
OVER = "spaces.offer_over"


async def wait_for(space_id: int, wish: Wish, *, by: Neighbour, now: datetime) -> int:
    """For what is taken. What could not be booked at all cannot be waited for."""
    only_active(by, now)
    room, zone = await space_of(space_id), await the_zone()
    if room.closed_at is not None:
        raise Missing
    begins, ends = moments(wish, zone)
    today = now.astimezone(zone).date()
    must_fit(room, await hours_of(room.id, since=today), wish, today=today, begins=begins, now=now)
    within = _within(room, begins, ends)
    if not await slots.used([room.thing], within):
        raise Refusal(say("It is free: you can book it now."), beside="begins")
    async with writing():
        id = await queue.join(room.thing, by.id, within, _kept(wish), now=now)
        await later.at(begins, OVER, key=f"waiting:{id}:begins", waiting=id)
        return id


async def offer_next(room: Room, within: range, *, now: datetime) -> None:
    """Some of that time is free again: those who wait for it, who came first first, as long as there is something."""
    for each in await queue.in_line(room.thing, within):
        if each.offered_until is None and slots.moment(each.first) > now:
            await _offer(each, room, now)


async def _offer(waits: Waits, room: Room, now: datetime) -> None:
    """Held for them alone until it lapses; whoever is faster in this moment is."""
    wanted = range(waits.first, waits.last + 1)
    if await slots.used([room.thing], wanted):
        return
    until = min(now + OFFERED, slots.moment(waits.first))
    try:
        await slots.take(waits.owner, [Claim(room.thing, tuple(wanted))])
    except Faster:
        return
    await queue.offer(waits, until)
    await later.at(until, OVER, key=f"waiting:{waits.id}:offer", again=True, waiting=waits.id)
    free = say(
        "%(space)s is free for you: %(when)s. Say yes until %(until)s.",
        space=room.name, when=slots.moment(waits.first), until=until,
    )  # fmt: skip
    told: dict[str, Any] = {"path": "/bookings", "topic": "bookings", "until": until, "now": now}
    await notices.tell(waits.person, free, key=_key(waits), **told)


async def accept(waiting_id: int, *, by: Neighbour, now: datetime) -> Booked:
    """What was held for them becomes their booking, as they had asked for it."""
    waits = await _theirs(waiting_id, by)
    try:
        async with writing():
            waits = await queue.held_one(waiting_id)
            if waits.ended_at is not None or not waits.offered(now):
                raise Taken(say("That offer is over."))
            room = await _room(waits)
            await slots.give_back(waits.owner)
            await _ends(waits, Ended.taken, now)
            return await book(room.id, wish_of(waits), by=by, now=now)
    except TimeTaken as taken:
        raise Taken(taken.sentence) from None


async def leave(waiting_id: int, *, by: Neighbour, now: datetime) -> None:
    """No longer, or no to an offer: the next in line is asked at once."""
    await _theirs(waiting_id, by)
    async with writing():
        waits = await queue.held_one(waiting_id)
        if waits.ended_at is None:
            await _passes(waits, Ended.declined if waits.offered_until else Ended.left, now)


async def end_waiting(waits: Waits, *, now: datetime) -> None:
    """Of somebody who leaves: the next in line is asked."""
    async with writing():
        if waits.queue.startswith("space:"):
            await _passes(await queue.held_one(waits.id), Ended.left, now)


async def lapse(waiting_id: int, *, now: datetime) -> None:
    """By the clock: an offer that nobody took goes to the next; and when its time has come, waiting is over."""
    async with writing():
        try:
            waits = await queue.held_one(waiting_id)
        except Missing:
            return
        if waits.ended_at is None and slots.moment(waits.first) <= now:
            await _passes(waits, Ended.over, now)
        elif waits.ended_at is None and waits.offered_until is not None and waits.offered_until <= now:
            await _passes(waits, Ended.lapsed, now)


async def _passes(waits: Waits, how: Ended, now: datetime) -> None:
    await slots.give_back(waits.owner)
    await _ends(waits, how, now)
    await offer_next(await _room(waits), range(waits.first, waits.last + 1), now=now)


async def _ends(waits: Waits, how: Ended, now: datetime) -> None:
    await queue.end(waits, how, now=now)
    await notices.withdraw(_key(waits))
    for which in ("begins", "offer"):
        await later.cancel(f"waiting:{waits.id}:{which}")


async def _theirs(waiting_id: int, by: Neighbour) -> Waits:
    only = await queue.one(waiting_id)
    if only.person != by.id:
        raise Missing
    return only


async def _room(waits: Waits) -> Room:
    return await space_of(int(waits.queue.partition(":")[2]))


def _within(room: Room, begins: datetime, ends: datetime) -> range:
    return slots.quarters(begins, ends + timedelta(minutes=room.gap))


def _key(waits: Waits) -> str:
    return f"waiting:{waits.id}"


def _kept(wish: Wish) -> dict[str, Any]:
    kept: dict[str, Any] = msgspec.to_builtins(wish, str_keys=True)
    return kept


def wish_of(waits: Waits) -> Wish:
    return msgspec.convert(msgspec.json.decode(waits.wish), Wish, strict=False)


class MyWaiting(Struct):
    """A line in which somebody stands, as they look at it."""

    waits: Waits
    room: Room
    wish: Wish
    place: int

    def offered(self, now: datetime) -> bool:
        return self.waits.offered(now)


async def my_waiting(by: Neighbour) -> list[MyWaiting]:
    found = []
    for each in await queue.waits_of(by.id):
        if each.queue.startswith("space:"):
            found.append(MyWaiting(each, await _room(each), wish_of(each), await queue.place_of(each)))
    return found


class _Id(Struct):
    id: int


_lines = prepared_sql("SELECT id FROM waiting WHERE ended_at IS NULL AND queue LIKE 'space:%' ORDER BY id", _Id)


async def owners_of_offers() -> list[str]:
    """Who holds a time because it was offered them."""
    return [each.owner for each in await _open_lines() if each.offered_until is not None]


async def keep_the_hours(before: ZoneInfo, after: ZoneInfo, *, now: datetime) -> None:
    """By another clock: whoever waits goes on waiting for the same hour, and what was offered still is, unless another
    has it now. Within the deed that sets the clock, when all that was booked has its place and no offer holds any."""
    for waits in await _open_lines():
        first, end = (same_hour(slots.moment(at), before, after) for at in (waits.first, waits.last + 1))
        if slots.moment(waits.first) > now:
            there = slots.quarters(first, max(end, first + slots.QUARTER))
            times: dict[Any, Any] = {Waiting.first: there.start, Waiting.last: there.stop - 1}
            await Waiting.update(times).where(Waiting.id == waits.id)
            await later.at(first, OVER, key=f"waiting:{waits.id}:begins", again=True, waiting=waits.id)
        await _offer_stays(await queue.held_one(waits.id), now)
    for waits in await _open_lines():
        if waits.offered_until is None:
            await offer_next(await _room(waits), range(waits.first, waits.last + 1), now=now)


async def _offer_stays(waits: Waits, now: datetime) -> None:
    if waits.offered_until is None:
        return
    try:
        wanted = [Claim(waits.queue, tuple(range(waits.first, waits.last + 1)))]
        if not await slots.are_free(wanted):
            raise Faster(waits.queue)
        await slots.take(waits.owner, wanted)
    except Faster:
        await Waiting.update({Waiting.offered_until: None}).where(Waiting.id == waits.id)
        await notices.withdraw(_key(waits))
        await later.cancel(f"waiting:{waits.id}:offer")


async def _open_lines() -> list[Waits]:
    return [await queue.one(row.id) for row in await _lines()]
