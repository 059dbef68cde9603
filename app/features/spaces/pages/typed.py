"""A space as it is typed: a form of words, numbers and hours, and what it means."""

import json
from typing import Annotated, Any

from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from app.features.spaces import rules
from app.features.spaces.pages.common import today_of
from app.features.spaces.rules import Facts, Hours, Room, Stretch
from app.features.spaces.rules.times import hour_of
from app.features.spaces.tables import Policy, Steps, WayIn
from app.kit.forms import Form, Words, blank
from app.kit.hours import minute_of
from app.kit.refusals import Refusal
from app.kit.words import say

Short = Annotated[str, Words(120)]
Long = Annotated[str, Words(2000)]
PLAIN = (
    "capacity", "area", "steps", "policy", "capability", "short", "few", "step", "shortest", "longest", "ahead",
    "weekly", "gap", "hold_hours", "release",
    "way_in", "key_holder", "public",
)  # fmt: skip


class SpaceForm(Struct):
    name_0: Short = ""
    name_1: Short = ""
    about_0: Long = ""
    about_1: Long = ""
    place_0: Short = ""
    place_1: Short = ""
    price_0: Short = ""
    price_1: Short = ""
    rules_0: Long = ""
    rules_1: Long = ""
    capacity: int = 1
    area: int | None = None
    steps: Steps = Steps.none
    policy: Policy = Policy.approval
    capability: Annotated[str, Words(40)] = ""
    short: int = 0
    few: int = 0
    step: int = 30
    shortest: int = 30
    longest: int = 240
    ahead: int = 60
    weekly: int = 0
    gap: int = 0
    hold_hours: int = 72
    release: int = 0
    way_in: WayIn = WayIn.open
    key_holder: int | None = None
    public: bool = False
    hours_0: Short = ""
    hours_1: Short = ""
    hours_2: Short = ""
    hours_3: Short = ""
    hours_4: Short = ""
    hours_5: Short = ""
    hours_6: Short = ""


def facts_of(request: HTMXRequest, form: Form) -> Facts:
    meant = form.meant
    texts = {
        name: texts_of(request, (getattr(meant, f"{short}_0"), getattr(meant, f"{short}_1")))
        for name, short in (("names", "name"), ("about", "about"), ("place", "place"), ("price", "price"))
    }
    known: dict[str, Any] = texts | plain(meant)
    return Facts(**known)


def plain(facts: Facts | Room | SpaceForm) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in PLAIN}


def texts_of(request: HTMXRequest, typed: tuple[str, str], *, beside: str = "") -> dict[str, str]:
    """By language, those that were written. With `beside` there has to be one."""
    tags = request.state.here.languages
    found = {tag: words.strip() for tag, words in zip(tags, typed, strict=False) if words.strip()}
    if beside and not found:
        raise Refusal(say("Please fill this in."), beside=beside)
    return found


def hours_typed(typed: str, beside: str) -> list[Stretch]:
    """ "9:00-12:00, 14-21" as stretches; nothing is a closed day. Raises Refusal."""
    found = []
    for part in typed.replace("，", ",").replace("–", "-").replace("—", "-").split(","):
        if part.strip():
            opens, dash, closes = part.partition("-")
            if not dash:
                raise Refusal(say("Like 9:00-12:00, 14:00-21:00, please. Nothing means closed."), beside=beside)
            found.append(Stretch(minute_of(opens, beside=beside), minute_of(closes, beside=beside, ends=True)))
    return found


def _typed(stretches: list[Stretch]) -> str:
    return ", ".join(f"{hour_of(each.opens)}-{hour_of(each.closes)}" for each in stretches)


async def as_typed(request: HTMXRequest, room: Room) -> Form:
    hours: Hours = await rules.hours_of(room.id, since=today_of(request))
    house_rules = await rules.house_rules(room.id)
    texts = {"name": room.names, "about": room.about, "place": room.place, "price": room.price}
    texts["rules"] = house_rules.words if house_rules else "{}"
    typed = {
        f"{name}_{nth}": json.loads(words).get(tag, "")
        for name, words in texts.items()
        for nth, tag in enumerate(request.state.here.languages)
    }
    week = {
        f"hours_{day}": ", ".join(
            f"{hour_of(each.opens)}-{hour_of(each.closes)}" for each in hours.weekdays.get(day, [])
        )
        for day in range(7)
    }
    return blank(SpaceForm, **typed, **week, **plain(room))
