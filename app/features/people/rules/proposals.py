"""Somebody is asked to take on a role, to be its deputy, or to stand in once. They answer; nothing happens before."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.people.rules.neighbour import Neighbour, hold_all_roles
from app.features.people.rules.rights import decides_about, holds, may_hold_roles, role_in_hand, void
from app.features.people.tables import Absence, Answer, Kind, Proposal, Role, Task
from app.kit import audit
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import Sentence, say

WAITS = timedelta(days=14)
CLOSED = say("That is no longer open. Please look again.")


class Proposed(Struct):
    """An open question. `holder` has the role today."""

    id: int
    role: int
    task: Task
    person: int
    absence: int | None
    done: str
    made_by: int
    until_at: datetime
    holder: int

    @property
    def ticked(self) -> list[str]:
        return list(json.loads(self.done))


_OPEN = (
    "SELECT proposals.id, proposals.role, proposals.task, proposals.person, proposals.absence, proposals.done, "
    "proposals.made_by, proposals.until_at, roles.person AS holder FROM proposals "
    "JOIN roles ON roles.id = proposals.role AND roles.ended_at IS NULL "
    "WHERE proposals.answered_at IS NULL AND proposals.until_at > {0} AND "
)
_one = prepared_sql(_OPEN + "proposals.id = {1}", Proposed)
_to = prepared_sql(_OPEN + "proposals.person = {1} ORDER BY proposals.until_at, proposals.id", Proposed)
_about = prepared_sql(_OPEN + "proposals.role = {1} ORDER BY proposals.id", Proposed)


async def proposal(proposal_id: int, *, now: datetime) -> Proposed:
    """Raises Missing for one that was answered, or waited in vain."""
    found = await _one.first(now, proposal_id)
    if found is None:
        raise Missing
    return found


async def proposals_to(person_id: int, *, now: datetime) -> list[Proposed]:
    return list(await _to(now, person_id))


async def proposals_about(role_id: int, *, now: datetime) -> list[Proposed]:
    return list(await _about(now, role_id))


async def propose(
    role_id: int,
    task: Task,
    person_id: int,
    *,
    by: Neighbour,
    now: datetime,
    done: Iterable[str] = (),
    absence: Absence | None = None,
) -> int:
    """One open question of a kind at a time: of many who ask at once, the first. It waits 14 days."""
    async with writing():
        await hold_all_roles()
        role = await role_in_hand(role_id, by=by)
        if task == Task.handover:
            await decides_about(Kind(role.kind), by.id, now)
        await fits(role, person_id)
        mine = (Proposal.role == role_id) & (Proposal.task == task)
        await void(mine & (Proposal.until_at <= now), now)
        if await Proposal.exists().where(mine & Proposal.answered_at.is_null()):
            raise Taken(say("Somebody is asked already. Wait for the answer, or take the question back."))
        row = Proposal(
            role=role_id,
            task=task,
            person=person_id,
            absence=absence.id if absence else None,
            done=json.dumps(sorted(set(done))),
            made_by=by.id,
            made_at=now,
            until_at=min(now + WAITS, absence.until_at) if absence else now + WAITS,
        )
        await row.save()
        await note(DID[task], role, person_id, by.id, now)
        return int(row.id)


DID = {
    Task.handover: say("handover proposed"),
    Task.deputy: say("asked to be deputy"),
    Task.cover: say("asked to stand in"),
}


async def tick(proposal_id: int, done: Iterable[str], *, by: Neighbour, now: datetime) -> None:
    """What has been handed over since."""
    async with writing():
        await hold_all_roles()
        found = await proposal(proposal_id, now=now)
        await role_in_hand(found.role, by=by)
        await Proposal.update({Proposal.done: json.dumps(sorted(set(done)))}).where(Proposal.id == proposal_id)


async def decline(proposal_id: int, *, by: Neighbour, now: datetime) -> Proposed:
    """Gives back the question as it was."""
    async with writing():
        found = await asked(proposal_id, by=by, now=now)
        await settle_proposal(proposal_id, Answer.no, now)
        return found


async def withdraw_proposal(proposal_id: int, *, by: Neighbour, now: datetime) -> Proposed:
    """By those who may ask. Gives back the question as it was."""
    async with writing():
        await hold_all_roles()
        found = await proposal(proposal_id, now=now)
        await role_in_hand(found.role, by=by)
        await settle_proposal(proposal_id, Answer.withdrawn, now)
        return found


async def waited_in_vain(proposal_id: int, *, now: datetime) -> Proposed | None:
    """Closes a question whose time is over, and gives it back; None where there is nothing to close."""
    async with writing():
        await hold_all_roles()
        row = await Proposal.select(Proposal.until_at).where(Proposal.id == proposal_id).first()
        found = await _one.first(row["until_at"] - timedelta(seconds=1), proposal_id) if row else None
        if found is None or found.until_at > now:
            return None
        await settle_proposal(proposal_id, Answer.over, now)
        return found


async def asked(proposal_id: int, *, by: Neighbour, now: datetime) -> Proposed:
    """The question to this person, nobody else's until the deed is done. Raises Missing, Taken when it is over."""
    await hold_all_roles()
    row = await held(Proposal.objects().where((Proposal.id == proposal_id) & (Proposal.person == by.id))).first()
    if row is None or not by.is_active:
        raise Missing
    found = await _one.first(now, proposal_id)
    if found is None:
        raise Taken(CLOSED)
    return found


async def settle_proposal(proposal_id: int, answer: Answer, now: datetime) -> None:
    await Proposal.update({Proposal.answer: answer, Proposal.answered_at: now}).where(Proposal.id == proposal_id)


async def fits(role: Role, person_id: int) -> None:
    """Somebody who is here, and does not hold that very role."""
    await may_hold_roles(person_id, beside="who")
    if await holds(person_id, role.kind, role.area):
        raise Refusal(say("They hold that role already."), beside="who")


async def note(did: Sentence, role: Role, person_id: int, by: int, now: datetime) -> None:
    """In the audit, about whom it concerns; which role is told by its kind."""
    await audit.note(
        did.words,
        who=by,
        about=f"person:{person_id}",
        now=now,
        concerns=person_id,
        fields=[role.kind],
    )
