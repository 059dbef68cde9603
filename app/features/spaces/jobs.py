from datetime import datetime

from app.features.spaces import rules
from app.kit.later import Job


async def tick(booking: int, now: datetime) -> None:
    await rules.tick(booking, now=now)


async def offer_over(waiting: int, now: datetime) -> None:
    await rules.lapse(waiting, now=now)


async def repeat_tick(series: int, now: datetime) -> None:
    await rules.tick_series(series, now=now)


JOBS: dict[str, Job] = {"spaces.tick": tick, "spaces.repeat_tick": repeat_tick, "spaces.offer_over": offer_over}
