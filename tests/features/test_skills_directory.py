"""Neighbours are found by what they can do."""

from datetime import timedelta

import pytest

from app.features.people import rules as people
from app.features.people.tables import Person, State
from app.features.skills import rules
from app.features.skills.rules.offering import Offer
from app.features.skills.tables import Category, Listing, Offered, Skill
from app.kit.refusals import Missing, NotYours, Refusal
from tests.makers import NOON, a_household, a_person, an_area

HOUR = timedelta(hours=1)


async def a_skill(words: str, *, by, at=NOON, **said) -> int:
    return await rules.offer(Offer(words, **said), by=by, now=at)


async def names(*, by, number=1, **wanted) -> list[str]:
    found = await rules.neighbours(rules.Wanted(**wanted), by=by, number=number)
    return [each.name for each in found]


async def some_neighbours():
    wu = await a_person(name="Wu Carpenter")
    chen = await a_person(name="陈电工")
    li = await a_person(name="Li Nurse")
    await a_skill("木工", by=wu, details="has a drill", category=Category.repairs)
    await a_skill("换灯、修插座", by=chen, category=Category.repairs, emergency=True)
    await a_skill("护士，会急救", by=li, category=Category.health, emergency=True)
    return wu, chen, li


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("木工", ["Wu Carpenter"]),
        ("电工", ["陈电工"]),
        ("护士", ["Li Nurse"]),
        ("工", ["Wu Carpenter", "陈电工"]),
        ("drill 木工", ["Wu Carpenter"]),
        ("nurse", ["Li Nurse"]),
        ("维修", ["Wu Carpenter", "陈电工"]),
        ("repairs", ["Wu Carpenter", "陈电工"]),
        ("piano", []),
    ],
)
async def test_a_neighbour_is_found_by_what_they_can_do_and_who_they_are(typed, found):
    await some_neighbours()
    assert sorted(await names(by=await a_person(), words=typed)) == sorted(found)


async def test_a_neighbour_is_found_by_category_and_for_an_emergency():
    me = await a_person()
    await some_neighbours()
    assert await names(by=me, category=Category.health) == ["Li Nurse"]
    assert sorted(await names(by=me, emergency=True)) == ["Li Nurse", "陈电工"]
    assert await names(by=me, emergency=True, category=Category.repairs) == ["陈电工"]
    assert await names(by=me, words="急救", category=Category.repairs) == []


async def test_who_can_do_it_stands_before_who_mentions_it():
    talks, does = await a_person(name="Talks"), await a_person(name="Does")
    await a_skill("做饭", by=talks, details="我先生是木工，会帮忙，也会照看孩子和老人，还会陪聊")
    await a_skill("木工", by=does)
    assert await names(by=await a_person(), words="木工") == ["Does", "Talks"]


async def test_my_own_building_comes_first_and_the_newest_in_it():
    home, far = await a_household(), await a_household()
    me = await a_person(home=home)
    for n in range(3):
        await a_skill("skill", by=await a_person(name=f"far {n}", home=far), at=NOON + n * HOUR)
        await a_skill("skill", by=await a_person(name=f"near {n}", home=home), at=NOON - n * HOUR)
    await a_skill("skill", by=await a_person(name="nowhere"), at=NOON + 9 * HOUR)
    assert await names(by=me) == ["near 0", "near 1", "near 2", "nowhere", "far 2", "far 1", "far 0"]


