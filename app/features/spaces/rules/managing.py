"""Making a space what it is: its facts, what can be had with it, and when it is out of use."""

import json
import re
from datetime import datetime
from typing import Any

from msgspec import Struct, structs

from app.db import writing
from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.features.spaces.rules.managers import managed
from app.features.spaces.rules.reach import Room, space_of
from app.features.spaces.rules.times import LONGEST_STAY
from app.features.spaces.tables import Policy, Space, Steps, WayIn
from app.kit import audit
from app.kit.refusals import Missing, NotYours, Refusal, Several
from app.kit.words import say

STEPS_OF = (15, 30, 60)
TEXTS = ("names", "about", "place", "price")


class Facts(Struct, frozen=True):
    """What a manager writes of a space. Texts are by language; lengths are minutes."""

    names: dict[str, str]
    capacity: int
    about: dict[str, str] = {}
    place: dict[str, str] = {}
    price: dict[str, str] = {}
    area: int | None = None
    steps: Steps = Steps.none
    policy: Policy = Policy.approval
    capability: str = ""
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


async def add_space(facts: Facts, *, by: Neighbour, now: datetime) -> Room:
    """By whoever manages that area, or an administrator. Open at no hour until somebody writes some."""
    _must_make_sense(facts)
    async with writing():
        await _must_manage(facts.area, by)
        made = Space(slug=f"new-{now.timestamp()}", made_at=now, **_kept(facts))
        await made.save()
        await Space.update({Space.slug: _slug(facts.names, made.id)}).where(Space.id == made.id)
        await audit.note("space made", who=by.id, about=f"space:{made.id}", now=now)
        return await space_of(made.id)


async def change_space(space_id: int, facts: Facts, *, by: Neighbour, now: datetime) -> Room:
    """What was booked before stays as it was agreed."""
    _must_make_sense(facts)
    async with writing():
        room = await managed(space_id, by=by)
        await _must_manage(facts.area, by)
        values: dict[Any, Any] = {getattr(Space, name): value for name, value in _kept(facts).items()}
        await Space.update(values).where(Space.id == room.id)
        await audit.note("space changed", who=by.id, about=f"space:{room.id}", now=now)
        return await space_of(room.id)


async def close_space(space_id: int, *, by: Neighbour, now: datetime) -> None:
    """Nobody finds it any more. What is booked stays booked: block it out to cancel that."""
    async with writing():
        room = await managed(space_id, by=by)
        await Space.update({Space.closed_at: now}).where(Space.id == room.id)
        await audit.note("space closed", who=by.id, about=f"space:{room.id}", now=now)


async def open_again(space_id: int, *, by: Neighbour, now: datetime) -> None:
    async with writing():
        room = await managed(space_id, by=by)
        await Space.update({Space.closed_at: None}).where(Space.id == room.id)
        await audit.note("space opened", who=by.id, about=f"space:{room.id}", now=now)


def _kept(facts: Facts) -> dict[str, Any]:
    texts = {
        name: json.dumps(getattr(facts, name), ensure_ascii=False) for name in ("names", "about", "place", "price")
    }
    return structs.asdict(facts) | texts


def _slug(names: dict[str, str], id: int) -> str:
    """Of its name where that has Latin letters: /spaces/bookhouse-7; a number makes it one of its kind."""
    latin = re.sub(r"[^a-z0-9]+", "-", names.get("en", "").lower()).strip("-")[:30]
    return f"{latin or 'space'}-{id}"


def _must_make_sense(facts: Facts) -> None:
    wrong = []
    if not any(each.strip() for each in facts.names.values()):
        wrong.append(Refusal(say("Please fill this in."), beside="name_0"))
    for name, least, most in (
        ("capacity", 1, 5000),
        ("ahead", 1, 730),
        ("weekly", 0, 50),
        ("gap", 0, 24 * 60),
        ("hold_hours", 1, 24 * 14),
        ("release", 0, 240),
        ("few", 0, 5000),
        ("short", 0, 24 * 60),
    ):
        if not least <= getattr(facts, name) <= most:
            wrong.append(Refusal(say("From %(least)s to %(most)s, please.", least=least, most=most), beside=name))
    if facts.step not in STEPS_OF:
        wrong.append(Refusal(say("Please choose one of these."), beside="step"))
    elif facts.shortest % facts.step or not facts.step <= facts.shortest:
        wrong.append(Refusal(say("In whole steps, please: a multiple of %(n)s.", n=facts.step), beside="shortest"))
    elif facts.longest % facts.step or not facts.shortest <= facts.longest <= LONGEST_STAY:
        wrong.append(Refusal(say("In whole steps, and no shorter than the shortest, please."), beside="longest"))
    if facts.capability and facts.capability not in people.CAPABILITIES:
        wrong.append(Refusal(say("Please choose one of these."), beside="capability"))
    if wrong:
        raise Several(wrong)


async def _must_manage(area: int | None, by: Neighbour) -> None:
    if by.is_a(Kind.administrator) and by.is_active:
        if area is not None and not await community.line_to(area):
            raise Missing
        return
    kept = {held for kind, held in by.roles if kind == Kind.space_manager}
    line = await community.line_to(area) if area is not None else []
    if not by.is_active or not (None in kept or kept & {each.id for each in line}):
        raise NotYours(say("Whoever manages this space does that."))
