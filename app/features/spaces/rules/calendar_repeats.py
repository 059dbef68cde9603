"""A repeat in a calendar: said once, with its rule, and again for each date that is otherwise (RFC 5545, 3.8.5).

What comes out is exactly the bookings. A day without one is left out (EXDATE); a date that is not like the others, or
to which something happened by itself, is said instead of its day (RECURRENCE-ID); and where the clocks skip or repeat
that hour, a date is a thing of its own, since programs do not agree on which moment is meant.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.db import prepared_sql
from app.features.spaces.rules.listing import Line
from app.features.spaces.rules.reach import HOLDING
from app.features.spaces.rules.repeating import days, until, widened
from app.features.spaces.rules.series import Repeated
from app.features.spaces.rules.times import moment_of
from app.features.spaces.tables import Stage
from app.kit.calendars import Entry
from app.kit.refusals import Refusal

EVER = datetime.min.replace(tzinfo=UTC)


class Dated(Line):
    """A booking as calendars have it; `alone_at` is when something last happened to it by itself."""

    place: str
    alone_at: datetime | None

    @property
    def changed_at(self) -> datetime:
        return max(self.alone_at or self.stage_at, self.stage_at)


class _Whole(Dated):
    """All of a repeat, as if it were a booking."""

    @property
    def owner(self) -> str:
        return f"series:{self.series}"

    @property
    def path(self) -> str:
        return f"/bookings/repeats/{self.series}"


class _Series(Repeated):
    changed_at: datetime


_SERIES = (
    "SELECT booking_series.*, COALESCE((SELECT MAX(booking_series_steps.at) FROM booking_series_steps "
    "WHERE booking_series_steps.series = booking_series.id AND booking_series_steps.did NOT IN "
    "('nudged', 'passed_on', 'asked_again', 'confirmed')), booking_series.stage_at) AS changed_at "
    "FROM booking_series WHERE id among ORDER BY id"
)
_AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS integer[]))"}
_series = prepared_sql({engine: _SERIES.replace("among", among) for engine, among in _AMONG.items()}, _Series)

AsEntry = Callable[[Dated], Entry]


async def entries_of(rows: Sequence[Dated], as_entry: AsEntry, *, kept: datetime, zone: ZoneInfo) -> list[Entry]:
    """One for each booking, and one for each repeat, of which all dates are given. What of it was cancelled before
    `kept` is not said any more."""
    ids = sorted({row.series for row in rows if row.series is not None})
    known = {each.id: each for each in await _series(ids)} if ids else {}
    found = [as_entry(row) for row in rows if row.series not in known]
    for id, series in known.items():
        found += _folded(series, [row for row in rows if row.series == id], as_entry, kept, zone)
    return found


async def alone(row: Dated, as_entry: AsEntry, *, zone: ZoneInfo) -> Entry:
    """One booking without the others of its repeat."""
    known = list(await _series([row.series])) if row.series is not None else []
    day = _moment(row.due_on, known[0].opens, zone) if known else None
    return _instead(as_entry(row), row, known[0], day) if day else as_entry(row)


def _folded(series: _Series, dates: Sequence[Dated], as_entry: AsEntry, kept: datetime, zone: ZoneInfo) -> list[Entry]:
    rule = widened(series.rule, series.first, [each.due_on for each in dates if each.due_on])
    there = {each.due_on: each for each in dates if each.due_on and _moment(each.due_on, series.opens, zone)}
    turns = {day: there.get(day) for day in days(until(rule, max(there, default=series.first)), series.first)}
    while turns and not next(iter(turns.values())):  # it begins with the first that there is
        turns.pop(next(iter(turns)))
    shown = {day: row for day, row in turns.items() if row and (row.holds or row.stage_at > kept)}
    rest = [row for row in dates if row.due_on not in turns or row.due_on not in there]
    found = [as_entry(row) for row in rest if row.holds or row.stage_at > kept]
    if not shown:
        return found
    whole = _whole(series, next(row for row in turns.values() if row), list(shown.values()), zone)
    entry = as_entry(whole)
    for day, row in shown.items():
        at = _moment(day, series.opens, zone) or row.begins_at
        if not _is_like(row, as_entry(row), whole, entry, at, _moment(day, series.closes, zone)):
            found.append(_instead(as_entry(row), row, series, at))
    left_out = tuple(_wall(day, series.opens, zone) for day in turns if day not in shown)
    last = _moment(max(turns), series.opens, zone)
    return [replace(entry, rule=rule, until=last, left_out=left_out), *found]


def _whole(series: _Series, first: Dated, shown: Sequence[Dated], zone: ZoneInfo) -> _Whole:
    """As it begins on the day of the first."""
    begins = _moment(first.due_on, series.opens, zone) or first.begins_at
    length = timedelta(minutes=series.closes - series.opens)
    ends = _moment(first.due_on, series.closes, zone) or begins + length
    stage, reason = series.stage, ""
    if stage not in HOLDING:
        stands = any(each.holds for each in shown)
        stage, reason = (Stage.approved, "") if stands else (stage, shown[-1].reason)
    plain: dict[str, Any] = {name: getattr(first, name) for name in first.__struct_fields__}
    facts: dict[str, Any] = {
        "begins_at": begins, "ends_at": ends, "purpose": series.purpose, "open_to_all": series.open_to_all,
        "stage": stage, "reason": reason, "sequence": series.sequence, "asked_at": series.asked_at,
        "stage_at": series.changed_at, "alone_at": None,
    }  # fmt: skip
    return _Whole(**plain | facts)


def _is_like(row: Dated, said: Entry, whole: _Whole, entry: Entry, begins: datetime, ends: datetime | None) -> bool:
    """The rule says all there is to say of it. Programs count how long it lasts by the clock or by the wall: both must
    come to the same."""
    if row.alone_at is not None or (row.begins_at, row.ends_at) != (begins, ends):
        return False
    if row.ends_at - row.begins_at != whole.ends_at - whole.begins_at:
        return False
    return all(getattr(said, each) == getattr(entry, each) for each in ("title", "sure", "off", "place", "words"))


def _instead(said: Entry, row: Dated, series: _Series, at: datetime) -> Entry:
    """Its number is never below that of the whole: programs pass over what seems older."""
    changed_at = max(said.changed_at, series.changed_at)
    changes = series.sequence + row.sequence
    return replace(said, thing=f"series:{series.id}", changes=changes, changed_at=changed_at, stands_for=at)


def _moment(day: date | None, minute: int, zone: ZoneInfo) -> datetime | None:
    """None where nobody could say which."""
    try:
        return moment_of(day, minute, zone) if day else None
    except Refusal:
        return None


def _wall(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone) + timedelta(minutes=minute)
