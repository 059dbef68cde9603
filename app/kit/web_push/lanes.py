"""One lane for each origin, so that none waits for another; and a line of libcurl's set up as we want it."""

import os
import socket
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pycurl

from app.kit.web_push.endpoints import is_open
from app.kit.web_push.letters import CLOSED, FOREIGN_ADDRESS, FOREIGN_URL, OTHER, TROUBLES, Answer, Letter

CONNECTIONS, STREAMS = 2, 100  # for each origin
FIRST = 16  # letters at once until the origin has answered: then we know whether it speaks HTTP/2
CONNECT, WHOLE = 5_000, 10_000  # milliseconds
READ = 4096  # bytes of an answer; the rest is not listened to
ROOM = 16_384  # bytes that libcurl sets aside for a letter: the least it takes, and four letters' worth
SPEAKS_HTTP2 = 3  # CURL_HTTP_VERSION_2_0
NO_LETTER = Letter(0, "", {}, b"")
SYSTEM_TRUSTS = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


@dataclass(frozen=True)
class Roads:
    """How the house reaches the world: who vouches for whom, and through which proxy."""

    ca_file: str = ""
    proxies: tuple[tuple[str, str], ...] = ()

    @property
    def trust(self) -> str:
        import certifi  # late: only where the system has no list of its own

        return self.ca_file or next(filter(os.path.exists, SYSTEM_TRUSTS), certifi.where())

    def proxy(self, origin: str, near: bool) -> str:
        """The one for all is for the world outside: what is near goes through one only where it is named."""
        host = origin.partition("://")[2]
        host = host if host.endswith("]") else host.rpartition(":")[0] or host
        for named, url in self.proxies:
            if named == host or (named.startswith("*.") and host.endswith(named[1:])) or (named == "*" and not near):
                return url
        return ""


@dataclass(slots=True)
class Lane:
    origin: str
    near: bool
    waiting: deque[tuple[float, Letter]] = field(default_factory=deque)
    flying: int = 0
    limit: int = FIRST
    heard_at: float = float("-inf")
    paused_until: float = float("-inf")
    idle: list["Line"] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def write(self, headers: Mapping[str, str]) -> list[str]:
        """For all letters of one notice to one service once. Raises ValueError for what would be more than a header."""
        if headers is not self.headers:
            written = [f"{name}: {value}" for name, value in headers.items()]
            if not all(each.isascii() and each.isprintable() for each in written):
                raise ValueError("a header of more than one line")
            self.headers, self.written = headers, written
        return self.written


class Line:
    """A handle of libcurl's for one lane, used for one letter after another."""

    def __init__(self, lane: Lane, roads: Roads) -> None:
        self.lane, self.curl, self.letter = lane, pycurl.Curl(), NO_LETTER
        self.written: list[str] = []
        self.read, self.refused = 0, False
        for option, value in _options(lane, roads).items():
            self.curl.setopt(option, value)
        self.curl.setopt(pycurl.WRITEFUNCTION, self._listen)
        if not lane.near and not roads.proxy(lane.origin, lane.near):
            self.curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)

    def take(self, letter: Letter) -> None:
        self.letter, self.read, self.refused = letter, 0, False
        written = self.lane.write(letter.headers)
        if written is not self.written:
            self.curl.setopt(pycurl.HTTPHEADER, written)
            self.written = written
        self.curl.setopt(pycurl.URL, letter.url)
        self.curl.setopt(pycurl.POSTFIELDS, letter.body)

    def answer(self, code: int) -> Answer:
        status = self.curl.getinfo(pycurl.RESPONSE_CODE)
        if status < 200:  # none came, or a promise of one
            return Answer(self.letter.id, 0, None, self._trouble(code))
        pause = self.curl.getinfo(pycurl.RETRY_AFTER) if status >= 400 else 0  # libcurl reads seconds and dates
        return Answer(self.letter.id, status, pause or None)

    def speaks_http2(self) -> bool:
        return bool(self.curl.getinfo(pycurl.INFO_HTTP_VERSION) == SPEAKS_HTTP2)

    def _trouble(self, code: int) -> str:
        return FOREIGN_ADDRESS if self.refused else TROUBLES.get(code, OTHER if code else CLOSED)

    def _listen(self, piece: bytes) -> int:
        """Anything but the length of the piece hangs up."""
        self.read += len(piece)
        return len(piece) if self.read <= READ else 0

    def _open(self, purpose: int, address: Any) -> Any:
        """The second line after the allow-list: names may come to mean another place after they were looked at."""
        family, kind, protocol, where = address
        if is_open(where[0]):
            return socket.socket(family, kind, protocol)
        self.refused = True
        return pycurl.SOCKET_BAD


def _options(lane: Lane, roads: Roads) -> dict[int, Any]:
    plain = pycurl.PROTO_HTTP if lane.near else 0
    return {
        pycurl.POST: 1,
        pycurl.USERAGENT: "Kith",
        pycurl.NOSIGNAL: 1,
        pycurl.PROTOCOLS: pycurl.PROTO_HTTPS | plain,
        pycurl.FOLLOWLOCATION: 0,
        pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_2TLS,
        pycurl.PIPEWAIT: 1,
        pycurl.TCP_NODELAY: 0,  # many letters go into one packet
        pycurl.UPLOAD_BUFFERSIZE: ROOM,
        pycurl.CONNECTTIMEOUT_MS: CONNECT,
        pycurl.TIMEOUT_MS: WHOLE,
        pycurl.CAINFO: roads.trust,
        pycurl.PROXY_CAINFO: roads.trust,
        # Said even where it is empty: libcurl would ask the environment.
        pycurl.PROXY: roads.proxy(lane.origin, lane.near),
        pycurl.NOPROXY: "",
    }


def why_not(letter: Letter) -> str:
    """Before a line is asked: libcurl guesses a scheme where there is none."""
    url, schemes = letter.url, ("https://", "http://") if letter.near else ("https://",)
    return "" if url.startswith(schemes) and url.isascii() and url.isprintable() else FOREIGN_URL
