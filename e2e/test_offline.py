"""Without a network: what is read, what waits, and that it goes out once, whatever the phone went through."""

import re

import pytest

from e2e.bad_line import BadLine
from e2e.conftest import House
from e2e.furnish import PASSWORD
from e2e.offline import FILL_POCKET, KEPT, READY, SENT, TAGS, WAITS, a_need, say_there, until
from e2e.test_for_everybody import violations

ALL_CACHES = """caches.keys().then((all) => Promise.all(all.map((name) => caches.open(name).then((kept) => kept.keys()
  .then((keys) => Promise.all(keys.map((key) => kept.match(key).then((each) => each.text())))))))).then(String)"""


@pytest.fixture(scope="module")
def home():
    house = House("e2e.furnish")
    yield house
    house.close()


@pytest.fixture
def line(home):
    between = BadLine(home.port)
    yield between
    between.close()


@pytest.mark.parametrize("sync", [True, False], ids=["with sync", "without sync"])
@pytest.mark.parametrize("cut", ["before", "after"])
def test_what_the_line_cut_waits_through_a_restart_and_is_there_once(home, line, telephone, phone, cut, sync):
    pair = ["before", "after"].index(cut) * 2 + sync
    tag = TAGS[sync]
    device = telephone(line.url, tag, sync=sync)
    ana = device.on()
    ana.sign_in(f"ana{pair}@example.org", PASSWORD)
    need = a_need(ana, "Rice")
    ana.page.evaluate(READY)

    line.cut = cut
    say_there(ana, "Which rice, please")
    ana.sees("Waiting to be sent.")
    assert bool(line.arrived) == (cut == "after")
    device.off()

    ana = device.on()
    ana.open("/offline") if cut == "after" else None
    line.cut = ""
    ana.open(need)
    until(ana, SENT)
    ana.open(need)
    ana.sees("Which rice, please")
    assert ana.page.get_by_text("Which rice, please", exact=True).count() == 1


@pytest.mark.parametrize("tag", TAGS)
def test_without_a_network_the_pocket_is_read_with_its_time_and_what_waits_is_counted(home, phone, tag):
    ben = phone(home, tag)
    ben.sign_in(f"ben{TAGS.index(tag)}@example.org", PASSWORD)
    need = a_need(ben, "Two eggs")
    ben.page.evaluate(READY)
    ben.page.evaluate(FILL_POCKET)
    ben.context.set_offline(True)

    ben.open(need)
    ben.page.locator("[data-part=page] h1").get_by_text(ben.says("Groceries")).wait_for()
    assert "Two eggs" in ben.page.locator("[data-part=page]").inner_text()
    as_of = ben.says("As of #").replace("#", "")
    assert re.search(as_of + r"\d\d:\d\d", ben.page.locator("[data-part=as-of]").inner_text())
    assert violations(ben) == []

    ben.open("/account/sessions")
    ben.page.locator("[data-part=pages] a").get_by_text(ben.says("Groceries")).wait_for()
    caches = "caches.keys().then((all) => Promise.all(all.map((name) => caches.open(name).then((c) => c.keys()))))"
    kept = ben.page.evaluate(f"{caches}.then((all) => all.flat().map((each) => new URL(each.url).pathname))")
    assert {each for each in kept if not each.startswith("/static/")} == {"/offline", "/language"}


def test_whoever_reads_another_language_from_now_on_reads_it_without_a_network_too(home, phone):
    ben = phone(home, "en")
    ben.sign_in("zhao@example.org", PASSWORD)
    need = a_need(ben, "Two eggs")
    ben.page.evaluate(READY)
    ben.page.evaluate(FILL_POCKET)
    ben.open("/account").locator("select[name=language]").select_option("zh-Hans")
    with ben.page.expect_navigation():
        ben.page.locator("form[action='/account/settings'] button").click()
    ben.tag = "zh-Hans"
    until(ben, f"{KEPT}.then((kept) => kept.pages.some((each) => each.title.includes('{ben.says('Groceries')}')))")
    ben.context.set_offline(True)

    ben.open(need)
    ben.page.locator("[data-part=page] h1").get_by_text(ben.says("Groceries")).wait_for()


def test_what_waits_can_be_looked_at_and_discarded(home, phone):
    ana = phone(home)
    ana.sign_in("ben2@example.org", PASSWORD)
    need = a_need(ana, "Milk")
    ana.page.evaluate(READY)
    ana.context.set_offline(True)
    say_there(ana, "The blue one")
    ana.sees("Waiting to be sent.")
    ana.sees("Offline. One thing waits to be sent.")
    ana.open("/offline")
    ana.sees("The blue one")
    assert violations(ana) == []
    ana.press("Discard")
    ana.page.get_by_role("dialog").get_by_role("button", name="Not now").click()
    ana.sees("The blue one")
    ana.press("Discard")
    ana.page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    until(ana, f"{WAITS}.then((n) => n === 0)")
    ana.context.set_offline(False)
    ana.open(need)
    assert ana.page.get_by_text("The blue one", exact=True).count() == 0


