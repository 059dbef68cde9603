"""How an alert looks to somebody who reads one language: every word of it, in the order that is understood best."""

from collections.abc import Sequence

from msgspec import Struct

from app.features.alerts.rules import CATEGORIES, ICONS, LEVELS, MARKS, Plan
from app.features.alerts.tables import Kind, Level
from app.kit.languages import Language, language, speaking
from app.kit.words import Sentence, say, say_n, written

SOME = 6  # places that are named; whoever lives in one of more knows it by having been told
SIGNS: dict[Level, str] = {
    Level.notice: "info",
    Level.caution: "triangle-alert",
    Level.urgent: "siren",
    Level.critical: "octagon-alert",
}


class Look(Struct):
    """`words_tag` is the language in which the typed words came out."""

    tag: str
    words_tag: str
    kind: Kind
    mark: str
    level: Level
    level_words: str
    sign: str
    category: str
    icon: str
    source: str
    source_url: str
    headline: str
    body: str
    where: str
    until: str


def looks_of(plan: Plan, places: list[Sentence], tags: Sequence[str], here: str) -> list[Look]:
    return [_look(plan, places, language(tag), here) for tag in tags]


def look_of(plan: Plan, places: list[Sentence], here: str) -> Look:
    """In the reader's own language."""
    return _look(plan, places, speaking.get(), here)


def _look(plan: Plan, places: list[Sentence], tongue: Language, here: str) -> Look:
    source = say("Passed on from %(source)s", source=plan.source) if plan.source else say("%(name)s", name=here)
    tag = tongue.tag if plan.headlines.get(tongue.tag) else next(iter(plan.headlines), tongue.tag)
    return Look(
        tag=tongue.tag,
        words_tag=tag,
        kind=plan.kind,
        mark=MARKS[plan.kind].spoken(tongue) if plan.kind in MARKS else "",
        level=plan.level,
        level_words=LEVELS[plan.level].spoken(tongue),
        sign=SIGNS[plan.level],
        category=CATEGORIES[plan.category].spoken(tongue),
        icon=ICONS[plan.category],
        source=source.spoken(tongue),
        source_url=plan.source_url,
        headline=written(plan.headlines).spoken(tongue),
        body=written(plan.bodies).spoken(tongue),
        where=_where(places, tongue),
        until=say("until %(until)s", until=plan.until_at).spoken(tongue),
    )


def _where(places: list[Sentence], tongue: Language) -> str:
    if not places:
        return say("The whole community").spoken(tongue)
    named = say(", ").spoken(tongue).join(place.spoken(tongue) for place in places[:SOME])
    more = len(places) - SOME
    if more <= 0:
        return named
    return say_n("%(named)s and one more", "%(named)s and %(n)s more", more, named=named).spoken(tongue)
