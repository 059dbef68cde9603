"""What this feature keeps about a person: shown to them, and forgotten with them."""

import json
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import one_of, prepared_sql, writing
from app.features.notices import rules as notices
from app.features.sharing.rules.kept import drop_items
from app.features.sharing.rules.listing import WORDS
from app.features.sharing.rules.parting import step_back
from app.features.sharing.rules.photos import drop_photos
from app.features.sharing.rules.reach import held_item, keepers_of, path_of, tell
from app.features.sharing.rules.stages import owner_of
from app.features.sharing.searches import ItemSearch, ItemSearchAnswer
from app.features.sharing.tables import Did, HandoverCode, Item, ItemKeeper, ItemStep, Loan, LoanStep, State
from app.kit import slots
from app.kit.words import say

REFUSED = [str(Did.declined), str(Did.called_off)]


class _Id(Struct):
    id: int


class _Borrowed(Struct):
    id: int
    item: int
    stage: str


_theirs = prepared_sql("SELECT id FROM items WHERE person = {} ORDER BY id", _Id)
_left_behind = prepared_sql(
    "SELECT items.id FROM items WHERE items.household IN (SELECT household FROM memberships WHERE person = {}) "
    "AND NOT EXISTS (SELECT 1 FROM memberships WHERE memberships.household = items.household "
    "AND memberships.until_on IS NULL) ORDER BY items.id",
    _Id,
)
_LOANS = "SELECT id FROM loans WHERE item among ORDER BY id"
_loans_of = prepared_sql(
    {
        "sqlite": _LOANS.replace("among", "IN (SELECT value FROM json_each({0}))"),
        "postgres": _LOANS.replace("among", "= ANY(CAST({0} AS integer[]))"),
    },
    _Id,
)
_borrowed = prepared_sql("SELECT id, item, stage FROM loans WHERE borrower = {} ORDER BY id", _Borrowed)


async def mine(person_id: int) -> dict[str, Any]:
    """For their own export: what they offered, borrowed, lent and looked for, and what they did about it."""
    item: Any = Loan.item
    own = (Item.person == person_id) | (Item.by == person_id)
    items = Item.select(
        Item.kind.as_alias("item_kind"), Item.name, Item.about.as_alias("details"),
        Item.category.as_alias("item_category"), Item.condition, Item.parts, Item.fetch, Item.longest,
        Item.gap, Item.deposit, Item.emergency,
        Item.audience.as_alias("item_audience"), Item.state.as_alias("item_state"), Item.until_at, Item.made_at,
    )  # fmt: skip
    dates = (Loan.first_on, Loan.last_on, Loan.due_on, Loan.stage.as_alias("loan_stage"), Loan.asked_at)
    hands = (Loan.handed_at, Loan.returned_at)
    typed = (Loan.words, Loan.damage, Loan.thanks)
    borrowed = Loan.select(item.name.as_alias("name"), *dates, *hands, *typed)
    lent = Loan.select(item.name.as_alias("name"), *dates, *hands, Loan.reason, Loan.damage)
    keeps: Any = ItemKeeper.item
    search: Any = ItemSearchAnswer.search
    looked = ItemSearch.select(
        ItemSearch.words, ItemSearch.details, ItemSearch.category.as_alias("item_category"), ItemSearch.first_on,
        ItemSearch.last_on, ItemSearch.made_at, ItemSearch.ended_at,
    )  # fmt: skip
    answers = ItemSearchAnswer.select(search.words.as_alias("name"), ItemSearchAnswer.words, ItemSearchAnswer.at)
    sought = (ItemSearch.person == person_id) | (ItemSearch.acted_by == person_id)
    step = (ItemStep.at, ItemStep.did.as_alias("item_did"), ItemStep.words)
    loan_step = (LoanStep.loan, LoanStep.at, LoanStep.did.as_alias("item_did"), LoanStep.words)
    return {
        "items": [
            row | {"parts": ", ".join(json.loads(row["parts"]))} for row in await items.where(own).order_by(Item.id)
        ],
        "kept_for_us": await ItemKeeper.select(keeps.name.as_alias("name")).where(ItemKeeper.person == person_id),
        "borrowed": await borrowed.where((Loan.borrower == person_id) | (Loan.acted_by == person_id)).order_by(Loan.id),
        "lent": await lent.where(item.person == person_id).order_by(Loan.id),
        "item_steps": await ItemStep.select(*step).where(ItemStep.by == person_id).order_by(ItemStep.id),
        "loan_steps": await LoanStep.select(*loan_step).where(LoanStep.by == person_id).order_by(LoanStep.id),
        "looked_for": await looked.where(sought).order_by(ItemSearch.id),
        "had_it": await answers.where(ItemSearchAnswer.person == person_id).order_by(ItemSearchAnswer.id),
    }


