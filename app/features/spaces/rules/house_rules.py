"""The house rules of a space: each version stays, so that a booking can say to which it agreed."""

import json
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.people.rules import Neighbour
from app.features.spaces.rules.managers import managed
from app.features.spaces.tables import SpaceRules
from app.kit import audit
from app.kit.words import Sentence, written


class Rules(Struct, frozen=True):
    version: int
    words: str
    at: datetime

    @property
    def said(self) -> Sentence:
        return written(json.loads(self.words))


_newest = prepared_sql(
    "SELECT version, words, at FROM space_rules WHERE space = {} ORDER BY version DESC LIMIT 1", Rules
)


async def house_rules(space_id: int) -> Rules | None:
    return await _newest.first(space_id)


async def newest_version(space_id: int) -> int:
    """0 where nobody wrote any."""
    found = await _newest.first(space_id)
    return found.version if found else 0


async def write_house_rules(space_id: int, words: dict[str, str], *, by: Neighbour, now: datetime) -> int:
    """A new version; those who booked before are not asked again."""
    async with writing():
        room = await managed(space_id, by=by)
        version = await newest_version(room.id) + 1
        await SpaceRules(space=room.id, version=version, words=json.dumps(words), by=by.id, at=now).save()
        await audit.note("house rules written", who=by.id, about=f"space:{room.id}", now=now)
        return version


async def keep_house_rules(space_id: int, words: dict[str, str], *, by: Neighbour, now: datetime) -> None:
    """A new version only where they say something new."""
    found = await _newest.first(space_id)
    if words != (json.loads(found.words) if found else {}):
        await write_house_rules(space_id, words, by=by, now=now)
