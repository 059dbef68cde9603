"""The days of a thing: whose they are to be, from when it is free, and when it would be somebody's turn."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.features.community import rules as community
from app.features.sharing.rules.free import next_free
from app.features.sharing.rules.reach import Thing, thing_of
from app.features.sharing.rules.stages import Lent
from app.kit import slots
from app.kit.refusals import Missing, Refusal
from app.kit.slots import Claim
from app.kit.words import Sentence, say

AHEAD = timedelta(days=180)
DAY = timedelta(days=1)
GIFT = range(1)  # a gift has one owner, whatever the day
EVER = range(date.max.toordinal())


def span(first: date, last: date, gap: int) -> range:
    """With the days after it that are nobody's."""
    return slots.days(first, last + gap * DAY)


def wanted(found: Lent, *, today: date) -> range:
    """What a loan takes. Days that have passed are nobody's any more."""
    if found.is_gift or found.first_on is None or found.due_on is None:
        return GIFT
    return span(max(found.first_on, today), found.due_on, found.gap)


def kept_under(item: int, *, gift: bool) -> str:
    return f"gift:{item}" if gift else thing_of(item)


def claim(found: Lent, *, today: date) -> Claim:
    return Claim(kept_under(found.item, gift=found.is_gift), tuple(wanted(found, today=today)))


def must_fit(thing: Thing, first: date | None, last: date | None, *, today: date) -> None:
    """Raises Refusal, beside the day that is wrong, with what would work."""
    if thing.is_gift:
        return
    furthest = today + AHEAD
    if first is None or last is None:
        raise Refusal(say("Please fill this in."), beside="first" if first is None else "last")
    if first < today:
        raise Refusal(say("That day has passed. The first that is possible is %(day)s.", day=today), beside="first")
    if last < first:
        raise Refusal(say("That is before the first day, %(day)s.", day=first), beside="last")
    if first > furthest:
        raise Refusal(say("At most half a year ahead: until %(day)s.", day=furthest), beside="first")
    latest = min(first + (thing.longest - 1) * DAY, furthest)
    if last > latest:
        too_long = say("It is lent for %(n)s days at most: until %(day)s.", n=thing.longest, day=latest)
        raise Refusal(
            too_long if latest < furthest else say("At most half a year ahead: until %(day)s.", day=furthest),
            beside="last",
        )


async def soonest(thing: Thing, many: int, *, since: date, today: date) -> date | None:
    """The first day from which so many days are nobody's; None within half a year."""
    found = await next_free(thing, many, max(since, today), most=1)
    return found[0] if found and found[0] <= today + AHEAD else None


def first_free(taken: Collection[int], many: int, since: date) -> date:
    """It jumps behind whatever stands in the way."""
    start = since.toordinal()
    while in_the_way := [day for day in range(start, start + many) if day in taken]:
        start = in_the_way[-1] + 1
    return date.fromordinal(start)


async def end_of(day: date) -> datetime:
    """Midnight after it, on the community's clock; UTC."""
    return midnight(day + DAY, await the_zone())


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """With which it begins; UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


async def the_zone() -> ZoneInfo:
    here = await community.here()
    if here is None:
        raise Missing
    return here.clock


def days_said(first: date | None, last: date | None) -> Sentence:
    if first is None or last is None:
        return say("to keep")
    return say("%(first)s", first=first) if first == last else say("%(first)s – %(last)s", first=first, last=last)


def what(found: Lent) -> Sentence:
    """A loan in a sentence: the thing and its days."""
    if found.is_gift:
        return say("%(item)s", item=found.name)
    return say("%(item)s, %(days)s", item=found.name, days=days_said(found.first_on, found.due_on))
