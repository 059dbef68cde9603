"""Roles given and ended, each told to whom it concerns."""

from datetime import datetime

from app.db import writing
from app.features.accounts import rules as accounts
from app.features.admin.rules.arranging import must_be_strong_about
from app.features.admin.rules.away import step_down
from app.features.admin.rules.telling import tell_administrators, tell_stand_in_that_it_ended, title
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit.refusals import Missing
from app.kit.words import say


async def give_role(person_id: int, kind: Kind, *, area: int | None, by: Neighbour, now: datetime) -> int:
    accounts.must_be_strong_for(kind, by, path=f"/admin/people/{person_id}")
    async with writing():
        role = await people.give_role(person_id, kind, area=area, by=by.id, now=now)
        await _tell_of(role, person_id, now)
        return role


async def give_role_again(role_id: int, *, by: Neighbour, now: datetime) -> int:
    """Gives back the person."""
    await must_be_strong_about(role_id, by)
    async with writing():
        person_id = await people.give_role_again(role_id, by=by.id, now=now)
        await _tell_of(role_id, person_id, now)
        return person_id


async def end_role(role_id: int, *, by: Neighbour, now: datetime) -> int:
    """Gives back the person. Administrators hear of whoever lays a role down themselves."""
    async with writing():
        words, away = await title(role_id), await people.absence_of(role_id, now=now)
        person_id = await people.end_role(role_id, by=by.id, now=now)
        await notices.withdraw(_key(role_id), person_id=person_id)
        told = say("Your role has ended: %(role)s", role=words)
        await notices.tell(person_id, told, path="/account/roles", now=now, topic="account", key=_key(role_id))
        await tell_stand_in_that_it_ended(away, by=by, now=now)
        if by.id == person_id:
            left = say("%(name)s has laid down a role: %(role)s", name=by.name, role=words)
            await tell_administrators(left, path="/admin/roles", now=now, besides={by.id})
        return person_id


async def lay_down(role_id: int, *, by: Neighbour, now: datetime) -> None:
    """One's own role, or another's in which one stands in. Missing for what is neither."""
    mine = await people.role(role_id)
    if mine.person != by.id:
        raise Missing
    if mine.stands_in_for:
        await step_down(role_id, by=by, now=now)
    else:
        await end_role(role_id, by=by, now=now)


async def _tell_of(role_id: int, person_id: int, now: datetime) -> None:
    told = say("You have a role now: %(role)s", role=await title(role_id))
    await notices.withdraw(_key(role_id), person_id=person_id)
    await notices.tell(person_id, told, path="/account/roles", now=now, topic="account", key=_key(role_id))


def _key(role_id: int) -> str:
    return f"role:{role_id}"
