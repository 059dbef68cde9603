"""Days as they are looked at: one over all spaces, a space over several.

Whoever has no part in a booking sees that the room is taken, and no more; where it is open to all, what it is for.
"""

import json
import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.db import prepared_sql
from app.features.people.rules import Neighbour
from app.features.spaces.rules.managers import manages
from app.features.spaces.rules.opening import Hours, Stretch
from app.features.spaces.rules.reach import Room
from app.features.spaces.rules.times import A_DAY, EPOCH, LONGEST_STAY, MINUTE, midnight_of, wall_of
from app.features.spaces.tables import Stage
from app.kit.words import Sentence, written


class _Busy(Struct):
    """Its moments are minutes since 1970: a page asks for hundreds, and a datetime costs ten times as much."""

    space: int
    booking: int | None
    begins: int
    ends: int
    stage: str
    purpose: str
    open_to_all: int
    person: int | None
    name: str


class Bar(Struct, frozen=True):
    """Somebody has it from one minute of that day to another. Without a booking it is out of use."""

    opens: int
    closes: int
    stage: str
    booking: int | None = None
    purpose: str = ""
    name: str = ""
    mine: bool = False
    why: Sentence | None = None


class DayOfRoom(Struct):
    """A space on one local day: when it is open, what of it is taken, and what is free."""

    day: date
    open: list[Stretch]
    bars: list[Bar]

    @property
    def free(self) -> list[Stretch]:
        found: list[Stretch] = []
        for stretch in self.open:
            at = stretch.opens
            for bar in self.bars:
                if bar.opens < stretch.closes and bar.closes > at:
                    if bar.opens > at:
                        found.append(Stretch(at, bar.opens))
                    at = max(at, bar.closes)
            if at < stretch.closes:
                found.append(Stretch(at, stretch.closes))
        return found

    @property
    def open_minutes(self) -> int:
        return sum(each.closes - each.opens for each in self.open)

    @property
    def taken(self) -> float:
        """How much of what is open is gone, from 0 to 1; a closed day is gone."""
        left = sum(each.closes - each.opens for each in self.free)
        return 1 - left / self.open_minutes if self.open_minutes else 1.0


_BUSY = (  # SQLite hands out what is reckoned as it is, and columns by way of Python: hence "+ 0"
    "SELECT bookings.space + 0 AS space, bookings.id + 0 AS booking, [bookings.begins_at] AS begins, "
    "[bookings.ends_at] AS ends, bookings.stage, bookings.purpose, bookings.person + 0 AS person, people.name, "
    "CASE WHEN bookings.open_to_all THEN 1 ELSE 0 END AS open_to_all FROM bookings "
    "JOIN people ON people.id = bookings.person WHERE bookings.space among AND bookings.begins_at < {2} "
    "AND bookings.begins_at > {3} AND bookings.ends_at > {1} AND bookings.stage IN ('pending', 'approved') UNION ALL "
    "SELECT space, NULL, [begins_at], [ends_at], 'blocked', CAST(reason AS varchar), NULL, '', 1 FROM space_block_outs "
    "WHERE space among AND begins_at < {2} AND ends_at > {1} AND ended_at IS NULL ORDER BY 1, 3"
)
_AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS integer[]))"}
_MINUTE = {"sqlite": r"strftime('%s', \1) / 60", "postgres": r"CAST(floor(extract(epoch FROM \1) / 60) AS integer)"}


def _busy_in(engine: str) -> str:
    return re.sub(r"\[(.+?)\]", _MINUTE[engine], _BUSY).replace("among", _AMONG[engine])


_busy = prepared_sql({engine: _busy_in(engine) for engine in _AMONG}, _Busy)


async def days_of(
    rooms: Collection[Room], hours: dict[int, Hours], first: date, many: int, *, by: Neighbour, zone: ZoneInfo
) -> dict[int, list[DayOfRoom]]:
    """Each of these spaces on so many days from the first. One query, however many there are."""
    last = first + timedelta(days=many - 1)
    since, until = _around(first, zone), _around(last + timedelta(days=1), zone)
    keeps = {room.id for room in rooms if await manages(by, room)}
    found: dict[int, list[DayOfRoom]] = {
        room.id: [
            DayOfRoom(day, hours[room.id].on(day), []) for day in (first + timedelta(days=nth) for nth in range(many))
        ]
        for room in rooms
    }
    longest_ago = since - timedelta(minutes=LONGEST_STAY)
    start = _even_start(first, many, zone)
    for row in await _busy([room.id for room in rooms], since, until, longest_ago):
        on_days = _on_days(row, first, many, zone) if start is None else _on_even_days(row, start, many)
        for nth, opens, closes in on_days:
            found[row.space][nth].bars.append(_bar(row, opens, closes, by, row.space in keeps))
    return found


def _even_start(first: date, many: int, zone: ZoneInfo) -> int | None:
    """When the first of these days begins, in minutes since 1970; None where the clocks change on one of them."""
    midnights = [midnight_of(first + timedelta(days=nth), zone) for nth in range(many)]
    start = midnights[0]
    even = start is not None and midnights == [start + nth * A_DAY for nth in range(many)]
    return start if even else None


def _on_even_days(row: _Busy, start: int, many: int) -> list[tuple[int, int, int]]:
    """On which of these days it stands, and from one minute of that day to another."""
    begins, ends = row.begins - start, row.ends - start
    nth = begins // A_DAY
    if 0 <= nth < many and ends <= (nth + 1) * A_DAY:
        return [(nth, begins - nth * A_DAY, ends - nth * A_DAY)]
    return [
        (nth, max(0, begins - nth * A_DAY), min(A_DAY, ends - nth * A_DAY))
        for nth in range(max(0, nth), min(many - 1, (ends - 1) // A_DAY) + 1)
    ]


def _on_days(row: _Busy, first: date, many: int, zone: ZoneInfo) -> list[tuple[int, int, int]]:
    """The same by the wall clock."""
    begin_day, begin = wall_of(EPOCH + row.begins * MINUTE, zone)
    end_day, end = wall_of(EPOCH + row.ends * MINUTE, zone)
    days = [(nth, first + timedelta(days=nth)) for nth in range(many)]
    return [
        (nth, begin if day == begin_day else 0, end if day == end_day else A_DAY)
        for nth, day in days
        if begin_day <= day <= end_day and (day < end_day or end > 0)
    ]


def _around(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, datetime.min.time(), zone)


def _bar(row: _Busy, opens: int, closes: int, by: Neighbour, keeps: bool) -> Bar:
    mine = row.person == by.id
    if row.booking is None:
        return Bar(opens, closes, "blocked", why=written(json.loads(row.purpose)))
    if mine or keeps:
        return Bar(opens, closes, row.stage, row.booking, row.purpose, row.name, mine)
    if row.open_to_all and row.stage == Stage.approved and by.is_active:
        return Bar(opens, closes, row.stage, row.booking, row.purpose)
    return Bar(opens, closes, row.stage)