async def forget(person_id: int, *, now: datetime) -> None:
    """What they lend goes with its loans, lines and photos, and so does what a household in which nobody lives any
    more had. What they borrowed goes too: who lends it is told where it has not come home."""
    async with writing():
        await step_back(person_id, now=now)
        await _forget_items([row.id for row in (*await _theirs(person_id), *await _left_behind(person_id))])
        await _forget_borrowed(person_id, now)
        await _forget_words(person_id)
        await ItemKeeper.delete().where(ItemKeeper.person == person_id)
        await ItemSearchAnswer.delete().where(ItemSearchAnswer.person == person_id)
        await ItemSearch.delete().where(ItemSearch.person == person_id)
        await ItemSearch.update({ItemSearch.acted_by: None}).where(ItemSearch.acted_by == person_id)
        await WORDS.forget()


async def _forget_items(ids: list[int]) -> None:
    loans = [row.id for row in await _loans_of(ids)] if ids else []
    await notices.forget_about([*map(path_of, ids), *(f"/loans/{id}" for id in loans)])
    await drop_items(ids)


async def _forget_borrowed(person_id: int, now: datetime) -> None:
    borrowed = list(await _borrowed(person_id))
    await notices.forget_about(f"/loans/{row.id}" for row in borrowed)
    for row in borrowed:
        await slots.give_back(owner_of(row.id))
        if row.stage == "out":
            await _never_came_home(row.item, person_id, now)
    await drop_photos((), [row.id for row in borrowed])
    await Loan.delete().where(Loan.borrower == person_id)
    await Loan.update({Loan.acted_by: None}).where(Loan.acted_by == person_id)


async def _never_came_home(item_id: int, person_id: int, now: datetime) -> None:
    """Its days are free and it is not there: it rests until whoever answers for it says that it can be had."""
    found = await held_item(item_id)
    rests = (Item.id == item_id) & (Item.state == State.offered)
    await Item.update({Item.state: State.paused}).where(rests)
    words = say(
        "It was with somebody who has left, and is not back here. It rests until you offer it again: %(item)s",
        item=found.name,
    )
    await tell(await keepers_of(found), words, found.path, by=person_id, now=now)


async def _forget_words(person_id: int) -> None:
    """What they wrote about others' things and loans, and that it was they."""
    said = LoanStep.by == person_id
    refused = [row["loan"] for row in await LoanStep.select(LoanStep.loan).where(said & LoanStep.did.is_in(REFUSED))]
    harmed = [
        row["loan"] for row in await LoanStep.select(LoanStep.loan).where(said & LoanStep.did.is_in([str(Did.damaged)]))
    ]
    await Loan.update({Loan.reason: ""}).where(one_of(Loan.id, refused))
    await Loan.update({Loan.damage: ""}).where(one_of(Loan.id, harmed))
    for table in (ItemStep, LoanStep):
        await table.update({table.words: "", table.by: None}).where(table.by == person_id)
    await Item.update({Item.by: None}).where(Item.by == person_id)
    await HandoverCode.delete().where(HandoverCode.shown_by == person_id)
