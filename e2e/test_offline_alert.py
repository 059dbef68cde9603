"""Airplane mode on the day itself: the alert is read, the answer waits, and is on the board once."""

import re
import time

import pytest

from e2e.bad_line import BadLine
from e2e.conftest import House, Phone
from e2e.furnish import PASSWORD
from e2e.offline import POCKET, READY, SENT, TAGS, WAITS, until
from e2e.test_answering import WORDS, happens, main
from e2e.test_for_everybody import violations
from tests.canary import a_photo


@pytest.fixture(scope="module")
def furnished():
    house = House("e2e.furnish")
    house.run("e2e.furnish_alert", "lifelines")
    house.run("e2e.furnish_alert", "together", "Ana1", "Ben1")
    yield house
    house.close()


@pytest.fixture
def home(furnished):
    yield furnished
    furnished.run("e2e.furnish_alert", "end")


@pytest.fixture
def line(home):
    between = BadLine(home.port)
    yield between
    between.close()


def answers(home: House, alert: str, name: str) -> str:
    """What was said, and what counts: "safe help = help"."""
    return home.run("e2e.furnish_alert", "answers", alert, name)


def at_home_once(phone: Phone, login: str) -> None:
    """One visit with a network; then the phone may lose it."""
    phone.sign_in(login, PASSWORD)
    phone.open("/")
    phone.page.evaluate(READY)
    until(phone, f"{POCKET}.then((pages) => pages > 0)")


@pytest.mark.parametrize("tag", TAGS)
def test_in_airplane_mode_the_alert_opens_at_once_with_all_that_is_needed(home, phone, tag):
    alert = happens(home)
    ana = phone(home, tag)
    at_home_once(ana, "ana0@example.org")
    ana.context.set_offline(True)
    ana.open("/")
    ana.sees("Offline. You can go on reading and typing; nothing is lost.")
    for path in ("/", f"/alerts/{alert}", f"/alerts/{alert}/roll-call"):
        since = time.perf_counter()
        ana.open(path)
        ana.page.get_by_role("heading", level=1, name=WORDS[tag]).wait_for()
        ana.page.get_by_role("button", name=ana.says("I need help"), exact=True).wait_for()
        print(f"{tag} {path}: the alert stands {1000 * (time.perf_counter() - since):.0f} ms after it was asked for")
    other = WORDS[TAGS[1 - TAGS.index(tag)]]
    for words in (ana.says("Urgent"), other, ana.says("The whole community")):
        assert words in main(ana)
    assert re.search(ana.says("As of #").replace("#", "") + r"\d\d:\d\d", main(ana))
    number = ana.page.locator("[data-part=page] a[href='tel:+8613800138000']")
    assert number.is_visible() and ana.page.get_by_text({"en": "east gate", "zh-Hans": "东门广场"}[tag]).is_visible()
    assert ana.page.locator("h1:visible").count() == 1
    assert violations(ana) == []


@pytest.mark.parametrize("sync", [True, False], ids=["with sync", "without sync"])
@pytest.mark.parametrize("cut", ["before", "after"])
def test_an_answer_given_offline_outlives_a_restart_and_is_on_the_server_once(home, line, telephone, cut, sync):
    alert, tag = happens(home), TAGS[sync]
    device = telephone(line.url, tag, sync=sync)
    ana = device.on()
    at_home_once(ana, "ana2@example.org")
    line.cut = cut
    if cut == "before":
        ana.open("/")  # from the pocket
        ana.page.locator("[data-part=page]").wait_for()
    ana.press("I need help")
    ana.sees("Waiting to be sent.")
    assert ana.page.locator(".waits-here strong").inner_text() == ana.says("I need help")
    assert bool(line.arrived) == (cut == "after")
    device.off()

    line.cut = "before"
    ana = device.on()
    ana.open("/")
    ana.sees("Waiting to be sent.")
    line.cut = ""
    ana.open("/")
    until(ana, SENT)
    assert answers(home, alert, "Ana2") == "help = help"


def test_what_was_answered_before_its_network_was_back_may_change_and_the_last_counts(home, phone):
    alert = happens(home)
    ana = phone(home)
    at_home_once(ana, "ana3@example.org")
    ana.context.set_offline(True)
    ana.open("/")
    for n, words in enumerate(("I am safe", "I need help"), 1):
        ana.press(words)
        until(ana, f"{WAITS}.then((n) => n === {n})")
        ana.page.locator(".answer [aria-busy]").wait_for(state="detached")
    assert ana.page.locator(".waits-here strong").inner_text() == "I need help"
    assert ana.page.locator(".waits-here").count() == 1
    assert violations(ana) == []
    ana.context.set_offline(False)
    ana.open("/")
    until(ana, SENT)
    assert answers(home, alert, "Ana3") == "safe help = help"
    ana.open("/")
    ana.sees("Needs help")


