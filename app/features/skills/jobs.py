from datetime import datetime, timedelta

from app.features.skills import rules
from app.kit.clockwork import every


async def remind(ask: int, now: datetime) -> None:
    await rules.remind(ask, now=now)


async def expire(ask: int, now: datetime) -> None:
    await rules.expire(ask, now=now)


async def close(ask: int, now: datetime) -> None:
    await rules.close(ask, now=now)


async def refresh_all(now: datetime) -> None:
    await rules.refresh_all()


JOBS = {"asks.remind": remind, "asks.expire": expire, "asks.close": close}
CLOCKWORK = (every(timedelta(minutes=5), rules.refresh), every(timedelta(days=1), refresh_all))
