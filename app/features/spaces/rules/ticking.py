"""What time does to a booking: managers are nudged, what nobody answered lapses, who booked is reminded, and an hour
for which nobody came is free again.

A tick looks at how things stand when it comes: a deed that was done meanwhile makes it do nothing. It may run twice.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from app.db import writing
from app.features.notices import rules as notices
from app.features.spaces.rules.agenda import Due, agenda, asked_key, wind
from app.features.spaces.rules.deciding import let_go, settled, what
from app.features.spaces.rules.managers import deputies, managers
from app.features.spaces.rules.reach import Booked, Room, booking_of, held_booking, move, space_of
from app.features.spaces.tables import Did, Stage
from app.kit.refusals import Missing
from app.kit.words import say

AT_ONCE = 8  # a worker that slept for days catches up, one thing after the other


async def tick(booking_id: int, *, now: datetime) -> None:
    async with writing():
        try:
            booked = await held_booking(booking_id)
        except Missing:
            return
        room = await space_of(booked.space)
        for _ in range(AT_ONCE):
            ahead = agenda(booked, room)
            if not ahead or ahead[0][0] > now:
                break
            await HAPPENS[ahead[0][1]](booked, room, now)
            booked = await booking_of(booking_id)
        await wind(booked, room)


async def _nudge(booked: Booked, room: Room, now: datetime) -> None:
    """A day after: the managers once more. Two days after: their deputies as well."""
    passed_on = booked.nudged >= 1
    whom = set(await managers(room, now=now)) | (set(await deputies(room, now=now)) if passed_on else set())
    await move(booked, Did.passed_on if passed_on else Did.nudged, by=None, now=now, nudged=booked.nudged + 1)
    waits = say("Still waiting for a yes or no: %(space)s, %(when)s", **what(booked, room))
    told: dict[str, Any] = {"path": booked.path, "topic": "bookings", "until": booked.begins_at, "now": now}
    await notices.tell_all(sorted(whom), waits, key=f"{asked_key(booked.id)}:{booked.nudged + 1}", **told)


async def _lapse(booked: Booked, room: Room, now: datetime) -> None:
    await move(booked, Did.expired, by=None, now=now, stage=Stage.expired)
    await let_go(booked, room, now=now)
    words = say("Nobody answered for %(space)s, %(when)s. It lapsed; please ask again.", **what(booked, room))
    await settled(booked, words, by=None, now=now)


async def _remind(booked: Booked, room: Room, now: datetime) -> None:
    await move(booked, Did.reminded, by=None, now=now, reminded_at=now)
    words = say("Tomorrow: %(space)s, %(when)s. Give it back if you do not need it.", **what(booked, room))
    told: dict[str, Any] = {"path": booked.path, "topic": "bookings", "until": booked.begins_at, "now": now}
    await notices.tell(booked.person, words, key=f"booking:{booked.id}:tomorrow:{booked.sequence}", **told)


async def _release(booked: Booked, room: Room, now: datetime) -> None:
    """Nobody came: what is left of it is anybody's."""
    await move(booked, Did.unused, by=None, now=now, stage=Stage.unused)
    await let_go(booked, room, now=now)
    if now < booked.ends_at + timedelta(hours=1):
        words = say("Nobody came to %(space)s, %(when)s, so it was released.", **what(booked, room))
        await settled(booked, words, by=None, now=now)


HAPPENS: dict[Due, Callable[[Booked, Room, datetime], Awaitable[None]]] = {
    Due.nudge: _nudge,
    Due.lapse: _lapse,
    Due.remind: _remind,
    Due.release: _release,
}
