"""Letters leave the house over a few HTTP/2 connections, in a thread of their own: the event loop never waits for them.

`send` puts a letter into the lane of its origin. What came of it is told in the event loop, many at a time. Each letter
is answered within WAIT + WHOLE = 30 seconds, whatever its service does; leases must last longer.
"""

import asyncio
import contextlib
import logging
import socket
import threading
from collections import deque
from collections.abc import Callable

from app.kit.web_push.lanes import CONNECT, Roads
from app.kit.web_push.letters import Answer, Letter
from app.kit.web_push.traffic import Traffic

MOST = 400  # letters of one origin on their way or waiting here; more wait where they are safe

logger = logging.getLogger(__name__)


class Full(Exception):
    """This origin has as much as it can take: send it later."""


class Closed(Exception):
    """Nothing is carried any more."""


class Carrier:
    def __init__(
        self, on_answers: Callable[[list[Answer]], None], *, roads: Roads, loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        self._on_answers, self._roads = on_answers, roads
        self._loop = loop or asyncio.get_running_loop()
        self._inbox: deque[tuple[str, Letter]] = deque()
        self._answers: deque[Answer] = deque()
        self._owed: dict[str, int] = {}
        self._lock = threading.Lock()
        self._closing, self._telling = False, False
        self._bell, self._ear = socket.socketpair()
        self._bell.setblocking(False)
        self._traffic: Traffic | None = None
        self._thread = threading.Thread(target=self._run, name="carrier", daemon=True)
        self._thread.start()

    def send(self, letter: Letter) -> None:
        """From any thread, at once. Raises Full or Closed, and then the letter is still the sender's."""
        origin = letter.origin
        with self._lock:
            if self._closing:
                raise Closed
            owed = self._owed.get(origin, 0)
            if owed >= MOST:
                raise Full
            self._owed[origin] = owed + 1
            self._inbox.append((origin, letter))
        if self._traffic and self._traffic.asleep:
            self._traffic.asleep = False  # one ring wakes it, and each costs a wait for the interpreter
            self._ring()

    def room(self, origin: str) -> int:
        """How many more letters `send` takes for that origin."""
        return MOST - self._owed.get(origin, 0)

    @property
    def owed(self) -> int:
        """Letters that nobody has heard of yet."""
        with self._lock:
            return sum(self._owed.values())

    def close(self) -> None:
        """At once. Letters still on their way are answered with "closed"; nobody knows what became of them."""
        with self._lock:
            self._closing = True
        self._ring()
        self._thread.join(CONNECT / 1000)  # libcurl waits for a resolver that is under way

    def _tell(self) -> None:
        """In the event loop."""
        self._telling = False
        answers = [self._answers.popleft() for _ in range(len(self._answers))]
        if answers:
            self._on_answers(answers)

    def _run(self) -> None:
        """In the thread, like all that is below."""
        try:
            self._traffic = Traffic(self._inbox, self._ear, self._roads, self._done)
            while not self._closing:
                self._traffic.turn()
        except Exception:
            logger.exception("the carrier fell over; letters come back as closed until the house begins again")
        with self._lock:
            self._closing = True
        if self._traffic:
            self._traffic.end()
        for each in (self._ear, self._bell):
            each.close()

    def _done(self, answers: list[Answer], of: dict[str, int]) -> None:
        """`of` says how many answers each origin gave."""
        with self._lock:
            for origin, number in of.items():
                self._owed[origin] -= number
                if not self._owed[origin]:
                    del self._owed[origin]
        self._answers.extend(answers)
        if not self._telling:
            self._telling = True
            with contextlib.suppress(RuntimeError):  # the loop was closed: nobody is left to be told
                self._loop.call_soon_threadsafe(self._tell)

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # it was rung often enough, or nobody is there any more
            self._bell.send(b".")
