"""A new neighbour finds the orientation, comes, is checked in, and from then on books the room at once."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from e2e.conftest import House
from e2e.furnish import PASSWORD
from e2e.test_first_day import EVERY_PHONE
from e2e.test_for_everybody import violations

PAIRS = [
    pytest.param(pair, tag, js, marks=[pytest.mark.postgres] if pair == 2 else [])
    for pair, (tag, js) in enumerate(EVERY_PHONE)
]
TITLE = {"en": "How the bookhouse works", "zh-Hans": "书屋使用说明会"}


@pytest.fixture(scope="module")
def evening():
    house = House("e2e.furnish_events")
    yield house
    house.close()


def day(pair: int) -> str:
    """Another one for each journey."""
    return (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=3 + pair)).date().isoformat()


def asks_for_the_room(ana, pair: int, hour: int) -> None:
    ana.open(f"/spaces/bookhouse/book?day={day(pair)}&begins={hour}:00&ends={hour + 2}:00")
    ana.fill("Purpose", "读书")
    ana.tap(ana.page.locator("main form button").last)


@pytest.mark.parametrize(("pair", "tag", "js"), PAIRS)
def test_from_what_is_on_to_a_room_that_is_theirs_at_once(evening, phone, pair, tag, js):
    ana, lin = phone(evening, tag, js=js, keys=js), phone(evening, tag, js=js, keys=js)
    ana.sign_in(f"ana{pair}@example.org", PASSWORD)
    lin.sign_in("lin@example.org", PASSWORD)

    asks_for_the_room(ana, pair, 10)
    ana.sees("Asked. The time is kept for you until somebody answers.")

    ana.open("/")
    ana.tap(ana.page.locator("a[href='/events']"))
    ana.page.wait_for_url("**/events")
    assert not js or violations(ana) == []
    ana.tap(ana.page.locator("a.event", has_text=TITLE[tag]))
    ana.page.wait_for_url(re.compile(r"/events/\d+$"))
    ana.sees("Are you coming?")
    assert not js or violations(ana) == []
    ana.press("I am coming")
    ana.sees("You are coming. We remind you the day before.")
    assert not js or violations(ana) == []

    lin.open("/events")
    lin.tap(lin.page.locator("a.event", has_text=TITLE[tag]))
    lin.page.wait_for_url(re.compile(r"/events/\d+$"))
    lin.press("At the door")
    lin.page.wait_for_url(re.compile(r"/events/\d+/door$"))
    assert not js or violations(lin) == []
    row = lin.page.locator("li.row", has_text=f"Ana{pair}")
    lin.tap(row.get_by_role("button", name=lin.says("Check in"), exact=True))
    lin.sees("%(name)s is in.", name=f"Ana{pair}")

    ana.open("/notices")
    ana.page.locator("main a[href*='/notices/'], main a, main button").first.wait_for()
    assert ana.says("Orientation") in ana.page.locator("main").inner_text()
    asks_for_the_room(ana, pair, 14)
    ana.sees("Booked. It is yours.")


@pytest.mark.parametrize(("tag", "js"), EVERY_PHONE[1:3])
def test_a_neighbour_makes_an_evening_and_everything_is_as_it_was_typed(evening, phone, tag, js):
    ben = phone(evening, tag, js=js)
    ben.sign_in("ben0@example.org", PASSWORD)
    ben.open("/events")
    ben.press("Make an event")
    ben.page.wait_for_url("**/events/new")
    assert not js or violations(ben) == []
    ben.page.locator("#f-day").fill(day(9))
    ben.page.locator("#f-title_0").fill("一起看星星")
    ben.page.locator("#f-begins").fill("20:00")
    ben.page.locator("#f-ends").fill("19:00")
    ben.page.locator("#f-place_0").fill("楼顶")
    ben.page.locator("main form button").last.click()
    ben.sees("It has to end after it begins.")
    assert ben.page.locator("#f-title_0").input_value() == "一起看星星"
    ben.page.locator("#f-ends").fill("22:00")
    ben.page.locator("main form button").last.click()
    ben.page.wait_for_url(re.compile(r"/events/\d+$"))
    assert "一起看星星" in ben.page.locator("h1").inner_text()
