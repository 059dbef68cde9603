"""The board: what there is to borrow and to have, found by words, kind, place and days."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.sharing.rules import shown
from app.features.sharing.rules.free import free_from
from app.features.sharing.rules.listing import AMONG
from app.features.sharing.rules.reach import path_of
from app.features.sharing.rules.shown import AWAY, BEST, BROKEN_LAST, ITEMS, OFFERED, asking
from app.features.sharing.tables import Category, Condition, Kind
from app.features.skills.rules import building_of
from app.kit.paging import PER_PAGE, Paged, paged, window
from app.kit.search import asked
from app.kit.words import Sentence


class Card(Struct):
    """An item on the board. `away`: somebody has it, or (a gift) it is promised. `free_on` is its first free day."""

    id: int
    kind: Kind
    name: str
    lang: str
    category: Category
    condition: Condition
    area_kind: str | None
    area_name: str | None
    photo: str | None
    photo_words: str | None
    away: bool
    free_on: date | None

    @property
    def path(self) -> str:
        return path_of(self.id)

    @property
    def place(self) -> Sentence | None:
        return community.label(self.area_kind or "", self.area_name) if self.area_name else None

    @property
    def is_gift(self) -> bool:
        return self.kind == Kind.give

    @property
    def is_broken(self) -> bool:
        return self.condition == Condition.broken


class Wanted(Struct, frozen=True):
    """What somebody looks for on the board. `free`: today. `first` and `last`: free for a loan of those days."""

    words: str = ""
    category: Category | None = None
    kind: Kind | None = None
    area: int | None = None
    emergency: bool = False
    free: bool = False
    first: date | None = None
    last: date | None = None
    newest: bool = False

    @property
    def is_narrow(self) -> bool:
        """More than words is asked for."""
        return bool(self.category or self.kind or self.area or self.emergency or self.free or self.first)


class Number(Struct):
    number: int


# ruff: noqa: S608 (all of these words are ours)
NEWEST = f"{BROKEN_LAST}, items.id DESC"
ENOUGH = PER_PAGE + 1
# Those of a page are chosen first, with nothing but their ids, and only then get their cards.
CARD = (
    "SELECT items.id, items.kind, items.name, items.lang, items.category, items.condition, "
    "areas.kind AS area_kind, areas.name AS area_name, pictures.token AS photo, pictures.words AS photo_words, "
    f"{AWAY} AS away, NULL AS free_on FROM ({{chosen}}) AS chosen JOIN items ON items.id = chosen.id "
    "LEFT JOIN areas ON areas.id = items.area LEFT JOIN pictures ON pictures.id = "
    "(SELECT min(others.id) FROM pictures AS others WHERE others.page = '/share/' || items.id) "
    "ORDER BY chosen.broken, chosen.place, chosen.id DESC"
)
WALK = f"SELECT items.id, {BROKEN_LAST} AS broken, -items.id AS place FROM {ITEMS} WHERE {OFFERED} AND "


async def board(wanted: Wanted, *, by: Neighbour, now: datetime, today: date, number: int = 1) -> Paged[Card]:
    """Words: the best hits first. No words: the own building first, then the rest (or all), the newest first; what is
    broken stands last. Nothing but what the reader may see."""
    _, offset = window(number)
    building = await building_of(by.id)
    values: dict[str, Any] = {
        "me": by.id,
        "building": building,
        "now": now,
        "today": today.toordinal(),
        "query": asked(wanted.words),
        "category": wanted.category,
        "kind": wanted.kind,
        "areas": await _stands_in(wanted.area) if wanted.area else None,
        "first": wanted.first.toordinal() if wanted.first else None,
        "last": (wanted.last or wanted.first or today).toordinal(),
    }
    only = _only(wanted, values)
    rows: Sequence[Card]
    if wanted.words.strip():
        rows = await _cards(shown.hits(only), BEST, values, offset)
    elif building is None or wanted.area or wanted.newest:
        rows = await _cards(f"{WALK}{shown.VISIBLE}{only}", NEWEST, values, offset)
    else:
        rows = await _own_building_first(only, values, offset)
    found = paged(rows, number)
    free = await free_from([card.id for card in found if not card.is_gift], today)
    for card in found:
        card.free_on = free.get(card.id)
    return found


_in_use = prepared_sql(
    "SELECT areas.id AS number FROM areas WHERE EXISTS (SELECT 1 FROM items WHERE items.area = areas.id "
    f"AND items.state = 'offered') AND areas.id {AMONG}",
    Number,
)


async def _stands_in(area: int) -> list[int]:
    """Where inside an area items stand: mostly in one place, its building. A single one can be walked in order."""
    return [row.number for row in await _in_use(await community.below(area))]


def _only(wanted: Wanted, values: dict[str, Any]) -> str:
    inside = f"items.area {AMONG.replace('{}', '{areas}')}"
    if len(values["areas"] or ()) == 1:
        [values["area"]] = values["areas"]
        inside = "items.area = {area}"
    told = (
        (wanted.category, "items.category = {category}"),
        (wanted.kind, "items.kind = {kind}"),
        (wanted.area, inside),
        (wanted.emergency, "items.emergency"),
        (wanted.free, shown.FREE_TODAY),
        (wanted.first, shown.FREE_DAYS),
    )
    return "".join(f" AND {condition}" for asked_for, condition in told if asked_for)


async def _own_building_first(only: str, values: dict[str, Any], offset: int) -> list[Card]:
    """Two walks along an index; how many stand in the building is asked only on the pages after the first."""
    near = await _cards(f"{WALK}{shown.NEAR}{only}", NEWEST, values, offset)
    if len(near) > PER_PAGE:
        return near
    begin = 0
    if offset and not near:
        begin = offset - (await asking(f"{COUNTED}{shown.NEAR}{only}", Number)(values))[0].number
    rest = await _cards(f"{WALK}{shown.ELSEWHERE}{only}", NEWEST, values, max(0, begin))
    return [*near, *rest][:ENOUGH]


COUNTED = f"SELECT count(*) AS number FROM {ITEMS} WHERE {OFFERED} AND "


async def _cards(chosen: str, order: str, values: dict[str, Any], offset: int) -> list[Card]:
    sql = f"{chosen} ORDER BY {order} LIMIT {_reach(offset)}"
    if offset:
        sql = f"SELECT id, broken, place FROM ({sql}) AS walked ORDER BY {BEST} LIMIT {ENOUGH} OFFSET {{offset}}"
    return await asking(CARD.replace("{chosen}", sql), Card)({**values, "offset": offset})


def _reach(offset: int) -> int:
    """How far one walks, written out: a planner that reads a number there knows that it may stop soon. Powers of two
    beyond the first page, so that there are few such queries."""
    return 1 << (offset + ENOUGH).bit_length() if offset else ENOUGH
