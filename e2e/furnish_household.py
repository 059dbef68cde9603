"""The small furnished house, in which each Ben is the steward of building 3."""

import asyncio

from app.db import close_database, open_database
from app.features.community.tables import Area
from app.features.people import rules as people
from app.features.people.tables import Kind, Person
from e2e.furnish import furnish
from tests.makers import NOON


async def furnish_household() -> None:
    await furnish()
    await open_database()
    three = await Area.select(Area.id).where(Area.name == "3").first()
    assert three
    for ben in await Person.select(Person.id).where(Person.name.like("Ben%")):
        await people.give_role(ben["id"], Kind.steward, area=three["id"], by=None, now=NOON)
    await close_database()


if __name__ == "__main__":
    asyncio.run(furnish_household())
