"""A list from the committee's table to a door of the estate: sent, its columns named, looked at, brought in, found."""

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import PATIENCE, House
from e2e.furnish import PASSWORD
from e2e.test_first_day import EVERY_PHONE
from tests.rosters import as_csv, as_xlsx


@pytest.fixture(scope="module")
def furnished():
    house = House("e2e.furnish")
    yield house
    house.close()


def a_list(door: str, name: str, as_what: str) -> dict:
    """Two who are well known in the next building, one row that cannot be read, and a heading nobody knows."""
    rows = [["где", "姓名", "手机"], [f"3-2-{door}", name, "139 0013 80" + door[-2:]], ["楼上", "谁", ""]]
    content = as_xlsx(rows) if as_what == "xlsx" else as_csv(rows)
    return {"name": f"{name}.{as_what}", "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.parametrize(
    ("door", "tag", "js", "as_what"),
    [
        pytest.param(f"50{number}", tag, js, ("csv", "xlsx")[number % 2], marks=[pytest.mark.postgres] * (number == 2))
        for number, (tag, js) in enumerate(EVERY_PHONE)
    ],
)
def test_a_list_is_sent_looked_at_brought_in_and_its_people_are_found(furnished, phone, door, tag, js, as_what):
    name = f"王{door}"
    lin = phone(furnished, tag, js=js)
    lin.sign_in("lin@example.org", PASSWORD)
    lin.open("/admin/roster")
    lin.page.locator("input[type=file]").set_input_files(a_list(door, name, as_what))
    lin.press("Look at the list")
    lin.sees("Please fill this in.")
    lin.page.locator("input[type=file]").set_input_files(a_list(door, name, as_what))
    lin.fill("By which right you keep these data", "会议决定")
    lin.press("Look at the list")
    lin.page.wait_for_url(re.compile(r"/admin/roster/\d+$"))

    columns = lin.page.locator("select[name=column]")
    expect(columns).to_have_count(3)
    expect(columns.nth(1)).to_have_value("name")
    columns.nth(0).select_option("-")
    lin.press("Read the list")
    lin.sees("Say which column is the address and which is the name.")
    columns.nth(0).select_option("address")
    lin.press("Read the list")

    come_by(lin, "Nothing has been written yet. An import cannot be undone in one go: look at the rows first.", js=js)
    expect(lin.page.locator("main")).to_contain_text(f"3-2-{door} {name}")
    expect(lin.page.locator("main")).to_contain_text("楼上")
    lin.press("Bring it in: %(made)s new, %(moved)s moved", made=1, moved=0)
    come_by(lin, "It is in", js=js)

    lin.open(f"/admin/people?q={name}")
    expect(lin.page.locator("main")).to_contain_text(name)


def come_by(who, words: str, *, js: bool) -> None:
    """The page looks again by itself; where JavaScript is off, by its link."""
    there = who.page.get_by_text(who.says(words)).first
    for _ in range(PATIENCE // 300):
        if there.is_visible():
            return
        again = who.page.get_by_role("link", name=who.says("Look again"))
        if again.count() and not js:
            again.click()
        who.page.wait_for_timeout(300)
    expect(there).to_be_visible()
