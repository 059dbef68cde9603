"""Things go along when their owners move."""

import pytest

from app.features.people.tables import Membership
from app.features.sharing import jobs, rules
from app.features.sharing.rules.reach import thing
from app.features.sharing.tables import Audience, Item
from app.kit.refusals import Missing
from tests.makers import an_area
from tests.sharing import NOON, TODAY, a_household, a_person, an_item


async def moves(person, home) -> None:
    await Membership.update({Membership.until_on: TODAY}).where(Membership.person == person.id)
    if home:
        await Membership.insert(Membership(person=person.id, household=home.id, since_on=TODAY))


async def two_buildings():
    """With a home on the second floor of each."""
    for _ in range(2):
        building = await an_area()
        floor = await an_area(parent=building.id, kind="floor")
        yield building, await a_household(area=floor)


async def test_what_is_for_my_building_is_for_the_one_in_which_i_live_now():
    (old, from_here), (new, to_there) = [each async for each in two_buildings()]
    ana = await a_person(home=from_here)
    ladder = await an_item(by=ana, area=old.id, audience=Audience.building)
    left_behind, found = await a_person(home=from_here), await a_person(home=to_there)
    assert await rules.item_for(ladder.id, by=left_behind)

    await moves(ana, to_there)
    await jobs.move_along(NOON)

    assert (await thing(ladder.id)).area == new.id
    assert await rules.item_for(ladder.id, by=found)
    with pytest.raises(Missing):
        await rules.item_for(ladder.id, by=left_behind)


async def test_what_is_ours_stays_where_it_stands_and_what_somebody_without_a_door_has_stands_nowhere():
    (old, home), (new, there) = [each async for each in two_buildings()]
    ana = await a_person(home=home)
    hers, theirs = await an_item(by=ana, area=old.id), await an_item(household=there.id, area=old.id)
    ours = await an_item(keepers=[ana], area=old.id)
    await moves(ana, None)
    await jobs.move_along(NOON)

    assert [(await thing(each.id)).area for each in (hers, theirs, ours)] == [None, new.id, old.id]
    assert await Item.count() == 3
