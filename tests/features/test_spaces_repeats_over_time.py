"""Two years of repeats in two zones: asked for, answered, moved, given back, confirmed or forgotten, beside bookings
that come once, waiting lists, coordinators who take the room, and a community that finds that it has the wrong zone.

After each deed: nobody has what somebody else has, no time is lost to nobody; and what became of a
repeat was told once.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db import DB
from app.features.notices.tables import Notice
from app.features.spaces import jobs, rules
from app.features.spaces.rules import Change, DatesTaken, Every, Reach, Repeat, Wish
from app.features.spaces.series import Series, SeriesStep
from app.features.spaces.tables import Booking, Did, Policy, Stage
from app.kit import later
from tests.features.test_spaces_over_time import (
    BEGINNING,
    BOOK,
    DECIDE,
    FRESH,
    GIVE,
    LIVES,
    MEET,
    NTH,
    ROOM,
    TAKE,
    TWO_YEARS,
    WAIT,
    WHO,
    ZONE,
    Life,
    must_have_been_told_once,
    must_hold,
    nothing_is_left_open,
)
from tests.makers import a_community
from tests.spacing import a_manager, a_neighbour, a_space, some_equipment

MOST = LIVES or (25 if DB.engine_type == "sqlite" else 4)
EVERY = st.sampled_from((Every.week, Every.week, Every.month, Every.nth))
AGAIN = st.tuples(
    st.just("again"), ROOM, WHO, st.integers(1, 14), st.integers(18, 36), st.integers(1, 6), EVERY,
    st.integers(1, 2), st.integers(2, 14), st.booleans(),
)  # fmt: skip
ANSWER = st.tuples(st.sampled_from(("yes_to_all", "yes_to_all", "no_to_all")), NTH)
CHANGE = st.tuples(
    st.just("change"), st.integers(0, 7), st.sampled_from(list(Reach)), st.integers(18, 36), st.integers(1, 6), NTH
)
REST = st.tuples(st.just("rest"), st.integers(0, 7), st.booleans(), st.booleans())
UNDO = st.tuples(st.just("undo"), NTH)
STILL = st.tuples(st.just("still"), NTH)
WEEKS = st.tuples(st.just("weeks"), st.sampled_from((1, 3, 8, 13)))
TOLD = (Did.approved, Did.refused, Did.expired, Did.released)


class LifeOfRepeats(Life):
    async def again(self, room, who, days, half, length, every, interval, times, film):
        """What cannot be had is moved to what is offered first, or left out."""
        day = self.now.astimezone(self.zone).date() + timedelta(days=days)
        equipment = {self.projector.id: 1} if film else {}
        wish = Wish(day, half * 30, (half + length) * 30, people=4, purpose="A club", equipment=equipment)
        repeat = Repeat(every, interval, times=times)
        planned = await rules.look_over(self.rooms[room].id, wish, repeat, {}, by=self.who[who], now=self.now)
        choices = chosen(planned)
        await rules.repeat(self.rooms[room].id, wish, repeat, choices, by=self.who[who], now=self.now)

    async def yes_to_all(self, nth):
        if (id := await self.some(Series, nth)) is not None:
            await rules.approve_series(id, by=self.manager, now=self.now)

    async def no_to_all(self, nth):
        if (id := await self.some(Series, nth)) is not None:
            await rules.refuse_series(id, "Not that day", by=self.manager, now=self.now)

    async def change(self, nth, reach, half, length, days):
        id = await self.one_of_a_repeat(nth)
        if id is not None:
            booked = await rules.booking_of(id)
            day = booked.begins_at.astimezone(self.zone).date() + timedelta(days=days)
            moved = Change(day, half * 30, (half + length) * 30, 4, "A club")
            who = next(each for each in self.who if each.id == booked.person)
            try:
                await rules.change(id, reach, moved, {}, by=who, now=self.now)
            except DatesTaken as taken:
                await rules.change(id, reach, moved, chosen(taken.plan), by=who, now=self.now)

    async def rest(self, nth, from_here, by_manager):
        id = await self.one_of_a_repeat(nth)
        if id is not None:
            booked = await rules.booking_of(id)
            who = next(each for each in self.who if each.id == booked.person)
            since = booked.due_on if from_here else None
            await rules.cancel_series(booked.series, since=since, by=who, now=self.now)

    async def undo(self, nth):
        if (id := await self.some(Series, nth)) is not None:
            await rules.return_series(id, by=await self.its_booker(id), now=self.now)

    async def still(self, nth):
        if (id := await self.some(Series, nth)) is not None:
            await rules.confirm(id, by=await self.its_booker(id), now=self.now)

    async def its_booker(self, series):
        found = await rules.series_of(series)
        return next(each for each in self.who if each.id == found.person)

    async def one_of_a_repeat(self, nth):
        """Of the next that are to come."""
        there = Booking.series.is_not_null() & (Booking.begins_at > self.now)
        rows = await Booking.select(Booking.id).where(there).order_by(Booking.begins_at, Booking.id).limit(8)
        return rows[nth]["id"] if nth < len(rows) else None

    async def weeks(self, many):
        for _ in range(many * 7):
            self.now += timedelta(days=1)
            while await later.run_due(jobs.JOBS, self.now):
                pass


def chosen(plan):
    return {turn.due: turn.instead[0] if turn.instead else None for turn in plan.unsettled}


async def no_date_is_lost(step) -> None:
    """A repeat has one booking a date, and what waits for its answer can be answered."""
    rows = await Booking.select(Booking.series, Booking.stage, Booking.apart).where(Booking.series.is_not_null())
    stages = {row["id"]: row["stage"] for row in await Series.select(Series.id, Series.stage)}
    waiting = {row["series"] for row in rows if row["stage"] == Stage.pending and not row["apart"]}
    assert all(stages[series] == Stage.pending for series in waiting), step


async def whoever_repeats_was_asked_again(life: Life) -> None:
    """What lasts well beyond eight weeks does not go on unasked; the clock ticks daily."""
    for row in await Series.select().where((Series.stage == Stage.approved) & Series.asked_again_at.is_null()):
        holds = (Booking.series == row["id"]) & Booking.stage.is_in(["pending", "approved"])
        last = await Booking.select(Booking.begins_at).where(holds).order_by(Booking.begins_at, ascending=False).first()
        if last and last["begins_at"] > row["confirmed_at"] + timedelta(weeks=10):
            assert life.now < row["confirmed_at"] + timedelta(weeks=7, days=2), row


async def each_outcome_of_a_repeat_was_told_once() -> None:
    for row in await Series.select(Series.id, Series.person, Series.asked_again_at):
        steps = await SeriesStep.select(SeriesStep.did).where(SeriesStep.series == row["id"])
        outcomes = sum(each["did"] in TOLD for each in steps) + (row["asked_again_at"] is not None)
        own = (Notice.person == row["person"]) & (Notice.path == f"/bookings/repeats/{row['id']}")
        assert await Notice.count().where(own) == outcomes, (row, steps)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Helsinki"])
@given(
    beginning=BEGINNING,
    steps=st.lists(
        st.one_of(
            AGAIN, AGAIN, ANSWER, CHANGE, CHANGE, REST, UNDO, STILL, BOOK, DECIDE, TAKE, GIVE, WEEKS, WAIT, ZONE, MEET
        ),
        min_size=10,
        max_size=25,
    ),
)
@settings(max_examples=MOST, deadline=None, suppress_health_check=FRESH, derandomize=not LIVES)
async def test_repeats_never_take_what_another_has_nor_lose_what_is_theirs(sweep, zone, beginning, steps):
    await sweep()
    await a_community(zone=zone)
    manager, projector = await a_manager(), await some_equipment()
    rooms = [await a_space(gap=30, weekly=3, release=30), await a_space(policy=Policy.at_once, hold_hours=20)]
    life = LifeOfRepeats(ZoneInfo(zone), rooms, [await a_neighbour() for _ in range(3)], manager, projector)
    life.now += timedelta(days=beginning)
    until = life.now + TWO_YEARS
    for step in steps:
        await life.did(*step)
        await must_hold(life, step)
        await no_date_is_lost(step)
        await whoever_repeats_was_asked_again(life)
    await life.to_the_end(max(until, life.now))
    await must_hold(life, "the end")
    await no_date_is_lost("the end")
    await must_have_been_told_once(life)
    await nothing_is_left_open(life, until)
    await each_outcome_of_a_repeat_was_told_once()
