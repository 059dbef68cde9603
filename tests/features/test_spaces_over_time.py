"""Two rooms over two years, in two zones, whatever neighbours, managers, coordinators and the clock do with them; now
and then the community finds that it has the wrong zone.

After each deed: nobody has what somebody else has, no time is lost to nobody, and each outcome was told once. What each
holds is reckoned here from the bookings' own times, with none of the rules.
"""

import os
from collections import Counter
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import house
from app.db import DB
from app.features.community import rules as community
from app.features.notices.tables import Notice
from app.features.spaces import jobs, rules
from app.features.spaces.rules import Wish
from app.features.spaces.tables import BlockOut, BookedEquipment, Booking, BookingStep, Did, Policy
from app.kit import later
from app.kit.refusals import Refusal
from app.kit.tables import Later, Slot
from app.kit.tables import Waiting as Line
from tests.makers import NOON, a_community
from tests.spacing import a_manager, a_neighbour, a_space, some_equipment

SHANGHAI, HELSINKI = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Helsinki")
TWO_YEARS = timedelta(days=730)
LIVES = int(os.environ.get("KITH_TEST_LIVES", "0"))  # more of them than in every run
MOST = LIVES or (30 if DB.engine_type == "sqlite" else 8)
HOLDING = ("pending", "approved")
ROOM, WHO, NTH = st.sampled_from((1, 1, 1, 0)), st.integers(0, 2), st.integers(0, 3)
BOOK = st.tuples(st.just("book"), ROOM, WHO, st.integers(1, 20), st.integers(18, 38), st.integers(1, 6), st.booleans())
WAIT = st.tuples(st.just("wait"), ROOM, WHO, NTH)
DECIDE = st.tuples(st.sampled_from(("approve", "cancel", "cancel", "refuse", "come")), NTH)
OFFER = st.tuples(st.sampled_from(("accept", "leave")), NTH)
TAKE = st.tuples(st.just("take_over"), ROOM, st.integers(1, 20), st.integers(1, 30))
GIVE = st.tuples(st.just("give_back"))
LINE = st.tuples(st.just("line"), ROOM, st.integers(1, 6), st.integers(18, 34), st.sampled_from((1, 5, 9)))
ZONE = st.tuples(st.just("another_zone"))
MEET = st.tuples(st.just("meet"), ROOM, WHO, st.integers(2, 9), st.integers(18, 34))
BEGINNING = st.sampled_from((0, 150, 300))  # spring, before the clocks go back, before they go forward
TIME = st.tuples(st.just("hours"), st.sampled_from((1, 5, 30, 100)))

OVERLAPS = (
    "SELECT count(*) AS found FROM bookings a JOIN bookings b ON a.space = b.space AND a.id < b.id "
    "JOIN spaces ON spaces.id = a.space AND a.begins_at < b.ends_at AND b.begins_at < a.ends_at "
    "WHERE a.stage IN ('pending', 'approved') AND b.stage IN ('pending', 'approved')"
)
BLOCKED = (
    "SELECT count(*) AS found FROM bookings JOIN space_block_outs ON space_block_outs.space = bookings.space "
    "AND space_block_outs.ended_at IS NULL AND bookings.begins_at < space_block_outs.ends_at "
    "AND space_block_outs.begins_at < bookings.ends_at WHERE bookings.stage IN ('pending', 'approved')"
)
FRESH = [HealthCheck.function_scoped_fixture]  # each example sweeps the house itself
OUTCOMES = (Did.approved, Did.refused, Did.expired, Did.unused, Did.blocked, Did.restored)


TIMES = (Booking.id, Booking.person, Booking.begins_at, Booking.ends_at, Booking.stage)


