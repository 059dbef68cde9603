"""When a space is open: its weekdays, and the days that are not like their weekday. Minutes of the local day."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.people.rules import Neighbour
from app.features.spaces.rules.managers import managed
from app.features.spaces.rules.times import A_DAY
from app.features.spaces.tables import Opening, OpeningDay
from app.kit import audit
from app.kit.refusals import Refusal
from app.kit.words import Sentence, say, written


class Stretch(Struct, frozen=True):
    """From one minute of a local day to another; 1440 is its end."""

    opens: int
    closes: int


class Special(Struct, frozen=True):
    day: date
    opens: int | None
    closes: int | None
    words: str

    @property
    def why(self) -> Sentence:
        return written(json.loads(self.words))


class Hours(Struct):
    """All that is known of when a space is open."""

    weekdays: dict[int, list[Stretch]]
    special: dict[date, Special]

    def on(self, day: date) -> list[Stretch]:
        """In order. What ends at one minute and goes on at the same is one stretch."""
        special = self.special.get(day)
        if special is None:
            return self.weekdays.get(day.weekday(), [])
        if special.opens is None or special.closes is None:
            return []
        return [Stretch(special.opens, special.closes)]

    def cover(self, day: date, opens: int, last: date, closes: int) -> bool:
        """Is it open all the time between? A stretch over midnight asks each of its days."""
        for nth in range((last - day).days + 1):
            there = day + timedelta(days=nth)
            begin, end = opens if nth == 0 else 0, closes if there == last else A_DAY
            if begin < end and not any(each.opens <= begin and end <= each.closes for each in self.on(there)):
                return False
        return True


class _Opening(Struct):
    space: int
    weekday: int
    opens: int
    closes: int


class _Special(Special, frozen=True):
    space: int


_AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS integer[]))"}
_OPENINGS = "SELECT space, weekday, opens, closes FROM space_openings WHERE space among ORDER BY space, weekday, opens"
_SPECIAL = (
    "SELECT space, day, opens, closes, words FROM space_opening_days WHERE space among AND day >= {1} ORDER BY day"
)
_openings = prepared_sql({engine: _OPENINGS.replace("among", among) for engine, among in _AMONG.items()}, _Opening)
_special = prepared_sql({engine: _SPECIAL.replace("among", among) for engine, among in _AMONG.items()}, _Special)


async def hours_of(space_id: int, *, since: date) -> Hours:
    """Its weekdays, and the special days from that one on."""
    return (await hours_of_all([space_id], since=since))[space_id]


async def hours_of_all(space_ids: Sequence[int], *, since: date) -> dict[int, Hours]:
    """By space; two queries, however many there are."""
    found = {id: Hours({}, {}) for id in space_ids}
    for opening in await _openings(list(space_ids)):
        week = found[opening.space].weekdays.setdefault(opening.weekday, [])
        week.append(Stretch(opening.opens, opening.closes))
    for special in await _special(list(space_ids), since):
        found[special.space].special[special.day] = special
    return found


async def open_on_weekdays(
    space_id: int, weekdays: Mapping[int, Sequence[Stretch]], *, by: Neighbour, now: datetime
) -> None:
    """The whole week anew. What was booked before stays booked."""
    for each in weekdays.values():
        _must_be_hours(each)
    async with writing():
        space = await managed(space_id, by=by)
        await Opening.delete().where(Opening.space == space.id)
        rows = [
            Opening(space=space.id, weekday=weekday, opens=each.opens, closes=each.closes)
            for weekday, stretches in sorted(weekdays.items())
            for each in _joined(stretches)
        ]
        if rows:
            await Opening.insert(*rows)
        await audit.note("space hours changed", who=by.id, about=f"space:{space.id}", now=now)


async def open_on_day(
    space_id: int, day: date, hours: Stretch | None, words: dict[str, str], *, by: Neighbour, now: datetime
) -> None:
    """That day alone: other hours, or (none) closed."""
    if hours is not None:
        _must_be_hours([hours])
    async with writing():
        space = await managed(space_id, by=by)
        await OpeningDay.delete().where((OpeningDay.space == space.id) & (OpeningDay.day == day))
        opens, closes = (hours.opens, hours.closes) if hours else (None, None)
        await OpeningDay(space=space.id, day=day, opens=opens, closes=closes, words=json.dumps(words)).save()
        await audit.note("space hours changed", who=by.id, about=f"space:{space.id}", now=now)


async def like_its_weekday(space_id: int, day: date, *, by: Neighbour, now: datetime) -> None:
    async with writing():
        space = await managed(space_id, by=by)
        await OpeningDay.delete().where((OpeningDay.space == space.id) & (OpeningDay.day == day))
        await audit.note("space hours changed", who=by.id, about=f"space:{space.id}", now=now)


def _must_be_hours(stretches: Sequence[Stretch]) -> None:
    ordered = sorted(stretches, key=lambda each: each.opens)
    for each in ordered:
        if not 0 <= each.opens < each.closes <= A_DAY:
            raise Refusal(say("It has to open before it closes, between 0:00 and 24:00."), beside="hours")
    for one, next_one in pairwise(ordered):
        if next_one.opens < one.closes:
            raise Refusal(say("Two of these hours overlap."), beside="hours")


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for each in sorted(stretches, key=lambda one: one.opens):
        if joined and joined[-1].closes == each.opens:
            joined[-1] = Stretch(joined[-1].opens, each.closes)
        else:
            joined.append(each)
    return joined
