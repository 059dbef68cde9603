"""What is looked for: one's own first, then everybody's, the newest first."""

from datetime import datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql
from app.features.moderation.rules import NOT_BLOCKED
from app.features.people.rules import Neighbour
from app.features.sharing.rules.searches import COLUMNS, Search
from app.features.sharing.searches import Sought
from app.kit.paging import Paged, paged, window

MINE, EARLIER, IN_SIGHT = 40, 10, timedelta(days=60)


class Posts(Struct):
    """`mine` and `earlier` on the first page only."""

    mine: list[Search]
    others: Paged[Search]
    earlier: list[Search]

    def __bool__(self) -> bool:
        return bool(self.mine or self.others)


_THEIRS = "(item_searches.person = {0} OR item_searches.acted_by = {0})"
_OPEN = f"item_searches.stage = '{Sought.open}' AND item_searches.until_at > {{1}}"
_mine = prepared_sql(
    COLUMNS + f"WHERE {_THEIRS} AND {_OPEN} ORDER BY item_searches.id DESC LIMIT {{2}}",
    Search,
)
_earlier = prepared_sql(
    COLUMNS + f"WHERE {_THEIRS} AND NOT ({_OPEN}) AND item_searches.made_at > {{2}} "
    "ORDER BY item_searches.id DESC LIMIT {3}",
    Search,
)
_others = prepared_sql(
    COLUMNS + f"WHERE {_OPEN} AND people.state = 'active' AND item_searches.person <> {{0}} "
    "AND (item_searches.acted_by IS NULL OR item_searches.acted_by <> {0}) "
    f"AND item_searches.person {NOT_BLOCKED.replace('{me}', '{0}')} "
    f"AND (item_searches.acted_by IS NULL OR item_searches.acted_by {NOT_BLOCKED.replace('{me}', '{0}')}) "
    "ORDER BY item_searches.id DESC LIMIT {2} OFFSET {3}",
    Search,
)


async def wanted(by: Neighbour, *, number: int = 1, now: datetime) -> Posts:
    others = paged(await _others(by.id, now, *window(number)), number)
    if number > 1:
        return Posts([], others, [])
    return Posts(list(await _mine(by.id, now, MINE)), others, list(await _earlier(by.id, now, now - IN_SIGHT, EARLIER)))


async def my_open(by: Neighbour, *, now: datetime) -> list[Search]:
    return list(await _mine(by.id, now, MINE))
