"""Leaving with all that hangs on it: open promises end decently, other browsers go out, those concerned are told."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from msgspec import Struct

from app.db import writing
from app.features.accounts import rules as accounts
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Child, Neighbour
from app.features.people.rules.rights import Held
from app.features.people.tables import Kind, State
from app.kit.refusals import Missing, NotYours
from app.kit.words import Sentence, say

# Each feature's way of ending what somebody has open with others: `step_back(person_id, now=…)`.
StepBack = Callable[..., Awaitable[None]]


class Meaning(Struct):
    """What somebody should know before they leave."""

    roles: list[tuple[Sentence, Sentence | None]]
    children: list[Child]
    is_only_administrator: bool
    going: people.Going | None


async def what_it_means(by: Neighbour, *, now: datetime) -> Meaning:
    return Meaning(
        roles=[(role.words, role.place) for role in await people.roles_of(by.id)],
        children=await people.children_of(by.id, await community.today(now)),
        is_only_administrator=await people.officers(Kind.administrator) == [by.id],
        going=await people.going(by.id),
    )


async def leave(
    by: Neighbour, *, sign_in: int, password: str, reason: str, step_back: Iterable[StepBack], now: datetime
) -> None:
    """By oneself, with the password; this browser stays signed in. Children one answers for leave too."""
    if by.is_child(await community.today(now)):
        raise NotYours(say("Your guardian can do that for you."))
    await accounts.must_know_password(by.id, password, now=now)
    async with writing():
        await _leave(by.id, by=by.id, keep=sign_in, reason=reason, step_back=step_back, now=now)


async def ask_for(person_id: int, *, by: Neighbour, reason: str, step_back: Iterable[StepBack], now: datetime) -> None:
    """An administrator, for somebody who wishes it and cannot do it themselves. They can take it back as well."""
    if person_id == by.id:
        raise NotYours(say("Leave by yourself, under Account."))
    async with writing():
        await _leave(person_id, by=by.id, keep=0, reason=reason, step_back=step_back, now=now)


async def leave_child(child: int, *, by: Neighbour, step_back: Iterable[StepBack], now: datetime) -> None:
    await people.child_of(by.id, child, await community.today(now))
    async with writing():
        await _leave(child, by=by.id, keep=0, reason="", step_back=step_back, now=now)


async def _leave(
    person_id: int, *, by: int, keep: int, reason: str, step_back: Iterable[StepBack], now: datetime
) -> None:
    person, roles = await people.neighbour(person_id), await people.roles_of(person_id)
    await people.begin_leaving(person_id, by=by, reason=reason, now=now)
    for each in step_back:
        await each(person_id, now=now)
    await accounts.end_others(person_id, besides=keep, by=by, now=now)
    if roles:
        await _tell_of_roles(person, roles, now)
    for child in await people.children_of(person_id, await community.today(now)):
        if child.state != State.leaving:
            await _leave(child.id, by=person_id, keep=0, reason="", step_back=step_back, now=now)


async def _tell_of_roles(person: Neighbour, roles: Iterable[Held], now: datetime) -> None:
    """Those who can find a successor. The household is not rung: a home is not for everybody a place to tell it in."""
    officers = await people.officers(Kind.administrator)
    for role in roles:
        what = say("%(role)s, %(place)s", role=role.words, place=role.place) if role.place else role.words
        free = say("%(name)s is leaving. Somebody else is needed: %(role)s", name=person.name, role=what)
        await notices.tell_all(officers, free, path="/admin/roles", now=now, topic="roles")


async def stay(person_id: int, *, by: int, now: datetime) -> None:
    """They stay after all, and so do the children who left with them."""
    async with writing():
        await people.stay(person_id, by=by, now=now)
        for child in await people.children_of(person_id, await community.today(now)):
            going = await people.going(child.id)
            if going is not None and going.asked_by == person_id:
                await people.stay(child.id, by=by, now=now)


async def stay_child(child: int, *, by: Neighbour, now: datetime) -> None:
    if not by.is_active:
        raise Missing
    await people.child_of(by.id, child, await community.today(now))
    await people.stay(child, by=by.id, now=now)
