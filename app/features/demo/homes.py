"""What households of a furnished place keep on their cards, who holds whose key, and who needs what."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.db import writing
from app.features.household import rules as household
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Audience
from app.features.roster import rules as roster


@dataclass(frozen=True)
class Card:
    """Filled in by one who lives there. `open_to` says who reads which field; the others stay closed."""

    by: str
    said: household.Written
    open_to: dict[str, Audience] = field(default_factory=dict)
    answers: bool = False  # whether they may answer for the others


@dataclass(frozen=True)
class Key:
    """Who was asked to hold a key, and whether they said yes."""

    by: str
    holder: str
    agreed: bool = False


@dataclass(frozen=True)
class Needing:
    """Somebody who says what they need, in place of what a list said."""

    who: str
    words: str


@dataclass(frozen=True)
class Homes:
    cards: tuple[Card, ...] = ()
    keys: tuple[Key, ...] = ()
    needs: tuple[Needing, ...] = ()
    looked: tuple[tuple[str, str], ...] = ()  # which steward looked at whose household


FILLED_IN, ASKED, LOOKED = timedelta(days=28), timedelta(hours=3), timedelta(days=3)


async def settle_homes(homes: Homes, ids: dict[str, int], now: datetime) -> None:
    """Through the same doors as everybody's deeds. Long ago: before anybody asked for anything."""
    async with writing():
        for card in homes.cards:
            await _fill_in(card, await people.neighbour(ids[card.by]), now - FILLED_IN)
        for needing in homes.needs:
            await _say(needing, await people.neighbour(ids[needing.who]), now - FILLED_IN)
        for key in homes.keys:
            if key.agreed:
                await _hold(key, ids, now - FILLED_IN)
        for steward, whose in homes.looked:
            home = await _home(ids[whose])
            await household.household(home, by=await people.neighbour(ids[steward]), now=now - LOOKED)


async def ask_for_keys(homes: Homes, ids: dict[str, int], now: datetime) -> None:
    """The newest of all: they wait for an answer."""
    for key in homes.keys:
        if not key.agreed:
            await _hold(key, ids, now - ASKED)


async def _home(person_id: int) -> int:
    return (await people.stays_of(person_id))[0].household


async def _fill_in(card: Card, by: Neighbour, now: datetime) -> None:
    [stay, *_] = await people.stays_of(by.id)
    if card.answers:
        await people.may_answer(stay.membership, yes=True, by=None, now=now)
    await household.save(stay.household, card.said, card.open_to, version=0, by=by, now=now)


async def _say(needing: Needing, by: Neighbour, now: datetime) -> None:
    for claimed in await roster.claimed_of(by):
        await roster.erase(claimed.id, by=by, now=now)
    await household.say_needs(needing.words, audience=Audience.stewards, agrees=True, by=by, now=now)


async def _hold(key: Key, ids: dict[str, int], now: datetime) -> None:
    by, holder = await people.neighbour(ids[key.by]), await people.neighbour(ids[key.holder])
    holding = await household.ask_to_hold(await _home(by.id), holder.id, by=by, now=now)
    if key.agreed:
        await household.agree(holding, by=holder, now=now + ASKED)
