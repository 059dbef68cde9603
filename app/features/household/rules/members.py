"""A household as its members see it, and who acts for whom."""

from msgspec import Struct

from app.db import prepared_sql
from app.features.household.rules.answering import is_trusted, living_there
from app.features.household.rules.cards import Card, card_of
from app.features.household.rules.holdings import Holding, holding_of
from app.features.people import rules as people
from app.features.people.rules import Home, Member, Neighbour, Stay
from app.features.people.tables import Audience
from app.kit.refusals import Missing
from app.kit.words import Sentence


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
        may_change_answering=await is_trusted(by, home, stays),
    )


async def first_of_ours(by: Neighbour) -> Ours | None:
    """None for somebody who belongs to no household."""
    stays = await people.stays_of(by.id)
    return await ours(stays[0].household, by=by) if stays else None


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
