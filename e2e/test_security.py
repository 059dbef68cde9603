"""Keys lost and found: a passkey, an app's six digits, and a steward who helps a neighbour in again."""

import time
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import expect

from e2e.conftest import House, Phone
from e2e.furnish import PASSWORD
from e2e.test_for_everybody import violations

EVERY_PHONE = [(tag, js) for tag in ("en", "zh-Hans") for js in (True, False)]
A_PHONES_OWN = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def keys() -> Iterator[House]:
    house = House("e2e.furnish_keys", host="localhost")
    yield house
    house.close()


def with_a_fingerprint(phone: Phone) -> None:
    """Chromium's own stand-in for the chip in a phone."""
    line = phone.context.new_cdp_session(phone.page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": A_PHONES_OWN})


def sign_out(phone: Phone) -> None:
    phone.open("/account")
    phone.press("Sign out")
    phone.page.wait_for_url(phone.house.url + "/")


@pytest.mark.postgres
def test_a_new_officer_adds_a_passkey_and_comes_in_by_it(keys, phone):
    lin = phone(keys, "zh-Hans")
    with_a_fingerprint(lin)
    lin.sign_in("lin@example.org", PASSWORD)
    assert lin.page.get_by_text(lin.says("Add a second factor")).count() == 1  # the line on Home
    lin.open("/admin")
    lin.page.locator("a.note[href='/account/security']").click()
    assert violations(lin) == []
    lin.press("Add a passkey")
    assert violations(lin) == []
    lin.press("Make the passkey")
    lin.sees("Your passkey is added.")
    lin.press("Make recovery codes")
    expect(lin.page.locator(".codes li")).to_have_count(8)
    assert violations(lin) == []

    sign_out(lin)
    lin.open("/sign-in")
    lin.press("Sign in with a passkey")
    lin.page.wait_for_url(keys.url + "/")
    lin.open("/account/security")
    assert lin.says("Last used %(when)s", when="").strip() in lin.page.locator("main").inner_text()

    sign_out(lin)
    lin.sign_in("lin@example.org", PASSWORD)
    assert "/sign-in/second" in lin.page.url
    assert violations(lin) == []
    lin.press("Use your passkey")
    lin.page.wait_for_url(keys.url + "/")
    lin.open("/account/security")
    lin.press("Remove")
    lin.page.locator("dialog button[value=yes]").click()
    lin.sees("Your role needs a second factor. Add another one before you remove this one.")


@pytest.mark.parametrize(("n", "tag", "js"), [(n, *each) for n, each in enumerate(EVERY_PHONE)])
def test_an_authenticator_app_is_added_and_asked_for(keys, phone, n, tag, js):
    ana = phone(keys, tag, js=js)
    ana.sign_in(f"1381234567{n}", PASSWORD)
    ana.open("/account/security/authenticator")
    app = pyotp.parse_uri(ana.page.locator("a[href^=otpauth]").get_attribute("href"))
    ana.fill("Six digits", "000000")
    ana.press("Add the app")
    ana.sees("That code does not fit. Is the time on your phone right?")
    ana.fill("Six digits", app.now())
    ana.press("Add the app")
    ana.press("Make recovery codes")
    paper = ana.page.locator(".codes li").first.inner_text()

    sign_out(ana)
    ana.sign_in(f"1381234567{n}", PASSWORD)
    ana.fill("Code", app.at(time.time() + 30))  # the one before was used up when it was added
    ana.press("Continue")
    ana.page.wait_for_url(keys.url + "/")
    sign_out(ana)
    ana.sign_in(f"1381234567{n}", PASSWORD)
    ana.fill("Code", paper.upper())
    ana.press("Continue")
    ana.page.wait_for_url(keys.url + "/")
    ana.open("/account/security")
    ana.press("Remove the app")
    if js:
        ana.page.locator("dialog button[value=yes]").click()
    ana.sees("The authenticator app is removed.")


@pytest.mark.parametrize(("n", "tag", "js"), [(n, *each) for n, each in enumerate(EVERY_PHONE)])
def test_a_phone_from_before_the_second_factor_is_asked_for_it_and_goes_on(keys, phone, n, tag, js):
    old, new = phone(keys, tag, js=js), phone(keys, tag, js=js)
    for each in (old, new):
        each.sign_in(f"1381234567{n}", PASSWORD)
    new.open("/account/security/authenticator")
    app = pyotp.parse_uri(new.page.locator("a[href^=otpauth]").get_attribute("href"))
    new.fill("Six digits", app.now())
    new.press("Add the app")

    old.open("/account/security/login")
    old.sees("This browser has not shown your second factor yet, and the password alone is not enough here.")
    assert old.page.locator("input[type=password]").count() == 0
    assert violations(old) == [] if js else True
    old.fill("Code", app.at(time.time() + 30))
    old.press("Show the second factor")
    expect(old.page.get_by_label(old.says("Code"), exact=True)).to_have_count(0)
    assert old.page.url.endswith("/account/security/login")
    new.open("/account/security")
    new.press("Remove the app")
    if js:
        new.page.locator("dialog button[value=yes]").click()
    new.sees("The authenticator app is removed.")


@pytest.mark.parametrize(("n", "tag", "js"), [(n, *each) for n, each in enumerate(EVERY_PHONE)])
def test_a_steward_helps_a_neighbour_who_forgot_the_password(keys, phone, n, tag, js):
    ana, zhao = phone(keys, tag, js=js), phone(keys, tag, js=js)
    ana.open("/sign-in")
    ana.press("Forgot the password?")
    ana.sees("Ask your steward")

    zhao.sign_in("zhao@example.org", PASSWORD)
    zhao.open("/neighbours")
    zhao.open(f"/neighbours/{n + 3}")
    zhao.press("A new password for them")
    assert violations(zhao) == [] if js else True
    zhao.press("Make the code")
    code = zhao.page.locator("main .code").first.inner_text()

    ana.press("Enter the code")
    ana.fill("Code", code)
    ana.press("Continue")
    ana.fill("The last four digits of your phone", "0000")
    ana.fill("New password", "four quite plain words")
    ana.press("Set the password")
    ana.sees("Those digits do not fit. Please look again.")
    ana.fill("The last four digits of your phone", f"567{n}")
    ana.fill("New password", "four quite plain words")
    ana.press("Set the password")
    ana.sees("Your new password is set. Sign in with it.")
    ana.sign_in(f"1381234567{n}", "four quite plain words")
    ana.open("/notices")
    ana.sees("Your password was set anew, and all your sign-ins were ended.")
    ana.sees("%(by)s made a code with which your password can be set anew, good for ten minutes.", by="Zhao")
