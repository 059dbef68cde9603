"""Who manages a space, who takes over for them, and who may see a booking."""

from datetime import datetime

from msgspec import Struct

from app.db import held, prepared_sql
from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.features.spaces.rules.reach import Booked, Room, space_of
from app.features.spaces.tables import Space, Stage
from app.kit.refusals import NotYours
from app.kit.words import say


class _Id(Struct):
    id: int


_managers_of_all = prepared_sql(
    "SELECT DISTINCT people.id FROM roles JOIN people ON people.id = roles.person "  # noqa: S608
    f"WHERE roles.kind = 'space_manager' AND roles.area IS NULL AND {people.counts('{0}')} AND people.state = 'active'",
    _Id,
)
_managers_in = prepared_sql(
    "SELECT DISTINCT people.id FROM roles JOIN people ON people.id = roles.person "  # noqa: S608
    f"WHERE roles.kind = 'space_manager' AND roles.area = {{0}} AND {people.counts('{1}')} "
    "AND people.state = 'active'",
    _Id,
)


_DEPUTIES = (
    "SELECT DISTINCT deputies.person AS id FROM deputies JOIN roles ON roles.id = deputies.role "
    "JOIN people ON people.id = deputies.person WHERE roles.kind = 'space_manager' AND roles.ended_at IS NULL "
    "AND deputies.ended_at IS NULL AND people.state = 'active' AND roles.person among"
)
_deputies = prepared_sql(
    {
        "sqlite": _DEPUTIES.replace("among", "IN (SELECT value FROM json_each({0}))"),
        "postgres": _DEPUTIES.replace("among", "= ANY(CAST({0} AS integer[]))"),
    },
    _Id,
)


async def managers(room: Room, *, now: datetime) -> list[int]:
    """Those of its area and the areas around it, else those of the whole community, else the administrators: somebody
    always answers."""
    line = await community.line_to(room.area) if room.area is not None else []
    near = {each.id for area in line for each in await _managers_in(area.id, now)}
    all_over = near or {each.id for each in await _managers_of_all(now)}
    return sorted(all_over or await people.officers(Kind.administrator, now=now))


async def manages(by: Neighbour, room: Room) -> bool:
    """A manager of its area or one around it, or of all; and administrators."""
    if not by.is_active or by.is_a(Kind.administrator):
        return by.is_active
    kept = {area for kind, area in by.roles if kind == Kind.space_manager}
    if not kept:
        return False
    line = await community.line_to(room.area) if room.area is not None else []
    return None in kept or bool(kept & {each.id for each in line})


async def managed(space_id: int, *, by: Neighbour) -> Room:
    """Held until the transaction ends. Raises NotYours for whoever does not manage it."""
    await held(Space.select(Space.id).where(Space.id == space_id))
    room = await space_of(space_id)
    if not await manages(by, room):
        raise NotYours(say("Whoever manages this space does that."))
    return room


async def deputies(room: Room, *, now: datetime) -> list[int]:
    """Who takes over for whoever manages it, and said yes to that."""
    found = await _deputies(await managers(room, now=now))
    return sorted({each.id for each in found})


async def may_see(by: Neighbour, booked: Booked, room: Room) -> bool:
    """Whoever asked, for whom it was asked, and who manages the space; all active neighbours where it is open."""
    if by.id in (booked.person, booked.acted_by) or await manages(by, room):
        return True
    return by.is_active and booked.open_to_all and booked.stage == Stage.approved


def may_add(by: Neighbour) -> bool:
    """Spaces: by managers and administrators."""
    return by.is_active and by.is_a(Kind.space_manager, Kind.administrator)


async def who_manages(room: Room | None, *, now: datetime) -> list[int]:
    """Of a space that is yet to be made: those of the whole community."""
    if room is not None:
        return await managers(room, now=now)
    return await people.officers(Kind.space_manager, now=now)