def test_on_a_line_that_hangs_it_is_soon_said_that_it_waits_and_another_answer_can_be_given(home, line, telephone):
    alert = happens(home)
    ana = telephone(line.url, "en", sync=False).on()
    at_home_once(ana, "ana0@example.org")
    line.cut = "hangs"
    ana.page.get_by_role("button", name="I am safe", exact=True).click()
    ana.sees("Waiting to be sent.")
    ana.page.get_by_role("button", name="I need help", exact=True).click()
    ana.page.locator(".waits-here strong", has_text="I need help").wait_for()
    line.cut = ""
    ana.open("/")
    until(ana, SENT)
    assert answers(home, alert, "Ana0") == "safe help = help"


@pytest.mark.parametrize("tag", TAGS)
def test_all_of_us_and_one_by_one_wait_as_well(home, phone, tag):
    alert = happens(home)
    ana = phone(home, tag)
    at_home_once(ana, "ana1@example.org")
    ana.context.set_offline(True)
    ana.open("/")
    ana.press("All %(n)s of us are safe", n=2)
    ana.sees("Waiting to be sent.")
    ben = ana.page.get_by_role("form", name="Ben1")
    ben.get_by_role("button", name=ana.says("Needs help"), exact=True).click()
    ana.page.locator(".waits-here strong", has_text=f"Ben1: {ana.says('Needs help')}").wait_for()
    ana.context.set_offline(False)
    ana.open("/")
    until(ana, SENT)
    assert answers(home, alert, "Ana1") == "safe = safe"
    assert answers(home, alert, "Ben1") == "safe help = help"


def test_a_photo_with_words_waits_and_arrives(home, line, telephone):
    alert = happens(home)
    device = telephone(line.url, "en", sync=False)
    ben = device.on()
    at_home_once(ben, "ben0@example.org")
    line.cut = "before"
    ben.open("/")
    ben.page.locator("summary", has_text="Say what you need").click()
    ben.fill("In your own words", "Smoke on the stairs")
    photo = {"name": "stairs.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    ben.page.locator("input[type=file]").set_input_files(photo)
    ben.page.locator("form[enctype] button").click()
    ben.sees("Waiting to be sent.")
    device.off()
    ben = device.on()
    ben.open("/offline")
    ben.sees("Smoke on the stairs")
    line.cut = ""
    ben.open("/")
    until(ben, SENT)
    assert answers(home, alert, "Ben0") == "help = help"
    assert len(list((home.folder / "var" / "uploads").glob("*/*[!l].webp"))) == 1


def test_whoever_signs_in_on_that_phone_reads_nothing_of_the_others_alert(home, phone):
    happens(home)
    ben = phone(home)
    at_home_once(ben, "ben2@example.org")
    number = ben.page.evaluate("document.body.dataset.viewer")
    assert WORDS["en"] in str(ben.page.evaluate(f"kith.pocket('{number}')"))
    ben.context.set_offline(True)
    ben.press("I need help")
    ben.sees("Waiting to be sent.")
    ben.context.clear_cookies()
    ben.context.set_offline(False)
    ben.sign_in("ben3@example.org", PASSWORD)
    until(ben, "kith.who().then((person) => person === document.body.dataset.viewer)")
    assert ben.page.evaluate(WAITS) == 0 and ben.page.evaluate(f"kith.pocket('{number}')") is None
    until(ben, f"kith.waiting('{number}').then((all) => all.length === 1 && !all[0].refused)")
    ben.open("/")
    assert ben.page.locator(".waits-here").count() == 0


@pytest.mark.parametrize("tag", TAGS)
def test_what_ended_leaves_the_pocket_and_what_should_have_ended_says_so(home, phone, tag):
    happens(home)
    ben = phone(home, tag)
    home.run("e2e.furnish_alert", "over")
    at_home_once(ben, "ben3@example.org")
    ben.context.set_offline(True)
    ben.page.wait_for_timeout(5000)
    ben.open("/")
    ben.sees("This was to end by itself by now. What was said since, this phone does not know yet.")
    assert ben.page.locator(".answer").count() == 0
    home.run("e2e.furnish_alert", "end")
    ben.context.set_offline(False)
    ben.open("/")
    until(ben, "kith.who().then(kith.pocket).then((kept) => !JSON.stringify(kept).includes('data-alert'))")
    ben.context.set_offline(True)
    ben.open("/")
    ben.page.get_by_role("heading", level=1, name=ben.says("Where to meet, whom to ring")).wait_for()
    assert WORDS[tag] not in main(ben)
