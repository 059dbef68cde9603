"""The households of a steward's areas; all of them for an administrator."""

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit.paging import Paged, paged, window
from app.kit.refusals import NotYours
from app.kit.words import say


class Door(Struct):
    """A household as a row: who lives there, by name."""

    id: int
    address: str
    names: str


_NAMES = {
    "sqlite": "group_concat(people.name, ' · ')",
    "postgres": "string_agg(people.name, ' · ')",
}
_AMONG = {
    "sqlite": "IN (SELECT value FROM json_each({0}))",
    "postgres": "= ANY(CAST({0} AS integer[]))",
}
_LIVES = (
    "SELECT 1 FROM memberships JOIN people ON people.id = memberships.person "
    "WHERE memberships.household = households.id AND memberships.until_on IS NULL "
    "AND people.state IN ('active', 'suspended')"
)
# Addresses that begin with what was typed stand before those in which it stands somewhere.
_DOORS = (
    "SELECT chosen.id, chosen.address, (SELECT {names} FROM memberships JOIN people ON people.id = memberships.person "
    "WHERE memberships.household = chosen.id AND memberships.until_on IS NULL "
    "AND people.state IN ('active', 'suspended')) AS names FROM (SELECT id, address, "
    "CASE WHEN lower(address) LIKE substr({{1}}, 2) ESCAPE '!' THEN 0 ELSE 1 END AS place FROM households "
    "WHERE area {among} AND ({{1}} = '' OR lower(address) LIKE {{1}} ESCAPE '!') AND EXISTS ({lives}) "
    "ORDER BY place, length(address), address LIMIT {{2}} OFFSET {{3}}) AS chosen "
    "ORDER BY chosen.place, length(chosen.address), chosen.address"
)
_doors = prepared_sql(
    {engine: _DOORS.format(names=_NAMES[engine], among=_AMONG[engine], lives=_LIVES) for engine in _NAMES},
    Door,
)


async def households(by: Neighbour, q: str = "", *, number: int = 1) -> Paged[Door]:
    """Those with somebody in them. `q` is a piece of an address."""
    if not by.is_active or not by.is_a(Kind.steward, Kind.administrator):
        raise NotYours(say("This is for stewards and the committee."))
    limit, offset = window(number)
    return paged(list(await _doors(await _areas(by), _piece(q), limit, offset)), number)


async def _areas(by: Neighbour) -> list[int]:
    if by.is_a(Kind.administrator):
        tops = [area.id for area in await community.top_areas()]
    else:
        tops = by.areas_as(Kind.steward)
    return sorted({inside for top in tops for inside in await community.below(top)})


def _piece(q: str) -> str:
    plain = " ".join(q.lower().split())
    for sign in "!%_":
        plain = plain.replace(sign, "!" + sign)
    return f"%{plain}%" if plain else ""
