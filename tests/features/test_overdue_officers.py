"""An officer who has had a week and shows no second factor: the role gives nothing anywhere until one is added."""

import re
from datetime import timedelta

import pyotp
import pytest

from app.features.accounts import rules as accounts
from app.features.accounts.rules import strength
from app.features.accounts.tables import SignIn
from app.features.admin import rules
from app.features.announcements.rules.reach import may_write
from app.features.joining.rules.reach import kept_by
from app.features.people import rules as people
from app.features.people.tables import Kind, Role
from app.kit.clock import now
from app.kit.refusals import NotYours
from tests.features.test_officers import viewer_of
from tests.makers import NOON, a_household, a_login, a_person, an_administrator, an_area

WEEK = timedelta(days=7)
OVERDUE, SECURITY = str(strength.OVERDUE), 'href="/account/security"'


async def role_of(person, kind) -> int:
    return next(each.id for each in await people.roles_of(person.id) if each.kind == kind)


async def an_overdue(kind=Kind.administrator, **said):
    """Given in the past of the makers, so that the week is long over by the real clock."""
    return await a_person(role=kind, second=False, **said)


def passing_on(role, person, by, at):
    """Every deed by which somebody else comes to hold that role, or is promised it."""
    today, away = at.date(), {"now": at, "by": by}
    return (
        lambda: rules.hand_over(role, person.id, done=[], **away),
        lambda: rules.ask_deputy(role, person.id, **away),
        lambda: rules.go_away(
            role, first=today + timedelta(days=2), last=today + timedelta(days=3), cover=None, **away
        ),
        lambda: rules.find_cover(role, person.id, **away),
    )


async def test_what_waits_is_no_role_of_theirs_and_what_needs_no_factor_stays():
    here = await an_area()
    ana = await a_person(role=Kind.steward, area=here)
    for kind in (Kind.coordinator, Kind.administrator):
        await Role.insert(Role(person=ana.id, kind=kind, given_at=NOON))
    within, after = await viewer_of(ana, NOON + WEEK / 2), await viewer_of(ana, NOON + WEEK)
    assert within.is_a(Kind.administrator) and within.overdue == ()
    assert after.roles == ((Kind.steward, here.id),) and set(after.overdue) == {Kind.coordinator, Kind.administrator}
    assert after.second_days == 0


async def test_who_is_steward_too_reaches_the_own_area_and_not_the_whole_estate():
    here, elsewhere = await an_area(), await an_area()
    ana = await a_person(role=Kind.steward, area=here)
    await Role.insert(Role(person=ana.id, kind=Kind.administrator, given_at=NOON))
    for at, everything in ((NOON, True), (NOON + WEEK, False)):
        viewer = await viewer_of(ana, at)
        assert (await kept_by(viewer)).has(here.id) and await may_write(viewer, here.id)
        assert (await kept_by(viewer)).has(elsewhere.id) is everything
        assert await may_write(viewer, elsewhere.id) is await may_write(viewer, None) is everything


async def test_where_the_role_would_open_a_door_the_page_says_what_it_waits_for(sign_in):
    boss, ana, other = await an_overdue(), await a_person(), await an_administrator()
    await a_login(ana)
    browser = await sign_in(boss)
    help_page, others_role = f"/neighbours/{ana.id}/reset", f"/account/roles/{await role_of(other, Kind.administrator)}"
    answers = [await browser.get(path) for path in ("/admin", help_page, others_role)]
    answers.append(await browser.post(help_page))
    for answer in answers:
        assert answer.status_code == 403 and OVERDUE in answer.text and SECURITY in answer.text

    resident = await sign_in(await a_person())
    for path in (help_page, others_role):
        assert (await resident.get(path)).status_code == 404


async def test_another_door_than_that_of_the_role_that_waits_stays_what_it_is(sign_in):
    browser = await sign_in(await an_overdue(Kind.coordinator))
    for path, words in (("/admin", "This is for those who look after the community."), ("/reports", OVERDUE)):
        answer = await browser.get(path)
        assert answer.status_code == 403 and words in answer.text


@pytest.mark.parametrize("kind", strength.NEED_ONE)
async def test_nobody_hands_over_lends_or_promises_a_role_that_waits(kind):
    officer, next_one = await an_overdue(kind), await a_person()
    viewer, role, at = await viewer_of(officer, now()), await role_of(officer, kind), now()
    for deed in passing_on(role, next_one, viewer, at):
        with pytest.raises(NotYours) as no:
            await deed()
        assert no.value.sentence == strength.OVERDUE and no.value.way[0] == "/account/security"


