"""The house of the journeys with a room that those who were shown it book at once, and an evening that shows it."""

import asyncio
import json
from datetime import timedelta

from app.db import close_database, open_database
from app.features.events.rules.agenda import wind
from app.features.events.rules.reach import add_host_row, gathering
from app.features.events.tables import Event, Kind
from app.features.people.tables import Person
from app.features.spaces.tables import Opening, Policy, Space
from app.kit.clock import now
from e2e.furnish import furnish
from tests.makers import NOON


async def furnish_events() -> None:
    """It begins in twenty-five minutes: one can still say yes, and the door is open."""
    await furnish()
    await open_database()
    names = json.dumps({"zh-Hans": "书屋", "en": "Bookhouse"})
    space = Space(slug="bookhouse", names=names, capacity=12, policy=Policy.trusted, step=15, made_at=NOON)
    space.capability = "orientation"
    await space.save()
    await Opening.insert(*[Opening(space=space.id, weekday=day, opens=0, closes=24 * 60) for day in range(7)])
    lin = await Person.select(Person.id).where(Person.name == "Lin").first()
    begins = now() + timedelta(minutes=25)
    event = Event(
        kind=Kind.orientation,
        titles=json.dumps({"zh-Hans": "书屋使用说明会", "en": "How the bookhouse works"}),
        place=json.dumps({"zh-Hans": "书屋门口", "en": "At the door of the bookhouse"}),
        by=lin["id"],
        begins_at=begins,
        ends_at=begins + timedelta(hours=1),
        capability="orientation",
        capacity=20,
        made_at=now(),
    )
    await event.save()
    await add_host_row(event.id, lin["id"])
    await wind(await gathering(event.id))
    await close_database()


if __name__ == "__main__":
    asyncio.run(furnish_events())
