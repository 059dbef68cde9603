"""Stewards, deputies and successors for journeys, a set for each kind of phone."""

import asyncio

from app.db import close_database, open_database
from app.features.people.tables import Kind
from app.migrating import migrate
from e2e.furnish import PASSWORD
from tests.makers import a_household, a_login, a_person, an_area


async def furnish() -> None:
    await migrate()
    await open_database()
    for n in range(4):
        area = await an_area(name=str(n + 1))
        for name, role in (("Wu", Kind.steward), ("Mei", Kind.steward), ("Ana", None), ("Ben", None), ("Cai", None)):
            home = await a_household(area=area)
            said = {"role": role, "area": area} if role else {}
            person = await a_person(name=f"{name}{n}", home=home, language="", **said)
            await a_login(person, f"{name.lower()}{n}@example.org", PASSWORD)
    await close_database()


if __name__ == "__main__":
    asyncio.run(furnish())
