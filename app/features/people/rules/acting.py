"""代办: who may answer, ask, book and borrow for somebody else. It gives no right to read more."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.people.rules.neighbour import Neighbour, counts
from app.features.people.tables import Kind
from app.kit import clock


class Named(Struct):
    id: int
    name: str


_housemates = prepared_sql(
    "SELECT DISTINCT others.id, others.name FROM memberships AS own "
    "JOIN memberships AS theirs ON theirs.household = own.household AND theirs.until_on IS NULL "
    "JOIN people AS others ON others.id = theirs.person AND others.state = 'active' "
    "WHERE own.person = {} AND own.until_on IS NULL AND own.may_answer_for = {} AND others.id <> own.person "
    "ORDER BY others.name",
    Named,
)
_areas_of = prepared_sql(
    "SELECT households.area AS id, '' AS name FROM memberships "
    "JOIN households ON households.id = memberships.household "
    "WHERE memberships.person = {} AND memberships.until_on IS NULL",
    Named,
)


async def acts_for(by: Neighbour) -> list[Named]:
    """The members of the household for whom this person may answer; a steward finds others through their pages."""
    return list(await _housemates(by.id, True))


async def may_act_for(by: Neighbour, person_id: int) -> bool:
    if by.id == person_id:
        return True
    if not by.is_active:
        return False
    if any(each.id == person_id for each in await acts_for(by)):
        return True
    return await steward_reaches(by, person_id)


async def steward_reaches(by: Neighbour, person_id: int) -> bool:
    """Does the person live inside an area that this steward looks after?"""
    kept = by.areas_as(Kind.steward)
    if not kept:
        return False
    for home in await _areas_of(person_id):
        if {area.id for area in await community.line_to(home.id)} & set(kept):
            return True
    return False


_stewards_at = prepared_sql(
    "SELECT DISTINCT people.id, people.name FROM roles JOIN people ON people.id = roles.person "  # noqa: S608
    f"WHERE roles.kind = 'steward' AND roles.area = {{0}} AND {counts('{1}')} AND people.state = 'active'",
    Named,
)


async def stewards_of(person_id: int, *, now: datetime | None = None) -> list[Named]:
    """Whoever looks after the person's building, entrance or floor then (or now); stand-ins too."""
    found, at = dict[int, Named](), now or clock.now()
    for home in await _areas_of(person_id):
        for area in await community.line_to(home.id):
            found |= {each.id: each for each in await _stewards_at(area.id, at)}
    return list(found.values())


async def stewards_around(area_id: int, *, now: datetime | None = None) -> list[int]:
    """Whoever looks after that area or one around it then (or now)."""
    at = now or clock.now()
    found = [each.id for area in await community.line_to(area_id) for each in await _stewards_at(area.id, at)]
    return sorted(set(found))
