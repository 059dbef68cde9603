"""Shared rooms of the demo, and who has them when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from app.features.community import rules as community
from app.features.demo.needs import Happening
from app.features.demo.pictures import a_wall_of_books
from app.features.people import rules as people
from app.features.spaces import rules as spaces
from app.features.spaces.rules import Every, Facts, Repeat, Stretch, Wish
from app.features.spaces.tables import Stage
from app.kit.refusals import Refusal

Texts = dict[str, str]


@dataclass(frozen=True)
class Booked:
    """In so many days (from today), from hour to hour; `weeks` is how often it comes again."""

    days: int
    hours: tuple[int, int]
    purpose: str
    by: str
    people: int = 6
    open_to_all: bool = False
    approved: bool = True
    weeks: int = 0


@dataclass(frozen=True)
class Furnished:
    facts: Facts
    hours: tuple[int, int]
    rules: Texts = field(default_factory=dict)
    equipment: tuple[tuple[Texts, int], ...] = ()
    booked: tuple[Booked, ...] = ()
    closed_on: tuple[int, ...] = ()
    shows: str = ""


@dataclass(frozen=True)
class Rooms:
    manager: str = ""
    spaces: tuple[Furnished, ...] = ()


async def open_rooms(rooms: Rooms, ids: Mapping[str, int], now: datetime) -> list[Happening]:
    """The rooms stand at once; what is booked in them happened yesterday."""
    happened: list[Happening] = []
    for each in rooms.spaces:
        by = await people.neighbour(ids[rooms.manager])
        room = await spaces.add_space(each.facts, by=by, now=now - timedelta(days=90))
        opens, closes = (hour * 60 for hour in each.hours)
        week = {day: [Stretch(opens, closes)] for day in range(7) if day not in each.closed_on}
        await spaces.open_on_weekdays(room.id, week, by=by, now=now)
        if each.rules:
            await spaces.write_house_rules(room.id, each.rules, by=by, now=now)
        if each.shows:
            await spaces.add_photo(room.id, a_wall_of_books(), each.shows, by=by, now=now)
        for names, units in each.equipment:
            await spaces.add_equipment(room.id, names, units, everywhere=False, by=by, now=now)
        happened += [(now - timedelta(hours=20), partial(_book, room.id, one, rooms, ids, now)) for one in each.booked]
    return happened


async def _book(space: int, each: Booked, rooms: Rooms, ids: Mapping[str, int], now: datetime) -> None:
    here = await community.here()
    if here is None:
        return
    day = now.astimezone(here.clock).date() + timedelta(days=each.days)
    opens, closes = (hour * 60 for hour in each.hours)
    found = await spaces.house_rules(space)
    wish = Wish(
        day, opens, closes, people=each.people, purpose=each.purpose, open_to_all=each.open_to_all,
        version=found.version if found else 0,
    )  # fmt: skip
    at = now - timedelta(hours=20)
    if each.weeks:
        return await _again(space, each, wish, rooms, ids, at)
    try:
        booked = await spaces.book(space, wish, by=await people.neighbour(ids[each.by]), now=at)
    except Refusal:
        return  # closed on that weekday: a day later in the week stands in the list as well
    if each.approved and booked.stage == Stage.pending:
        await spaces.approve(booked.id, by=await people.neighbour(ids[rooms.manager]), now=at + timedelta(hours=2))


async def _again(space: int, each: Booked, wish: Wish, rooms: Rooms, ids: Mapping[str, int], at: datetime) -> None:
    """What is taken or closed is moved to what is offered first."""
    by, weekly = await people.neighbour(ids[each.by]), Repeat(Every.week, times=each.weeks)
    try:
        planned = await spaces.look_over(space, wish, weekly, {}, by=by, now=at)
        choices = {turn.due: next(iter(turn.instead), None) for turn in planned.unsettled}
        series = await spaces.repeat(space, wish, weekly, choices, by=by, now=at)
    except Refusal:
        return
    if each.approved and series.stage == Stage.pending:
        manager = await people.neighbour(ids[rooms.manager])
        await spaces.approve_series(series.id, by=manager, now=at + timedelta(hours=2))
