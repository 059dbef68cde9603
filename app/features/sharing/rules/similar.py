"""Something else of that kind: for whoever was refused, or whose loan cannot be because the thing broke."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct

from app.features.people.rules import Neighbour
from app.features.sharing.rules.reach import Thing
from app.features.sharing.rules.shown import FREE_DAYS, MINE, asking, hits
from app.features.sharing.tables import Category
from app.features.skills.rules import building_of
from app.kit.search import asked

MOST = 3


class Alike(Struct):
    """Another item that can be had on these days. `area` is its building."""

    id: int
    name: str
    lang: str
    category: Category
    area: int | None

    @property
    def path(self) -> str:
        return f"/share/{self.id}"


# ruff: noqa: S608 (all of these words are ours)
_OTHERS = f" AND items.category = {{category}} AND items.id <> {{item}} AND items.id NOT IN {MINE} AND {FREE_DAYS}"
_NEAR = "items.area IS DISTINCT FROM {building}"
_ALIKE = (
    "SELECT items.id, items.name, items.lang, items.category, items.area "
    f"FROM ({hits(_OTHERS)}) AS found JOIN items ON items.id = found.id "
    f"ORDER BY {_NEAR}, found.place, found.id LIMIT {MOST}"
)


async def similar(thing: Thing, first: date, last: date, *, by: Neighbour, now: datetime) -> list[Alike]:
    """Of its category, with a word of its name, free for a loan of these days, and for this reader to see: those in the
    reader's building first. Nothing of their own."""
    values: dict[str, Any] = {
        "me": by.id,
        "building": await building_of(by.id),
        "now": now,
        "query": asked(thing.name, any_of_it=True),
        "category": thing.category,
        "item": thing.id,
        "first": first.toordinal(),
        "last": last.toordinal(),
    }
    return await asking(_ALIKE, Alike)(values)