async def test_the_pages_of_the_own_role_open_and_passing_it_on_waits(sign_in):
    boss, _ = await an_overdue(), await a_person(name="Ben", home=await a_household())
    role = f"/account/roles/{await role_of(boss, Kind.administrator)}"
    browser = await sign_in(boss)
    for path in ("/account/roles", role):
        page = await browser.get(path)
        assert page.status_code == 200 and SECURITY in page.text
    await a_login(await a_person(name="Cai"))
    answer = await browser.post(f"{role}/handover", data={"who": "Cai"})
    assert answer.status_code == 403 and OVERDUE in answer.text and SECURITY in answer.text


async def test_a_role_that_waits_can_be_laid_down_and_a_stewardship_beside_it_passed_on():
    await an_administrator()
    ana, next_one = await a_person(role=Kind.steward, area=await an_area()), await a_person()
    await Role.insert(Role(person=ana.id, kind=Kind.administrator, given_at=NOON))
    viewer = await viewer_of(ana, now())
    assert await rules.hand_over(await role_of(ana, Kind.steward), next_one.id, done=[], by=viewer, now=now())
    await rules.lay_down(await role_of(ana, Kind.administrator), by=viewer, now=now())
    assert not (await people.neighbour(ana.id)).is_a(Kind.administrator)


@pytest.mark.parametrize("kind", strength.NEED_ONE)
async def test_whoever_has_a_second_factor_shows_it_before_such_a_role_goes_to_somebody_else(kind):
    officer, next_one = await a_person(role=kind), await a_person()
    role = await role_of(officer, kind)
    weak, strong = await viewer_of(officer), await viewer_of(officer, second=True)
    for deed in passing_on(role, next_one, weak, NOON):
        with pytest.raises(NotYours) as no:
            await deed()
        assert no.value.way[0] == f"/account/proof?next=/account/roles/{role}"
    for deed in passing_on(role, next_one, strong, NOON):
        assert await deed()


async def test_nor_does_a_desk_give_such_a_role_by_the_password_alone(sign_in):
    boss, ana = await an_administrator(), await a_person()
    weak, strong = await viewer_of(boss), await viewer_of(boss, second=True)
    said = {"area": None, "now": NOON}
    for kind in strength.NEED_ONE:
        with pytest.raises(NotYours):
            await rules.give_role(ana.id, kind, by=weak, **said)
    assert await rules.give_role(ana.id, Kind.space_manager, by=weak, **said)
    given = await rules.give_role(ana.id, Kind.coordinator, by=strong, **said)
    await rules.end_role(given, by=weak, now=NOON)
    with pytest.raises(NotYours):
        await rules.give_role_again(given, by=weak, now=NOON)
    assert await rules.give_role_again(given, by=strong, now=NOON) == ana.id

    browser = await sign_in(boss)
    await SignIn.update({SignIn.second_at: None}, force=True)
    answer = await browser.post(f"/admin/people/{ana.id}/roles", data={"kind": "administrator"})
    assert answer.status_code == 403 and f"/account/proof?next=/admin/people/{ana.id}" in answer.text


async def test_a_new_officer_without_one_has_the_week_for_this_too():
    officer, next_one = await a_person(role=Kind.coordinator, second=False), await a_person()
    viewer = await viewer_of(officer, NOON + WEEK / 2)
    made = passing_on(await role_of(officer, Kind.coordinator), next_one, viewer, NOON + WEEK / 2)
    assert all([await deed() for deed in made])


async def test_a_stewardship_is_passed_on_without_showing_a_second_factor():
    steward, next_one = await a_person(role=Kind.steward, area=await an_area(), second=True), await a_person()
    made = passing_on(await role_of(steward, Kind.steward), next_one, await viewer_of(steward), NOON)
    assert all([await deed() for deed in made])


async def test_the_only_administrator_comes_back_by_adding_a_factor(sign_in):
    boss = await an_overdue()
    browser = await sign_in(boss)
    assert (await browser.get("/admin")).status_code == 403
    assert (await browser.get("/account/security")).status_code == 200
    page = (await browser.get("/account/security/authenticator")).text
    [sealed] = re.findall(r'name="sealed" value="([^"]+)"', page)
    [secret] = re.findall(r"secret=(\w+)", page)
    data = {"sealed": sealed, "code": pyotp.TOTP(secret).at(now())}
    assert (await browser.post("/account/security/authenticator", data=data)).url.path == "/account/security/recovery"
    assert (await browser.get("/admin")).status_code == 200
    assert (await accounts.factors_of(boss.id)).any


async def test_who_is_reset_still_counts_as_an_officer_though_the_role_waits():
    """One administrator alone resets no officer, also none whose role gives nothing at the moment."""
    boss, late = await an_administrator(), await an_overdue(Kind.coordinator)
    await a_login(late)
    assert (await accounts.standing(late.id, by=boss, now=now())).takes_two
