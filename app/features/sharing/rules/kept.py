"""What is kept about things and loans, what for, and how long."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import one_of, prepared_sql, writing
from app.features.sharing.rules import photos
from app.features.sharing.rules.listing import WORDS
from app.features.sharing.rules.reach import thing_of
from app.features.sharing.rules.stages import owner_of
from app.features.sharing.searches import ItemSearch
from app.features.sharing.tables import HandoverCode, Item, ItemStep, Loan
from app.kit import pictures, slots
from app.kit.keeping import Keeping
from app.kit.tables import Waiting
from app.kit.words import say

OVER, LOOKED_FOR = timedelta(days=365), timedelta(days=180)
AT_ONCE = 500


class _Id(Struct):
    id: int


_old_loans = prepared_sql(
    "SELECT id FROM loans WHERE stage NOT IN ('asked', 'accepted', 'out') AND stage_at < {} ORDER BY id LIMIT {}", _Id
)
_old_items = prepared_sql(
    "SELECT id FROM items WHERE gone_at < {} AND NOT EXISTS (SELECT 1 FROM loans WHERE loans.item = items.id "
    "AND loans.stage IN ('asked', 'accepted', 'out')) ORDER BY id LIMIT {}",
    _Id,
)
_loans_of = prepared_sql("SELECT id FROM loans WHERE item = {}", _Id)
_old_searches = prepared_sql(
    "SELECT id FROM item_searches WHERE COALESCE(ended_at, until_at) < {} ORDER BY id LIMIT {}", _Id
)


async def drop_items(ids: list[int]) -> list[str]:
    """With their loans, lines and photos, inside a transaction; gives back whose files go after it."""
    loans = [row.id for id in ids for row in await _loans_of(id)]
    for loan in loans:
        await slots.give_back(owner_of(loan))
    in_line = Waiting.queue.is_in([thing_of(id) for id in ids] or [""])
    for waits in await Waiting.delete().where(in_line).returning(Waiting.id):
        await slots.give_back(f"waiting:{waits['id']}")
    await WORDS.drop(ids)
    tokens = await photos.drop_photos(ids, loans)
    await Item.delete().where(one_of(Item.id, ids))
    return tokens


async def purge_items(now: datetime) -> None:
    """What has been off the board for a year; and photos that nobody took back."""
    await photos.sweep(now)
    while rows := await _old_items(now - OVER, AT_ONCE):
        async with writing():
            tokens = await drop_items([row.id for row in rows])
        await pictures.remove_files(tokens)
    old: Any = (ItemStep.at < now - OVER) & ItemStep.by.is_not_null()
    async with writing():
        await ItemStep.update({ItemStep.by: None}).where(old)


async def purge_loans(now: datetime) -> None:
    """What was over a year ago: its item keeps what happened to it, without names."""
    while rows := await _old_loans(now - OVER, AT_ONCE):
        async with writing():
            ids = [row.id for row in rows]
            for id in ids:
                await slots.give_back(owner_of(id))
            tokens = await photos.drop_photos((), ids)
            await Loan.delete().where(one_of(Loan.id, ids))
        await pictures.remove_files(tokens)


async def purge_codes(now: datetime) -> None:
    await HandoverCode.delete().where(HandoverCode.until_at < now)


async def purge_searches(now: datetime) -> None:
    while rows := await _old_searches(now - LOOKED_FOR, AT_ONCE):
        async with writing():
            await ItemSearch.delete().where(one_of(ItemSearch.id, [row.id for row in rows]))


KEPT = (
    Keeping(
        say("Things that are lent and given away, who answers for them, and what they have been through"),
        say("So that neighbours find them, and whoever lends them knows in which state they are"),
        ("items", "item_keepers", "item_steps"),
        OVER,
        purge_items,
        stays=say("What is a household's stays with those who live there, without your name"),
        since=say("after it left the board; names in what happened to it go after a year as well"),
    ),
    Keeping(
        say("The words by which things are found"),
        say("So that a search finds them"),
        ("item_words",),
        personal=False,
    ),
    Keeping(
        say("What you borrowed and lent, and what became of it"),
        say("So that nobody is promised what another has, and both sides can look up what was agreed"),
        ("loans", "loan_steps"),
        OVER,
        purge_loans,
        since=say("after it was over"),
    ),
    Keeping(
        say("Codes that are shown when a thing changes hands"),
        say("So that the right person takes it along"),
        ("handover_codes",),
        timedelta(0),
        purge_codes,
        since=say("after their minute"),
    ),
    Keeping(
        say("What somebody looks for, and who has it"),
        say("So that whoever has one can say so"),
        ("item_searches", "item_search_answers"),
        LOOKED_FOR,
        purge_searches,
        since=say("after it ended"),
    ),
)
