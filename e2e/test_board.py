"""The board and its officers: read where it is for, and nowhere else; a report, a suspension, another pair of eyes."""

import re

import pytest

from e2e.conftest import House
from e2e.furnish import PASSWORD
from e2e.test_first_day import EVERY_PHONE

PAIRS = [(pair, tag, js) for pair, (tag, js) in enumerate(EVERY_PHONE)]


@pytest.fixture(scope="module")
def furnished():
    house = House("e2e.furnish")
    yield house
    house.close()


def somebody(phone, house, name, tag, js):
    one = phone(house, tag, js=js)
    one.sign_in(f"{name}@example.org", PASSWORD)
    return one


def choose(one, name, label):
    """An option by a piece of what it says."""
    value = one.page.locator(f"[name={name}] option", has_text=re.compile(label)).get_attribute("value")
    one.page.locator(f"[name={name}]").select_option(value)


@pytest.mark.parametrize(("pair", "tag", "js"), PAIRS)
def test_an_announcement_to_a_building_is_read_there_and_nowhere_else(furnished, phone, pair, tag, js):
    lin, ana, ben = (somebody(phone, furnished, name, tag, js) for name in ("lin", f"ana{pair}", f"ben{pair}"))
    title = f"停水 {tag} {js}"

    lin.open("/announcements/new")
    choose(lin, "area", r"3")
    lin.page.locator("[name=title_0]").fill(title)
    lin.page.locator("[name=words_0]").fill("周三上午。")
    lin.press("Put it on the board")
    lin.sees("It hangs on the board, and everybody there has been told.")
    path = lin.page.url

    ana.open("/announcements").get_by_text(title).first.click()
    ana.page.wait_for_url(path)
    ana.sees("Only in Chinese")
    assert ben.open("/announcements").get_by_text(title).count() == 0
    assert ben.page.goto(path).status == 404

    lin.open(path)
    lin.press("Door notice to print")
    lin.page.locator(".door-notice .qr").wait_for()


@pytest.mark.parametrize(("pair", "tag", "js"), PAIRS)
def test_a_report_a_suspension_and_another_officer_who_lifts_it(furnished, phone, pair, tag, js):
    lin, zhao, ana, ben = (
        somebody(phone, furnished, name, tag, js) for name in ("lin", "zhao", f"ana{pair}", f"ben{pair}")
    )
    ben.open("/skills/new")
    ben.fill("What can you do?", f"Cheap phones {tag} {js}")
    ben.press("Offer it")
    ben.sees("Your neighbours can find it now.")

    ana.open(ben.page.url.replace("/edit", ""))
    ana.press("Report")
    ana.page.locator("[name=rule][value=selling]").check()
    ana.press("Send the report")
    ana.sees("Thank you. An officer looks at it, and you hear how it ended.")

    lin.open("/reports").locator("main nav a.row").first.click()
    lin.page.locator("[name=measure][value=suspension]").check()
    lin.fill("Why", "We do not sell here.")
    lin.press("Decide")
    lin.sees("Decided. Those it concerns have been told.")

    ben.open("/account/decisions").get_by_text("We do not sell here.").wait_for()
    ben.page.locator("summary", has_text=ben.says("I disagree")).click()
    ben.fill("What should another officer know?", "It was a gift.")
    ben.press("Send")
    ben.sees("Another officer is looking at it.")

    zhao.open("/reports").locator("main nav a.row").first.click()
    zhao.page.locator("[name=verdict][value=overturned]").check()
    zhao.fill("Why", "So it was.")
    zhao.press("Decide")
    zhao.sees("Decided. Those it concerns have been told.")
    ben.open("/")
    assert ben.page.url == f"{furnished.url}/"
