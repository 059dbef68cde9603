"""Rooms for tests: the bookhouse, who manages it, and a wish that fits."""

import json
from datetime import date

from app.features.people.tables import Kind as RoleKind
from app.features.spaces import rules
from app.features.spaces.rules import Stretch, Wish
from app.features.spaces.tables import Equipment, Opening, Space
from tests.makers import NOON, a_household, a_person, nth

SATURDAY = date(2026, 5, 9)  # NOON is a Friday, 20:00 in Shanghai


NINE_TO_NINE = Stretch(9 * 60, 21 * 60)


async def a_space(*, hours=NINE_TO_NINE, **said) -> Space:
    """Open from nine to nine every day, for twelve, a manager says yes."""
    n = next(nth)
    names = json.dumps({"zh-Hans": f"百川书屋 {n}", "en": f"Bookhouse {n}"})
    space = Space(**{"slug": f"bookhouse-{n}", "names": names, "capacity": 12, "made_at": NOON, **said})
    await space.save()
    if hours:
        await Opening.insert(
            *[Opening(space=space.id, weekday=day, opens=hours.opens, closes=hours.closes) for day in range(7)]
        )
    return space


async def some_equipment(*, units=1, **said) -> Equipment:
    made = Equipment(names=json.dumps({"en": "Projector", "zh-Hans": "投影仪"}), units=units, **said)
    await made.save()
    return made


async def a_manager(**said):
    return await a_person(role=RoleKind.space_manager, **said)


async def a_neighbour(**said):
    """Who lives behind a door: quotas count doors."""
    return await a_person(home=await a_household(), **said)


def a_wish(**said) -> Wish:
    """Saturday from two to four, for six."""
    usual = {"day": SATURDAY, "opens": 14 * 60, "closes": 16 * 60, "people": 6, "purpose": "Reading club"}
    return Wish(**{**usual, **said})


async def a_booking(space, *, by=None, now=NOON, **said) -> rules.Booked:
    return await rules.book(space.id, a_wish(**said), by=by or await a_neighbour(), now=now)
