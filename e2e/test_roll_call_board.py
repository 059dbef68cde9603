"""The board of an alert: open in another browser it follows; heard, by keyboard, and printed in black and white."""

import io
import re
from collections.abc import Iterator
from time import monotonic

import pytest
from PIL import Image

from e2e.conftest import House, Phone
from e2e.furnish import PASSWORD
from e2e.test_answering import happens
from e2e.test_for_everybody import violations

SELDOM = 15_000  # ms between two words to whoever listens
TOTALS = "[data-totals]"


@pytest.fixture(scope="module")
def furnished() -> Iterator[House]:
    house = House("e2e.furnish")
    yield house
    house.close()


@pytest.fixture
def estate(furnished) -> Iterator[House]:
    yield furnished
    furnished.run("e2e.furnish_alert", "end")


def signed_in(phone, house: House, tag: str, who: str) -> Phone:
    theirs: Phone = phone(house, tag)
    theirs.sign_in(f"{who}@example.org", PASSWORD)
    return theirs


def numbers(of: Phone) -> tuple[int, int]:
    found = re.fullmatch(r"(\d+) / (\d+)", of.page.locator("#board .number").first.inner_text().strip())
    assert found
    return int(found[1]), int(found[2])


@pytest.mark.parametrize("tag", ["en", pytest.param("zh-Hans", marks=pytest.mark.postgres)])
def test_help_asked_for_on_one_phone_stands_on_the_board_of_another_without_a_reload(estate, phone, tag):
    alert = happens(estate)
    zhao, ana = signed_in(phone, estate, tag, "zhao"), signed_in(phone, estate, tag, "ana0")
    zhao.open(f"/alerts/{alert}/board")
    before = numbers(zhao)
    ana.open("/")

    ana.press("I need help")
    began = monotonic()
    zhao.page.locator("#board").get_by_text(zhao.says("needs help"), exact=True).first.wait_for()

    print(f"on the open board {monotonic() - began:.2f} s after the press (asked: at most 2)")
    assert numbers(zhao) == (before[0] + 1, before[1])


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_whoever_listens_hears_the_totals_seldom_and_finds_everything_in_order(estate, phone, tag):
    alert = happens(estate)
    zhao, ana = signed_in(phone, estate, tag, "zhao"), signed_in(phone, estate, tag, "ana0")
    zhao.page.clock.install()
    zhao.open(f"/alerts/{alert}/board")
    headings = [each.strip() for each in zhao.page.locator("main :is(h1, h2)").all_inner_texts()]
    assert headings == [zhao.says(each) for each in ("Roll call", "Doors that answered", "Whom to look for first")]
    told = zhao.page.locator(TOTALS)
    assert told.get_attribute("role") == "status" and told.get_attribute("aria-live") == "polite"

    ana.open("/")
    ana.press("I am safe")
    ana.sees("Noted: safe. Thank you.")
    zhao.page.clock.run_for(5000)
    zhao.until(lambda: numbers(zhao)[0] == 1)
    assert told.inner_text() == "", "not with every answer"

    zhao.page.clock.run_for(SELDOM)
    zhao.until(lambda: told.inner_text() != "")
    assert told.inner_text() == zhao.page.locator("#board .card small").first.inner_text()
    assert violations(zhao) == []


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_by_keyboard_from_the_whole_to_a_building_to_a_door_and_back(estate, phone, tag):
    alert = happens(estate)
    zhao = signed_in(phone, estate, tag, "zhao")
    zhao.open(f"/alerts/{alert}/board")

    for place, path in (("#board .strips a", r"/board/\d+$"), ("#board a.window", r"/doors/\d+$")):
        wanted = zhao.page.locator(place).first.get_attribute("href")
        for _ in range(60):
            zhao.page.keyboard.press("Tab")
            if zhao.page.locator(":focus").get_attribute("href") == wanted:
                break
        assert zhao.page.locator(":focus").get_attribute("href") == wanted, "not reached by keyboard"
        zhao.page.keyboard.press("Enter")
        zhao.page.wait_for_url(re.compile(path))
    zhao.page.go_back()
    zhao.page.locator("#board a.window").first.wait_for()


def picture(of: Phone, place: str) -> Image.Image:
    return Image.open(io.BytesIO(of.page.locator(place).first.screenshot())).convert("RGB")


def colours(of: Image.Image) -> int:
    """How far its most colourful pixel is from grey."""
    return max(max(pixel) - min(pixel) for _, pixel in of.getcolors(of.width * of.height) or ())


def test_printed_in_black_and_white_windows_and_the_list_of_doors_say_the_same(estate, phone):
    alert = happens(estate)
    zhao, ana, ben = (signed_in(phone, estate, "en", who) for who in ("zhao", "ana0", "ben0"))
    for theirs, words in ((ana, "I need help"), (ben, "I am safe")):
        theirs.open("/")
        theirs.press(words)
        theirs.page.wait_for_load_state()
    zhao.page.emulate_media(media="print")
    zhao.open(f"/alerts/{alert}/board")
    area = zhao.page.locator("#board .strips a").first.get_attribute("href")
    assert area is not None

    zhao.open(area)
    looks = {
        look: picture(zhao, f".window.{look}")
        for look in ("help", "safe", "silent")
        if zhao.page.locator(f".window.{look}").count()
    }
    assert len(looks) >= 2, "nothing to tell apart"
    for look, drawn in looks.items():
        grey = drawn.convert("L")
        assert colours(drawn) < 16, f"{look} is told by a colour"
        assert grey.getextrema()[0] < 90 and grey.getextrema()[1] > 240, f"{look} cannot be read on paper"

    zhao.open(area.replace("/board/", "/paper/"))
    listed = picture(zhao, ".door-list")
    assert colours(listed) < 16
    assert listed.convert("L").getextrema() == (0, 255), "black on white"
    assert zhao.page.locator(".door-list td.box").first.is_visible()
    for hidden in ("nav", ".back"):
        assert not zhao.page.locator(hidden).first.is_visible(), f"{hidden} is printed"
