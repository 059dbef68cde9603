"""The sharing board: what a reader finds on it, and in which order."""

from datetime import timedelta

import pytest

from app.features.moderation import rules as moderation
from app.features.people.tables import Kind as RoleKind
from app.features.people.tables import Person, State
from app.features.sharing import rules
from app.features.sharing.rules import Wanted
from app.features.sharing.rules.listing import WORDS
from app.features.sharing.rules.reach import item_for
from app.features.sharing.rules.words import CATEGORIES
from app.features.sharing.tables import Audience, Category, Condition, Item, Kind, Stage
from app.features.sharing.tables import State as ItemState
from app.kit.languages import NAMES, language
from app.kit.refusals import Missing
from tests.makers import an_administrator, an_area
from tests.sharing import DAY, NOON, TODAY, a_gift, a_household, a_loan, a_neighbour, a_person, an_item


async def a_found(**said):
    """An item that the search knows."""
    item = await an_item(**said)
    await rules.index_items([item.id])
    return item


async def board(*, by=None, number=1, **wanted):
    by = by or await a_person()
    return await rules.board(Wanted(**wanted), by=by, now=NOON, today=TODAY, number=number)


async def names(**how) -> list[str]:
    return [card.name for card in await board(**how)]


async def some_things():
    await a_found(name="Bosch drill", about="With a box of bits", parts='["drill bits", "case"]', emergency=True)
    await a_found(name="人字梯", lang="zh-Hans", about="三米高，两个人搬")
    await a_found(name="Pram", category="children", kind=Kind.give)
    await a_found(name="电饭煲", lang="zh-Hans", category="kitchen", about="Rice cooker for ten")
    await a_found(name="Torch", category="safety", emergency=True)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("drill", ["Bosch drill"]),
        ("DRIL", ["Bosch drill"]),
        ("case", ["Bosch drill"]),
        ("梯", ["人字梯"]),
        ("人字梯", ["人字梯"]),
        ("三米", ["人字梯"]),
        ("rice cooker", ["电饭煲"]),
        ("饭煲", ["电饭煲"]),
        ("tools", ["Bosch drill", "人字梯"]),
        ("kitchen", ["电饭煲"]),
        ("piano", []),
        ("！", []),
    ],
)
async def test_a_thing_is_found_by_its_name_its_kind_what_is_said_of_it_and_its_parts(typed, found):
    await some_things()
    assert sorted(await names(words=typed)) == sorted(found)


async def test_the_name_of_a_category_finds_all_of_it_in_every_language():
    await some_things()
    for tag in NAMES:
        words = CATEGORIES[Category.kitchen].spoken(language(tag))
        assert await names(words=words) == ["电饭煲"]


async def test_a_thing_is_found_by_category_for_an_emergency_and_by_how_it_is_had():
    await some_things()
    assert await names(category=Category.kitchen) == ["电饭煲"]
    assert await names(emergency=True) == ["Torch", "Bosch drill"]
    assert await names(emergency=True, category=Category.tools) == ["Bosch drill"]
    assert await names(kind=Kind.give) == ["Pram"]
    assert await names(words="drill", category=Category.kitchen) == []


async def test_what_is_called_so_stands_before_what_mentions_it():
    await a_found(name="Ladder", about="I lend my drill too, and a saw, and whatever else is in the cellar")
    await a_found(name="Drill")
    assert await names(words="drill") == ["Drill", "Ladder"]


async def test_what_stands_in_my_building_comes_first_and_the_newest_of_it():
    home = await a_household()
    me, far = await a_person(home=home), await an_area()
    for n in range(2):
        await an_item(name=f"near {n}", area=home.area)
        await an_item(name=f"far {n}", area=far.id)
    await an_item(name="nowhere")

    assert await names(by=me) == ["near 1", "near 0", "nowhere", "far 1", "far 0"]
    assert await names(by=me, newest=True) == ["nowhere", "far 1", "near 1", "far 0", "near 0"]


async def test_an_area_means_everything_that_stands_in_it():
    building = await an_area(name="3")
    entrance = await an_area(parent=building.id, kind="entrance", name="2")
    await a_found(name="Ladder", area=building.id)
    await a_found(name="Steps", area=entrance.id)
    await a_found(name="Drill", area=(await an_area()).id)

    assert await names(area=building.id) == ["Steps", "Ladder"]
    assert await names(area=entrance.id) == ["Steps"]
    assert await names(area=building.id, words="ladder") == ["Ladder"]
    assert await names(area=9999) == []
    assert str((await board(area=building.id)).rows[1].place) == "Building 3"


@pytest.mark.parametrize("near", [0, 5, 20, 21, 25, 40])
async def test_pages_lose_nothing_and_show_nothing_twice(near):
    home, far = await a_household(), await an_area()
    me, owner = await a_person(home=home), await a_neighbour()
    for n in range(45):
        where = home.area if n < near else far.id
        await an_item(by=owner, name=f"{n}", area=where, condition="broken" if n % 9 == 0 else "good")

    pages = [await names(by=me, number=number) for number in (1, 2, 3)]

    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({name for page in pages for name in page}) == 45


