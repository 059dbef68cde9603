"""Erasure: every feature forgets, in one transaction, and then the files go."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from app.db import overwrite_deleted, writing
from app.features.people import rules as people
from app.features.privacy.rules.erased import back_again, keep_list
from app.kit import audit, pictures

log = logging.getLogger(__name__)

Forget = Callable[..., Awaitable[None]]


async def erase_due(forget: Mapping[str, Forget], *, now: datetime) -> int:
    """Everybody whose thirty days are over; how many there were."""
    await people.note_all_who_moved_away(now)
    return await _erase_each(await people.due_to_go(now), forget, now, only_if_due=True)


async def erase_again(forget: Mapping[str, Forget], *, now: datetime) -> int:
    """After an old backup came back: those who were erased since then. How many there were."""
    return await _erase_each(await back_again(), forget, now, only_if_due=False)


async def _erase_each(ids: list[int], forget: Mapping[str, Forget], now: datetime, *, only_if_due: bool) -> int:
    """What goes wrong with one holds up nobody else; whoever called hears of it in the end, and tries again."""
    erased, broken = 0, []
    for person_id in ids:
        try:
            erased += await erase(person_id, forget, now=now, only_if_due=only_if_due)
        except Exception as trouble:  # by its kind alone: its words may be somebody's
            broken.append(person_id)
            log.error("person %s could not be erased: %s", person_id, type(trouble).__name__)
    if broken:
        raise NotErased(f"{len(broken)} could not be erased")
    return erased


class NotErased(Exception):
    """They are as they were."""


async def erase(person_id: int, forget: Mapping[str, Forget], *, now: datetime, only_if_due: bool = False) -> bool:
    """Whole or not at all. False when they stayed after all a moment ago."""
    tokens = await pictures.tokens_of(person_id)
    async with writing():
        if not await people.may_be_erased(person_id, now) and only_if_due:
            return False
        for each in forget.values():
            await each(person_id, now=now)
        await audit.note("person erased", who=None, about=f"person:{person_id}", now=now, concerns=person_id)
    await pictures.remove_files(tokens)
    await keep_list()
    await overwrite_deleted()
    return True
