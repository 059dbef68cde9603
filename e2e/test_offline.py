"""Without a network: what is read, what waits, and that it goes out once, whatever the phone went through."""

import re
import tempfile
from pathlib import Path

import pytest

from e2e.bad_line import BadLine
from e2e.conftest import CHROMIUM, LOCALES, PHONE, QUIET, House, Phone
from e2e.furnish import PASSWORD
from e2e.test_for_everybody import violations
from e2e.test_help import choose

READY = "navigator.serviceWorker.ready.then(() => new Promise((done) => setTimeout(done, 300)))"
NO_SYNC = "delete self.SyncManager; delete ServiceWorkerRegistration.prototype.sync"
POCKET = "kith.who().then((person) => kith.pocket(person)).then((kept) => kept?.pages.length ?? 0)"
WAITS = "kith.who().then((person) => kith.waiting(person)).then((all) => all.length)"
SENT = """kith.who().then((person) => person && person === document.body.dataset.viewer && kith.waiting(person))
  .then((all) => Boolean(all) && all.length === 0)"""
TAGS = ("en", "zh-Hans")


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


class Telephone:
    """A phone that can be switched off and on again."""

    def __init__(self, chromium, url: str, tag: str, *, sync: bool) -> None:
        self.chromium, self.url, self.tag, self.sync = chromium, url, tag, sync
        self.folder = tempfile.mkdtemp(prefix="kith-phone-")

    def on(self) -> Phone:
        path = self.chromium.browser_type.executable_path
        path = next((each for each in CHROMIUM if Path(each).exists()), path)
        self.context = self.chromium.browser_type.launch_persistent_context(
            self.folder, executable_path=path, args=QUIET, viewport=PHONE, locale=LOCALES[self.tag]
        )
        if not self.sync:
            self.context.add_init_script(NO_SYNC)
        return Phone(self.context, self, self.tag)

    def off(self) -> None:
        self.context.close()


@pytest.fixture
def telephone(chromium):
    made: list[Telephone] = []

    def one(url: str, tag: str, *, sync: bool) -> Telephone:
        made.append(Telephone(chromium, url, tag, sync=sync))
        return made[-1]

    yield one
    for each in made:
        each.off()


def a_need(phone: Phone, words: str) -> str:
    """The path of a need that was asked for just now."""
    phone.open("/help/new")
    choose(phone, "What is it about?", "groceries")
    phone.fill("What do you need?", words)
    if phone.page.get_by_text(phone.says("Your household has asked for this already. Is it the same?")).count():
        raise AssertionError("a twin")
    phone.press("Ask for help")
    phone.page.wait_for_url(re.compile(r"/help/\d+$"))
    return "/" + phone.page.url.split("/", 3)[3]


def say_there(phone: Phone, words: str) -> None:
    phone.fill("A question or an answer", words)
    phone.press("Send")


def until(phone: Phone, expression: str) -> None:
    phone.until(lambda: phone.page.evaluate(expression))


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
    ben.page.evaluate("kith.who().then((person) => kith.refresh(person, { anew: true }))")
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
    ben.press("Mend it")
    ben.page.wait_for_url(f"**{need}")
    assert ben.page.evaluate(WAITS) == 0


def test_another_person_on_that_phone_sees_nothing_of_it_and_signing_out_empties_the_pocket(home, phone):
    ana = phone(home)
    ana.sign_in("lin@example.org", PASSWORD)
    need = a_need(ana, "Zzcandles")
    ana.page.evaluate(READY)
    ana.page.evaluate("kith.who().then((person) => kith.refresh(person, { anew: true }))")
    ana.context.set_offline(True)
    say_there(ana, "The third floor")
    ana.sees("Waiting to be sent.")
    ana.context.clear_cookies()
    ana.context.set_offline(False)
    ana.sign_in("zhao@example.org", PASSWORD)
    assert ana.page.evaluate(WAITS) == 0
    ana.open("/offline")
    ana.page.wait_for_selector("body[data-shown]")
    assert "third floor" not in ana.page.content() and "Zzcandles" not in ana.page.content()
    ana.context.clear_cookies()

    ana.sign_in("lin@example.org", PASSWORD)
    ana.until(lambda: ana.page.evaluate(SENT))
    ana.open(need)
    assert ana.page.get_by_text("The third floor", exact=True).count() == 1
    ana.open("/account")
    ana.press("Sign out")
    ana.page.wait_for_url(home.url + "/")
    assert ana.page.evaluate(POCKET) == 0
