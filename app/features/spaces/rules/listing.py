"""Bookings in lists: one's own, what waits for a manager, and what happened to each."""

import json
from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.db import prepared_sql
from app.features.people.rules import Neighbour
from app.features.spaces.rules.managers import manages
from app.features.spaces.rules.reach import Booked, Room
from app.features.spaces.rules.times import A_DAY, wall_of
from app.kit.refusals import Missing
from app.kit.words import Sentence, written

ENOUGH = 60


class Line(Booked):
    """A booking in a list: with its space and who asked."""

    names: str
    slug: str
    capacity: int
    name: str

    @property
    def space_name(self) -> Sentence:
        return written(json.loads(self.names))


_AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS integer[]))"}
_LINE = (
    "SELECT bookings.*, spaces.names, spaces.slug, spaces.capacity, people.name FROM bookings "
    "JOIN spaces ON spaces.id = bookings.space JOIN people ON people.id = bookings.person WHERE "
)
_NEXT = (  # of a repeat only its next date, and what goes its own way
    "(bookings.series IS NULL OR bookings.apart = {3} OR bookings.begins_at = (SELECT min(others.begins_at) FROM "
    "bookings others WHERE others.series = bookings.series AND others.ends_at > {1} "
    "AND others.stage IN ('pending', 'approved') AND others.apart != {3})) "
)
_ahead = prepared_sql(
    _LINE
    + "(bookings.person = {0} OR bookings.acted_by = {0}) AND bookings.ends_at > {1} AND "
    + _NEXT
    + "ORDER BY bookings.begins_at LIMIT {2}",
    Line,
)
_behind = prepared_sql(
    _LINE + "(bookings.person = {0} OR bookings.acted_by = {0}) AND bookings.ends_at <= {1} "
    "ORDER BY bookings.begins_at DESC LIMIT {2}",
    Line,
)
_waiting = prepared_sql(
    {
        engine: _LINE
        + "bookings.stage = 'pending' AND bookings.begins_at > {1} "
        + "AND (bookings.series IS NULL OR bookings.apart = {3}) AND bookings.space "
        + among
        + " ORDER BY bookings.asked_at, bookings.id LIMIT {2}"
        for engine, among in _AMONG.items()
    },
    Line,
)


async def my_bookings(by: Neighbour, *, now: datetime) -> tuple[list[Line], list[Line]]:
    """Those to come, the next first; and those that are over, the newest first."""
    return list(await _ahead(by.id, now, ENOUGH, True)), list(await _behind(by.id, now, ENOUGH))


async def to_decide(by: Neighbour, rooms: Collection[Room], *, now: datetime) -> list[Line]:
    """What waits for this manager, the oldest first."""
    kept = [room.id for room in rooms if await manages(by, room)]
    return list(await _waiting(kept, now, ENOUGH, True)) if kept else []


def from_to(booked: Booked, zone: ZoneInfo) -> tuple[date, int, date, int]:
    """On the wall clock: from day and minute to day and minute (1440: the end of that day)."""
    day, opens = wall_of(booked.begins_at, zone)
    last, closes = wall_of(booked.ends_at, zone)
    return (day, opens, last - timedelta(days=1), A_DAY) if closes == 0 and last > day else (day, opens, last, closes)


class Step(Struct, frozen=True):
    did: str
    at: datetime
    name: str | None
    words: str


_steps = prepared_sql(
    "SELECT booking_steps.did, booking_steps.at, people.name, booking_steps.words FROM booking_steps "
    "LEFT JOIN people ON people.id = booking_steps.by WHERE booking_steps.booking = {} ORDER BY booking_steps.id",
    Step,
)
_line = prepared_sql(_LINE + "bookings.id = {}", Line)


async def line_of(booking_id: int) -> Line:
    """With its space and who asked. Raises Missing."""
    found = await _line.first(booking_id)
    if found is None:
        raise Missing
    return found


async def steps_of(booking_id: int) -> list[Step]:
    return list(await _steps(booking_id))
