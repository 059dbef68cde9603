"""Who can do much shows a second factor; there is a week to add one, and a way to add it always."""

from datetime import timedelta

import pytest
from litestar import get

from app.features.accounts import rules
from app.features.accounts.rules.signing_in import Place, open_door
from app.features.accounts.rules.strength import on_home
from app.features.accounts.tables import SignIn
from app.features.accounts.viewer import may_enter
from app.features.people.tables import Kind, Role
from app.kit.clock import now
from app.kit.refusals import NotYours
from tests.makers import NOON, a_login, a_person, an_area

DAY = timedelta(days=1)


@get("/strong", strong=True)
async def strong() -> None: ...


@get("/desk", only=(Kind.administrator,))
async def desk() -> None: ...


@get("/shared", only=(Kind.administrator, Kind.steward))
async def shared() -> None: ...


class At:
    """A connection, as far as the guard looks."""

    def __init__(self, viewer, path="/strong"):
        self.scope, self.user = {"user": viewer, "method": "GET"}, viewer
        self.url = type("Url", (), {"path": path})()


async def viewer_of(person, at=NOON, *, second=False):
    key = await open_door(person.id, place=Place("192.0.2"), now=at, second=second)
    return (await rules.whose(key.token, at))[0]


async def enters(handler, viewer) -> str:
    """Empty, or where the refusal leads on."""
    try:
        await may_enter(At(viewer), handler)
    except NotYours as no:
        return no.way[0] if no.way else "nowhere"
    return ""


async def test_a_new_officer_has_a_week_and_the_days_are_counted():
    boss = await a_person(role=Kind.administrator, second=False)
    for at, days in ((NOON, 7), (NOON + DAY, 6), (NOON + 7 * DAY - timedelta(hours=1), 1), (NOON + 7 * DAY, 0)):
        viewer = await viewer_of(boss, at)
        assert viewer.second_days == days
        assert await enters(desk, viewer) == ("" if days else "/account/security")
        assert await enters(strong, viewer) == "/account/security"


async def test_the_week_counts_from_the_first_of_the_roles_that_need_one():
    ana = await a_person(role=Kind.steward, area=await an_area())
    assert (await viewer_of(ana, NOON + 30 * DAY)).second_days is None
    for kind, days in ((Kind.coordinator, 3), (Kind.administrator, 1)):
        await Role.insert(Role(person=ana.id, kind=kind, given_at=NOON + days * DAY))
    assert (await viewer_of(ana, NOON + 4 * DAY)).second_days == 4


async def test_one_role_waits_and_another_goes_on():
    ana = await a_person(role=Kind.steward, area=await an_area())
    await Role.insert(Role(person=ana.id, kind=Kind.administrator, given_at=NOON))
    viewer = await viewer_of(ana, NOON + 8 * DAY)
    assert await enters(desk, viewer) == "/account/security"
    assert await enters(shared, viewer) == ""


async def test_to_have_one_is_not_enough_this_very_sign_in_must_have_shown_it():
    boss = await a_person(role=Kind.administrator)
    without, with_it = await viewer_of(boss), await viewer_of(boss, second=True)
    assert await enters(desk, without) == "" and await enters(desk, with_it) == ""
    assert await enters(strong, without) == "/account/proof?next=/strong"
    assert await enters(strong, with_it) == ""
    assert (rules.is_strong(without), rules.is_strong(with_it)) == (False, True)


async def test_what_needs_it_needs_it_of_a_resident_too():
    ana = await a_person()
    assert await enters(strong, await viewer_of(ana, second=True)) == "/account/security"


async def test_a_demos_officers_need_none():
    boss = await a_person(role=Kind.administrator, second=False)
    await a_login(boss, demo=True)
    viewer = await viewer_of(boss, NOON + 100 * DAY)
    assert viewer.second_days is None and rules.is_strong(viewer) and await enters(strong, viewer) == ""


async def test_home_has_a_line_until_it_is_done():
    boss, done = await a_person(role=Kind.administrator, second=False), await a_person(role=Kind.administrator)
    [line] = (await on_home(await viewer_of(boss, NOON + DAY), now=NOON)).waits
    assert line.path == "/account/security" and line.chip.values == {"n": 6}
    [line] = (await on_home(await viewer_of(boss, NOON + 9 * DAY), now=NOON)).waits
    assert str(line.chip) == "overdue"
    assert (await on_home(await viewer_of(done), now=NOON)).waits == []
    assert (await on_home(await viewer_of(await a_person()), now=NOON)).waits == []


async def test_whoever_waits_too_long_is_led_to_where_one_is_added(sign_in):
    boss = await a_person(role=Kind.administrator, second=False)
    browser = await sign_in(boss)
    answer = await browser.get("/admin")
    assert answer.status_code == 403 and 'href="/account/security"' in answer.text
    page = (await browser.get("/account/security")).text
    assert "has waited a week" in page
    assert 'href="/account/security"' in (await browser.get("/neighbours")).text
    await Role.update({Role.given_at: now() - DAY}, force=True)
    assert "6 days are left" in (await browser.get("/admin")).text


async def test_the_page_that_needed_it_is_where_one_arrives_after_showing_it(sign_in, queries):
    boss = await a_person(role=Kind.administrator)
    browser = await sign_in(boss)
    await SignIn.update({SignIn.second_at: None}, force=True)
    ask = await browser.post(f"/neighbours/{(await a_person()).id}/reset/ask")
    assert ask.status_code == 403 and 'href="/account/proof"' in ask.text
    page = (await browser.get("/account/proof?next=/admin")).text
    assert "Use your passkey" in page and 'name="next" value="/admin"' in page


async def test_who_is_looking_is_still_one_query(queries):
    boss = await a_person(role=Kind.administrator, second=False)
    key = await open_door(boss.id, place=Place("192.0.2"), now=NOON)
    queries.clear()
    await rules.whose(key.token, NOON)
    assert len(queries) == 1


@pytest.mark.parametrize("second", [False, True])
async def test_the_security_page_takes_six_queries(sign_in, queries, second):
    browser = await sign_in(await a_person(second=second))
    queries.clear()
    assert (await browser.get("/account/security")).status_code == 200
    assert len(queries) <= 6
