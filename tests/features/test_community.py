"""The installation, and the areas it is made of."""

import asyncio
from datetime import UTC, datetime

import pytest

from app.db import Clash
from app.features.community import rules
from app.features.community.tables import Area
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.kit.languages import language
from app.kit.refusals import Missing, NotYours, Refusal
from tests.makers import NOON, a_community, a_household, a_person, an_area

HERE = {
    "name": "百川里",
    "languages": ["zh-Hans", "en"],
    "zone": "Asia/Shanghai",
    "region": "CN",
    "area_kinds": ["building", "entrance", "floor"],
}


async def add(name: str, parent: int | None = None, kind: str = "building") -> int:
    return await rules.add_area(parent=parent, kind=kind, name=name, by=1, now=NOON)


async def names(parent: int | None) -> list[str]:
    return [area.name for area in (await rules.areas_in(parent) if parent else await rules.top_areas())]


async def test_each_start_prints_a_new_link_and_the_old_one_opens_nothing():
    old, new = await rules.new_set_up_link(NOON), await rules.new_set_up_link(NOON)
    assert [await rules.is_set_up_link(token) for token in (old, new, "")] == [False, True, False]
    await a_community()
    with pytest.raises(NotYours):
        await rules.new_set_up_link(NOON)


async def test_of_two_who_open_the_link_at_once_one_makes_the_community():
    answers = await asyncio.gather(*[rules.found(**HERE, now=NOON) for _ in range(2)], return_exceptions=True)
    assert sum(answer is None for answer in answers) == 1
    assert await rules.here() == rules.Here(
        "百川里", "Asia/Shanghai", "CN", ("zh-Hans", "en"), tuple(HERE["area_kinds"])
    )


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("languages", []),
        ("languages", ["tlh"]),
        ("zone", "Mars/Olympus"),
        ("zone", "../etc/passwd"),
        ("region", "XX"),
        ("area_kinds", [" ", ""]),
        ("area_kinds", ["楼栋", "building"]),
        ("area_kinds", ["x" * 41]),
    ],
)
async def test_what_cannot_be_right_is_said_beside_its_field_and_nothing_changes(field, said):
    await a_community()
    before = await rules.here()
    with pytest.raises(Refusal) as no:
        await rules.change(**HERE | {field: said}, by=1, now=NOON)
    assert no.value.beside == field
    assert await rules.here() == before


async def test_kinds_are_known_in_either_language_and_others_stay_as_they_were_named():
    await a_community()
    await rules.change(**HERE | {"area_kinds": ["街", " Lane ", "组团", ""]}, by=1, now=NOON)
    assert (await rules.here()).area_kinds == ("street", "lane", "组团")


@pytest.mark.parametrize(
    ("kind", "name", "chinese", "english"),
    [
        ("building", "3", "3 号楼", "Building 3"),
        ("entrance", "2", "2 单元", "Entrance 2"),
        ("floor", "12", "12 层", "Floor 12"),
        ("building", "Rose House", "Rose House", "Rose House"),
        ("building", "²", "²", "²"),
        ("street", "Mill Lane", "Mill Lane", "Mill Lane"),
        ("组团", "7", "7", "7"),
        ("building", "100%", "100%", "100%"),
    ],
)
def test_an_area_is_called_as_each_language_calls_it(kind, name, chinese, english):
    words = rules.label(kind, name)
    assert (words.spoken(language("zh-Hans")), words.spoken(language("en"))) == (chinese, english)


async def test_a_day_begins_where_the_community_lives():
    late = datetime(2026, 5, 1, 17, tzinfo=UTC)
    assert (await rules.today(late)).isoformat() == "2026-05-01"
    await a_community()
    assert (await rules.today(late)).isoformat() == "2026-05-02"


async def test_numbers_stand_in_their_order_and_names_come_after_them():
    await a_community()
    for name in ("10", "9", "Gatehouse", "1", "Annex"):
        await add(name)
    assert await names(None) == ["1", "9", "10", "Gatehouse", "Annex"]


async def test_an_area_moves_among_its_siblings_and_never_past_the_ends():
    await a_community()
    ids = {name: await add(name) for name in ("1", "2", "Gatehouse")}
    inside = await add("1", ids["1"], "entrance")
    for moved, later, order in (
        ("Gatehouse", False, ["1", "Gatehouse", "2"]),
        ("Gatehouse", False, ["Gatehouse", "1", "2"]),
        ("Gatehouse", False, ["Gatehouse", "1", "2"]),
        ("1", True, ["Gatehouse", "2", "1"]),
        ("1", True, ["Gatehouse", "2", "1"]),
    ):
        assert await rules.put_area(ids[moved], later=later, by=1, now=NOON) is None
        assert await names(None) == order
    assert await rules.put_area(inside, later=True, by=1, now=NOON) == ids["1"]
    with pytest.raises(Missing):
        await rules.put_area(999, later=True, by=1, now=NOON)


