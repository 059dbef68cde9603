"""The directory: who offers what, found by words, category, area, or for an emergency."""

from collections.abc import Sequence

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.moderation.rules import NOT_BLOCKED
from app.features.people.rules import Neighbour
from app.features.skills.rules.listing import AMONG, WORDS
from app.features.skills.tables import Category
from app.kit.paging import Paged, paged, window
from app.kit.search import asked
from app.kit.words import Sentence


class Chip(Struct, array_like=True):
    """A skill as it stands on a card."""

    id: int
    words: str
    lang: str
    category: Category
    emergency: int


class Found(Struct):
    """A card of the directory."""

    id: int
    name: str
    photo: str
    building: int | None
    area_kind: str | None
    area_name: str | None
    skills: list[Chip]

    @property
    def place(self) -> Sentence | None:
        return community.label(self.area_kind or "", self.area_name) if self.area_name else None

    @property
    def in_an_emergency(self) -> bool:
        return any(chip.emergency for chip in self.skills)


class Hit(Found):
    """Found by words: the smaller the score, the better."""

    score: float


CARD = (
    "people.id, people.name, people.photo, listings.building, areas.kind AS area_kind, areas.name AS area_name, "
    "cards.skills"
)
ACTIVE = "JOIN people ON people.id = listings.person AND people.state = 'active'"
JOINED = f"{ACTIVE} JOIN cards ON cards.person = listings.person LEFT JOIN areas ON areas.id = listings.building"
BLOCKS = "AND listings.person " + NOT_BLOCKED.replace("{me}", "{0}")
LISTED = f"SELECT {CARD} FROM listings {JOINED} WHERE listings.under = {{1}} {{also}} {BLOCKS}"  # noqa: S608
NEWEST = f"{LISTED} ORDER BY listings.newest_at DESC, listings.person DESC LIMIT {{2}} OFFSET {{3}}"
HITS = WORDS.hits.replace("{}", "{4}")
# The best are chosen first, with nothing but their ids, and only then get their cards.
BEST = (
    f"SELECT {CARD}, listings.score FROM (SELECT hits.id AS person, hits.score, listings.building "  # noqa: S608
    f"FROM {HITS} AS hits JOIN listings ON listings.person = hits.id {ACTIVE} "
    f"WHERE listings.under = {{1}} {{also}} {BLOCKS} ORDER BY hits.score, hits.id "
    "LIMIT {2} OFFSET {3}) AS listings "
    f"{JOINED} ORDER BY listings.score, listings.person"
)


def _only(sql: str, also: str = "") -> str:
    return sql.replace("{also}", also)


_all = prepared_sql(_only(NEWEST), Found)
_in_building = prepared_sql(_only(NEWEST, "AND listings.building = {4}"), Found)
_elsewhere = prepared_sql(_only(NEWEST, "AND listings.building IS DISTINCT FROM {4}"), Found)
_in_areas = prepared_sql(_only(NEWEST, "AND listings.area " + AMONG.replace("{}", "{4}")), Found)
_best = prepared_sql(_only(BEST), Hit)
_best_in_areas = prepared_sql(_only(BEST, "AND listings.area " + AMONG.replace("{}", "{5}")), Hit)


class _Number(Struct):
    number: int


_how_many_in_building = prepared_sql(
    "SELECT count(*) AS number FROM listings JOIN people ON people.id = listings.person "  # noqa: S608
    "AND people.state = 'active' "
    f"WHERE listings.under = {{1}} AND listings.building = {{2}} {BLOCKS}",
    _Number,
)


class Wanted(Struct, frozen=True):
    """What somebody looks for in the directory."""

    words: str = ""
    category: Category | None = None
    area: int | None = None
    emergency: bool = False

    @property
    def under(self) -> str:
        return ("!" if self.emergency else "") + (self.category or "")


async def neighbours(wanted: Wanted, *, by: Neighbour, number: int = 1) -> Paged[Found]:
    """Words: the best hits first. No words: the own building first, then the rest, the newest offers first."""
    limit, offset = window(number)
    areas = await community.below(wanted.area) if wanted.area else None
    rows: Sequence[Found]
    if wanted.words.strip():
        rows = await best(asked(wanted.words), wanted.under, limit, offset, areas, reader=by.id)
    elif areas is not None:
        rows = await _in_areas(by.id, wanted.under, limit, offset, areas)
    else:
        rows = await own_building_first(wanted.under, await building_of(by.id), limit, offset, reader=by.id)
    return paged(rows, number)


async def best(
    query: str, under: str, limit: int, offset: int = 0, areas: list[int] | None = None, *, reader: int = 0
) -> list[Hit]:
    """`query` as kit.search.asked() makes it. Without those whom the reader blocks, or who block them."""
    if areas is None:
        return await _best(reader, under, limit, offset, query)
    return await _best_in_areas(reader, under, limit, offset, query, areas)


async def own_building_first(
    under: str, building: int | None, limit: int, offset: int = 0, *, reader: int = 0
) -> list[Found]:
    """Two walks along an index; how many live in the building is asked only on the pages after the first."""
    if building is None:
        return await _all(reader, under, limit, offset)
    near = await _in_building(reader, under, limit, offset, building)
    if len(near) == limit:
        return near
    begin = 0 if near or not offset else offset - (await _how_many_in_building(reader, under, building))[0].number
    return [*near, *await _elsewhere(reader, under, limit - len(near), max(0, begin), building)]


class _Top(Struct):
    id: int


_building = prepared_sql(
    "SELECT id FROM (WITH RECURSIVE above (id, parent) AS (SELECT areas.id, areas.parent FROM areas WHERE areas.id = ("
    "SELECT households.area FROM memberships JOIN households ON households.id = memberships.household "
    "WHERE memberships.person = {} AND memberships.until_on IS NULL ORDER BY memberships.id LIMIT 1) "
    "UNION ALL SELECT areas.id, areas.parent FROM areas JOIN above ON areas.id = above.parent) "
    "SELECT id FROM above WHERE parent IS NULL) AS top",
    _Top,
)


async def building_of(person_id: int) -> int | None:
    """The largest area around somebody's door."""
    found = await _building.first(person_id)
    return found.id if found else None
