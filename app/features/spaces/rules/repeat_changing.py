"""A booking is moved: this one alone, this and those that follow it, or all that are to come.

One that is moved by itself goes its own way from then on. What follows a day becomes a repeat of its own, as calendars
have it; all that is to come stays the same repeat. New hours or more people ask a manager anew, where the first did.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.db import writing
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.features.spaces.rules.booking import TRIES, is_at_once, the_zone
from app.features.spaces.rules.deciding import DONE
from app.features.spaces.rules.finding import Free
from app.features.spaces.rules.fitting import Wish, moments, must_be_ahead, must_suit
from app.features.spaces.rules.managers import may_see
from app.features.spaces.rules.planning import Choices, DatesTaken, Plan, plan
from app.features.spaces.rules.reach import Booked, Room, booking_of, held_booking, space_of
from app.features.spaces.rules.repeat_moving import move_all, move_one
from app.features.spaces.rules.repeat_wish import wish_like
from app.features.spaces.rules.repeating import Due
from app.features.spaces.rules.series import closes_of, dates_of, held_series, wish_on
from app.features.spaces.tables import Stage
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.slots import Faster
from app.kit.words import say


class Reach(StrEnum):
    """Which dates a change means."""

    this = "this"
    following = "following"
    all = "all"


class Change(Struct, frozen=True):
    """What shall be otherwise; `day` moves one date alone."""

    day: date
    opens: int
    closes: int
    people: int
    purpose: str
    open_to_all: bool = False
    last: date | None = None


class _Meant(Struct):
    """The dates that are changed, the room, and the wish they shall all be like."""

    booked: Booked
    dates: list[Booked]
    room: Room
    wish: Wish
    zone: ZoneInfo


async def look_over_change(
    booking_id: int, reach: Reach, change: Change, choices: Choices, *, by: Neighbour, now: datetime
) -> Plan:
    """Each of the dates before anything is moved. Raises Refusal for what is wrong with all of them."""
    return await _planned(await _meant(booking_id, reach, change, by, now), reach, choices, now)


async def change(
    booking_id: int, reach: Reach, change: Change, choices: Choices, *, by: Neighbour, now: datetime
) -> str:
    """All that was chosen, or nothing: raises DatesTaken. Gives back where to look."""
    for _ in range(TRIES):
        meant = await _meant(booking_id, reach, change, by, now)
        planned = await _planned(meant, reach, choices, now)
        if planned.unsettled:
            raise DatesTaken(planned)
        if not planned.wishes:
            raise Refusal(say("Every day is left out. At least one, please."), beside="dates")
        try:
            async with writing():
                return await _moved(meant, reach, planned, by, now)
        except Faster:
            continue  # the next look says which
    raise Taken(say("Somebody was faster. Please look again."))


async def _meant(booking_id: int, reach: Reach, change: Change, by: Neighbour, now: datetime) -> _Meant:
    only_active(by, now)
    booked = await booking_of(booking_id)
    room, zone = await space_of(booked.space), await the_zone()
    if not await may_see(by, booked, room):
        raise Missing
    if by.id not in (booked.person, booked.acted_by):
        raise NotYours(say("Whoever booked it changes it."))
    _must_be_to_come(booked, now)
    before = await wish_like(booked, zone)
    day = change.day if reach == Reach.this else before.day
    last = change.last if reach == Reach.this else None
    wish = Wish(
        day, change.opens, change.closes, last=last, people=change.people, purpose=change.purpose.strip(),
        open_to_all=change.open_to_all, version=before.version, equipment=before.equipment,
    )  # fmt: skip
    must_suit(room, wish)
    if reach == Reach.this and wish.day > before.day + timedelta(days=7):
        must_be_ahead(room, wish, today=now.astimezone(zone).date(), begins=moments(wish, zone)[0], now=now)
    return _Meant(booked, await _dates(booked, reach, now), room, wish, zone)


async def _dates(booked: Booked, reach: Reach, now: datetime) -> list[Booked]:
    """Those that were changed by themselves keep their hours."""
    if reach == Reach.this or booked.series is None or booked.apart or booked.due_on is None:
        return [booked]
    ahead = [each for each in await dates_of(booked.series) if each.holds and not each.apart and each.begins_at > now]
    if reach == Reach.all:
        return ahead
    return [each for each in ahead if each.due_on is not None and each.due_on >= booked.due_on]


async def _planned(meant: _Meant, reach: Reach, choices: Choices, now: datetime) -> Plan:
    alone = len(meant.dates) == 1 and meant.dates[0].id == meant.booked.id
    dues = [Due(each.due_on or meant.wish.day) for each in meant.dates]
    if alone and reach == Reach.this:
        there = Free(meant.wish.day, meant.wish.opens, closes_of(meant.wish))
        choices = {dues[0].day: there} | dict(choices)
    own = {each.owner for each in meant.dates}
    return await plan(
        meant.room, wish_on(dues[0].day, meant.wish.opens, closes_of(meant.wish), meant.wish), "", dues, choices,
        household=meant.booked.household, own=own, zone=meant.zone, now=now,
    )  # fmt: skip


async def _moved(meant: _Meant, reach: Reach, planned: Plan, by: Neighbour, now: datetime) -> str:
    """Within the deed: as they stand now, or not at all."""
    at_once = await is_at_once(meant.room, meant.wish, meant.booked.person, by=by, now=now)
    if reach == Reach.this or meant.booked.series is None or meant.booked.apart:
        booked = await held_booking(meant.booked.id)
        _must_stand([meant.booked], [booked])
        return await move_one(booked, meant.room, planned, at_once=at_once, zone=meant.zone, by=by, now=now)
    series, dates = await held_series(meant.booked.series)
    _must_stand(meant.dates, dates)
    ids = {each.id for each in meant.dates}
    return await move_all(
        series, [each for each in dates if each.id in ids], dates, meant.room, meant.wish, planned,
        at_once=at_once, zone=meant.zone, by=by, now=now,
    )  # fmt: skip


def _must_stand(before: list[Booked], now: list[Booked]) -> None:
    """As they were looked at: whoever was faster with one of them made it something else."""
    known: dict[int, Any] = {each.id: (each.stage, each.begins_at, each.ends_at, each.sequence) for each in now}
    if any(known.get(each.id) != (each.stage, each.begins_at, each.ends_at, each.sequence) for each in before):
        raise Taken(say("Somebody was faster. Please look again."))


def _must_be_to_come(booked: Booked, now: datetime) -> None:
    if not booked.holds:
        raise Taken(DONE[Stage(booked.stage)])
    if booked.begins_at <= now:
        raise Refusal(say("It has begun. Nothing can be changed any more."))
