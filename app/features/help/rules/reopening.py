"""A need that is open again: its helper went silent, gave it back, or did not come."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from app.db import one_of
from app.features.help.rules.asking import next_turn
from app.features.help.rules.reach import hush, move, need_of
from app.features.help.rules.ringing import ring
from app.features.help.rules.stages import LIVE, Needed, Took
from app.features.help.tables import Did, Need, Stage, Taking
from app.features.notices import rules as notices

A_DAY_MORE = timedelta(hours=24)


async def let_go(need: Needed, took: Iterable[Took], *, now: datetime) -> None:
    """They see the other's door and phone no longer, from this moment, and are reminded of nothing."""
    ids = [each.id for each in took]
    await unnudge(need, ids)
    over: dict[Any, Any] = {Taking.ended_at: now, Taking.kept: False, Taking.contact_until: now}
    await Taking.update(over).where(one_of(Taking.id, ids))


async def unnudge(need: Needed, taking_ids: Iterable[int]) -> None:
    """What was asked of them is answered, or no longer asked."""
    for each in taking_ids:
        await notices.withdraw(f"need:{need.id}:nudge:{each}")


async def open_again(need: Needed, did: Did, *, by: int | None, words: str = "", now: datetime) -> int:
    """Another round: those who fit are rung first. Whose time has run out has a day more, for somebody to see it."""
    await hush(need)
    until = max(need.until_at, now + A_DAY_MORE) if need.until_at else None
    anew = {"known_by": None, "reminded_at": None, "still_at": None, "fresh_at": now, "until_at": until}
    again: dict[Any, Any] = {Need.rung: 0, Need.round: need.round + 1}
    if need.stage not in LIVE:  # the household may have asked for the same since
        again[Need.turn] = await next_turn(need.household, need.kind, need.origin)
    await Need.update(again).where(Need.id == need.id)
    step = await move(need, did, by=by, now=now, words=words, stage=Stage.open, **anew)
    await ring(await need_of(need.id), now=now)
    return step
