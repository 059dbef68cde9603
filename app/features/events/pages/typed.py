"""An event as it is typed: a form of words, days and numbers, and what it means."""

import json
import re
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from app.features.events.rules import Draft, Gathering, PartDraft
from app.features.events.tables import Kind
from app.features.spaces.rules.times import wall_of
from app.kit.forms import Form, Words, blank
from app.kit.hours import hour_typed, minute_of
from app.kit.refusals import Refusal
from app.kit.words import say

Short = Annotated[str, Words(120)]
Long = Annotated[str, Words(2000)]
Hour = Annotated[str, Words(8)]
WANTED = re.compile(r"\s*(\d{1,2})\s*[x×*人名个]?\s*(.+)")


class EventForm(Struct):
    kind: Kind
    day: date
    begins: Hour
    ends: Hour
    title_0: Short = ""
    title_1: Short = ""
    words_0: Long = ""
    words_1: Long = ""
    place_0: Short = ""
    place_1: Short = ""
    space: int | None = None
    last: date | None = None
    capacity: int = 20
    guests_each: int = 0
    area: int | None = None
    role: Annotated[str, Words(20)] = ""
    public: bool = False
    capability: Annotated[str, Words(40)] = ""
    valid_days: int = 365
    agreed: bool = False
    parts_0: Annotated[str, Words(600)] = ""
    parts_1: Annotated[str, Words(600)] = ""
    every: Annotated[str, Words(12)] = ""
    times: int = 1
    leave_out: bool = False
    instead: Annotated[str, Words(40)] = ""


def draft_of(request: HTMXRequest, form: Form) -> Draft:
    """`instead` is one of the free times that were offered: "2026-05-09 990 1110"."""
    meant = form.meant
    day, opens = meant.day, minute_of(meant.begins, beside="begins")
    closes = minute_of(meant.ends, beside="ends", ends=True)
    if meant.instead:
        day, opens, closes = _offered(meant.instead)
        form.values |= {"day": day.isoformat(), "begins": hour_typed(opens), "ends": hour_typed(closes)}
    return Draft(
        kind=meant.kind,
        titles=by_language(request, meant.title_0, meant.title_1),
        words=by_language(request, meant.words_0, meant.words_1),
        place=by_language(request, meant.place_0, meant.place_1),
        day=day,
        last=meant.last if meant.last and meant.last > day else None,
        opens=opens,
        closes=closes,
        space=meant.space,
        capacity=meant.capacity,
        guests=meant.guests_each,
        area=meant.area,
        role=meant.role,
        public=meant.public,
        capability=meant.capability,
        valid_days=meant.valid_days,
        agreed=meant.agreed,
        parts=_parts(request, meant.parts_0, meant.parts_1),
    )


def by_language(request: HTMXRequest, first: str, second: str) -> dict[str, str]:
    tags = request.state.here.languages
    return {tag: words.strip() for tag, words in zip(tags, (first, second), strict=False) if words.strip()}


def _parts(request: HTMXRequest, first: str, second: str) -> tuple[PartDraft, ...]:
    """One a line, "2 bring tea"; the same line in the other language is the same role."""
    lines = [[each for each in typed.splitlines() if each.strip()] for typed in (first, second)]
    tags, found = request.state.here.languages, []
    for nth in range(max(len(each) for each in lines)):
        read = [_part(each[nth]) if nth < len(each) else (1, "") for each in lines]
        names = {tag: words for tag, (_, words) in zip(tags, read, strict=False) if words}
        found.append(PartDraft(names, max(wanted for wanted, _ in read)))
    return tuple(found)


def _part(line: str) -> tuple[int, str]:
    numbered = WANTED.fullmatch(line)
    return (int(numbered[1]), numbered[2].strip()[:120]) if numbered else (1, line.strip()[:120])


def _offered(typed: str) -> tuple[date, int, int]:
    try:
        day, opens, closes = typed.split()
        return date.fromisoformat(day), int(opens), int(closes)
    except ValueError:
        raise Refusal(say("Please choose one of these."), beside="begins") from None


def as_typed(request: HTMXRequest, event: Gathering, zone: ZoneInfo) -> Form:
    day, opens = wall_of(event.begins_at, zone)
    last, closes = wall_of(event.ends_at, zone)
    texts = {"title": event.titles, "words": event.words, "place": event.place}
    typed: dict[str, Any] = {
        f"{name}_{nth}": json.loads(words).get(tag, "")
        for name, words in texts.items()
        for nth, tag in enumerate(request.state.here.languages)
    }
    plain = {name: getattr(event, name) for name in ("kind", "space", "capacity", "area", "role", "public")}
    typed |= {"capability": event.capability, "valid_days": event.valid_days, "guests_each": event.guests}
    typed |= {"day": day.isoformat(), "begins": hour_typed(opens), "ends": hour_typed(closes), "agreed": True}
    if last > day and closes:
        typed["last"] = last.isoformat()
    return blank(EventForm, **plain, **typed)
