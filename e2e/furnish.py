"""A small furnished house for journeys: Lin looks after it, Zhao coordinates; four Anas and Bens, a pair each."""

import asyncio

from app.db import close_database, open_database
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.migrating import migrate
from tests.makers import NOON, a_household, a_login, a_person, an_area

PASSWORD = "three plain words"


async def furnish() -> None:
    await migrate()
    await open_database()
    three, five = await an_area(name="3"), await an_area(name="5")
    pairs = [(f"{name}{n}", area, None) for n in range(4) for name, area in (("Ana", three), ("Ben", five))]
    officers = [("Lin", three, Kind.administrator), ("Zhao", five, Kind.coordinator)]
    for n, (name, area, role) in enumerate([*officers, *pairs]):
        home = await a_household(area=area)
        said = {"role": role, "home": home, "language": "", "phone": f"+861381234567{n}"}
        person = await a_person(name=name, second=False, **said)
        await people.consent(person.id, "terms", by=person.id, now=NOON)
        await a_login(person, f"{name.lower()}@example.org", PASSWORD, demo=bool(role))
    await a_person(name="Mei", home=await a_household(area=three))  # on the list, and signs in by a slip
    await close_database()


if __name__ == "__main__":
    asyncio.run(furnish())
