"""What is carried out of the house, and what came of it."""

from collections.abc import Mapping

import msgspec
import pycurl

# Why there was no answer, in words that name nobody: they are kept and shown.
TROUBLES = {
    pycurl.E_UNSUPPORTED_PROTOCOL: "foreign url",
    pycurl.E_URL_MALFORMAT: "foreign url",
    pycurl.E_COULDNT_RESOLVE_PROXY: "no proxy",
    97: "no proxy",  # CURLE_PROXY
    pycurl.E_COULDNT_RESOLVE_HOST: "no such host",
    pycurl.E_COULDNT_CONNECT: "no connection",
    pycurl.E_OPERATION_TIMEDOUT: "timeout",
    pycurl.E_SSL_CONNECT_ERROR: "tls",
    pycurl.E_PEER_FAILED_VERIFICATION: "tls",
    pycurl.E_SEND_ERROR: "reset",
    pycurl.E_RECV_ERROR: "reset",
    pycurl.E_GOT_NOTHING: "reset",
    pycurl.E_HTTP2: "reset",
    92: "reset",  # CURLE_HTTP2_STREAM
}
CLOSED, FOREIGN_ADDRESS, FOREIGN_URL, OTHER = "closed", "foreign address", "foreign url", "trouble"
WAITED, PAUSED = "waited", "paused"
# Such a letter never left, so it is no try: its lane was too slow, or its service had asked for patience.
UNSENT = frozenset({WAITED, PAUSED})


class Letter(msgspec.Struct, frozen=True):
    """`near` letters may go to a network of our own, and without TLS: where they go, the operator has said.

    Letters with the very same `headers` object are quicker than with equal ones.
    """

    id: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    near: bool = False

    def __repr__(self) -> str:
        return f"Letter({self.id})"  # the rest is somebody's

    @property
    def origin(self) -> str:
        end = self.url.find("/", 8)
        return self.url if end < 0 else self.url[:end]


class Answer(msgspec.Struct, frozen=True):
    """`status` is 0 when none came; `retry_after` counts in seconds; `trouble` is empty when all went well."""

    id: int
    status: int
    retry_after: int | None = None
    trouble: str = ""
