"""From outside the house: tells Ana a sentence, as another process would."""

import asyncio

from app.db import close_database, open_database, writing
from app.features.accounts.rules import login_of
from app.features.notices import rules as notices
from app.kit.clock import now
from app.kit.words import say


async def ring() -> None:
    await open_database()
    ana = await login_of("ana0@example.org")
    async with writing():
        sentence = say("%(name)s asks for your help", name="Ben0")
        await notices.tell(ana.person, sentence, path="/account", now=now())
    await close_database()


if __name__ == "__main__":
    asyncio.run(ring())
