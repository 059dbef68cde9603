"""Whom the doorbell reaches: by household, by road, by area, and who may know it."""

from datetime import timedelta
from importlib import import_module

import pytest

from app.features.admin import rules
from app.features.notices.tables import By, Worked
from app.features.people.tables import Kind
from app.kit.clock import now
from app.kit.refusals import Missing
from tests.makers import NOON, a_household, a_login, a_person, an_administrator, an_area
from tests.ringing import a_device

DAY = timedelta(days=1)
ALL = frozenset(By)


async def worked(person, by=By.push, at=NOON):
    await Worked.insert(Worked(person=person.id, by=by, at=at))


async def a_street(at=NOON):
    """One reached by push and mail, one long ago, one with a phone yet to be tried, one with nothing, one empty."""
    street = await an_area(name="7")
    homes = [await a_household(area=street) for _ in range(5)]
    ana, bo, cy, _ = [await a_person(home=home) for home in homes[:4]]
    await worked(ana, at=at)
    await a_device(ana.id)
    mail = await a_person(home=homes[0])
    await a_login(mail)
    await worked(mail, By.email)
    await worked(bo, at=NOON - 61 * DAY)
    await a_device(bo.id)
    await a_device(cy.id)
    return street, homes


async def test_each_household_counts_once_as_reached_untried_or_without_a_road():
    street, _ = await a_street()

    [area] = await rules.reached(await an_administrator(), ALL, NOON)

    assert (area.homes, area.worked, area.untried, area.none) == (4, 1, 2, 1)
    assert (area.push, area.email, area.sms) == (1, 1, 0)
    assert area.per_cent == 25 and area.id == street.id


async def test_those_without_a_road_stand_first_in_the_list_for_whoever_walks():
    street, homes = await a_street()
    boss = await an_administrator()

    silent = (await rules.reach(street.id, by=boss, roads=ALL, now=NOON)).silent

    assert [each.id for each in silent] == [homes[3].id, homes[1].id, homes[2].id]
    assert [each.untried for each in silent] == [False, True, True]
    assert [each.last_at for each in silent] == [None, NOON - 61 * DAY, None]


async def test_an_address_is_a_road_only_where_letters_are_sent():
    home = await a_household()
    await a_login(await a_person(home=home))
    boss = await an_administrator()

    with_mail = await rules.reach(home.area, by=boss, roads=ALL, now=NOON)
    without = await rules.reach(home.area, by=boss, roads=frozenset({By.push}), now=NOON)

    assert (with_mail.whole.untried, without.whole.none) == (1, 1)


async def test_an_area_counts_what_stands_inside_it():
    building = await an_area(name="8")
    floor = await an_area(parent=building.id, kind="floor", name="2")
    ana = await a_person(home=await a_household(area=floor))
    await a_device(ana.id)
    await worked(ana)
    boss = await an_administrator()

    whole = await rules.reach(building.id, by=boss, roads=ALL, now=NOON)

    assert whole.whole.worked == 1 and [each.id for each in whole.inside] == [floor.id]


async def test_a_steward_sees_their_own_area_and_a_coordinator_all():
    street, _ = await a_street()
    other = await an_area(name="9")
    steward, coordinator = await a_person(role=Kind.steward, area=street), await a_person(role=Kind.coordinator)

    assert [each.id for each in await rules.reached(steward, ALL, NOON)] == [street.id]
    assert len(await rules.reached(coordinator, ALL, NOON)) == 2
    with pytest.raises(Missing):
        await rules.reach(other.id, by=steward, roads=ALL, now=NOON)


async def test_the_pages_and_the_desk_say_it_until_nine_in_ten_are_reached(sign_in):
    street, _ = await a_street(now())
    boss = await an_administrator()
    browser = await sign_in(boss)

    assert "25 of 100 households" in (await browser.get("/reached")).text
    assert "Knock here" in (await browser.get(f"/reached/{street.id}")).text
    assert "Whom the doorbell reaches" in (await browser.get("/admin")).text


@pytest.mark.parametrize("by", list(By))
async def test_a_road_that_finds_nobody_any_more_reaches_nobody_however_lately_it_worked(by):
    home = await a_household()
    ana = await a_person(home=home)
    await worked(ana, by)

    found = await rules.reach(home.area, by=await an_administrator(), roads=ALL, now=NOON + DAY)

    assert (found.whole.worked, found.whole.none, getattr(found.whole, by)) == (0, 1, 0)
    assert [(each.id, each.untried, each.last_at) for each in found.silent] == [(home.id, False, NOON)]


async def test_the_list_says_when_it_is_not_whole(sign_in, monkeypatch):
    street, _ = await a_street(now())
    monkeypatch.setattr(import_module("app.features.admin.rules.reached"), "MOST", 2)
    page = (await (await sign_in(await an_administrator())).get(f"/reached/{street.id}")).text
    assert "And one more household. Choose a smaller area to see them all." in page
