"""I have one: a neighbour answers whoever looks, with something of theirs on the board, or in words."""

from datetime import datetime, timedelta

from msgspec import Struct

from app.db import Clash, prepared_sql, writing
from app.features.moderation.rules import NOT_BLOCKED
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour, neighbour
from app.features.sharing.rules.lent import name_of
from app.features.sharing.rules.reach import KEPT_BY, keeps, may_see, path_of, tell, thing
from app.features.sharing.rules.searches import Act, Search, held_for, looks
from app.features.sharing.searches import ItemSearchAnswer
from app.features.sharing.tables import Category, Condition, Kind, State
from app.features.skills.rules.reach import shortened
from app.features.skills.rules.standing import only_active
from app.kit import limits
from app.kit.limits import Limit
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from app.kit.words import say

ANSWERS = Limit("answers to who has", 20, timedelta(days=1))
MOST = 30


class Answer(Struct):
    """What a neighbour said to a post. `item` is None where they answered in words, or it is gone."""

    id: int
    person: int
    name: str
    photo: str
    words: str
    at: datetime
    item: int | None
    item_name: str | None
    item_lang: str | None
    item_kind: Kind | None

    @property
    def path(self) -> str:
        return path_of(self.item) if self.item is not None else ""


class Own(Struct):
    """Something of the reader's own that they could answer with."""

    id: int
    name: str
    lang: str
    category: Category


class _Person(Struct):
    person: int


# ruff: noqa: S608 (all of these words are ours)
_answers = prepared_sql(
    "SELECT item_search_answers.id, item_search_answers.person, people.name, people.photo, item_search_answers.words, "
    "item_search_answers.at, items.id AS item, items.name AS item_name, items.lang AS item_lang, "
    "items.kind AS item_kind FROM item_search_answers JOIN people ON people.id = item_search_answers.person "
    "AND people.state = 'active' LEFT JOIN items ON items.id = item_search_answers.item "
    f"AND items.state = '{State.offered}' WHERE item_search_answers.search = {{0}} "
    f"AND ({{2}} = 1 OR people.id = {{1}}) AND people.id {NOT_BLOCKED.replace('{me}', '{1}')} "
    "ORDER BY item_search_answers.id",
    Answer,
)
_who = prepared_sql("SELECT person FROM item_search_answers WHERE search = {} ORDER BY id", _Person)
_own = prepared_sql(
    f"SELECT items.id, items.name, items.lang, items.category FROM items WHERE items.state = '{State.offered}' "
    f"AND items.condition <> '{Condition.broken}' AND (items.until_at IS NULL OR items.until_at > {{1}}) "
    f"AND {KEPT_BY} ORDER BY CASE WHEN items.category = {{2}} THEN 0 ELSE 1 END, items.id DESC LIMIT {MOST}",
    Own,
)


async def answer(search_id: int, *, item: int | None = None, words: str = "", by: Neighbour, now: datetime) -> None:
    """Once each. Whoever looks hears of it, and asks for the thing as everybody does."""
    only_active(by, now)
    if item is None and not words.strip():
        raise Refusal(say("Choose something of yours, or say it in words."), beside="words")
    try:
        async with writing():
            search = await held_for(Act.answer, search_id, by=by, now=now)
            await _may_be_offered(item, search, by, now)
            await _count(by, now)
            said = ItemSearchAnswer(search=search.id, person=by.id, item=item, words=words.strip(), at=now)
            await ItemSearchAnswer.insert(said)
            await notices.read_about(search.path, by=by.id, now=now)
            has = say(
                "%(name)s answers you: %(what)s", name=await name_of(by.id), what=shortened(search.words)
            )  # fmt: skip
            whom = [search.person, search.acted_by]
            await tell(whom, has, search.path, by=by.id, now=now, key=_key(search.id, by.id))
    except Clash:
        raise Taken(say("You have answered already.")) from None


async def take_back(search_id: int, *, by: Neighbour, now: datetime) -> None:
    """One's own answer; while it is looked for, another may be given."""
    only_active(by, now)
    async with writing():
        search = await held_for(Act.answer, search_id, by=by, now=now)
        theirs = (ItemSearchAnswer.search == search.id) & (ItemSearchAnswer.person == by.id)
        if not await ItemSearchAnswer.delete().where(theirs).returning(ItemSearchAnswer.id):
            raise Taken(say("There is nothing of yours to take back here."))
        await notices.withdraw(_key(search.id, by.id))


async def answers_to(search: Search, *, by: Neighbour) -> list[Answer]:
    """All of them for whoever looks; others read their own."""
    return list(await _answers(search.id, by.id, int(await looks(search, by))))


async def who_answered(search_id: int) -> list[int]:
    return [row.person for row in await _who(search_id)]


async def own_things(search: Search, *, by: Neighbour, now: datetime) -> list[Own]:
    """What the reader could answer with, the same kind first."""
    return list(await _own(by.id, now, search.category))


async def _may_be_offered(item: int | None, search: Search, by: Neighbour, now: datetime) -> None:
    if item is None:
        return
    try:
        found = await thing(item, by=by.id)
    except Missing:
        found = None
    if found is None or not await may_see(found, by):
        raise Missing
    if not keeps(found, by):
        raise NotYours(say("Answer with something of yours."))
    if not found.may_be_had(now):
        raise Refusal(say("This is not on the board at the moment. Put it there first."), beside="item")
    if not await may_see(await thing(item, by=search.person), await neighbour(search.person, now=now)):
        raise Refusal(
            say("It is for your building only, and they live in another. Offer it to everybody, or answer in words."),
            beside="item",
        )


async def _count(by: Neighbour, now: datetime) -> None:
    key = ANSWERS.key(by.id)
    if await limits.counted(ANSWERS, key, now) >= ANSWERS.times:
        raise TooOften(say("That is a lot for one day. Please go on tomorrow."), wait=ANSWERS.wait(now))
    await limits.count(ANSWERS, key, now)


def _key(search_id: int, person: int) -> str:
    return f"search:{search_id}:answer:{person}"
