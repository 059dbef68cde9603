"""What this feature keeps about a person: shown to them, forgotten with them, ended when they leave."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import one_of, prepared_sql, writing
from app.features.notices import rules as notices
from app.features.spaces.rules import agenda, repeat_agenda
from app.features.spaces.rules.deciding import let_go
from app.features.spaces.rules.reach import held_booking, move, owner_of, space_of
from app.features.spaces.rules.repeat_deciding import forget_blocked, withdraw
from app.features.spaces.rules.series import move_series, series_of
from app.features.spaces.rules.waiting import end_waiting
from app.features.spaces.series import Series, SeriesStep
from app.features.spaces.tables import Booking, BookingStep, Did, DoorCode, Equipment, Space, Stage
from app.kit import queue, slots
from app.kit.keeping import Keeping
from app.kit.tables import Waiting
from app.kit.words import say

OVER, ENDED = timedelta(days=365), timedelta(days=30)
AT_ONCE = 500


class _Id(Struct):
    id: int


_own = prepared_sql("SELECT id FROM bookings WHERE person = {} ORDER BY id", _Id)
_ahead = prepared_sql(
    "SELECT id FROM bookings WHERE person = {} AND stage IN ('pending', 'approved') AND begins_at > {} ORDER BY id", _Id
)
_without_dates = prepared_sql(
    "SELECT id FROM booking_series WHERE NOT EXISTS (SELECT 1 FROM bookings WHERE bookings.series = booking_series.id)",
    _Id,
)
OPEN = [str(Stage.pending), str(Stage.approved)]
_old = prepared_sql("SELECT id FROM bookings WHERE ends_at < {} ORDER BY id LIMIT {}", _Id)


async def mine(person_id: int) -> dict[str, Any]:
    """For their own export: what they booked, and what they did to bookings."""
    fields = (
        Booking.space, Booking.begins_at, Booking.ends_at, Booking.people, Booking.purpose, Booking.open_to_all,
        Booking.asked_at, Booking.reason, Booking.came_at,
    )  # fmt: skip
    booked = Booking.select(*fields, Booking.stage.as_alias("stands"))
    steps = BookingStep.select(BookingStep.booking, BookingStep.at, BookingStep.did, BookingStep.words)
    series = Series.select(
        Series.space, Series.rule, Series.first, Series.opens, Series.closes, Series.people, Series.purpose,
        Series.asked_at, Series.confirmed_at, Series.reason,
    )  # fmt: skip
    happened = SeriesStep.select(SeriesStep.series, SeriesStep.at, SeriesStep.did, SeriesStep.words)
    return {
        "booking_series": await series.where((Series.person == person_id) | (Series.acted_by == person_id)),
        "booking_series_steps": await happened.where(SeriesStep.by == person_id),
        "bookings": await booked.where((Booking.person == person_id) | (Booking.acted_by == person_id)),
        "booking_steps": await steps.where(BookingStep.by == person_id),
    }


async def forget(person_id: int, *, now: datetime) -> None:
    """Their bookings go, with the time they held. What they decided stays with those it was for, without their name."""
    async with writing():
        await step_back(person_id, now=now)
        own = await _own(person_id)
        await notices.forget_about(f"/bookings/{row.id}" for row in own)
        for row in own:
            await slots.give_back(owner_of(row.id))
        await Booking.delete().where(Booking.person == person_id)
        await _forget_series(person_id)
        blank: dict[Any, Any] = {BookingStep.words: "", BookingStep.by: None}
        await BookingStep.update(blank).where(BookingStep.by == person_id)
        await Booking.update({Booking.reason: "", Booking.decided_by: None}).where(Booking.decided_by == person_id)
        await Booking.update({Booking.acted_by: None}).where(Booking.acted_by == person_id)
        await Space.update({Space.key_holder: None}).where(Space.key_holder == person_id)
        await Equipment.update({Equipment.keeper: None}).where(Equipment.keeper == person_id)


async def _forget_series(person_id: int) -> None:
    own = await Series.select(Series.id).where(Series.person == person_id)
    await notices.forget_about(f"/bookings/repeats/{row['id']}" for row in own)
    await Series.delete().where(Series.person == person_id)
    blank: dict[Any, Any] = {SeriesStep.words: "", SeriesStep.by: None}
    await SeriesStep.update(blank).where(SeriesStep.by == person_id)
    await Series.update({Series.reason: "", Series.decided_by: None}).where(Series.decided_by == person_id)
    await Series.update({Series.acted_by: None}).where(Series.acted_by == person_id)


async def step_back(person_id: int, *, now: datetime) -> None:
    """Of somebody who leaves: what they booked is free again, and what they waited for is another's."""
    for waits in await queue.waits_of(person_id):
        await end_waiting(waits, now=now)
    for row in await _ahead(person_id, now):
        booked = await held_booking(row.id)
        if booked.holds:
            await move(booked, Did.cancelled, by=person_id, now=now, stage=Stage.cancelled)
            await notices.withdraw(agenda.asked_key(booked.id))
            await let_go(booked, await space_of(booked.space), now=now)
    for each in await Series.select(Series.id).where((Series.person == person_id) & Series.stage.is_in(OPEN)):
        series = await series_of(each["id"])
        await move_series(series, Did.cancelled, by=person_id, now=now, stage=Stage.cancelled)
        await forget_blocked(series)
        await withdraw(series)
        await repeat_agenda.wind(await series_of(series.id), await space_of(series.space))


async def purge(now: datetime) -> None:
    """What was over a year ago; lines that ended; and codes of doors that are locked again."""
    async with writing():
        await DoorCode.delete().where(DoorCode.until_at < now)
        await Waiting.delete().where(Waiting.ended_at < now - ENDED)
    while rows := await _old(now - OVER, AT_ONCE):
        async with writing():
            for row in rows:
                await slots.give_back(owner_of(row.id))
            await Booking.delete().where(one_of(Booking.id, [row.id for row in rows]))
    async with writing():
        await Series.delete().where(one_of(Series.id, [row.id for row in await _without_dates()]))


KEPT = (
    Keeping(
        say("Which rooms you booked, what for, and what became of it"),
        say("So that nobody has a room twice, and both sides can look up what was agreed"),
        ("bookings", "booking_steps", "booked_equipment", "booked_help", "booking_series", "booking_series_steps"),
        OVER,
        purge,
        since=say("after it was over"),
    ),
    Keeping(
        say("What you waited for"),
        say("So that everybody is asked in turn"),
        ("waiting",),
        ENDED,
        purge,
        since=say("after it ended"),
    ),
    Keeping(
        say("Codes of doors"),
        say("So that whoever booked gets in"),
        ("door_codes",),
        timedelta(0),
        purge,
        since=say("after the booking"),
    ),
    Keeping(
        say("Shared rooms, their hours, rules and equipment"),
        say("So that everybody sees what there is"),
        (
            "spaces",
            "space_rules",
            "space_openings",
            "space_opening_days",
            "space_equipment",
            "space_block_outs",
            "slots",
        ),
    ),
)
