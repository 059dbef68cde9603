"""'Look again': what a process wrote wakes the pages that others keep open, on either engine.

A change is a row, written with the deed and kept for minutes. SQLite: every process asks twenty times a second whether
anybody committed, and only then for new rows. PostgreSQL: the commit itself sends word to whoever listens. Nothing but
the channel's name travels; the page fetches what it may see. "officers:7" is heard by whoever listens to "officers".
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from app.db import DB, Nothing, prepared_sql
from app.kit import clock
from app.kit.tables import Change

log = logging.getLogger(__name__)

ENGINE: Any = DB  # what only one of the two can do
KEPT = timedelta(minutes=10)
HEARTBEAT = 20.0
POLL = 0.05
GATHER = 0.25  # seconds between two words to one page: on the day of an alert hundreds of answers come in one
AGAIN = 1.0  # seconds before we listen again after trouble
SIGNAL = "kith_changes"
AT_ONCE = 90  # PostgreSQL carries 8,000 bytes a signal; a channel has at most 80


_changed = prepared_sql(
    {
        "sqlite": "INSERT INTO changes (channel, at) SELECT value, {1} FROM json_each({0})",
        "postgres": "WITH kept AS (INSERT INTO changes (channel, at) SELECT unnest(CAST({0} AS text[])), "
        f"CAST({{1}} AS timestamptz)) SELECT pg_notify('{SIGNAL}', array_to_string(CAST({{0}} AS text[]), ' '))",
    },
    Nothing,
)


async def announce(*channels: str) -> None:
    """Call it inside the deed's transaction: the word leaves when the deed is kept, or never."""
    names = list(dict.fromkeys(channels))
    for some in (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)):
        await _changed(some, clock.now())


async def missed(channels: Iterable[str], since: datetime) -> list[str]:
    """What changed after that moment; everything, when that is longer ago than we remember."""
    names = list(channels)
    if since < clock.now() - KEPT:
        return names
    rows = await Change.select(Change.channel).where(Change.at > since).distinct()
    return [row["channel"] for row in rows if set(heard_by(row["channel"])) & set(names)]


def heard_by(channel: str) -> tuple[str, str]:
    """Those who listen to just this, and those who listen to all of its kind."""
    return channel, channel.partition(":")[0]


async def purge(now: datetime) -> None:
    """The newest stays: without it SQLite would count anew from one, and those who wait for more would wait long."""
    await Change.delete().where((Change.at < now - KEPT) & (Change.id < await _newest()))


async def _newest() -> int:
    row = await Change.select(Change.id).order_by(Change.id, ascending=False).first()
    return int(row["id"]) if row else 0


class Reader:
    """What one open page has yet to hear. A set: whoever reads slowly hears of each channel once, and nothing grows."""

    def __init__(self, channels: Iterable[str]) -> None:
        self.channels, self.waiting = frozenset(channels), set[str]()
        self.woken, self.leaving = asyncio.Event(), False

    def tell(self, channel: str) -> None:
        self.waiting.add(channel)
        self.woken.set()

    def heard(self) -> set[str]:
        waited, self.waiting = self.waiting, set[str]()
        self.woken.clear()
        return waited

    def leave(self) -> None:
        self.leaving = True
        self.woken.set()


class Watcher:
    """One a process: hears of every change and wakes the readers of its channel."""

    def __init__(self) -> None:
        self._readers: defaultdict[str, set[Reader]] = defaultdict(set)
        self._somebody, self._hearing, self._closed = asyncio.Event(), asyncio.Event(), False
        self._ear: asyncio.Task[None] | None = None
        self._last = 0

    async def start(self) -> None:
        self._last = await _newest()
        self._ear = asyncio.create_task(self._keep_listening())
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT):
                await self._hearing.wait()

    def close(self) -> None:
        """Open streams end, so that a server that is asked to stop need not wait for them."""
        self._closed = True
        for reader in self._everyone():
            reader.leave()

    async def stop(self) -> None:
        self.close()
        if self._ear is not None:
            self._ear.cancel()
            await asyncio.gather(self._ear, return_exceptions=True)

    async def looks(self, channels: Iterable[str], since: datetime | None = None) -> AsyncIterator[set[str]]:
        """The channels that changed, first those that did after `since`; none as a sign of life when nothing does."""
        reader = Reader(channels)
        self._come(reader)
        try:
            for channel in await missed(reader.channels, since) if since else ():
                reader.tell(channel)
            while not (reader.leaving or self._closed):
                with suppress(TimeoutError):
                    async with asyncio.timeout(HEARTBEAT):
                        await reader.woken.wait()
                if reader.woken.is_set():
                    if channels := reader.heard():
                        yield channels
                    await asyncio.sleep(GATHER)
                else:
                    yield set()
        finally:
            self._go(reader)

    def _come(self, reader: Reader) -> None:
        for channel in reader.channels:
            self._readers[channel].add(reader)
        self._somebody.set()

    def _go(self, reader: Reader) -> None:
        for channel in reader.channels:
            self._readers[channel].discard(reader)
            if not self._readers[channel]:
                del self._readers[channel]
        if not self._readers:
            self._somebody.clear()

    def _everyone(self) -> set[Reader]:
        return {reader for readers in self._readers.values() for reader in readers}

    def _tell(self, channel: str) -> None:
        for name in set(heard_by(channel)):
            for reader in self._readers.get(name, ()):
                reader.tell(channel)

    def _hear_again(self) -> None:
        """We were deaf until now, so anything may have changed."""
        self._hearing.set()
        for channel in list(self._readers):
            self._tell(channel)

    async def _keep_listening(self) -> None:
        listen = self._poll if DB.engine_type == "sqlite" else self._listen
        while True:
            try:
                await listen()
            except Exception as trouble:
                log.warning("not hearing of changes, trying again: %s", type(trouble).__name__)
            await asyncio.sleep(AGAIN)

    async def _poll(self) -> None:
        version = 0
        self._hear_again()
        while True:
            await self._somebody.wait()
            newer = await ENGINE.data_version()
            if newer != version:
                version = newer
                rows = await Change.select(Change.id, Change.channel).where(Change.id > self._last).order_by(Change.id)
                for row in rows:
                    self._last = row["id"]
                    self._tell(row["channel"])
            await asyncio.sleep(POLL)

    async def _listen(self) -> None:
        connection = await ENGINE.get_new_connection()
        try:
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(SIGNAL, self._heard)
            self._hear_again()
            while not lost.is_set():
                await connection.execute("SELECT 1", timeout=AGAIN * 5)
                with suppress(TimeoutError):
                    async with asyncio.timeout(HEARTBEAT):
                        await lost.wait()
        finally:
            connection.terminate()

    def _heard(self, *signal: Any) -> None:
        for channel in signal[-1].split():
            self._tell(channel)
