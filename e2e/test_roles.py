"""A role passes on: handed over, lent for an absence; and the estate as its windows."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from e2e.conftest import House, Phone
from e2e.test_first_day import EVERY_PHONE

PASSWORD = "three plain words"


@pytest.fixture(scope="module")
def furnished():
    house = House("e2e.furnish_roles")
    yield house
    house.close()


@pytest.fixture(scope="module")
def demo():
    house = House("app", "seed", "demo")
    yield house
    house.close()


def open_all(phone: Phone, words: str) -> None:
    phone.page.locator("summary", has_text=phone.says(words)).click()


@pytest.mark.parametrize(("n", "tag", "js"), [(n, *each) for n, each in enumerate(EVERY_PHONE)])
def test_a_stewardship_is_handed_over_with_its_check_list(furnished, phone, n, tag, js):
    wu, ana = phone(furnished, tag, js=js), phone(furnished, tag, js=js)
    wu.sign_in(f"wu{n}@example.org", PASSWORD)
    wu.open("/")
    wu.page.locator("main a[href='/account/roles']").first.click()
    wu.page.locator("main a[href^='/account/roles/']").first.click()
    open_all(wu, "Propose a successor")
    wu.fill("Who takes over?", "Nobody At All")
    wu.page.get_by_label(wu.says("The keys are handed over and counted")).check()
    wu.press("Propose")
    wu.sees("Nobody of that name signs in here. Write it as it stands on their page.")
    assert wu.page.get_by_label(wu.says("The keys are handed over and counted")).is_checked()
    wu.fill("Who takes over?", f"Ana{n}")
    wu.press("Propose")
    wu.sees("They have been asked, and have two weeks to answer.")

    ana.sign_in(f"ana{n}@example.org", PASSWORD)
    ana.open("/").locator("main a[href^='/account/proposals/']").first.click()
    ana.sees("What goes with it")
    ana.sees("They may not")
    ana.press("Yes, I will")
    ana.sees("The role is yours. Everybody it concerns has been told.")
    ana.open("/joined").locator("main").get_by_role("link").filter(has_text=re.compile(r"\d")).first.wait_for()
    wu.open("/joined")
    assert wu.page.locator("main h1").inner_text() and "/joined" in wu.page.url
    wu.sees("This is for those who look after the community.")


@pytest.mark.parametrize(("n", "tag", "js"), [(n, *each) for n, each in enumerate(EVERY_PHONE)])
def test_a_deputy_stands_in_for_the_days_of_an_absence(furnished, phone, n, tag, js):
    mei, ben, resident = (phone(furnished, tag, js=js) for _ in range(3))
    mei.sign_in(f"mei{n}@example.org", PASSWORD)
    mei.open("/account/roles").locator("main a[href^='/account/roles/']").first.click()
    open_all(mei, "Name a deputy")
    mei.fill("Who?", f"Ben{n}")
    mei.press("Ask them")
    mei.sees("They have been asked, and have two weeks to answer.")

    ben.sign_in(f"ben{n}@example.org", PASSWORD)
    ben.open("/").locator("main a[href^='/account/proposals/']").first.click()
    ben.press("Yes, I will")
    ben.sees("You are deputy now. Nothing changes until they are away.")
    ben.open("/joined")
    ben.sees("This is for those who look after the community.")

    mei.open("/account/roles").locator("main a[href^='/account/roles/']").first.click()
    open_all(mei, "Note an absence")
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    mei.fill("First day", str(today))
    mei.fill("Last day", str(today + timedelta(days=3)))
    mei.press("Note it")
    mei.sees("%(name)s stands in", name=f"Ben{n}")
    ben.open("/joined").locator(".strips").wait_for()

    resident.sign_in(f"cai{n}@example.org", PASSWORD)
    resident.open("/roles")
    resident.sees("%(name)s stands in", name=f"Ben{n}")

    mei.press("I am back")
    mei.sees("Welcome back. Whoever stood in has been told.")
    ben.open("/joined")
    ben.sees("This is for those who look after the community.")


@pytest.mark.parametrize(("tag", "js"), EVERY_PHONE)
def test_an_administrator_sees_how_far_the_estate_has_joined_down_to_the_door(demo, phone, tag, js):
    boss = phone(demo, tag, js=js)
    boss.sign_in(*demo.demo_sign_in("administrator"))
    page = boss.open("/")
    page.locator("main a[href='/joined'] svg.facade").wait_for()
    page.locator("main a[href='/joined']").click()
    expect(page.locator("main .strips li")).to_have_count(8)
    page.locator("main .strips a").first.click()
    page.wait_for_url(re.compile(r"/joined/\d+$"))
    for look in ("nobody", "somebody", "everybody"):
        assert page.locator(f".window.{look}").count() > 0
    assert page.locator("main table").count() == 1
    page.locator("a.window").first.click()
    page.wait_for_url(re.compile(r"/admin/households/\d+$"))
