"""How many of everything there is."""

from msgspec import Struct

from app.db import prepared_sql


class Overview(Struct):
    areas: int
    households: int
    people: int
    waiting: int
    roles: int


_overview = prepared_sql(
    "SELECT (SELECT count(*) FROM areas) AS areas, (SELECT count(*) FROM households) AS households, "
    "(SELECT count(*) FROM people WHERE state <> 'gone') AS people, "
    "(SELECT count(*) FROM people WHERE state = 'pending') AS waiting, "
    "(SELECT count(*) FROM roles WHERE ended_at IS NULL AND stands_in_for IS NULL) AS roles",
    Overview,
)


async def overview() -> Overview:
    [counts] = await _overview()
    return counts
