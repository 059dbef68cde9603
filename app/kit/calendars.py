"""Calendars as other programs read them (RFC 5545): what is booked, in the community's own zone.

Everything in them comes from rows: the same rows give the same bytes, whoever asks and when.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.kit.sealing import print_of
from app.kit.words import Sentence, Tongue

MAKER = "-//Kith//Kith//EN"
AGAIN = timedelta(hours=1)  # how often a program need look
SHOWN_BACK, CANCELLED_FOR = timedelta(weeks=8), timedelta(weeks=6)
SOME_YEARS = (2026, 2027)  # of a calendar in which nothing stands


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar. `thing` is the house's own name for it, by which it is known again: it never leaves.

    `changes` counts what calendars had to be told of it (SEQUENCE), `changed_at` is when it was last. `path` leads to
    its page. What is not `sure` is asked for only; what is `off` was cancelled, and stays a while so that programs
    take it out of their own.

    What comes again has a `rule` (an RRULE without its end), begins for the last time at `until`, and not at all at
    the moments `left_out`. An entry of the same thing that `stands_for` one of its moments is said instead of it.
    `covers` is another thing that need not be said beside it. What goes by `days` begins and ends at midnight, is
    written as days without hours, and keeps nobody from anything else.
    """

    thing: str
    begins_at: datetime
    ends_at: datetime
    title: Sentence | str
    made_at: datetime
    changed_at: datetime
    changes: int = 0
    sure: bool = True
    off: bool = False
    path: str = ""
    place: Sentence | str = ""
    words: Sentence | str = ""
    private: bool = False
    rule: str = ""
    until: datetime | None = None
    left_out: tuple[datetime, ...] = ()
    stands_for: datetime | None = None
    covers: str = ""
    days: bool = False


def since(now: datetime) -> tuple[datetime, datetime]:
    """From when on a feed shows what is over, and what was cancelled. By the day: within one it gives the same."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return today - SHOWN_BACK, today - CANCELLED_FOR


def calendar(
    entries: Collection[Entry], *, name: Sentence | str, zone: ZoneInfo, tongue: Tongue, base_url: str
) -> bytes:
    from icalendar import Calendar, Timezone  # late: few requests write one, and it is large

    made = Calendar()
    made.add("prodid", MAKER)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    said = _said(name, tongue)
    made.add("name", said)
    made.add("x-wr-calname", said)
    made.add("x-wr-timezone", zone.key)
    made.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    first, last = _years(entries, zone)
    place = Timezone.from_tzinfo(zone, zone.key, first_date=date(first, 1, 1), last_date=date(last, 12, 31))
    place.pop("COMMENT", None)
    made.add_component(place)
    for entry in sorted(entries, key=_in_order):
        made.add_component(_event(entry, zone, tongue, base_url))
    return made.to_ical(sorted=False)


def _in_order(entry: Entry) -> tuple[bool, datetime, str]:
    """What comes again stands before what is said instead of one of its moments."""
    return entry.stands_for is not None, entry.begins_at, entry.thing


def uid_of(thing: str) -> str:
    """The same for ever, and nobody can reckon back what number it has here."""
    return f"{print_of(thing, 'calendar')[:40]}@kith"


def _event(entry: Entry, zone: ZoneInfo, tongue: Tongue, base_url: str) -> Any:
    from icalendar import Event, vRecur

    event = Event()
    event.add("uid", uid_of(entry.thing))
    if entry.stands_for:
        event.add("recurrence-id", _wall(entry.stands_for, zone))
    event.add("dtstamp", entry.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", _day(entry.begins_at, zone) if entry.days else _wall(entry.begins_at, zone))
    event.add("dtend", _day(entry.ends_at, zone) if entry.days else _wall(entry.ends_at, zone))
    if entry.until:
        event.add("rrule", vRecur.from_ical(f"{entry.rule};UNTIL={entry.until.astimezone(UTC):%Y%m%dT%H%M%SZ}"))
    if entry.left_out:
        event.add("exdate", [_wall(at, zone) for at in entry.left_out])
    event.add("summary", _said(entry.title, tongue))
    event.add("status", "CANCELLED" if entry.off else "CONFIRMED" if entry.sure else "TENTATIVE")
    event.add("sequence", entry.changes)
    event.add("created", entry.made_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", entry.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("class", "PRIVATE" if entry.private else "PUBLIC")
    event.add("transp", "TRANSPARENT" if entry.off or entry.days else "OPAQUE")
    for called, words in (("location", entry.place), ("description", entry.words)):
        if said := _said(words, tongue):
            event.add(called, said)
    if entry.path:
        event.add("url", f"{base_url}{entry.path}")
    return event


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    """As the clock on the wall shows it; the hour that comes twice is told in UTC the second time, or it would be the
    first."""
    there = at.astimezone(zone)
    return at.astimezone(UTC) if there.fold else there


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _years(entries: Collection[Entry], zone: ZoneInfo) -> tuple[int, int]:
    """All that is shown, and the change of clocks before and after it."""
    moments = [at for each in entries for at in (each.begins_at, each.ends_at, each.until, each.stands_for) if at]
    years = [at.astimezone(zone).year for at in moments] or SOME_YEARS
    return min(years) - 1, max(years) + 1


def _said(words: Sentence | str, tongue: Tongue) -> str:
    return words.spoken(tongue) if isinstance(words, Sentence) else words
