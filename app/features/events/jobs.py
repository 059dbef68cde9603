from datetime import datetime, timedelta

from app.features.events import rules
from app.kit.clockwork import every
from app.kit.later import Job


async def tick(event: int, now: datetime) -> None:
    await rules.tick(event, now=now)


async def offer_over(waiting: int, now: datetime) -> None:
    await rules.lapse(waiting, now=now)


JOBS: dict[str, Job] = {"events.tick": tick, "events.offer_over": offer_over}
CLOCKWORK = (every(timedelta(minutes=1), rules.look_at_rooms, "rooms of events"),)
