"""Who may see and do what with whom: a table written by hand, for every role and every relation."""

from collections import defaultdict
from datetime import datetime
from typing import Any

import pytest

from app.features.admin import rules as admin
from app.features.community.tables import Area
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Household, Kind, Membership
from app.features.skills import rules as skills
from app.kit.refusals import Missing
from tests.makers import NOON, a_household, a_person, an_area

# What one may with another who offers nothing and has no ask with them:
# page = read their page, act = act for them, doors = see whether their household has joined, desk = look them up.
BY_RELATION = {
    "self": {"page", "act"},
    "household, answers for it": {"act"},
    "household": set(),
    "building": set(),
    "elsewhere": set(),
}
BY_ROLE = {
    "resident": set(),
    "steward of their area": {"page", "act", "doors"},
    "steward of another area": set(),
    "space manager": set(),
    "coordinator": set(),
    "administrator": {"page", "doors", "desk"},
}
PHONE = "+8613800138000"


Homes = dict[int, dict[int, dict[str, Any]]]


async def all_homes() -> Homes:
    """By person, by household: where it stands, and whether they answer for the others."""
    columns = (Membership.person, Membership.household, Membership.household.area, Membership.may_answer_for)
    homes: Homes = defaultdict(dict)
    for row in await Membership.select(*columns).where(Membership.until_on.is_null()):
        homes[row["person"]][row["household"]] = row
    return homes


def allowed(viewer: Neighbour, other: Neighbour, homes: Homes) -> set[str]:
    """As the table says it. Nothing else about the two of them counts."""
    may = set(BY_RELATION[relation(viewer, other, homes)])
    for role in roles_towards(viewer, other, homes):
        may |= BY_ROLE[role]
    return may if homes[other.id] else may - {"doors"}


def relation(viewer: Neighbour, other: Neighbour, homes: Homes) -> str:
    if viewer.id == other.id:
        return "self"
    mine, theirs = homes[viewer.id], homes[other.id]
    shared = mine.keys() & theirs.keys()
    if shared:
        answers = any(mine[home]["may_answer_for"] for home in shared)
        return "household, answers for it" if answers else "household"
    return "building" if areas_in(mine) & areas_in(theirs) else "elsewhere"


def roles_towards(viewer: Neighbour, other: Neighbour, homes: Homes) -> set[str]:
    named = {Kind.space_manager: "space manager", Kind.coordinator: "coordinator", Kind.administrator: "administrator"}
    steward = {True: "steward of their area", False: "steward of another area"}
    areas = areas_in(homes[other.id])
    return {steward[area in areas] if kind == Kind.steward else named[kind] for kind, area in viewer.roles}


def areas_in(homes: dict[int, dict[str, Any]]) -> set[int]:
    return {home["household.area"] for home in homes.values()}


async def seen(viewer: Neighbour, other: Neighbour, homes: Homes, now: datetime) -> set[str]:
    """As the rules do it."""
    may = set()
    try:
        page = await skills.person(other.id, by=viewer, now=now)
        assert page.contact is None
        may.add("page")
    except Missing:
        pass
    if await people.may_act_for(viewer, other.id):
        may.add("act")
    for area in areas_in(homes[other.id]):
        try:
            await admin.picture(area, by=viewer)
            may.add("doors")
        except Missing:
            pass
    if viewer.is_a(Kind.administrator):
        may.add("desk")
    return may


@pytest.fixture
async def other(database):
    home = await a_household(area=await an_area(name="3"), address="CANARY-501")
    return await a_person(name="Wu", second=True, home=home, phone=PHONE, email="canary@example.org")


async def a_viewer(role: str, relation: str, other: Neighbour) -> Neighbour:
    """Somebody who stands in that relation to the other, and holds that role."""
    [theirs] = [await Household.objects().get(Household.id == home) for home in (await all_homes())[other.id]]
    here = await Area.objects().get(Area.id == theirs.area)
    if relation == "self":
        viewer = other
    else:
        home = theirs if relation.startswith("household") else await a_household(area=here)
        viewer = await a_person(second=True, home=await a_household() if relation == "elsewhere" else home)
    if relation == "household, answers for it":
        await Membership.update({Membership.may_answer_for: True}).where(Membership.person == viewer.id)
    area = here if role == "steward of their area" else await an_area()
    if role != "resident":
        kind = Kind(role.split(" of ")[0].replace(" ", "_"))
        await people.give_role(viewer.id, kind, area=area.id, by=None, now=NOON)
    return await people.neighbour(viewer.id)


@pytest.mark.parametrize("relation", BY_RELATION)
@pytest.mark.parametrize("role", BY_ROLE)
async def test_each_role_in_each_relation_sees_and_does_what_the_table_says(other, sign_in, role, relation):
    viewer = await a_viewer(role, relation, other)
    may = BY_RELATION[relation] | BY_ROLE[role]
    homes = await all_homes()
    assert allowed(viewer, other, homes) == may

    assert await seen(viewer, other, homes, NOON) == may
    [area] = areas_in(homes[other.id])
    browser = await sign_in(viewer)
    for door, deed in (
        (f"/neighbours/{other.id}", "page"),
        (f"/joined/{area}", "doors"),
        (f"/admin/people/{other.id}", "desk"),
    ):
        answer = await browser.get(door)
        assert (answer.status_code == 200) == (deed in may), (door, answer.status_code)
        if deed != "desk" and viewer.id != other.id:
            assert not any(canary in answer.text for canary in ("138 0013", PHONE, "canary@", "CANARY-501")), door
    directory = (await browser.get("/neighbours?q=Wu")).text
    assert not any(canary in directory for canary in ("138 0013", PHONE, "canary@", "CANARY-501"))
