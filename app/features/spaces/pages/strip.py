"""A day of a room as a strip: open on paper, taken as bars. The words under it say the same.

Drawn here and not in a template: a page shows hundreds of bars, and most of them stand at the same hours.
"""

from functools import lru_cache

from markupsafe import Markup

from app.features.spaces.rules import DayOfRoom
from app.features.spaces.rules.fitting import spoken
from app.kit.words import Sentence, say

Window = tuple[int, int]  # from which minute to which a day is drawn
TWO_HOURS = 120


def strip(day: DayOfRoom, window: Window) -> Markup:
    drawn = [_open(each.opens, each.closes, window) for each in day.open]
    drawn += [
        _bar(each.opens, each.closes, f"{each.stage} mine" if each.mine else each.stage, window) for each in day.bars
    ]
    return Markup(  # noqa: S704 (numbers, and names of our own)
        '<svg class="strip" aria-hidden="true" preserveAspectRatio="none">' + "".join(drawn) + _hours(window) + "</svg>"
    )


def what_is_free(day: DayOfRoom) -> Sentence:
    free = day.free
    if not day.open:
        return say("Closed that day")
    return say("Free %(times)s", times=spoken(free)) if free else say("Nothing free")


@lru_cache(maxsize=1024)
def _open(opens: int, closes: int, window: Window) -> str:
    x, width = _percent(opens - window[0], window), _percent(closes - opens, window)
    return f'<rect class="open" x="{x}%" width="{width}%" height="100%"/>'


@lru_cache(maxsize=8192)
def _bar(opens: int, closes: int, look: str, window: Window) -> str:
    """Nothing for what lies outside."""
    first = max(opens, window[0])
    x, width = _percent(first - window[0], window), _percent(min(closes, window[1]) - first, window)
    return f'<rect class="{look}" x="{x}%" y="12%" width="{width}%" height="76%" rx="4"/>' if width > 0 else ""


@lru_cache(maxsize=64)
def _hours(window: Window) -> str:
    minutes = range(window[0] + TWO_HOURS, window[1], TWO_HOURS)
    lines = [
        f'<rect class="hour" x="{_percent(each - window[0], window)}%" width="1" height="100%"/>' for each in minutes
    ]
    return "".join(lines)


def _percent(minutes: int, window: Window) -> float:
    return round(100 * minutes / (window[1] - window[0]), 2)
