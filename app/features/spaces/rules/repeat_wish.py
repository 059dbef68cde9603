"""A booking that stands, as the wish it once was."""

from datetime import date
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.db import prepared_sql
from app.features.spaces.rules.claiming import claims_of, units_of
from app.features.spaces.rules.fitting import Wish
from app.features.spaces.rules.reach import Booked, Room
from app.features.spaces.rules.times import wall_of
from app.kit.slots import Claim


class _With(Struct):
    equipment: int
    units: int
    there: int


_with = prepared_sql(
    "SELECT booked_equipment.equipment, booked_equipment.units, space_equipment.units AS there FROM booked_equipment "
    "JOIN space_equipment ON space_equipment.id = booked_equipment.equipment WHERE booked_equipment.booking = {} "
    "AND space_equipment.closed_at IS NULL",
    _With,
)


async def wish_like(booked: Booked, zone: ZoneInfo) -> Wish:
    """What was taken away meanwhile goes with it no more."""
    day, opens = wall_of(booked.begins_at, zone)
    last, closes = wall_of(booked.ends_at, zone)
    if closes == 0 and last > day:
        last, closes = date.fromordinal(last.toordinal() - 1), 24 * 60
    return Wish(
        day, opens, closes, last=last if last > day else None, people=booked.people, purpose=booked.purpose,
        open_to_all=booked.open_to_all, version=booked.version,
        equipment={each.equipment: min(each.units, each.there) for each in await _with(booked.id)},
    )  # fmt: skip


async def claims_again(booked: Booked, room: Room, zone: ZoneInfo) -> list[Claim]:
    """All that it held before it let go."""
    wish = await wish_like(booked, zone)
    return claims_of(room, wish, await units_of(room, wish), booked.begins_at, booked.ends_at, booked.household)
