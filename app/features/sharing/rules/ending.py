"""Loans that end because the item, or somebody of it, is not here any more: the days come free, others are told.

What is out stays out: the thing is with somebody, and the loan is what says with whom.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import Prepared, held, one_of, prepared_sql
from app.features.sharing.rules.lent import keepers, lent, move
from app.features.sharing.rules.reach import Thing, path_of, tell, thing_of
from app.features.sharing.rules.stages import HOLDS, Lent
from app.features.sharing.rules.waiting import leave_line
from app.features.sharing.tables import Did, HandoverCode, Item, Loan, Stage
from app.kit import queue, slots
from app.kit.queue import Ended, Waits
from app.kit.refusals import Taken
from app.kit.words import Sentence, say

ALL_DAYS = range(4_000_000)
LINE = "item:"


class _Id(Struct):
    id: int


class _Open(Struct):
    id: int
    item: int


# ruff: noqa: S608 (all of these words are ours)
_IS_OPEN = "stage IN ('asked', 'accepted', 'out') ORDER BY id"
_of_item = prepared_sql(f"SELECT id, item FROM loans WHERE item = {{}} AND {_IS_OPEN}", _Open)
_of_borrower = prepared_sql(f"SELECT id, item FROM loans WHERE borrower = {{}} AND {_IS_OPEN}", _Open)
_in_sight = prepared_sql("SELECT id FROM loans WHERE borrower = {0} AND contact_until > {1}", _Id)
_lent_in_sight = prepared_sql(
    "SELECT loans.id FROM loans JOIN items ON items.id = loans.item WHERE items.person = {0} AND contact_until > {1}",
    _Id,
)
_between = prepared_sql(
    "SELECT loans.id, loans.item FROM loans JOIN items ON items.id = loans.item WHERE loans.borrower = {0} "
    "AND (items.person = {1} OR (items.household IS NOT NULL AND items.by = {1})) AND loans.stage IN "
    "('asked', 'accepted') ORDER BY loans.id",
    _Open,
)


async def open_loans(item_id: int) -> list[Lent]:
    """Held, with all that is asked, promised or out of it."""
    return await _held(_of_item, item_id)


async def open_with(person_id: int) -> list[Lent]:
    """Held: what they asked for, were promised, or have."""
    return await _held(_of_borrower, person_id)


async def open_between(borrower: int, owner: int) -> list[Lent]:
    """Held: what one asked of the other or was promised, and does not have yet."""
    return await _held(_between, borrower, owner)


async def _held(which: Prepared[_Open], *whose: int) -> list[Lent]:
    """First the items, then the loans, as everybody does: nobody waits for somebody who waits for them. What ended
    while we waited is not among them."""
    found = await which(*whose)
    await hold_items(row.item for row in found)
    ids = [row.id for row in found]
    if ids:
        await held(Loan.select(Loan.id).where(one_of(Loan.id, ids)).order_by(Loan.id))
    return [await lent(row.id) for row in await which(*whose) if row.id in ids]


async def hold_items(ids: Iterable[int]) -> None:
    """Nobody else's until the transaction ends; always in the same order."""
    if chosen := sorted(set(ids)):
        await held(Item.select(Item.id).where(one_of(Item.id, chosen)).order_by(Item.id))


async def items_between(borrower: int, owner: int) -> list[int]:
    return [row.item for row in await _between(borrower, owner)]


async def items_asked_by(person_id: int) -> list[int]:
    """What is open of those they asked for, or have."""
    return [row.item for row in await _of_borrower(person_id)]


def must_be_free(found: Thing, loans: list[Lent]) -> None:
    """Raises Taken while it is with somebody, or promised."""
    for each in loans:
        if each.stage == Stage.out and each.due_on:
            raise Taken(say("It is lent until %(day)s. Once it is back, it can go.", day=each.due_on))
        if each.stage in HOLDS:
            raise Taken(say("It is promised to somebody. Call that off first, then it can go."))


async def end_loan(found: Lent, stage: Stage, did: Did, *, now: datetime) -> None:
    """Nobody's deed in the timeline; the two lose sight of each other's contact at once."""
    await slots.give_back(found.owner)
    await HandoverCode.delete().where(HandoverCode.loan == found.id)
    over: dict[str, Any] = {"contact_until": now} if found.stage in HOLDS else {}
    await move(found, did, by=None, now=now, stage=stage, **over)


async def end_for_borrower(found: Lent, sentence: Sentence, *, by: int | None, now: datetime) -> None:
    """By the owner's side: whoever asked, and whoever typed it, hear why."""
    await end_loan(found, Stage.declined, Did.called_off, now=now)
    await tell([found.borrower, found.acted_by], sentence, found.path, by=by, now=now, key=off_key(found.id))


async def end_for_keepers(found: Lent, sentence: Sentence, *, by: int | None, now: datetime) -> None:
    """By the borrower's side: those who answer for it hear why."""
    await end_loan(found, Stage.withdrawn, Did.called_off, now=now)
    await tell(await keepers(found), sentence, found.path, by=by, now=now, key=off_key(found.id))


async def end_asking(item_id: int, sentence: Sentence, *, by: int | None, now: datetime) -> None:
    """Nobody asks for it or waits for it any more, and each hears why."""
    for each in await open_loans(item_id):
        await end_for_borrower(each, sentence, by=by, now=now)
    await end_line(item_id, sentence, by=by, now=now)


def off_key(loan_id: int) -> str:
    return f"loan:{loan_id}:off"


def over_key(waiting_id: int) -> str:
    return f"waiting:{waiting_id}:over"


async def end_line(item_id: int, sentence: Sentence, *, by: int | None, now: datetime) -> None:
    """Nobody waits for it any more. Whoever had asked as well has been told of that."""
    for waits in await queue.in_line(thing_of(item_id), ALL_DAYS):
        await leave_line(waits, Ended.over, now=now)
        if not await Loan.exists().where(_fell(item_id, waits.person, now)):
            key = over_key(waits.id)
            await tell([waits.person], sentence, path_of(item_id), by=by, now=now, key=key)


def _fell(item_id: int, person: int, now: datetime) -> Any:
    return (Loan.item == item_id) & (Loan.borrower == person) & (Loan.stage_at == now)


async def lines_with(person_id: int) -> list[Waits]:
    return [each for each in await queue.waits_of(person_id) if each.queue.startswith(LINE)]


async def end_contact(person_id: int, now: datetime) -> None:
    """Of what is over too: it would have been in sight for a day more."""
    ids = [row.id for row in (*await _in_sight(person_id, now), *await _lent_in_sight(person_id, now))]
    if ids:
        await Loan.update({Loan.contact_until: now}).where(one_of(Loan.id, ids))
