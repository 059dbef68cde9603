"""A booking that comes again, as RFC 5545 has it, on the days of the community's wall clock: bounded, and spelled out.

Days that a rule means and a month does not have (the 31st of April) are said, not passed over in silence.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import cast

from dateutil.rrule import rrule, rrulestr
from msgspec import Struct

from app.kit.refusals import Refusal
from app.kit.words import Sentence, say, say_n

MOST = 60
REACH = timedelta(days=366)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Every(StrEnum):
    """How it comes again. `nth`: on that weekday of the month, the fifth being the last."""

    week = "week"
    month = "month"
    nth = "nth"


class Repeat(Struct, frozen=True):
    """Every so many weeks or months, until a day (counted) or so many times; `weekdays` (0 is Monday) for weeks."""

    every: Every
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    until: date | None = None
    times: int | None = None


class Due(Struct, frozen=True):
    """A day of the rule. With `why` its month has no such day, and `day` is the last it has."""

    day: date
    why: Sentence | None = None


def rule_of(repeat: Repeat, first: date) -> str:
    """The RRULE. Raises Refusal for what has no bound, or none that can be looked over."""
    _must_be_bounded(repeat, first)
    ends = f"COUNT={repeat.times}" if repeat.times else f"UNTIL={repeat.until:%Y%m%d}"
    if repeat.every == Every.week:
        days = ",".join(DAYS[each] for each in sorted(set(repeat.weekdays) or {first.weekday()}))
        how = f"FREQ=WEEKLY;INTERVAL={repeat.interval};BYDAY={days}"
    elif repeat.every == Every.month:
        how = f"FREQ=MONTHLY;INTERVAL={repeat.interval};BYMONTHDAY={first.day}"
    else:
        nth = (first.day - 1) // 7 + 1
        how = f"FREQ=MONTHLY;INTERVAL={repeat.interval};BYDAY={nth if nth < 5 else -1}{DAYS[first.weekday()]}"
    return f"{how};{ends}"


def days(rule: str, first: date) -> list[date]:
    """Every day of the rule, in order."""
    return [each.date() for each in islice(_rule(rule, first), MOST + 1)]


def dues(rule: str, first: date) -> list[Due]:
    """The days of the rule, and for each month that lacks its day the last it has. Raises Refusal for too many."""
    found = days(rule, first)
    if not found:
        raise Refusal(say("No day fits before that. A later end, please."), beside="until")
    if len(found) > MOST:
        raise Refusal(
            say_n("One day at most.", "%(n)s days at most: until %(day)s.", MOST, day=found[MOST - 1]), beside="until"
        )
    if found[-1] > first + REACH:
        raise Refusal(say("At most a year ahead: until %(day)s.", day=first + REACH), beside="until")
    return sorted([Due(each) for each in found] + _lacking(rule, first, found), key=lambda each: each.day)


def without(rule: str, since: date) -> str:
    """The same, ending before that day."""
    return until(rule, since - timedelta(days=1))


def until(rule: str, last: date) -> str:
    """The same, ending with that day."""
    return f"{_bare(rule)};UNTIL={last:%Y%m%d}"


def widened(rule: str, first: date, booked: Collection[date]) -> str:
    """Without its end. Where something is booked on the last day of a month that lacks the day of the rule, it means
    the last of those that there are."""
    bare = _bare(rule)
    if read(rule).every != Every.month or set(booked) <= set(days(rule, first)):
        return bare
    how, day = bare.rsplit("=", 1)
    if day == "31":
        return f"{how}=-1"
    return f"{how}={','.join(str(each) for each in range(28, int(day) + 1))};BYSETPOS=-1"


def from_then(rule: str, first: date, since: date) -> str:
    """What of it is left from that day on, as a rule that begins there."""
    if "COUNT=" not in rule:
        return rule
    return f"{_bare(rule)};COUNT={sum(each >= since for each in days(rule, first))}"


def read(rule: str) -> Repeat:
    parts = dict(part.split("=") for part in rule.split(";"))
    by_day = parts.get("BYDAY", "")
    every = Every.week if parts["FREQ"] == "WEEKLY" else Every.nth if by_day else Every.month
    weekdays = tuple(DAYS.index(each) for each in by_day.split(",")) if every == Every.week else ()
    until = datetime.strptime(parts["UNTIL"], "%Y%m%d").date() if "UNTIL" in parts else None
    return Repeat(every, int(parts["INTERVAL"]), weekdays, until, int(parts["COUNT"]) if "COUNT" in parts else None)


def _must_be_bounded(repeat: Repeat, first: date) -> None:
    if not 1 <= repeat.interval <= 12:
        raise Refusal(say("From 1 to 12, please."), beside="interval")
    if repeat.until is None and repeat.times is None:
        raise Refusal(say("Until which day, or how many times? One of the two, please."), beside="until")
    if repeat.times is not None and not 2 <= repeat.times <= MOST:
        raise Refusal(say("From 2 to %(most)s times, please.", most=MOST), beside="times")
    if repeat.until is not None and repeat.until <= first:
        raise Refusal(say("It has to go on after %(day)s.", day=first), beside="until")
    if repeat.until is not None and repeat.until > first + REACH:
        raise Refusal(say("At most a year ahead: until %(day)s.", day=first + REACH), beside="until")
    if not set(repeat.weekdays) <= set(range(7)):
        raise Refusal(say("Please choose one of these."), beside="weekdays")


def _rule(rule: str, first: date) -> rrule:
    return cast("rrule", rrulestr(rule, dtstart=datetime.combine(first, time())))


def _bare(rule: str) -> str:
    return ";".join(part for part in rule.split(";") if not part.startswith(("UNTIL=", "COUNT=")))


def _lacking(rule: str, first: date, found: Collection[date]) -> list[Due]:
    repeat = read(rule)
    if repeat.every != Every.month or first.day <= 28:
        return []
    lacking, there = [], {(each.year, each.month) for each in found}
    last = max(found) if repeat.until is None else repeat.until
    for nth in range(0, 14, repeat.interval):
        months = first.year * 12 + first.month - 1 + nth
        end = _first_of(months + 1) - timedelta(days=1)
        if end > last:
            break
        if (end.year, end.month) not in there:
            why = say("That month has no day %(n)s: its last is %(day)s.", n=first.day, day=end)
            lacking.append(Due(end, why))
    return lacking


def _first_of(months: int) -> date:
    """Of the month that is so many after January of the year 0."""
    return date(months // 12, months % 12 + 1, 1)
