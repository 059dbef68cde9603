"""The pages of roles: what a role may, who holds it, and passing it on with a thumb."""

import re

import pytest

from app.features.admin import rules
from app.features.admin.rules.powers import CHECKS, POWERS
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.tables import Kind, Task
from app.kit.clock import now
from app.kit.later import run_due
from tests.makers import a_household, a_login, a_person, an_administrator, an_area

AREAS = {Kind.steward}


async def an_officer(kind, **said):
    return await a_person(role=kind, area=await an_area() if kind in AREAS else None, **said)


async def role_of(person) -> int:
    return next(each.id for each in await people.roles_of(person.id) if not each.stands_in_for)


async def told(person) -> list[str]:
    return [str(row.sentence) for row in await notices.page_of(person.id)]


# --- What the words say, and what the doors do


@pytest.mark.parametrize("kind", Kind)
async def test_a_role_may_what_its_page_says_and_may_not_what_its_page_denies(app, sign_in, kind):
    known = {route.path for route in app.routes}
    officer = await an_officer(kind)
    browser = await sign_in(officer)
    for power in (*POWERS[kind].does, *POWERS[kind].sees):
        if power.door in known:
            assert (await browser.get(power.door)).status_code == 200, power
    for power in POWERS[kind].never:
        if power.door in known:
            assert (await browser.get(power.door)).status_code == 403, power


def test_every_door_that_is_kept_for_a_role_is_spoken_of_on_its_page(app):
    """A power that no neighbour can read about is one too many: say it in admin/rules/powers.py."""
    unsaid = {
        (kind, route.path)
        for route in app.routes
        for handler in route.route_handlers
        for kind in handler.opt.get("only", ())
        if not any(
            route.path.startswith(power.door) for power in (*POWERS[kind].does, *POWERS[kind].sees) if power.door
        )
        and route.path not in ("/admin",)
    }
    spoken = {(kind, path) for kind, path in unsaid if re.match(r"/admin/(households|memberships|capabilities)", path)}
    assert unsaid - spoken == set()


def test_every_kind_has_its_words_and_its_check_list():
    assert set(POWERS) == set(CHECKS) == set(Kind) == set(people.KINDS)
    assert all(powers.does and powers.sees and powers.never for powers in POWERS.values())


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_every_neighbour_reads_who_looks_after_what_and_nobodys_phone(sign_in, language):
    here, there = await an_area(name="3"), await an_area(name="5")
    await a_person(name="Steward There", role=Kind.steward, area=there, phone="+8613800138001")
    await a_person(name="Steward Here", role=Kind.steward, area=here, phone="+8613800138002")
    browser = await sign_in(await a_person(home=await a_household(area=here), language=language))
    page = (await browser.get("/roles")).text
    assert page.index("Steward Here") < page.index("Steward There")
    assert "13800138" not in page
    for kind in Kind:
        assert (await browser.get(f"/roles/{kind}")).status_code == 200
    assert (await browser.get("/roles/king")).status_code == 404


async def test_a_suspended_holder_is_not_shown(sign_in):
    await a_person(name="Steward Wu", role=Kind.steward, area=await an_area(), state="suspended")
    browser = await sign_in(await a_person())
    assert "Steward Wu" not in (await browser.get("/roles")).text


# --- Passing it on


async def test_a_steward_hands_over_and_both_are_told(sign_in):
    steward, ana = await an_officer(Kind.steward, name="Wu"), await a_person(name="Ana")
    await a_login(ana)
    role, browser = await role_of(steward), await sign_in(steward)
    page = await browser.post(f"/account/roles/{role}/handover", data={"who": "ana", "done": ["keys", "nonsense"]})
    assert "They have been asked" in page.text and "Take the question back" in page.text
    [asked] = await people.proposals_to(ana.id, now=now())
    assert asked.ticked == ["keys"]
    await browser.post(f"/account/proposals/{asked.id}/ticks", data={"done": ["keys", "papers"]})

    browser = await sign_in(ana)
    assert f'href="/account/proposals/{asked.id}"' in (await browser.get("/")).text
    page = (await browser.get(f"/account/proposals/{asked.id}")).text
    assert page.count("not yet") == 3 and "They may not" in page
    page = await browser.post(f"/account/proposals/{asked.id}/acceptance")
    assert "The role is yours" in page.text
    assert (await people.neighbour(ana.id)).is_a(Kind.steward)
    assert any("taken over" in each for each in await told(steward))
    assert any("You have a role now" in each for each in await told(ana))
    assert not any("would like to hand" in each for each in await told(ana))


async def test_what_was_typed_stays_when_nobody_or_several_are_called_so(sign_in):
    steward = await an_officer(Kind.steward)
    role, browser = await role_of(steward), await sign_in(steward)
    page = await browser.post(f"/account/roles/{role}/handover", data={"who": "Nobody", "done": ["keys"]})
    assert page.status_code == 422 and 'value="Nobody"' in page.text
    assert re.search(r'value="keys"[^>]* checked', page.text)

    namesakes = [await a_person(name="Li Wei", home=await a_household()) for _ in range(2)]
    unasked = await a_person(name="Li Wei")
    for each in namesakes:
        await a_login(each)
    page = await browser.post(f"/account/roles/{role}/deputy", data={"who": "Li Wei"})
    assert page.status_code == 422 and "Which of them?" in page.text
    assert f'value="{unasked.id}"' not in page.text
    await browser.post(f"/account/roles/{role}/deputy", data={"who": "Li Wei", "person": namesakes[1].id})
    [asked] = await people.proposals_to(namesakes[1].id, now=now())
    assert asked.task == Task.deputy


