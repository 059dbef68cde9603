"""What comes together once a day: one delivery for each reader, road and device carries all that is due by then."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared, writing
from app.features.notices.tables import Delivery, Fate

AT_ONCE = 2000


class _Due(Struct):
    id: int
    person: int
    by: str
    device: int


_notice: Any = Delivery.notice
_due = prepared(
    lambda now: held(
        Delivery.select(Delivery.id, _notice.person.as_alias("person"), Delivery.by, Delivery.device)
        .where((Delivery.due_at <= now) & Delivery.done_at.is_null() & Delivery.daily.eq(True))
        .order_by(_notice.person, Delivery.id)
        .limit(AT_ONCE),
        skip_locked=True,
    ),
    _Due,
)


async def is_due(now: datetime) -> bool:
    """A look without the write lock."""
    waits = (Delivery.due_at <= now) & Delivery.done_at.is_null() & Delivery.daily.eq(True)
    return bool(await Delivery.select(Delivery.id).where(waits).limit(1))


async def gather(now: datetime) -> int:
    """The oldest of each goes out and takes the others along. Says how many rows it looked at."""
    async with writing():
        rows = _whole(await _due(now))
        bundles: dict[tuple[int, str, int], list[int]] = defaultdict(list)
        for row in rows:
            bundles[(row.person, row.by, row.device)].append(row.id)
        for lead, *others in bundles.values():
            if others:
                along: dict[Any, Any] = {Delivery.lead: lead, Delivery.fate: Fate.together, Delivery.done_at: now}
                await Delivery.update(along).where(Delivery.id.is_in(others))
        leads = [ids[0] for ids in bundles.values()]
        if leads:
            await Delivery.update({Delivery.daily: False}).where(Delivery.id.is_in(leads))
    return len(rows)


def _whole(rows: list[_Due]) -> list[_Due]:
    """Where there is more, the last reader's may not be all here: they are for the next round."""
    if len(rows) < AT_ONCE or rows[0].person == rows[-1].person:
        return rows
    return [row for row in rows if row.person != rows[-1].person]
