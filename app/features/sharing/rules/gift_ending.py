"""How a gift ends: given away, or its day is over; two days before, whoever gives it is asked whether it should stay.

Somebody to whom it is promised keeps it on: it neither ends nor reminds while it waits to be fetched.
"""

from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.sharing.rules.drafts import GIFT_STANDS, day_of, end_of
from app.features.sharing.rules.ending import end_asking, must_be_free, open_loans
from app.features.sharing.rules.listing import index_items
from app.features.sharing.rules.reach import Thing, held_item, keepers_of, kept_item, note, tell
from app.features.sharing.rules.stages import HOLDS
from app.features.sharing.tables import Did, Item, Kind, Stage, State
from app.features.skills.rules.standing import only_active
from app.features.spaces.rules.booking import the_zone
from app.kit.refusals import NotYours, Refusal, Taken
from app.kit.words import Sentence, say

STAYS, REMIND_BEFORE, LONGEST = timedelta(days=14), timedelta(days=2), timedelta(days=GIFT_STANDS)
AT_ONCE = 500


class _Ends(Struct):
    id: int
    until_at: datetime
    made_at: datetime
    reminded_at: datetime | None

    def due(self, now: datetime) -> bool:
        return self.until_at <= now

    def soon(self, now: datetime) -> bool:
        """What was offered for less than two days, or has been asked about already, is left alone."""
        asked_from = self.until_at - REMIND_BEFORE
        reminded = self.reminded_at is not None and self.reminded_at >= asked_from
        return self.made_at <= asked_from <= now < self.until_at and not reminded


class _Went(Struct):
    did: Did


# ruff: noqa: S608 (all of these words are ours)
_ENDING = (
    "SELECT items.id, items.until_at, items.made_at, (SELECT item_steps.at FROM item_steps "
    f"WHERE item_steps.item = items.id AND item_steps.did = '{Did.reminded}' AND item_steps.loan IS NULL "
    "ORDER BY item_steps.id DESC LIMIT 1) AS reminded_at FROM items "
    f"WHERE items.state = '{State.offered}' AND items.until_at IS NOT NULL AND items.until_at <= {{0}} "
    f"AND NOT EXISTS (SELECT 1 FROM loans WHERE loans.item = items.id AND loans.stage IN "
    f"('{Stage.accepted}', '{Stage.out}')) "
)
_ending = prepared_sql(_ENDING + "ORDER BY items.until_at, items.id LIMIT {1}", _Ends)
_this = prepared_sql(_ENDING + "AND items.id = {1}", _Ends)
# What took it off the board last.
_went = prepared_sql(
    "SELECT did FROM item_steps WHERE item = {} "
    f"AND did IN ('{Did.expired}', '{Did.given}', '{Did.withdrew}') ORDER BY id DESC LIMIT 1",
    _Went,
)


async def give_away(item_id: int, *, by: Neighbour, now: datetime) -> None:
    """To somebody they met. Who had asked hears so; a slip is put back as it was (`offering.put_back`)."""
    only_active(by, now)
    async with writing():
        found = _a_gift(await kept_item(item_id, by=by))
        if found.state not in (State.offered, State.paused):
            raise Taken(say("It is not on the board any more."))
        must_be_free(found, await open_loans(item_id))
        gone = say("It was given to somebody else: %(item)s", item=found.name)
        await _off_the_board(found, Did.given, gone, by=by.id, now=now)


async def prolong_gift(item_id: int, *, by: Neighbour, now: datetime) -> date:
    """Two weeks more; back on the board where only its day was over. Gives back its new last day."""
    only_active(by, now)
    async with writing():
        found = _a_gift(await kept_item(item_id, by=by))
        if not await may_be_prolonged(found):
            raise Taken(say("It is not on the board any more."))
        today = await community.today(now)
        last = min(max(today, day_of(found.until_at or now, await the_zone())) + STAYS, today + LONGEST)
        stands: dict[Any, Any] = {
            Item.until_at: end_of(last, await the_zone()),
            Item.state: State.offered,
            Item.gone_at: None,
        }
        await Item.update(stands).where(Item.id == item_id)
        await note(item_id, Did.prolonged, by=by.id, now=now)
        await index_items([item_id])
        await notices.read_about(found.path, by=by.id, now=now)
        return last


async def may_be_prolonged(found: Thing) -> bool:
    """It stands on the board, or nothing but time took it off."""
    if not found.is_gift or found.until_at is None:
        return False
    if found.state == State.gone:
        went = await _went.first(found.id)
        return went is not None and went.did == Did.expired
    return found.state == State.offered


async def end_gifts(now: datetime) -> None:
    """By the clock, each in a transaction of its own. Twice ends nothing twice and asks nobody twice."""
    for each in await _ending(now + REMIND_BEFORE, AT_ONCE):
        if each.due(now) or each.soon(now):
            await _look_at(each.id, now)


async def _look_at(item_id: int, now: datetime) -> None:
    """Held, as it is now: a deed that was done meanwhile makes this do nothing."""
    async with writing():
        found = await held_item(item_id)
        ends = await _this.first(now + REMIND_BEFORE, item_id)
        if ends is not None and ends.due(now):
            await _end(found, now)
        elif ends is not None and ends.soon(now):
            await _remind(found, ends, now)


async def _end(found: Thing, now: datetime) -> None:
    over = say("It is not on the board any more: %(item)s", item=found.name)
    if any(each.stage in HOLDS for each in await open_loans(found.id)):
        return
    await _off_the_board(found, Did.expired, over, by=None, now=now)
    ended = say("Nobody took it in time: %(item)s. With one tap it stands there for two weeks more.", item=found.name)
    await tell(await keepers_of(found), ended, found.path, by=None, now=now)


async def _remind(found: Thing, ends: _Ends, now: datetime) -> None:
    await note(found.id, Did.reminded, by=None, now=now)
    day = day_of(ends.until_at, await the_zone())
    soon = say("Until %(day)s it is on the board: %(item)s. Should it stay longer?", day=day, item=found.name)
    key = f"item:{found.id}:ends:{ends.until_at:%Y%m%d}"
    await tell(await keepers_of(found), soon, found.path, by=None, now=now, key=key)


async def _off_the_board(found: Thing, did: Did, sentence: Sentence, *, by: int | None, now: datetime) -> None:
    await end_asking(found.id, sentence, by=by, now=now)
    gone: dict[Any, Any] = {Item.state: State.gone, Item.gone_at: now}
    await Item.update(gone).where(Item.id == found.id)
    await note(found.id, did, by=by, now=now)
    await index_items([found.id])


def _a_gift(found: Thing) -> Thing:
    if found.state == State.taken:
        raise NotYours(say("Officers took this away. You can disagree under Account."))
    if found.kind != Kind.give:
        raise Refusal(say("This is lent, not given away."))
    return found
