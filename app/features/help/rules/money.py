"""Money between the two: a sum agreed before, a receipt with a picture, and both say that it is settled."""

from datetime import datetime
from typing import Any

from app.db import writing
from app.features.help.rules.asking import MOST_CENTS
from app.features.help.rules.reach import (
    Hand,
    Held,
    askers,
    held_for,
    move,
    name_of,
    own_place,
    path_of,
    subject,
    tell,
    took_of,
)
from app.features.help.rules.stages import Act
from app.features.help.rules.talking import held_now
from app.features.help.tables import Did
from app.features.people.rules import Neighbour
from app.kit import pictures
from app.kit.refusals import Refusal
from app.kit.words import say


def receipts(need_id: int) -> str:
    """The page to which pictures of receipts belong: that of the two sides."""
    return f"{path_of(need_id)}/receipt"


async def change_sum(need_id: int, cents: int, *, by: Hand, now: datetime) -> None:
    """Up to what may be spent, in whole cents. Never less than was spent already."""
    if not 0 < cents <= MOST_CENTS:
        raise Refusal(say("A sum that somebody can carry, please."), beside="sum")
    async with writing():
        held = await held_for(Act.sum, need_id, by=by, now=now)
        if cents < (held.need.spent_cents or 0):
            raise Refusal(say("More than that is spent already."), beside="sum")
        step = await move(held.need, Did.summed, by=by.id, now=now, sum_cents=cents)
        told = say(
            "%(name)s changes the sum that may be spent: %(what)s", name=await name_of(by), what=subject(held.need)
        )
        await tell(held.need, await _both(held), told, step=step, by=by.id, now=now)


async def hand_in(need_id: int, cents: int, upload: bytes, *, by: Neighbour, now: datetime) -> None:
    """What was spent, with a picture of the receipt: never more than was agreed before."""
    await held_now(Act.receipt, need_id, by=by, now=now)
    token = await pictures.keep(upload, owner=by.id, page=receipts(need_id), words="", now=now)
    try:
        async with writing():
            held = await held_for(Act.receipt, need_id, by=by, now=now)
            if not 0 < cents <= (held.need.sum_cents or 0):
                raise Refusal(say("More than was agreed. Ask them to agree to the new sum first."), beside="spent")
            changes: dict[str, Any] = {"spent_cents": cents, "receipt": token, "paid_at": None, "got_at": None}
            step = await move(held.need, Did.receipt, by=by.id, now=now, **changes)
            told = say("%(name)s handed in a receipt: %(what)s", name=by.name, what=subject(held.need))
            await tell(held.need, await _both(held), told, step=step, by=by.id, now=now)
    except BaseException:
        await pictures.drop(token)
        raise
    if held.need.receipt:
        await pictures.drop(held.need.receipt)


async def settle(need_id: int, *, by: Hand, now: datetime) -> None:
    """The asker says "paid", the helper says "got it": it is settled when both have."""
    async with writing():
        act = Act.got if await _is_helper(need_id, by) else Act.paid
        held = await held_for(act, need_id, by=by, now=now)
        said: dict[str, Any] = {"got_at" if act == Act.got else "paid_at": now}
        step = await move(held.need, Did.paid, by=by.id, now=now, **said)
        told = say("%(name)s says the money is settled: %(what)s", name=await name_of(by), what=subject(held.need))
        await tell(held.need, await _both(held), told, step=step, by=by.id, now=now)


async def _is_helper(need_id: int, by: Hand) -> bool:
    return own_place(await took_of(need_id), by.id) is not None


async def _both(held: Held) -> set[int]:
    return await askers(held.need) | {each.helper for each in held.took if each.stands or each.kept}
