"""Things go along when those they belong to move: what is for a building is for the one in which they live now."""

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.sharing.tables import Item


class _Moved(Struct):
    id: int
    area: int | None


_moved = prepared_sql(
    "SELECT id, area FROM (WITH RECURSIVE tops (id, top) AS (SELECT id, id FROM areas WHERE parent IS NULL UNION ALL "
    "SELECT areas.id, tops.top FROM areas JOIN tops ON areas.parent = tops.id) "
    "SELECT items.id, tops.top AS area FROM items LEFT JOIN memberships ON memberships.id = "
    "(SELECT min(homes.id) FROM memberships AS homes WHERE homes.person = items.person AND homes.until_on IS NULL) "
    "LEFT JOIN households ON households.id = COALESCE(items.household, memberships.household) "
    "LEFT JOIN tops ON tops.id = households.area WHERE items.area IS DISTINCT FROM tops.top "
    "AND (items.person IS NOT NULL OR items.household IS NOT NULL)) AS moved ORDER BY id",
    _Moved,
)


async def move_along() -> None:
    """By the clock: what is a person's or a household's stands where they live, and with nobody's door nowhere."""
    async with writing():
        for row in await _moved():
            await Item.update({Item.area: row.area}).where(Item.id == row.id)
