"""What neighbours of the demo lend, give away and look for, and how far it has come with each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from app.features.community import rules as community
from app.features.demo.needs import Happening
from app.features.demo.pictures import a_thing
from app.features.people import rules as people
from app.features.sharing import rules as sharing
from app.features.sharing.rules import Offer, Owner, Thing
from app.features.sharing.rules.lent import lent, move
from app.features.sharing.rules.reach import note, thing
from app.features.sharing.rules.stages import HOLDS, OVER, Lent
from app.features.sharing.searches import ItemSearch, ItemSearchAnswer
from app.features.sharing.tables import Category, Condition, Did, Item, Loan, Stage, State
from app.kit import queue, slots
from app.kit.languages import SOURCE, of_text
from app.kit.slots import Claim

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SOUGHT = timedelta(hours=26)


@dataclass(frozen=True)
class Went:
    """A loan: it begins in so many days (before today: less than 0), lasts so many, and stands so. A gift has none."""

    by: str
    stage: Stage
    begins: int = 0
    lasts: int = 5
    words: str = ""
    damage: str = ""
    thanks: str = ""
    reason: str = ""
    waits: bool = False  # in line, for the days of another


@dataclass(frozen=True)
class Shared:
    """Somebody's, their household's (`home`), or ours with these keepers. A gift stands for so many days (`gone`: it
    was given). `broke` says what happened to it."""

    offer: Offer
    by: str
    photo: str = ""
    shows: str = ""
    home: bool = False
    ours: bool = False
    keepers: tuple[str, ...] = ()
    stands: int = 30
    since: int = 21
    went: tuple[Went, ...] = ()
    broke: str = ""
    paused: bool = False


@dataclass(frozen=True)
class Looked:
    by: str
    words: str
    details: str
    category: Category
    begins: int | None = None
    has: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Things:
    shared: tuple[Shared, ...] = ()
    looked: tuple[Looked, ...] = ()


def sharings(things: Things, ids: Mapping[str, int], now: datetime) -> list[Happening]:
    """Each is put on the board by its owner, and what became of it stands as it would after all that time."""
    return [
        *((now - each.since * DAY, partial(_put, each, ids, now)) for each in things.shared),
        *((now - SOUGHT, partial(_look, each, ids, now)) for each in things.looked),
    ]


async def _put(each: Shared, ids: Mapping[str, int], now: datetime) -> None:
    today = await community.today(now)
    by, then = await people.neighbour(ids[each.by]), now - each.since * DAY
    offer = msgspec.structs.replace(each.offer, until=today + each.stands * DAY) if each.offer.kind == "give" else None
    homes = await people.stays_of(by.id) if each.home else []
    owner = Owner(household=homes[0].household if homes else None, ours=each.ours)
    id = await sharing.offer(offer or each.offer, owner=owner, by=by, now=then)
    if each.photo:
        await sharing.add_photo(id, a_thing(each.photo), each.shows, by=by, now=then)
    for name in each.keepers:
        await sharing.add_keeper(id, ids[name], by=by, now=then)
    for went in sorted(each.went, key=lambda one: (one.waits, one.begins)):
        await _lend(await thing(id), went, by.id, ids, today, now)
    if each.broke:
        await Item.update({Item.condition: Condition.broken}).where(Item.id == id)
        await note(id, Did.broke, by=by.id, now=now - 2 * HOUR, words=each.broke)
    if each.paused:
        await sharing.pause(id, by=by, now=now - DAY)


async def _lend(item: Thing, went: Went, keeper: int, ids: Mapping[str, int], today: date, now: datetime) -> None:
    first = today + went.begins * DAY
    last = first + (went.lasts - 1) * DAY
    asked = min(now - 20 * HOUR, now + (went.begins - 2) * DAY)
    dated: dict[str, Any] = {} if item.is_gift else {"first_on": first, "last_on": last, "due_on": last}
    row = Loan(item=item.id, borrower=ids[went.by], acted_by=ids[went.by], stage_at=asked, asked_at=asked, **dated)
    row.words, row.lang = went.words, of_text(went.words, SOURCE)
    row.until_at = None if went.waits else asked + 5 * DAY
    await row.save()
    found = await lent(row.id)
    await move(found, Did.asked, by=found.borrower, now=asked, words=went.words)
    if went.waits:
        wish = {"loan": found.id, "until": None}
        await queue.join(item.thing, found.borrower, slots.days(first, last), wish, now=asked)
        return
    await _go_on(item, found, went, keeper, asked, now)


async def _go_on(item: Thing, found: Lent, went: Went, keeper: int, asked: datetime, now: datetime) -> None:
    """From the yes to where it stands: handed over on its first day, back on its last."""
    yes, handed = asked + HOUR, min(asked + 2 * DAY, now - 3 * HOUR)
    if went.stage == Stage.declined:
        await move(found, Did.declined, by=keeper, now=yes, words=went.reason, stage=went.stage, reason=went.reason)
    if went.stage not in (*HOLDS, *OVER):
        return
    await move(found, Did.accepted, by=keeper, now=yes, stage=Stage.accepted)
    if went.stage in HOLDS and found.first_on and found.last_on:
        days = tuple(slots.days(found.first_on, found.last_on + item.gap * DAY))
        await slots.take(found.owner, [Claim(item.thing, days)])
    if went.stage == Stage.accepted:
        return
    state: dict[str, Any] = {"handed_at": handed, "condition_out": item.condition}
    did = Did.given if went.stage == Stage.given else Did.handed
    await move(found, did, by=keeper, now=handed, stage=Stage.given if item.is_gift else Stage.out, **state)
    await note(item.id, did, by=keeper, now=handed, loan=found.id)
    if went.stage == Stage.given:
        gone: dict[Any, Any] = {Item.state: State.gone, Item.gone_at: handed}
        await Item.update(gone).where(Item.id == item.id)
    if went.stage == Stage.back:
        await _come_back(item, found, went, keeper, min(handed + went.lasts * DAY, now - 2 * HOUR))


async def _come_back(item: Thing, found: Lent, went: Went, keeper: int, at: datetime) -> None:
    came: dict[str, Any] = {
        "returned_at": at,
        "contact_until": at + DAY,
        "condition_back": item.condition,
        "damage": went.damage,
    }
    await move(found, Did.returned, by=keeper, now=at, words=went.damage, stage=Stage.back, **came)
    await note(item.id, Did.returned, by=keeper, now=at, loan=found.id)
    if went.damage:
        await note(item.id, Did.damaged, by=keeper, now=at, words=went.damage, loan=found.id)
    if went.thanks:
        said: dict[str, Any] = {"thanks": went.thanks, "thanked_at": at + HOUR}
        await move(found, Did.thanked, by=found.borrower, now=at + HOUR, words=went.thanks, **said)


async def _look(looked: Looked, ids: Mapping[str, int], now: datetime) -> None:
    at, today = now - SOUGHT, await community.today(now)
    begins = None if looked.begins is None else today + looked.begins * DAY
    row = ItemSearch(
        person=ids[looked.by], acted_by=ids[looked.by], category=looked.category, words=looked.words,
        details=looked.details, lang=of_text(looked.words, SOURCE), first_on=begins,
        last_on=begins + 2 * DAY if begins else None, made_at=at, until_at=at + 14 * DAY,
    )  # fmt: skip
    await row.save()
    for name, words in looked.has:
        answer = ItemSearchAnswer(search=row.id, person=ids[name], words=words, at=at + 3 * HOUR)
        await ItemSearchAnswer.insert(answer)
