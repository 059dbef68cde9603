"""Somebody's own calendar, read by their other programs at an address that nobody can guess."""

import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import prepared, writing
from app.features.calendars.tables import CalendarFeed
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.kit import audit
from app.kit.calendars import Entry
from app.kit.keeping import Keeping
from app.kit.refusals import Missing
from app.kit.words import say

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

# For app/house.py: what of a feature stands in somebody's own calendar.
InCalendar = Callable[..., Awaitable[list[Entry]]]


class _Feed(Struct):
    person: int
    made_at: datetime


_known = prepared(
    lambda fingerprint: CalendarFeed.select(CalendarFeed.person, CalendarFeed.made_at).where(
        CalendarFeed.fingerprint == fingerprint
    ),
    _Feed,
)
_own = prepared(
    lambda person: CalendarFeed.select(CalendarFeed.person, CalendarFeed.made_at).where(CalendarFeed.person == person),
    _Feed,
)


async def new_address(*, by: Neighbour, now: datetime) -> str:
    """The token of it, which nobody can read again. The one before is dead from now on."""
    token = secrets.token_urlsafe(32)
    async with writing():
        await CalendarFeed.delete().where(CalendarFeed.person == by.id)
        await CalendarFeed(person=by.id, fingerprint=_fingerprint(token), made_at=now).save()
        await audit.note("calendar address made", who=by.id, about=f"person:{by.id}", now=now)
    return token


async def end_address(*, by: Neighbour, now: datetime) -> None:
    async with writing():
        await CalendarFeed.delete().where(CalendarFeed.person == by.id)
        await audit.note("calendar address ended", who=by.id, about=f"person:{by.id}", now=now)


async def made_at(by: Neighbour) -> datetime | None:
    """When they made the address that is valid; None without one."""
    found = await _own.first(by.id)
    return found.made_at if found else None


async def whose(token: str) -> Neighbour:
    """Raises Missing for an address that is dead, never was, or belongs to somebody who is no neighbour now."""
    found = await _known.first(_fingerprint(token)) if TOKEN.fullmatch(token) else None
    if found is None:
        raise Missing
    person = await people.neighbour(found.person)
    if not person.is_active:
        raise Missing
    return person


async def entries_of(person: Neighbour, bring: Iterable[InCalendar], *, now: datetime) -> list[Entry]:
    """What one thing covers is not said beside it: the room of an event is a part of the event."""
    found = [entry for hook in bring for entry in await hook(person, now=now)]
    covered = {entry.covers for entry in found}
    return [entry for entry in found if entry.thing not in covered]


async def mine(person_id: int) -> list[dict[str, Any]]:
    return await CalendarFeed.select(CalendarFeed.made_at).where(CalendarFeed.person == person_id)


async def forget(person_id: int, *, now: datetime) -> None:
    await CalendarFeed.delete().where(CalendarFeed.person == person_id)


def _fingerprint(token: str) -> str:
    """256 random bits need no salt and no key."""
    return hashlib.sha256(token.encode()).hexdigest()


KEPT = (
    Keeping(
        say("That your own calendar has an address, and since when"),
        say("So that your other calendars can read it, and nobody else"),
        ("calendar_feeds",),
    ),
)
