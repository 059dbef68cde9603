"""What opens the door for one booking: seen by whoever booked, from two hours before until its end, and by nobody else.

Each look is noted (`safety.md` 14). After the end it is deleted.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.people.rules import Neighbour
from app.features.spaces.rules.managers import manages
from app.features.spaces.rules.reach import Booked, held_booking, space_of
from app.features.spaces.tables import DoorCode, Stage, WayIn
from app.kit import audit
from app.kit.refusals import Missing, Refusal
from app.kit.words import say

BEFORE = timedelta(hours=2)


class Code(Struct):
    code: str
    until_at: datetime


_code = prepared_sql("SELECT code, until_at FROM door_codes WHERE booking = {}", Code)


async def has_code(booking_id: int) -> bool:
    return await _code.first(booking_id) is not None


async def set_code(booking_id: int, code: str, *, by: Neighbour, now: datetime) -> None:
    """By whoever manages the space; another takes the place of the one before."""
    async with writing():
        booked = await held_booking(booking_id)
        room = await space_of(booked.space)
        if not await manages(by, room):
            raise Missing
        if room.way_in != WayIn.code or booked.stage != Stage.approved or booked.ends_at <= now:
            raise Refusal(say("This booking needs no code."), beside="code")
        if not code.strip():
            raise Refusal(say("Please fill this in."), beside="code")
        await DoorCode.delete().where(DoorCode.booking == booked.id)
        await DoorCode(booking=booked.id, code=code.strip()[:40], until_at=booked.ends_at).save()
        await audit.note("door code set", who=by.id, about=f"booking:{booked.id}", concerns=booked.person, now=now)


def is_time(booked: Booked, now: datetime) -> bool:
    return booked.stage == Stage.approved and booked.begins_at - BEFORE <= now < booked.ends_at


async def look_at_code(booked: Booked, *, by: Neighbour, now: datetime) -> Code | None:
    """For whoever booked, while it is time; None before, after, and where nobody has set one."""
    if by.id not in (booked.person, booked.acted_by) or not is_time(booked, now):
        return None
    found = await _code.first(booked.id)
    if found is not None:
        async with writing():
            await audit.note("door code seen", who=by.id, about=f"booking:{booked.id}", concerns=booked.person, now=now)
    return found


async def drop_code(booking_id: int) -> None:
    """It is nobody's booking any more."""
    await DoorCode.delete().where(DoorCode.booking == booking_id)
