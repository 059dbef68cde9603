"""A manager's phone rings for a request: one press on the notification, and whoever booked is told."""

import json
import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from e2e.conftest import House
from e2e.furnish import PASSWORD
from e2e.test_for_everybody import violations
from e2e.test_push import SHOWN, Ringing

NAMES = {"en": "Bookhouse", "zh-Hans": "书屋"}


@pytest.fixture(scope="module")
def rooms():
    house = House("e2e.furnish_rooms")
    yield house
    house.close()


@pytest.mark.parametrize(("pair", "tag"), [(0, "en"), (1, "zh-Hans")])
def test_from_the_push_it_is_one_press_and_the_booker_is_told(rooms, phone, pair, tag):
    ana, lin = phone(rooms, tag), Ringing(phone(rooms, tag))
    lin.sign_in("lin")
    lin.let_ring()
    ana.sign_in(f"ana{pair}@example.org", PASSWORD)
    day = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=3 + pair)).date().isoformat()
    ana.open(f"/spaces/bookhouse/book?day={day}&begins=14:00&ends=16:00&people=6")
    ana.fill("Purpose", f"合唱 {pair}")
    ana.page.locator("main form button").last.click()
    ana.sees("Asked. The time is kept for you until somebody answers.")

    lin.phone.open("/notices")
    told = lin.page.locator("main a[href^='/bookings/'], main [action*='/notices']").get_by_text(NAMES[tag]).first
    told.click()
    lin.page.wait_for_url(re.compile(r"/bookings/\d+$"))
    path = lin.page.url
    lin.phone.open("/")
    done = lin.phone.says("Approved. They hear it now.")
    yes = {"action": "press", "title": lin.phone.says("Approve"), "navigate": path}
    deed = {"deed": urlsplit(path).path + "/approval", "done": done}
    rung = {"title": "Kith", "body": NAMES[tag], "navigate": path, "lang": tag, "tag": f"rooms{pair}"}
    [shown] = lin.push(json.dumps({"web_push": 8030, "notification": rung | {"actions": [yes | deed]}}))
    data = shown["data"]
    assert data == {"navigate": path, "places": {"press": deed}}
    assert lin.tap(path) == [["close"], ["open", path]], "whoever wants to look first"

    assert lin.tap(path, "press", **data["places"]) == [["close"]], "nothing is opened"
    lin.phone.until(lambda: [each["body"] for each in lin.page.evaluate(SHOWN)] == [done])
    assert lin.tap(path, "press", **data["places"])[-1] == ["open", path], "what is decided already is told on its page"
    assert violations(lin.phone) == []

    ana.open("/notices")
    ana.page.locator("main").get_by_text(NAMES[tag]).first.click()
    ana.page.wait_for_url(re.compile(r"/bookings/\d+$"))
    ana.sees("Approved")
