"""The house of the journeys with two rooms in it, open day and night, and Lin to say yes."""

import asyncio
import json

from app.db import close_database, open_database
from app.features.spaces.tables import Opening, Policy, Space
from e2e.furnish import furnish
from tests.makers import NOON

DAY_AND_NIGHT = 0, 24 * 60


async def furnish_rooms() -> None:
    await furnish()
    await open_database()
    for slug, names, policy in (
        ("bookhouse", {"zh-Hans": "书屋", "en": "Bookhouse"}, Policy.approval),
        ("workshop", {"zh-Hans": "木工房", "en": "Workshop"}, Policy.at_once),
    ):
        space = Space(slug=slug, names=json.dumps(names), capacity=12, policy=policy, step=15, release=30, made_at=NOON)
        await space.save()
        opens, closes = DAY_AND_NIGHT
        await Opening.insert(*[Opening(space=space.id, weekday=day, opens=opens, closes=closes) for day in range(7)])
    await close_database()


if __name__ == "__main__":
    asyncio.run(furnish_rooms())
