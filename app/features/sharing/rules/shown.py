"""What a reader may see of all items, and what of it is free: pieces of the board's queries.

Each says by name what it is to be filled with: {me}, {building} (where the reader lives), {now}, {today} and days,
counted as `kit/slots.py` does.
"""

from functools import cache
from string import Formatter
from typing import Any, Generic, TypeVar

from msgspec import Struct

from app.db import DB, Prepared, prepared_sql
from app.features.moderation.rules import NOT_BLOCKED
from app.features.sharing.rules.listing import WORDS
from app.features.sharing.rules.reach import ANSWERED

T = TypeVar("T", bound=Struct)

# ruff: noqa: S608 (all of these words are ours)
MINE = (  # asked once a query: what the reader answers for
    "(SELECT own.id FROM items AS own WHERE own.person = {me} UNION "
    "SELECT item_keepers.item FROM item_keepers WHERE item_keepers.person = {me} UNION "
    "SELECT ours.id FROM memberships JOIN items AS ours ON ours.household = memberships.household "
    "WHERE memberships.person = {me} AND memberships.until_on IS NULL)"
)
# Whose it is, as a block counts it: of a household's, whoever offered it.
WHOSE = "COALESCE(items.person, CASE WHEN items.household IS NULL THEN 0 ELSE items.by END, 0)"
ITEMS = "items LEFT JOIN people AS owners ON owners.id = items.person"
OFFERED = "items.state = 'offered' AND (items.until_at IS NULL OR items.until_at > {now})"
AT_PEACE = f"{ANSWERED} AND {WHOSE} {NOT_BLOCKED}"
NEAR = f"items.area = {{building}} AND (({AT_PEACE}) OR items.id IN {MINE})"
ELSEWHERE = (
    "items.area IS DISTINCT FROM {building} "
    f"AND ((items.audience = 'community' AND {AT_PEACE}) OR items.id IN {MINE})"
)
VISIBLE = f"(((items.audience = 'community' OR items.area = {{building}}) AND {AT_PEACE}) OR items.id IN {MINE})"
BROKEN_LAST = "items.condition = 'broken'"

# Somebody has it (also beyond the last day that was agreed); of a gift: it is promised. The first condition on
# `stage` names the index, `one_open_ask_for_an_item`.
AWAY = (
    "EXISTS (SELECT 1 FROM loans WHERE loans.item = items.id AND loans.stage IN ('asked', 'accepted', 'out') "
    "AND loans.stage = CASE WHEN items.kind = 'give' THEN 'accepted' ELSE 'out' END)"
)
WHOLE = "items.condition <> 'broken'"
FREE_TODAY = (
    f"{WHOLE} AND NOT {AWAY} AND NOT EXISTS (SELECT 1 FROM slots WHERE slots.thing = 'item:' || items.id "
    "AND slots.slot = CAST({today} AS integer))"
)
# For a loan from the first day to the last: with the days after it that are nobody's, and no longer than is lent.
FREE_DAYS = (
    f"{WHOLE} AND items.kind = 'lend' AND items.longest > CAST({{last}} AS integer) - CAST({{first}} AS integer) "
    "AND NOT EXISTS (SELECT 1 FROM slots WHERE slots.thing = 'item:' || items.id "
    "AND slots.slot >= CAST({first} AS integer) AND slots.slot <= CAST({last} AS integer) + items.gap)"
)
AT_HOME = f"NOT {AWAY}"

# What words find, the best first. PostgreSQL would rather read all items than a thousand one by one, which takes ten
# times as long where they are in memory: it is told not to.
SEARCH = {
    "sqlite": f"SELECT items.id AS id, {BROKEN_LAST} AS broken, hits.score AS place FROM {{hits}} AS hits "
    f"JOIN {ITEMS} WHERE items.id = hits.id AND {OFFERED} AND {VISIBLE}{{only}}",
    "postgres": "SELECT found.id AS id, found.broken, hits.score AS place FROM {hits} AS hits "
    f"CROSS JOIN LATERAL (SELECT items.id, {BROKEN_LAST} AS broken FROM {ITEMS} "
    f"WHERE items.id = hits.id AND {OFFERED} AND {VISIBLE}{{only}} LIMIT 1) AS found",
}
BEST = "broken, place, id DESC"


def hits(only: str = "") -> str:
    """Of what {query} finds, what the reader may see, and `only` some of it."""
    found = WORDS.hits.replace("{}", "{query}")
    return SEARCH[DB.engine_type].replace("{hits}", found).replace("{only}", only)


class Asking(Generic[T]):
    """A query with names where values go; it takes a mapping, which may hold more than it needs."""

    def __init__(self, sql: str, row: type[T]) -> None:
        names = dict.fromkeys(name for _, name, _, _ in Formatter().parse(sql) if name)
        self._names = tuple(names)
        numbered = sql.format(**{name: f"{{{place}}}" for place, name in enumerate(names)})
        self._prepared: Prepared[T] = prepared_sql(numbered, row)

    async def __call__(self, values: dict[str, Any]) -> list[T]:
        return await self._prepared(*[values[name] for name in self._names])


@cache
def asking(sql: str, row: type[T]) -> Asking[T]:
    """Made once for each way in which one may look."""
    return Asking(sql, row)
