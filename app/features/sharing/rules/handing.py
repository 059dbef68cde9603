"""From hand to hand: what goes along, and the moment in which both sides say so."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.db import prepared_sql, writing
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.sharing.rules import returning
from app.features.sharing.rules.agreeing import make_way
from app.features.sharing.rules.check_list import known_parts
from app.features.sharing.rules.ending import end_asking
from app.features.sharing.rules.held_days import DAY, due_day, holds_with_gap
from app.features.sharing.rules.lent import borrowing, held_for, is_both, keepers, lent, move, name_of
from app.features.sharing.rules.listing import index_items
from app.features.sharing.rules.reach import held_item, note, tell, thing
from app.features.sharing.rules.stages import CONTACT_STAYS, Act, Lent, Side
from app.features.sharing.tables import Condition, Did, HandoverCode, Item, Loan, Stage, State
from app.features.skills.rules.standing import only_active
from app.kit.refusals import Taken
from app.kit.slots import Faster
from app.kit.words import Sentence, say


class Goes(Struct, frozen=True):
    """What goes along, of the parts that belong to it, and how it is."""

    parts: tuple[str, ...] = ()
    condition: Condition = Condition.good


class StillOut(Taken):
    """Somebody else has it in their hands."""


async def tick_off(loan_id: int, goes: Goes, *, by: Neighbour, now: datetime) -> None:
    """Whoever says it last before it changes hands is believed; a word that was given, or a code that is shown, for
    another list is void."""
    only_active(by, now)
    async with writing():
        found, _ = await held_for(Act.hand_over, loan_id, by=by, now=now)
        said: dict[Any, Any] = {"parts_out": known_parts(goes.parts, found), "condition_out": goes.condition}
        if said != await _along(found):
            said |= {"giver_says_at": None, "taker_says_at": None}
            await HandoverCode.delete().where(HandoverCode.loan == found.id)
        await Loan.update(said).where(Loan.id == found.id)


async def confirm(loan_id: int, *, by: Neighbour, now: datetime) -> bool:
    """One side's word. With the other's, or where nobody else could say that, it has changed hands: True."""
    only_active(by, now)
    async with writing():
        found, side = await to_hand_over(loan_id, by=by, now=now)
        keeper = side == Side.keeper
        said = found.taker_says_at if keeper else found.giver_says_at
        if said is not None or await is_both(found, side, by):
            await change_hands(found, side=side, by=by, now=now)
            return True
        if (found.giver_says_at if keeper else found.taker_says_at) is None:
            await Loan.update({Loan.giver_says_at if keeper else Loan.taker_says_at: now}).where(Loan.id == found.id)
            await _ask_the_other(found, side, by, now)
        return False


async def _ask_the_other(found: Lent, side: Side, by: Neighbour, now: datetime) -> None:
    values: dict[str, Any] = {"name": await name_of(by.id), "what": found.name}
    if side == Side.keeper:
        gave = say("%(name)s says that you have %(what)s. Is that so?", **values)
        return await tell(borrowing(found), gave, found.path, by=by.id, now=now)
    has = say("%(name)s says that they have %(what)s. Is that so?", **values)
    await tell(await keepers(found), has, found.path, by=by.id, now=now)


async def to_hand_over(loan_id: int, *, by: Neighbour, now: datetime) -> tuple[Lent, Side]:
    """Held, with its item. Raises why it cannot change hands today."""
    await held_item((await lent(loan_id)).item)
    found, side = await held_for(Act.hand_over, loan_id, by=by, now=now)
    if not found.is_gift:
        await _must_be_its_time(found, now)
        await _must_be_home(found, side)
    return found, side


async def _must_be_its_time(found: Lent, now: datetime) -> None:
    if await community.today(now) > due_day(found):
        raise Taken(say("Its days are over. It can be asked for other days."))


class _Other(Struct):
    id: int
    returned_at: datetime | None


_out = prepared_sql("SELECT id, returned_at FROM loans WHERE item = {} AND stage = 'out' AND id <> {}", _Other)


async def _must_be_home(found: Lent, side: Side) -> None:
    """Its keeper is led to where it is; the others do not hear who has it."""
    for other in await _out(found.item, found.id):
        if other.returned_at is None:
            way = (f"/loans/{other.id}", say("See how it stands")) if side == Side.keeper else None
            still = say("Somebody else still has it. When it is back, its keeper says so first.")
            raise StillOut(still, way=way)


async def change_hands(found: Lent, *, side: Side, by: Neighbour, now: datetime) -> None:
    """Within the deed, after `to_hand_over`. Whoever was said to have brought it back has: it goes on from here."""
    goes = await _along(found)
    if found.is_gift:
        await _given(found, goes, by=by, side=side, now=now)
        return
    for other in await _out(found.item, found.id):
        await returning.came_home(await lent(other.id), by=None, now=now)
    try:
        await holds_with_gap(found, due_day(found) + found.gap * DAY, handed_at=now)
    except Faster:
        first = found.first_on or due_day(found)
        raise Taken(say("Until then somebody else has its days. It is yours from %(day)s on.", day=first)) from None
    await make_way(replace(found, first_on=await community.today(now)), now=now)
    await move(found, Did.handed, by=by.id, now=now, stage=Stage.out, handed_at=now, **goes)
    await note(found.item, Did.handed, by=_seen(by, side), now=now, loan=found.id)
    over = say("Handed over: %(what)s, until %(day)s.", what=found.name, day=due_day(found))
    await _tell_both(found, over, by=by, now=now)


async def _given(found: Lent, goes: dict[str, Any], *, by: Neighbour, side: Side, now: datetime) -> None:
    until = now + CONTACT_STAYS
    await move(found, Did.given, by=by.id, now=now, stage=Stage.given, handed_at=now, contact_until=until, **goes)
    gone: dict[Any, Any] = {Item.state: State.gone, Item.gone_at: now}
    await Item.update(gone).where(Item.id == found.item)
    await note(found.item, Did.given, by=_seen(by, side), now=now, loan=found.id)
    await _tell_both(found, say("Given away: %(what)s.", what=found.name), by=by, now=now)
    others = say("It was given to somebody else: %(item)s", item=found.name)
    await end_asking(found.item, others, by=by.id, now=now)
    await index_items([found.item])


async def _along(found: Lent) -> dict[str, Any]:
    """Where nobody ticked anything off, all of it goes along, as the item is."""
    if found.condition_out:
        return {"parts_out": found.parts_out, "condition_out": found.condition_out}
    return {"parts_out": known_parts(found.part_names, found), "condition_out": (await thing(found.item)).condition}


def _seen(by: Neighbour, side: Side) -> int | None:
    """Neighbours read an item's history, and not who has it."""
    return by.id if side == Side.keeper else None


async def _tell_both(found: Lent, sentence: Sentence, *, by: Neighbour, now: datetime) -> None:
    await tell([*borrowing(found), *await keepers(found)], sentence, found.path, by=by.id, now=now)
