"""What the pages of spaces share: days and hours as they are typed, and the words they all know."""

from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from litestar.plugins.htmx import HTMXRequest

from app.features.spaces import rules
from app.features.spaces.pages.strip import strip, what_is_free
from app.features.spaces.rules import HAPPENED, LOOKS, POLICIES, STANDS, STEPS, WAYS_IN, DayOfRoom, Room
from app.kit.clock import now
from app.kit.forms import Words
from app.kit.refusals import Missing

KNOWN: dict[str, Any] = {
    "stands": STANDS,
    "looks": LOOKS,
    "happened": HAPPENED,
    "policies": POLICIES,
    "step_words": STEPS,
    "ways_in": WAYS_IN,
    "strip": strip,
    "what_is_free": what_is_free,
}
Hour = Annotated[str, Words(8)]
EARLIEST, LATEST = 8 * 60, 22 * 60


async def managed_room(request: HTMXRequest, space_id: int) -> Room:
    """Raises Missing for whoever does not manage it."""
    room = await rules.space_of(space_id)
    if not await rules.manages(request.user, room):
        raise Missing
    return room


def zone_of(request: HTMXRequest) -> ZoneInfo:
    clock: ZoneInfo = request.state.here.clock
    return clock


def today_of(request: HTMXRequest) -> date:
    return now().astimezone(zone_of(request)).date()


def day_of(typed: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return otherwise


async def days_of(request: HTMXRequest, rooms: list[Room], first: date, many: int) -> dict[int, list[DayOfRoom]]:
    hours = await rules.hours_of_all([room.id for room in rooms], since=first)
    return await rules.days_of(rooms, hours, first, many, by=request.user, zone=zone_of(request))


def window(days: list[DayOfRoom]) -> tuple[int, int]:
    """From which minute to which these days are drawn: full hours around all that is open or taken."""
    shown = [(each.opens, each.closes) for day in days for each in day.open]
    shown += [(each.opens, each.closes) for day in days for each in day.bars]
    first = min((opens for opens, _ in shown), default=EARLIEST)
    last = max((closes for _, closes in shown), default=LATEST)
    return first // 60 * 60, -(-last // 60) * 60


def weeks_around(day: date) -> list[date]:
    """Six weeks of days from the Monday of the week in which the month begins."""
    first = day.replace(day=1)
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(days=nth) for nth in range(42)]
