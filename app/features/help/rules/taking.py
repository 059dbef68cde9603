"""Taking a need, and what its helper does: on the way, done, or given back."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import Clash, prepared_sql, writing
from app.features.help.rules.kinds import KNOWN_BY
from app.features.help.rules.limits import hold_limits, why_not_i
from app.features.help.rules.reach import (
    Hand,
    Held,
    askers,
    faster,
    held_for,
    hush,
    move,
    name_of,
    subject,
    tell,
    took_of,
)
from app.features.help.rules.reopening import let_go, open_again, unnudge
from app.features.help.rules.stages import CONTACT_STAYS, Act, Needed, Took
from app.features.help.tables import Among, Did, Stage, Taking
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.kit.refusals import Refusal, TooOften
from app.kit.words import say

COMES_WITHIN = (1, 3, 24, 48)
TAKEN_A_DAY = 20  # each shows a door and a phone, and giving it back rings the neighbours anew


class _Times(Struct):
    times: int


_taken_since = prepared_sql(
    "SELECT count(*) AS times FROM takings JOIN needs ON needs.id = takings.need AND needs.among = '' "
    "WHERE takings.helper = {} AND takings.taken_at > {}",
    _Times,
)


async def take(
    need_id: int, *, hours: int = 24, by: Neighbour, now: datetime, pick: Callable[[int], int] = secrets.randbelow
) -> None:
    """I take it, and come within so many hours. One neighbour a place: the index keeps it, whoever else is at it."""
    only_active(by, now)
    if hours not in COMES_WITHIN:
        raise Refusal(say("Please choose one of these."), beside="hours")
    try:
        async with writing():
            await hold_limits(by.id)
            held = await held_for(Act.take, need_id, by=by, now=now)
            reason = await why_not_i(by, held.need, now)
            if reason is not None:
                raise reason
            if held.need.among == Among.everybody:
                await _not_too_many(by, now)
            used = {each.place for each in held.standing}
            place = next(each for each in range(held.need.helpers) if each not in used)
            comes = now + timedelta(hours=hours)
            await Taking(need=need_id, helper=by.id, place=place, taken_at=now, comes_at=comes).save()
            if len(used) + 1 < held.need.helpers:
                await _half(held, by, now)
            else:
                await _whole(held, pick(len(KNOWN_BY)), by, now)
    except Clash:
        raise faster(await took_of(need_id)) from None


async def _not_too_many(by: Neighbour, now: datetime) -> None:
    day = timedelta(days=1)
    found = await _taken_since.first(by.id, now - day)
    if found and found.times >= TAKEN_A_DAY:
        raise TooOften(say("That is a lot for one day. Please go on tomorrow."), wait=int(day.total_seconds()))


async def _half(held: Held, by: Neighbour, now: datetime) -> None:
    """One of two: nobody goes, and nobody sees more, before the other is found."""
    need = held.need
    step = await move(need, Did.half, by=by.id, now=now)
    told = say("%(name)s would come, with somebody else: %(what)s", name=by.name, what=subject(need))
    await tell(need, await askers(need), told, step=step, by=by.id, now=now)


async def _whole(held: Held, known_by: int, by: Neighbour, now: datetime) -> None:
    need = held.need
    step = await move(need, Did.taken, by=by.id, now=now, stage=Stage.taken, known_by=known_by, reminded_at=None)
    await hush(need)
    told = say("%(name)s takes it: %(what)s", name=by.name, what=subject(need))
    await tell(need, [*await askers(need), *_others(held)], told, step=step, by=by.id, now=now)


async def set_out(need_id: int, *, by: Neighbour, now: datetime) -> None:
    async with writing():
        held = await held_for(Act.way, need_id, by=by, now=now)
        need = held.need
        step = await move(need, Did.way, by=by.id, now=now, stage=Stage.way, reminded_at=None)
        await unnudge(need, [each.id for each in held.standing])
        told = say("%(name)s is on the way: %(what)s", name=by.name, what=subject(need))
        await tell(need, [*await askers(need), *_others(held)], told, step=step, by=by.id, now=now)


async def give_back(need_id: int, *, reason: str = "", by: Neighbour, now: datetime) -> None:
    """Cannot after all. What they saw they see no longer, and others are rung anew."""
    async with writing():
        held = await held_for(Act.give_back, need_id, by=by, now=now)
        need = held.need
        if held.me is None:
            return
        await let_go(need, [held.me], now=now)
        step = await open_again(need, Did.gave_back, by=by.id, words=reason, now=now)
        told = say("%(name)s cannot after all. We ask others: %(what)s", name=by.name, what=subject(need))
        await tell(need, [*await askers(need), *_others(held)], told, step=step, by=by.id, now=now)


async def tried(need_id: int, *, by: Neighbour, now: datetime) -> None:
    """Nobody there: it waits for the next two, and how often somebody tried is counted by its steps."""
    async with writing():
        held = await held_for(Act.tried, need_id, by=by, now=now)
        await let_go(held.need, held.standing, now=now)
        await open_again(held.need, Did.tried, by=by.id, now=now)


async def complete(need_id: int, *, by: Hand, now: datetime) -> None:
    """Either side says that it is done. A day more they see how to reach each other."""
    async with writing():
        held = await held_for(Act.complete, need_id, by=by, now=now)
        step = await finish(held.need, held.standing, by=by.id, now=now)
        told = say("%(name)s says it is done: %(what)s", name=await name_of(by), what=subject(held.need))
        whom = [*await askers(held.need), *(each.helper for each in held.standing)]
        await tell(held.need, whom, told, step=step, by=by.id, now=now)


async def finish(need: Needed, took: list[Took], *, by: int | None, now: datetime) -> int:
    """The work is over, whoever says so; gives back the step."""
    until = now + CONTACT_STAYS
    for each in took:
        over: dict[Any, Any] = {Taking.ended_at: now, Taking.kept: True, Taking.contact_until: until}
        await Taking.update(over).where(Taking.id == each.id)
    await unnudge(need, [each.id for each in took])
    return await move(need, Did.done, by=by, now=now, stage=Stage.done)


def _others(held: Held) -> list[int]:
    return [each.helper for each in held.standing if held.me is None or each.id != held.me.id]
