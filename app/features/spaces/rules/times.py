"""What a neighbour means by a day and an hour, and the moment that is: wall time of the community, and UTC."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.kit.refusals import Refusal
from app.kit.words import say

A_DAY = 24 * 60
LONGEST_STAY = 14 * A_DAY  # whatever a space allows
MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_of(day: date, minute: int, zone: ZoneInfo, *, beside: str = "") -> datetime:
    """UTC; `minute` counts from local midnight, 1440 is the end of the day.

    Raises Refusal for an hour that the change of clocks leaves out, or that comes twice: nobody could say which.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    there = first.astimezone(zone).replace(tzinfo=None)
    if there != wall:
        raise Refusal(
            say(
                "%(time)s does not exist on %(day)s: the clocks go forward. %(late)s does.",
                time=_hour(wall),
                day=day,
                late=_hour(there),
            ),
            beside=beside,
        )
    hour = wall.replace(minute=0)
    raise Refusal(
        say(
            "%(time)s comes twice on %(day)s: the clocks go back. Before %(early)s and from %(late)s on all is clear.",
            time=_hour(wall),
            day=day,
            early=_hour(hour),
            late=_hour(hour + timedelta(hours=1)),
        ),
        beside=beside,
    )


@lru_cache(maxsize=1024)
def midnight_of(day: date, zone: ZoneInfo) -> int | None:
    """In minutes since 1970; None for a day on which the clocks change, whose minutes do not simply follow."""
    here, there = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    offsets = {each.replace(fold=fold).utcoffset() for each in (here, there) for fold in (0, 1)}
    return minutes_of(here) if len(offsets) == 1 else None


def minutes_of(at: datetime) -> int:
    """Since 1970, begun ones not counted."""
    return (at - EPOCH) // MINUTE


def same_hour(at: datetime, before: ZoneInfo, after: ZoneInfo) -> datetime:
    """UTC: when the clock of another zone shows what this one's shows then.

    What comes later stays later: an hour that is left out is the moment at which the clocks go forward, and of one that
    comes twice it is the first.
    """
    wall = at.astimezone(before).replace(tzinfo=None, fold=0)
    while True:
        there = wall.replace(tzinfo=after).astimezone(UTC)
        if there.astimezone(after).replace(tzinfo=None, fold=0) == wall:
            return there
        wall += timedelta(minutes=1)


def wall_of(at: datetime, zone: ZoneInfo) -> tuple[date, int]:
    """The local day, and the minute of it."""
    there = at.astimezone(zone)
    return there.date(), there.hour * 60 + there.minute


def week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())


def hour_of(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _hour(wall: datetime) -> str:
    return f"{wall:%H:%M}"
