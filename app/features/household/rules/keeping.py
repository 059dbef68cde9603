"""What this feature keeps: shown to whom it is about, and gone with them."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, to_builtins

from app.db import prepared_sql, writing
from app.features.household.rules.cards import card_of, remove
from app.features.household.tables import HouseholdCard, KeyHolding, Needs
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.tables import State
from app.kit.keeping import Keeping
from app.kit.words import say

KEYS_LAST = timedelta(days=365)


class _Id(Struct):
    id: int


# Cards behind which nobody but the one who goes (0: nobody goes) still lives of those who knew the last change.
_left = prepared_sql(
    "SELECT household AS id FROM household_cards WHERE NOT EXISTS (SELECT 1 FROM memberships "
    "WHERE memberships.household = household_cards.household AND memberships.id <= household_cards.newest "
    "AND memberships.until_on IS NULL AND memberships.person <> {}) ORDER BY household",
    _Id,
)


async def mine(person_id: int) -> dict[str, Any]:
    """A card is for active neighbours: whoever only says that they live there does not get it."""
    address = KeyHolding.household.address.as_alias("address")
    keys = KeyHolding.select(address, KeyHolding.agreed_at)
    held_by_them = (KeyHolding.holder == person_id) & KeyHolding.agreed_at.is_not_null() & KeyHolding.ended_at.is_null()
    cards, audiences = await _cards(person_id)
    return {
        "cards": cards,
        "card_audiences": audiences,
        "needs": await Needs.select(Needs.words, Needs.edited_at).where(Needs.person == person_id),
        "keys": await keys.where(held_by_them).order_by(KeyHolding.id),
    }


async def _cards(person_id: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The cards, and who may read which of their fields."""
    cards, readers = [], list[dict[str, Any]]()
    active = (await people.neighbour(person_id)).state == State.active
    for stay in await people.stays_of(person_id) if active else ():
        card, audiences = await card_of(stay.household)
        if card.version:
            cards.append({"address": stay.address, **to_builtins(card)})
            readers += [{"address": stay.address, "field": field, "audience": at} for field, at in audiences.items()]
    return cards, readers


async def forget(person_id: int, *, now: datetime) -> None:
    """Their needs and keys go; a household's card goes with the last of its members."""
    async with writing():
        await Needs.delete().where(Needs.person == person_id)
        gone = await KeyHolding.delete().where(KeyHolding.holder == person_id).returning(KeyHolding.id)
        for row in gone:
            await notices.withdraw(f"key:{row['id']}")
        await _clear_left(person_id)
        for column, table in ((HouseholdCard.edited_by, HouseholdCard), (KeyHolding.asked_by, KeyHolding)):
            await table.update({column: None}).where(column == person_id)


async def purge(now: datetime) -> None:
    """Those who lived here have moved out: what they left behind goes, and so do keys that were given back."""
    async with writing():
        await _clear_left(0)
        await KeyHolding.delete().where(KeyHolding.ended_at < now - KEYS_LAST)


async def _clear_left(leaving: int) -> None:
    for row in await _left(leaving):
        await remove(row.id)


KEPT: tuple[Keeping, ...] = (
    Keeping(
        what=say("The card of a household: emergency contact, languages, pets, notes, and who may read each"),
        why=say("So that helpers know what matters behind a door"),
        tables=("household_cards", "audiences"),
        purge=purge,
    ),
    Keeping(
        what=say("Who held a key, and from when to when"),
        why=say("So that a door can be opened when nobody answers"),
        tables=("key_holdings",),
        lasts=KEYS_LAST,
        purge=purge,
    ),
    Keeping(
        what=say("Special needs, in your own words"),
        why=say("So that your steward and helpers find you in an emergency; only while you agree to it"),
        tables=("special_needs",),
    ),
)
