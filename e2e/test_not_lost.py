"""Whatever a form meets on its way: it leaves the phone when the house has stored it, and for no other reason."""

import re

import pytest

from e2e.conftest import House, Phone
from e2e.furnish import PASSWORD
from e2e.offline import SENT, WAITS, a_need, say_there, until

NO_LOCKS = "delete Navigator.prototype.locks"
SEND = "kith.who().then((person) => kith.send(person))"
REFUSED = "kith.who().then((person) => kith.waiting(person)).then((all) => all.map((each) => each.refused ?? 0))"
FORMS = re.compile(r"/help/\d+/\w+$")
CAFE = "<html><main id=main><h1>Welcome to the café. Please sign in.</h1></main></html>"
SENT_BY_ANOTHER = "(send => { kith.send = async (person) => { await send(person); return send(person); } })(kith.send)"
OTHERS = {
    "a café's page": {"status": 200, "body": CAFE},
    "a café's page that says where": {"status": 200, "body": CAFE, "headers": {"Kith-Location": "/help/1"}},
    "nothing at all": {"status": 204},
    "a way elsewhere": {"status": 302, "headers": {"Location": "/about"}},
    "a way to the sign-in": {"status": 303, "headers": {"Location": "/sign-in"}},
    "a proxy that knows nobody": {"status": 401, "body": "no"},
    "a proxy that finds it too large": {"status": 413, "body": "no"},
    "a proxy that finds nothing": {"status": 404, "body": "no"},
    "a house that fell": {"status": 500, "body": "no"},
    "a house that is away": {"status": 503, "body": "no"},
}


@pytest.fixture(scope="module")
def home():
    house = House("e2e.furnish")
    yield house
    house.close()


def answered_by(phone: Phone, answer: dict) -> list[str]:
    """From now on that answers every form on the way; the house hears nothing of them. Not beside a service worker:
    a journey sees nothing of what passed one by."""
    asked: list[str] = []

    def instead(route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        asked.append(route.request.url)
        route.fulfill(**answer)

    phone.page.unroute_all()
    phone.page.route(FORMS, instead)
    return asked


def count(phone: Phone, words: str) -> int:
    return phone.page.get_by_text(words, exact=True).count()


def test_what_somebody_else_answers_is_no_answer(home, phone):
    ana = phone(home, service_workers="block")
    ana.sign_in("ana0@example.org", PASSWORD)
    need = a_need(ana, "Candles")
    answered_by(ana, OTHERS["a café's page"])
    say_there(ana, "Two are enough")
    ana.sees("Waiting to be sent.")
    for name, answer in OTHERS.items():
        asked = answered_by(ana, answer)
        ana.page.evaluate(SEND)
        assert asked and ana.page.evaluate(REFUSED) == [0], name

    ana.page.unroute_all()
    ana.open(need)
    until(ana, SENT)
    ana.open(need)
    assert count(ana, "Two are enough") == 1


def test_a_house_that_breaks_on_one_form_takes_the_next_one(home, phone):
    """And the older one is not sent after it by itself: what was said first would come last."""
    ana = phone(home, service_workers="block")
    ana.sign_in("ana1@example.org", PASSWORD)
    need = a_need(ana, "Matches")
    answered_by(ana, OTHERS["a house that is away"])
    for words in ("First", "Second"):
        say_there(ana, words)
        until(ana, f"{WAITS}.then((n) => n === {1 if words == 'First' else 2})")
        ana.page.locator("form[data-outbox] [aria-busy]").wait_for(state="detached")
    broken: list[str] = []

    def breaks(route) -> None:
        if route.request.method != "POST" or "First" not in (route.request.post_data or ""):
            return route.fallback()
        broken.append(route.request.url)
        route.fulfill(status=500, headers={"Kith-Answer": route.request.headers["kith-person"]}, body="<h1>no</h1>")

    ana.page.unroute_all()
    ana.page.route(FORMS, breaks)
    ana.page.evaluate(SEND)
    assert broken and ana.page.evaluate(REFUSED) == [500]
    ana.open(need)
    assert (count(ana, "First"), count(ana, "Second")) == (0, 1)
    ana.sees("One thing could not be sent.")
    ana.page.unroute_all()
    ana.open("/offline")
    ana.press("Mend it")
    ana.page.wait_for_url(f"**{need}")
    ana.press("Send")
    until(ana, SENT)
    ana.open(need)
    assert (count(ana, "First"), count(ana, "Second")) == (1, 1)


@pytest.mark.parametrize("locks", [True, False], ids=["with locks", "without locks"])
def test_several_pages_of_one_phone_send_it_once(home, phone, locks):
    first = phone(home)
    first.sign_in(f"ana{2 + locks}@example.org", PASSWORD)
    if not locks:
        first.context.add_init_script(NO_LOCKS)
    need = a_need(first, "Bread")
    first.context.set_offline(True)
    say_there(first, "Dark bread")
    first.sees("Waiting to be sent.")
    pages = [first.page, *(first.context.new_page() for _ in range(3))]
    first.context.set_offline(False)
    for page in pages[1:]:
        page.goto(home.url + "/about", wait_until="commit")
    until(first, SENT)
    first.open(need)
    assert count(first, "Dark bread") == 1


def test_pressed_while_another_page_sends_it_is_told_as_sent(home, phone):
    ben = phone(home)
    ben.sign_in("ben0@example.org", PASSWORD)
    a_need(ben, "Salt")
    ben.page.evaluate(SENT_BY_ANOTHER)
    say_there(ben, "A little")
    ben.page.locator("li", has_text="A little").wait_for()
    assert count(ben, "A little") == 1 and ben.page.locator(".waits-here").count() == 0


def test_what_the_house_refuses_stands_beside_its_field_and_what_was_typed_is_there(home, phone):
    ben = phone(home)
    ben.sign_in("ben1@example.org", PASSWORD)
    ben.open("/help/new")
    ben.fill("What do you need?", "Sugar")
    ben.press("Ask for help")
    ben.page.locator("[aria-invalid=true]").first.wait_for()
    assert ben.page.get_by_label("What do you need?", exact=True).input_value() == "Sugar"
    assert ben.page.evaluate(WAITS) == 0
    ben.page.get_by_label("What is it about?", exact=True).first.select_option("groceries")
    ben.press("Ask for help")
    ben.page.wait_for_url(re.compile(r"/help/\d+$"))
    ben.sees("Sugar")


def test_a_button_that_is_refused_stays_with_the_houses_words(home, phone):
    ben, zhao = phone(home), phone(home)
    ben.sign_in("ben2@example.org", PASSWORD)
    need = a_need(ben, "Tea", "parcel")
    zhao.sign_in("zhao@example.org", PASSWORD)
    zhao.open(need)
    zhao.press("I take it")
    zhao.page.get_by_role("button", name="I am on the way", exact=True).wait_for()
    ben.open(need)
    ben.press("No longer needed")
    ben.page.get_by_role("dialog").get_by_role("button", name="No longer needed").click()
    ben.page.get_by_role("button", name="No longer needed", exact=True).wait_for(state="hidden")
    zhao.press("I am on the way")
    zhao.sees("That is not here, or not yours to see.")
    assert zhao.page.evaluate(REFUSED) == [404]
    zhao.open("/offline")
    zhao.sees("That is not here, or not yours to see.")
    zhao.press("Discard")
    zhao.page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    until(zhao, f"{WAITS}.then((n) => n === 0)")
