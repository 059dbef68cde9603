"""A person as the rules see one: who they are and which roles they hold now."""

from datetime import date, datetime

from msgspec import Struct

from app.db import held, prepared_sql
from app.features.community.tables import Community
from app.features.people.tables import Kind, State
from app.kit import clock
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


def counts(at: str) -> str:
    """SQL: does this row of roles give its powers at that moment (`{0}`)? A stand-in's only within its time.

    The time stands in the query, so that powers begin and end by themselves, whether or not any job runs.
    """
    return (
        "roles.ended_at IS NULL AND (roles.stands_in_for IS NULL OR "
        f"(roles.since_at <= {at} AND roles.until_at > {at}))"
    )


_with_roles = prepared_sql(
    "SELECT people.id, people.name, people.state, people.language, people.photo, people.of_age_on, roles.kind, "  # noqa: S608
    f"roles.area FROM people LEFT JOIN roles ON roles.person = people.id AND {counts('{1}')} "
    "WHERE people.id = {0} ORDER BY roles.id",
    _Row,
)


async def neighbour(person_id: int, *, now: datetime | None = None) -> Neighbour:
    """With the roles of that moment, or of this one where none is named. Raises Missing."""
    rows = await _with_roles(person_id, now or clock.now())
    if not rows:
        raise Missing
    first = rows[0]
    roles = tuple(dict.fromkeys((row.kind, row.area) for row in rows if row.kind))
    return Neighbour(first.id, first.name, first.state, first.language, first.photo, roles, first.of_age_on)


def active(by: Neighbour) -> bool:
    return by.state == State.active


class _Id(Struct):
    id: int


_officers = prepared_sql(
    "SELECT DISTINCT people.id FROM people JOIN roles ON roles.person = people.id "  # noqa: S608
    f"WHERE roles.kind = {{0}} AND {counts('{1}')} AND people.state = 'active'",
    _Id,
)
_administrators = prepared_sql(
    "SELECT people.id FROM people JOIN roles ON roles.person = people.id WHERE roles.kind = 'administrator' "
    "AND roles.ended_at IS NULL AND roles.stands_in_for IS NULL AND people.state = 'active'",
    _Id,
)


async def officers(kind: Kind, *, now: datetime | None = None) -> list[int]:
    """Everybody who holds a role of that kind then (or now), or stands in for somebody who does."""
    return [row.id for row in await _officers(str(kind), now or clock.now())]


async def administrators() -> list[int]:
    """Who is one in their own right; whoever stands in goes home again, and is no answer to "who is left?"."""
    await hold_all_roles()
    return [row.id for row in await _administrators()]


async def hold_all_roles() -> None:
    """Until the transaction ends: whoever changes who holds what does so one after the other, first of all locks.

    Two administrators leave at the same moment: one of them stays. It is the community's row that is held; the rows of
    the roles were not enough, since one that is given meanwhile is not among them.
    """
    await held(Community.objects().where(Community.id == 1))