def test_what_is_refused_comes_back_with_what_was_typed(home, phone):
    ben, other = phone(home), phone(home)
    for each in (ben, other):
        each.sign_in("ben3@example.org", PASSWORD)
    need = a_need(ben, "Bread")
    ben.page.evaluate(READY)
    ben.context.set_offline(True)
    say_there(ben, "Brown bread")
    ben.sees("Waiting to be sent.")
    other.open(need)
    other.press("No longer needed")
    other.page.get_by_role("button", name="No longer needed", exact=True).wait_for(state="hidden")

    ben.context.set_offline(False)
    ben.sees("One thing could not be sent.")
    ben.open("/offline")
    ben.sees("Brown bread")
    ben.sees("This need is over. Thank you for looking.")
    ben.press("Mend it")
    ben.page.wait_for_url(f"**{need}")
    assert ben.page.evaluate(WAITS) == 1


def test_another_person_on_that_phone_sees_nothing_of_it_and_it_goes_out_when_its_own_is_back(home, phone):
    lin = phone(home)
    lin.sign_in("lin@example.org", PASSWORD)
    need, number = a_need(lin, "Zzcandles"), lin.page.evaluate("document.body.dataset.viewer")
    lin.page.evaluate(READY)
    lin.page.evaluate(FILL_POCKET)
    assert "Zzcandles" in str(lin.page.evaluate(f"kith.pocket('{number}')"))
    lin.context.set_offline(True)
    say_there(lin, "The third floor")
    lin.sees("Waiting to be sent.")
    lin.context.clear_cookies()
    lin.context.set_offline(False)

    lin.sign_in("zhao@example.org", PASSWORD)
    until(lin, "kith.who().then((person) => person === document.body.dataset.viewer)")
    assert lin.page.evaluate(WAITS) == 0
    assert lin.page.evaluate(f"kith.pocket('{number}')") is None
    lin.open("/offline")
    lin.page.wait_for_selector("body[data-shown]")
    assert "third floor" not in lin.page.content() and "Zzcandles" not in lin.page.content()
    assert "Zzcandles" not in lin.page.evaluate(ALL_CACHES)
    lin.open(need)
    assert lin.page.get_by_text("The third floor", exact=True).count() == 0
    lin.context.clear_cookies()

    lin.sign_in("lin@example.org", PASSWORD)
    until(lin, SENT)
    lin.open(need)
    assert lin.page.get_by_text("The third floor", exact=True).count() == 1


@pytest.mark.parametrize("tag", TAGS)
def test_signing_out_offers_to_send_what_waits_and_then_forgets_this_person(home, line, telephone, tag):
    device = telephone(line.url, tag, sync=False)
    ana = device.on()
    ana.sign_in(f"ana{TAGS.index(tag)}@example.org", PASSWORD)
    need, number = a_need(ana, "Soap", "other"), ana.page.evaluate("document.body.dataset.viewer")
    ana.page.evaluate(FILL_POCKET)
    for words, then in (("It went first", "Send it first"), ("It is gone", "Not now")):
        line.cut = "before"
        say_there(ana, words)
        ana.sees("Waiting to be sent.")
        line.cut = "away"
        ana.open("/account")
        ana.press("Sign out")
        ana.sees("Something still waits to be sent. Send it before you sign out?")
        line.cut = "" if then == "Send it first" else line.cut
        ana.page.get_by_role("dialog").get_by_role("button", name=ana.says(then), exact=True).click()
        if then == "Not now":
            ana.sees("Something is not sent. When you sign out now, it is gone from this phone.")
            assert violations(ana) == []
            ana.page.get_by_role("dialog").get_by_role("button", name=ana.says("Sign out all the same")).click()
        ana.page.wait_for_url(line.url + "/")
        assert ana.page.evaluate(f"kith.waiting('{number}')") == []
        assert ana.page.evaluate(f"kith.pocket('{number}')") is None
        line.cut = ""
        ana.sign_in(f"ana{TAGS.index(tag)}@example.org", PASSWORD)
        ana.open(need)
    assert ana.page.get_by_text("It went first", exact=True).count() == 1
    assert ana.page.get_by_text("It is gone", exact=True).count() == 0
