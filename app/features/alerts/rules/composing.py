"""What an alert must say before anybody may send it, and what it may not."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from app.features.alerts.rules.audience import Whom
from app.features.alerts.tables import Category, Kind, Level
from app.kit.refusals import Refusal, Several
from app.kit.words import Sentence, say

HEADLINE, BODY = 160, 360
FURTHEST = timedelta(days=14)
BLANK = re.compile(r"\[[^\]\n]*\]|[_＿]{2,}|\{[^}\n]*\}")
NO_DRILL = re.compile(
    r"this\s+is\s+not\s+an?\s+(drill|exercise|test)|(这|這)?不是(一次|一场)?(演习|演練|演练|测试)", re.IGNORECASE
)
OFFICIAL = re.compile(
    r"[红橙黄蓝紅黃藍]色?\s*(预警|預警)|\b(red|orange|yellow|blue)\s+(alert|warning)\b|(预警|預警)\s*[（(]?[红橙黄蓝]色",
    re.IGNORECASE,
)


class Steps(Struct, frozen=True):
    """Minutes after the sending: rung again, by the other roads, and somebody knocks. 0: never."""

    again: tuple[int, ...] = (5, 15)
    others: int = 20
    knock: int = 30


class Plan(Struct, frozen=True):
    """All that an alert is before it is sent. Words by language. An official warning is relayed: whose, and where."""

    kind: Kind
    level: Level
    category: Category
    headlines: dict[str, str]
    bodies: dict[str, str]
    until_at: datetime
    areas: tuple[int, ...] = ()
    whom: Whom = Whom()
    roll_call: bool = True
    public: bool = False
    texts: bool = True
    source: str = ""
    source_url: str = ""
    steps: Steps = Steps()


def must_fit(plan: Plan, languages: tuple[str, ...], now: datetime) -> None:
    """All mistakes at once, each beside its field: headline_0, body_1 (by place of the language), until_at, source …"""
    wrong = [*_words(plan, languages), *_time(plan, now), *_origin(plan)]
    if plan.public and plan.category == Category.missing:
        wrong.append(Refusal(say("Somebody who is missing is never shown outside."), beside="public"))
    if wrong:
        raise Several(wrong)


def _words(plan: Plan, languages: tuple[str, ...]) -> Iterator[Refusal]:
    for place, tag in enumerate(languages):
        headline, body = plan.headlines.get(tag, "").strip(), plan.bodies.get(tag, "").strip()
        for name, typed, most in (("headline", headline, HEADLINE), ("body", body, BODY)):
            if (mistake := _mistake(typed, most, relayed=bool(plan.source))) is not None:
                yield Refusal(mistake, beside=f"{name}_{place}")


def _mistake(typed: str, most: int, *, relayed: bool) -> Sentence | None:
    if not typed:
        return say("Please write it in this language too: everybody must understand it.")
    if len(typed) > most:
        return say("At most %(most)s characters. These are %(n)s.", most=most, n=len(typed))
    if (blank := BLANK.search(typed)) is not None:
        return say("There is still a blank to fill in: %(blank)s", blank=blank[0])
    if NO_DRILL.search(typed):
        return say("Please leave out “this is not a drill”: what is real carries no such words.")
    if OFFICIAL.search(typed) and not relayed:
        return say("Colours of warnings belong to the authorities. Name the source to pass an official warning on.")
    return None


def _time(plan: Plan, now: datetime) -> Iterator[Refusal]:
    if not now < plan.until_at <= now + FURTHEST:
        yield Refusal(say("When does it end? Within two weeks, please."), beside="until_at")


def _origin(plan: Plan) -> Iterator[Refusal]:
    if bool(plan.source) != bool(plan.source_url):
        yield Refusal(say("An official warning needs both: whose it is, and where to read it."), beside="source_url")
    elif plan.source_url and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", plan.source_url):
        yield Refusal(say("A full address, please, with https:// before it."), beside="source_url")
