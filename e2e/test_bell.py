"""The bell rings on the page that is open, and a notice is followed with one press."""

import pytest

from e2e.furnish import PASSWORD

BELL = "#bell[data-unread='{}']"


@pytest.mark.postgres
def test_the_bell_rings_without_a_reload_and_the_list_grows(house, phone):
    home = house("e2e.furnish")
    ana = phone(home)
    ana.sign_in("ana0@example.org", PASSWORD)
    page = ana.open("/notices")
    ana.sees("Nothing yet")
    page.evaluate("window.never_left = true")

    home.run("e2e.ring")
    page.wait_for_selector(BELL.format(1))
    page.get_by_role("button", name="Ben0 asks for your help").wait_for()
    assert page.title().startswith("(1)")
    home.run("e2e.ring")
    page.wait_for_selector(BELL.format(2))
    assert page.evaluate("window.never_left")

    page.get_by_role("button", name="Ben0 asks for your help").first.click()
    page.wait_for_url(f"{home.url}/account")
    page.wait_for_selector(BELL.format(1))


def test_two_rings_on_a_slow_line_are_both_heard(house, phone):
    home = house("e2e.furnish")
    ana = phone(home)
    ana.sign_in("ana0@example.org", PASSWORD)
    page, held = ana.open("/help"), []
    page.route("**/notices/count", lambda route: held.append(route))
    with page.expect_request("**/notices/count"):
        home.run("e2e.ring")
    ana.until(lambda: held)
    first = held.pop()
    answer = first.fetch()
    home.run("e2e.ring")
    page.wait_for_timeout(1000)  # its look comes meanwhile; were it later, it would be heard all the more
    first.fulfill(response=answer)
    page.unroute("**/notices/count")
    for later in held:
        later.continue_()
    page.wait_for_selector(BELL.format(2))


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_without_scripts_a_notice_is_read_and_followed_too(house, phone, tag):
    home = house("e2e.furnish")
    home.run("e2e.ring")
    ana = phone(home, tag, js=False)
    ana.sign_in("ana0@example.org", PASSWORD)
    page = ana.open("/notices")
    ana.sees("Today")

    page.locator("li.unread button").click()
    page.wait_for_url(f"{home.url}/account")
    ana.open("/notices")

    assert page.locator("li.unread").count() == 0
    assert page.locator(BELL.format(0)).count() == 1
    assert page.locator("main li a[href='/account']").count() == 1
