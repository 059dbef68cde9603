"""How to reach a person, and roughly where they live. Whoever shows a contact has made sure that it may be shown."""

from collections.abc import Iterable

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.people.rules.neighbour import Neighbour
from app.features.people.tables import Kind, Membership, Person, State
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


async def whereabouts(person_ids: Iterable[int]) -> dict[int, Sentence]:
    """Building-level words, 「3 号楼」: never a door. One query, and the tree of areas once."""
    ids = list(person_ids)
    if not ids:
        return {}
    homes = (
        await Membership.select(Membership.person, Membership.household._.area.as_alias("area"))
        .where(Membership.person.is_in(ids) & Membership.until_on.is_null())
        .order_by(Membership.id)
    )
    tops = await tops_of({row["area"] for row in homes})
    return {row["person"]: tops[row["area"]].label for row in reversed(homes) if row["area"] in tops}


async def tops_of(area_ids: Iterable[int]) -> dict[int, community.AreaRow]:
    """For each area the largest one that contains it."""
    rows = {row.id: row for row in await _all_areas()}
    return {each: _top(rows, each) for each in area_ids if each in rows}


def _top(rows: dict[int, community.AreaRow], area_id: int) -> community.AreaRow:
    row = rows[area_id]
    while row.parent is not None:
        row = rows[row.parent]
    return row


_all_areas = prepared_sql("SELECT id, parent, kind, name, sort FROM areas", community.AreaRow)
