"""A crowd of browsers, as light as Python makes them: prebuilt requests on lines that stay open, answers read only as
far as they must be. One process, one loop; an answer asked for late counts from when it should have been asked for.
"""

import asyncio
import os
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

import brotli

# From the proxy before the house, asked in turn, so that both web processes hear of each. No proxy has so few that they
# decide: with 48 each answer would have to come within 80 ms for 600 a second, however idle the house were.
LINES = int(os.environ.get("LINES", "160"))

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

Said = Callable[[int, bytes, bytes], None]  # status, headers, body; 0 where the line broke


class Line(asyncio.Protocol):
    """One connection, one question at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.said: Said | None = None
        self.read = b""
        self.head_ends = self.ends = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def ask(self, request: bytes, said: Said) -> None:
        self.said, self.read, self.head_ends, self.ends = said, b"", 0, 0
        assert self.transport is not None
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.read = self.read + data if self.read else data
        if not self.head_ends:
            self.head_ends = self.read.find(b"\r\n\r\n") + 4
            if self.head_ends < 4:
                self.head_ends = 0
                return
            long = LENGTH.search(self.read, 0, self.head_ends)
            self.ends = self.head_ends + int(long[1]) if long else 0
        if len(self.read) >= self.ends if self.ends else self.read.endswith(b"0\r\n\r\n"):
            said, self.said = self.said, None
            if said is not None:
                said(int(self.read[9:12]), self.read[: self.head_ends], self.read[self.head_ends :])

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport, said, self.said = None, self.said, None
        if said is not None:
            said(0, b"", b"")


class Stream(asyncio.Protocol):
    """A page's line to `/changes`: calls with each channel to look at again."""

    def __init__(self, request: bytes, look: Callable[[str], None]) -> None:
        self.request, self.look, self.read, self.open = request, look, b"", True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(self.request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        *whole, self.read = (self.read + data).split(b"\n")
        for line in whole:
            if line.startswith(b"data: "):
                self.look(line[6:].strip().decode())

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False


@dataclass
class Took:
    """Milliseconds of each answer, and what was no answer."""

    ms: list[float] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)

    def note(self, status: int, since: float, *fine: int) -> None:
        (self.ms if status in fine else self.wrong).append(
            (perf_counter() - since) * 1000 if status in fine else status
        )

    def percentile(self, of: float) -> float:
        ordered = sorted(self.ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * of / 100))] if ordered else float("nan")


class Crowd:
    def __init__(self, port: int) -> None:
        self.port, self.free = port, deque[Line]()
        self.waiting = deque[tuple[bytes, Said]]()
        self.gone = False

    async def come(self) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(LINES):
            _, line = await loop.create_connection(Line, "127.0.0.1", self.port)
            self.free.append(line)

    def ask(self, request: bytes, said: Said) -> None:
        """By a line that is free, or by the first that becomes free; once all have left, by none."""
        if self.gone:
            return
        if not self.free:
            self.waiting.append((request, said))
            return
        line = self.free.popleft()

        def heard(status: int, head: bytes, body: bytes) -> None:
            if status:
                self.free.append(line)
            else:
                asyncio.get_running_loop().create_task(self._another())
            if self.waiting and self.free:
                self.ask(*self.waiting.popleft())
            said(status, head, body)

        line.ask(request, heard)

    async def _another(self) -> None:
        _, line = await asyncio.get_running_loop().create_connection(Line, "127.0.0.1", self.port)
        self.free.append(line)
        if self.waiting:
            self.ask(*self.waiting.popleft())

    async def listen(self, request: bytes, look: Callable[[str], None]) -> Stream:
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_connection(lambda: Stream(request, look), "127.0.0.1", self.port)
        return stream

    def leave(self) -> None:
        self.gone = True
        for line in self.free:
            if line.transport is not None:
                line.transport.close()


COMMON = (
    b"Host: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\nAccept-Encoding: gzip, deflate, br\r\n"
    b"User-Agent: Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36\r\n"
)


def get(path: str, key: str, more: bytes = b"") -> bytes:
    return b"GET %s HTTP/1.1\r\n%sCookie: key=%s\r\n%s\r\n" % (path.encode(), COMMON, key.encode(), more)


def post(path: str, key: str, form: bytes) -> bytes:
    return (
        b"POST %s HTTP/1.1\r\n%sCookie: key=%s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (path.encode(), COMMON, key.encode(), len(form), form)
    )


def block(target: str) -> bytes:
    """What htmx says when it comes for one block."""
    return b"HX-Request: true\r\nHX-Target: %s\r\n" % target.encode()


def plain(head: bytes, body: bytes) -> bytes:
    """The words of an answer, as they were before they were made small."""
    low = head.lower()
    if b"transfer-encoding: chunked" in low:
        pieces, rest = [], body
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            many = int(size or b"0", 16)
            if not many:
                break
            pieces.append(rest[:many])
            rest = rest[many + 2 :]
        body = b"".join(pieces)
    return bytes(brotli.decompress(body)) if b"content-encoding: br" in low else body
