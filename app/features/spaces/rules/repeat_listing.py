"""Repeats as they are looked at: one with its dates, those that wait for a manager, those that are to be confirmed."""

import json
from collections.abc import Collection
from datetime import date, datetime

from app.db import prepared_sql
from app.features.people.rules import Neighbour
from app.features.spaces.rules.listing import ENOUGH
from app.features.spaces.rules.managers import manages
from app.features.spaces.rules.reach import Booked, Room
from app.features.spaces.rules.repeating import days
from app.features.spaces.rules.series import Repeated
from app.kit.refusals import Missing
from app.kit.words import Sentence, written


class RepeatLine(Repeated):
    """A repeat in a list: with its space, who asked, and those of its dates that hold and are to come."""

    names: str
    slug: str
    name: str
    many: int
    begins_at: datetime | None
    ends_at: datetime | None

    @property
    def space_name(self) -> Sentence:
        return written(json.loads(self.names))


_LINE = (
    "SELECT booking_series.*, max(CAST(spaces.names AS varchar)) AS names, spaces.slug, people.name, "
    "count(bookings.id) AS many, min(bookings.begins_at) AS begins_at, min(bookings.ends_at) AS ends_at "
    "FROM booking_series "
    "JOIN spaces ON spaces.id = booking_series.space JOIN people ON people.id = booking_series.person "
    "LEFT JOIN bookings ON bookings.series = booking_series.id AND bookings.stage IN ('pending', 'approved') "
    "AND bookings.begins_at > {1} WHERE "
)
_GROUP = " GROUP BY booking_series.id, spaces.slug, people.name "
_AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS integer[]))"}
_waiting = prepared_sql(
    {
        engine: _LINE
        + "booking_series.stage = 'pending' AND booking_series.space "
        + among
        + _GROUP
        + "HAVING count(bookings.id) > 0 ORDER BY booking_series.asked_at, booking_series.id LIMIT {2}"
        for engine, among in _AMONG.items()
    },
    RepeatLine,
)
_to_confirm = prepared_sql(
    _LINE + "booking_series.asked_again_at IS NOT NULL AND booking_series.stage = 'approved' "
    "AND (booking_series.person = {0} OR booking_series.acted_by = {0})"
    + _GROUP
    + "HAVING count(bookings.id) > 0 ORDER BY booking_series.id",
    RepeatLine,
)
_one = prepared_sql(_LINE + "booking_series.id = {0}" + _GROUP, RepeatLine)


async def repeats_to_decide(by: Neighbour, rooms: Collection[Room], *, now: datetime) -> list[RepeatLine]:
    """What waits for this manager, the oldest first; a repeat is one line."""
    kept = [room.id for room in rooms if await manages(by, room)]
    return list(await _waiting(kept, now, ENOUGH)) if kept else []


async def to_confirm(by: Neighbour, *, now: datetime) -> list[RepeatLine]:
    """Those of theirs about which they were asked whether they are still needed."""
    return list(await _to_confirm(by.id, now))


async def repeat_line(series_id: int, *, now: datetime) -> RepeatLine:
    """Raises Missing."""
    found = await _one.first(series_id, now)
    if found is None:
        raise Missing
    return found


def left_out(series: Repeated, dates: Collection[Booked]) -> list[date]:
    """Days of the rule for which nothing was ever booked."""
    there = {each.due_on for each in dates}
    return [day for day in days(series.rule, series.first) if day not in there]
