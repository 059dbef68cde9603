"""Who shares the door, and who may answer for whom there."""

from datetime import datetime

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.household.rules.cards import Card, card_of, only_for_members
from app.features.household.rules.keys import Holding, holding_of
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Home, Member, Neighbour, Stay
from app.features.people.tables import Audience, Membership
from app.kit.refusals import Missing, NotYours
from app.kit.words import Sentence, say


class Ours(Struct):
    """A household as its members see it. `stays` are all households of the reader."""

    home: Home
    stays: list[Stay]
    members: list[Member]
    card: Card
    audiences: dict[str, Audience]
    holding: Holding | None
    may_change_answering: bool


async def ours(household_id: int, *, by: Neighbour) -> Ours:
    """Raises Missing for whom it is not theirs."""
    stays = await people.stays_of(by.id)
    if not by.is_active or household_id not in [stay.household for stay in stays]:
        raise Missing
    home, (card, audiences) = await people.household(household_id), await card_of(household_id)
    return Ours(
        home=home,
        stays=stays,
        members=await living_there(household_id),
        card=card,
        audiences=audiences,
        holding=await holding_of(household_id),
        may_change_answering=await _is_trusted(by, home, stays),
    )


async def first_of_ours(by: Neighbour) -> Ours | None:
    """None for somebody who belongs to no household."""
    stays = await people.stays_of(by.id)
    return await ours(stays[0].household, by=by) if stays else None


async def living_there(household_id: int) -> list[Member]:
    """Those who wait to be let in, leave or have gone are nobody's business here."""
    return [each for each in await people.members_of(household_id) if each.state in ("active", "suspended")]


async def may_change_answering(by: Neighbour, home: Home) -> bool:
    """One who may answer for this household, its steward, or an administrator."""
    return by.is_active and await _is_trusted(by, home, await people.stays_of(by.id))


async def _is_trusted(by: Neighbour, home: Home, stays: list[Stay]) -> bool:
    trusted = any(stay.household == home.id and stay.may_answer_for for stay in stays)
    return trusted or await people.looks_after(by, home)


async def let_answer(membership_id: int, *, yes: bool, by: Neighbour, now: datetime) -> int:
    """Whether a member may answer for the others; anybody may give up their own. All of the household are told.

    Gives back the household.
    """
    async with writing():
        row = await held(Membership.objects().where(Membership.id == membership_id)).first()
        if row is None or row.until_on is not None:
            raise Missing
        home, own = await people.household(row.household), row.person == by.id
        trusted = await may_change_answering(by, home)
        if not trusted:
            await only_for_members(home.id, by)
        if not trusted and (yes or not own):
            raise NotYours(say("Somebody who may answer for your household, or your steward, can change that."))
        if row.may_answer_for != yes:
            await people.may_answer(membership_id, yes=yes, by=by.id, now=now)
            await _tell(home, row.person, yes=yes, by=by, now=now)
        return home.id


async def _tell(home: Home, who: int, *, yes: bool, by: Neighbour, now: datetime) -> None:
    name = (await people.neighbour(who)).name
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
            sentence = for_them if member.id == who else for_all
            await notices.tell(member.id, sentence, path="/household/acting", now=now, topic="account")


class Person(Struct):
    id: int
    name: str
    photo: str


_for_me = prepared_sql(
    "SELECT DISTINCT others.id, others.name, others.photo FROM memberships AS own "
    "JOIN memberships AS theirs ON theirs.household = own.household AND theirs.until_on IS NULL "
    "AND theirs.may_answer_for = {} JOIN people AS others ON others.id = theirs.person AND others.state = 'active' "
    "WHERE own.person = {} AND own.until_on IS NULL AND others.id <> own.person ORDER BY others.name",
    Person,
)


class Acting(Struct):
    """For whom somebody may act, and who may act for them."""

    for_others: list[Person]
    places: list[Sentence]
    for_me: list[Person]
    stewards: list[Person]


async def acting(by: Neighbour) -> Acting:
    return Acting(
        for_others=[Person(each.id, each.name, "") for each in await people.acts_for(by)],
        places=[each.place for each in await people.roles_of(by.id) if each.kind == "steward" and each.place],
        for_me=list(await _for_me(True, by.id)),
        stewards=[Person(each.id, each.name, "") for each in await people.stewards_of(by.id) if each.id != by.id],
    )