@pytest.mark.parametrize("near", [0, 5, 20, 21, 25, 40])
async def test_pages_lose_nobody_and_show_nobody_twice(near):
    home, far = await a_household(), await a_household()
    me = await a_person(home=home)
    for n in range(45):
        await a_skill("skill", by=await a_person(name=f"{n}", home=home if n < near else far), at=NOON + n * HOUR)
    pages = [await names(by=me, number=number) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({name for page in pages for name in page}) == 45


async def test_an_area_means_everybody_inside_it():
    building = await an_area(name="3")
    entrance = await an_area(parent=building.id, kind="entrance", name="2")
    ana = await a_person(name="Ana", home=await a_household(area=entrance))
    ben = await a_person(name="Ben", home=await a_household())
    await a_skill("木工", by=ana)
    await a_skill("木工", by=ben)
    me = await a_person()
    assert await names(by=me, area=building.id) == ["Ana"]
    assert await names(by=me, area=entrance.id) == ["Ana"]
    assert await names(by=me, area=building.id, words="木工") == ["Ana"]
    assert await names(by=me, area=9999) == []
    [found] = await rules.neighbours(rules.Wanted(area=entrance.id), by=me)
    assert str(found.place) == "Building 3"


async def test_paused_withdrawn_and_suspended_are_not_found_and_come_back():
    ana, me = await a_person(name="Ana"), await a_person()
    skill = await a_skill("木工", by=ana)

    await rules.put(skill, Offered.paused, by=ana, now=NOON)
    assert await names(by=me, words="木工") == [] == await names(by=me)

    await rules.put(skill, Offered.offered, by=ana, now=NOON)
    assert await names(by=me, words="木工") == ["Ana"]

    await Person.update({Person.state: State.suspended}).where(Person.id == ana.id)
    assert await names(by=me, words="木工") == [] == await names(by=me)


async def test_an_edited_skill_is_found_by_its_new_words_only():
    ana, me = await a_person(), await a_person()
    skill = await a_skill("木工", by=ana)

    await rules.edit(skill, Offer("电工", category=Category.repairs), by=ana, now=NOON)

    assert (await names(by=me, words="木工"), len(await names(by=me, words="电工"))) == ([], 1)


async def test_whoever_moved_or_was_renamed_is_found_at_the_new_place_by_the_new_name():
    old, new = await a_household(), await a_household()
    ana, me = await a_person(name="Ana", home=old), await a_person()
    await a_skill("木工", by=ana)

    await people.edit_person(ana.id, by=ana.id, now=NOON, name="Anna Schmidt")
    [home] = await people.members_of(old.id)
    await people.leave(home.membership, on=NOON.date(), by=me.id, now=NOON)
    await people.join(ana.id, new.id, on=NOON.date(), by=me.id, now=NOON)
    await rules.refresh(NOON + timedelta(minutes=5))

    assert await names(by=me, words="Schmidt") == ["Anna Schmidt"]
    assert await names(by=me, area=new.area) == ["Anna Schmidt"]
    assert await names(by=me, area=old.area) == []


async def test_twenty_people_are_one_query_of_the_directory(queries):
    home = await a_household()
    me = await a_person(home=home)
    for _ in range(25):
        await a_skill("木工", by=await a_person(home=home))

    queries.clear()
    assert len(await names(by=me)) == 20
    assert len(queries) == 2  # where do I live, and who offers what

    queries.clear()
    assert len(await names(by=me, words="木工")) == 20
    assert len(queries) == 1


async def test_only_its_owner_changes_a_skill():
    ana, ben = await a_person(), await a_person()
    skill = await a_skill("木工", by=ana)
    with pytest.raises(Missing):
        await rules.edit(skill, Offer("电工"), by=ben, now=NOON)
    for state in Offered:
        with pytest.raises(Missing):
            await rules.put(skill, state, by=ben, now=NOON)
    with pytest.raises(Missing):
        await rules.put(9999, Offered.paused, by=ben, now=NOON)


async def test_a_paused_skill_is_seen_by_its_owner_only():
    ana, ben = await a_person(), await a_person()
    skill = await a_skill("木工", by=ana)
    await rules.put(skill, Offered.paused, by=ana, now=NOON)
    assert (await rules.skill(skill, by=ana)).state == Offered.paused
    with pytest.raises(Missing):
        await rules.skill(skill, by=ben)


@pytest.mark.parametrize("state", [State.pending, State.suspended])
async def test_who_is_not_let_in_offers_nothing(state):
    with pytest.raises(NotYours):
        await a_skill("木工", by=await a_person(state=state))


async def test_thirty_skills_are_enough():
    ana = await a_person()
    for n in range(30):
        await a_skill(f"skill {n}", by=ana)
    with pytest.raises(Refusal):
        await a_skill("one more", by=ana)


async def test_many_people_are_listed_in_bulk_as_one_by_one():
    """What the import of a roster does."""
    home, me = await a_household(), await a_person()
    for n in range(30):
        ana = await a_person(name=f"Ana {n}", home=home)
        await Skill.insert(
            Skill(person=ana.id, category="repairs", words="木工", lang="zh-Hans", emergency=n % 2 == 0, made_at=NOON)
        )
    assert await names(by=me, words="木工") == []

    await rules.index_people(row["id"] for row in await Person.select(Person.id))
    await rules.index_people(row["id"] for row in await Person.select(Person.id))

    assert len(await names(by=me, words="木工")) == 20
    assert await Listing.count() == 30 * 2 + 15 * 2
    found = await rules.neighbours(rules.Wanted(emergency=True), by=me)
    assert (len(found.rows), found.more, found.rows[0].in_an_emergency) == (15, False, True)


async def test_the_name_of_a_kind_finds_the_kind_and_no_skills_own_word_does():
    """Somebody who looks for first aid wants those who say it, not every nurse and counsellor."""
    nurse, aid, me = await a_person(name="Nurse"), await a_person(name="Aid"), await a_person()
    await a_skill("护士", by=nurse)
    await a_skill("急救", by=aid)
    assert await names(by=me, words="急救") == ["Aid"]
    assert sorted(await names(by=me, words="健康")) == ["Aid", "Nurse"]
    assert sorted(await names(by=me, words="health")) == ["Aid", "Nurse"]
