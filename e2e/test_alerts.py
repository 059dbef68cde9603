"""Somebody declares, a second person approves, neighbours hear it, it is corrected, it ends. An exercise beside it."""

import re
from collections.abc import Iterator

import pytest

from e2e.conftest import House, Phone
from e2e.test_for_everybody import CLIPPED, SMALL, unreached, violations

WORDS = {
    "#f-headline_0": "燃气泄漏：3 号楼。勿动明火和开关",
    "#f-body_0": "物业报告：3 号楼有燃气味。请开窗，走楼梯到花园。解除前不要返回，预计八点。",
    "#f-headline_1": "Smell of gas: building 3. No flame, no switches",
    "#f-body_1": "The management reports gas in building 3. Open windows, take the stairs. Until about eight.",
}
RIGHT = {"#f-headline_0": "更正：是 4 号楼", "#f-headline_1": "It is building 4, not 3"}


@pytest.fixture(scope="module")
def demo() -> Iterator[House]:
    house = House("app", "seed", "demo")
    yield house
    house.close()


@pytest.fixture
def somebody(demo, phone):
    """Signed in, and reading that language."""

    def signed_in(role: str, tag: str, **more: object) -> Phone:
        theirs = phone(demo, tag, **more)
        theirs.sign_in(*demo.demo_sign_in(role))
        theirs.open("/account").locator("select[name=language]").select_option(tag)
        with theirs.page.expect_navigation():
            theirs.page.locator("form[action='/account/settings'] button").click()
        return theirs

    return signed_in


def write(by: Phone, kind: str, template: str, words: dict[str, str]) -> None:
    by.open("/alerts")
    by.press("Declare an emergency")
    by.page.locator(f".kind-choice.{kind}").click()
    by.page.locator(f".template[href$='template={template}']").click()
    for field, typed in words.items():
        by.page.locator(field).fill(typed)


def send(by: Phone, word: str, button: str) -> None:
    by.page.locator("input[name=typed]").fill(by.says(word))
    by.press(button)


def sure(by: Phone, words: str) -> None:
    """Pressed, and once more in the question that comes."""
    by.press(words)
    by.page.get_by_role("dialog").get_by_role("button", name=by.says(words), exact=True).click()


def unread(of: Phone) -> int:
    return int(of.page.locator("#bell").get_attribute("data-unread") or 0)


def hears(of: Phone, before: int) -> None:
    of.page.wait_for_function("before => Number(document.getElementById('bell').dataset.unread) > before", arg=before)


@pytest.mark.parametrize("tag", ["en", pytest.param("zh-Hans", marks=pytest.mark.postgres)])
def test_declared_approved_heard_corrected_and_over(somebody, tag):
    zhao, boss, ana = (somebody(role, tag) for role in ("coordinator", "administrator", "resident"))
    place = 1 if tag == "en" else 0
    headline, right = WORDS[f"#f-headline_{place}"], RIGHT[f"#f-headline_{place}"]

    write(zhao, "real", "gas", {})
    zhao.press("Look at it")
    zhao.page.locator(".errors").wait_for()
    assert "[" in zhao.page.locator(".errors").inner_text(), "a blank is no message"
    for field, typed in WORDS.items():
        zhao.page.locator(field).fill(typed)
    assert zhao.page.locator("[data-length-of=f-headline_0]").inner_text() == f"{len(WORDS['#f-headline_0'])} / 160"
    zhao.page.locator("#preview .alarm.critical").get_by_text(headline).wait_for()
    zhao.press("Look at it")
    zhao.page.wait_for_url(re.compile(r"/alerts/\d+$"))
    alert = zhao.page.url
    for words in (*WORDS.values(), "983"):
        assert words in zhao.page.locator("main").inner_text()
    assert violations(zhao) == []
    send(zhao, "real", "Send alert")
    zhao.sees("Waits for a second person")

    ana.open("/notices")
    quiet = unread(ana)
    boss.open("/")
    boss.page.get_by_role("link").filter(has_text=headline).click()
    boss.page.wait_for_url(alert)
    assert re.fullmatch(r"(10|\d):\d\d", boss.page.locator("[data-left]").inner_text())
    assert violations(boss) == []
    send(boss, "real", "Approve")
    boss.page.locator("h1").get_by_text(headline).wait_for()
    zhao.page.locator(".alarm h1").get_by_text(headline).wait_for()  # the page goes on by itself

    hears(ana, quiet)
    ana.page.reload()
    ana.page.get_by_role("button").filter(has_text=headline).first.click()
    ana.page.wait_for_url(alert)
    assert ana.page.locator(".alarm.critical h1").inner_text() == headline
    assert violations(ana) == []

    zhao.page.get_by_role("heading", name=zhao.says("For coordinators")).wait_for()
    assert violations(zhao) == []
    zhao.page.get_by_text(zhao.says("Update or correct it")).click()
    for field, typed in RIGHT.items():
        zhao.page.locator(field).fill(typed)
    zhao.press("Correction")
    ana.page.locator(".alarm h1").get_by_text(right).wait_for()  # without a reload

    sure(zhao, "All clear")
    ana.page.locator(".alarm.over").wait_for()
    ana.sees("It is over. You are safe.")
    said = ana.page.locator(".steps > li > small").all_inner_texts()
    assert [words.split(" · ")[0] for words in said] == [
        ana.says(each) for each in ("All clear", "Correction", "Alert")
    ]
    assert zhao.page.get_by_role("button", name=zhao.says("All clear"), exact=True).count() == 0

    zhao.page.locator("a.row[href$='/report']").click()
    zhao.page.wait_for_url(re.compile(r"/report$"))
    deeds = zhao.page.locator(".report .steps > li > strong").all_inner_texts()
    done = ("Written", "A second person was asked", "Approved and sent", "Correction", "All clear")
    assert deeds == [zhao.says(each) for each in done]
    assert violations(zhao) == []
    assert ana.page.goto(f"{alert}/report").status == 403


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_an_exercise_cannot_be_mistaken(somebody, tag):
    zhao, ana = somebody("coordinator", tag), somebody("resident", tag)
    words = {field: typed.replace("3", "5") for field, typed in WORDS.items()}
    pages = {}
    for kind, word in (("exercise", "exercise"), ("real", "real")):
        write(zhao, kind, "water", words)
        assert zhao.page.locator(f".band.{kind}").count() >= 1
        zhao.press("Look at it")
        zhao.page.wait_for_url(re.compile(r"/alerts/\d+$"))
        assert zhao.page.locator(f"main .band.{kind}").first.is_visible()
        send(zhao, word, "Send alert")
        zhao.page.locator(".alarm h1").wait_for()
        pages[kind] = zhao.page.url

    ana.open(pages["exercise"])
    assert ana.page.title().partition(") ")[2].startswith(ana.says("EXERCISE")) or ana.page.title().startswith(
        ana.says("EXERCISE")
    )
    assert ana.page.locator(".alarm .band.exercise").inner_text() == "EXERCISE 演练"
    hatched = look(ana)
    assert violations(ana) == []
    ana.open(pages["real"])
    assert ana.page.locator(".band").count() == 0
    assert look(ana) != hatched
    ana.open("/alerts")
    for kind, path in pages.items():
        row = ana.page.locator(f"a.alert-row.{kind}[href='{path.removeprefix(ana.house.url)}']")
        assert row.locator(".chip.mark").count() == (kind == "exercise")
    ana.open("/notices")
    told = ana.page.get_by_role("button").filter(has_text=words[f"#f-headline_{1 if tag == 'en' else 0}"])
    assert [ana.says("EXERCISE") in each for each in told.all_inner_texts()[:2]] == [False, True]

    for path in pages.values():
        zhao.open(path)
        sure(zhao, "False alarm")  # two acts
        zhao.page.locator(".alarm.over").wait_for()


