"""The retention list in words."""

from collections.abc import Iterable
from datetime import timedelta

from app.kit.keeping import Keeping
from app.kit.words import Sentence, say, say_n

YEAR, MONTH = 365, 30


def personal(kept: Iterable[Keeping]) -> list[Keeping]:
    """What is about people; the rest names nobody."""
    return [each for each in kept if each.personal]


def how_long(each: Keeping) -> Sentence:
    if each.lasts is None:
        return say("as long as you are a member here")
    if each.since is None:
        return span(each.lasts)
    return say("%(span)s %(since)s", span=span(each.lasts), since=each.since)


def span(lasts: timedelta) -> Sentence:
    """In the largest unit that says it exactly."""
    if lasts.days and lasts.days % YEAR == 0:
        return say_n("a year", "%(n)s years", lasts.days // YEAR)
    if lasts.days:
        return say_n("a day", "%(n)s days", lasts.days)
    return say_n("an hour", "%(n)s hours", max(1, round(lasts.total_seconds() / 3600)))
