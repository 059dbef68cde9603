"""A waiting list for an event: when places come free, whoever came first is offered them for a while, then the next."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from app.db import writing
from app.features.events.rules.places import Full, take_places
from app.features.events.rules.reach import Gathering, event_for, gathering, held_event
from app.features.events.rules.telling import LINE, TOPIC
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.kit import later, queue, slots
from app.kit.queue import Ended, Waits
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import say

OFFERED = timedelta(hours=12)
OVER = "events.offer_over"
PREFIX = "event:"


async def wait_for(event_id: int, guests: int, *, by: Neighbour, now: datetime) -> int:
    """For what is full. Who could simply come is told so."""
    only_active(by, now)
    async with writing():
        await event_for(event_id, by=by)
        event = await held_event(event_id, by=by.id)
        if not event.takes_place or event.begins_at <= now:
            raise Taken(say("Nobody can sign up for it any more."))
        if not 0 <= guests <= event.guests:
            raise Refusal(say("Between 0 and %(n)s, please.", n=event.guests), beside="guests")
        if event.mine == "yes":
            raise Taken(say("You have a place already."))
        if event.left >= 1 + guests:
            raise Refusal(say("There is a place for you: you can simply say yes."))
        id = await queue.join(event.thing, by.id, LINE, {"guests": guests}, now=now)
        await later.at(event.begins_at, OVER, key=f"waiting:{id}:begins", waiting=id)
        return id


async def offer_next(event: Gathering, *, now: datetime) -> None:
    """Held. Those who wait, who came first first; whoever needs more than is free lets others go before."""
    if not event.takes_place or event.begins_at <= now:
        return
    left = (await gathering(event.id)).left
    for waits in await queue.in_line(event.thing, LINE):
        if waits.offered_until is None and left >= places_wanted(waits):
            await _offer(waits, event, now)
            left -= places_wanted(waits)


async def _offer(waits: Waits, event: Gathering, now: datetime) -> None:
    try:
        await take_places(event, waits.owner, places_wanted(waits))
    except Full:
        return
    until = min(now + OFFERED, event.begins_at)
    await queue.offer(waits, until)
    await later.at(until, OVER, key=f"waiting:{waits.id}:offer", again=True, waiting=waits.id)
    words = say("A place is free for you: %(title)s. Say yes until %(until)s.", title=event.title, until=until)
    told: dict[str, Any] = {"path": event.path, "topic": TOPIC, "until": until, "now": now}
    await notices.tell(waits.person, words, key=f"waiting:{waits.id}", **told)


async def leave_line(event_id: int, *, by: Neighbour, now: datetime) -> None:
    """No longer, or no to an offer: the next in line is asked at once."""
    async with writing():
        await event_for(event_id, by=by)
        event = await held_event(event_id)
        waits = await place_in_line(event, by.id)
        if waits is None:
            raise Missing
        await pass_on(waits, event, Ended.declined if waits.offered_until else Ended.left, now=now)


async def lapse(waiting_id: int, *, now: datetime) -> None:
    """By the clock: an offer that nobody took goes to the next; and when the event begins, waiting is over."""
    async with writing():
        try:
            event = await held_event(event_in(await queue.one(waiting_id)))
            waits = await queue.held_one(waiting_id)
        except Missing:
            return
        if waits.ended_at is None and event.begins_at <= now:
            await pass_on(waits, event, Ended.over, now=now)
        elif waits.ended_at is None and waits.offered_until is not None and waits.offered_until <= now:
            await pass_on(waits, event, Ended.lapsed, now=now)


async def pass_on(waits: Waits, event: Gathering, how: Ended, *, now: datetime) -> None:
    await leave_place(waits, how, now=now)
    await offer_next(event, now=now)


async def leave_place(waits: Waits, how: Ended, *, now: datetime) -> None:
    """What an offer held is free; what was told of it is taken back."""
    await slots.give_back(waits.owner)
    await queue.end(waits, how, now=now)
    await notices.withdraw(f"waiting:{waits.id}")
    for which in ("begins", "offer"):
        await later.cancel(f"waiting:{waits.id}:{which}")


async def end_line(event: Gathering, *, now: datetime) -> None:
    for waits in await queue.in_line(event.thing, LINE):
        await leave_place(waits, Ended.over, now=now)


async def place_in_line(event: Gathering, person_id: int) -> Waits | None:
    return next((each for each in await queue.in_line(event.thing, LINE) if each.person == person_id), None)


async def number_in_line(waits: Waits) -> int:
    """1 is next."""
    return await queue.place_of(waits)


def event_in(waits: Waits) -> int:
    """Raises Missing for a line of something else."""
    if not waits.queue.startswith(PREFIX):
        raise Missing
    return int(waits.queue.removeprefix(PREFIX))


def places_wanted(waits: Waits) -> int:
    return 1 + guests_wanted(waits)


def guests_wanted(waits: Waits) -> int:
    return int(msgspec.json.decode(waits.wish)["guests"])
