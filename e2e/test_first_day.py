"""The first day: the printed link is opened and there is a community."""

import pytest

EVERY_PHONE = [(tag, js) for tag in ("en", "zh-Hans") for js in (True, False)]


@pytest.mark.postgres
@pytest.mark.parametrize(("tag", "js"), EVERY_PHONE)
def test_whoever_opens_the_printed_link_makes_the_community_and_comes_back_in(house, phone, tag, js):
    home = house()
    lin = phone(home, tag, js=js)

    lin.open(home.set_up_link)
    lin.fill("Name of the community", "百川里")
    lin.fill("Your name", "林阿姨")
    lin.fill("Phone or e-mail", "no phone")
    lin.fill("Password", "three plain words")
    lin.press("Make the community")
    lin.sees("That phone number cannot be right. Please look again.")
    assert lin.page.get_by_label(lin.says("Your name")).input_value() == "林阿姨"

    lin.fill("Phone or e-mail", "lin@example.org")
    lin.fill("Password", "three plain words")
    lin.press("Make the community")
    lin.page.wait_for_url(home.url + "/")
    assert "林阿姨" in lin.page.locator("h1").inner_text()

    lin.open("/account")
    lin.press("Sign out")
    lin.page.wait_for_url(home.url + "/")
    lin.open("/account")
    assert lin.page.get_by_label(lin.says("Password"), exact=True).count()
    lin.sign_in("lin@example.org", "three plain words")
    assert "林阿姨" in lin.page.locator("h1").inner_text()


def test_a_wrong_password_is_said_beside_its_field_and_the_login_stays(house, phone):
    lin = phone(house("e2e.furnish"))
    lin.open("/sign-in")
    lin.fill("Phone or e-mail", "lin@example.org")
    lin.fill("Password", "not this one")
    lin.page.locator("main").get_by_role("button", name="Sign in").click()
    lin.sees("Phone, e-mail or password is not right. Please look again.")
    assert lin.page.get_by_label("Phone or e-mail").input_value() == "lin@example.org"
