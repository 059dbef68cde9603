"""Many at once, on the directory's own rows."""

import asyncio

from app.features.skills.rules import Offer, offer, refresh_all
from app.features.skills.tables import Card, Skill
from tests.makers import NOON, a_person


async def test_neighbours_offer_while_the_whole_directory_is_made_anew_and_nobody_is_turned_away():
    """On PostgreSQL a deadlock would end one of the two, unless both take people first."""
    people = [await a_person() for _ in range(12)]
    for person in people:
        await offer(Offer(words="first"), by=person, now=NOON)

    async def offers(person):
        for number in range(4):
            await offer(Offer(words=f"number {number}"), by=person, now=NOON)

    async def anew():
        for _ in range(6):
            await refresh_all()

    await asyncio.gather(anew(), *[offers(person) for person in people])

    assert await Skill.count() == 12 * 5
    assert {len(row["skills"]) for row in await Card.select(Card.skills).output(load_json=True)} == {5}
