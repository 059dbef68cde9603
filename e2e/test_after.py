"""After an alert: how it went, what to mend and who sees to it, and what everybody outside may read of it."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from e2e.conftest import House, Phone
from e2e.test_for_everybody import violations

LOOKS = [("en", "light"), pytest.param("zh-Hans", "dark", marks=pytest.mark.postgres)]
MEND = "zz 备用水泵放在三号楼"


@pytest.fixture(scope="module")
def demo() -> Iterator[House]:
    house = House("app", "seed", "demo")
    yield house
    house.close()


@pytest.fixture
def coordinator(demo, phone):
    def signed_in(tag: str, theme: str) -> Phone:
        theirs = phone(demo, tag, theme=theme)
        theirs.sign_in(*demo.demo_sign_in("coordinator"))
        theirs.open("/account").locator("select[name=language]").select_option(tag)
        with theirs.page.expect_navigation():
            theirs.page.locator("form[action='/account/settings'] button").click()
        return theirs

    return signed_in


@pytest.mark.parametrize(("tag", "theme"), LOOKS)
def test_from_the_end_to_the_report_to_a_mend_with_its_owner_to_the_public_version(
    demo, phone, coordinator, tag, theme
):
    zhao, outside = coordinator(tag, theme), phone(demo, tag, theme=theme)
    zhao.open("/alerts").locator(".alert-row.real").first.click()
    zhao.page.locator("a.row[href$='/report']").click()
    zhao.page.locator(".curve svg[role=img]").wait_for()
    report = zhao.page.url.partition("#")[0]
    assert outside.page.goto(f"{report}/public").status == 404
    assert violations(zhao) == []

    words = f"{MEND} {tag}"
    if not zhao.page.locator("#f-words").is_visible():
        zhao.page.locator("summary", has_text=zhao.says("Something to mend")).click()
    zhao.fill("What to do better?", words)
    zhao.page.locator("#f-owner").select_option(index=1)
    zhao.page.locator("#f-due_on").fill((date.today() + timedelta(days=30)).isoformat())
    zhao.press("Write it down")
    zhao.page.locator(".mend", has_text=words).wait_for()

    zhao.press("Over all alerts")
    ours = zhao.page.locator(".mend", has_text=words)
    ours.get_by_role("button", name=zhao.says("Mended"), exact=True).click()
    zhao.sees("Mended. Thank you!")
    assert violations(zhao) == []

    zhao.open(report)
    zhao.press("See how it would read")
    zhao.sees("This is how it reads for everybody outside.")
    assert violations(zhao) == []
    zhao.open(report)
    zhao.press("Make it public")
    zhao.page.locator("a[href$='/report/public']").wait_for()

    assert outside.page.goto(f"{report}/public").status == 200
    outside.sees("All numbers are rounded down to fives, so that nobody can be picked out.")
    assert "zz" not in outside.page.locator("main").inner_text()
    assert violations(outside) == []
    zhao.press("Make it private again")
    zhao.page.locator("form[action$='/report/publication'] button").wait_for()
    assert outside.page.goto(f"{report}/public").status == 404


def test_where_to_meet_is_written_put_in_order_taken_off_and_put_back(coordinator):
    zhao = coordinator("en", "light")
    zhao.open("/alerts")
    zhao.page.locator("a[href='/alerts/lifelines']").click()
    zhao.press("Add a point or a number")
    zhao.fill("What or where? (English)", "The bus stop")
    zhao.fill("Number", "ask Wang")
    zhao.press("Save")
    zhao.page.locator(".errors").wait_for()
    zhao.page.locator("#f-title_0").fill("公交站")
    zhao.page.locator("#f-phone").fill("")
    zhao.press("Save")

    def order() -> list[str]:
        return zhao.page.locator(".lifelines strong").all_inner_texts()

    zhao.until(lambda: order()[-1:] == ["The bus stop"])
    zhao.page.locator(".lifelines > li").last.get_by_role("button", name="Up").click()
    zhao.until(lambda: order()[-2:-1] == ["The bus stop"])
    zhao.page.locator(".lifelines > li", has_text="The bus stop").get_by_role("button", name="Remove").click()
    zhao.until(lambda: "The bus stop" not in order())
    zhao.press("Undo")
    zhao.until(lambda: order()[-2:-1] == ["The bus stop"])
    assert violations(zhao) == []


def test_printed_the_report_is_black_on_white_and_without_its_forms(coordinator):
    zhao = coordinator("en", "dark")
    zhao.open("/alerts").locator(".alert-row.real").first.click()
    zhao.page.locator("a.row[href$='/report']").click()
    zhao.page.locator(".curve svg").wait_for()

    zhao.page.emulate_media(media="print")

    line = zhao.page.locator(".curve path.reached")
    assert line.evaluate("it => getComputedStyle(it).stroke") == "rgb(0, 0, 0)"
    assert line.evaluate("it => getComputedStyle(it).strokeDasharray") == "none"
    assert zhao.page.locator(".curve path.answered").evaluate("it => getComputedStyle(it).strokeDasharray") != "none"
    hidden = [".tabs", ".report form", "#kept", "#outside"]
    assert [each for each in hidden if any(one.is_visible() for one in zhao.page.locator(each).all())] == []
    assert zhao.page.locator("#deeds").is_visible()
