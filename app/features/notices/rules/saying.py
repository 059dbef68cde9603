"""What a delivery says: in its reader's language, as plainly as their lock screen should, with a way to the page."""

import base64
import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.db import one_of, prepared
from app.features.community import rules as community
from app.features.notices.rules.bell import Address, Bell
from app.features.notices.rules.readers import USUAL, Wish, choices_of_some, wishes_of_some
from app.features.notices.rules.roads import Message
from app.features.notices.rules.timing import BREAK_THE_QUIET, LONGEST, after_the_quiet
from app.features.notices.rules.topics import Topic
from app.features.notices.tables import By, Delivery, Device, Urgency
from app.kit.languages import Language, language, zone
from app.kit.words import kept, say

log = logging.getLogger(__name__)


class Said(Struct):
    """A notice on its way, with what its reader needs to understand it."""

    delivery: int
    person: int
    language: str
    notice: int
    sentence: Any
    path: str
    topic: str
    urgency: Urgency
    key: str | None
    thread: str | None
    until_at: datetime | None
    made_at: datetime
    read_at: datetime | None

    @property
    def ends_at(self) -> datetime:
        return self.until_at or self.made_at + LONGEST


class Keys(Struct):
    id: int
    endpoint: str
    p256dh: str
    auth: str


_notice: Any = Delivery.notice  # Piccolo's types do not follow a second step
COLUMNS: tuple[Any, ...] = (
    _notice.person.as_alias("person"),
    _notice.person.language.as_alias("language"),
    _notice.id.as_alias("notice"),
    *(getattr(_notice, name).as_alias(name) for name in ("sentence", "path", "topic", "urgency", "key", "thread")),
    *(getattr(_notice, name).as_alias(name) for name in ("until_at", "made_at", "read_at")),
)
_said = prepared(
    lambda ids: Delivery.select(Delivery.id.as_alias("delivery"), *COLUMNS).where(one_of(Delivery.id, ids)), Said
)
_together = prepared(
    lambda ids: (
        Delivery.select(Delivery.lead.as_alias("delivery"), *COLUMNS)
        .where(one_of(Delivery.lead, ids))
        .order_by(Delivery.id)
    ),
    Said,
)
_keys = prepared(
    lambda ids: Device.select(Device.id, Device.endpoint, Device.p256dh, Device.auth).where(one_of(Device.id, ids)),
    Keys,
)


async def messages(
    rows: Sequence[dict[str, Any]], bell: Bell, now: datetime
) -> tuple[dict[int, Message], dict[int, datetime]]:
    """By delivery; and those that fell into their reader's night meanwhile, with its end.

    In neither is what is over: read or stopped meanwhile, past its end, with nowhere to go, or not to be said. Each row
    learns its `person`, and `until` when it is worth another try.
    """
    ids = [row["id"] for row in rows]
    said: dict[int, list[Said]] = {id: [] for id in ids}
    for each in [*await _said(ids), *await _together(ids)]:
        said[each.delivery].append(each)
    people = sorted({each[0].person for each in said.values() if each})
    stopped = {(each.person, each.topic, each.by) for each in await choices_of_some(people) if not each.wanted}
    wishes = {each.person: each for each in await wishes_of_some(people)}
    addresses = await bell.addresses(people)
    keys = {each.id: each for each in await _keys([row["device"] for row in rows if row["device"]])}
    place, tongues, clock = await _here()
    made, asleep = {}, {}
    for row in rows:
        waiting = [each for each in said[row["id"]] if _waits(each, now) and not _is_stopped(each, row, stopped, bell)]
        if waiting:
            first = waiting[0]
            row["person"], row["until"] = first.person, max(each.ends_at for each in waiting)
            wish, tongue = wishes.get(first.person, USUAL), language(first.language or tongues[0])
            to = _where(row, addresses[first.person], wish, keys)
            wakes_at = after_the_quiet(now, clock, wish.quiet_from, wish.quiet_until)
            if to and wakes_at > now and first.urgency not in BREAK_THE_QUIET:
                asleep[row["id"]] = wakes_at
            elif to:
                with _aloud(row["id"]):
                    made[row["id"]] = _message(row, waiting, to, tongue, wish, bell, place, keys.get(row["device"]))
    return made, asleep


