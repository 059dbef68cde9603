"""A neighbour needs something: asked, rung, taken, on the way, done, confirmed. And by a link, without an account."""

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import House
from e2e.furnish import PASSWORD
from e2e.test_first_day import EVERY_PHONE

PAIRS = [
    pytest.param(pair, tag, js, marks=[pytest.mark.postgres] if pair == 2 else [])
    for pair, (tag, js) in enumerate(EVERY_PHONE)
]


@pytest.fixture(scope="module")
def furnished():
    house = House("e2e.furnish")
    yield house
    house.close()


def choose(phone, label: str, value: str) -> None:
    phone.page.get_by_label(phone.says(label), exact=True).first.select_option(value)


def main(phone) -> str:
    return phone.page.locator("main").inner_text()


@pytest.mark.parametrize(("pair", "tag", "js"), PAIRS)
def test_groceries_from_asking_until_the_door_is_out_of_sight(furnished, phone, pair, tag, js):
    ana, ben = phone(furnished, tag, js=js), phone(furnished, tag, js=js)
    ana.sign_in(f"ana{pair}@example.org", PASSWORD)
    ben.sign_in(f"ben{pair}@example.org", PASSWORD)

    ana.open("/help")
    ana.press("Ask for help")
    choose(ana, "What is it about?", "groceries")
    ana.fill("What do you need?", f"第{pair}袋米")
    ana.fill("Only for whoever comes", "放在门口")
    ana.page.locator("main form[action='/help/new'] button").last.click()
    ana.sees("Asked. You hear from us as soon as somebody takes it.")

    ben.open("/help?show=can")
    ben.page.get_by_text(f"第{pair}袋米").first.click()
    ben.page.wait_for_url(re.compile(r"/help/\d+$"))
    assert "放在门口" not in main(ben) and "138 1234" not in main(ben)
    ben.press("I take it")
    ben.sees("How to reach %(name)s", name=f"Ana{pair}")
    assert "放在门口" in main(ben) and "138 1234" in main(ben)
    word = ben.page.locator(".known-by").inner_text()

    ana.open("/notices")
    ana.page.get_by_text(f"Ben{pair}").first.click()
    ana.page.wait_for_url(re.compile(r"/help/\d+$"))
    ana.sees("How to reach %(name)s", name=f"Ben{pair}")
    assert ana.page.locator(".known-by").inner_text() == word

    ben.press("I am on the way")
    ben.page.get_by_role("button", name=ben.says("I am on the way")).wait_for(state="detached")
    ben.press("It is done")
    ben.sees("Waits for their word on it")
    ana.page.reload()
    ana.press("Yes, it was done. Thank you")
    ana.sees("Confirmed")
    expect(ana.page.locator(".known-by")).to_have_count(0)
    furnished.run("e2e.a_day_later")
    ben.page.reload()
    assert "放在门口" not in main(ben) and "138 1234" not in main(ben)


@pytest.mark.parametrize(("pair", "tag", "js"), PAIRS)
def test_a_guest_asks_by_the_form_and_follows_the_link(furnished, phone, pair, tag, js):
    mei, zhao, ben = [phone(furnished, tag, js=js) for _ in range(3)]
    mei.open("/")
    mei.press("Ask for help without an account")
    choose(mei, "What is it about?", "parcel")
    mei.fill("What do you need?", f"第{pair}箱牛奶")
    mei.fill("Your name", "Mei")
    mei.fill("Phone", f"1390013800{pair}")
    mei.fill("Your door, as neighbours say it", "5-1-101")
    mei.page.get_by_role("checkbox").check()
    mei.press("Ask for help")
    mei.sees("Waits for an officer to let it in")
    code = mei.page.locator(".code").inner_text()

    zhao.sign_in("zhao@example.org", PASSWORD)
    zhao.open("/help")
    zhao.page.get_by_text(f"第{pair}箱牛奶").first.click()
    zhao.page.wait_for_url(re.compile(r"/help/\d+$"))
    zhao.sees("Call before you let it in: is it a neighbour, and is it meant so?")
    zhao.press("Let it onto the board")
    zhao.sees("It stands on the board now.")

    ben.sign_in(f"ben{pair}@example.org", PASSWORD)
    ben.open("/help?show=can")
    ben.page.get_by_text(f"第{pair}箱牛奶").first.click()
    ben.page.wait_for_url(re.compile(r"/help/\d+$"))
    ben.press("I take it")
    ben.sees("How to reach %(name)s", name="Mei")
    assert "5-1-101" in main(ben)

    mei.open("/help/by")
    mei.fill("Code", code.upper())
    mei.press("Continue")
    mei.sees("How to reach %(name)s", name=f"Ben{pair}")
    mei.press("It is done")
    mei.press("Yes, it was done. Thank you")
    mei.sees("Confirmed")