async def test_what_is_broken_is_shown_and_stands_last():
    await a_found(name="Old drill", condition=Condition.worn)
    await a_found(name="Drill drill drill", condition=Condition.broken)
    assert await names() == ["Old drill", "Drill drill drill"] == await names(words="drill")
    assert [card.is_broken for card in await board()] == [False, True]
    assert await names(free=True) == ["Old drill"]


@pytest.mark.parametrize("state", [ItemState.paused, ItemState.gone, ItemState.taken])
async def test_what_is_paused_gone_or_taken_away_is_not_on_the_board(state):
    item = await a_found(name="Drill")
    await Item.update({Item.state: state}).where(Item.id == item.id)
    assert await names() == [] == await names(words="drill")

    await rules.index_items([item.id])
    await Item.update({Item.state: ItemState.offered}).where(Item.id == item.id)
    assert (await names(), await names(words="drill")) == (["Drill"], [])


async def test_a_gift_is_there_until_its_time_is_over():
    await a_gift(name="Pram", until_at=NOON + timedelta(minutes=1))
    await a_gift(name="Cot", until_at=NOON)
    assert await names() == ["Pram"]


async def test_an_edited_item_is_found_by_its_new_words_only():
    item = await a_found(name="Drill")
    await Item.update({Item.name: "Saw"}).where(Item.id == item.id)
    await rules.index_items([item.id])
    assert (await names(words="drill"), await names(words="saw")) == ([], ["Saw"])


async def test_words_of_what_is_not_there_any_more_are_dropped_and_many_are_put_at_once():
    items = [await an_item(name=f"Drill {n}") for n in range(3)]
    await rules.index_items(item.id for item in items)
    assert len(await names(words="drill")) == 3

    await Item.delete().where(Item.id == items[0].id)
    await rules.index_items([items[0].id, 9999])
    assert len(await names(words="drill")) == 2 and WORDS.name == "item_words"


# --- Who sees what ---------------------------------------------------------------------------------------------------


async def test_the_board_shows_nothing_but_what_its_reader_may_see():
    """Whatever stands on it opens; what is for others only, or of somebody they block, does not stand on it."""
    home, other = await a_household(), await a_household()
    me, friend, foe = [await a_person(home=each) for each in (home, other, other)]
    ours, theirs = {"area": home.area, "lang": "en"}, {"area": other.area, "lang": "en"}
    for who, area in ((friend, ours), (friend, theirs), (foe, ours), (foe, theirs)):
        for audience in Audience:
            await a_found(by=who, audience=audience, **area)
    for house, area, name in ((other, home.area, "Theirs"), (home, other.area, "Ours")):
        shared = await a_found(household=house.id, name=name, audience=Audience.building, area=area)
        await Item.update({Item.by: foe.id}).where(Item.id == shared.id)
    await a_found(household=(await a_household()).id, name="Nobody's any more", **ours)
    await a_found(keepers=[friend], audience=Audience.building, **theirs)
    await a_found(keepers=[me], name="Mine", audience=Audience.building, **theirs)
    await moderation.block(foe.id, by=me, now=NOON)

    shown = {card.id for card in await board(by=me)}
    may = set()
    for row in await Item.select(Item.id):
        try:
            may.add((await item_for(row["id"], by=me)).id)
        except Missing:
            continue

    assert shown == may and len(shown) == 5
    for how in ({"newest": True}, {"words": "tools"}, {"category": Category.tools}, {"free": True}):
        assert {card.id for card in await board(by=me, **how)} == may
    assert not {"Mine", "Ours"} - set(await names(by=me))


async def test_who_is_blocked_finds_nothing_of_whoever_blocks_them():
    owner, me = await a_neighbour(), await a_neighbour()
    await a_found(by=owner, name="Drill")
    await moderation.block(me.id, by=owner, now=NOON)
    assert await names(by=me) == [] == await names(by=me, words="drill")


async def test_what_is_for_a_building_is_on_no_other_board_not_even_an_administrators():
    home = await a_household()
    await an_item(audience=Audience.building, area=home.area)
    assert await names(by=await a_person(home=home)) == ["Ladder"]
    assert await names(by=await a_neighbour()) == [] == await names(by=await an_administrator())
    assert await names(by=await a_person(role=RoleKind.coordinator)) == []


async def test_things_of_somebody_suspended_are_not_offered_and_come_back():
    owner = await a_neighbour()
    await a_found(by=owner)
    await Person.update({Person.state: State.suspended}).where(Person.id == owner.id)
    assert await names() == [] == await names(words="ladder")

    await Person.update({Person.state: State.active}).where(Person.id == owner.id)
    assert await names() == ["Ladder"]


