"""What this feature keeps: shown to whom it is about, and gone with them."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, structs, to_builtins

from app.db import one_of, prepared_sql, writing
from app.features.household.rules.cards import STANDS, card_of, drop_keys, remove
from app.features.household.tables import HouseholdCard, KeyHolding, Needs
from app.features.people import rules as people
from app.features.people.tables import State
from app.kit.keeping import Keeping
from app.kit.words import say

KEYS_LAST = timedelta(days=365)


class _Id(Struct):
    id: int


class _Key(Struct):
    address: str
    agreed_at: datetime


# Nobody but the one who goes (0: nobody goes) still lives there of those who knew the last change.
_LEFT = (
    "NOT EXISTS (SELECT 1 FROM memberships WHERE memberships.household = {0}.household "
    "AND memberships.id <= {0}.newest AND memberships.until_on IS NULL AND memberships.person <> {{}})"
)
_left = prepared_sql(
    f"SELECT household AS id FROM household_cards WHERE {_LEFT.format('household_cards')} ORDER BY household",  # noqa: S608
    _Id,
)
_left_keys = prepared_sql(
    f"SELECT id FROM key_holdings WHERE ended_at IS NULL AND {_LEFT.format('key_holdings')} ORDER BY id",  # noqa: S608
    _Id,
)
_keys = prepared_sql(
    "SELECT households.address, key_holdings.agreed_at FROM key_holdings "  # noqa: S608
    "JOIN households ON households.id = key_holdings.household WHERE key_holdings.holder = {} "
    "AND key_holdings.agreed_at IS NOT NULL AND key_holdings.ended_at IS NULL AND "
    + STANDS.format("key_holdings")
    + " ORDER BY key_holdings.id",
    _Key,
)


async def mine(person_id: int) -> dict[str, Any]:
    """A card is for active neighbours: whoever only says that they live there does not get it."""
    cards, audiences = await _cards(person_id)
    return {
        "cards": cards,
        "card_audiences": audiences,
        "needs": await Needs.select(Needs.words, Needs.edited_at).where(Needs.person == person_id),
        "keys": [structs.asdict(key) for key in await _keys(person_id)],
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
    """Their needs and keys go; a household's card and its key go with the last of its members."""
    async with writing():
        await Needs.delete().where(Needs.person == person_id)
        await drop_keys(KeyHolding.holder == person_id)
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
    await drop_keys(one_of(KeyHolding.id, [row.id for row in await _left_keys(leaving)]))


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
