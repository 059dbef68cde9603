"""Meeting points and emergency numbers: written by those who lead, read by those they are for."""

import asyncio
from datetime import timedelta

import pytest

from app.features.alerts import rules
from app.features.alerts.rules.lifelines import (
    Typed,
    lines,
    move_line,
    purge_gone,
    put_line_back,
    remove_line,
    write_line,
)
from app.features.alerts.tables import Lifeline
from app.kit.phones import public_number
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from tests.alerting import a_coordinator, an_alert
from tests.makers import NOON, a_household, a_person, an_administrator, an_area

DAY = timedelta(days=1)


def typed(title: str, **said) -> Typed:
    return Typed({"zh-Hans": f"{title}（中）", "en": title}, said.pop("words", {}), **said)


async def titles() -> list[str]:
    return [each.title.typed["en"] for each in await lines()]


async def test_everybody_reads_those_for_all_and_those_of_their_own_area_in_order():
    here, there = await an_area(), await an_area()
    inside = await an_area(parent=here.id, kind="entrance")
    ana = await a_person(home=await a_household(area=inside))
    by = await a_coordinator()
    for title, area in (("Fire brigade", None), ("The lawn", here.id), ("The car park", there.id)):
        await write_line(typed(title, area=area), by=by, now=NOON)

    assert [each.title.typed["en"] for each in await rules.lifelines_of(ana)] == ["Fire brigade", "The lawn"]


async def test_only_those_who_lead_write_them():
    line = await write_line(typed("The lawn"), by=await an_administrator(), now=NOON)
    ana = await a_person()
    for deed in (
        write_line(typed("x"), by=ana, now=NOON),
        move_line(line, up=True, by=ana, now=NOON),
        remove_line(line, by=ana, now=NOON),
        put_line_back(line, by=ana, now=NOON),
    ):
        with pytest.raises(NotYours):
            await deed


@pytest.mark.parametrize(
    ("said", "kept"),
    [("119", "119"), ("１２０", "120"), ("95598", "95598"), ("021 6123 4567", "+862161234567"),
     ("138 0013 8000", "+8613800138000"), ("+44 20 7946 0018", "+442079460018"), ("400-820-8820", "+864008208820"),
     ("12", ""), ("000", ""), ("ask Wang", ""), ("119 or 120", ""), ("1234567", "")],
)  # fmt: skip
def test_a_number_is_one_that_can_be_dialled(said, kept):
    assert public_number(said, "CN") == kept


async def test_all_mistakes_are_said_at_once_beside_their_fields():
    by = await a_coordinator()
    with pytest.raises(Refusal) as wrong:
        await write_line(Typed({"en": "x" * 61}, {"en": "y" * 161}, "ask Wang"), by=by, now=NOON)
    assert {each.beside for each in wrong.value.each} == {"title_0", "title_1", "words_1", "phone"}
    with pytest.raises(Missing):
        await write_line(typed("The lawn", area=999), by=by, now=NOON)
    with pytest.raises(Missing):
        await write_line(typed("The lawn"), id=999, by=by, now=NOON)
    assert await Lifeline.count() == 0


async def test_they_go_up_and_down_one_place_and_not_beyond_the_ends():
    by = await a_coordinator()
    a, b, c = [await write_line(typed(title), by=by, now=NOON) for title in "ABC"]
    await move_line(c, up=True, by=by, now=NOON)
    await move_line(a, up=True, by=by, now=NOON)
    await move_line(b, up=False, by=by, now=NOON)
    assert await titles() == ["A", "C", "B"]


async def test_two_who_move_them_at_once_lose_none():
    by = await a_coordinator()
    ids = [await write_line(typed(title), by=by, now=NOON) for title in "ABCDE"]
    await asyncio.gather(*[move_line(each, up=bool(n % 2), by=by, now=NOON) for n, each in enumerate(ids * 3)])
    assert sorted(await titles()) == [*"ABCDE"]
    assert len({row["sort"] for row in await Lifeline.select(Lifeline.sort)}) == 5


async def test_what_was_removed_is_put_back_where_it_was_for_a_day():
    by = await a_coordinator()
    a, _b = [await write_line(typed(title), by=by, now=NOON) for title in "AB"]
    await remove_line(a, by=by, now=NOON)
    assert await titles() == ["B"] and [each.title.typed["en"] for each in await rules.lifelines_of(by)] == ["B"]
    with pytest.raises(Missing):
        await remove_line(a, by=by, now=NOON)

    await put_line_back(a, by=by, now=NOON + DAY / 2)
    assert await titles() == ["A", "B"]

    await remove_line(a, by=by, now=NOON + DAY)
    await purge_gone(NOON + 1.5 * DAY)
    assert await Lifeline.count() == 2
    await purge_gone(NOON + 2.1 * DAY)
    with pytest.raises(Taken):
        await put_line_back(a, by=by, now=NOON + 2.1 * DAY)
    assert await Lifeline.count() == 1


async def test_the_page_says_why_it_matters_keeps_what_was_typed_and_stands_on_home_in_an_emergency(sign_in):
    by = await a_coordinator()
    browser = await sign_in(by)
    assert "Nobody knows yet where to meet" in (await browser.get("/alerts/lifelines")).text

    wrong = await browser.post("/alerts/lifelines/new", data={"title_1": "Fire brigade", "phone": "ask Wang"})
    assert wrong.status_code == 422 and "ask Wang" in wrong.text and "Nobody can dial that." in wrong.text
    said = {"title_0": "消防队", "title_1": "Fire brigade", "words_1": "Say where first", "phone": "119"}
    done = await browser.post("/alerts/lifelines/new", data=said)
    assert "Fire brigade" in done.text and "Saved." in done.text
    [row] = await lines()
    assert 'value="Say where first"' in (await browser.get(f"/alerts/lifelines/{row.id}")).text

    from app.kit.clock import now

    await an_alert(by=by, now=now())
    assert 'href="tel:119"' in (await browser.get("/")).text
    gone = await browser.post(f"/alerts/lifelines/{row.id}/removal")
    assert f"/alerts/lifelines/{row.id}/return" in gone.text
    for path in ("/alerts", "/admin"):
        browser = await sign_in(await an_administrator())
        assert 'href="/alerts/lifelines"' in (await browser.get(path)).text
