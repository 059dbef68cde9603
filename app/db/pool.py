"""Connections to PostgreSQL that wait for the next question. The driver's own pool costs twice what a query does."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

UNDONE = 5.0  # seconds until what was left open must be


class Pool:
    """Belongs to one loop. The connection that came back last goes out first; closed ones are replaced."""

    def __init__(self, connect: Callable[[], Awaitable[Any]], most: int) -> None:
        self._connect, self._most = connect, most
        self._idle: list[Any] = []
        self._queue: deque[asyncio.Future[None]] = deque()
        self._size = 0

    def get_size(self) -> int:
        return self._size

    def get_idle_size(self) -> int:
        return len(self._idle)

    async def acquire(self, patience: float) -> Any:
        """Raises TimeoutError for whoever waited so long, and what connecting raises."""
        while True:
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
                self._size -= 1
            if self._size < self._most:
                return await self._another()
            await self._wait(patience)

    async def release(self, connection: Any, *, clean: bool = True) -> None:
        """`clean`: it was left as it was found; else whatever was left open is undone first. A connection on which that
        fails, or is cut off, is replaced.
        """
        try:
            if not connection.is_closed() and (not clean or connection.is_in_transaction()):
                await connection.reset(timeout=UNDONE)
        except BaseException:
            connection.terminate()
            raise
        finally:
            if connection.is_closed():
                self._size -= 1
            else:
                self._idle.append(connection)
            self._next()

    async def close(self) -> None:
        """Those that are in use end with whoever uses them."""
        idle, self._idle = self._idle, []
        self._size -= len(idle)
        for connection in idle:
            with suppress(Exception):
                await connection.close(timeout=UNDONE)

    async def _another(self) -> Any:
        self._size += 1
        try:
            return await self._connect()
        except BaseException:
            self._size -= 1
            self._next()
            raise

    async def _wait(self, patience: float) -> None:
        place = asyncio.get_running_loop().create_future()
        self._queue.append(place)
        try:
            async with asyncio.timeout(patience):
                await place
        except BaseException:
            if place in self._queue:
                self._queue.remove(place)
            elif not place.cancelled():
                self._next()  # the turn came just as we gave up
            raise

    def _next(self) -> None:
        while self._queue:
            place = self._queue.popleft()
            if not place.done():
                place.set_result(None)
                return
