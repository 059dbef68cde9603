"""公告: read where it is for and nowhere else, told once, in both languages, and counted without names."""

import asyncio
from datetime import date, timedelta

import pytest

from app.features.announcements import rules
from app.features.announcements.rules import Draft
from app.features.announcements.tables import Reading
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.kit.languages import language
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import kept
from tests.makers import NOON, a_household, a_person, an_administrator, an_area

TODAY = NOON.date()
BOTH = Draft({"zh-Hans": "停水", "en": "No water"}, {"zh-Hans": "周三上午停水。", "en": "Off on Wednesday morning."})
ONLY_CHINESE = Draft({"zh-Hans": "停水"}, {"zh-Hans": "周三上午停水。"})


async def a_building():
    """(area, somebody who lives on one of its floors, somebody who lives elsewhere)"""
    three = await an_area(name="3")
    floor = await an_area(name="5", parent=three.id, kind="floor")
    return three, await a_person(home=await a_household(area=floor)), await a_person(home=await a_household())


async def told(person):
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [kept(row["sentence"]) for row in rows]


async def test_a_building_reads_its_announcement_and_nobody_else_does(sign_in):
    three, ana, ben = await a_building()
    id = await rules.announce(BOTH, area=three.id, by=await an_administrator(), now=NOON)

    assert "No water" in (await (await sign_in(ana)).get(f"/announcements/{id}")).text
    assert "No water" in (await (await sign_in(ana)).get("/announcements")).text
    elsewhere = await sign_in(ben)
    assert (await elsewhere.get(f"/announcements/{id}")).status_code == 404
    assert (await elsewhere.get(f"/announcements/{id}/print")).status_code == 404
    assert "No water" not in (await elsewhere.get("/announcements")).text
    assert len(await told(ana)) == 1 and await told(ben) == []


async def test_each_hears_of_it_in_their_own_language():
    three, ana, _ = await a_building()
    await rules.announce(BOTH, area=three.id, by=await an_administrator(), now=NOON)

    [sentence] = await told(ana)
    assert sentence.spoken(language("en")) == "On the board: No water"
    assert sentence.spoken(language("zh-Hans")) == "新公告：停水"


async def test_words_in_one_language_are_marked_and_carry_it(sign_in):
    id = await rules.announce(ONLY_CHINESE, area=None, by=await an_administrator(), now=NOON)

    page = (await (await sign_in(await a_person())).get(f"/announcements/{id}")).text
    assert "Only in Chinese" in page and '<h1 lang="zh-Hans">停水</h1>' in page


async def test_a_steward_writes_to_the_own_area_and_what_is_inside_it():
    three, ana, _ = await a_building()
    steward = await a_person(role=Kind.steward, area=three)
    floor = (await people.stays_of(ana.id))[0]

    assert await rules.announce(BOTH, area=three.id, by=steward, now=NOON)
    assert floor and await rules.announce(BOTH, area=three.id + 1, by=steward, now=NOON)
    with pytest.raises(NotYours):
        await rules.announce(BOTH, area=(await an_area()).id, by=steward, now=NOON)
    with pytest.raises(Refusal):
        await rules.announce(BOTH, area=None, by=steward, now=NOON)
    with pytest.raises(NotYours):
        await rules.announce(BOTH, area=three.id, by=ana, now=NOON)


@pytest.mark.parametrize(
    ("draft", "beside"),
    [
        (Draft({}, {}), "words_0"),
        (Draft({"en": "No water"}, {"zh-Hans": "", "en": ""}), "words_1"),
        (Draft({"zh-Hans": ""}, {"zh-Hans": "停水"}), "title_0"),
        (Draft({"en": "A"}, {"en": "B"}, date(2020, 1, 1)), "pinned_until"),
    ],
)
async def test_what_is_missing_is_said_beside_its_field(draft, beside):
    with pytest.raises(Refusal) as refused:
        await rules.announce(draft, area=None, by=await an_administrator(), now=NOON)
    assert refused.value.beside == beside


async def test_a_pin_ends_by_itself_and_who_moved_in_later_sees_it():
    three, _, ben = await a_building()
    pinned = Draft(BOTH.titles, BOTH.words, TODAY + timedelta(days=2))
    await rules.announce(pinned, area=three.id, by=await an_administrator(), now=NOON)

    assert await rules.pinned(ben, now=NOON) == []
    home = await a_household(area=three)
    await people.join(ben.id, home.id, on=TODAY, by=None, now=NOON)
    assert len(await rules.pinned(ben, now=NOON + timedelta(days=1))) == 1
    assert len((await rules.on_home(ben, now=NOON)).pinned) == 1
    assert await rules.pinned(ben, now=NOON + timedelta(days=3)) == []
    assert len((await rules.board(ben, now=NOON + timedelta(days=3))).rows) == 1


