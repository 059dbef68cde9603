"""An item, a post or thanks that a neighbour reports, and how officers take it from sight and give it back."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.moderation import rules as moderation
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.sharing.rules.ending import end_for_borrower, end_line, open_loans
from app.features.sharing.rules.listing import index_items
from app.features.sharing.rules.reach import held_item, item_for, keepers_of, note, path_of, tell
from app.features.sharing.searches import ItemSearch, Sought
from app.features.sharing.tables import Did, Item, Loan, Stage, State
from app.kit.refusals import Missing
from app.kit.reporting import Reportable
from app.kit.words import say

ITEM, SEARCH, THANKS = "item", "search", "loan"


class _Search(Struct):
    person: int
    acted_by: int | None
    words: str
    details: str
    stage: Sought
    before: Sought
    until_at: datetime


_search = prepared_sql(
    "SELECT person, acted_by, words, details, stage, before, until_at FROM item_searches WHERE id = {}", _Search
)


class _Said(Struct):
    item: int
    borrower: int
    giver: int
    words: str
    shown: str


# As its step has kept it, also while it is taken from sight.
_said = prepared_sql(
    "SELECT loans.item, loans.borrower, COALESCE(loan_steps.by, loans.borrower) AS giver, loan_steps.words, "
    "loans.thanks AS shown FROM loans JOIN loan_steps ON loan_steps.loan = loans.id AND loan_steps.did = 'thanked' "
    "WHERE loans.id = {}",
    _Said,
)


def search_path(search_id: int) -> str:
    return f"/share/wanted/{search_id}"


async def reportable(id: int, *, kind: str = ITEM, by: Neighbour, now: datetime) -> Reportable:
    """`kind` is item, search or loan (its word of thanks). The author of an item is whoever put it here, or (once they
    are gone) answers for it. Raises Missing for what `by` may not see."""
    if kind == SEARCH:
        return await _reportable_search(id, by)
    if kind == THANKS:
        return await _reportable_thanks(id, by)
    found = await item_for(id, by=by)
    author = found.person or found.by or next(iter(await keepers_of(found)), None)
    if author is None or found.state == State.taken:
        raise Missing
    typed = [found.name, found.about, *found.part_names, found.fetch, found.deposit]
    return Reportable(author, "\n".join(filter(None, typed)), found.path)


async def _reportable_search(id: int, by: Neighbour) -> Reportable:
    found = await _search.first(id)
    if found is None or found.stage == Sought.taken or not by.is_active:
        raise Missing
    author = found.acted_by or found.person
    if await moderation.blocks_between(by.id, found.person):
        raise Missing
    return Reportable(author, f"{found.words}\n{found.details}".strip(), search_path(id))


async def _reportable_thanks(id: int, by: Neighbour) -> Reportable:
    said = await _said.first(id)
    if said is None or not said.shown or await moderation.blocks_between(by.id, said.borrower):
        raise Missing
    return Reportable(said.giver, said.shown, (await item_for(said.item, by=by)).path)


async def take_away(id: int, *, kind: str = ITEM, now: datetime) -> None:
    """By a decision about a report: those who answer for it alone still see it. What is asked and promised ends; what
    is out still comes home."""
    async with writing():
        if kind == SEARCH:
            return await _take_search(id, now)
        if kind == THANKS:
            return await _take_thanks(id)
        found = await held_item(id)
        if found.state == State.taken:
            return
        gone = say("It is not on the board any more: %(item)s", item=found.name)
        for each in await open_loans(id):
            if each.stage != Stage.out:
                await end_for_borrower(each, gone, by=None, now=now)
        await end_line(id, gone, by=None, now=now)
        taken: dict[Any, Any] = {Item.state: State.taken, Item.before: found.state}
        await Item.update(taken).where(Item.id == id)
        await note(id, Did.taken, by=None, now=now)
        await notices.forget_about([path_of(id)])
        await index_items([id])


async def give_back(id: int, *, kind: str = ITEM, now: datetime) -> None:
    """The decision was overturned: it stands as it stood, and what its owner took off meanwhile stays off."""
    async with writing():
        if kind == SEARCH:
            return await _give_search(id, now)
        if kind == THANKS:
            return await _give_thanks(id)
        found = await held_item(id)
        if found.state != State.taken:
            return
        await Item.update({Item.state: found.before}).where(Item.id == id)
        await note(id, Did.restored, by=None, now=now)
        await index_items([id])
        back = say("It is on the board again: %(item)s", item=found.name)
        if found.before == State.offered:
            await tell([found.person or found.by], back, found.path, by=None, now=now)


async def _take_thanks(loan_id: int) -> None:
    """From the page of the thing, from the loan's own and from what was told of it."""
    await Loan.update({Loan.thanks: ""}).where(Loan.id == loan_id)
    await notices.forget_about([f"/loans/{loan_id}"])


async def _give_thanks(loan_id: int) -> None:
    said = await _said.first(loan_id)
    if said is not None:
        await Loan.update({Loan.thanks: said.words}).where(Loan.id == loan_id)


async def _held_search(id: int) -> _Search:
    await held(ItemSearch.select(ItemSearch.id).where(ItemSearch.id == id))
    found = await _search.first(id)
    if found is None:
        raise Missing
    return found


async def _take_search(id: int, now: datetime) -> None:
    found = await _held_search(id)
    if found.stage != Sought.taken:
        values: dict[Any, Any] = {ItemSearch.stage: Sought.taken, ItemSearch.before: found.stage}
        await ItemSearch.update(values).where(ItemSearch.id == id)
        await notices.forget_about([search_path(id)])


async def _give_search(id: int, now: datetime) -> None:
    """One whose time ran out meanwhile has run out."""
    found = await _held_search(id)
    if found.stage == Sought.taken:
        over = found.before == Sought.open and found.until_at <= now
        stands: dict[Any, Any] = {ItemSearch.stage: Sought.expired if over else found.before}
        await ItemSearch.update(stands | ({ItemSearch.ended_at: now} if over else {})).where(ItemSearch.id == id)
