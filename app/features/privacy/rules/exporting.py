"""Taking one's data along: all of it, as every feature's `mine` tells it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.kit import audit, limits, pictures
from app.kit.refusals import TooOften
from app.kit.words import say

Mine = Callable[[int], Awaitable[Any]]
EXPORTS = limits.Limit("own export", 10, timedelta(days=1))


async def may_export(person_id: int, *, by: int, now: datetime) -> None:
    """Ten a day; each is noted, and who it concerns can read that."""
    key = EXPORTS.key(person_id)
    if await limits.count(EXPORTS, key, now) > EXPORTS.times:
        raise TooOften(say("You have taken your data ten times today. Please go on tomorrow."), wait=EXPORTS.wait(now))
    await audit.note("own data taken along", who=by, about=f"person:{person_id}", now=now, concerns=person_id)


async def everything(person_id: int, mine: Mapping[str, Mine]) -> dict[str, Any]:
    return {name: await tell(person_id) for name, tell in mine.items()}


def for_a_guardian(everything: dict[str, Any]) -> dict[str, Any]:
    """Without what a child says to officers and whom they block: it may be about the guardian."""
    said = {part: rows for part, rows in everything["moderation"].items() if part not in ("reports", "blocks")}
    return {**everything, "moderation": said}


async def photos_of(person_id: int) -> list[bytes]:
    """WebP, in the order in which the export names them. One that is being changed at this moment is left out."""
    found = []
    for token in await pictures.tokens_of(person_id):
        try:
            found.append((await pictures.open(token)).content)
        except pictures.Missing:
            continue
    return found
