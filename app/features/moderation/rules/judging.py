"""Who decides: an administrator whom it does not concern; where there is none, a coordinator."""

from collections.abc import Collection

from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind


async def judges(involved: Collection[int]) -> set[int]:
    """Never somebody who reported it, whom it is about, or who decided it before."""
    for kind in (Kind.administrator, Kind.coordinator):
        free = set(await people.officers(kind)) - set(involved)
        if free:
            return free
    return set()


async def may_judge(by: Neighbour, involved: Collection[int]) -> bool:
    return by.is_active and by.id not in involved and by.id in await judges(involved)
