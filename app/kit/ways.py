"""Which ways out of the house are set up, and who answers on them. Whoever asks sends nothing and leaves no trace."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pycurl

from app.config import Settings
from app.kit import mail
from app.kit.web_push.endpoints import Origins
from app.kit.web_push.lanes import Roads
from app.kit.web_push.letters import OTHER, TROUBLES

PATIENCE = 5  # seconds
# A service of many hosts is asked at one that its browsers have used for years.
ASKED_AT = {
    "https://*.push.services.mozilla.com": "https://updates.push.services.mozilla.com",
    "https://*.push.apple.com": "https://web.push.apple.com",
    "https://*.notify.windows.com": "https://wns2-by3p.notify.windows.com",
}
PHONES = {
    "https://fcm.googleapis.com": "Chrome",
    "https://*.push.services.mozilla.com": "Firefox",
    "https://*.push.apple.com": "Safari, iPhone",
    "https://*.notify.windows.com": "Edge",
}
WECOM = "https://qyapi.weixin.qq.com"


@dataclass(frozen=True)
class Way:
    """`trouble` is empty where somebody answers, None where there is nobody whom one could ask.

    `named`: the operator wrote it into the settings, so it ought to work. `phones` are the browsers behind it.
    """

    road: str
    where: str
    trouble: str | None
    named: bool = True
    phones: str = ""


async def ways(known: Settings) -> list[Way]:
    """All at once, five seconds at the most."""
    with_threads = ThreadPoolExecutor(16, "ways")
    try:
        asked = [asyncio.wrap_future(with_threads.submit(_asked, way, known)) for way in set_up(known)]
        return list(await asyncio.gather(*asked))
    finally:
        with_threads.shutdown(wait=False)


def set_up(known: Settings) -> list[Way]:
    """Nobody was asked yet."""
    return list(_set_up(known))


def knock(url: str, trust: str, proxy: str = "") -> str:
    """Connects, through a proxy and with TLS where there are any, says nothing, hangs up. Empty when it went well."""
    curl = pycurl.Curl()
    options = {
        pycurl.URL: url,
        pycurl.CONNECT_ONLY: 1,
        pycurl.TIMEOUT: PATIENCE,
        pycurl.NOSIGNAL: 1,
        pycurl.PROXY: proxy,
        pycurl.NOPROXY: "",
        pycurl.CAINFO: trust,
        pycurl.PROXY_CAINFO: trust,
    }
    try:
        for option, value in options.items():
            curl.setopt(option, value)
        curl.perform()
    except pycurl.error as broken:
        return TROUBLES.get(broken.args[0], OTHER)
    finally:
        curl.close()
    return ""


def _set_up(known: Settings) -> Iterator[Way]:
    for origin in Origins.from_setting(known.push_origins):
        yield Way("push", origin, None, named=bool(known.push_origins), phones=PHONES.get(origin, ""))
    if known.smtp:
        yield Way("email", f"{known.smtp.host}:{known.smtp.port}", None)
    if known.sms:
        yield Way("sms", known.sms.origin, None)
    if known.wecom_url:
        yield Way("wecom", WECOM, None)
    if known.notify_urls:
        yield Way("groups", str(len(known.notify_urls)), None)


def _asked(way: Way, known: Settings) -> Way:
    trouble: str | None = None
    roads = Roads(known.ca_file, known.push_proxy)
    if way.road == "email" and known.smtp:
        trouble = mail.why_not(known.smtp, PATIENCE)
    elif way.road == "push":
        asked_at = ASKED_AT.get(way.where, way.where)
        near = Origins.from_setting(known.push_origins).near(asked_at)
        trouble = None if "*" in asked_at else knock(asked_at, roads.trust, roads.proxy(asked_at, near))
    elif way.road != "groups":
        trouble = knock(way.where, roads.trust)
    return Way(way.road, way.where, trouble, way.named, way.phones)
