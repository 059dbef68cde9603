"""Putting an item on the board, changing it, letting it rest, and taking it off again."""

from datetime import datetime
from typing import Any

from app.db import held, writing
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.people.tables import Person
from app.features.sharing.rules import photos
from app.features.sharing.rules.drafts import Offer, columns, fitting, last_day
from app.features.sharing.rules.ending import end_asking, must_be_free, off_key, open_loans
from app.features.sharing.rules.labels import new_label
from app.features.sharing.rules.lent import lent, move
from app.features.sharing.rules.listing import index_items
from app.features.sharing.rules.owners import MINE, Owner, area_for, must_own
from app.features.sharing.rules.reach import Thing, kept_item, note, thing, thing_of
from app.features.sharing.rules.waiting import line_ends, loan_of, offer_next, wind
from app.features.sharing.tables import Condition, Did, Item, ItemKeeper, Loan, Stage, State
from app.features.skills.rules.standing import only_active
from app.features.spaces.rules.booking import the_zone
from app.kit.queue import Ended
from app.kit.refusals import NotYours, Refusal, Taken
from app.kit.tables import Waiting
from app.kit.words import say

MOST = 60
_STANDS = [str(State.offered), str(State.paused)]


async def offer(
    offered: Offer, *, owner: Owner = MINE, photo: str = "", photo_words: str = "", by: Neighbour, now: datetime
) -> int:
    """On the board at once. `photo` was laid aside by them (`photos.lay_aside`). What is the community's has whoever
    offers it as its first keeper. Raises Several, beside what has to be put right."""
    only_active(by, now)
    await must_own(owner, by)
    async with writing():
        await held(Person.select(Person.id).where(Person.id == by.id))
        person = None if owner.ours or owner.household is not None else by.id
        if not owner.ours and await Item.count().where(_own(by) & Item.state.is_in(_STANDS)) >= MOST:
            raise Refusal(say("%(most)s things are enough for one neighbour. Take one off first.", most=MOST))
        kept = await _kept(offered, person, owner.household, by=by, now=now)
        row = Item(**kept, person=person, household=owner.household, by=by.id, made_at=now)
        row.label = await new_label()
        await row.save()
        if owner.ours:
            await ItemKeeper.insert(ItemKeeper(item=row.id, person=by.id))
        if photo:
            await photos.attach(photo, await thing(row.id), words=photo_words, by=by)
        await note(row.id, Did.offered, by=by.id, now=now)
        await index_items([row.id])
        return int(row.id)


def _own(by: Neighbour) -> Any:
    """Theirs, and what they put there for their household."""
    return (Item.person == by.id) | ((Item.by == by.id) & Item.household.is_not_null())


async def edit(item_id: int, offered: Offer, *, by: Neighbour, now: datetime) -> None:
    """Whose it is and whether it is lent or given stays. What is broken stays so until somebody says it is mended."""
    only_active(by, now)
    async with writing():
        found = await kept_item(item_id, by=by)
        _must_be_ours_to_change(found)
        kept = await _kept(offered, found.person, found.household, by=by, now=now, was=found)
        if found.condition == Condition.broken:
            kept["condition"] = found.condition
        values: dict[Any, Any] = {getattr(Item, name): value for name, value in (kept | {"kind": found.kind}).items()}
        await Item.update({**values, Item.edited_at: now}).where(Item.id == item_id)
        await note(item_id, Did.edited, by=by.id, now=now)
        await index_items([item_id])


async def _kept(
    offered: Offer,
    person: int | None,
    household: int | None,
    *,
    by: Neighbour,
    now: datetime,
    was: Thing | None = None,
) -> dict[str, Any]:
    zone, area = await the_zone(), await area_for(person, household, offered.area)
    was_until = last_day(was.until_at, zone) if was else None
    fitting(offered, area=area, today=await community.today(now), was_until=was_until)
    return columns(offered, area=area, zone=zone, by=by)


