"""Who shares a door, who may act for whom, and where somebody lives in words."""

import asyncio
from datetime import date

import pytest

from app.db import Clash
from app.features.people import rules
from app.features.people.tables import Kind, Membership, State
from app.kit.languages import language
from app.kit.refusals import Missing, Refusal
from tests.makers import NOON, a_community, a_household, a_person, an_area

TODAY = NOON.date()


async def join(person, home, **said) -> None:
    await rules.join(person.id, home.id, on=TODAY, by=1, now=NOON, **said)


async def ids(home) -> list[int]:
    return [member.id for member in await rules.members_of(home.id)]


async def test_an_address_names_one_household_in_any_width_and_case():
    await a_community()
    area = await an_area()
    home = await rules.add_household(area=area.id, door=" ５０１ ", address=" 3-2-５０１a ", by=1, now=NOON)
    assert (await rules.household(home)).address == "3-2-501a" and (await rules.household(home)).door == "501"
    assert await rules.household_at("３-2-501A") == home
    for nowhere in ("3-2-50", "3-2-501%", "_-2-501a"):
        with pytest.raises(Refusal) as no:
            await rules.household_at(nowhere)
        assert no.value.beside == "address"
    with pytest.raises(Refusal) as taken:
        await rules.add_household(area=area.id, door="501", address="3-2-501a", by=1, now=NOON)
    assert taken.value.beside == "address"
    with pytest.raises(Missing):
        await rules.add_household(area=999, door="1", address="1", by=1, now=NOON)
    for empty in ({"door": " ", "address": "1"}, {"door": "1", "address": "\u3000"}):
        with pytest.raises(Refusal):
            await rules.add_household(area=area.id, **empty, by=1, now=NOON)


async def test_of_ten_who_add_the_same_door_at_once_one_does():
    area = await an_area()
    add = [rules.add_household(area=area.id, door="1", address="3-1", by=1, now=NOON) for _ in range(10)]
    answers = await asyncio.gather(*add, return_exceptions=True)
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert all(isinstance(answer, int | Refusal | Clash) for answer in answers)


async def test_an_address_is_put_right_and_never_onto_another():
    home, other = await a_household(address="3-1"), await a_household(address="3-2")
    await rules.change_household(home.id, door="11", address="3-11", by=1, now=NOON)
    assert await rules.household_at("3-11") == home.id
    with pytest.raises(Refusal):
        await rules.change_household(other.id, door="11", address="3-11", by=1, now=NOON)
    with pytest.raises(Missing):
        await rules.change_household(999, door="1", address="1", by=1, now=NOON)


async def test_a_household_goes_only_where_nobody_ever_lived():
    empty, home = await a_household(), await a_household()
    ana = await a_person(home=home)
    [stay] = await rules.stays_of(ana.id)
    await rules.leave(stay.membership, on=TODAY, by=1, now=NOON)
    with pytest.raises(Refusal):
        await rules.remove_household(home.id, by=1, now=NOON)
    await rules.remove_household(empty.id, by=1, now=NOON)
    with pytest.raises(Missing):
        await rules.household(empty.id)


async def test_doors_stand_in_their_order_with_how_many_live_there():
    area = await an_area()
    homes = [await a_household(area=area, door=door) for door in ("1001", "101", "102")]
    await a_person(home=homes[0])
    await a_person(home=homes[0])
    found = await rules.households_in(area.id, limit=10)
    assert [(home.door, home.members) for home in found] == [("101", 0), ("102", 0), ("1001", 2)]
    assert [home.door for home in await rules.households_in(area.id, limit=1, offset=2)] == ["1001"]


async def test_a_person_lives_in_two_households_and_once_in_each():
    home, other, ana = await a_household(), await a_household(), await a_person()
    await join(ana, home)
    await join(ana, other)
    with pytest.raises(Refusal):
        await join(ana, home)
    assert [stay.household for stay in await rules.stays_of(ana.id)] == [home.id, other.id]
    with pytest.raises(Missing):
        await rules.join(999, home.id, on=TODAY, by=1, now=NOON)
    with pytest.raises(Missing):
        await rules.join(ana.id, 999, on=TODAY, by=1, now=NOON)


async def test_of_ten_who_add_somebody_at_once_one_does():
    home, ana = await a_household(), await a_person()
    answers = await asyncio.gather(*[join(ana, home) for _ in range(10)], return_exceptions=True)
    assert sum(answer is None for answer in answers) == 1
    assert await Membership.count().where(Membership.person == ana.id) == 1


