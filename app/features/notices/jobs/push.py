"""By push: sealed for one browser, signed for its service, carried over a few HTTP/2 connections."""

import asyncio
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from app.features.notices.rules.roads import Message, Outcome, Verdict
from app.features.notices.rules.timing import BREAK_THE_QUIET
from app.features.notices.tables import By, Urgency
from app.kit.web_push.answers import TOO_LONG, meaning
from app.kit.web_push.carrier import Carrier, Closed, Full
from app.kit.web_push.endpoints import Foreign, Origins, origin_of
from app.kit.web_push.letters import Answer, Letter
from app.kit.web_push.sealing import BadKeys, Pair, checked_keys, prepare, seal
from app.kit.web_push.vapid import Vapid
from app.kit.words import say

STOP = say("No more about this")
AIM = 2500  # bytes of plaintext: bridged phones take less than the 3,993 of the standard
SHORT = 120  # bytes of the words when a service finds even that too long
MANY = 100  # headers that are kept for the next letter
USUAL = timedelta(days=3)  # how long a service keeps what names no end
LONGEST = timedelta(days=28)  # what all of them take
CLOSED_FOR = timedelta(seconds=60)  # a service that asks for time and does not say how much
HASTE = {Urgency.everyday: "normal", Urgency.soon: "normal", Urgency.urgent: "high", Urgency.critical: "high"}


class Post:
    """A carrier that can be awaited, letter by letter."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier, self._numbers = carrier, count(1)
        self._waiting: dict[int, asyncio.Future[Answer]] = {}

    def number(self) -> int:
        return next(self._numbers)

    async def send(self, letter: Letter) -> Answer:
        """Raises Full or Closed; then it did not leave the house."""
        waiting = self._waiting[letter.id] = asyncio.get_running_loop().create_future()
        try:
            self._carrier.send(letter)
            return await waiting
        finally:
            self._waiting.pop(letter.id, None)

    def came_back(self, some: Iterable[Answer]) -> None:
        for answer in some:
            waiting = self._waiting.get(answer.id)
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)


class Pairs:
    """Key pairs reckoned in idle time, one for each phone, in memory only; each is used once."""

    def __init__(self) -> None:
        self._ready: dict[int, Pair] = {}

    def __len__(self) -> int:
        return len(self._ready)

    def take(self, device: int, p256dh: bytes) -> Pair | None:
        pair = self._ready.pop(device, None)
        return pair if pair is not None and pair.p256dh == p256dh else None

    def prepare(self, device: int, p256dh: bytes, auth: bytes) -> None:
        self._ready[device] = prepare(p256dh, auth)

    def without(self, devices: Iterable[int]) -> list[int]:
        return [each for each in devices if each not in self._ready]

    def keep_only(self, devices: Iterable[int]) -> None:
        known = set(devices)
        self._ready = {device: pair for device, pair in self._ready.items() if device in known}


class ByPush:
    by = By.push
    at_once = 400  # four connections with a hundred streams
    patience = 15.0  # libcurl gives up after ten

    def __init__(self, vapid: Vapid, origins: Origins, post: Post, pairs: Pairs) -> None:
        self._vapid, self._origins, self._post, self._pairs = vapid, origins, post, pairs
        self._headers: dict[tuple[object, ...], dict[str, str]] = {}

    async def carry(self, message: Message, now: datetime) -> Outcome:
        """The address is checked again: the list of services may have changed since it was stored."""
        try:
            origin = origin_of(message.to, self._origins)
            p256dh, auth = checked_keys(*message.keys)
        except (Foreign, BadKeys) as wrong:
            return Outcome(Verdict.failed, trouble=type(wrong).__name__)
        answer = await self._sent(message, origin, p256dh, auth, payload(message), now)
        if answer.status == TOO_LONG:
            answer = await self._sent(message, origin, p256dh, auth, payload(message, SHORT), now)
        return outcome(answer)

    async def _sent(
        self, message: Message, origin: str, p256dh: bytes, auth: bytes, plain: bytes, now: datetime
    ) -> Answer:
        body = seal(p256dh, auth, plain, pair=self._pairs.take(message.device, p256dh))
        headers = self._same_headers(message, origin, now)
        number = self._post.number()
        near = self._origins.near(origin)
        try:
            return await self._post.send(Letter(number, message.to, headers, body, near=near))
        except (Full, Closed) as full:
            return Answer(number, 0, None, type(full).__name__)

    def _same_headers(self, message: Message, origin: str, now: datetime) -> dict[str, str]:
        """The very same object for all letters of one notice to one origin within a second: libcurl is spared work."""
        key = (origin, message.tag, message.urgency, message.until, int(now.timestamp()))
        if key not in self._headers:
            if len(self._headers) >= MANY:
                self._headers.clear()
            self._headers[key] = headers_of(message, now) | {"Authorization": self._vapid.header(origin, now)}
        return self._headers[key]


def payload(message: Message, most: int | None = None) -> bytes:
    """At once Declarative Web Push (W3C Push API, 3.3.1) and what our own `sw.js` reads. UTF-8, at most 2,500 bytes."""
    words = message.body if most is None else _cut(message.body, most)
    plain = _written(message, words)
    if len(plain) > AIM:
        room = len(words.encode()) - (len(plain) - AIM)
        plain = _written(message, _cut(words, room))
    return plain


def _cut(words: str, room: int) -> str:
    """To so many bytes, with a sign that it goes on."""
    whole = words.encode()
    if len(whole) <= room:
        return words
    return whole[: max(0, room - len("…".encode()))].decode(errors="ignore").rstrip() + "…"


def _written(message: Message, words: str) -> bytes:
    notification: dict[str, Any] = {
        "title": message.title,
        "body": words,
        "navigate": message.url,
        "lang": message.tongue.tag,
        "dir": "ltr",
        "tag": message.tag,
        "requireInteraction": message.urgency in BREAK_THE_QUIET,
    }
    actions = []
    if message.press:
        words, done = message.press.words.spoken(message.tongue), message.press.done.spoken(message.tongue)
        deed = {"deed": message.press.path, "done": done}  # which Safari does not know: there it leads to the page
        actions.append({"action": "press", "title": words, "navigate": message.url, **deed})
    if message.stop:
        actions.append({"action": "stop", "title": STOP.spoken(message.tongue), "navigate": message.stop})
    if actions:
        notification["actions"] = actions
    said = {"web_push": 8030, "notification": notification}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def headers_of(message: Message, now: datetime) -> dict[str, str]:
    """RFC 8030, 5.2 to 5.4. A TTL of 0 would be lost on any phone that sleeps."""
    ttl = min(message.until - now, LONGEST) if message.until else USUAL
    return {
        "TTL": str(max(1, int(ttl.total_seconds()))),
        "Urgency": HASTE[message.urgency],
        "Topic": message.tag,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
    }


def outcome(answer: Answer) -> Outcome:
    verdict = meaning(answer.status, answer.trouble)
    pause = None
    if verdict is Verdict.wait:
        pause = timedelta(seconds=answer.retry_after) if answer.retry_after else CLOSED_FOR
    return Outcome(verdict, answer.status, pause=pause, trouble=answer.trouble)
