"""A post in which somebody looks for something: as it is read, by whom, and held while a deed is done to it."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql
from app.features.moderation import rules as moderation
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.sharing.searches import ItemSearch, Sought
from app.features.sharing.tables import Category
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say

OPEN_FOR, REMIND_BEFORE = timedelta(days=30), timedelta(days=3)
UNDO, ON_ITS_WAY = timedelta(seconds=8), timedelta(seconds=4)  # the button's, and its road there and back


class Act(StrEnum):
    """What may be done to a post: the last by neighbours, the others by whoever looks."""

    found = "found"
    withdraw = "withdraw"
    prolong = "prolong"
    reopen = "reopen"
    answer = "answer"


class Search(Struct):
    """A post with whose it is; `answers` counts what neighbours said, `called` says that the reader is one of them."""

    id: int
    person: int
    acted_by: int | None
    category: Category
    words: str
    details: str
    lang: str
    first_on: date | None
    last_on: date | None
    stage: Sought
    rung: int
    made_at: datetime
    until_at: datetime
    ended_at: datetime | None
    name: str
    photo: str
    active: bool
    answers: int
    answered: bool

    @property
    def path(self) -> str:
        return path_of(self.id)

    def is_of(self, person_id: int) -> bool:
        return person_id in (self.person, self.acted_by)

    def is_open(self, now: datetime) -> bool:
        return self.stage == Sought.open and now < self.until_at


def path_of(search_id: int) -> str:
    return f"/share/wanted/{search_id}"


def call_key(search_id: int) -> str:
    """Under which those were rung who may have it."""
    return f"search:{search_id}:call"


def over_key(search_id: int) -> str:
    return f"search:{search_id}:over"


_OWN = [name for name in Search.__struct_fields__ if hasattr(ItemSearch, name)]
# ruff: noqa: S608 (all of these words are ours)
COLUMNS = (
    "SELECT "
    + ", ".join(f"item_searches.{name}" for name in _OWN)
    + ", people.name, people.photo, people.state = 'active' AS active, "
    "(SELECT count(*) FROM item_search_answers WHERE item_search_answers.search = item_searches.id) AS answers, "
    "EXISTS (SELECT 1 FROM item_search_answers WHERE item_search_answers.search = item_searches.id "
    "AND item_search_answers.person = {0}) AS answered "
    "FROM item_searches JOIN people ON people.id = item_searches.person "
)
_one = prepared_sql(COLUMNS + "WHERE item_searches.id = {1}", Search)


async def search_of(search_id: int, *, by: int = 0) -> Search:
    """As it stands, whoever may see it. Raises Missing."""
    found = await _one.first(by, search_id)
    if found is None:
        raise Missing
    return found


async def search_for(search_id: int, *, by: Neighbour, now: datetime) -> Search:
    """Open, every neighbour reads it; over, those who looked and those who answered. Never across a block."""
    found = await search_of(search_id, by=by.id)
    if not await may_see(found, by, now):
        raise Missing
    return found


async def may_see(found: Search, by: Neighbour, now: datetime) -> bool:
    if not by.is_active:
        return False
    if await looks(found, by):
        return True
    if found.stage == Sought.taken or not found.active or not (found.is_open(now) or found.answered):
        return False
    return not await blocked(found, by.id)


async def looks(found: Search, by: Neighbour) -> bool:
    """It is theirs, or they typed it for somebody for whom they still may."""
    if by.id == found.person:
        return True
    return by.id == found.acted_by and await people.may_act_for(by, found.person)


async def blocked(found: Search, person_id: int) -> bool:
    for whose in {found.person, found.acted_by or found.person}:
        if await moderation.blocks_between(person_id, whose):
            return True
    return False


def acts(found: Search, mine: bool, now: datetime) -> set[Act]:
    """One answer for the page's buttons and for the rule's refusal."""
    if found.is_open(now):
        return {Act.found, Act.withdraw, Act.prolong} if mine else {Act.answer}
    return {Act.reopen} if mine and _just_ended(found, now) else set()


def _just_ended(found: Search, now: datetime) -> bool:
    ended = found.stage in (Sought.found, Sought.withdrawn) and found.ended_at is not None
    return ended and found.ended_at is not None and now <= found.ended_at + UNDO + ON_ITS_WAY


async def held_for(act: Act, search_id: int, *, by: Neighbour, now: datetime) -> Search:
    """The post, nobody else's until the deed is done; raises Missing, or why it cannot be done."""
    await held(ItemSearch.select(ItemSearch.id).where(ItemSearch.id == search_id))
    found = await search_for(search_id, by=by, now=now)
    mine = await looks(found, by)
    if act not in acts(found, mine, now):
        raise _why_not(act, mine, found, now)
    return found


def _why_not(act: Act, mine: bool, found: Search, now: datetime) -> Refusal:
    if act == Act.answer and mine:
        return Refusal(say("You look for this yourself."))
    if act != Act.answer and not mine:
        return NotYours(say("Whoever looks for it does that."))
    if act == Act.reopen and not found.is_open(now):
        return Taken(say("It is too late to undo that."))
    return Taken(say("This is not looked for any more."))


async def change(found: Search, *, by: int | None, now: datetime, **changes: Any) -> None:
    """Writes what changed. What is read of it is read."""
    values = {getattr(ItemSearch, name): value for name, value in changes.items()}
    await ItemSearch.update(values).where(ItemSearch.id == found.id)
    if by is not None:
        await notices.read_about(found.path, by=by, now=now)
