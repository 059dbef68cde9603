"""How open loans end when somebody leaves, or when two part ways: decently, and without a word about why."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.notices import rules as notices
from app.features.sharing.rules.ending import (
    end_contact,
    end_for_borrower,
    end_for_keepers,
    end_line,
    end_loan,
    hold_items,
    items_asked_by,
    items_between,
    lines_with,
    open_between,
    open_loans,
    open_with,
)
from app.features.sharing.rules.lent import keepers
from app.features.sharing.rules.reach import Thing, tell, thing
from app.features.sharing.rules.searches import call_key
from app.features.sharing.rules.stages import Lent
from app.features.sharing.rules.waiting import leave_line, offer_next
from app.features.sharing.searches import ItemSearch, ItemSearchAnswer, Sought
from app.features.sharing.tables import Did, Stage
from app.kit.queue import Ended, Waits
from app.kit.words import say


class _Id(Struct):
    id: int


_theirs = prepared_sql("SELECT id FROM items WHERE person = {} AND state <> 'gone' ORDER BY id", _Id)
# Of households in which nobody lives any more, since they left today or before.
_left_behind = prepared_sql(
    "SELECT items.id FROM items WHERE items.household IN (SELECT household FROM memberships WHERE person = {}) "
    "AND items.state <> 'gone' AND NOT EXISTS (SELECT 1 FROM memberships WHERE memberships.household = items.household "
    "AND memberships.until_on IS NULL) ORDER BY items.id",
    _Id,
)
_answers = prepared_sql(
    "SELECT item_search_answers.id FROM item_search_answers JOIN item_searches "
    "ON item_searches.id = item_search_answers.search WHERE (item_searches.person = {0} "
    "AND item_search_answers.person = {1}) OR (item_searches.person = {1} AND item_search_answers.person = {0})",
    _Id,
)


async def step_back(person_id: int, *, now: datetime) -> None:
    """Of somebody who leaves: what they asked for is another's, whoever asked for theirs hears so. What is out has to
    come home, and both sides are told. Their things are out of sight while they are not here."""
    async with writing():
        theirs = [row.id for row in (*await _theirs(person_id), *await _left_behind(person_id))]
        waited_for = [item_of(waits) for waits in await lines_with(person_id)]
        await hold_items([*theirs, *waited_for, *await items_asked_by(person_id)])
        for found in await open_with(person_id):
            await _give_up(found, person_id, now)
        for waits in await lines_with(person_id):
            await leave_line(waits, Ended.left, now=now)
            await offer_next(item_of(waits), now=now)
        for item in theirs:
            await _leave_behind(await thing(item), person_id, now)
        await end_contact(person_id, now)
        sought = (ItemSearch.person == person_id) & (ItemSearch.stage == Sought.open)
        over: dict[Any, Any] = {ItemSearch.stage: Sought.withdrawn, ItemSearch.ended_at: now}
        for row in await ItemSearch.update(over).where(sought).returning(ItemSearch.id):
            await notices.withdraw(call_key(row["id"]))


async def _give_up(found: Lent, person_id: int, now: datetime) -> None:
    if found.stage != Stage.out:
        off = say("Whoever asked for it has left the community: %(item)s", item=found.name)
        await end_for_keepers(found, off, by=person_id, now=now)
        return await offer_next(found.item, now=now)
    home = say("Whoever has it is leaving the community. See that it comes home: %(item)s", item=found.name)
    await tell(await keepers(found), home, found.path, by=person_id, now=now)


async def _leave_behind(item: Thing, person_id: int, now: datetime) -> None:
    gone = say("Whoever it belongs to has left the community: %(item)s", item=item.name)
    for found in await open_loans(item.id):
        if found.stage == Stage.out:
            home = say("Whoever it belongs to is leaving. Please bring it back soon: %(item)s", item=item.name)
            await tell([found.borrower, found.acted_by], home, found.path, by=person_id, now=now)
        else:
            await end_for_borrower(found, gone, by=person_id, now=now)
    await end_line(item.id, gone, by=person_id, now=now)


async def part_ways(a: int, b: int, *, now: datetime) -> None:
    """One of the two blocks the other: what is asked and promised ends, what is out has still to come home."""
    async with writing():
        waited_for = [item_of(waits) for one in (a, b) for waits in await lines_with(one)]
        await hold_items([*waited_for, *await items_between(a, b), *await items_between(b, a)])
        for borrower, owner in ((a, b), (b, a)):
            for found in await open_between(borrower, owner):
                await end_loan(found, Stage.withdrawn, Did.called_off, now=now)
                over = say("This has ended: %(item)s. Others lend things too: look under Share.", item=found.name)
                await tell([*await keepers(found), found.borrower, found.acted_by], over, found.path, by=a, now=now)
                await offer_next(found.item, now=now)
            for waits in await lines_with(borrower):
                item = await thing(item_of(waits))
                if owner in (item.person, item.by if item.household else None):
                    await leave_line(waits, Ended.left, now=now)
                    await offer_next(item.id, now=now)
        for row in await _answers(a, b):
            await ItemSearchAnswer.delete().where(ItemSearchAnswer.id == row.id)


def item_of(waits: Waits) -> int:
    return int(waits.queue.partition(":")[2])
