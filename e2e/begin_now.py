"""From outside the house: the newest booking begins in five minutes."""

import asyncio
from datetime import timedelta

from app.db import close_database, open_database
from app.features.spaces.tables import Booking
from app.kit.clock import now


async def begin_now() -> None:
    await open_database()
    newest = await Booking.objects().order_by(Booking.id, ascending=False).first()
    at = now() + timedelta(minutes=5)
    await Booking.update({Booking.begins_at: at, Booking.ends_at: at + timedelta(hours=1)}).where(
        Booking.id == newest.id
    )
    await close_database()


if __name__ == "__main__":
    asyncio.run(begin_now())
