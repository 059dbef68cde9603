"""The places of an event are slots: one event is one slot, and it has as many units as places."""

from app.features.events.rules.reach import Gathering
from app.kit import slots
from app.kit.refusals import Refusal, Taken
from app.kit.slots import Claim, Faster
from app.kit.words import say_n

EVENT = (0,)
HERE = range(1)


class Full(Taken):
    """No place is left, or not so many."""


async def take_places(event: Gathering, owner: str, wanted: int) -> None:
    """Raises Full, and the transaction has to be undone."""
    try:
        await slots.take(owner, [Claim(event.thing, EVENT, wanted, event.capacity)])
    except Faster:
        used = await slots.used([event.thing], HERE)
        left = max(0, event.capacity - len(used))
        raise Full(
            say_n("No place is left for one more.", "No %(n)s places are left.", wanted)
            if not left
            else say_n("Only one place is left.", "Only %(n)s places are left.", left),
            beside="guests" if left else "",
        ) from None


async def places_of(event: Gathering, owner: str) -> int:
    return sum(each.owner == owner for each in await slots.used([event.thing], HERE))


async def resize(event: Gathering, capacity: int) -> None:
    """Whoever has a place keeps it: never fewer than are taken. Those on places that end move to lower ones."""
    used = await slots.used([event.thing], HERE)
    if capacity < len(used):
        words = say_n("One place is taken already.", "%(n)s places are taken already.", len(used))
        raise Refusal(words, beside="capacity")
    moved = {each.owner for each in used if each.unit >= capacity}
    wanted = {owner: sum(each.owner == owner for each in used) for owner in moved}
    for owner in sorted(moved):
        await slots.give_back(owner)
    for owner in sorted(moved):
        await slots.take(owner, [Claim(event.thing, EVENT, wanted[owner], capacity)])