class Life:
    """The same deeds as people do them; what is refused changes nothing."""

    def __init__(self, zone, rooms, who, manager, projector):
        self.zone, self.rooms, self.who, self.manager, self.projector = zone, rooms, who, manager, projector
        self.now, self.taken, self.zones = NOON, 0, 0
        self.told_of_zones: Counter[int] = Counter()

    async def book(self, room, who, days, half, length, film):
        day = self.now.astimezone(self.zone).date() + timedelta(days=days)
        equipment = {self.projector.id: 1} if film else {}
        wish = Wish(day, half * 30, (half + length) * 30, people=4, purpose="A club", equipment=equipment)
        await rules.book(self.rooms[room].id, wish, by=self.who[who], now=self.now)

    async def wait(self, room, who, nth):
        booked = await self.some(Booking, nth, Booking.space == self.rooms[room].id)
        if booked is not None:
            day, opens, last, closes = rules.from_to(await rules.booking_of(booked), self.zone)
            wish = Wish(day, opens, closes, last=last, people=4, purpose="A club too")
            await rules.wait_for(self.rooms[room].id, wish, by=self.who[who], now=self.now)

    async def line(self, room, days, half, hours):
        """Two wait for what a third gives back; nobody says yes, so it goes on and then is anybody's."""
        await self.book(room, 0, days, half, 2, False)
        booked = await self.some(Booking, 0, Booking.space == self.rooms[room].id)
        for who in (1, 2):
            await self.wait(room, who, 0)
        await rules.cancel(booked, by=self.who[0], now=self.now)
        await self.hours(hours)

    async def some(self, table, nth, where=None):
        query = table.select(table.id).order_by(table.id, ascending=False).limit(8)
        rows = await (query.where(where) if where is not None else query)
        return rows[nth]["id"] if nth < len(rows) else None

    async def approve(self, nth):
        if (id := await self.some(Booking, nth)) is not None:
            await rules.approve(id, by=self.manager, now=self.now)

    async def refuse(self, nth):
        if (id := await self.some(Booking, nth)) is not None:
            await rules.refuse(id, "Not that day", by=self.manager, now=self.now)

    async def cancel(self, nth):
        if (id := await self.some(Booking, nth)) is not None:
            booked = await rules.booking_of(id)
            await rules.cancel(id, by=next(each for each in self.who if each.id == booked.person), now=self.now)

    async def come(self, nth):
        if (id := await self.some(Booking, nth)) is not None:
            await rules.come(id, by=self.manager, now=self.now)

    async def accept(self, nth):
        if (id := await self.some(Line, nth)) is not None:
            line = await Line.objects().get(Line.id == id)
            await rules.accept(id, by=next(each for each in self.who if each.id == line.person), now=self.now)

    async def leave(self, nth):
        if (id := await self.some(Line, nth)) is not None:
            line = await Line.objects().get(Line.id == id)
            await rules.leave(id, by=next(each for each in self.who if each.id == line.person), now=self.now)

    async def take_over(self, room, days, hours):
        begins = self.now + timedelta(days=days)
        self.taken += 1
        await rules.take_over(
            self.rooms[room].id, begins, begins + timedelta(hours=hours), {"en": "A shelter"},
            origin=f"alert:{self.taken}", by=self.manager.id, now=self.now,
        )  # fmt: skip

    async def give_back(self):
        await rules.give_back_all(f"alert:{self.taken}", by=self.manager.id, now=self.now)

    async def another_zone(self):
        """Each who has something ahead is told once, and it stays at its hour; only what meets something that stayed
        at its moment falls."""
        before, there = self.zone, (Booking.begins_at > self.now) & Booking.stage.is_in(HOLDING)
        ahead = await Booking.select(*TIMES).where(there)
        self.zone = HELSINKI if self.zone == SHANGHAI else SHANGHAI
        self.zones += 1
        here = await community.here()
        await community.change(
            name=here.name, languages=list(here.languages), zone=self.zone.key, region=here.region,
            area_kinds=list(here.area_kinds), by=self.manager.id, now=self.now, hours=house.KEEP_THE_HOURS,
        )  # fmt: skip
        after = {row["id"]: row for row in await Booking.select(*TIMES)}
        for was in ahead:
            now = after[was["id"]]
            for end in ("begins_at", "ends_at"):
                assert wall(now[end], self.zone) == wall(was[end], before), (was, now)
            assert now["stage"] == was["stage"] or await self.meets(now, {row["id"] for row in ahead}), (was, now)
        self.told_of_zones.update({row["person"] for row in ahead if after[row["id"]]["stage"] in HOLDING})

    async def meet(self, room, who, days, half):
        """The other zone's clock brings a booking to where a coordinator is already."""
        await self.book(room, who, days, half, 2, False)
        day = self.now.astimezone(self.zone).date() + timedelta(days=days)
        other = HELSINKI if self.zone == SHANGHAI else SHANGHAI
        begins = datetime.combine(day, time(half // 2, half % 2 * 30), other)
        self.taken += 1
        await rules.take_over(
            self.rooms[room].id, begins, begins + timedelta(hours=1), {"en": "A shelter"},
            origin=f"alert:{self.taken}", by=self.manager.id, now=self.now,
        )  # fmt: skip
        await self.another_zone()

    async def meets(self, row, ahead):
        """Something that did not move: a booking that has begun, or what a coordinator took."""
        long, there = timedelta(hours=1), BlockOut.ended_at.is_null()
        begun = [each for each in await Booking.select(*TIMES) if each["id"] not in ahead and each["stage"] in HOLDING]
        stays = begun + await BlockOut.select(BlockOut.begins_at, BlockOut.ends_at).where(there)
        return any(
            each["begins_at"] < row["ends_at"] + long and row["begins_at"] < each["ends_at"] + long for each in stays
        )

    async def to_the_end(self, until):
        """Nobody does anything any more, and the clock goes on to the end of the two years."""
        while row := await Later.select(Later.run_at).where(Later.done_at.is_null()).order_by(Later.run_at).first():
            if row["run_at"] > until:
                break
            self.now = max(self.now, row["run_at"])
            await later.run_due(jobs.JOBS, self.now)
        self.now = max(self.now, until)

    async def hours(self, many):
        for _ in range(many):
            self.now += timedelta(hours=1)
            while await later.run_due(jobs.JOBS, self.now):
                pass

    async def did(self, deed, *words):
        try:
            await getattr(self, deed)(*words)
        except Refusal:
            return


async def found(sql: str) -> int:
    [row] = await Booking.raw(sql)
    return int(row["found"])


def wall(at, zone):
    return at.astimezone(zone).replace(tzinfo=None)


def touched(begins, ends) -> list[int]:
    """Every quarter of an hour, counted from 1970."""
    return list(range(int(begins.timestamp()) // 900, -(-int(ends.timestamp()) // 900)))


async def what_holds(life: Life) -> Counter[tuple[str, str, int]]:
    """Who should have how many units of what in which quarters: bookings with their pause and their equipment, offers,
    and of each household's week what is ahead."""
    expected: Counter[tuple[str, str, int]] = Counter()
    things: dict[int, list[dict]] = {}
    for row in await BookedEquipment.select():
        things.setdefault(row["booking"], []).append(row)
    for row in await Booking.select().where(Booking.stage.is_in(HOLDING)):
        room, owner = next(room for room in life.rooms if room.id == row["space"]), f"booking:{row['id']}"
        until = row["ends_at"] + timedelta(minutes=room.gap)
        expected.update((owner, f"space:{room.id}", at) for at in touched(row["begins_at"], until))
        for each in things.get(row["id"], []):
            for at in touched(row["begins_at"], row["ends_at"]):
                expected[owner, f"equipment:{each['equipment']}", at] += each["units"]
        if room.weekly and row["begins_at"] > life.now:
            day = wall(row["begins_at"], life.zone).date()
            expected[owner, f"week:{room.id}:{row['household']}", (day - timedelta(days=day.weekday())).toordinal()] = 1
    for row in await Line.select().where(Line.ended_at.is_null() & Line.offered_until.is_not_null()):
        expected.update((f"waiting:{row['id']}", row["queue"], at) for at in range(row["first"], row["last"] + 1))
    return expected


async def must_hold(life: Life, step) -> None:
    assert await found(OVERLAPS) == await found(BLOCKED) == 0, step
    blocks = {f"block:{row['id']}" for row in await BlockOut.select(BlockOut.id).where(BlockOut.ended_at.is_null())}
    begun = {f"booking:{row['id']}" for row in await Booking.select(Booking.id).where(Booking.begins_at <= life.now)}
    held: Counter[tuple[str, str, int]] = Counter()
    for row in await Slot.select():
        if row["owner"] in blocks or (row["thing"].startswith("week:") and row["owner"] in begun):
            continue
        held[row["owner"], row["thing"], row["slot"]] += 1
    assert held == await what_holds(life), step


async def must_have_been_told_once(life: Life) -> None:
    """A clock that came hours too late says of a room nobody came to that it was released, and rings nobody for it."""
    for row in await Booking.select(Booking.id, Booking.person, Booking.ends_at):
        steps = await BookingStep.select(BookingStep.did, BookingStep.at).where(BookingStep.booking == row["id"])
        late = row["ends_at"] + timedelta(hours=1)
        outcomes = sum(each["did"] in OUTCOMES and (each["did"] != Did.unused or each["at"] < late) for each in steps)
        reminders = sum(each["did"] == Did.reminded for each in steps)
        own = (Notice.person == row["person"]) & (Notice.path == f"/bookings/{row['id']}")
        told = [each["sentence"] for each in await Notice.select(Notice.sentence).where(own).order_by(Notice.id)]
        assert len(told) == outcomes + reminders, (row, [each["did"] for each in steps], told)
    rows = await Notice.select(Notice.person, Notice.sentence).where(Notice.path == "/bookings")
    told = Counter(row["person"] for row in rows if "What you booked stays at its hour" in row["sentence"])
    assert told == life.told_of_zones


async def nothing_is_left_open(life: Life, until) -> None:
    """Whoever asked before the end has an answer, and whoever waited waits no more."""
    waiting = (Booking.stage == "pending") & (Booking.begins_at <= until)
    assert not await Booking.count().where(waiting)
    assert not await Line.count().where(Line.ended_at.is_null() & (Line.first < touched(until, until + TWO_YEARS)[0]))


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Helsinki"])
@given(
    beginning=BEGINNING,
    steps=st.lists(
        st.one_of(BOOK, BOOK, WAIT, WAIT, LINE, DECIDE, DECIDE, OFFER, OFFER, TAKE, GIVE, TIME, ZONE, MEET),
        min_size=12,
        max_size=35,
    ),
)
@settings(max_examples=MOST, deadline=None, suppress_health_check=FRESH, derandomize=not LIVES)
async def test_nobody_has_what_another_has_and_nothing_is_lost_to_nobody(sweep, zone, beginning, steps):
    await sweep()
    await a_community(zone=zone)
    manager, projector = await a_manager(), await some_equipment()
    rooms = [await a_space(gap=30, weekly=3, release=30), await a_space(policy=Policy.at_once, hold_hours=20)]
    who = [await a_neighbour() for _ in range(3)]
    life = Life(ZoneInfo(zone), rooms, who, manager, projector)
    life.now += timedelta(days=beginning)
    until = life.now + TWO_YEARS
    for step in steps:
        await life.did(*step)
        await must_hold(life, step)
    await life.to_the_end(until)
    await must_hold(life, "the end")
    await must_have_been_told_once(life)
    await nothing_is_left_open(life, until)