async def pause(item_id: int, *, by: Neighbour, now: datetime) -> None:
    """Nobody new asks for it; what was asked and promised goes on."""
    await _put(item_id, State.paused, by=by, now=now)


async def offer_again(item_id: int, *, by: Neighbour, now: datetime) -> None:
    await _put(item_id, State.offered, by=by, now=now)


async def _put(item_id: int, state: State, *, by: Neighbour, now: datetime) -> None:
    only_active(by, now)
    async with writing():
        found = await kept_item(item_id, by=by)
        _must_be_ours_to_change(found)
        if found.state == State.gone:
            raise Taken(say("It is not on the board any more."))
        await Item.update({Item.state: state, Item.edited_at: now}).where(Item.id == item_id)
        await index_items([item_id])
        await offer_next(item_id, now=now)


async def take_off(item_id: int, *, by: Neighbour, now: datetime) -> None:
    """It is gone for everybody but those who had it. Whoever had asked or waits hears so. Raises Taken while it is
    lent or promised. What officers took away can go too: then it does not come back when they give it back."""
    only_active(by, now)
    async with writing():
        found = await kept_item(item_id, by=by)
        if State.gone in (found.state, found.before if found.state == State.taken else None):
            raise Taken(say("It is not on the board any more."))
        must_be_free(found, await open_loans(item_id))
        gone = say("It is not on the board any more: %(item)s", item=found.name)
        await end_asking(item_id, gone, by=by.id, now=now)
        stands: dict[Any, Any] = {Item.before: State.gone} if found.state == State.taken else {Item.state: State.gone}
        await Item.update({**stands, Item.gone_at: now}).where(Item.id == item_id)
        await note(item_id, Did.withdrew, by=by.id, now=now)
        await index_items([item_id])


async def put_back(item_id: int, *, by: Neighbour, now: datetime) -> None:
    """As it was: those who had asked or waited when it went, and have time left, do so again."""
    only_active(by, now)
    async with writing():
        found = await kept_item(item_id, by=by)
        _must_be_ours_to_change(found)
        if found.state != State.gone or await Loan.exists().where(_given(item_id)):
            raise Taken(say("There is nothing to take back any more."))
        back: dict[Any, Any] = {Item.state: State.offered, Item.gone_at: None}
        await Item.update(back).where(Item.id == item_id)
        if found.gone_at is not None:
            await _ask_again(item_id, found.gone_at, now)
        await note(item_id, Did.undone, by=by.id, now=now)
        await index_items([item_id])
        await offer_next(item_id, now=now)


def _given(item_id: int) -> Any:
    return (Loan.item == item_id) & (Loan.stage == Stage.given)


async def _ask_again(item_id: int, gone_at: datetime, now: datetime) -> None:
    """Whose days are over do not. Each ends by itself again, when it would have."""
    in_time = Loan.until_at.is_null() | (Loan.until_at > now)
    to_come = Loan.due_on.is_null() | (Loan.due_on >= await community.today(now))
    fell = (Loan.item == item_id) & (Loan.stage == Stage.declined) & (Loan.stage_at == gone_at) & in_time & to_come
    again = [row["id"] for row in await held(Loan.select(Loan.id).where(fell).order_by(Loan.id))]
    for found in [await lent(id) for id in again]:
        await move(found, Did.undone, by=None, now=now, stage=Stage.asked)
        await notices.withdraw(off_key(found.id))
        await wind(found, found.until_at or await line_ends(found))
    over = (Waiting.queue == thing_of(item_id)) & (Waiting.ended == Ended.over) & (Waiting.ended_at == gone_at)
    in_line: dict[Any, Any] = {Waiting.ended_at: None, Waiting.ended: ""}
    for row in await Waiting.select(Waiting.id, Waiting.wish).where(over):
        if loan_of(row["wish"]) in again:
            await Waiting.update(in_line).where(Waiting.id == row["id"])


def _must_be_ours_to_change(found: Thing) -> None:
    if found.state == State.taken:
        raise NotYours(say("Officers took this away. You can disagree under Account."))
