"""One page for who reads what, what was agreed to, and who looked."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from app.db import writing
from app.features.household.rules.cards import card_of, clear, next_version, only_for_members
from app.features.household.rules.needs import own_needs, withdraw_needs
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Given, Neighbour, Purpose
from app.features.people.rules.fields import Field
from app.features.people.tables import Audience
from app.kit.refusals import Missing, NotYours, Refusal, Several
from app.kit.words import Sentence, say


class Choice(Struct):
    """A field with a chooser: `name` is what the form calls it."""

    name: str
    field: str
    words: Sentence
    audience: Audience
    choices: tuple[Audience, ...]


class Whose(Struct):
    """The fields of the person, or of one of their households."""

    household: int | None
    address: str
    choices: list[Choice]


class Agreed(Struct):
    """`may_withdraw`: still standing, and not what being here rests on."""

    purpose: str
    words: Sentence
    given: Given
    may_withdraw: bool


async def choices(by: Neighbour) -> list[Whose]:
    """Their own special needs where they said some, and each household whose card is filled in."""
    found = []
    if await own_needs(by):
        own = _choices(people.OF_A_PERSON, await people.audiences_of(by.id), "")
        found.append(Whose(None, "", own))
    for stay in await people.stays_of(by.id) if by.is_active else []:
        card, audiences = await card_of(stay.household)
        if card.version:
            ours = _choices(people.OF_A_HOUSEHOLD, audiences, f"_{stay.household}")
            found.append(Whose(stay.household, stay.address, ours))
    return found


def _choices(fields: Mapping[str, Field], audiences: Mapping[str, Audience], after: str) -> list[Choice]:
    return [Choice(name + after, name, field.words, audiences[name], field.choices) for name, field in fields.items()]


async def settle(said: Mapping[str, str], *, by: Neighbour, now: datetime) -> None:
    """What the form says of each chooser; what it does not mention stays. All of it, or a refusal beside each."""
    async with writing():
        for whose in await choices(by):
            meant = _meant(whose, said)
            if whose.household is None:
                await people.choose_audiences(by.id, meant, by=by.id, now=now)
            else:
                await _settle_household(whose.household, meant, by=by, now=now)


async def _settle_household(household_id: int, meant: dict[str, Audience], *, by: Neighbour, now: datetime) -> None:
    await only_for_members(household_id, by)
    await clear(household_id)
    if await people.choose_household_audiences(household_id, meant, by=by.id, now=now):
        await next_version(household_id, by=by.id, now=now)


def _meant(whose: Whose, said: Mapping[str, str]) -> dict[str, Audience]:
    meant: dict[str, Audience] = {}
    refusals: list[Refusal] = []
    for choice in whose.choices:
        typed = said.get(choice.name, str(choice.audience))
        if typed in choice.choices:
            meant[choice.field] = Audience(typed)
        else:
            refusals.append(Refusal(say("Please choose one of these."), beside=choice.name))
    if refusals:
        raise refusals[0] if len(refusals) == 1 else Several(refusals)
    return meant


async def agreements(by: Neighbour) -> list[Agreed]:
    """The newest first: those that stand, and those that were taken back."""
    unknown = Purpose(say("Something that is no longer asked"), "")
    found = [
        Agreed(
            purpose=given.purpose,
            words=people.PURPOSES.get(given.purpose, unknown).words,
            given=given,
            may_withdraw=given.withdrawn_at is None and given.purpose != "terms",
        )
        for given in await people.consents_of(by.id)
    ]
    return found[::-1]


async def take_back(purpose: str, *, by: Neighbour, now: datetime) -> None:
    """What was kept by the consent goes in the same transaction."""
    if purpose == "terms":
        raise NotYours(say("The terms end when you leave the community."))
    if purpose == "needs":
        return await withdraw_needs(by=by, now=now)
    if purpose == "push":
        return await notices.withdraw_push(by.id, now=now)
    if not await people.withdraw_consent(by.id, purpose, by=by.id, now=now):
        raise Missing
