"""Whose turn it is to write, within one process."""

import asyncio
import threading
from collections import deque

LONGEST_WAIT = 30.0  # seconds; then somebody hangs inside writing(), and TimeoutError is better than silence


class Turn:
    """First come, first served, and it may be shared by several event loops (asyncio.Lock may not)."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._queue: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            place = asyncio.get_running_loop().create_future()
            self._queue.append(place)
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await place
        except BaseException:
            self._leave(place)
            raise

    async def __aexit__(self, *_: object) -> None:
        self.pass_on()

    def pass_on(self) -> None:
        with self._guard:
            while self._queue:
                place = self._queue.popleft()
                try:
                    place.get_loop().call_soon_threadsafe(wake, place)
                    return
                except RuntimeError:
                    continue  # that loop is closed: nobody waits there
            self._taken = False

    def _leave(self, place: asyncio.Future[None]) -> None:
        """Whoever gives up waiting just as the turn comes hands it on."""
        with self._guard:
            still_waiting = place in self._queue
            if still_waiting:
                self._queue.remove(place)
        if not still_waiting:
            self.pass_on()


def wake(place: asyncio.Future[None]) -> None:
    if not place.done():
        place.set_result(None)