def look(of: Phone) -> str:
    return str(of.page.locator(".alarm").evaluate("it => getComputedStyle(it).backgroundColor"))


def test_without_scripts_it_is_declared_and_ended_as_well(somebody):
    zhao = somebody("coordinator", "en", js=False)
    write(zhao, "test", "lift", WORDS)
    zhao.press("Look at it")
    assert zhao.page.locator(".band.test").first.inner_text() == "TEST 测试"
    send(zhao, "test", "Send alert")
    zhao.page.locator(".alarm.test h1").wait_for()
    zhao.press("All clear")
    zhao.page.locator(".alarm.over").wait_for()


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_what_no_tour_comes_upon_is_for_everybody_too(somebody, tag):
    """The choice of a kind, the templates, the review of a draft, and an alert that goes on, for its coordinator."""
    zhao = somebody("coordinator", tag, theme="dark" if tag == "en" else "light")
    zhao.page.route("**/changes", lambda route: route.abort())  # nothing is put anew while keys are counted
    write(zhao, "test", "power", WORDS)
    zhao.press("Look at it")
    zhao.page.wait_for_url(re.compile(r"/alerts/\d+$"))
    alert = zhao.page.url
    wrong = {}
    for path in ("/alerts/new", "/alerts/new?kind=exercise", "/alerts/new?kind=real&template=fire", alert):
        wrong[path] = hard_for_some(zhao, path)
    zhao.open(alert)
    send(zhao, "test", "Send alert")
    zhao.page.locator(".alarm.test h1").wait_for()
    wrong["active"] = hard_for_some(zhao, alert)
    wrong["new measure"] = hard_for_some(zhao, f"{alert}/measures/new")
    zhao.fill("What exactly?", "The east gate is closed")
    zhao.fill("Why is it needed?", "The main burst there")
    zhao.page.locator("main").get_by_role("button", name=zhao.says("Take a measure")).click()
    zhao.page.wait_for_url(re.compile(r"/measures/\d+$"))
    wrong["measure"] = hard_for_some(zhao, zhao.page.url)
    wrong["measures"] = hard_for_some(zhao, f"{alert}/measures")
    zhao.open(alert)
    sure(zhao, "All clear")
    zhao.page.locator(".alarm.over").wait_for()
    assert {path: found for path, found in wrong.items() if found} == {}


def hard_for_some(of: Phone, path: str) -> list[str]:
    page = of.open(path)
    page.evaluate("document.querySelectorAll('main details').forEach(it => { it.open = true })")
    found = [*page.evaluate(SMALL), *unreached(page)]
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    found += [*page.evaluate(CLIPPED), *([f"{wide} pixels wide"] if wide > screen else [])]
    page.evaluate("document.documentElement.style.fontSize = ''")
    return [*found, *violations(of)]
