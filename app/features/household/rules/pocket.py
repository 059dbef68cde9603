"""The household's own card, for when there is no network."""

from datetime import datetime

from app.features.household.rules.members import first_of_ours
from app.features.household.rules.reading import facts_of
from app.features.people.rules import Neighbour
from app.kit.pocket import InPocket
from app.kit.words import say


async def in_pocket(by: Neighbour, *, now: datetime) -> list[InPocket]:
    ours = await first_of_ours(by)
    facts = facts_of(ours.card, ours.holding, by) if ours else []
    if not ours or not facts:
        return []
    shows = {"ours": ours, "facts": facts}
    return [InPocket("/household", say("Our household"), "household/in_pocket.html", shows)]