async def test_an_absence_is_covered_shown_and_ended_early(sign_in):
    boss = await an_administrator()
    home = await a_household(area=await an_area(name="3"))
    steward = await a_person(name="Wu", role=Kind.steward, area=await area_of(home))
    deputy, resident = await a_person(name="Ana"), await a_person(home=home)
    role = await role_of(steward)
    asked = await people.propose(role, Task.deputy, deputy.id, by=steward, now=now())
    await rules.accept(asked, by=deputy, now=now())

    browser = await sign_in(steward)
    today = str(await people_today())
    page = await browser.post(f"/account/roles/{role}/absence", data={"first_on": today, "last_on": today})
    assert "Ana stands in" in page.text and "I am back" in page.text
    assert any("You stand in for Wu" in each for each in await told(deputy))
    assert any("Ana stands in for Wu" in each for each in await told(boss))

    browser = await sign_in(resident)
    shown = (await browser.get("/roles")).text
    assert "Ana stands in" in shown and "Away, back on" in shown
    browser = await sign_in(deputy)
    assert "You stand in for Wu" in (await browser.get("/")).text
    assert (await browser.get("/joined")).status_code == 200

    browser = await sign_in(steward)
    await browser.post(f"/account/roles/{role}/absence/end")
    assert any("Wu is back" in each for each in await told(deputy))
    browser = await sign_in(deputy)
    assert (await browser.get("/joined")).status_code == 403


async def people_today():
    from app.features.community import rules as community

    return await community.today(now())


async def area_of(home):
    from app.features.community.tables import Area

    return await Area.objects().get(Area.id == home.area)


@pytest.mark.parametrize(
    "said",
    [
        {"first_on": "2026-02-31", "last_on": "2026-03-01"},
        {"first_on": "2020-01-01", "last_on": "2020-01-02"},
        {"first_on": "2090-01-02", "last_on": "2090-01-01"},
        {"first_on": "2090-01-01", "last_on": "2090-01-02", "who": "Nobody"},
        {"first_on": "2090-01-01", "last_on": "2090-01-02", "person": "x"},
    ],
)
async def test_an_absence_that_cannot_be_is_refused_beside_its_field(sign_in, said):
    steward = await an_officer(Kind.steward)
    role, browser = await role_of(steward), await sign_in(steward)
    page = await browser.post(f"/account/roles/{role}/absence", data=said)
    assert page.status_code == 422 and "What you typed is still here." in page.text
    assert f'value="{said["last_on"]}"' in page.text
    assert await people.absence_of(role, now=now()) is None


async def test_the_reminders_are_only_reminders(sign_in):
    """No worker ran for a month: the powers came and went all the same, and the late jobs say nothing untrue."""
    from datetime import timedelta

    from app.house import JOBS

    boss, steward, deputy = await an_administrator(), await an_officer(Kind.steward), await a_person()
    role, at = await role_of(steward), now()
    await rules.accept(await rules.ask_deputy(role, deputy.id, by=steward, now=at), by=deputy, now=at)
    today = await people_today()
    await rules.go_away(role, first=today, last=today, cover=None, by=steward, now=at)
    unanswered = await rules.hand_over(role, boss.id, done=(), by=steward, now=at)
    later = at + timedelta(days=30)
    assert not (await people.neighbour(deputy.id, now=later)).is_a(Kind.steward)

    await run_due(JOBS, later)
    said = await told(deputy)
    assert any("until yesterday" in each for each in said) and not any("From today" in each for each in said)
    assert any("Welcome back" in each for each in await told(steward))
    assert any("has not answered in time" in each for each in await told(steward))
    assert not any("would like to hand" in each for each in await told(boss))
    assert await people.proposals_about(role, now=at) == [] and unanswered
    await run_due(JOBS, later)
    assert await told(deputy) == said


async def test_the_last_administrator_hears_why_they_cannot_lay_it_down(sign_in):
    boss = await an_administrator()
    browser = await sign_in(boss)
    page = await browser.post(f"/account/roles/{await role_of(boss)}/end")
    assert page.status_code == 422 and "That is the only administrator" in page.text


async def test_what_was_done_reads_well_in_the_audit(sign_in):
    boss, steward, deputy = await an_administrator(), await an_officer(Kind.steward), await a_person(name="Ana")
    role = await role_of(steward)
    await rules.accept(await rules.ask_deputy(role, deputy.id, by=steward, now=now()), by=deputy, now=now())
    browser = await sign_in(boss)
    shown = (await browser.get("/admin/audit")).text
    assert "Named deputy" in shown and "Asked to be deputy" in shown and "Steward" in shown
