"""From outside the house: the stop that stands in Ana's letters about a topic, as the doorbell writes it."""

import asyncio
import sys

from app.db import close_database, open_database
from app.features.accounts.rules import login_of
from app.features.notices.rules import stop_path
from app.features.notices.tables import By


async def link(topic: str) -> str:
    await open_database()
    ana = await login_of("ana0@example.org")
    await close_database()
    return stop_path(ana.person, topic, By.email)


if __name__ == "__main__":
    print(asyncio.run(link(sys.argv[1])))
