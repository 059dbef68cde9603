"""How often something may be tried. Counters live in the database, so every process and host counts together."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.config import settings
from app.db import writing
from app.kit.secret import secret
from app.kit.tables import Tally

KEPT = timedelta(days=2)  # no window is longer than a day


@dataclass(frozen=True)
class Limit:
    """So many times within a span."""

    name: str
    times: int
    span: timedelta

    def began(self, now: datetime) -> datetime:
        """The fixed window that `now` falls into."""
        seconds = int(self.span.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, now.tzinfo)

    def key(self, *parts: object) -> str:
        """Counters name nobody: networks and accounts go in as a keyed fingerprint."""
        words = "\n".join(map(str, parts)).encode()
        return f"{self.name}:{hmac.new(secret(settings().secret_file), words, hashlib.sha256).hexdigest()[:32]}"

    def wait(self, now: datetime) -> int:
        """Seconds until the next window opens."""
        return max(1, int((self.began(now) + self.span - now).total_seconds()))


async def counted(limit: Limit, key: str, now: datetime) -> int:
    """How often in this window."""
    row = await Tally.select(Tally.times).where((Tally.key == key) & (Tally.since == limit.began(now))).first()
    return row["times"] if row else 0


async def count(limit: Limit, key: str, now: datetime) -> int:
    """One more, and how many that makes. Count before you try: of many who try at once, each gets its own number."""
    since = limit.began(now)
    async with writing(deed=False):
        row = Tally(key=key, since=since, times=0)
        await Tally.insert(row).on_conflict(target=(Tally.key, Tally.since), action="DO NOTHING")
        return await _add(1, key, since)


async def take_back(limit: Limit, key: str, now: datetime) -> None:
    """It was no failure after all."""
    await _add(-1, key, limit.began(now))


async def _add(number: int, key: str, since: datetime) -> int:
    more = Tally.update({Tally.times: Tally.times + number}).where((Tally.key == key) & (Tally.since == since))
    rows = await more.returning(Tally.times)
    return int(rows[0]["times"]) if rows else 0


async def forget(key: str) -> None:
    await Tally.delete().where(Tally.key == key)


async def purge(now: datetime) -> None:
    await Tally.delete().where(Tally.since < now - KEPT)
