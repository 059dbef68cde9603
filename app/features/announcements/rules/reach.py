"""Whose an announcement is to read, and who may put one up."""

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind

AMONG = {"sqlite": "IN (SELECT value FROM json_each({}))", "postgres": "= ANY(CAST({} AS integer[]))"}


class _Id(Struct):
    id: int


AROUND_HOME = (  # of person {0}: each area with one of their doors, and all above it
    "SELECT id FROM (WITH RECURSIVE around (id, up) AS (SELECT areas.id, areas.parent FROM memberships "
    "JOIN households ON households.id = memberships.household JOIN areas ON areas.id = households.area "
    "WHERE memberships.person = {0} AND memberships.until_on IS NULL "
    "UNION SELECT areas.id, areas.parent FROM areas JOIN around ON areas.id = around.up) "
    "SELECT id FROM around) AS line"
)
_around_home = prepared_sql(AROUND_HOME, _Id, of_many=True)
_everybody = prepared_sql("SELECT id FROM people WHERE state = 'active' AND name <> ''", _Id)
_living_in = prepared_sql(
    {
        engine: "SELECT DISTINCT people.id FROM memberships JOIN households ON households.id = memberships.household "  # noqa: S608
        "JOIN people ON people.id = memberships.person AND people.state = 'active' "
        f"WHERE memberships.until_on IS NULL AND households.area {among}"
        for engine, among in AMONG.items()
    },
    _Id,
)


async def areas_around(person_id: int) -> set[int]:
    """From each of their doors up to the largest area."""
    return {row.id for row in await _around_home(person_id)}


async def areas_kept(by: Neighbour) -> set[int]:
    """What a steward looks after, with everything inside it."""
    return {area for kept in by.areas_as(Kind.steward) for area in await community.below(kept)}


async def readers(area: int | None) -> set[int]:
    """Who lives there now; without an area, everybody who was let in."""
    rows = await _everybody() if area is None else await _living_in(await community.below(area))
    return {row.id for row in rows}


async def is_for(by: Neighbour, area: int | None) -> bool:
    """May they read it: where they live, or what they look after?"""
    if area is None or by.is_a(Kind.administrator):
        return by.is_active
    return by.is_active and (area in await areas_around(by.id) or area in await areas_kept(by))


async def may_write(by: Neighbour, area: int | None) -> bool:
    """Administrators to everybody and anywhere, stewards to their own areas."""
    if by.is_a(Kind.administrator):
        return by.is_active
    return by.is_active and area is not None and area in await areas_kept(by)


def writes(by: Neighbour) -> bool:
    """Is there anywhere that they may write to?"""
    return by.is_active and by.is_a(Kind.administrator, Kind.steward)
