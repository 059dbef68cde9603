"""Who reads what of whom: one table, written by hand, for every page that shows a personal field."""

import asyncio

import pytest

from app.features.people import rules as people
from app.features.people.tables import Audience, FieldAudience, Kind, State
from app.kit.refusals import Missing, Refusal
from tests.makers import NOON, a_household, a_person, an_area

ME, STEWARDS, BUILDING, COMMUNITY = Audience
# For each kind of reader: to whom a field of a person must be open before they read it.
READS = {
    "themself": {ME, STEWARDS, BUILDING, COMMUNITY},
    "a housemate": {BUILDING, COMMUNITY},
    "the steward of the entrance": {STEWARDS, BUILDING, COMMUNITY},
    "the steward of the building": {STEWARDS, BUILDING, COMMUNITY},
    "an administrator": {STEWARDS, BUILDING, COMMUNITY},
    "somebody of another entrance": {BUILDING, COMMUNITY},
    "the steward of another entrance": {COMMUNITY},
    "the steward of another building": {COMMUNITY},
    "a coordinator": {COMMUNITY},
    "a space manager": {COMMUNITY},
    "somebody of another building": {COMMUNITY},
    "somebody without a home": {COMMUNITY},
    "a suspended housemate": set(),
    "a suspended steward": set(),
    "a pending neighbour next door": set(),
    "somebody who has gone": set(),
}
# The same readers, for a field of the household.
OF_THE_HOUSEHOLD = READS | {"a housemate": {ME, STEWARDS, BUILDING, COMMUNITY}}


async def an_estate():
    """Lin's home in 3-2, and everybody who might read something of hers."""
    three, five = await an_area(name="3"), await an_area(name="5")
    two, one = await an_area(parent=three.id, name="2"), await an_area(parent=three.id, name="1")
    home = await a_household(area=two)
    lin = await a_person(name="Lin", home=home)
    return home, {
        "themself": lin,
        "a housemate": await a_person(home=home),
        "the steward of the entrance": await a_person(role=Kind.steward, area=two),
        "the steward of the building": await a_person(role=Kind.steward, area=three),
        "an administrator": await a_person(role=Kind.administrator),
        "somebody of another entrance": await a_person(home=await a_household(area=one)),
        "the steward of another entrance": await a_person(role=Kind.steward, area=one),
        "the steward of another building": await a_person(role=Kind.steward, area=five),
        "a coordinator": await a_person(role=Kind.coordinator),
        "a space manager": await a_person(role=Kind.space_manager),
        "somebody of another building": await a_person(home=await a_household(area=five)),
        "somebody without a home": await a_person(),
        "a suspended housemate": await a_person(home=home, state=State.suspended),
        "a suspended steward": await a_person(role=Kind.steward, area=three, state=State.suspended),
        "a pending neighbour next door": await a_person(home=await a_household(area=two), state=State.pending),
        "somebody who has gone": await a_person(state=State.gone),
    }


async def test_each_reader_reads_of_a_person_what_the_table_says():
    _, readers = await an_estate()
    lin = readers["themself"].id
    found = {
        who: {audience for audience in Audience if await people.may_read(by, lin, audience)}
        for who, by in readers.items()
    }
    assert found == READS


async def test_each_reader_reads_of_a_household_what_the_table_says():
    home, readers = await an_estate()
    at = await people.household(home.id)
    found = {}
    for who, by in readers.items():
        near = await people.nearness_to_household(by, at)
        found[who] = {audience for audience in Audience if people.is_within(audience, near)}
    assert found == OF_THE_HOUSEHOLD


