"""A day has passed for whoever helped: what was to be seen until then is over."""

import asyncio
from datetime import timedelta

from app.db import close_database, open_database
from app.features.help.tables import Taking
from app.kit.clock import now


async def a_day_later() -> None:
    await open_database()
    ended = Taking.contact_until.is_not_null()
    await Taking.update({Taking.contact_until: now() - timedelta(seconds=1)}).where(ended)
    await close_database()


if __name__ == "__main__":
    asyncio.run(a_day_later())
