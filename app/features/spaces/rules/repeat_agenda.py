"""What time does to a repeat, and when: once for all of its dates, never once for each."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from app.db import prepared_sql
from app.features.spaces.rules.agenda import NUDGES
from app.features.spaces.rules.reach import Room
from app.features.spaces.rules.series import Repeated
from app.features.spaces.tables import Stage
from app.kit import later

AGAIN = timedelta(weeks=8)  # whoever repeats says so often that it is still needed
WEEK = timedelta(weeks=1)  # and has so long to say it
TICK = "spaces.repeat_tick"


class Due(StrEnum):
    nudge = "nudge"
    lapse = "lapse"
    ask_again = "ask_again"
    release = "release"


class _Last(Struct):
    """The last that holds, and the last that waits with all the others."""

    begins_at: datetime | None
    together_at: datetime | None


_last = prepared_sql(
    "SELECT max(begins_at) AS begins_at, max(CASE WHEN stage = 'pending' AND apart != {1} THEN begins_at END) "
    "AS together_at FROM bookings WHERE series = {0} AND stage IN ('pending', 'approved')",
    _Last,
)


async def agenda(series: Repeated, room: Room) -> list[tuple[datetime, Due]]:
    """The soonest first, as things stand now."""
    [last] = await _last(series.id, True)
    return sorted(_agenda(series, room, last.begins_at, last.together_at))


def _agenda(
    series: Repeated, room: Room, last: datetime | None, together: datetime | None
) -> list[tuple[datetime, Due]]:
    if last is None or (series.stage == Stage.pending and together is None):
        return []
    if series.stage == Stage.pending:
        nudges = NUDGES[series.nudged : series.nudged + 1]
        return [(lets_go_at(series, room), Due.lapse), *((series.asked_at + after, Due.nudge) for after in nudges)]
    if series.stage != Stage.approved:
        return []
    if series.asked_again_at is not None:
        return [(released_at(series), Due.release)] if last > released_at(series) else []
    asks = series.confirmed_at + AGAIN - WEEK
    return [(asks, Due.ask_again)] if last > asks + WEEK else []


def lets_go_at(series: Repeated, room: Room) -> datetime:
    return series.asked_at + timedelta(hours=room.hold_hours)


def released_at(series: Repeated) -> datetime:
    """A whole week after they were asked, however late that was."""
    return (series.asked_again_at or series.confirmed_at + AGAIN - WEEK) + WEEK


def asked_key(series_id: int) -> str:
    """Of what managers are told about it: taken back when it is decided."""
    return f"series:{series_id}:asked"


def again_key(series_id: int) -> str:
    """Of the question whether it is still needed: taken back when it is answered."""
    return f"series:{series_id}:again"


async def wind(series: Repeated, room: Room) -> None:
    """The next moment at which something happens by itself; within the deed's transaction."""
    if ahead := await agenda(series, room):
        await later.at(ahead[0][0], TICK, key=_key(series.id), again=True, series=series.id)
    else:
        await later.cancel(_key(series.id))


def _key(series_id: int) -> str:
    return f"series:{series_id}"
