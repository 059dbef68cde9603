"""The installation itself: made once through the printed link; its name, languages and zone."""

import hashlib
import json
import secrets
from collections.abc import Collection
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

from app.db import held, prepared, writing
from app.features.community.rules.names import LABELS, REGIONS
from app.features.community.tables import Community, SetUpLink
from app.kit import audit
from app.kit.languages import NAMES
from app.kit.refusals import NotYours, Refusal
from app.kit.words import say


class Here(Struct, frozen=True):
    """The community as every page knows it."""

    name: str
    zone: str
    region: str
    languages: tuple[str, ...]
    area_kinds: tuple[str, ...]

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class _Row(Struct):
    name: str
    zone: str
    region: str
    languages: str
    area_kinds: str


_the_one = prepared(
    lambda one: Community.select(
        Community.name, Community.zone, Community.region, Community.languages, Community.area_kinds
    ).where(Community.id == one),
    _Row,
)


_around: ContextVar[Here | None] = ContextVar("here", default=None)


def stand(around: Here | None) -> None:
    """For the rest of this request it is known where we are, and what day it is there; None: it is asked for."""
    _around.set(around)


async def here() -> Here | None:
    """None until somebody opened the set-up link and made the community."""
    row = await _the_one.first(1)
    return as_here(row.name, row.zone, row.region, row.languages, row.area_kinds) if row else None


async def contact_words() -> str:
    """How to reach those who run it, in their own words; empty until they wrote some."""
    row = await Community.select(Community.contact).where(Community.id == 1).first()
    return str(row["contact"]) if row else ""


async def today(now: datetime) -> date:
    """The day it is where the community lives: a membership or a capability begins and ends on local days."""
    known = _around.get() or await here()
    return now.astimezone(known.clock).date() if known else now.date()


@lru_cache(maxsize=8)
def as_here(name: str, zone: str, region: str, languages: str, area_kinds: str) -> Here:
    return Here(name, zone, region, tuple(json.loads(languages)), tuple(json.loads(area_kinds)))


async def new_set_up_link(now: datetime) -> str:
    """A fresh token; the one printed before opens nothing any more. Raises NotYours once there is a community."""
    token = secrets.token_urlsafe(24)
    async with writing():
        if await Community.exists().where(Community.id == 1):
            raise NotYours(say("This community is set up already."))
        await SetUpLink.delete(force=True)
        await SetUpLink.insert(SetUpLink(fingerprint=_fingerprint(token), made_at=now))
    return token


async def is_set_up_link(token: str) -> bool:
    return bool(await SetUpLink.exists().where(SetUpLink.fingerprint == _fingerprint(token)))


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def found(
    *, name: str, languages: list[str], zone: str, region: str, area_kinds: list[str], now: datetime
) -> None:
    """Make the community, once: its row has the id 1. The link is spent with it."""
    await SetUpLink.delete(force=True)
    await Community.insert(
        Community(
            id=1,
            name=name,
            languages=json.dumps(_languages(languages)),
            zone=_zone(zone),
            region=_region(region),
            area_kinds=json.dumps(_kinds(area_kinds), ensure_ascii=False),
            made_at=now,
        )
    )


class KeepTheHours(Protocol):
    """How a feature follows a clock that is set to another zone; within the deed that sets it."""

    async def __call__(self, before: ZoneInfo, after: ZoneInfo, *, by: int, now: datetime) -> None: ...


async def change(
    *,
    name: str,
    languages: list[str],
    zone: str,
    region: str,
    area_kinds: list[str],
    by: int,
    now: datetime,
    contact: str | None = None,
    hours: Collection[KeepTheHours] = (),
) -> None:
    """`contact` stays as it is where nothing is said. `hours` keep what was meant by the wall clock of another zone."""
    words: dict[Any, Any] = {} if contact is None else {Community.contact: contact}
    async with writing():
        before = await held(Community.select(Community.zone).where(Community.id == 1)).first()
        await Community.update(
            {
                Community.name: name,
                Community.languages: json.dumps(_languages(languages)),
                Community.zone: _zone(zone),
                Community.region: _region(region),
                Community.area_kinds: json.dumps(_kinds(area_kinds), ensure_ascii=False),
                **words,
            }
        ).where(Community.id == 1)
        stand(None)  # from here on it may be another day
        if before is not None and before["zone"] != zone:
            for keep in hours:
                await keep(ZoneInfo(before["zone"]), ZoneInfo(zone), by=by, now=now)
        await audit.note("community changed", who=by, about="community:1", now=now)


def _languages(chosen: list[str]) -> list[str]:
    known = [tag for tag in chosen if tag in NAMES]
    if not known:
        raise Refusal(say("Choose at least one language."), beside="languages")
    return known


def _zone(zone: str) -> str:
    if zone not in available_timezones():
        raise Refusal(say("A time zone by its name, please, like Asia/Shanghai."), beside="zone")
    return zone


def _region(region: str) -> str:
    if region not in REGIONS:
        raise Refusal(say("Please choose one of these."), beside="region")
    return region


def _kinds(kinds: list[str]) -> list[str]:
    """Known kinds in any of our languages become their key; others stay as the administrator named them."""
    by_word = {word: key for key, (chinese, _) in LABELS.items() for word in (key, *chinese.split())}
    named = [by_word.get(kind.strip().lower(), kind.strip()) for kind in kinds if kind.strip()]
    if not named or len(set(named)) != len(named) or any(len(kind) > 40 for kind in named):
        raise Refusal(say("Name one to six different kinds of areas, the largest first."), beside="area_kinds")
    return named[:6]
