"""What time does to a need: another circle is rung, it is asked whether it still is one, a silent helper is let go.

A tick looks at how things stand when it comes: a deed that was done meanwhile makes it do nothing. It may run twice.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from app.db import held, writing
from app.features.help.rules.agenda import ANSWER_STILL, Due, agenda
from app.features.help.rules.kinds import PATIENCE
from app.features.help.rules.reach import askers, hush, move, need_of, subject, tell, took_of, wind
from app.features.help.rules.reopening import let_go, open_again
from app.features.help.rules.ringing import ring
from app.features.help.rules.stages import Needed, Took
from app.features.help.rules.taking import finish
from app.features.help.tables import Did, Need, Stage, Taking
from app.kit.words import say

AT_ONCE = 8  # a worker that slept for days catches up, one thing after the other


async def tick(need_id: int, *, now: datetime) -> None:
    async with writing():
        if not await held(Need.select(Need.id).where(Need.id == need_id)):
            return
        for _ in range(AT_ONCE):
            need, took = await need_of(need_id), await took_of(need_id)
            ahead = agenda(need, took)
            if not ahead or ahead[0][0] > now:
                break
            await HAPPENS[ahead[0][1]](need, [each for each in took if each.stands], now)
        await wind(need_id)


async def _ring(need: Needed, took: list[Took], now: datetime) -> None:
    await ring(need, now=now)


async def _still(need: Needed, took: list[Took], now: datetime) -> None:
    step = await move(need, Did.still, by=None, now=now, still_at=now)
    asked = say("Is this still needed? %(what)s", what=subject(need))
    await tell(need, await askers(need), asked, step=step, by=None, now=now, until=now + ANSWER_STILL)


async def _lapse(need: Needed, took: list[Took], now: datetime) -> None:
    """Nobody came in time, and nobody said that it still is needed; or no officer let it in."""
    await hush(need)
    whom = {*await askers(need), *(each.helper for each in took)}
    await let_go(need, took, now=now)
    step = await move(need, Did.lapsed, by=None, now=now, stage=Stage.expired, settled_at=now)
    over = say("This has run out: %(what)s. You can ask anew.", what=subject(need))
    await tell(need, whom, over, step=step, by=None, now=now)


async def _nudge(need: Needed, took: list[Took], now: datetime) -> None:
    """Once, to the helper alone, at the agreed time."""
    for each in took:
        if each.nudged_at is None and each.comes_at <= now:
            await Taking.update({Taking.nudged_at: now}).where(Taking.id == each.id)
            waits = say("It is the time you agreed on: %(what)s. Are you on the way?", what=subject(need))
            until = each.comes_at + PATIENCE[need.urgency]
            await tell(need, [each.helper], waits, step=f"nudge:{each.id}", by=None, now=now, until=until)


async def _silent(need: Needed, took: list[Took], now: datetime) -> None:
    gone = [each for each in took if each.comes_at + PATIENCE[need.urgency] <= now]
    whom = {*await askers(need), *(each.helper for each in took)}
    await let_go(need, gone, now=now)
    step = await open_again(need, Did.silent, by=None, now=now)
    told = say("We heard nothing from the helper and ask others: %(what)s", what=subject(need))
    await tell(need, whom, told, step=step, by=None, now=now)


async def _late(need: Needed, took: list[Took], now: datetime) -> None:
    step = await move(need, Did.late, by=None, now=now, reminded_at=now)
    asked = say("Is this done? %(what)s", what=subject(need))
    await tell(need, [*await askers(need), *(each.helper for each in took)], asked, step=step, by=None, now=now)


async def _done(need: Needed, took: list[Took], now: datetime) -> None:
    whom = [*await askers(need), *(each.helper for each in took)]
    step = await finish(need, took, by=None, now=now)
    told = say("We took it as done: %(what)s. Contact goes after one more day.", what=subject(need))
    await tell(need, whom, told, step=step, by=None, now=now)


async def _close(need: Needed, took: list[Took], now: datetime) -> None:
    step = await move(need, Did.closed, by=None, now=now, stage=Stage.confirmed, settled_at=now)
    told = say("We took it as confirmed: %(what)s", what=subject(need))
    await tell(need, await askers(need), told, step=step, by=None, now=now)


HAPPENS: dict[Due, Callable[[Needed, list[Took], datetime], Awaitable[None]]] = {
    Due.ring: _ring,
    Due.still: _still,
    Due.lapse: _lapse,
    Due.nudge: _nudge,
    Due.silent: _silent,
    Due.late: _late,
    Due.done: _done,
    Due.close: _close,
}