# --- Free ------------------------------------------------------------------------------------------------------------


async def test_free_now_is_what_is_at_home_whole_and_nobodys_today():
    for name, said in {
        "lent": {"stage": Stage.out},
        "promised for today": {"stage": Stage.accepted},
        "not back yet": {"stage": Stage.out, "first": TODAY - 9 * DAY, "days": 3},
        "promised for tomorrow": {"first": TODAY + DAY},
        "back": {"stage": Stage.back},
        "asked for": {"stage": Stage.asked},
    }.items():
        await a_loan(await an_item(name=name), **said)
    await an_item(name="broken", condition=Condition.broken)
    pause = await an_item(name="in its pause", gap=2)
    await a_loan(pause, first=TODAY - 3 * DAY, days=3)
    await a_gift(name="gift")
    await a_loan(await a_gift(name="promised gift"))

    free = ["promised for tomorrow", "back", "asked for", "gift"]
    assert sorted(await names(free=True)) == sorted(free)
    lent = [card.id for card in await board() if not card.is_gift and card.name in free]
    assert await rules.free_now([card.id for card in await board() if not card.is_gift], TODAY) == set(lent)


async def test_a_card_says_from_which_day_on_it_is_free():
    ladder, drill, pause = await an_item(), await an_item(name="Drill"), await an_item(name="Saw", gap=3)
    await a_loan(ladder, days=3)
    await a_loan(ladder, first=TODAY + 3 * DAY, days=2)
    await a_loan(drill, first=TODAY + DAY)
    await a_loan(pause, days=1)

    assert {card.name: card.free_on for card in await board()} == {
        "Ladder": TODAY + 5 * DAY,
        "Drill": TODAY,
        "Saw": TODAY + 4 * DAY,
    }


async def test_free_on_some_days_means_for_a_loan_of_all_of_them():
    await a_loan(await an_item(name="taken before"), days=3)
    await a_loan(await an_item(name="taken within"), first=TODAY + 5 * DAY, days=1)
    await a_loan(await an_item(name="needs a pause", gap=2), first=TODAY + 8 * DAY)
    await an_item(name="not for so long", longest=3)
    await an_item(name="long enough", longest=4)
    await a_gift(name="gift")

    first, last = TODAY + 3 * DAY, TODAY + 6 * DAY
    assert sorted(await names(first=first, last=last)) == ["long enough", "taken before"]
    assert sorted(await names(first=first)) == [
        "long enough",
        "needs a pause",
        "not for so long",
        "taken before",
        "taken within",
    ]


async def test_the_next_free_days_leave_room_for_the_pause_after_a_loan():
    ladder = await an_item(gap=1)
    await a_loan(ladder, first=TODAY + 2 * DAY, days=3)  # and the 6th
    await a_loan(ladder, first=TODAY + 9 * DAY, days=2)  # the 10th to the 12th

    async def next_free(days, since=TODAY, **how):
        return [(each - TODAY).days for each in await rules.next_free(ladder, days, since, **how)]

    assert await next_free(1) == [0, 6, 12]
    assert await next_free(2) == [6, 12]
    assert await next_free(3) == [12]
    assert await next_free(1, TODAY + 3 * DAY, most=1) == [6]
    assert await rules.next_free(await an_item(), 7, TODAY) == [TODAY]


async def test_who_cannot_have_it_is_offered_others_of_its_kind_that_are_free_and_theirs_to_see():
    home = await a_household()
    me = await a_person(home=home)
    broken = await a_found(name="Bosch drill", condition=Condition.broken)
    await a_found(name="Drill of the committee")
    near = await a_found(name="Makita drill", area=home.area)
    await a_loan(await a_found(name="Drill that is lent"))
    await a_found(name="Hammer")
    await a_found(name="Drill for small hands", category="children")
    await a_found(name="My own drill", by=me)
    await a_found(name="Drill elsewhere", audience=Audience.building, area=(await an_area()).id)

    found = await rules.similar(broken, TODAY, TODAY + 2 * DAY, by=me, now=NOON)

    assert [each.name for each in found] == ["Makita drill", "Drill of the committee"]
    assert found[0].path == near.path
    assert await rules.similar(await a_found(name="！"), TODAY, TODAY, by=me, now=NOON) == []


# --- Quick -----------------------------------------------------------------------------------------------------------


async def test_twenty_things_are_three_queries_of_the_board(queries):
    home = await a_household()
    me, owner = await a_person(home=home), await a_neighbour()
    for _ in range(25):
        await a_found(by=owner, area=home.area)

    queries.clear()
    assert len((await board(by=me)).rows) == 20
    assert len(queries) == 3  # where do I live, what stands there, when is it free

    queries.clear()
    assert len((await board(by=me, words="ladder", free=True)).rows) == 20
    assert len(queries) == 3

    queries.clear()
    assert len((await board(by=me, number=2)).rows) == 5
    assert len(queries) == 4  # and what stands elsewhere
