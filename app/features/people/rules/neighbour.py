"""A person as the rules see one: who they are and which roles they hold now."""

from datetime import date

from msgspec import Struct

from app.db import held, prepared_sql
from app.features.people.tables import Kind, Role, State
from app.kit.refusals import Missing

OFFICERS = (Kind.steward, Kind.coordinator, Kind.administrator, Kind.space_manager)


class Neighbour(Struct):
    """Somebody who does a deed. `roles` are (kind, area) pairs; no area means the whole community."""

    id: int
    name: str
    state: str
    language: str = ""
    photo: str = ""
    roles: tuple[tuple[str, int | None], ...] = ()
    of_age_on: date | None = None

    def is_a(self, *kinds: Kind) -> bool:
        return any(kind in kinds for kind, _ in self.roles)

    @property
    def is_active(self) -> bool:
        return self.state == State.active

    def is_child(self, on: date) -> bool:
        """Under 14, here through a guardian: reads along, and is shown to and called by nobody."""
        return self.of_age_on is not None and on < self.of_age_on

    def areas_as(self, kind: Kind) -> list[int]:
        return [area for held, area in self.roles if held == kind and area is not None]


class _Row(Struct):
    id: int
    name: str
    state: str
    language: str
    photo: str
    of_age_on: date | None
    kind: str | None
    area: int | None


_with_roles = prepared_sql(
    "SELECT people.id, people.name, people.state, people.language, people.photo, people.of_age_on, roles.kind, "
    "roles.area FROM people LEFT JOIN roles ON roles.person = people.id AND roles.ended_at IS NULL "
    "WHERE people.id = {}",
    _Row,
)


async def neighbour(person_id: int) -> Neighbour:
    """Raises Missing."""
    rows = await _with_roles(person_id)
    if not rows:
        raise Missing
    first = rows[0]
    roles = tuple((row.kind, row.area) for row in rows if row.kind)
    return Neighbour(first.id, first.name, first.state, first.language, first.photo, roles, first.of_age_on)


def active(by: Neighbour) -> bool:
    return by.state == State.active


class _Id(Struct):
    id: int


_officers = prepared_sql(
    "SELECT DISTINCT people.id FROM people JOIN roles ON roles.person = people.id "
    "WHERE roles.kind = {} AND roles.ended_at IS NULL AND people.state = 'active'",
    _Id,
)


async def officers(kind: Kind) -> list[int]:
    """Everybody who holds a role of that kind now."""
    return [row.id for row in await _officers(str(kind))]


async def administrators() -> list[int]:
    """Who is one now, held until the transaction ends: two who shut each other out do so one after the other."""
    await held(Role.objects().where((Role.kind == Kind.administrator) & Role.ended_at.is_null()).order_by(Role.id))
    return await officers(Kind.administrator)
