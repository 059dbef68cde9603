"""What a booking takes of what is scarce: the room with its pause, what goes with it, a share of the week."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.db import one_of
from app.features.spaces.rules.fitting import Wish
from app.features.spaces.rules.reach import Room
from app.features.spaces.rules.times import week_of
from app.features.spaces.tables import Equipment
from app.kit import slots
from app.kit.refusals import Missing, Refusal
from app.kit.slots import Claim
from app.kit.words import Sentence, say_n


async def units_of(room: Room, wish: Wish) -> dict[int, int]:
    """How many there are of each piece that is asked for. Raises Missing, and Refusal for more than there are."""
    if not wish.equipment:
        return {}
    there = one_of(Equipment.id, list(wish.equipment)) & Equipment.closed_at.is_null()
    rows = await Equipment.select(Equipment.id, Equipment.units, Equipment.space).where(there)
    found = {row["id"]: row["units"] for row in rows if row["space"] in (None, room.id)}
    for id, wanted in wish.equipment.items():
        if id not in found:
            raise Missing
        if not 1 <= wanted <= found[id]:
            words = say_n("There is only one of it.", "There are only %(n)s of it.", found[id])
            raise Refusal(words, beside=f"equipment-{id}")
    return found


def claims_of(
    room: Room, wish: Wish, units: Mapping[int, int], begins: datetime, ends: datetime, household: int | None
) -> list[Claim]:
    until = ends + timedelta(minutes=room.gap)
    claims = [Claim(room.thing, tuple(slots.quarters(begins, until)))]
    during = tuple(slots.quarters(begins, ends))
    claims += [Claim(f"equipment:{id}", during, wanted, units[id]) for id, wanted in wish.equipment.items()]
    if room.weekly and household is not None:
        week = (week_of(wish.day).toordinal(),)
        claims.append(Claim(f"week:{room.id}:{household}", week, 1, room.weekly))
    return claims


def full_week(room: Room) -> Sentence:
    return say_n(
        "Your household has its one booking of that week already. Another week, or give that one back.",
        "Your household has its %(n)s bookings of that week already. Another week, or give one back.",
        room.weekly,
    )