async def test_a_name_is_its_own_among_siblings_and_free_elsewhere():
    await a_community()
    first, second = await add("1"), await add("2")
    assert await add("1", first, "entrance")
    with pytest.raises(Refusal) as taken:
        await add("1")
    with pytest.raises(Refusal) as renamed:
        await rules.rename_area(second, name="1", by=1, now=NOON)
    assert (taken.value.beside, renamed.value.beside) == ("name", "name")
    await rules.rename_area(second, name="2", by=1, now=NOON)
    with pytest.raises(Refusal):
        await add("  ")
    with pytest.raises(Missing):
        await add("1", parent=999)
    with pytest.raises(Refusal) as kind:
        await add("5", kind="spaceship")
    assert kind.value.beside == "kind"


async def test_of_ten_who_add_the_same_area_at_once_one_does():
    await a_community()
    answers = await asyncio.gather(*[add("3") for _ in range(10)], return_exceptions=True)
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert all(isinstance(answer, int | Refusal | Clash) for answer in answers)
    assert await names(None) == ["3"]


async def test_the_tree_holds_everything_once():
    await a_community()
    building = await add("3")
    entrance = await add("2", building, "entrance")
    floor = await add("5", entrance, "floor")
    await add("4")

    def shape(branches):
        return {branch.area.name: shape(branch.inside) for branch in branches}

    assert shape(await rules.tree()) == {"3": {"2": {"5": {}}}, "4": {}}
    assert [area.name for area in await rules.line_to(floor)] == ["3", "2", "5"]
    assert sorted(await rules.below(building)) == [building, entrance, floor]
    assert await rules.line_to(999) == [] and await rules.below(999) == []


async def test_only_an_empty_area_is_removed():
    await a_community()
    building = await add("3")
    floor = await add("5", building, "floor")
    home = await a_household(area=await rules.area(floor))
    for area, reason in ((building, "areas inside"), (floor, "households in it")):
        with pytest.raises(Refusal) as no:
            await people.remove_area(area, by=1, now=NOON)
        assert reason in str(no.value)

    await people.remove_household(home.id, by=1, now=NOON)
    assert (await people.remove_area(floor, by=1, now=NOON)).parent == building
    assert [area.name for area in await rules.areas_in(building)] == []
    with pytest.raises(Missing):
        await people.remove_area(floor, by=1, now=NOON)


async def test_an_area_that_rows_of_any_feature_point_at_stays_with_a_sentence():
    """Whatever stands in it, and whoever looks first: the foreign key has the last word."""
    home = await a_household()
    with pytest.raises(Refusal) as no:
        await rules.remove_area(home.area, by=1, now=NOON)
    assert "Something still belongs" in str(no.value)
    assert await Area.exists().where(Area.id == home.area)


async def test_an_area_with_a_steward_stays_and_stewards_of_old_days_do_not_keep_it():
    area = await an_area()
    ana = await a_person(role=Kind.steward, area=area)
    await a_person(role=Kind.administrator)
    with pytest.raises(Refusal) as no:
        await people.remove_area(area.id, by=1, now=NOON)
    assert "steward" in str(no.value)

    [role] = await people.roles_of(ana.id)
    await people.end_role(role.id, by=1, now=NOON)
    await people.remove_area(area.id, by=1, now=NOON)
    assert not await Area.exists().where(Area.id == area.id)
    with pytest.raises(Refusal):  # the role's area is gone, and a steward needs one
        await people.give_role_again(role.id, by=1, now=NOON)


async def test_within_the_deed_that_sets_another_clock_the_day_is_that_clocks_from_then_on():
    await a_community()
    rules.stand(await rules.here())
    late = datetime(2026, 5, 4, 17, tzinfo=UTC)
    assert (await rules.today(late)).day == 5, "it is one in the morning in Shanghai"
    days = []

    async def keep(before, after, *, by, now):
        days.append((await rules.today(late)).day)

    await rules.change(**HERE | {"zone": "Europe/Helsinki"}, by=1, now=NOON, hours=[keep])
    assert days == [4], "and eight in the evening in Helsinki"
