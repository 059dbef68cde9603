"""What broke: those who would have it next are told, somebody is found who can mend it, and then it is lent again."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.sharing.rules.lent import borrowing, lent, move
from app.features.sharing.rules.reach import Thing, kept_item, note, tell
from app.features.sharing.rules.similar import similar
from app.features.sharing.rules.stages import Lent
from app.features.sharing.rules.waiting import hold_back, offer_next
from app.features.sharing.tables import Condition, Did, Item, Stage
from app.features.skills import rules as skills
from app.features.skills.rules.standing import only_active
from app.features.skills.tables import Category
from app.kit import later, slots
from app.kit.refusals import Refusal, Taken
from app.kit.words import Sentence, say


class _Id(Struct):
    id: int


class _Words(Struct):
    words: str


_next = prepared_sql(
    "SELECT id FROM loans WHERE item = {} AND (stage = 'accepted' OR (stage = 'asked' AND until_at > {})) ORDER BY id",
    _Id,
)
_asked_since = prepared_sql(
    "SELECT id FROM item_steps WHERE item = {0} AND did = 'repair_asked' AND id > "
    "COALESCE((SELECT max(id) FROM item_steps WHERE item = {0} AND did IN ('broke', 'mended')), 0)",
    _Id,
)


async def next_loans(item_id: int, now: datetime) -> list[Lent]:
    """Promised or asked for, and not in anybody's hands yet."""
    return [await lent(each.id) for each in await _next(item_id, now)]


async def broke(item_id: int, words: str, *, by: Neighbour, now: datetime) -> int:
    """By its keeper. How many of those who would have it next, or wait for it, were told."""
    only_active(by, now)
    async with writing():
        thing = await kept_item(item_id, by=by)
        if thing.condition == Condition.broken:
            raise Taken(say("It is marked as broken already."))
        return await breaks(thing, words, by=by.id, now=now)


async def breaks(thing: Thing, words: str, *, by: int | None, now: datetime, loan: int = 0) -> int:
    """Within the deed in which it was said. Nobody's days or place in line are taken from them: it may be mended in
    time."""
    await Item.update({Item.condition: Condition.broken}).where(Item.id == thing.id)
    await note(thing.id, Did.broke, by=by, now=now, words=words, loan=loan)
    coming = await next_loans(thing.id, now)
    for each in coming:
        sorry = say("%(what)s is broken. You hear when it is mended, or if it cannot be in time.", what=thing.name)
        await _tell_with_another(thing, each, sorry, by, now)
    stays = say("%(what)s is broken. You keep your place in the waiting line.", what=thing.name)
    return len(coming) + await hold_back(thing.id, stays, by=by, now=now)


async def let_days_go(item_id: int, words: str, *, by: Neighbour, now: datetime) -> int:
    """By its keeper: it cannot be mended in time. Those loans are over, and each hears what else is free."""
    only_active(by, now)
    async with writing():
        thing = await _broken(item_id, by)
        coming = await next_loans(thing.id, now)
        for each in coming:
            over: dict[str, Any] = {"reason": words, "until_at": None}
            if each.stage == Stage.accepted:
                over["contact_until"] = now
            did = Did.called_off if each.stage == Stage.accepted else Did.declined
            await move(each, did, by=by.id, now=now, words=words, stage=Stage.declined, **over)
            await slots.give_back(each.owner)
            await later.cancel(f"loan:{each.id}:ends")
            sorry = say("%(what)s cannot be mended in time. We are sorry.", what=thing.name)
            await _tell_with_another(thing, each, sorry, by.id, now)
        return len(coming)


async def ask_repair(item_id: int, words: str, *, by: Neighbour, now: datetime) -> tuple[int, int]:
    """Neighbours who can mend things are asked, once for each time it broke. The ask, and how many were rung."""
    only_active(by, now)
    async with writing():
        thing = await _broken(item_id, by)
        if await _asked_since(thing.id):
            raise Taken(say("Neighbours were asked already: look under Asks."))
        request = skills.Request(words=words, category=Category.repairs)
        ask, rung = await skills.ask_anybody(request, by=by, now=now)
        await note(thing.id, Did.repair_asked, by=by.id, now=now)
        return ask, rung


async def mended(item_id: int, *, by: Neighbour, now: datetime) -> None:
    """Back on the board. Those who still have days hear that they stand; those who wait are offered what is free."""
    only_active(by, now)
    async with writing():
        thing = await _broken(item_id, by)
        thing.condition = Condition.good
        await Item.update({Item.condition: Condition.good}).where(Item.id == thing.id)
        await note(thing.id, Did.mended, by=by.id, now=now)
        again = say("%(what)s is mended. All stands as it was.", what=thing.name)
        for each in await next_loans(thing.id, now):
            await tell(borrowing(each), again, each.path, by=by.id, now=now)
        await offer_next(thing.id, now=now)


class Care(Struct):
    """How its keeper sees it: what is broken about it, whether somebody was asked, and who would have it next."""

    words: str
    asked: bool
    coming: int


_broke = prepared_sql("SELECT words FROM item_steps WHERE item = {} AND did = 'broke' ORDER BY id DESC LIMIT 1", _Words)


async def care_of(thing: Thing, *, now: datetime) -> Care:
    broken = await _broke.first(thing.id)
    coming = await next_loans(thing.id, now)
    return Care(broken.words if broken else "", bool(await _asked_since(thing.id)), len(coming))


def repair_words(thing: Thing, care: Care) -> Sentence:
    """What the neighbours are asked; the page speaks it in the language of whoever asks."""
    question = say("Who can mend this: %(what)s?", what=thing.name)
    return say("%(one)s %(two)s", one=question, two=care.words) if care.words else question


async def _broken(item_id: int, by: Neighbour) -> Thing:
    thing = await kept_item(item_id, by=by)
    if thing.condition != Condition.broken:
        raise Refusal(say("It is not marked as broken."))
    return thing


async def _tell_with_another(thing: Thing, each: Lent, sorry: Sentence, by: int | None, now: datetime) -> None:
    """Where something like it is free on their days, that is what the word leads to."""
    path = each.path
    if each.first_on and each.last_on:
        borrower = await people.neighbour(each.borrower, now=now)
        others = await similar(thing, each.first_on, each.last_on, by=borrower, now=now)
        if others:
            like_it = say("On your days this is free: %(other)s.", other=others[0].name)
            sorry, path = say("%(one)s %(two)s", one=sorry, two=like_it), others[0].path
    await tell(borrowing(each), sorry, path, by=by, now=now)
