"""The community sets its clock to another zone. What has not begun stays at the hour that was meant: Saturday at two is
Saturday at two, by the new clock. What has begun, is over, or was taken over for an emergency stays at its moment.

All of it in one transaction, with its slots. Who meets something that stayed where it was lets go, and is told.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.db import held, one_of, prepared_sql
from app.features.notices import rules as notices
from app.features.spaces.rules import agenda, repeat_agenda, waiting
from app.features.spaces.rules.blocking import hold_for, in_the_way
from app.features.spaces.rules.falling import falls, say_sorry
from app.features.spaces.rules.reach import HOLDING, Booked, Room, booking_of, space_of
from app.features.spaces.rules.repeat_wish import claims_again
from app.features.spaces.rules.series import move_series, series_of
from app.features.spaces.rules.times import same_hour
from app.features.spaces.tables import BlockOut, Booking, BookingStep, Did, DoorCode
from app.kit import slots
from app.kit.words import Sentence, say

_ahead = prepared_sql("SELECT * FROM bookings WHERE begins_at > {} ORDER BY asked_at, id", Booked)
NOBODYS = say("The community keeps another time zone now, and by it that hour cannot be had.")


class _Room(dict[int, Room]):
    """Each space, read once."""

    async def of(self, space_id: int) -> Room:
        if space_id not in self:
            self[space_id] = await space_of(space_id)
        return self[space_id]


async def keep_the_hours(before: ZoneInfo, after: ZoneInfo, *, by: int, now: datetime) -> None:
    """Within the deed that sets the clock, after it is set."""
    await slots.hold_everything()
    rooms = _Room()
    moved = await _move_bookings(before, after, by, now)
    blocks = await _move_block_outs(before, after, now)
    fell = await _fall_to(blocks, rooms, by, now)
    fell |= await _place(moved, blocks, after, rooms, by, now)
    for block in [each for each in blocks if each["ended_at"] is None]:
        await hold_for(block["id"], await rooms.of(block["space"]), block["begins_at"], block["ends_at"])
    await waiting.keep_the_hours(before, after, now=now)
    for row in await DoorCode.select(DoorCode.booking, DoorCode.booking.ends_at.as_alias("ends")):
        await DoorCode.update({DoorCode.until_at: row["ends"]}).where(DoorCode.booking == row["booking"])
    await _wind(moved, rooms, by, now)
    for id, why in fell.items():
        booked = await booking_of(id)
        await say_sorry(booked, await rooms.of(booked.space), why, by=by, now=now)
    await _tell(moved, fell, by, now)


async def _move_bookings(before: ZoneInfo, after: ZoneInfo, by: int, now: datetime) -> list[int]:
    """Whatever became of them, so that what is read back says the hour that was meant."""
    await held(Booking.select(Booking.id).where(Booking.begins_at > now).order_by(Booking.id))
    ahead = list(await _ahead(now))
    for each in ahead:
        times: dict[Any, Any] = {
            Booking.begins_at: same_hour(each.begins_at, before, after),
            Booking.ends_at: same_hour(each.ends_at, before, after),
            Booking.sequence: each.sequence + 1,
        }
        await Booking.update(times).where(Booking.id == each.id)
    steps = [BookingStep(booking=each.id, at=now, by=by, did=Did.rezoned, words="") for each in ahead]
    for start in range(0, len(steps), slots.AT_ONCE):
        await BookingStep.insert(*steps[start : start + slots.AT_ONCE])
    return [each.id for each in ahead]


async def _move_block_outs(before: ZoneInfo, after: ZoneInfo, now: datetime) -> list[dict[str, Any]]:
    """Those of managers, too; gives back all that run or are to come, and ends those whose hours are over by now."""
    there = BlockOut.ended_at.is_null() & (BlockOut.ends_at > now)
    rows = await held(BlockOut.select().where(there).order_by(BlockOut.id))
    for row in rows:
        if not row["origin"] and row["begins_at"] > now:
            row["ends_at"] = same_hour(row["ends_at"], before, after)
            row["begins_at"] = min(max(now, same_hour(row["begins_at"], before, after)), row["ends_at"])
            row["ended_at"] = now if row["ends_at"] <= now else None
            times: dict[Any, Any] = {getattr(BlockOut, end): row[end] for end in ("begins_at", "ends_at", "ended_at")}
            await BlockOut.update(times).where(BlockOut.id == row["id"])
    return [dict(row) for row in rows]


async def _fall_to(blocks: Iterable[dict[str, Any]], rooms: _Room, by: int, now: datetime) -> dict[int, Sentence]:
    fell: dict[int, Sentence] = {}
    for block in blocks:
        room = await rooms.of(block["space"])
        if block["ended_at"] is not None:
            continue
        for booked in await in_the_way(room, block["begins_at"], block["ends_at"]):
            await falls(booked, room, NOBODYS, by=by, block=block["id"], now=now)
            fell[booked.id] = NOBODYS
    return fell


async def _place(
    moved: list[int], blocks: list[dict[str, Any]], zone: ZoneInfo, rooms: _Room, by: int, now: datetime
) -> dict[int, Sentence]:
    """Who asked first is placed first; block-outs take what is left, as when they were made."""
    wanted: dict[str, list[slots.Claim]] = {f"block:{block['id']}": [] for block in blocks}
    wanted |= {owner: [] for owner in await waiting.owners_of_offers()}
    owners, fell = {}, []
    for booked in [await booking_of(id) for id in moved]:
        if booked.holds and booked.begins_at < booked.ends_at:
            owners[booked.owner] = booked.id
            wanted[booked.owner] = await claims_again(booked, await rooms.of(booked.space), zone)
        elif booked.holds:
            fell.append(booked.id)
    fell += [owners[owner] for owner in await slots.moved(wanted)]
    for id in fell:
        booked = await booking_of(id)
        await falls(booked, await rooms.of(booked.space), NOBODYS, by=by, now=now)
    return dict.fromkeys(fell, NOBODYS)


async def _wind(moved: list[int], rooms: _Room, by: int, now: datetime) -> None:
    """And calendars read of each repeat anew, as of each booking."""
    series = set()
    for booked in [await booking_of(id) for id in moved]:
        await agenda.wind(booked, await rooms.of(booked.space))
        series |= {booked.series} - {None}
    for id in sorted(each for each in series if each is not None):
        repeated = await series_of(id)
        await move_series(repeated, Did.rezoned, by=by, now=now, sequence=repeated.sequence + 1)
        await repeat_agenda.wind(repeated, await rooms.of(repeated.space))


async def _tell(moved: list[int], fell: Iterable[int], by: int, now: datetime) -> None:
    """Each who has something ahead, once."""
    rows = await Booking.select(Booking.person, Booking.acted_by).where(
        one_of(Booking.id, sorted(set(moved) - set(fell))) & Booking.stage.is_in([str(each) for each in HOLDING])
    )
    whom = {row[who] for row in rows for who in ("person", "acted_by")} - {None, by}
    same = say("The community keeps another time zone now. What you booked stays at its hour by the new clock.")
    await notices.tell_all(sorted(whom), same, path="/bookings", topic="bookings", now=now)
