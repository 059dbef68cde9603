"""A POST to another machine, from a thread: bounded in time, no redirect followed, nothing of the answer kept."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pycurl

from app.config import settings

CONNECT, WHOLE = 5, 15  # seconds


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where nobody answered; `trouble` is libcurl's number for it. `pause` is what was asked for."""

    status: int
    pause: timedelta | None = None
    trouble: str = ""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Trouble on the way is an answer too; it says nothing of the address, which may hold a key."""
    curl = pycurl.Curl()
    try:
        for option, value in _options(url, body, headers).items():
            curl.setopt(option, value)
        curl.perform()
        return Answer(curl.getinfo(pycurl.RESPONSE_CODE), timedelta(seconds=curl.getinfo(pycurl.RETRY_AFTER)) or None)
    except pycurl.error as broken:
        return Answer(0, trouble=f"curl {broken.args[0]}")
    finally:
        curl.close()


def trust(ca_file: str) -> str:
    """Who vouches for certificates: what SSL_CERT_FILE names, else this system's own list."""
    return ca_file or ssl.get_default_verify_paths().cafile or ""


def _options(url: str, body: bytes, headers: Mapping[str, str]) -> dict[int, object]:
    options: dict[int, object] = {
        pycurl.URL: url,
        pycurl.POSTFIELDS: body,
        pycurl.HTTPHEADER: ["Expect:", *(f"{name}: {value}" for name, value in headers.items())],
        pycurl.FOLLOWLOCATION: 0,
        pycurl.PROTOCOLS: pycurl.PROTO_HTTPS | pycurl.PROTO_HTTP,
        pycurl.PROXY: "",  # said, since libcurl would ask the environment
        pycurl.CONNECTTIMEOUT: CONNECT,
        pycurl.TIMEOUT: WHOLE,
        pycurl.NOSIGNAL: 1,
        pycurl.WRITEFUNCTION: len,
    }
    vouching = trust(settings().ca_file)
    return options | ({pycurl.CAINFO: vouching} if vouching else {})
