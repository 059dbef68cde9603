"""How somebody becomes one of us: by a poster and two neighbours, by a slip, and with another phone."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error

from e2e.furnish import PASSWORD

EVERY_PHONE = [(tag, js) for tag in ("en", "zh-Hans") for js in (True, False)]
THREE = {"en": "Building 3", "zh-Hans": "3 号楼"}


def agree(phone) -> None:
    for words in ("I accept the terms and the privacy notice", "I am 14 or older"):
        phone.page.get_by_role("checkbox", name=re.compile(re.escape(phone.says(words)))).check()


def the_code(phone) -> str:
    return phone.page.locator(".code").first.inner_text().replace(" ", "")


@pytest.mark.postgres
@pytest.mark.parametrize(("tag", "js"), EVERY_PHONE)
def test_a_stranger_at_the_poster_is_vouched_for_by_two_and_is_in(house, phone, tag, js):
    home = house("e2e.furnish")
    lin, fang, ana, ben = [phone(home, tag, js=js) for _ in range(4)]
    lin.sign_in("lin@example.org", PASSWORD)
    lin.open("/posters")
    lin.page.get_by_label(lin.says("Area")).select_option(label=THREE[tag])
    lin.press("Make the poster")
    lin.sees("Close this poster")
    code = the_code(lin)

    fang.open("/join")
    fang.fill("Code", code)
    fang.press("Continue")
    fang.fill("Your name", "Fang")
    fang.fill("Your door, as neighbours say it", "3-2-501")
    fang.fill("Phone or e-mail", "fang@example.org")
    fang.fill("Password", PASSWORD)
    fang.press("Ask to be let in")
    fang.sees("Without this we may not keep anything about you.")
    assert fang.page.get_by_label(fang.says("Your name")).input_value() == "Fang"
    fang.fill("Password", PASSWORD)
    agree(fang)
    fang.press("Ask to be let in")
    fang.page.wait_for_url("**/waiting")
    shown = the_code(fang)

    answers = ("Thank you. One more neighbour is needed.", "Thank you. They are in now.")
    for neighbour, name, heard in zip((ana, ben), ("ana0", "ben0"), answers, strict=True):
        neighbour.sign_in(f"{name}@example.org", PASSWORD)
        neighbour.open("/vouch")
        neighbour.fill("Code", shown)
        neighbour.press("Continue")
        neighbour.press("I know this person")
        neighbour.sees(heard)

    with suppress(Error):  # the page where they waited may be on its way there by itself
        fang.open("/")
    fang.page.wait_for_url(home.url + "/")
    assert "Fang" in fang.page.locator("h1").inner_text()


@pytest.mark.parametrize(("tag", "js"), EVERY_PHONE)
def test_a_slip_is_printed_claimed_and_used_up(house, phone, tag, js):
    home = house("e2e.furnish")
    lin, mei = phone(home, tag, js=js), phone(home, tag, js=js)
    lin.sign_in("lin@example.org", PASSWORD)
    lin.open("/slips")
    lin.page.get_by_label(lin.says("Area")).select_option(label=THREE[tag])
    lin.press("See who needs one")
    lin.sees("Mei")
    lin.press("Make the slips")
    code = the_code(lin)

    mei.open(f"/join/{code}")
    mei.fill("Phone or e-mail", "mei@example.org")
    mei.fill("Password", PASSWORD)
    agree(mei)
    mei.press("Set the password and come in")
    mei.page.wait_for_url(home.url + "/")
    assert "Mei" in mei.page.locator("h1").inner_text()
    lin.open(f"/join/{code}")
    lin.sees("That code is not valid any more. Ask whoever gave it to you for a new one.")


@pytest.mark.parametrize(("tag", "js"), EVERY_PHONE)
def test_another_phone_comes_in_when_both_say_so(house, phone, tag, js):
    home = house("e2e.furnish")
    old, new = phone(home, tag, js=js), phone(home, tag, js=js)
    old.sign_in("ana0@example.org", PASSWORD)
    old.open("/account/sessions")
    old.press("Sign in another phone")
    old.press("Show the code")
    code = the_code(old)

    new.open(f"/phone/{code}")
    new.press("Continue")
    new.sees("Choose this number on your other phone")
    number = the_code(new)
    if not js:
        old.press("The other phone shows a number")
    old.sees("Which number does the other phone show?")
    old.page.get_by_role("button", name=number, exact=True).click()
    old.sees("That was the number")
    if not js:
        new.press("I have chosen it")
    new.sees("Your other phone said yes.")
    new.press("Come in")
    new.page.wait_for_url(home.url + "/")
    assert "Ana0" in new.page.locator("h1").inner_text()


def test_inside_wechat_the_browser_is_offered_first_and_there_is_a_way_on(house, phone):
    home = house("e2e.furnish")
    fang = phone(home, user_agent="Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0")
    fang.open("/join/nosuchcode")
    fang.sees("Open in your browser")
    fang.press("I cannot. Go on here")
    fang.sees("That code is not valid any more. Ask whoever gave it to you for a new one.")
