"""A line so bad that scripts come late or not at all, and the first try fails: nothing is lost, and no page breaks."""

from collections.abc import Iterator

import pytest

from e2e.conftest import House, Phone
from e2e.furnish import PASSWORD
from e2e.test_bell import BELL
from e2e.test_shell import DRAFTS


@pytest.fixture(scope="module")
def home() -> Iterator[House]:
    house = House("e2e.furnish")
    yield house
    house.close()


@pytest.fixture
def somebody(home, phone):
    """Signed in, and without a service worker: it would have kept the scripts that are to come late."""

    def signed_in(name: str) -> Phone:
        theirs = phone(home, service_workers="block")
        theirs.sign_in(f"{name}@example.org", PASSWORD)
        return theirs

    return signed_in


def a_need(ana: Phone, words: str) -> str:
    ana.open("/help/new")
    ana.page.get_by_label("What is it about?", exact=True).select_option("groceries")
    ana.fill("What do you need?", words)
    ana.page.locator("main form[action='/help/new'] button").last.click()
    ana.sees("Asked. You hear from us as soon as somebody takes it.")
    return ana.page.url


def without(who: Phone, script: str) -> None:
    """From here on that script never arrives. A page is then never whole, so nobody waits for it to be."""
    who.page.route(f"**/js/{script}.*.js", lambda route: None)


def test_what_was_said_while_a_page_was_long_on_its_way_is_heard(home, somebody):
    ana, late = somebody("ana0"), []
    ana.page.route("**/js/live.*.js", lambda route: late.append(route))
    ana.page.goto(f"{home.url}/notices", wait_until="commit")
    ana.page.locator(BELL.format(0)).wait_for()
    home.run("e2e.ring")
    ana.page.wait_for_timeout(10_500)  # what was said in the last ten seconds the server tells again
    assert ana.page.locator(BELL.format(0)).count() == 1
    late.pop().continue_()
    ana.page.wait_for_selector(BELL.format(1))


@pytest.mark.parametrize("trouble", ["no answer", "no server"])
def test_a_page_whose_stream_could_not_be_opened_tries_again(home, somebody, trouble):
    ana, tries = somebody("ana0"), []

    def once(route) -> None:
        tries.append(route)
        if len(tries) > 1:
            return route.continue_()
        page = "<!doctype html><h1>Bad Gateway</h1>"
        return (
            route.abort() if trouble == "no answer" else route.fulfill(status=502, content_type="text/html", body=page)
        )

    ana.page.route("**/changes", once)
    with ana.page.expect_response(lambda answer: answer.url.endswith("/changes") and answer.ok):
        ana.open("/help")
    assert ana.page.locator("#refusal").is_hidden(), "nobody asked for it, so nobody hears of it"
    unread = int(ana.page.locator("#bell").get_attribute("data-unread"))
    home.run("e2e.ring")
    ana.page.wait_for_selector(BELL.format(unread + 1))


def test_before_its_scripts_are_there_a_page_is_sent_like_any_other(somebody):
    ana, ben = somebody("ana1"), somebody("ben1")
    need = a_need(ana, "Rice")
    without(ben, "answers")
    ben.page.goto(need, wait_until="commit")
    take = ben.page.get_by_role("button", name="I take it", exact=True)
    take.wait_for()
    ben.page.wait_for_timeout(1000)
    ben.context.clear_cookies()

    take.click()
    ben.page.locator("main").get_by_role("button", name="Sign in", exact=True).wait_for()
    assert ben.page.locator("header.bar").count() == 1, "one page, and not a page within a page"


def test_what_was_sent_without_htmx_is_not_kept_as_a_draft(somebody):
    ana, ben = somebody("ana2"), somebody("ben2")
    need = a_need(ana, "Beans")
    ben.page.route("**/js/htmx.*.js", lambda route: route.abort())
    ben.open(need)
    ben.press("I take it")
    ben.sees("How to reach %(name)s", name="Ana2")
    ben.page.wait_for_load_state()
    assert ben.page.evaluate(DRAFTS) == []
