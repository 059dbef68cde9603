from datetime import datetime

from app.features.alerts import rules


async def tell(message: int, now: datetime) -> None:
    await rules.tell(message, now=now)


async def expire(alert: int, now: datetime) -> None:
    await rules.expire(alert, now=now)


async def lapse(alert: int, now: datetime) -> None:
    await rules.lapse(alert, now=now)


JOBS = {"alerts.tell": tell, "alerts.expire": expire, "alerts.lapse": lapse}
