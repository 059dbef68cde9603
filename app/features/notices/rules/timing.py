"""When a notice may ring: quiet hours and the daily digest, on the community's clock."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.features.notices.tables import Urgency

BREAK_THE_QUIET = frozenset({Urgency.urgent, Urgency.critical})
LONGEST = timedelta(hours=48)  # what names no end itself is tried; a night and a day's digest are in it
DAY = 24 * 60


def is_quiet(minute: int, quiet_from: int, quiet_until: int) -> bool:
    """Minutes of the day; the night may pass midnight, and two equal ends are no night at all."""
    if quiet_from <= quiet_until:
        return quiet_from <= minute < quiet_until
    return minute >= quiet_from or minute < quiet_until


def after_the_quiet(now: datetime, zone: ZoneInfo, quiet_from: int, quiet_until: int) -> datetime:
    """Now, or when the night ends that we are in. UTC."""
    local = now.astimezone(zone)
    if not is_quiet(local.hour * 60 + local.minute, quiet_from, quiet_until):
        return now
    return next_at(now, zone, quiet_until)


def midnights_from(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime, datetime]:
    """Where the community's day began, where it ends, and the end of the one after. UTC."""
    today = now.astimezone(zone).date()
    days = [datetime.combine(today + timedelta(days=n), time(), zone).astimezone(now.tzinfo) for n in range(3)]
    return days[0], days[1], days[2]


def next_at(now: datetime, zone: ZoneInfo, minute: int) -> datetime:
    """The next time that the community's clock shows this minute of the day, later than now. UTC.

    Where the clock is put forward over it, the moment just after counts.
    """
    today = now.astimezone(zone).date()
    wall = time(minute % DAY // 60, minute % 60)
    for day in (today, today + timedelta(days=1), today + timedelta(days=2)):
        at = datetime.combine(day, wall, zone).astimezone(now.tzinfo)
        if at > now:
            return at
    raise AssertionError("a day has every minute")
