"""What a manager knows of whoever asks: how often they had a room here, whether they came, and who else wants it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql
from app.features.spaces.rules.reach import Booked, Room
from app.kit import queue, slots

LOOK_BACK = timedelta(days=365)


class Record(Struct):
    """Of one person, of a year: `had` and over, `unused` without coming, `off` given back by themselves."""

    person: int
    had: int
    unused: int
    off: int


_RECORDS = (
    "SELECT person, SUM(CASE WHEN stage = 'approved' AND ends_at <= {2} THEN 1 ELSE 0 END) AS had, "
    "SUM(CASE WHEN stage = 'unused' THEN 1 ELSE 0 END) AS unused, "
    "SUM(CASE WHEN stage = 'cancelled' AND blocked_by IS NULL THEN 1 ELSE 0 END) AS off "
    "FROM bookings WHERE person among AND begins_at > {1} GROUP BY person"
)
_AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS integer[]))"}
_records = prepared_sql({engine: _RECORDS.replace("among", among) for engine, among in _AMONG.items()}, Record)


async def records_of(people: Collection[int], *, now: datetime) -> dict[int, Record]:
    """One query, however many they are."""
    found = {each.person: each for each in await _records(sorted(set(people)), now - LOOK_BACK, now)} if people else {}
    return {id: found.get(id, Record(id, 0, 0, 0)) for id in people}


class Beside(Struct):
    """Another booking of the same space on the same day."""

    id: int
    begins_at: datetime
    ends_at: datetime
    stage: str
    purpose: str
    name: str


_beside = prepared_sql(
    "SELECT bookings.id, bookings.begins_at, bookings.ends_at, bookings.stage, bookings.purpose, people.name "
    "FROM bookings JOIN people ON people.id = bookings.person WHERE bookings.space = {} AND bookings.id <> {} "
    "AND bookings.begins_at < {} AND bookings.ends_at > {} AND bookings.stage IN ('pending', 'approved') "
    "ORDER BY bookings.begins_at",
    Beside,
)
CLOSE = timedelta(hours=2)


async def beside(booked: Booked) -> list[Beside]:
    """What ends shortly before or begins shortly after."""
    return list(await _beside(booked.space, booked.id, booked.ends_at + CLOSE, booked.begins_at - CLOSE))


async def others_waiting(booked: Booked, room: Room) -> int:
    """How many stand in line for that time."""
    return len(await queue.in_line(room.thing, slots.quarters(booked.begins_at, booked.ends_at)))
