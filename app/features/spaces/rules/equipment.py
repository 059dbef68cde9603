"""What can be asked for with a room."""

import json
from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.people.rules import Neighbour
from app.features.spaces.rules.managers import managed
from app.features.spaces.tables import Equipment
from app.kit import audit
from app.kit.refusals import Refusal
from app.kit.words import Sentence, say, written

MOST_EQUIPMENT = 200


class Piece(Struct, frozen=True):
    id: int
    names: str
    units: int
    keeper: int | None

    @property
    def name(self) -> Sentence:
        return written(json.loads(self.names))


class _Units(Struct, frozen=True):
    id: int
    space: int | None
    units: int


class _Names(Struct, frozen=True):
    names: str


class Asked(Struct, frozen=True):
    """So many of it go with a booking."""

    names: str
    units: int

    @property
    def name(self) -> Sentence:
        return written(json.loads(self.names))


_there = prepared_sql(
    "SELECT id, names, units, keeper FROM space_equipment WHERE (space = {} OR space IS NULL) AND closed_at IS NULL "
    "ORDER BY id",
    Piece,
)
_UNITS = "SELECT id, space, units FROM space_equipment WHERE id among AND closed_at IS NULL"
_AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS integer[]))"}
_units = prepared_sql({engine: _UNITS.replace("among", among) for engine, among in _AMONG.items()}, _Units)
_named = prepared_sql(
    "SELECT id, space, units FROM space_equipment WHERE CAST(names AS text) = {} AND closed_at IS NULL "
    "ORDER BY id DESC",
    _Units,
)
_names = prepared_sql(
    "SELECT DISTINCT CAST(names AS text) AS names FROM space_equipment WHERE closed_at IS NULL ORDER BY 1", _Names
)
_with = prepared_sql(
    "SELECT space_equipment.names, booked_equipment.units FROM booked_equipment "
    "JOIN space_equipment ON space_equipment.id = booked_equipment.equipment WHERE booked_equipment.booking = {} "
    "ORDER BY booked_equipment.id",
    Asked,
)


async def equipment_of(space_id: int) -> list[Piece]:
    """What stays in that space, and what goes to any."""
    return list(await _there(space_id))


async def equipment_with(booking_id: int) -> list[Asked]:
    return list(await _with(booking_id))


async def things() -> list[tuple[str, Sentence]]:
    """What can be asked for anywhere: the names as they are kept, and as they are said."""
    return [(row.names, written(json.loads(row.names))) for row in await _names()]


async def pieces_named(names: str) -> dict[int | None, int]:
    """By the space in which it stays (None: it goes to any)."""
    return {row.space: row.id for row in await _named(names)}


async def units_there(wanted: Collection[int]) -> dict[tuple[int, int | None], int]:
    """How many there are of each, by the thing and the space in which it stays (None: it goes to any)."""
    rows = await _units(list(wanted)) if wanted else []
    return {(row.id, row.space): row.units for row in rows}


async def add_equipment(
    space_id: int, names: dict[str, str], units: int, *, everywhere: bool, by: Neighbour, now: datetime
) -> int:
    if not 1 <= units <= MOST_EQUIPMENT:
        raise Refusal(say("From 1 to %(n)s, please.", n=MOST_EQUIPMENT), beside="units")
    async with writing():
        room = await managed(space_id, by=by)
        made = Equipment(space=None if everywhere else room.id, names=json.dumps(names), units=units)
        await made.save()
        await audit.note("equipment added", who=by.id, about=f"space:{room.id}", now=now)
        return int(made.id)


async def take_equipment_away(space_id: int, equipment_id: int, *, by: Neighbour, now: datetime) -> None:
    """Nobody can ask for it any more; who had it promised brings it up with the manager."""
    async with writing():
        room = await managed(space_id, by=by)
        there = (Equipment.id == equipment_id) & ((Equipment.space == room.id) | Equipment.space.is_null())
        await Equipment.update({Equipment.closed_at: now}).where(there)
        await audit.note("equipment removed", who=by.id, about=f"space:{room.id}", now=now)
