"""The community sets its clock to another zone: an event that has not begun stays at the hour that was meant, as its
room does. Nobody is told of what stays as they know it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.db import held
from app.features.events.rules.agenda import wind
from app.features.events.rules.reach import gathering
from app.features.events.rules.waiting import OVER
from app.features.events.tables import Event
from app.features.spaces.rules.times import same_hour
from app.kit import later
from app.kit.tables import Waiting


async def keep_the_hours(before: ZoneInfo, after: ZoneInfo, *, by: int, now: datetime) -> None:
    """Within the deed that sets the clock. `sequence` turns, for calendars."""
    ahead = Event.select(Event.id, Event.begins_at, Event.ends_at).where(Event.begins_at > now).order_by(Event.id)
    for row in await held(ahead):
        begins, ends = (same_hour(row[end], before, after) for end in ("begins_at", "ends_at"))
        values: dict[Any, Any] = {
            Event.begins_at: begins, Event.ends_at: ends, Event.sequence: Event.sequence + 1, Event.changed_at: now,
        }  # fmt: skip
        await Event.update(values).where(Event.id == row["id"])
        event = await gathering(row["id"])
        await wind(event)
        for line in await Waiting.select(Waiting.id).where((Waiting.queue == event.thing) & Waiting.ended_at.is_null()):
            await later.at(begins, OVER, key=f"waiting:{line['id']}:begins", again=True, waiting=line["id"])
