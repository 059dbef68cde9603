"""The windows of a building. On the day a board draws hundreds every second: one that did not change is ready."""

from functools import lru_cache

from markupsafe import Markup, escape

from app.features.alerts.rules.counting import Door
from app.kit.languages import speaking
from app.kit.words import Sentence, say

READY = 20_000
STATES: dict[str, tuple[str, Sentence]] = {
    "help": ("!", say("help")),
    "safe": ("✓", say("safe")),
    "part": ("½", say("in part")),
    "away": ("→", say("away")),
    "silent": ("", say("silent")),
    "empty": ("–", say("empty")),
}
HERE_FIRST = say("look here first")


def window(alert: int, door: Door) -> Markup:
    """One household and how it stands, in the reader's language: never by its colour alone."""
    return _drawn(alert, door.id, door.door, door.look, door.first > 0, speaking.get().tag)


@lru_cache(READY)
def _drawn(alert: int, id: int, door: str, look: str, first: bool, _tag: str) -> Markup:
    sign, word = STATES[look]
    tongue = speaking.get()
    inside = Markup("<strong>{}</strong><span>{}</span>").format(door, f"{sign} {word.spoken(tongue)}".strip())
    if look == "empty":
        return Markup('<span class="window empty">{}</span>').format(inside)
    if first:
        star = Markup('<span class="unseen">{}</span><span class="first" aria-hidden="true">★</span>')
        inside += star.format(escape(HERE_FIRST.spoken(tongue)))
    return Markup('<a class="window {}" href="/alerts/{}/doors/{}">{}</a>').format(look, alert, id, inside)
