"""Roles given and ended, each told to whom it concerns."""

from datetime import datetime

from app.db import writing
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit.words import Sentence, say


async def give_role(person_id: int, kind: Kind, *, area: int | None, by: Neighbour, now: datetime) -> int:
    async with writing():
        role = await people.give_role(person_id, kind, area=area, by=by.id, now=now)
        await _tell_of(role, person_id, now)
        return role


async def give_role_again(role_id: int, *, by: Neighbour, now: datetime) -> int:
    """Gives back the person."""
    async with writing():
        person_id = await people.give_role_again(role_id, by=by.id, now=now)
        await _tell_of(role_id, person_id, now)
        return person_id


async def end_role(role_id: int, *, by: Neighbour, now: datetime) -> int:
    """Gives back the person."""
    async with writing():
        words = await _words(role_id)
        person_id = await people.end_role(role_id, by=by.id, now=now)
        await notices.withdraw(_key(role_id), person_id=person_id)
        told = say("Your role has ended: %(role)s", role=words)
        await notices.tell(person_id, told, path="/account", now=now, topic="account", key=_key(role_id))
        return person_id


async def _tell_of(role_id: int, person_id: int, now: datetime) -> None:
    told = say("You have a role now: %(role)s", role=await _words(role_id))
    await notices.withdraw(_key(role_id), person_id=person_id)
    await notices.tell(person_id, told, path="/account", now=now, topic="account", key=_key(role_id))


async def _words(role_id: int) -> Sentence:
    role = await people.role(role_id)
    if role.place is None:
        return role.words
    return say("%(role)s, %(area)s", role=role.words, area=role.place)


def _key(role_id: int) -> str:
    return f"role:{role_id}"
