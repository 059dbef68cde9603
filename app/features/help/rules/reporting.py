"""A need that a neighbour reports, and how officers take it from sight and give it back. Pictures follow their page."""

import re
from datetime import datetime

from app.db import held, writing
from app.features.help.rules.reach import hush, move, need_of, side_of, took_of
from app.features.help.rules.reopening import let_go, open_again
from app.features.help.rules.stages import LIVE, Side
from app.features.help.tables import Did, Need, NeedStep, Stage
from app.features.people.rules import Neighbour
from app.kit.refusals import Missing
from app.kit.reporting import Reportable

PAGE = re.compile(r"/help/(\d+)(/receipt)?")


async def reportable(id: int, *, kind: str = "need", by: Neighbour, now: datetime) -> Reportable:
    """Its author is whoever typed it, or the officer who let a guest's need in. Raises Missing."""
    need = await need_of(id)
    side = await side_of(need, by, await took_of(id))
    author = need.acted_by or need.person
    if side == Side.officer or author is None:
        raise Missing
    return Reportable(author, need.words, f"/help/{id}")


async def take_away(id: int, *, kind: str, now: datetime) -> None:
    """Nobody is rung for it or sees it any more. Joins the decision's transaction."""
    async with writing():
        await held(Need.select(Need.id).where(Need.id == id))
        need, took = await need_of(id), await took_of(id)
        if need.stage in LIVE:
            await hush(need)
            await let_go(need, [each for each in took if each.stands], now=now)
            await move(need, Did.taken_away, by=None, now=now, stage=Stage.withdrawn, settled_at=now)


async def give_back(id: int, *, kind: str, now: datetime) -> None:
    """The decision was overturned: it is open again. What its asker ended meanwhile stays over."""
    async with writing():
        await held(Need.select(Need.id).where(Need.id == id))
        need = await need_of(id)
        last = (
            await NeedStep.select(NeedStep.did)
            .where(NeedStep.need == id)
            .order_by(NeedStep.id, ascending=False)
            .first()
        )
        if need.stage == Stage.withdrawn and last and last["did"] == Did.taken_away:
            await Need.update({Need.settled_at: None}).where(Need.id == id)
            await open_again(need, Did.reopened, by=None, now=now)


async def may_see_photo(by: Neighbour, page: str) -> bool:
    """The picture of a need, for whoever may see the need; that of a receipt, for the two sides."""
    found = PAGE.fullmatch(page)
    if not found:
        return False
    try:
        need = await need_of(int(found[1]))
        side = await side_of(need, by, await took_of(need.id))
    except Missing:
        return False
    return by.is_active and (not found[2] or side in (Side.asker, Side.helper))
