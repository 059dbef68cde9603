"""A POST to another machine, from a thread: bounded in time, no redirect followed, nothing of the answer kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pycurl

from app.config import settings
from app.kit.web_push.lanes import Roads
from app.kit.web_push.letters import OTHER, TROUBLES

CONNECT, WHOLE = 5, 15  # seconds


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where nobody answered; `trouble` is why, in few words. `pause` is what was asked for."""

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
        return Answer(0, trouble=TROUBLES.get(broken.args[0], OTHER))
    finally:
        curl.close()


def _options(url: str, body: bytes, headers: Mapping[str, str]) -> dict[int, object]:
    return {
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
        pycurl.CAINFO: Roads(settings().ca_file).trust,
    }