@contextmanager
def _aloud(delivery: int) -> Iterator[None]:
    """A sentence that nobody can speak ends by itself and holds up no other. Its words are not logged."""
    try:
        yield
    except Exception as broken:
        log.error("delivery %s cannot be said: %s", delivery, type(broken).__name__)


def _message(
    row: dict[str, Any],
    waiting: Sequence[Said],
    to: str,
    tongue: Language,
    wish: Wish,
    bell: Bell,
    place: str,
    keys: Keys | None,
) -> Message:
    first, topic = waiting[0], bell.topics.get(waiting[0].topic)
    lines = [(kept(each.sentence).spoken(tongue), _address(each, By(row["by"]), bell)) for each in waiting]
    together, topics = len(lines) > 1, {each.topic for each in waiting}
    ends = [each.until_at for each in waiting if each.until_at]
    words = say("%(number)s things are new.", number=len(lines)).spoken(tongue) if together else lines[0][0]
    shown = words if together or wish.shows_words else _plain(topic, words, tongue)
    return Message(
        delivery=row["id"],
        by=By(row["by"]),
        to=to,
        tongue=tongue,
        place=place,
        title=place,
        body=shown,
        words=words,
        url=f"{bell.base_url}/notices" if together else lines[0][1],
        stop=bell.stop(first.person, topics.pop() if len(topics) == 1 else "", By(row["by"])),
        topic=first.topic,
        tag=tag_of(first),
        urgency=first.urgency,
        until=max(ends) if len(ends) == len(waiting) else None,
        device=row["device"],
        keys=(keys.p256dh, keys.auth) if keys else ("", ""),
        lines=lines if together else (),
        press=bell.press(first.key) if first.key and not together and shown == words else None,
    )


def _address(said: Said, by: By, bell: Bell) -> str:
    return bell.base_url + bell.way(said.path, said.person, said.topic, by, said.made_at)


def _plain(topic: Topic | None, words: str, tongue: Language) -> str:
    """`safety.md` 10: what is personal is not for whoever passes by."""
    return topic.plain.spoken(tongue) if topic is not None and topic.personal else words


def tag_of(said: Said) -> str:
    """RFC 8030, 5.4: the same for each repeat, and for all of one thread. 26 of A–Z and 2–7."""
    name = said.thread or said.key or f"notice {said.notice}"
    return base64.b32encode(hashlib.sha256(name.encode()).digest()[:16]).decode().rstrip("=")


def _waits(said: Said, now: datetime) -> bool:
    """What nobody carried in days is no news any more; it stands in the app."""
    return said.read_at is None and said.ends_at > now


def _is_stopped(said: Said, row: dict[str, Any], stopped: set[tuple[int, str, By]], bell: Bell) -> bool:
    """Whoever pressed stop gets no more of it: not even what waited for the morning, or for the day's digest."""
    topic = bell.topics.get(said.topic)
    always = said.urgency in BREAK_THE_QUIET or (topic is not None and topic.always)
    return not always and (said.person, said.topic, By(row["by"])) in stopped


def _where(row: dict[str, Any], address: Address, wish: Wish, keys: dict[int, Keys]) -> str:
    by = By(row["by"])
    if by is By.push:
        return keys[row["device"]].endpoint if row["device"] in keys else ""
    return {By.email: address.email, By.sms: address.phone, By.wecom: wish.wecom}[by]


async def _here() -> tuple[str, tuple[str, ...], ZoneInfo]:
    here = await community.here()
    return (here.name, here.languages, here.clock) if here else ("Kith", ("en",), zone.get())
