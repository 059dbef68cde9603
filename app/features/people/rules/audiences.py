"""Who may read what: one answer for every page that shows a personal field."""

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.people.rules.acting import steward_reaches
from app.features.people.rules.fields import RINGS
from app.features.people.rules.households import Home
from app.features.people.rules.neighbour import Neighbour
from app.features.people.tables import Audience, Kind, State

HERE = (State.pending, State.active, State.suspended)


class _State(Struct):
    state: str


class _Around(Struct):
    id: int


_state = prepared_sql("SELECT state FROM people WHERE id = {}", _State)
# The largest areas around somebody's homes: UNION, since two homes may share most of the way up.
_buildings = prepared_sql(
    "WITH RECURSIVE line (id, up) AS (SELECT areas.id, areas.parent FROM memberships "
    "JOIN households ON households.id = memberships.household JOIN areas ON areas.id = households.area "
    "WHERE memberships.person = {} AND memberships.until_on IS NULL UNION "
    "SELECT areas.id, areas.parent FROM line JOIN areas ON areas.id = line.up) SELECT id FROM line WHERE up IS NULL",
    _Around,
)
_membership = prepared_sql(
    "SELECT id FROM memberships WHERE person = {} AND household = {} AND until_on IS NULL", _Around
)


async def may_read(by: Neighbour, owner: int, audience: Audience) -> bool:
    """A field of the person `owner` that is open to `audience`."""
    return is_within(audience, await nearness(by, owner))


def is_within(audience: Audience, near: Audience | None) -> bool:
    """Does a field that is open to `audience` reach somebody who stands that near?"""
    return near is not None and RINGS.index(near) <= RINGS.index(audience)


async def nearness(by: Neighbour, owner: int) -> Audience | None:
    """The innermost ring around a person in which the reader stands; None for whom all is closed.

    Administrators stand where stewards do, everywhere. Who is not an active neighbour reads nothing of others.
    """
    if by.id == owner:
        return Audience.me
    found = await _state.first(owner)
    if not by.is_active or found is None or found.state not in HERE:
        return None
    if by.is_a(Kind.administrator) or await steward_reaches(by, owner):
        return Audience.stewards
    if found.state != State.active:
        return None
    return Audience.building if await buildings_of(by.id) & await buildings_of(owner) else Audience.community


async def nearness_to_household(by: Neighbour, home: Home) -> Audience | None:
    """The same around a household, whose members are the innermost ring."""
    if not by.is_active:
        return None
    if await _membership(by.id, home.id):
        return Audience.me
    if await looks_after(by, home):
        return Audience.stewards
    top = (await community.line_to(home.area))[0]
    return Audience.building if top.id in await buildings_of(by.id) else Audience.community


async def looks_after(by: Neighbour, home: Home) -> bool:
    """Is the household one of those that this steward keeps an eye on, or the reader an administrator?"""
    if not by.is_active or by.is_a(Kind.administrator):
        return by.is_active
    kept = set(by.areas_as(Kind.steward))
    return bool(kept) and any(area.id in kept for area in await community.line_to(home.area))


async def buildings_of(person_id: int) -> set[int]:
    """The largest areas around their homes: mostly one."""
    return {area.id for area in await _buildings(person_id)}
