"""A rule as one would say it."""

from datetime import date
from functools import reduce

from app.features.spaces.rules.repeating import Every, days, read
from app.kit.words import Sentence, say

WEEKDAYS = (
    say("Monday"), say("Tuesday"), say("Wednesday"), say("Thursday"), say("Friday"), say("Saturday"), say("Sunday"),
)  # fmt: skip
NTH = (say("first"), say("second"), say("third"), say("fourth"))
LAST = say("last")


def rule_said(rule: str, first: date) -> Sentence:
    """ "Every 2 weeks: Wednesday, Saturday, until 30 May"."""
    repeat = read(rule)
    n, until = repeat.interval, repeat.until or days(rule, first)[-1]
    if repeat.every == Every.week:
        on = reduce(_and, (WEEKDAYS[each] for each in repeat.weekdays))
        if n == 1:
            return say("Every week: %(days)s, until %(until)s", days=on, until=until)
        return say("Every %(n)s weeks: %(days)s, until %(until)s", n=n, days=on, until=until)
    if repeat.every == Every.month:
        day = str(first.day)
        if n == 1:
            return say("Every month on day %(day)s, until %(until)s", day=day, until=until)
        return say("Every %(n)s months on day %(day)s, until %(until)s", n=n, day=day, until=until)
    nth = LAST if "BYDAY=-1" in rule else NTH[(first.day - 1) // 7]
    on = say("%(nth)s %(weekday)s", nth=nth, weekday=WEEKDAYS[first.weekday()])
    if n == 1:
        return say("Every month on the %(day)s, until %(until)s", day=on, until=until)
    return say("Every %(n)s months on the %(day)s, until %(until)s", n=n, day=on, until=until)


def _and(one: Sentence, other: Sentence) -> Sentence:
    return say("%(one)s, %(other)s", one=one, other=other)
