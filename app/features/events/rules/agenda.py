"""What time does to an event, and when: read by the clock and by nobody else."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.features.events.rules.reach import Gathering
from app.features.events.tables import Stage
from app.kit import later

REMIND = timedelta(hours=24)
TICK = "events.tick"


class Due(StrEnum):
    remind = "remind"
    ask = "ask"


def agenda(event: Gathering) -> list[tuple[datetime, Due]]:
    """What comes at which moment, the soonest first, as things stand now."""
    if event.stage != Stage.planned:
        return []
    found = []
    before = event.begins_at - REMIND
    if event.reminded_at is None and (event.changed_at or event.made_at) < before:
        found.append((before, Due.remind))
    if event.asked_at is None:
        found.append((event.ends_at, Due.ask))
    return sorted(found)


async def wind(event: Gathering) -> None:
    """The next moment at which something happens by itself; within the deed's transaction."""
    key = f"event:{event.id}"
    if ahead := agenda(event):
        await later.at(ahead[0][0], TICK, key=key, again=True, event=event.id)
    else:
        await later.cancel(key)
