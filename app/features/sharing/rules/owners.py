"""Whose an item is, who may offer what is the community's, and in which building it stands."""

from msgspec import Struct

from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.features.sharing.rules.drafts import known_area
from app.features.skills.rules import building_of
from app.kit.refusals import NotYours, Refusal
from app.kit.words import say


class Owner(Struct, frozen=True):
    """One of three: who offers it, a household of theirs, or (`ours`) the whole community."""

    household: int | None = None
    ours: bool = False


MINE = Owner()


def may_offer_ours(by: Neighbour) -> bool:
    """What belongs to all of us is put on the board by those who have a role for all of us."""
    return by.is_active and by.is_a(RoleKind.administrator, RoleKind.coordinator, RoleKind.space_manager)


async def must_own(owner: Owner, by: Neighbour) -> None:
    """Raises Refusal beside `owner` for a household that is not theirs, NotYours for what is not theirs to offer."""
    if owner.ours and not may_offer_ours(by):
        raise NotYours(say("Administrators, coordinators and managers of spaces put what is ours on the board."))
    if owner.household is not None and owner.household not in {stay.household for stay in await people.stays_of(by.id)}:
        raise Refusal(say("Please choose one of these."), beside="owner")


async def area_for(person: int | None, household: int | None, chosen: int | None) -> int | None:
    """The building of its owner; of what is the community's, the area that was chosen."""
    if person is not None:
        return await building_of(person)
    if household is not None:
        line = await community.line_to((await people.household(household)).area)
        return line[0].id if line else None
    return await known_area(chosen)
