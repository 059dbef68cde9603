from datetime import datetime

from app.features.help import rules


async def tick(need: int, now: datetime) -> None:
    await rules.tick(need, now=now)


JOBS = {"needs.tick": tick}
