"""One whole slice: a skill is offered, found, asked for, done, and thanked for."""

import pytest

from e2e.conftest import House
from e2e.furnish import PASSWORD
from e2e.test_first_day import EVERY_PHONE


@pytest.fixture(scope="module")
def furnished():
    house = House("e2e.furnish")
    yield house
    house.close()


@pytest.mark.parametrize(
    ("pair", "tag", "js"),
    [
        pytest.param(pair, tag, js, marks=[pytest.mark.postgres] if pair == 2 else [])
        for pair, (tag, js) in enumerate(EVERY_PHONE)
    ],
)
def test_carpentry_from_the_offer_to_the_thanks(furnished, phone, pair, tag, js):
    ana, ben = phone(furnished, tag, js=js), phone(furnished, tag, js=js)
    ana.sign_in(f"ana{pair}@example.org", PASSWORD)
    ben.sign_in(f"ben{pair}@example.org", PASSWORD)

    ana.open("/skills/new")
    ana.fill("What can you do?", "木工，修柜门")
    ana.press("Offer it")
    ana.sees("Your neighbours can find it now.")

    find(ben, "/neighbours", "木工").get_by_text(f"Ana{pair}").first.click()
    ben.page.wait_for_url("**/neighbours/*")
    ben.open("/neighbours?category=repairs")
    ben.page.get_by_text(f"Ana{pair}").first.click()
    ben.page.wait_for_url("**/neighbours/*")

    ben.page.get_by_role("button", name=ben.says("Ask for this skill")).first.click()
    ben.fill("What do you need?", "衣柜的门掉了")
    ben.page.locator("main form[method=post]").get_by_role("button").last.click()
    ben.page.wait_for_url("**/asks/*")
    assert "138 1234" not in ben.page.locator("main").inner_text()

    ana.open("/notices")
    ana.page.get_by_text(f"Ben{pair}").first.click()
    ana.page.wait_for_url("**/asks/*")
    ana.press("Accept")
    ana.sees("How to reach %(name)s", name=f"Ben{pair}")
    assert "138 1234" in ana.page.locator("main").inner_text()
    ben.page.reload()
    ben.sees("How to reach %(name)s", name=f"Ana{pair}")

    ana.press("It is done")
    ana.page.get_by_role("button", name=ana.says("It is done"), exact=True).wait_for(state="detached")
    ben.page.reload()
    ben.fill("Say thank you", "柜门又开合自如了，谢谢！")
    ben.press("Say thank you")
    ben.sees("Your thanks are on their page now.")
    ben.open("/neighbours?q=木工")
    ben.page.get_by_text(f"Ana{pair}").first.click()
    ben.page.get_by_text("柜门又开合自如了").first.wait_for()


def find(phone, path: str, words: str):
    """Type into the search: with scripts the list follows by itself, without them the button sends it."""
    page = phone.open(path)
    page.get_by_role("searchbox").fill(words)
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/neighbours?*q=*")
    return page
