"""A house for keys: Lin became its administrator yesterday, Zhao is the steward of Ana's building."""

import asyncio
from datetime import timedelta

from app.db import close_database, open_database
from app.features.people.tables import Kind, Role
from app.kit.clock import now
from app.migrating import migrate
from e2e.furnish import PASSWORD
from tests.makers import a_household, a_login, a_person, an_area


async def furnish() -> None:
    await migrate()
    await open_database()
    three = await an_area(name="3")
    lin = await a_person(name="Lin", role=Kind.administrator, second=False, language="")
    await Role.update({Role.given_at: now() - timedelta(days=1)}, force=True)
    zhao = await a_person(name="Zhao", role=Kind.steward, area=three, language="")
    for person in (lin, zhao):
        await a_login(person, f"{person.name.lower()}@example.org", PASSWORD)
    for n in range(4):
        home = await a_household(area=three)
        ana = await a_person(name=f"Ana{n}", home=home, language="", phone=f"+861381234567{n}")
        await a_login(ana, f"1381234567{n}", PASSWORD)
    await close_database()


if __name__ == "__main__":
    asyncio.run(furnish())