async def test_whoever_moves_out_comes_back_as_a_member_of_old_or_anew():
    home = await a_household()
    ana = await a_person(home=home)
    [stay] = await rules.stays_of(ana.id)
    assert await rules.leave(stay.membership, on=date(2026, 6, 1), by=1, now=NOON) == home.id
    with pytest.raises(Missing):
        await rules.leave(stay.membership, on=date(2026, 6, 1), by=1, now=NOON)
    with pytest.raises(Missing):
        await rules.may_answer(stay.membership, yes=True, by=1, now=NOON)
    assert await rules.rejoin(stay.membership, by=1, now=NOON) == home.id
    assert await ids(home) == [ana.id]

    await rules.leave(stay.membership, on=TODAY, by=1, now=NOON)
    await join(ana, home)
    with pytest.raises(Clash):
        await rules.rejoin(stay.membership, by=1, now=NOON)
    assert await ids(home) == [ana.id]


async def test_whoever_may_answer_acts_for_those_of_the_same_door_and_for_nobody_else():
    home, elsewhere = await a_household(), await a_household()
    ana, ben, away = await a_person(), await a_person(name="Ben", home=home), await a_person(home=elsewhere)
    gone = await a_person(home=home, state=State.gone)
    await join(ana, home, may_answer_for=True)

    assert [each.name for each in await rules.acts_for(ana)] == ["Ben"]
    assert await rules.acts_for(ben) == []
    may = [await rules.may_act_for(by, whom.id) for by, whom in ((ana, ben), (ben, ana), (ana, away), (ana, gone))]
    assert may == [True, False, False, False]
    assert await rules.may_act_for(ben, ben.id)

    [stay] = await rules.stays_of(ana.id)
    await rules.may_answer(stay.membership, yes=False, by=1, now=NOON)
    assert not await rules.may_act_for(ana, ben.id)


async def test_whoever_moved_out_acts_for_nobody_there():
    home = await a_household()
    ana, ben = await a_person(), await a_person(home=home)
    await join(ana, home, may_answer_for=True)
    [stay] = await rules.stays_of(ana.id)
    await rules.leave(stay.membership, on=TODAY, by=1, now=NOON)
    assert not await rules.may_act_for(ana, ben.id)


async def a_building():
    """Building, entrance, floor; somebody lives on the floor."""
    building = await an_area(name="3")
    entrance = await an_area(name="2", kind="entrance", parent=building.id)
    floor = await an_area(name="5", kind="floor", parent=entrance.id)
    return building, entrance, floor, await a_person(name="Lin", home=await a_household(area=floor))


async def test_a_steward_reaches_down_through_every_area_inside_and_not_beside():
    building, entrance, floor, lin = await a_building()
    beside = await an_area(name="1", kind="entrance", parent=building.id)
    stewards = {area.name: await a_person(role=Kind.steward, area=area) for area in (building, entrance, floor, beside)}
    reach = {name: await rules.steward_reaches(steward, lin.id) for name, steward in stewards.items()}
    assert reach == {"3": True, "2": True, "5": True, "1": False}
    assert {each.id for each in await rules.stewards_of(lin.id)} == {stewards[name].id for name in "325"}
    assert not await rules.steward_reaches(stewards["3"], (await a_person()).id)
    assert not await rules.steward_reaches(await a_person(role=Kind.coordinator), lin.id)


async def test_a_steward_who_is_suspended_or_no_longer_one_is_nobodys_steward():
    _, entrance, _, lin = await a_building()
    steward = await a_person(role=Kind.steward, area=entrance)
    await a_person(role=Kind.steward, area=entrance, state=State.suspended)
    assert [each.id for each in await rules.stewards_of(lin.id)] == [steward.id]

    [role] = await rules.roles_of(steward.id)
    await rules.end_role(role.id, by=1, now=NOON)
    assert await rules.stewards_of(lin.id) == []
    assert not await rules.steward_reaches(await rules.neighbour(steward.id), lin.id)


async def test_a_contact_is_whole_and_whereabouts_stop_at_the_building():
    *_, lin = await a_building()
    nowhere = await a_person()
    assert (await rules.contact(lin.id)).addresses != ()
    with pytest.raises(Missing):
        await rules.contact(999)

    places = await rules.whereabouts([lin.id, nowhere.id, 999])
    assert {id: words.spoken(language("en")) for id, words in places.items()} == {lin.id: "Building 3"}
    assert places[lin.id].spoken(language("zh-Hans")) == "3 号楼"
    assert await rules.whereabouts([]) == {}


async def test_whereabouts_of_somebody_with_two_homes_name_the_first():
    *_, lin = await a_building()
    await join(lin, await a_household(area=await an_area(name="9")))
    assert [words.spoken(language("en")) for words in (await rules.whereabouts([lin.id])).values()] == ["Building 3"]
    [first, _] = await rules.stays_of(lin.id)
    await rules.leave(first.membership, on=TODAY, by=1, now=NOON)
    assert [words.spoken(language("en")) for words in (await rules.whereabouts([lin.id])).values()] == ["Building 9"]
