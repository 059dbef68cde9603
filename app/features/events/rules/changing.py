"""Changing an event, calling it off, and what becomes of it when its room is taken from it."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.events.rules.agenda import wind
from app.features.events.rules.drafts import Draft, fitting, moments
from app.features.events.rules.making import book_room, columns
from app.features.events.rules.places import resize
from app.features.events.rules.reach import ROOM_HOLDS, Gathering, gathering, held_event, hosted
from app.features.events.rules.telling import tell_concerned
from app.features.events.rules.waiting import end_line, offer_next
from app.features.events.tables import Event, Stage
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.features.spaces import rules as spaces
from app.features.spaces.rules.booking import the_zone
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say


async def change(event_id: int, draft: Draft, *, by: Neighbour, now: datetime) -> None:
    """Whoever comes, comes perhaps or waits is told once of another time or place; of other words nobody is."""
    only_active(by, now)
    async with writing():
        event = await hosted(event_id, by=by)
        _must_be_ahead(event, now)
        draft = await fitting(draft, by=by, has_capability=event.capability, now=now)
        begins, ends = moments(draft, await the_zone(), now=now)
        moved_in_time = (begins, ends) != (event.begins_at, event.ends_at)
        other_room = draft.space != event.space
        more: dict[str, Any] = {"begins_at": begins, "ends_at": ends, "changed_at": now}
        if moved_in_time or other_room or event.stage == Stage.fell or _larger_room(draft, event):
            await _let_go_of_room(event, by, now)
            more["booking"] = await book_room(draft, by=by, now=now)
        await resize(event, draft.capacity)
        told = moved_in_time or other_room or columns(draft)["place"] != event.place or event.stage == Stage.fell
        if told:
            more |= {"sequence": event.sequence + 1, "stage": Stage.planned, "reminded_at": None, "told_at": now}
        values: dict[Any, Any] = columns(draft) | more
        await Event.update(values).where(Event.id == event_id)
        event = await gathering(event_id, by=by.id)
        if told:
            words = say("%(title)s has changed: %(when)s, %(place)s", title=event.title, when=begins, place=event.where)
            await tell_concerned(event, words, "changed", but=by.id, now=now)
        await wind(event)
        await offer_next(event, now=now)


def _larger_room(draft: Draft, event: Gathering) -> bool:
    """The room was booked for so many people."""
    return draft.space is not None and draft.capacity != event.capacity


async def cancel(event_id: int, reason: str, *, rest: bool = False, by: Neighbour, now: datetime) -> int:
    """Always with a reason, which all who would have come read. With `rest`, all later dates of its series too;
    says how many were called off."""
    async with writing():
        event = await hosted(event_id, by=by)
        _must_be_ahead(event, now)
        if not reason.strip():
            raise Refusal(say("Please say why: they will read it."), beside="reason")
        ids = [event_id]
        if rest and event.series is not None:
            ids += [each.id for each in await _later_ones(event.series, event.begins_at, event_id)]
        done = 0
        for id in ids:
            each = event if id == event_id else await held_event(id, by=by.id)
            if each.hosted and each.stage != Stage.cancelled:
                await call_off(each, reason.strip()[:300], by=by, now=now)
                done += 1
        return done


class _Id(Struct):
    id: int


_later_ones = prepared_sql(
    "SELECT id FROM events WHERE series = {} AND begins_at > {} AND id <> {} AND stage <> 'cancelled' ORDER BY id", _Id
)
_lost = prepared_sql(
    "SELECT events.id FROM events JOIN bookings ON bookings.id = events.booking WHERE events.ends_at > {} AND "
    "((events.stage = 'planned' AND bookings.stage NOT IN ('pending', 'approved', 'unused')) OR "
    "(events.stage = 'fell' AND bookings.stage IN ('pending', 'approved'))) ORDER BY events.id",
    _Id,
)


async def call_off(event: Gathering, reason: str, *, by: Neighbour | None, now: datetime) -> None:
    """Held. Its room is free again, nobody waits any more, and each who would have come is told once."""
    await _let_go_of_room(event, by, now)
    await _move(event, Stage.cancelled, now, reason=reason)
    after = await gathering(event.id)
    words = say("%(title)s, %(when)s, is cancelled. %(reason)s", title=event.title, when=event.begins_at, reason=reason)
    await notices.withdraw(f"event:{event.id}:tomorrow:{event.sequence}")
    await tell_concerned(after, words, "cancelled", but=by.id if by else None, now=now)
    await end_line(after, now=now)
    await wind(after)


async def _let_go_of_room(event: Gathering, by: Neighbour | None, now: datetime) -> None:
    """Whoever hosts it gives back the room that was booked for it, in the name of whoever booked."""
    if event.booking is None or event.room_stage not in ROOM_HOLDS:
        return
    booked = await spaces.booking_of(event.booking)
    if booked.begins_at > now:
        whose = by if by and by.id == booked.person else await people.neighbour(booked.person, now=now)
        await spaces.cancel(event.booking, "", by=whose, now=now)


async def look_at_rooms(now: datetime) -> None:
    """A room that was refused, lapsed or taken from an event: it falls, and its people are told once. When the room
    comes back, so does the event."""
    for row in await _lost(now):
        async with writing():
            try:
                event = await held_event(row.id)
            except Missing:
                continue
            if event.stage == Stage.planned and event.room_stage not in ROOM_HOLDS:
                await _turn(event, Stage.fell, now)
            elif event.stage == Stage.fell and event.room_stage in ROOM_HOLDS:
                await _turn(event, Stage.planned, now)


async def _turn(event: Gathering, stage: Stage, now: datetime) -> None:
    await _move(event, stage, now)
    after = await gathering(event.id)
    words: dict[str, Any] = {"title": event.title, "when": event.begins_at}
    if stage == Stage.fell:
        told = say("%(title)s, %(when)s, has lost its room. Its hosts look for another.", **words)
    else:
        told = say("%(title)s, %(when)s, takes place after all.", **words)
    await tell_concerned(after, told, str(stage), but=None, now=now)
    await wind(after)


async def _move(event: Gathering, stage: Stage, now: datetime, **more: Any) -> None:
    values: dict[Any, Any] = {getattr(Event, name): value for name, value in more.items()}
    values |= {Event.stage: stage, Event.sequence: event.sequence + 1, Event.told_at: now}
    await Event.update(values).where(Event.id == event.id)


def _must_be_ahead(event: Gathering, now: datetime) -> None:
    if event.taken:
        raise NotYours(say("Officers took this away. You can disagree under Account."))
    if event.stage == Stage.cancelled:
        raise Taken(say("It was cancelled already."))
    if event.begins_at <= now:
        raise Refusal(say("It has begun. Nothing about it can be changed any more."))
