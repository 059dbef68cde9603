"""Who holds a key: the one who was asked or said yes, the keys somebody holds, and whom a household may ask."""

from datetime import date, datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.household.rules.cards import STANDS, only_for_members
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.kit.refusals import Missing
from app.kit.words import Sentence

FOUND = 10


class Holding(Struct):
    """`household` and `address` are of those whose key it is."""

    id: int
    household: int
    address: str
    holder: int
    holder_name: str
    holder_photo: str
    asked_by: str | None
    asked_at: datetime
    agreed_at: datetime | None

    def shows_address(self, person_id: int) -> bool:
        """The door belongs to the household until the holder has said yes."""
        return person_id != self.holder or self.agreed_at is not None


_HOLDING = (
    "SELECT key_holdings.id, key_holdings.household, households.address, holders.id AS holder, "
    "holders.name AS holder_name, holders.photo AS holder_photo, askers.name AS asked_by, asked_at, agreed_at "
    "FROM key_holdings JOIN households ON households.id = key_holdings.household "
    "JOIN people AS holders ON holders.id = key_holdings.holder AND holders.state = 'active' "
    "LEFT JOIN people AS askers ON askers.id = key_holdings.asked_by "
    "WHERE key_holdings.ended_at IS NULL AND " + STANDS.format("key_holdings")
)
_of_household = prepared_sql(_HOLDING + " AND key_holdings.household = {}", Holding)
_one = prepared_sql(_HOLDING + " AND key_holdings.id = {}", Holding)
_of_holder = prepared_sql(_HOLDING + " AND key_holdings.holder = {} ORDER BY key_holdings.id DESC", Holding)
_HOMES = "(SELECT household FROM memberships WHERE person = {} AND until_on IS NULL)"
_between = prepared_sql(
    _HOLDING + f" AND ((key_holdings.holder = {{0}} AND key_holdings.household IN {_HOMES.format('{1}')}) "
    f"OR (key_holdings.holder = {{1}} AND key_holdings.household IN {_HOMES.format('{0}')})) ORDER BY key_holdings.id",
    Holding,
)


async def holding_of(household_id: int) -> Holding | None:
    """Asked, or agreed."""
    return await _of_household.first(household_id)


async def holdings_of(holder: Neighbour) -> list[Holding]:
    """The keys that somebody holds, and those that they are asked to hold."""
    return list(await _of_holder(holder.id))


async def holdings_between(a: int, b: int) -> list[Holding]:
    """Those of a household of the one that the other holds, or is asked to hold."""
    return list(await _between(a, b))


async def standing(holding_id: int) -> Holding | None:
    """Not ended, and still of those who live there."""
    return await _one.first(holding_id)


async def holding(holding_id: int, *, by: Neighbour) -> Holding:
    """For the holder and the household. Raises Missing for everybody else."""
    found = await standing(holding_id)
    if found is None:
        raise Missing
    if found.holder != by.id:
        await only_for_members(found.household, by)
    return found


class Candidate(Struct):
    id: int
    name: str
    photo: str


class _One(Struct):
    one: int


# Whom one of a household blocks, or who blocks one of it.
_AT_HOME = "(SELECT person FROM memberships WHERE household = {0} AND until_on IS NULL)"
_ACROSS = (
    f"(SELECT blocks.blocked FROM blocks WHERE blocks.person IN {_AT_HOME} "  # noqa: S608
    f"UNION ALL SELECT blocks.person FROM blocks WHERE blocks.blocked IN {_AT_HOME})"
)
_is_across = prepared_sql(f"SELECT 1 AS one WHERE {{1}} IN {_ACROSS}", _One)
_named = prepared_sql(
    "SELECT people.id, people.name, people.photo FROM people JOIN logins ON logins.person = people.id "  # noqa: S608
    "WHERE people.state = 'active' AND lower(people.name) LIKE {1} ESCAPE '!' "
    "AND (people.of_age_on IS NULL OR people.of_age_on <= {2}) "
    f"AND people.id NOT IN {_AT_HOME} AND people.id NOT IN {_ACROSS} ORDER BY people.name, people.id LIMIT {{3}}",
    Candidate,
)


async def blocks_across(household_id: int, person_id: int) -> bool:
    """Between this person and anybody of the household: a key opens the door of all who live behind it."""
    return await _is_across.first(household_id, person_id) is not None


async def candidates(
    household_id: int, q: str, *, by: Neighbour, today: date
) -> tuple[list[Candidate], dict[int, Sentence]]:
    """Neighbours of that name who can answer here, and their buildings. Children are shown to nobody."""
    await only_for_members(household_id, by)
    plain = " ".join(q.lower().split())
    for sign in "!%_":
        plain = plain.replace(sign, "!" + sign)
    found = list(await _named(household_id, f"%{plain}%", today, FOUND)) if plain else []
    return found, await people.whereabouts(each.id for each in found)
