"""Who may have it? What is on the board and fits some words and a category, the best first, and who answers for it."""

from collections.abc import Collection
from datetime import date, datetime

from msgspec import Struct

from app.db import DB, prepared_sql
from app.features.community import rules as community
from app.features.moderation.rules import NOT_BLOCKED
from app.features.sharing.rules.guessing import category_of
from app.features.sharing.rules.listing import WORDS
from app.features.sharing.rules.reach import ANSWERED, path_of
from app.features.sharing.tables import Audience, Category, Condition, Kind, State
from app.features.skills.rules import building_of
from app.features.skills.rules.matching import CALLED_AT_ONCE, NOISE
from app.kit.search import asked
from app.kit.words import Sentence

CONSIDERED = 60
AMONG = "IN (SELECT value FROM json_each({}))" if DB.engine_type == "sqlite" else "= ANY(CAST({} AS integer[]))"


class Fits(Struct):
    """Something on the board, as a row of a list."""

    id: int
    kind: Kind
    name: str
    lang: str
    category: Category
    area: int | None
    area_kind: str | None
    area_name: str | None

    @property
    def path(self) -> str:
        return path_of(self.id)

    @property
    def place(self) -> Sentence | None:
        return community.label(self.area_kind or "", self.area_name) if self.area_name else None


class _Hit(Fits):
    """Found by words: the smaller the score, the better."""

    score: float


class _Keeps(Struct):
    item: int
    person: int
    signs_in: bool


# ruff: noqa: S608 (all of these words are ours)
_COLUMNS = (
    "items.id, items.kind, items.name, items.lang, items.category, items.area, areas.kind AS area_kind, "
    "areas.name AS area_name"
)
_FROM = "LEFT JOIN areas ON areas.id = items.area LEFT JOIN people AS owners ON owners.id = items.person "
_WHOSE = "COALESCE(items.person, CASE WHEN items.household IS NOT NULL THEN items.by END)"
# As {0} finds it: whole, not past its time, for their building ({1}) or for all, of nobody across a block.
_SEEN = (
    f"items.state = '{State.offered}' AND items.condition <> '{Condition.broken}' AND {ANSWERED} "
    "AND (items.until_at IS NULL OR items.until_at > {2}) "
    f"AND (items.audience = '{Audience.community}' OR items.area = {{1}}) "
    f"AND ({_WHOSE} IS NULL OR {_WHOSE} {NOT_BLOCKED.replace('{me}', '{0}')}) "
)
_hits = prepared_sql(
    f"SELECT {_COLUMNS}, hits.score FROM {WORDS.hits.replace('{}', '{3}')} AS hits JOIN items ON items.id = hits.id "
    f"{_FROM}WHERE {_SEEN} ORDER BY hits.score, items.id LIMIT {{4}}",
    _Hit,
)
_of_kind = prepared_sql(
    f"SELECT {_COLUMNS} FROM items {_FROM}WHERE {_SEEN} AND items.category = {{3}} ORDER BY items.id DESC LIMIT {{4}}",
    Fits,
)
_among = AMONG.replace("{}", "{0}")
_keepers = prepared_sql(
    "SELECT keeps.item, keeps.person, EXISTS (SELECT 1 FROM logins WHERE logins.person = keeps.person) AS signs_in "
    f"FROM (SELECT id AS item, person FROM items WHERE id {_among} AND person IS NOT NULL "
    f"UNION SELECT item, person FROM item_keepers WHERE item {_among} "
    "UNION SELECT items.id, memberships.person FROM items JOIN memberships "
    "ON memberships.household = items.household AND memberships.until_on IS NULL "
    f"WHERE items.id {_among}) AS keeps JOIN people ON people.id = keeps.person AND people.state = 'active' "
    "AND (people.of_age_on IS NULL OR people.of_age_on <= {1}) "
    f"WHERE people.id {NOT_BLOCKED.replace('{me}', '{2}')} AND people.id {NOT_BLOCKED.replace('{me}', '{3}')} "
    "ORDER BY keeps.item, keeps.person",
    _Keeps,
)


class _Ranked(Struct):
    """`fits`: 2 in kind and in words, 1 in one of them, 0 hardly."""

    fits: int
    thing: Fits


async def _ranked(words: str, category: Category, reader: int, now: datetime) -> list[_Ranked]:
    """What matches in kind and in words first, then in words, then in kind; near among equals, the best words first."""
    near = await building_of(reader)
    hits = {each.id: each for each in await _hits(reader, near, now, _asked(words), CONSIDERED)}
    same_kind: dict[int, Fits] = {}
    if category != Category.other:
        same_kind = {each.id: each for each in await _of_kind(reader, near, now, category, CONSIDERED)}
    best = min((each.score for each in hits.values()), default=0.0)

    def rank(each: Fits) -> tuple[int, bool, bool, float, int]:
        hit = hits.get(each.id)
        good = hit is not None and hit.score <= best / 2
        fits = good + (each.category == category and category != Category.other)
        return -fits, not good, each.area != near, hit.score if hit else 0.0, -each.id

    found: dict[int, Fits] = {**same_kind, **hits}
    return [_Ranked(-rank(each)[0], each) for each in sorted(found.values(), key=rank)[:CONSIDERED]]


def _asked(words: str) -> str:
    return asked(NOISE.sub(" ", words), any_of_it=True)


async def is_it_one(
    words: str, *, category: Category | None = None, reader: int, now: datetime, at_most: int = 5
) -> list[Fits]:
    """What somebody may have overlooked: only what matches in words, since a whole category is the board itself."""
    near = await building_of(reader)
    hits = await _hits(reader, near, now, _asked(words), CONSIDERED)
    best = min((each.score for each in hits), default=0.0)
    kind = category or category_of(words)
    good = [each for each in hits if each.score <= best / 2]
    good.sort(key=lambda each: (each.category != kind, each.area != near, each.score, each.id))
    return list(good[:at_most])


async def who_may_have(
    words: str,
    *,
    category: Category,
    asker: int,
    typist: int,
    today: date,
    now: datetime,
    but: Collection[int] = (),
    at_most: int = CALLED_AT_ONCE,
) -> list[int]:
    """Who answers for what fits, each once: grown up, active, across no block; who can answer here among equals first.

    Of a thing with several keepers each counts, in the place of that thing.
    """
    ranked = await _ranked(words, category, asker, now)
    place = {each.thing.id: (-each.fits, number) for number, each in enumerate(ranked)}
    first: dict[int, tuple[int, bool, int]] = {}
    for each in await _keepers(list(place), today, asker, typist):
        fits, number = place[each.item]
        at = fits, not each.signs_in, number
        first[each.person] = min(first.get(each.person, at), at)
    return sorted((person for person in first if person not in but), key=lambda person: first[person])[:at_most]
