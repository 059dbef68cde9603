"""Asking somebody to take on a role, to be deputy or to stand in; their answer; each told to whom it concerns."""

from collections.abc import Iterable
from datetime import datetime

from app.db import writing
from app.features.admin.rules.arranging import must_be_strong_about
from app.features.admin.rules.away import tell_of_stand_in
from app.features.admin.rules.powers import CHECKS
from app.features.admin.rules.telling import (
    name_of,
    proposal_key,
    role_path,
    tell,
    tell_asked,
    tell_stand_in_that_it_ended,
    title,
)
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour, Proposed
from app.features.people.tables import Kind, Task
from app.kit import later
from app.kit.words import Sentence, say

YES = {
    Task.handover: say("%(name)s has taken over: %(role)s. Thank you for all you did."),
    Task.deputy: say("%(name)s is deputy now: %(role)s"),
    Task.cover: say("%(name)s will stand in: %(role)s"),
}


async def hand_over(role_id: int, person_id: int, *, done: Iterable[str], by: Neighbour, now: datetime) -> int:
    return await _ask(role_id, Task.handover, person_id, by=by, now=now, done=await _points(role_id, done))


async def tick(proposal_id: int, done: Iterable[str], *, by: Neighbour, now: datetime) -> None:
    """What has been handed over since."""
    async with writing():
        found = await people.proposal(proposal_id, now=now)
        await people.tick(proposal_id, await _points(found.role, done), by=by, now=now)


async def _points(role_id: int, done: Iterable[str]) -> set[str]:
    return set(done) & set(CHECKS[Kind((await people.role(role_id)).kind)])


async def ask_deputy(role_id: int, person_id: int, *, by: Neighbour, now: datetime) -> int:
    return await _ask(role_id, Task.deputy, person_id, by=by, now=now)


async def _ask(
    role_id: int, task: Task, person_id: int, *, by: Neighbour, now: datetime, done: Iterable[str] = ()
) -> int:
    await must_be_strong_about(role_id, by)
    async with writing():
        made = await people.propose(role_id, task, person_id, by=by, now=now, done=done)
        await tell_asked(await people.proposal(made, now=now), by=by, now=now)
        return made


async def accept(proposal_id: int, *, by: Neighbour, now: datetime) -> Proposed:
    async with writing():
        before = await people.absence_of((await people.asked(proposal_id, by=by, now=now)).role, now=now)
        found = await people.accept(proposal_id, by=by, now=now)
        await _close(found)
        words = await title(found.role)
        if found.task == Task.cover:
            await tell_of_stand_in(found.role, by=by, now=now)
        if found.task == Task.handover:
            await tell_stand_in_that_it_ended(before, by=by, now=now)
            await tell(by.id, say("You have a role now: %(role)s", role=words), path="/account/roles", now=now)
        await _tell_those_who_asked(found, say(YES[found.task].words, name=by.name, role=words), by, now)
        return found


async def decline(proposal_id: int, *, by: Neighbour, now: datetime) -> Proposed:
    async with writing():
        found = await people.decline(proposal_id, by=by, now=now)
        await _close(found)
        told = say("%(name)s cannot: %(role)s. Ask somebody else.", name=by.name, role=await title(found.role))
        await _tell_those_who_asked(found, told, by, now)
        return found


async def withdraw(proposal_id: int, *, by: Neighbour, now: datetime) -> Proposed:
    """What they were told is taken back."""
    async with writing():
        found = await people.withdraw_proposal(proposal_id, by=by, now=now)
        await _close(found)
        return found


async def unanswered(proposal_id: int, *, now: datetime) -> None:
    """Two weeks without a word. The question is closed by its own time; who asked hears it, once."""
    async with writing():
        found = await people.waited_in_vain(proposal_id, now=now)
        if found is None:
            return
        await _close(found)
        name = await name_of(found.person)
        told = say(
            "%(name)s has not answered in time: %(role)s. Ask somebody else.", name=name, role=await title(found.role)
        )
        for each in {found.made_by, found.holder}:
            await tell(each, told, path=role_path(found.role), now=now)


async def _tell_those_who_asked(found: Proposed, told: Sentence, by: Neighbour, now: datetime) -> None:
    path = "/account/roles" if found.task == Task.handover else role_path(found.role)
    for each in {found.made_by, found.holder} - {by.id}:
        await tell(each, told, path=path, now=now)


async def _close(found: Proposed) -> None:
    """Nobody is asked any more."""
    await notices.withdraw(proposal_key(found.id), person_id=found.person)
    await later.cancel(f"{proposal_key(found.id)}:over")
