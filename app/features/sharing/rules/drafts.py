"""An item as somebody means it: what fits, and how it is kept."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.sharing.tables import Audience, Category, Condition, Kind, Policy
from app.kit.languages import SOURCE, of_text
from app.kit.refusals import Missing, Refusal, Several
from app.kit.words import Sentence, say

MOST_PARTS, LONGEST_PART = 12, 60
LONGEST_LOAN, LONGEST_GAP = 90, 14
GIFT_STANDS = 90  # days


class Offer(Struct, frozen=True):
    """What is said of an item. Days are local; `until` is the last day of a gift; `area` is for what is the
    community's, since everything else stands where its owner lives."""

    kind: Kind
    name: str
    about: str = ""
    category: Category = Category.other
    condition: Condition = Condition.good
    parts: tuple[str, ...] = ()
    fetch: str = ""
    longest: int = 14
    gap: int = 0
    deposit: str = ""
    emergency: bool = False
    audience: Audience = Audience.community
    area: int | None = None
    policy: Policy = Policy.owner
    capability: str = ""
    first_come: bool = True
    until: date | None = None


def parts_of(typed: str) -> tuple[str, ...]:
    """One a line; the same twice is once."""
    return tuple(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))


def fitting(offer: Offer, *, area: int | None, today: date, was_until: date | None = None) -> None:
    """Raises Several, each beside what has to be put right. `was_until` may stay, though it is over."""
    wrong = [*_wrong_words(offer), *(_wrong_gift(offer, today, was_until) if offer.kind == Kind.give else ())]
    if offer.kind == Kind.lend:
        wrong += _wrong_loan(offer)
    if offer.condition == Condition.broken:
        wrong.append(_no("condition", say("Please choose one of these.")))
    if offer.audience == Audience.building and area is None:
        wrong.append(_no("audience", say("There is no building that it could be for. Choose everybody here.")))
    if wrong:
        raise Several(wrong)


def _wrong_words(offer: Offer) -> list[Refusal]:
    wrong = []
    if not offer.name.strip():
        wrong.append(_no("name", say("Please say what it is.")))
    if len(offer.parts) > MOST_PARTS:
        wrong.append(_no("parts", say("%(most)s lines are enough.", most=MOST_PARTS)))
    elif any(len(each) > LONGEST_PART for each in offer.parts):
        wrong.append(_no("parts", say("Each line at most %(most)s characters, please.", most=LONGEST_PART)))
    return wrong


def _wrong_loan(offer: Offer) -> list[Refusal]:
    wrong = []
    for name, least, most in (("longest", 1, LONGEST_LOAN), ("gap", 0, LONGEST_GAP)):
        if not least <= getattr(offer, name) <= most:
            wrong.append(_no(name, say("From %(least)s to %(most)s, please.", least=least, most=most)))
    if offer.policy == Policy.capability and offer.capability not in people.CAPABILITIES:
        wrong.append(_no("capability", say("Please choose one of these.")))
    return wrong


def _wrong_gift(offer: Offer, today: date, was_until: date | None) -> list[Refusal]:
    if offer.until is None:
        return [_no("until", say("Please say until which day it can be had."))]
    last = today + timedelta(days=GIFT_STANDS)
    if offer.until != was_until and not today <= offer.until <= last:
        return [_no("until", say("A day from today until %(day)s, please.", day=last))]
    return []


def _no(beside: str, sentence: Sentence) -> Refusal:
    return Refusal(sentence, beside=beside)


def columns(offer: Offer, *, area: int | None, zone: ZoneInfo, by: Neighbour) -> dict[str, Any]:
    """What stands in the row as it was meant; what the other kind has does not."""
    gives = offer.kind == Kind.give
    plain = ("kind", "category", "condition", "fetch", "deposit", "emergency", "audience")
    asks_for = offer.capability if offer.policy == Policy.capability else ""
    lent = {"longest": offer.longest, "gap": offer.gap, "policy": offer.policy, "capability": asks_for}
    given = {"first_come": offer.first_come, "until_at": end_of(offer.until, zone) if offer.until else None}
    return {
        **{name: getattr(offer, name) for name in plain},
        **(given if gives else lent),
        "name": offer.name.strip(),
        "about": offer.about.strip(),
        "parts": json.dumps(offer.parts, ensure_ascii=False),
        "area": area,
        "lang": of_text(f"{offer.name} {offer.about}", by.language or SOURCE),
    }


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of the day after it on the wall clock; UTC."""
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)


def last_day(until_at: datetime | None, zone: ZoneInfo) -> date | None:
    """The day that `end_of` was made of."""
    return day_of(until_at, zone) if until_at else None


def day_of(until_at: datetime, zone: ZoneInfo) -> date:
    """The last day on which something still stands that ends at that moment."""
    return (until_at - timedelta(seconds=1)).astimezone(zone).date()


async def known_area(area: int | None) -> int | None:
    """Raises Refusal for one that is not there."""
    if area is not None:
        try:
            await community.area(area)
        except Missing:
            raise Refusal(say("Please choose one of these."), beside="area") from None
    return area
