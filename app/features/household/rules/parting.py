"""One neighbour blocks another: no key stays between them."""

from datetime import datetime

from app.db import held, writing
from app.features.household.rules.holdings import Holding, holdings_between, standing
from app.features.household.rules.keys import ended, tell_members
from app.features.household.tables import KeyHolding
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.kit.words import Sentence, say


async def part_ways(a: int, b: int, *, now: datetime) -> None:
    """`a` blocks `b`: keys and requests between the home of the one and the other end, whoever there had asked.

    A key opens the door of all who live behind it, so the safety of one of them goes before the convenience of the
    rest. They, and whoever held it, read the words of any ending; only `a` reads why. A block is between two: somebody
    who lives with `b` goes on holding a key, since to end it would tell `a` who lives with whom.
    """
    async with writing():
        by, other = await people.neighbour(a), await people.neighbour(b)
        for each in await holdings_between(a, b):
            await held(KeyHolding.objects().where(KeyHolding.id == each.id))
            found = await standing(each.id)
            if found is not None:
                await ended(found, by=by, now=now)
                await _tell(found, by, other, now)


async def _tell(found: Holding, by: Neighbour, other: Neighbour, now: datetime) -> None:
    over = (
        say("%(name)s no longer holds your key", name=found.holder_name)
        if found.agreed_at
        else say("%(name)s cannot hold your key", name=found.holder_name)
    )
    await tell_members(found.household, over, but=[by.id, found.holder], now=now)
    path = "/household/keys" if by.id == found.holder else f"/household?home={found.household}"
    await notices.tell(by.id, _plainly(found, by, other), path=path, now=now, topic="household")


def _plainly(found: Holding, by: Neighbour, other: Neighbour) -> Sentence:
    name = other.name
    if found.agreed_at is None:
        return say("You blocked %(name)s. The request to hold a key has ended with it.", name=name)
    if by.id == found.holder:
        whose = found.asked_by or name
        return say(
            "You blocked %(name)s. You no longer hold a key for %(whose)s: have somebody bring it back.",
            name=name,
            whose=whose,
        )
    return say(
        "You blocked %(name)s. They no longer hold your key: have somebody fetch it, or change the lock.", name=name
    )
