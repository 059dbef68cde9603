"""How a need ends, or begins anew: confirmed, no longer needed, still needed, nobody came."""

from datetime import datetime
from typing import Any

from app.db import writing
from app.features.help.rules.reach import Hand, Held, askers, held_for, hush, move, name_of, subject, tell
from app.features.help.rules.reopening import let_go, open_again
from app.features.help.rules.stages import CONTACT_PROLONGED, Act, Side
from app.features.help.tables import Did, Stage, Taking
from app.features.people.rules import Neighbour
from app.kit.words import say


async def confirm(need_id: int, *, by: Hand, now: datetime) -> None:
    """The asker says that it was done, with thanks. The end: from now on nobody is told anything about it."""
    async with writing():
        held = await held_for(Act.confirm, need_id, by=by, now=now)
        step = await move(held.need, Did.confirmed, by=by.id, now=now, stage=Stage.confirmed, settled_at=now)
        told = say("%(name)s says thank you: %(what)s", name=await name_of(by), what=subject(held.need))
        await tell(held.need, await _all(held), told, step=step, by=by.id, now=now)


async def withdraw(need_id: int, *, by: Hand, now: datetime) -> None:
    """No longer needed. The helper hears of it, and the two lose sight of each other at once."""
    async with writing():
        held = await held_for(Act.withdraw, need_id, by=by, now=now)
        await hush(held.need)
        whom = await _all(held)
        await let_go(held.need, held.standing, now=now)
        step = await move(held.need, Did.withdrew, by=by.id, now=now, stage=Stage.withdrawn, settled_at=now)
        told = say("%(name)s no longer needs it. Thank you! %(what)s", name=await name_of(by), what=subject(held.need))
        await tell(held.need, whom, told, step=step, by=by.id, now=now)


async def reopen(need_id: int, *, by: Hand, now: datetime) -> None:
    """Nobody came. The others are rung anew; whoever had it hears so, without blame."""
    async with writing():
        held = await held_for(Act.reopen, need_id, by=by, now=now)
        whom = await _all(held)
        await let_go(held.need, [each for each in held.took if each.stands or each.kept], now=now)
        step = await open_again(held.need, Did.reopened, by=by.id, now=now)
        told = say("%(name)s still needs it. We ask others: %(what)s", name=await name_of(by), what=subject(held.need))
        await tell(held.need, whom, told, step=step, by=by.id, now=now)


async def freshen(need_id: int, *, by: Hand, now: datetime) -> None:
    """Still needed: two days more before we ask again."""
    async with writing():
        held = await held_for(Act.freshen, need_id, by=by, now=now)
        step = await move(held.need, Did.fresh, by=by.id, now=now, fresh_at=now, still_at=None)
        told = say("%(name)s says it is still needed: %(what)s", name=await name_of(by), what=subject(held.need))
        await tell(held.need, await _all(held), told, step=step, by=by.id, now=now)


async def prolong(need_id: int, *, by: Neighbour, now: datetime) -> None:
    """Contact for seven days more, once, when both have said so."""
    async with writing():
        held = await held_for(Act.prolong, need_id, by=by, now=now)
        mine = [held.me] if held.side == Side.helper else held.took
        column = Taking.helper_prolongs if held.side == Side.helper else Taking.asker_prolongs
        other = Side.asker if held.side == Side.helper else Side.helper
        for each in mine:
            if each is None or not each.contact_until or not each.shows(held.need, now):
                continue
            more = CONTACT_PROLONGED if each.prolongs(other) else CONTACT_PROLONGED * 0
            longer: dict[Any, Any] = {column: True, Taking.contact_until: each.contact_until + more}
            await Taking.update(longer).where(Taking.id == each.id)
        step = await move(held.need, Did.prolonged, by=by.id, now=now)
        if not held.need.is_over:
            told = say("%(name)s would like to stay in touch for seven days more. Do you agree?", name=by.name)
            await tell(held.need, await _all(held), told, step=step, by=by.id, now=now)


async def _all(held: Held) -> set[int]:
    """Both sides: who asked, and who has it or did it."""
    return await askers(held.need) | {each.helper for each in held.took if each.stands or each.kept}
