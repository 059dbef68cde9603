"""How to reach a person, and roughly where they live. Whoever shows a contact has made sure that it may be shown."""

from collections.abc import Iterable

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.people.rules.neighbour import Neighbour
from app.features.people.tables import Kind, Person, State
from app.kit.refusals import Missing
from app.kit.words import Sentence


class Contact(Struct):
    name: str
    phone: str
    email: str
    addresses: tuple[str, ...]


class _Address(Struct):
    address: str


_addresses = prepared_sql(
    "SELECT households.address FROM memberships JOIN households ON households.id = memberships.household "
    "WHERE memberships.person = {} AND memberships.until_on IS NULL ORDER BY memberships.id",
    _Address,
)


async def contact(person_id: int) -> Contact:
    person = await Person.select(Person.name, Person.phone, Person.email).where(Person.id == person_id).first()
    if person is None:
        raise Missing
    homes = tuple(row.address for row in await _addresses(person_id))
    return Contact(person["name"], person["phone"], person["email"], homes)


async def may_see_photo(by: Neighbour, page: str) -> bool:
    """A face is for the whole community while its owner is part of it; those who are suspended see their own."""
    person = await Person.select(Person.state).where(Person.id == int(page.rpartition("/")[2])).first()
    return by.is_active and person is not None and (person["state"] == State.active or by.is_a(Kind.administrator))


class _Top(Struct):
    person: int
    kind: str
    name: str


_LINES = (
    "WITH RECURSIVE line (membership, person, up, kind, name) AS ("
    "SELECT memberships.id, memberships.person, areas.parent, areas.kind, areas.name FROM memberships "
    "JOIN households ON households.id = memberships.household JOIN areas ON areas.id = households.area "
    "WHERE memberships.until_on IS NULL AND memberships.person {among} UNION ALL "
    "SELECT line.membership, line.person, areas.parent, areas.kind, areas.name "
    "FROM line JOIN areas ON areas.id = line.up) "
    "SELECT person, kind, name FROM line WHERE up IS NULL ORDER BY membership"
)
_tops = prepared_sql(
    {
        "sqlite": _LINES.format(among="IN (SELECT value FROM json_each({}))"),
        "postgres": _LINES.format(among="= ANY(CAST({} AS integer[]))"),
    },
    _Top,
    of_many=True,
)


async def whereabouts(person_ids: Iterable[int]) -> dict[int, Sentence]:
    """Building-level words, 「3 号楼」: never a door. Each line of areas is climbed: the tree may be thousands."""
    ids = list(person_ids)
    tops = await _tops(ids) if ids else []
    return {top.person: community.label(top.kind, top.name) for top in reversed(tops)}
