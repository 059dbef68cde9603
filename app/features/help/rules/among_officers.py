"""Whom a need that only officers may see, or let in, concerns."""

from datetime import datetime

from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind


async def may_admit(by: Neighbour, area: int | None) -> bool:
    """Coordinators and administrators; the stewards of the area that was named, or any where none was."""
    if not by.is_active:
        return False
    if by.is_a(Kind.coordinator, Kind.administrator):
        return True
    return by.is_a(Kind.steward) and (area is None or by.id in await people.stewards_around(area))


async def officers_of(area: int | None, *, now: datetime) -> set[int]:
    """Whom a need among officers concerns: the stewards around that area, coordinators and administrators."""
    stewards = await people.stewards_around(area, now=now) if area is not None else []
    leaders = [await people.officers(kind, now=now) for kind in (Kind.coordinator, Kind.administrator)]
    return {*stewards, *leaders[0], *leaders[1]}
