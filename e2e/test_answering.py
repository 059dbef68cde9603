"""Something happens: Home is the alert, and whoever lives there says how they are. With a script and without."""

import re
from collections.abc import Iterator

import pytest

from e2e.conftest import House
from e2e.furnish import PASSWORD
from e2e.test_first_day import EVERY_PHONE
from e2e.test_for_everybody import LANGUAGES, violations

WORDS = {"en": "No water, about four hours", "zh-Hans": "停水：全小区，约四小时"}


@pytest.fixture(scope="module")
def furnished() -> Iterator[House]:
    house = House("e2e.furnish")
    yield house
    house.close()


@pytest.fixture
def house_of_four(furnished) -> Iterator[House]:
    """In which nothing is going on any more when the next neighbour comes."""
    yield furnished
    furnished.run("e2e.furnish_alert", "end")


def happens(house: House, kind: str = "real", level: str = "urgent") -> str:
    return house.run("e2e.furnish_alert", "declare", kind, level)


def main(phone) -> str:
    return phone.page.locator("main").inner_text()


def headline(phone) -> str:
    return phone.page.get_by_role("heading", level=1).inner_text()


PHONES = [pytest.param(tag, js, marks=[pytest.mark.postgres] if js and tag == "en" else []) for tag, js in EVERY_PHONE]


@pytest.mark.parametrize(("tag", "js"), PHONES)
def test_safe_is_one_press_a_slip_is_undone_and_help_has_room_for_words(house_of_four, phone, tag, js):
    alert = happens(house_of_four)
    ana = phone(house_of_four, tag, js=js)
    ana.sign_in("ana0@example.org", PASSWORD)
    ana.open("/")
    assert headline(ana) == WORDS[tag]

    ana.press("I am safe")
    ana.sees("Noted: safe. Thank you.")
    ana.sees("Change my answer")
    ana.press("Undo")
    ana.sees("Undone. What was said before counts again.")
    ana.open("/")
    assert ana.page.get_by_role("button", name=ana.says("I am safe"), exact=True).is_visible()

    ana.press("I need help")
    ana.page.wait_for_url(re.compile(rf"/alerts/{alert}/roll-call"))
    ana.fill("In your own words", "楼道里有烟")
    ana.page.locator("#more").get_by_role("button", name=ana.says("Send"), exact=True).click()
    ana.page.wait_for_url(lambda url: url.endswith("/"))
    ana.sees("Needs help")
    ben = phone(house_of_four, tag, js=js)
    ben.sign_in("ben0@example.org", PASSWORD)
    ben.open("/help?show=open")
    ben.page.get_by_text(WORDS["zh-Hans"]).first.click()
    ben.sees("楼道里有烟")


@pytest.mark.parametrize(("tag", "js"), PHONES)
def test_all_of_us_is_one_press_and_the_other_hears_of_it(house_of_four, phone, tag, js):
    house_of_four.run("e2e.furnish_alert", "together", "Ana1", "Ben1")
    happens(house_of_four)
    ana, ben = phone(house_of_four, tag, js=js), phone(house_of_four, tag, js=js)
    ana.sign_in("ana1@example.org", PASSWORD)
    ana.open("/")
    assert "Ben1" in main(ana)
    ana.press("All %(n)s of us are safe", n=2)
    ana.sees("Noted: safe. Thank you.")

    ben.sign_in("ben1@example.org", PASSWORD)
    ben.open("/notices")
    ben.sees("%(name)s answered for you: %(answer)s", name="Ana1", answer=ben.says("Safe"))
    ben.open("/")
    ben.press("I need help")
    ben.page.wait_for_url(re.compile(r"/alerts/\d+/roll-call"))
    ben.open("/")
    ben.sees("Needs help")


@pytest.mark.parametrize(("tag", "js"), PHONES)
def test_by_the_link_of_a_letter_without_a_sign_in(house_of_four, phone, tag, js):
    alert = happens(house_of_four)
    path = house_of_four.run("e2e.furnish_alert", "link", alert, "Mei")
    mei = phone(house_of_four, tag, js=js)
    mei.open(path)
    assert WORDS[tag] in main(mei) and mei.page.get_by_role("navigation").count() == 0

    mei.press("I am safe")
    mei.sees("You have answered by this link already. To change it, sign in or ask somebody of your household.")
    mei.press("Undo")
    mei.page.get_by_role("button", name=mei.says("I need help"), exact=True).wait_for()

    house_of_four.run("e2e.furnish_alert", "end")
    mei.open(path)
    mei.sees("No answers are taken any more.")


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_an_open_home_becomes_the_alert_and_home_again_by_itself(house_of_four, phone, tag):
    ana = phone(house_of_four, tag)
    ana.sign_in("ana2@example.org", PASSWORD)
    ana.open("/")
    ana.page.locator("#home").wait_for()
    happens(house_of_four)
    ana.page.get_by_role("heading", name=WORDS[tag]).wait_for()
    ana.page.get_by_role("button", name=ana.says("I am safe"), exact=True).wait_for()
    house_of_four.run("e2e.furnish_alert", "end")
    ana.page.get_by_role("heading", name=WORDS[tag]).wait_for(state="detached")


@pytest.mark.parametrize("tag", LANGUAGES)
def test_axe_finds_nothing_on_any_page_of_it(house_of_four, phone, tag):
    house_of_four.run("e2e.furnish_alert", "together", "Ana3", "Ben3")
    ids = {kind: happens(house_of_four, kind, level) for kind, level in (("real", "caution"), ("exercise", "urgent"))}
    ana = phone(house_of_four, tag)
    ana.sign_in("ana3@example.org", PASSWORD)
    paths = ["/", "/?everyday=1", *(f"/alerts/{alert}/roll-call" for alert in ids.values()), "/answer"]
    paths += [house_of_four.run("e2e.furnish_alert", "link", alert, "Mei") for alert in ids.values()]
    found = {}
    for path in paths:
        ana.open(path)
        found[path] = violations(ana)
    ana.open("/")
    ana.press("I need help")
    ana.page.wait_for_url(re.compile(r"/alerts/\d+/roll-call"))
    found["help"] = violations(ana)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("js", [True, False])
def test_on_the_narrowest_phone_with_the_largest_text_both_buttons_are_whole(house_of_four, phone, js):
    happens(house_of_four)
    ana = phone(house_of_four, "en", js=js)
    ana.sign_in("ana0@example.org", PASSWORD)
    ana.page.set_viewport_size({"width": 320, "height": 640})
    ana.open("/")
    for words in ("I am safe", "I need help"):
        box = ana.page.get_by_role("button", name=ana.says(words), exact=True).bounding_box()
        assert box["width"] >= 120 and box["height"] >= 48 and box["x"] >= 0 and box["x"] + box["width"] <= 320
