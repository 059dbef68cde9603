"""Calendars over two years in two zones: repeats asked for, answered, moved, given back, taken over, beside bookings
that come once. After each deed, programs that know nothing of ours read exactly what stands in the rows; the calendar
changes when that does and at no other time; and no number goes back.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db import DB
from app.features.spaces import jobs, rules
from app.features.spaces.rules import Every, Repeat
from app.features.spaces.tables import BlockOut, Booking, Policy, Stage
from app.kit import calendars, later
from app.kit.languages import language
from tests.features.test_spaces_over_time import BOOK, DECIDE, FRESH, GIVE, TAKE
from tests.features.test_spaces_repeats_over_time import (
    AGAIN,
    ANSWER,
    CHANGE,
    REST,
    STILL,
    UNDO,
    WEEKS,
    LifeOfRepeats,
    chosen,
)
from tests.makers import NOON, a_community
from tests.spacing import a_manager, a_neighbour, a_space, some_equipment

MOST = 15 if DB.engine_type == "sqlite" else 5
ENGLISH = language("en")
A_DAY = st.tuples(st.just("a_day"))
ALONE = st.tuples(st.sampled_from(("cancel_one", "approve_one", "ask_one")), st.integers(0, 7))
HOLD = (Stage.pending, Stage.approved)


class LifeInCalendars(LifeOfRepeats):
    """Beside what others do: one day of each repeat is left out, and something happens to one date alone."""

    async def again(self, room, who, days, half, length, every, interval, times, film):
        day = self.now.astimezone(self.zone).date() + timedelta(days=days)
        wish = rules.Wish(day, half * 30, (half + length) * 30, people=4, purpose="A club")
        repeat = Repeat(every, interval, times=times)
        planned = await rules.look_over(self.rooms[room].id, wish, repeat, {}, by=self.who[who], now=self.now)
        left_out = {each.due: None for each in planned.turns[2:3] if film}
        choices = chosen(planned) | left_out
        await rules.repeat(self.rooms[room].id, wish, repeat, choices, by=self.who[who], now=self.now)

    async def cancel_one(self, nth):
        if (id := await self.one_of_a_repeat(nth)) is not None:
            await rules.cancel(id, "Not that day", by=self.manager, now=self.now)

    async def approve_one(self, nth):
        if (id := await self.one_of_a_repeat(nth)) is not None:
            await rules.approve(id, by=self.manager, now=self.now)

    async def ask_one(self, nth):
        """A question changes no calendar."""
        if (id := await self.some(Booking, nth)) is not None:
            await rules.ask_booker(id, "For whom?", by=self.manager, now=self.now)

    async def a_day(self):
        """What time does, and not that it went by."""
        while await later.run_due(jobs.JOBS, self.now):
            pass

    async def calendars(self) -> list[bytes]:
        """Of each of them, and of the room that is public."""
        own = [await rules.in_calendar(each, now=self.now) for each in self.who]
        _, public = await rules.of_space(self.rooms[1].slug, now=self.now)
        return [
            calendars.calendar(each, name="Ours", zone=self.zone, tongue=ENGLISH, base_url="https://kith.example")
            for each in (*own, public)
        ]


def today_of(life) -> datetime:
    return life.now.replace(hour=0, minute=0, second=0, microsecond=0)


async def rows_of(life) -> list[list[dict]]:
    """The bookings that each of those calendars shows, as the rows have them."""
    today = today_of(life)
    rows = await Booking.select().order_by(Booking.id)
    kept = [row for row in rows if row["stage"] in HOLD or row["stage_at"] > today - timedelta(weeks=6)]
    own = [[row for row in kept if row["person"] == each.id] for each in life.who]
    return [*own, [row for row in kept if row["space"] == life.rooms[1].id]]


def facts_of(rows) -> list[tuple]:
    seen = ("id", "begins_at", "ends_at", "stage", "reason", "purpose", "sequence")
    return [tuple(row[each] for each in seen) for row in rows]


async def block_outs_of(life) -> list[dict]:
    """Of the public room, those that are shown."""
    today = today_of(life)
    rows = await BlockOut.select().where(BlockOut.space == life.rooms[1].id).order_by(BlockOut.id)
    there = [row for row in rows if row["ends_at"] > today - timedelta(weeks=8)]
    return [row for row in there if row["ended_at"] is None or row["ended_at"] > today - timedelta(weeks=6)]


def said_of(row, public: bool) -> tuple:
    stage = row["stage"]
    status = {Stage.approved: "CONFIRMED", Stage.pending: "TENTATIVE"}.get(stage, "CANCELLED")
    stands = rules.STANDS[stage].spoken(ENGLISH)
    words = "" if public else f"{stands}: {row['reason']}" if row["reason"] else stands
    return row["begins_at"], row["ends_at"], status, "Booked" if public else row["purpose"], words


def read_of(content: bytes, life) -> list[tuple]:
    """As a program reads it that unfolds repeats."""
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(content)).between(*window(life))
    return sorted(
        (
            event.start.astimezone(UTC),
            event.end.astimezone(UTC),
            str(event["status"]),
            str(event["summary"]).rpartition(": ")[2],
            str(event.get("description", "")),
        )
        for event in found
        if event["summary"] != "Out of use" and window(life)[0] <= event.start
    )


def window(life) -> tuple[datetime, datetime]:
    return life.now - timedelta(weeks=7), life.now + timedelta(weeks=80)


def must_count_up(content: bytes, known: dict) -> None:
    """RFC 5545, 3.8.7.4, for each thing and each moment of it; and one thing is said once for each. What stands for
    a moment is never older than the whole, which stands before it."""
    seen, whole = set(), {}
    for event in icalendar.Calendar.from_ical(content).walk("VEVENT"):
        name = str(event["uid"]), event["recurrence-id"].dt if "recurrence-id" in event else None
        assert name not in seen
        seen.add(name)
        assert event["sequence"] >= whole.get(name[0], 0), name
        whole.setdefault(name[0], event["sequence"])
        now = event["sequence"], event.start, event.end, str(event["status"])
        before = known.get(name, now)
        assert now[0] >= before[0], (name, before, now)
        assert now == before or now[0] > before[0], (name, before, now)
        known[name] = now


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Helsinki"])
@given(
    first=AGAIN,
    steps=st.lists(
        st.one_of(
            AGAIN, ANSWER, CHANGE, CHANGE, ALONE, ALONE, REST, UNDO, STILL, BOOK, DECIDE, TAKE, GIVE, WEEKS, A_DAY
        ),
        min_size=5,
        max_size=14,
    ),
    night=st.booleans(),
)
@settings(max_examples=MOST, deadline=None, suppress_health_check=FRESH, derandomize=True)
async def test_what_others_read_is_what_stands_in_the_rows_whatever_happens_to_a_repeat(
    sweep, zone, first, steps, night
):
    await sweep()
    await a_community(zone=zone)
    manager, projector = await a_manager(), await some_equipment()
    hours = rules.Stretch(0, 24 * 60)
    rooms = [await a_space(gap=30, hours=hours), await a_space(policy=Policy.at_once, public=True, hours=hours)]
    life = LifeInCalendars(ZoneInfo(zone), rooms, [await a_neighbour() for _ in range(3)], manager, projector)
    if night:
        life.now = NOON + timedelta(weeks=20)  # four weeks before the clocks of Europe go back
    known = [{} for _ in range(4)]
    for deed, *words in (first, *steps):
        if deed == "a_day":
            life.now += timedelta(days=1)
        if night and deed == "again":
            words[2:4] = 6 - life.now.weekday() + 7, 5 + words[3] % 3  # Sundays, half past two to half past three
            words[5:8] = Every.week, 1, 10
        at, before, stood = life.now, await life.calendars(), [facts_of(rows) for rows in await rows_of(life)]
        blocks = await block_outs_of(life)
        await life.did(deed, *words)
        after, rows = await life.calendars(), await rows_of(life)
        for nth, content in enumerate(after):
            begin, end = window(life)
            wanted = [said_of(row, public=nth == 3) for row in rows[nth] if begin <= row["begins_at"] < end]
            assert read_of(content, life) == sorted(wanted), (deed, nth)
            must_count_up(content, known[nth])
            if life.now == at:
                same = facts_of(rows[nth]) == stood[nth]
                if nth == 3:
                    same = same and blocks == await block_outs_of(life)
                assert (content == before[nth]) == same, (deed, nth)