async def test_of_twenty_times_opened_at_once_one_counts():
    id = await rules.announce(BOTH, area=None, by=await an_administrator(), now=NOON)
    ana = await a_person()

    await asyncio.gather(*[rules.note_reading(id, by=ana, now=NOON) for _ in range(20)])
    assert await Reading.count() == 1


async def test_officers_see_how_many_and_never_who(sign_in):
    three, ana, _ = await a_building()
    boss = await an_administrator(name="Zhou")
    id = await rules.announce(BOTH, area=three.id, by=boss, now=NOON)
    await (await sign_in(ana)).get(f"/announcements/{id}")

    page = (await (await sign_in(boss)).get(f"/announcements/{id}")).text
    assert "Read by 1 of 1" in page and ana.name not in page  # the officer looked too, and does not live there
    assert "Read by" not in (await (await sign_in(ana)).get(f"/announcements/{id}")).text


async def test_a_change_is_marked_and_tells_nobody_again():
    three, ana, _ = await a_building()
    boss = await an_administrator()
    id = await rules.announce(BOTH, area=three.id, by=boss, now=NOON)
    await rules.edit(id, BOTH, by=boss, now=NOON)
    assert (await rules.announcement(id, by=ana)).changed_at is None

    await rules.edit(id, ONLY_CHINESE, by=boss, now=NOON + timedelta(hours=1))
    assert (await rules.announcement(id, by=ana)).changed_at == NOON + timedelta(hours=1)
    assert len(await told(ana)) == 1


async def test_what_its_author_took_down_stays_down_when_officers_give_it_back():
    boss, reader = await an_administrator(), await a_person()
    ids = [await rules.announce(BOTH, area=None, by=boss, now=NOON) for _ in range(3)]
    await rules.withdraw(ids[0], by=boss, now=NOON)
    for each in ids:
        await rules.take_away(each, now=NOON)
    await rules.withdraw(ids[1], by=boss, now=NOON)
    for each in ids:
        with pytest.raises(Missing):
            await rules.announcement(each, by=reader)
        with pytest.raises(NotYours):
            await rules.put_up_again(each, by=boss, now=NOON)
        await rules.give_back(each, now=NOON)

    assert [row.id for row in await rules.board(reader, now=NOON)] == [ids[2]]


async def test_taken_down_it_is_gone_with_its_notice_and_comes_back(sign_in):
    three, ana, _ = await a_building()
    boss = await an_administrator()
    id = await rules.announce(BOTH, area=three.id, by=boss, now=NOON)

    await rules.withdraw(id, by=boss, now=NOON)
    assert await told(ana) == []
    with pytest.raises(Missing):
        await rules.announcement(id, by=ana)
    await rules.put_up_again(id, by=boss, now=NOON)
    assert len(await told(ana)) == 1 and await rules.announcement(id, by=ana)


async def test_older_ones_come_in_pages(sign_in):
    boss = await an_administrator()
    for _ in range(21):
        await rules.announce(BOTH, area=None, by=boss, now=NOON)
    first = await rules.board(boss, now=NOON)
    assert len(first.rows) == 20 and first.more
    assert len((await rules.board(boss, now=NOON, number=2)).rows) == 1


async def test_a_form_keeps_what_was_typed(sign_in):
    browser = await sign_in(await an_administrator())
    refused = await browser.post("/announcements/new", data={"title_0": "停水"})
    assert refused.status_code == 422 and 'value="停水"' in refused.text
    done = await browser.post("/announcements/new", data={"title_0": "停水", "words_0": "周三", "area": ""})
    assert done.status_code == 200 and "周三" in done.text


async def test_the_board_asks_little(sign_in, queries):
    three, ana, _ = await a_building()
    await rules.announce(BOTH, area=three.id, by=await an_administrator(), now=NOON)
    queries.clear()
    await rules.board(ana, now=NOON)
    assert len(queries) <= 3  # where do I live, what day is it, what hangs there


async def test_who_is_forgotten_has_read_nothing():
    id = await rules.announce(BOTH, area=None, by=await an_administrator(), now=NOON)
    ana = await a_person()
    await rules.note_reading(id, by=ana, now=NOON)
    assert (await rules.mine(ana.id))["announcements_read"]
    await rules.forget(ana.id, now=NOON)
    assert await Reading.count() == 0
