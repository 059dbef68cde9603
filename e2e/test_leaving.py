"""Taking one's data along, leaving, signing in again, coming back: zh and en, with and without JavaScript."""

import json
from zipfile import ZipFile

import pytest

from e2e.furnish import PASSWORD

EVERY_PHONE = [(tag, js) for tag in ("en", "zh-Hans") for js in (True, False)]


@pytest.fixture(scope="module")
def furnished():
    from e2e.conftest import House

    house = House("e2e.furnish")
    yield house
    house.close()


@pytest.mark.postgres
@pytest.mark.parametrize(("nth", "tag", "js"), [(n, *each) for n, each in enumerate(EVERY_PHONE)])
def test_somebody_takes_their_data_leaves_and_comes_back(furnished, phone, tmp_path, nth, tag, js):
    ana = phone(furnished, tag, js=js)
    ana.sign_in(f"ana{nth}@example.org", PASSWORD)
    ana.open("/account/leaving")

    with ana.page.expect_download() as coming:
        ana.press("Take your data first")
    coming.value.save_as(tmp_path / "kith.zip")
    with ZipFile(tmp_path / "kith.zip") as file:
        assert json.loads(file.read("data.json"))["people"]["person"]["name"] == f"Ana{nth}"
        html = file.read("index.html").decode()
    assert f'lang="{tag}"' in html and f"Ana{nth}" in html

    ana.fill("Why you leave", "A new house by the sea")
    ana.fill("Your password", "not this one")
    ana.page.locator("form.card button").click()
    ana.sees("That is not your password now.")
    assert ana.page.get_by_label(ana.says("Why you leave")).input_value() == "A new house by the sea"

    ana.fill("Your password", PASSWORD)
    ana.page.locator("form.card button").click()
    ana.page.get_by_role("heading", name=ana.says("You are leaving")).wait_for()
    ana.press("Sign out")
    ana.page.wait_for_url(furnished.url + "/")

    ana.sign_in(f"ana{nth}@example.org", PASSWORD)
    ana.page.wait_for_url("**/account/leaving")
    ana.press("Stay after all")
    ana.page.wait_for_url("**/account")
    ana.sees("Good to have you back.")
    ana.open("/neighbours")
    assert ana.page.locator("h1").count() == 1


def test_a_stranger_reads_what_is_kept_and_who_runs_it(furnished, phone):
    stranger = phone(furnished, "zh-Hans")
    stranger.open("/sign-in")
    stranger.press("Privacy")
    stranger.page.get_by_role("heading", level=1, name=stranger.says("What is kept about you")).wait_for()
    stranger.page.get_by_role("link", name=stranger.says("Who runs this")).first.click()
    stranger.page.get_by_role("heading", level=1, name=stranger.says("Who runs this")).wait_for()
    assert "Lin" not in stranger.page.locator("main").inner_text()
