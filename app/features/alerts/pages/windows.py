"""The windows of a building. On the day open boards draw ten thousand of them every second: a template that
kept twenty thousand of them ready took fourteen times as long.
"""

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

from app.features.alerts.rules.counting import Door
from app.kit.languages import speaking
from app.kit.words import Sentence, say

STATES: dict[str, tuple[str, Sentence]] = {
    "help": ("!", say("help")),
    "safe": ("✓", say("safe")),
    "part": ("½", say("in part")),
    "away": ("→", say("away")),
    "silent": ("", say("silent")),
    "empty": ("–", say("empty")),
}
HERE_FIRST = say("look here first")


def windows(alert: int, doors: Iterable[Door]) -> Markup:
    """Each a household and how it stands, in the reader's language: never by its colour alone."""
    tag = speaking.get().tag
    return Markup("".join([f"<li>{_window(alert, door, tag)}</li>" for door in doors]))  # noqa: S704


def _window(alert: int, door: Door, tag: str) -> str:
    look = door.look
    inside = f"<strong>{escape(door.door)}</strong>{_stands(look, door.first > 0, tag)}"
    if look == "empty":
        return f'<span class="window empty">{inside}</span>'
    return f'<a class="window {look}" href="/alerts/{alert}/doors/{door.id}">{inside}</a>'


@lru_cache
def _stands(look: str, first: bool, _tag: str) -> str:
    tongue, (sign, word) = speaking.get(), STATES[look]
    said = f"<span>{escape(f'{sign} {word.spoken(tongue)}'.strip())}</span>"
    if not first or look == "empty":
        return said
    here = escape(HERE_FIRST.spoken(tongue))
    return f'{said}<span class="unseen">{here}</span><span class="first" aria-hidden="true">★</span>'
