"""What a road gets to carry, and what it says became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.features.notices.rules.bell import Press
from app.features.notices.tables import By, Urgency
from app.kit.languages import Language
from app.kit.web_push.answers import Verdict

__all__ = ["Message", "Outcome", "Road", "Verdict"]


@dataclass(frozen=True)
class Message:
    """One thing to say to one person on one road, in their language.

    `to` is an e-mail address, a phone number (E.164), a WeCom id; for a push it is the endpoint, and `keys` are its
    p256dh and auth (base64url). `title` and `body` are already as plain as their reader wishes on a lock screen where
    `short` is asked for; `words` says it all. `url` is absolute, `stop` is where this topic is stopped on this road.
    `press` is there where its reader sees, on the lock screen too, what they would do.
    `tag` (at most 32 of A–Z a–z 0–9) is the same for every repeat. `lines` are the sentences of a digest, each with
    its address.
    """

    delivery: int
    by: By
    to: str
    tongue: Language
    place: str
    title: str
    body: str
    words: str
    url: str
    stop: str
    topic: str
    tag: str
    urgency: Urgency
    until: datetime | None
    device: int = 0
    keys: tuple[str, str] = ("", "")
    lines: Sequence[tuple[str, str]] = ()
    press: Press | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a message. `answer` is the status, 0 where there was none.

    `again` is tried later with growing pauses; `wait` closes the whole origin, or road, for `pause`; `refused` rings
    for the operator and keeps the device; `failed` is for this message alone.
    """

    verdict: Verdict
    answer: int = 0
    pause: timedelta | None = None
    trouble: str = ""


class Road(Protocol):
    """`at_once` messages may be under way together, each for `patience` seconds at most. `carry` raises nothing it can
    answer: trouble is an outcome.
    """

    by: By
    at_once: int
    patience: float

    async def carry(self, message: Message, now: datetime) -> Outcome: ...
