"""What time does to a post: a word before its thirty days are over, and its end.

Each looks again at the post it was set for: a deed that was done meanwhile makes it do nothing. It may run twice.
"""

from datetime import datetime

from app.db import held, writing
from app.features.notices import rules as notices
from app.features.sharing.rules.drafts import day_of
from app.features.sharing.rules.reach import tell
from app.features.sharing.rules.searches import (
    ON_ITS_WAY,
    REMIND_BEFORE,
    UNDO,
    Search,
    call_key,
    change,
    search_of,
)
from app.features.sharing.searches import ItemSearch, Sought
from app.features.skills.rules.reach import shortened
from app.features.spaces.rules.booking import the_zone
from app.kit import later
from app.kit.words import say

NAMES = ("remind", "expire")


async def wind(search: Search, last: datetime | None) -> None:
    """In the deed's transaction. What ends with its own last day could not be prolonged: nobody is reminded of it."""
    if last is None or search.until_at < last:
        await _at(search.until_at - REMIND_BEFORE, "remind", search)
    else:
        await later.cancel(_key(search.id, "remind"))
    await _at(search.until_at, "expire", search)


async def unwind(search_id: int) -> None:
    for name in NAMES:
        await later.cancel(_key(search_id, name))


async def remind(search_id: int, *, now: datetime) -> None:
    async with writing():
        search = await _again(search_id)
        if search is None or not search.is_open(now) or now < search.until_at - REMIND_BEFORE:
            return
        what = shortened(search.words)
        day = day_of(search.until_at, await the_zone())
        soon = say("Do you still look for it? %(what)s stands there until %(day)s.", what=what, day=day)
        key = f"search:{search.id}:soon:{search.until_at:%Y%m%d}"
        await tell([search.person, search.acted_by], soon, search.path, by=None, now=now, key=key)


async def expire(search_id: int, *, now: datetime) -> None:
    async with writing():
        search = await _again(search_id)
        if search is None or search.stage != Sought.open or now < search.until_at:
            return
        await change(search, by=None, now=now, stage=Sought.expired, ended_at=now)
        await hush(search)
        ended = say("Its time is over: %(what)s. You can look for it anew.", what=shortened(search.words))
        await tell([search.person, search.acted_by], ended, search.path, by=None, now=now)


async def over(search_id: int, *, now: datetime) -> None:
    """When it cannot be undone any more: the question is taken back from those who were rung."""
    async with writing():
        search = await _again(search_id)
        if search is not None and not search.is_open(now):
            await hush(search)


async def over_soon(search: Search, now: datetime) -> None:
    await _at(now + UNDO + ON_ITS_WAY, "over", search)


async def hush(search: Search) -> None:
    await notices.withdraw(call_key(search.id))


async def _at(moment: datetime, name: str, search: Search) -> None:
    await later.at(moment, f"sharing.search_{name}", key=_key(search.id, name), again=True, search=search.id)


def _key(search_id: int, name: str) -> str:
    return f"search:{search_id}:{name}"


async def _again(search_id: int) -> Search | None:
    """Held, and as it is now; None when it is gone."""
    rows = await held(ItemSearch.select(ItemSearch.id).where(ItemSearch.id == search_id))
    return await search_of(search_id) if rows else None
