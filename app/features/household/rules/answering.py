"""Who of a household may answer for the others: given by one who has it or keeps watch, given up by anybody."""

from datetime import datetime

from msgspec import Struct

from app.db import held, writing
from app.features.household.rules.cards import only_for_members
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Home, Member, Neighbour, Stay
from app.features.people.tables import Membership
from app.kit.refusals import Missing, NotYours
from app.kit.words import say


async def may_change_answering(by: Neighbour, home: Home) -> bool:
    """One who may answer for this household, its steward, or an administrator."""
    return by.is_active and await is_trusted(by, home, await people.stays_of(by.id))


async def is_trusted(by: Neighbour, home: Home, stays: list[Stay]) -> bool:
    """The same for an active neighbour whose households are known already."""
    trusted = any(stay.household == home.id and stay.may_answer_for for stay in stays)
    return trusted or await people.looks_after(by, home)


class Answering(Struct):
    """Where it was changed; whether whoever did it lives there, and may change it back."""

    household: int
    lives_there: bool
    may_undo: bool


async def let_answer(membership_id: int, *, yes: bool, by: Neighbour, now: datetime) -> Answering:
    """Whether a member may answer for the others; anybody may give up their own. All of the household are told."""
    async with writing():
        row = await held(Membership.objects().where(Membership.id == membership_id)).first()
        if row is None or row.until_on is not None:
            raise Missing
        if row.person not in [each.id for each in await living_there(row.household)]:
            raise Missing
        home, own = await people.household(row.household), row.person == by.id
        trusted = await may_change_answering(by, home)
        if not trusted:
            await only_for_members(home.id, by)
        if not trusted and (yes or not own):
            raise NotYours(say("Somebody who may answer for your household, or your steward, can change that."))
        if row.may_answer_for != yes:
            await people.may_answer(membership_id, yes=yes, by=by.id, now=now)
            await _tell(home, row, yes=yes, by=by, now=now)
        stays = await people.stays_of(by.id)
        lives_there = any(stay.household == home.id for stay in stays)
        return Answering(home.id, lives_there, await is_trusted(by, home, stays))


async def _tell(home: Home, row: Membership, *, yes: bool, by: Neighbour, now: datetime) -> None:
    """The newest word replaces the one before: both together would contradict each other."""
    name, key = (await people.neighbour(row.person)).name, f"answering:{row.id}"
    await notices.withdraw(key)
    for_them = (
        say("You may answer for your household now. %(by)s said so.", by=by.name)
        if yes
        else say("You no longer answer for your household. %(by)s said so.", by=by.name)
    )
    for_all = (
        say("%(name)s may now answer roll calls and ask for help on your behalf.", name=name)
        if yes
        else say("%(name)s no longer answers for you.", name=name)
    )
    for member in await living_there(home.id):
        if member.id != by.id:
            sentence = for_them if member.id == row.person else for_all
            await notices.tell(member.id, sentence, path="/household/acting", now=now, topic="account", key=key)


async def living_there(household_id: int) -> list[Member]:
    """Those who wait to be let in, leave or have gone are nobody's business here."""
    return [each for each in await people.members_of(household_id) if each.state in ("active", "suspended")]
