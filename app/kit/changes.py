"""'Look again': what a process wrote wakes the pages that others keep open, on either engine.

A change is a row, written with the deed and kept for minutes. SQLite: every process asks twenty times a second whether
anybody committed, and only then for new rows. PostgreSQL: the commit itself sends the word to whoever listens.
Nothing but the channel's name travels; the page fetches what it may see.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from app.db import DB
from app.kit.clock import now
from app.kit.tables import Change

log = logging.getLogger(__name__)

KEPT = timedelta(minutes=10)
HEARTBEAT = 20.0
POLL = 0.05
SIGNAL = "kith_changes"
AT_ONCE = 90  # PostgreSQL carries at most 8,000 bytes a signal; a channel has at most 80


async def announce(*channels: str) -> None:
    """Call it inside the deed's transaction: the word leaves when the deed is kept, or never."""
    names = list(dict.fromkeys(channels))
    for some in (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)):
        await Change.insert(*[Change(channel=each, at=now()) for each in some])
        if DB.engine_type == "postgres":
            await Change.raw("SELECT pg_notify({}, {})", SIGNAL, " ".join(some))


async def purge(at: datetime) -> None:
    """The newest stays: SQLite would count anew from one."""
    newest = await _newest()
    await Change.delete().where((Change.at < at - KEPT) & (Change.id < newest))


async def missed(channels: Iterable[str], since: datetime) -> list[str]:
    """What changed after that moment; everything, when that is longer ago than we remember."""
    names = list(channels)
    if since < now() - KEPT:
        return names
    rows = await Change.select(Change.channel).where(Change.channel.is_in(names) & (Change.at > since)).distinct()
    return [row["channel"] for row in rows]


async def _newest() -> int:
    row = await Change.select(Change.id).order_by(Change.id, ascending=False).first()
    return row["id"] if row else 0
