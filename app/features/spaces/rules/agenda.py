"""What time does to a booking, and when: read by the clock and by nobody else."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.features.spaces.rules.reach import Booked, Room
from app.features.spaces.tables import Stage
from app.kit import later

NUDGES = (timedelta(hours=24), timedelta(hours=48))  # the managers, then their deputies too
REMIND = timedelta(hours=24)
TICK = "spaces.tick"


class Due(StrEnum):
    nudge = "nudge"
    lapse = "lapse"
    remind = "remind"
    release = "release"


def agenda(booked: Booked, room: Room) -> list[tuple[datetime, Due]]:
    """What comes at which moment, the soonest first, as things stand now."""
    return sorted(_agenda(booked, room))


def _agenda(booked: Booked, room: Room) -> list[tuple[datetime, Due]]:
    if booked.stage == Stage.pending and waits_with_its_series(booked):
        return [(booked.begins_at, Due.lapse)]  # the rest happens to all of the repeat at once
    if booked.stage == Stage.pending:
        nudges = NUDGES[booked.nudged : booked.nudged + 1]
        return [(lets_go_at(booked, room), Due.lapse), *((booked.asked_at + after, Due.nudge) for after in nudges)]
    if booked.stage != Stage.approved:
        return []
    found = []
    if booked.reminded_at is None and booked.stage_at < booked.begins_at - REMIND:
        found.append((booked.begins_at - REMIND, Due.remind))
    if room.release and booked.came_at is None:
        found.append((booked.begins_at + timedelta(minutes=room.release), Due.release))
    return found


def waits_with_its_series(booked: Booked) -> bool:
    """It is answered, nudged about and let go of with all the others."""
    return booked.series is not None and not booked.apart


def lets_go_at(booked: Booked, room: Room) -> datetime:
    """Nobody waits longer than the space says, nor beyond the hour itself."""
    return min(booked.asked_at + timedelta(hours=room.hold_hours), booked.begins_at)


def asked_key(booking_id: int) -> str:
    """Of what managers are told about it: taken back when it is decided."""
    return f"booking:{booking_id}:asked"


async def wind(booked: Booked, room: Room) -> None:
    """The next moment at which something happens by itself; within the deed's transaction."""
    if ahead := agenda(booked, room):
        await later.at(ahead[0][0], TICK, key=_key(booked.id), again=True, booking=booked.id)
    else:
        await later.cancel(_key(booked.id))


def _key(booking_id: int) -> str:
    return f"booking:{booking_id}"
