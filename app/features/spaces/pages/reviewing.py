"""A repeat as it is typed, and the page on which it is looked over before it is sent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar.plugins.htmx import HTMXRequest

from app.features.spaces.pages.common import KNOWN
from app.features.spaces.rules import Every, Free, Plan, Repeat, Room, Wish
from app.kit.forms import Form
from app.kit.pages import Page, page
from app.kit.refusals import Refusal
from app.kit.words import Sentence, say

OUT = "out"
STEPS = ("_deed", "reviewed", "edit", "instead", "wait")
MINUTES = 10_000  # more than any stretch has


def repeat_of(meant: Any) -> Repeat | None:
    """None for a booking that comes once."""
    if meant.every == "":
        return None
    if meant.every not in list(Every):
        raise Refusal(say("Please choose one of these."), beside="every")
    return Repeat(Every(meant.every), meant.interval, tuple(meant.weekdays), meant.until, meant.times)


def choices_of(data: Mapping[str, Any]) -> dict[date, Free | None]:
    """ "date-2026-05-16": "out", or another time: "2026-05-16 720 840"."""
    return dict(_choice(name, str(data[name])) for name in data if name.startswith("date-"))


def _choice(name: str, typed: str) -> tuple[date, Free | None]:
    try:
        due = date.fromisoformat(name.removeprefix("date-"))
        return due, None if typed == OUT else free_of(typed)
    except ValueError:
        raise Refusal(say("Please choose one of these."), beside=name) from None


def free_of(typed: str) -> Free:
    """Raises ValueError."""
    day, opens, closes = typed.split()
    there = Free(date.fromisoformat(day), int(opens), int(closes))
    if not 0 <= there.opens < there.closes <= MINUTES:
        raise ValueError(typed)
    return there


def review(
    request: HTMXRequest,
    room: Room,
    wish: Wish,
    form: Form,
    plan: Plan,
    *,
    back: str,
    said: Sentence | None,
    status: int = 200,
) -> Page:
    """Each of the days, with what could be instead of those that cannot be had."""
    typed = [
        (name, each)
        for name, value in form.values.items()
        if name not in STEPS and not name.startswith("date-")
        for each in (value if isinstance(value, list) else [value])
        if each != ""
    ]
    values: dict[str, Any] = {
        "room": room, "wish": wish, "form": form, "plan": plan, "typed": typed, "back": back, "rule": said,
    }  # fmt: skip
    return page(request, "spaces/review.html", status=status, **values, **KNOWN)