@pytest.mark.parametrize(
    ("state", "read"),
    [
        (State.active, {"stewards": STEWARDS, "building": BUILDING, "else": COMMUNITY}),
        (State.pending, {"stewards": STEWARDS, "building": None, "else": None}),
        (State.suspended, {"stewards": STEWARDS, "building": None, "else": None}),
        (State.gone, {"stewards": None, "building": None, "else": None}),
    ],
)
async def test_of_somebody_who_is_not_active_only_those_who_keep_watch_read(state, read):
    area = await an_area()
    owner = await a_person(state=state, home=await a_household(area=area))
    readers = {
        "stewards": await a_person(role=Kind.steward, area=area),
        "building": await a_person(home=await a_household(area=area)),
        "else": await a_person(),
    }
    assert {who: await people.nearness(by, owner.id) for who, by in readers.items()} == read


async def test_with_two_homes_both_buildings_are_near_and_after_moving_out_the_old_one_is_not():
    here, there = await an_area(), await an_area()
    old, new = await a_household(area=here), await a_household(area=there)
    lin = await a_person(home=old)
    await people.join(lin.id, new.id, on=NOON.date(), by=None, now=NOON)
    near_old, near_new = await a_person(home=await a_household(area=here)), await a_person(home=new)
    assert await people.nearness(near_old, lin.id) == await people.nearness(near_new, lin.id) == BUILDING
    await people.leave((await people.stays_of(lin.id))[0].membership, on=NOON.date(), by=None, now=NOON)
    assert await people.nearness(near_old, lin.id) == COMMUNITY


def test_private_is_what_nobody_has_chosen_and_no_field_opens_further_than_it_may():
    assert {name: (field.default, field.widest) for name, field in people.OF_A_HOUSEHOLD.items()} == {
        "emergency_contact": (ME, STEWARDS),
        "key_holder": (ME, STEWARDS),
        "languages": (ME, COMMUNITY),
        "pets": (ME, COMMUNITY),
        "notes": (ME, BUILDING),
    }
    assert {name: (field.default, field.widest) for name, field in people.OF_A_PERSON.items()} == {
        "needs": (STEWARDS, STEWARDS)
    }


async def test_a_choice_is_kept_noted_once_without_its_value_and_never_too_wide():
    lin = await a_person()
    assert await people.choose_audiences(lin.id, {"needs": ME}, by=lin.id, now=NOON) == ["needs"]
    assert await people.choose_audiences(lin.id, {"needs": ME}, by=lin.id, now=NOON) == []
    assert await people.audiences_of(lin.id) == {"needs": ME}
    for said in ({"needs": COMMUNITY}, {"shoe size": ME}):
        with pytest.raises(Refusal) as no:
            await people.choose_audiences(lin.id, said, by=lin.id, now=NOON)
        assert no.value.beside in said
    with pytest.raises(Missing):
        await people.choose_audiences(999, {"needs": ME}, by=lin.id, now=NOON)
    with pytest.raises(Missing):
        await people.choose_household_audiences(999, {"pets": ME}, by=lin.id, now=NOON)


async def test_what_was_opened_when_it_could_be_counts_only_as_far_as_it_may_today():
    lin = await a_person()
    await FieldAudience.insert(FieldAudience(person=lin.id, field="needs", audience=COMMUNITY))
    assert await people.audiences_of(lin.id) == {"needs": STEWARDS}


async def test_of_ten_who_choose_at_once_each_field_keeps_one_answer():
    home = await a_household()
    asked = [
        people.choose_household_audiences(home.id, {"pets": audience, "notes": ME}, by=1, now=NOON)
        for audience in (ME, STEWARDS, BUILDING, COMMUNITY, ME, STEWARDS, BUILDING, COMMUNITY, ME, STEWARDS)
    ]
    await asyncio.gather(*asked)
    assert await FieldAudience.count() == 2


async def test_the_forgotten_have_chosen_nothing():
    lin = await a_person()
    await people.choose_audiences(lin.id, {"needs": ME}, by=lin.id, now=NOON)
    assert (await people.mine(lin.id))["audiences"] == [{"field": "needs", "audience": "me"}]
    await people.forget(lin.id, now=NOON)
    assert not await FieldAudience.exists()
