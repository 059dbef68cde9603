"""How far the estate has joined, as a picture: counted by the database, whatever the number of areas."""

import pytest

from app.features.admin import rules
from app.features.admin.rules.facade import ACROSS, ROWS, strip
from app.features.people.tables import Kind
from app.kit.refusals import Missing
from tests.makers import a_household, a_login, a_person, an_administrator, an_area


async def a_home(area, members: int, signed: int):
    home = await a_household(area=area)
    for n in range(members):
        person = await a_person(home=home)
        if n < signed:
            await a_login(person)
    return home


async def a_building():
    """Two entrances: a household of each look in the first, one of nobody in the second."""
    building = await an_area(name="3")
    one, two = [await an_area(parent=building.id, kind="entrance", name=str(n)) for n in (1, 2)]
    floor = await an_area(parent=one.id, kind="floor", name="5")
    for members, signed in ((2, 0), (2, 1), (2, 2), (0, 0)):
        await a_home(floor, members, signed)
    await a_home(two, 1, 0)
    return building, one, two


def counts(share):
    return share.homes, share.everybody, share.somebody, share.nobody, share.empty, share.people, share.signed


async def test_each_area_counts_its_households_and_everything_inside_it():
    building, one, two = await a_building()
    empty = await an_area(name="4")
    boss = await an_administrator()
    shares = {share.id: share for share in await rules.joined(boss)}
    assert counts(shares[building.id]) == (5, 1, 1, 2, 1, 7, 3)
    assert counts(shares[empty.id]) == (0,) * 7
    picture = await rules.picture(building.id, by=boss)
    assert {each.id: counts(each)[0] for each in picture.inside} == {one.id: 4, two.id: 1}
    assert counts(picture.whole) == counts(shares[building.id])
    looks = [window.look for floors in picture.floors.values() for floor in floors for window in floor.windows]
    assert sorted(looks) == ["empty", "everybody", "nobody", "nobody", "somebody"]


async def test_who_has_gone_is_suspended_or_lives_in_two_households_counts_as_they_should():
    area, boss = await an_area(), await an_administrator()
    home = await a_home(area, 1, 1)
    await a_person(home=home, state="suspended")
    both = await a_person(home=home)
    from app.features.people import rules as people
    from tests.makers import NOON

    second = await a_household(area=area)
    await people.join(both.id, second.id, on=NOON.date(), by=None, now=NOON)
    [share] = await rules.joined(boss)
    assert counts(share) == (2, 0, 1, 1, 0, 2, 1)


async def test_a_steward_sees_their_own_areas_and_no_other():
    building, one, two = await a_building()
    other = await an_area(name="4")
    steward = await a_person(role=Kind.steward, area=one)
    assert [share.id for share in await rules.joined(steward)] == [one.id]
    assert (await rules.picture(one.id, by=steward)).area.id == one.id
    for elsewhere in (building.id, two.id, other.id, 999):
        with pytest.raises(Missing):
            await rules.picture(elsewhere, by=steward)


@pytest.mark.parametrize("many", [2, 12])
async def test_the_picture_takes_the_same_few_queries_however_many_areas_there_are(sign_in, queries, many):
    building = await an_area()
    for _ in range(many):
        await a_home(await an_area(parent=building.id, kind="entrance"), 1, 1)
        await a_home(await an_area(), 1, 0)
    boss = await an_administrator()
    for ask, most in ((lambda: rules.joined(boss), 1), (lambda: rules.picture(building.id, by=boss), 3)):
        await ask()
        queries.clear()
        await ask()
        assert len(queries) == most


async def test_a_window_says_in_words_what_it_shows(sign_in):
    building, *_ = await a_building()
    browser = await sign_in(await an_administrator())
    page = (await browser.get(f"/joined/{building.id}")).text
    for words in ("0 of 2 sign in", "1 of 2 sign in", "2 of 2 sign in", "nobody lives here", "As a table"):
        assert words in page
    assert f'href="/slips?area={building.id}"' in page and "/admin/households/" in page
    browser = await sign_in(await a_person(role=Kind.steward, area=building))
    assert "/admin/households/" not in (await browser.get(f"/joined/{building.id}")).text


async def test_the_desk_and_home_show_it_to_administrators(sign_in):
    await a_building()
    browser = await sign_in(await an_administrator())
    for path in ("/", "/admin"):
        assert 'class="facade"' in (await browser.get(path)).text
    browser = await sign_in(await a_person())
    assert 'class="facade"' not in (await browser.get("/")).text


async def test_the_desk_gathers_what_waits_as_every_feature_tells_it(app, sign_in, browser):
    from app.kit.lines import Line, OnHome
    from app.kit.words import say

    async def reports(by, *, now):
        return OnHome(waits=[Line("flag", say("Hello"), "/reports")] if by.is_a(Kind.administrator) else [])

    app.state.on_home = (*app.state.on_home, reports)
    desk = await sign_in(await an_administrator())
    assert 'href="/reports"' in (await desk.get("/admin")).text


@pytest.mark.parametrize(
    ("nobody", "somebody", "everybody"), [(0, 0, 0), (1, 0, 0), (1000, 1, 1), (1, 1, 1), (7, 19, 3), (0, 0, 40)]
)
def test_a_strip_has_forty_windows_and_hides_nobody(nobody, somebody, everybody):
    drawn = strip(nobody, somebody, everybody)
    windows = {look: path.count("z") for look, path in drawn.items()}
    assert sum(windows.values()) == (ACROSS * ROWS if nobody + somebody + everybody else 0)
    for look, count in (("nobody", nobody), ("somebody", somebody), ("everybody", everybody)):
        assert bool(windows[look]) == bool(count)
