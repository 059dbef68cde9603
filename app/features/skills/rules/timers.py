"""What time does to an ask: one reminder, the end after a week, and the end of what nobody marked as done.

Each looks again at the ask it was set for: an answer that came meanwhile makes it do nothing.
"""

from datetime import datetime

from app.db import held, writing
from app.features.skills.rules.calling import call_neighbours, hush
from app.features.skills.rules.reach import ask_of, asking, end_yes, last_yes, move, name_of, subject, tell
from app.features.skills.rules.stages import CLOSES_AFTER, CONTACT_STAYS, WAITING, Asked, Side
from app.features.skills.tables import Ask, Did, Stage
from app.kit.words import say


async def remind(ask_id: int, *, now: datetime) -> None:
    """Once in the life of an ask. A question to anybody is not repeated: it rings a dozen others."""
    async with writing():
        ask = await _again(ask_id)
        if ask is None or not ask.waits(now) or ask.reminded_at is not None:
            return
        await move(ask, Did.reminded, by=None, now=now, reminded_at=now)
        if ask.is_for_anybody:
            await call_neighbours(ask, now=now)
            return
        helper = ask.turn == Side.helper
        other = await name_of(ask.asker if helper else ask.helper or ask.asker)
        waits = say("%(name)s still waits for your answer: %(what)s", name=other, what=await subject(ask))
        await tell(ask, [ask.helper] if helper else asking(ask), waits, by=None, now=now)


async def expire(ask_id: int, *, now: datetime) -> None:
    async with writing():
        ask = await _again(ask_id)
        if ask is None or ask.stage not in WAITING or now < ask.until_at:
            return
        await move(ask, Did.expired, by=None, now=now, stage=Stage.expired, settled_at=now)
        await hush(ask)
        over = say("Nobody answered in a week: %(what)s. Look who else can help.", what=await subject(ask))
        await tell(ask, asking(ask), over, by=None, now=now)


async def close(ask_id: int, *, now: datetime) -> None:
    """A month after the yes (or the day it was for) nobody has said that it is done. Contact is not for ever."""
    async with writing():
        ask = await _again(ask_id)
        yes = await last_yes(ask_id) if ask else None
        if ask is None or yes is None or ask.stage != Stage.accepted or now < yes.accepted_at + CLOSES_AFTER:
            return
        await end_yes(yes, now=now, contact_until=now + CONTACT_STAYS)
        await move(ask, Did.closed, by=None, now=now, stage=Stage.done, settled_at=now)
        closed = say("We took it as done: %(what)s. Contact goes after one more day.", what=await subject(ask))
        await tell(ask, [ask.helper, *asking(ask)], closed, by=None, now=now)


async def _again(ask_id: int) -> Asked | None:
    """Held, and as it is now; None when it is gone."""
    rows = await held(Ask.select(Ask.id).where(Ask.id == ask_id))
    return await ask_of(ask_id) if rows else None
