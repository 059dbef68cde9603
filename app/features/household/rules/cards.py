"""The card: filled once, changed by any member of the household, and never over another's words unseen."""

from datetime import datetime
from typing import Any

from msgspec import Struct, structs

from app.db import Clash, held, prepared_sql, writing
from app.features.community import rules as community
from app.features.household.tables import HouseholdCard, KeyHolding
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Audience, FieldAudience, Household, Membership
from app.kit import audit
from app.kit.forms import Mistake, phone
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import say


class Written(Struct):
    """The words of a card. The phone is E.164 or empty."""

    contact_name: str = ""
    contact_relation: str = ""
    contact_phone: str = ""
    key_words: str = ""
    languages: str = ""
    pets: str = ""
    notes: str = ""


WORDS = tuple(Written.__struct_fields__)


class Card(Written):
    """`version` 0 is a card that nobody has filled in yet."""

    version: int = 0
    edited_by: str | None = None
    edited_at: datetime | None = None


class ChangedMeanwhile(Taken):
    """Another member was faster: `card` and `audiences` are what stands there now."""

    def __init__(self, card: Card, audiences: dict[str, Audience]) -> None:
        super().__init__(
            say("Somebody of your household changed the card meanwhile. Look at both, then save what is right.")
        )
        self.card, self.audiences = card, audiences


# Whoever was a member at the last change and still is: without one of them the card is nobody's any more.
STANDS = (
    "EXISTS (SELECT 1 FROM memberships AS kept WHERE kept.household = {0}.household AND kept.id <= {0}.newest "
    "AND kept.until_on IS NULL)"
)
_card = prepared_sql(
    "SELECT contact_name, contact_relation, contact_phone, key_words, languages, pets, notes, version, "  # noqa: S608
    "editors.name AS edited_by, household_cards.edited_at FROM household_cards LEFT JOIN people AS editors "
    "ON editors.id = household_cards.edited_by WHERE household_cards.household = {} "
    "AND " + STANDS.format("household_cards"),
    Card,
)


async def card_of(household_id: int) -> tuple[Card, dict[str, Audience]]:
    """The card and who reads each of its fields. An empty one begins as private as the house can make it."""
    card = await _card.first(household_id)
    if card is None:
        return Card(), {name: field.default for name, field in people.OF_A_HOUSEHOLD.items()}
    return card, await people.household_audiences(household_id)


async def only_for_members(household_id: int, by: Neighbour) -> None:
    """Raises Missing for everybody else: that there is such a household is none of their business."""
    mine = (Membership.household == household_id) & (Membership.person == by.id) & Membership.until_on.is_null()
    if not by.is_active or not await Membership.exists().where(mine):
        raise Missing


async def save(
    household_id: int,
    said: Written,
    audiences: dict[str, Audience],
    *,
    version: int,
    by: Neighbour,
    now: datetime,
) -> None:
    """`version` is that of the card the member had before their eyes. Raises ChangedMeanwhile."""
    await only_for_members(household_id, by)
    said = await _fitting(said)
    try:
        async with writing():
            await held(Household.objects().where(Household.id == household_id))
            await clear(household_id)
            known, chosen = await card_of(household_id)
            if known.version != version:
                raise ChangedMeanwhile(known, chosen)
            changed = [name for name in WORDS if getattr(said, name) != getattr(known, name)]
            opened = await people.choose_household_audiences(household_id, audiences, by=by.id, now=now)
            if changed or opened or not version:
                await _keep(household_id, said, version + 1, by, now)
            if changed:
                about = f"household:{household_id}"
                await audit.note("household card changed", who=by.id, about=about, now=now, fields=changed)
    except Clash:
        raise ChangedMeanwhile(*await card_of(household_id)) from None


async def clear(household_id: int) -> None:
    """What those left behind who lived here before goes before anybody else writes or reads it as theirs."""
    row = await HouseholdCard.select(HouseholdCard.id).where(HouseholdCard.household == household_id).first()
    if row is not None and await _card.first(household_id) is None:
        await remove(household_id)


async def remove(household_id: int) -> None:
    """The card and all that hangs on it."""
    await HouseholdCard.delete().where(HouseholdCard.household == household_id)
    await FieldAudience.delete().where(FieldAudience.household == household_id)
    await drop_keys(KeyHolding.household == household_id)


async def drop_keys(which: Any) -> None:
    """With what was told of them: it would lead to a page that is no longer there."""
    for row in await KeyHolding.delete().where(which).returning(KeyHolding.id):
        await notices.withdraw(f"key:{row['id']}")


async def newest_membership(household_id: int) -> int:
    rows = await Membership.select(Membership.id).where(Membership.household == household_id)
    return max((int(row["id"]) for row in rows), default=0)


async def next_version(household_id: int, *, by: int, now: datetime) -> None:
    """Whoever has the form open still hears of a change that was made elsewhere."""
    values: dict[Any, Any] = {HouseholdCard.version: HouseholdCard.version + 1}
    await HouseholdCard.update({**values, HouseholdCard.edited_by: by, HouseholdCard.edited_at: now}).where(
        HouseholdCard.household == household_id
    )


async def _keep(household_id: int, said: Written, version: int, by: Neighbour, now: datetime) -> None:
    newest = await newest_membership(household_id)
    values = {**structs.asdict(said), "version": version, "newest": newest, "edited_by": by.id, "edited_at": now}
    if version == 1:
        await HouseholdCard.insert(HouseholdCard(household=household_id, **values))
    else:
        await HouseholdCard.update(**values).where(HouseholdCard.household == household_id)


async def _fitting(said: Written) -> Written:
    """A contact without a name or a number is no contact."""
    here = await community.here()
    try:
        number = phone(said.contact_phone, here.region if here else "CN") if said.contact_phone else ""
    except Mistake as mistake:
        raise Refusal(mistake.sentence, beside="contact_phone") from None
    if number and not said.contact_name:
        raise Refusal(say("Whose number is it?"), beside="contact_name")
    if said.contact_name and not number:
        raise Refusal(say("Which number reaches them?"), beside="contact_phone")
    return structs.replace(said, contact_phone=number)
