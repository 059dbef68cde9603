"""A POST to another machine, from a thread: bounded in time, no redirect followed, nothing of the answer kept."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pycurl

CONNECT, WHOLE = 5, 15  # seconds


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where nobody answered; `trouble` is libcurl's number for it. `again` is `Retry-After` as sent."""

    status: int
    again: str = ""
    trouble: str = ""

    def pause(self, now: datetime) -> timedelta | None:
        """RFC 9110, 10.2.3: seconds, or a date. None where it says nothing of use."""
        if self.again.isdecimal() and len(self.again) < 8:
            return timedelta(seconds=int(self.again))
        try:
            return max(parsedate_to_datetime(self.again) - now, timedelta())
        except (ValueError, TypeError):
            return None


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Trouble on the way is an answer too; it says nothing of the address, which may hold a key."""
    curl, heard = pycurl.Curl(), list[bytes]()
    try:
        for option, value in _options(url, body, headers).items():
            curl.setopt(option, value)
        curl.setopt(pycurl.HEADERFUNCTION, heard.append)
        curl.perform()
        return Answer(curl.getinfo(pycurl.RESPONSE_CODE), _retry_after(heard))
    except pycurl.error as broken:
        return Answer(0, trouble=f"curl {broken.args[0]}")
    finally:
        curl.close()


def trust() -> str:
    """Who vouches for certificates: what SSL_CERT_FILE names, else this system's own list."""
    return os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile or ""


def _options(url: str, body: bytes, headers: Mapping[str, str]) -> dict[int, object]:
    options: dict[int, object] = {
        pycurl.URL: url,
        pycurl.POSTFIELDS: body,
        pycurl.HTTPHEADER: ["Expect:", *(f"{name}: {value}" for name, value in headers.items())],
        pycurl.FOLLOWLOCATION: 0,
        pycurl.CONNECTTIMEOUT: CONNECT,
        pycurl.TIMEOUT: WHOLE,
        pycurl.NOSIGNAL: 1,
        pycurl.WRITEFUNCTION: len,
    }
    return options | ({pycurl.CAINFO: trust()} if trust() else {})


def _retry_after(heard: list[bytes]) -> str:
    named = [line.decode("latin-1").partition(":") for line in heard]
    return next((value.strip() for name, _, value in reversed(named) if name.lower() == "retry-after"), "")
