"""Nobody answers at a door: two stewards knock, and what they find is on the board. With a script and without."""

import re
from collections.abc import Iterator

import pytest

from e2e.conftest import House
from e2e.furnish import PASSWORD
from e2e.test_first_day import EVERY_PHONE
from e2e.test_for_everybody import violations


@pytest.fixture(scope="module")
def furnished() -> Iterator[House]:
    house = House("e2e.furnish")
    house.run("e2e.furnish_alert", "steward", "Ana0", "Ana1")
    yield house
    house.close()


@pytest.fixture
def house_of_four(furnished) -> Iterator[House]:
    yield furnished
    furnished.run("e2e.furnish_alert", "end")


def main(phone) -> str:
    return phone.page.locator("main").inner_text()


def at_that_door(phone, door: str):
    return phone.page.get_by_role("button", name=re.compile(rf"\s{door}$"))


def take(phone, door: str) -> None:
    at_that_door(phone, door).click()
    phone.sees("Say what you found")


PHONES = [pytest.param(tag, js, marks=[pytest.mark.postgres] if js and tag == "en" else []) for tag, js in EVERY_PHONE]


@pytest.mark.parametrize(("tag", "js"), PHONES)
def test_a_silent_door_is_knocked_at_by_two_and_what_they_find_is_on_the_board(house_of_four, phone, tag, js):
    alert, door = house_of_four.run("e2e.furnish_alert", "silence", "real", "Mei").split()
    ana, zhao, resident = (phone(house_of_four, tag, js=js) for _ in range(3))
    ana.sign_in("ana0@example.org", PASSWORD)
    ana.until(lambda: door in ana.open(f"/alerts/{alert}/knocks").locator("main").inner_text())
    ana.open("/")
    ana.page.get_by_role("link", name=ana.says("Doors to knock at")).click()
    ana.page.wait_for_url(lambda url: url.endswith("/knocks"))
    take(ana, door)
    second = phone(house_of_four, tag, js=js)
    second.sign_in("ana1@example.org", PASSWORD)
    second.open(f"/alerts/{alert}/knocks")
    take(second, door)
    zhao.sign_in("zhao@example.org", PASSWORD)
    zhao.open(f"/alerts/{alert}/board")
    assert "Mei" in main(zhao)

    second.open(f"/alerts/{alert}/knocks")
    second.page.get_by_role("link", name=second.says("Say what you found")).first.click()
    second.sees("Two are on it")
    second.press("Is safe")
    second.sees("Noted: safe. Thank you.")

    zhao.open(f"/alerts/{alert}/board")
    assert "Mei" not in main(zhao)
    ana.open("/notices")
    ana.sees("They have answered: nobody needs to knock there any more. Thank you.")
    resident.sign_in("ben0@example.org", PASSWORD)
    assert resident.open("/help").get_by_text(door).count() == 0


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_an_open_list_follows_and_reads_well_for_everybody(house_of_four, phone, tag):
    alert, door = house_of_four.run("e2e.furnish_alert", "silence", "exercise", "Mei").split()
    house_of_four.run("e2e.furnish_alert", "nurse", "Ben1")
    zhao, ana = phone(house_of_four, tag), phone(house_of_four, tag)
    zhao.sign_in("zhao@example.org", PASSWORD)
    zhao.until(lambda: door in zhao.open(f"/alerts/{alert}/knocks").locator("main").inner_text())
    assert violations(zhao) == []
    ana.sign_in("ana0@example.org", PASSWORD)
    ana.open(f"/alerts/{alert}/knocks")
    at_that_door(zhao, door).click()
    ana.until(lambda: ana.says("One more is needed") in main(ana))

    zhao.page.get_by_role("link", name=zhao.says("Say what you found")).click()
    zhao.sees("One more is needed")
    assert violations(zhao) == []
    zhao.press("Nobody there")
    zhao.sees("Noted: nobody there. It stays on the list.")
    ana.until(lambda: ana.says("One more is needed") not in main(ana))
    zhao.open(f"/alerts/{alert}/hands")
    assert violations(zhao) == []
    zhao.page.locator("#hands form button").first.click()
    zhao.sees("Asked so far")
    zhao.open(f"/alerts/{alert}/things?everywhere=1")
    zhao.sees("Things for an emergency")
    assert violations(zhao) == []
