"""A phone is let ring, tested and silenced. Only the push service is not there: the page's `subscribe` gives a test
subscription, and Chromium itself hands our service worker what would have been pushed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Worker

from app.config import ROOT
from e2e.conftest import PATIENCE, House, Phone
from e2e.furnish import PASSWORD
from e2e.test_for_everybody import violations

HERE = "/account/notices"
TAGS = ["en", "zh-Hans"]
A_PUSH_SERVICE = (ROOT / "e2e" / "push_service.js").read_text()
WITHOUT_SCRIPTS = (
    "To let this phone ring, JavaScript has to be on. Without it everything else works: notices wait for you under the "
    "bell, and come on the roads below."
)
HELD = "JSON.parse(localStorage.getItem('test-subscription'))?.endpoint ?? null"
AGAIN = 200  # looks
IN_WORKER = "navigator.serviceWorker.ready.then(() => true)"
SHOWN = """navigator.serviceWorker.ready.then(async (worker) =>
  (await worker.getNotifications()).map(({ title, body, tag, lang, data }) => ({ title, body, tag, lang, data })))"""
CLEAR = """navigator.serviceWorker.ready.then(async (worker) =>
  (await worker.getNotifications()).map((each) => each.close()).length)"""
CHANGED = """async ({ before, given }) => {
  const keys = { p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
                 auth: "AAECAwQFBgcICQoLDA0ODw" };
  const waits = [], asks = self.fetch;
  let status = 0;
  self.fetch = async (...said) => { const answer = await asks(...said); status = answer.status; return answer; };
  const change = new Event("pushsubscriptionchange");
  change.oldSubscription = { endpoint: before };
  change.newSubscription = { endpoint: given, toJSON: () => ({ endpoint: given, keys }) };
  change.waitUntil = (work) => waits.push(work);
  self.dispatchEvent(change);
  await Promise.all(waits);
  self.fetch = asks;
  return status;
}"""
# A tap in a test is no person's: the browser lets no window be opened or focused, so what is asked of it is noted.
TAP = """async ([data, action]) => {
  const asked = [];
  const windows = self.clients.matchAll, opens = self.clients.openWindow;
  self.clients.openWindow = async (url) => { asked.push(["open", url]); return null; };
  self.clients.matchAll = async () => globalThis.pretended ?? [];
  const waits = [];
  const tap = new Event("notificationclick");
  tap.action = action;
  const [{ title, lang, tag } = {}] = await self.registration.getNotifications();
  tap.notification = { title, lang, tag, data, close: () => asked.push(["close"]) };
  tap.waitUntil = (work) => waits.push(work);
  self.dispatchEvent(tap);
  await Promise.all(waits);
  Object.assign(self.clients, { matchAll: windows, openWindow: opens });
  return asked;
}"""


class Ringing:
    """Somebody's phone, what its service worker is handed, and what it shows."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.page = phone, phone.page
        phone.context.add_init_script(A_PUSH_SERVICE)
        phone.context.grant_permissions(["notifications"], origin=phone.house.url)
        self.devtools: Any = None

    def sign_in(self, name: str) -> None:
        self.phone.sign_in(f"{name}@example.org", PASSWORD)

    def let_ring(self) -> None:
        self.phone.open(HERE)
        self.phone.press("Ring this phone")
        self.page.wait_for_url("**/test")

    def push(self, payload: str, onto: str = "") -> list[dict[str, Any]]:
        """What is shown after it; `onto` is what is shown already. The DevTools hand it over, opened, as the push
        service would."""
        self.page.evaluate(IN_WORKER)
        if not onto:
            self.phone.until(lambda: not self.page.evaluate(CLEAR))
        if self.devtools is None:
            self.devtools = self.phone.context.new_cdp_session(self.page)
            found: list[dict[str, Any]] = []
            self.devtools.on(
                "ServiceWorker.workerRegistrationUpdated", lambda each: found.extend(each["registrations"])
            )
            self.devtools.send("ServiceWorker.enable")
            self.phone.until(lambda: found)
            self.registration = found[-1]["registrationId"]
        to = {"origin": self.phone.house.url, "registrationId": self.registration, "data": payload}
        for nth in range(PATIENCE // 50):
            if nth % AGAIN == 0:  # on a busy machine one is lost between the DevTools and the worker, without a word
                self.devtools.send("ServiceWorker.deliverPushMessage", to)
            shown: list[dict[str, Any]] = self.page.evaluate(SHOWN)
            if shown and not (onto and any(each["body"] == onto for each in shown)):
                return shown
            self.page.wait_for_timeout(50)
        return []

    def tap(self, navigate: str | None, action: str = "", **places: object) -> list[Any]:
        return list(self.worker().evaluate(TAP, [{"navigate": navigate, "places": places}, action]))

    def worker(self) -> Worker:
        self.page.evaluate(IN_WORKER)
        self.phone.until(lambda: self.phone.context.service_workers)
        return self.phone.context.service_workers[0]

    def held(self) -> str | None:
        held: str | None = self.page.evaluate(HELD)
        return held


@pytest.fixture(scope="module")
def home() -> Iterator[House]:
    """One for all, and in it somebody else for each journey."""
    house = House("e2e.furnish")
    yield house
    house.close()


@pytest.fixture
def ringing(phone):
    def a_phone(house, tag: str = "en", **more: object) -> Ringing:
        return Ringing(phone(house, tag, **more))

    return a_phone


def said(**words: object) -> str:
    """Declarative Web Push, as the sender makes it."""
    known = {"title": "百川里", "body": "Hello", "navigate": f"{HERE}/phones/1/test", "lang": "en", "tag": "T"}
    return json.dumps({"web_push": 8030, "notification": known | words}, ensure_ascii=False)


@pytest.mark.parametrize(("tag", "theme"), [("en", "dark"), ("zh-Hans", "light")])
def test_from_the_button_over_the_test_to_it_rang(home, ringing, tag, theme):
    ana = ringing(home, tag, theme=theme)
    ana.sign_in("ana0" if tag == "en" else "ana1")
    ana.phone.open(HERE)
    ana.phone.sees("Your browser then asks once more. Please allow it.")
    assert violations(ana.phone) == []
    assert ana.held() is None, "nothing is asked of the browser before a press"

    ana.let_ring()
    ana.phone.sees("Did it ring?")
    assert violations(ana.phone) == []
    words = ana.phone.says("This is a test. Tap here to say that it rang.")
    where = ana.page.url
    [shown] = ana.push(said(body=words, navigate=where, lang=tag))
    assert (shown["title"], shown["body"], shown["lang"]) == ("百川里", words, tag)

    ana.phone.open("/")
    assert ana.tap(shown["data"]["navigate"]) == [["close"], ["open", where]]
    ana.phone.open(where)
    ana.phone.press("Yes, it rang")
    ana.page.wait_for_url(f"**{HERE}")
    ana.phone.sees("This phone rings.")
    assert violations(ana.phone) == []
    assert ana.page.locator(".phone", has_text=ana.phone.says("Not tested yet")).count() == 0


def test_whatever_is_pushed_something_is_shown_even_while_the_page_is_looked_at(home, ringing):
    ana = ringing(home)
    ana.phone.open("/sign-in")
    wrong = [
        "",
        "nonsense",
        "null",
        "[]",
        "7",
        "{}",
        '{"notification": null}',
        '{"web_push": 8030}',
        json.dumps({"web_push": 8030, "notification": {"title": ""}}),
        json.dumps({"web_push": 1, "notification": {"title": "Of another kind", "navigate": "/"}}),
        said(title={"not": "words"}),
    ]
    for payload in wrong:
        [shown] = ana.push(payload)
        assert shown["title"] == "Kith 守望" and "有新消息" in shown["body"] and "There is news" in shown["body"], (
            payload
        )
    odd: dict[str, object] = {
        "body": ["a"],
        "lang": 7,
        "tag": {"x": 1},
        "app_badge": "many",
        "navigate": 7,
        "silent": True,
    }
    [shown] = ana.push(said(**odd))
    assert shown["title"] == "百川里"
    worker = ana.worker()
    worker.evaluate("() => { navigator.setAppBadge = () => { throw new Error('no badges here'); }; }")
    [shown] = ana.push(said(app_badge=3, title="A badge that fails"))
    assert shown["title"] == "A badge that fails"


def test_a_repeat_replaces_the_one_before(home, ringing):
    ana = ringing(home)
    ana.phone.open("/sign-in")
    ana.push(said(body="Once", tag="SAME"))
    shown = ana.push(said(body="Twice", tag="SAME"), onto="Once")
    assert [each["body"] for each in shown] == ["Twice"]


@pytest.mark.parametrize(
    ("meant", "opened"),
    [
        ("/notices?page=2", "/notices?page=2"),
        ("{home}/asks/5", "/asks/5"),
        ("https://evil.example/asks/5", "/"),
        ("//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http://[", "/"),
        (None, "/notices"),
    ],
)
def test_a_tap_opens_pages_of_this_house_only(home, ringing, meant, opened):
    ana = ringing(home)
    ana.phone.open("/sign-in")
    meant = meant and meant.format(home=home.url)
    assert ana.tap(meant) == [["close"], ["open", home.url + opened]]


def test_every_notification_carries_its_stop_and_a_tap_on_it_leads_there(home, ringing):
    ana = ringing(home)
    ana.phone.open("/sign-in")
    stop = {"action": "stop", "title": "No more about this", "navigate": f"{home.url}/stop/x"}
    said = {
        "title": "百川里",
        "body": "You have an answer.",
        "navigate": f"{home.url}/asks/1",
        "actions": [stop, 7, {}],
    }
    [shown] = ana.push(json.dumps({"web_push": 8030, "notification": said}))

    data = shown["data"]
    assert data == {"navigate": f"{home.url}/asks/1", "places": {"stop": f"{home.url}/stop/x"}}
    assert ana.tap(data["navigate"], "stop", **data["places"]) == [["close"], ["open", f"{home.url}/stop/x"]]
    assert ana.tap(data["navigate"], "", **data["places"]) == [["close"], ["open", f"{home.url}/asks/1"]]


def test_a_tap_brings_the_window_that_is_open_to_the_page_that_was_meant(home, ringing):
    ana = ringing(home)
    ana.phone.open("/sign-in")
    worker = ana.worker()
    worker.evaluate(
        """(url) => {
          globalThis.done = [];
          const open = { url, focused: true, focus: async () => { done.push("focus"); return open; },
                         navigate: async (to) => { done.push(to); return open; } };
          globalThis.pretended = [open];
        }""",
        f"{home.url}/account",
    )
    assert ana.tap("/notices") == [["close"]]
    assert ana.tap("/account") == [["close"]]
    assert worker.evaluate("() => done") == ["focus", f"{home.url}/notices", "focus"]


def test_signing_out_silences_the_phone_and_the_next_who_signs_in_there_is_not_rung(home, ringing):
    ana = ringing(home)
    ana.sign_in("ana3")
    ana.let_ring()
    assert ana.held()
    [_] = ana.push(said(body="For Ana"))

    ana.phone.open("/account")
    ana.phone.press("Sign out")
    ana.page.wait_for_url(f"{home.url}/")
    assert ana.held() is None and ana.page.evaluate(SHOWN) == []

    ana.sign_in("ben3")
    ana.phone.open(HERE)
    ana.page.get_by_role("button", name="Ring this phone").wait_for()
    assert ana.page.locator(".phone").count() == 0


def test_who_signs_in_after_somebody_who_never_signed_out_is_not_rung_and_finds_nothing_on_the_screen(home, ringing):
    ana = ringing(home)
    ana.sign_in("ben2")
    ana.let_ring()
    ana.phone.open("/")
    [_] = ana.push(said(body="For one"))
    ana.phone.context.clear_cookies()
    asked: list[str] = []
    ana.page.route("**/push/subscriptions", lambda route: (asked.append("lost"), route.abort()), times=1)

    ana.sign_in("ben3")
    ana.phone.until(lambda: asked)
    assert ana.held(), "nobody hears an answer that is lost"
    ana.phone.open("/")
    ana.phone.until(lambda: ana.page.evaluate(f"({HELD}) === null"))

    ana.phone.until(lambda: ana.page.evaluate(SHOWN) == [])


def test_a_browser_that_is_given_another_subscription_says_so_by_itself(home, ringing):
    ana = ringing(home)
    ana.sign_in("ana2")
    ana.let_ring()
    before = ana.held()
    given = before.removesuffix("/1") + "/2"
    worker = ana.worker()
    status = worker.evaluate(CHANGED, {"before": before, "given": given})
    assert status == 204

    ana.page.evaluate(f"localStorage.setItem('rings:' + document.body.dataset.viewer, '{given}')")
    held = {"endpoint": given, "key": ana.page.evaluate("fetch('/push/key').then((it) => it.text())")}
    ana.page.evaluate("(held) => localStorage.setItem('test-subscription', JSON.stringify(held))", held)
    ana.phone.open(HERE)
    ana.phone.sees("This phone rings.")
    assert ana.page.locator(".phone").count() == 1


def test_what_was_lost_is_mended_at_the_next_opening_and_what_was_let_go_of_stays_silent(home, ringing):
    ana, laptop = ringing(home), ringing(home)
    ana.sign_in("ben0")
    ana.let_ring()
    ana.page.evaluate("localStorage.removeItem('test-subscription'); sessionStorage.clear()")  # as iOS does, unsaid
    with ana.page.expect_response("**/push/subscriptions") as mended:
        ana.phone.open("/")
    assert mended.value.status == 204 and (ana.held() or "").endswith("/2")

    laptop.sign_in("ben0")
    laptop.phone.open(HERE)
    laptop.phone.press("Remove")
    laptop.page.locator(".phone").wait_for(state="detached")
    ana.page.evaluate("sessionStorage.clear()")
    with ana.page.expect_response("**/push/subscriptions") as refused:
        ana.phone.open("/")
    assert refused.value.status == 403
    ana.phone.open(HERE)
    ana.page.get_by_role("button", name="Ring this phone").wait_for()
    assert ana.held() is None


@pytest.mark.parametrize("tag", TAGS)
def test_each_phone_reads_what_fits_it(home, phone, tag):

    def at_the_page(before: str = "", **more: object) -> Phone:
        theirs = phone(home, tag, **more)
        theirs.context.add_init_script(before or "0")
        theirs.sign_in("ben1@example.org", PASSWORD)
        theirs.open(HERE)
        return theirs

    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1"
    at_the_page("delete window.PushManager", user_agent=iphone).sees("Choose “Add to Home Screen”, then “Add”.")
    at_the_page("delete window.PushManager").sees("This browser cannot ring.")
    denied = "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"
    at_the_page(denied).sees("I have allowed it")
    wechat = at_the_page(user_agent="Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0")
    wechat.sees("Inside WeChat no phone can ring. Open Kith in your browser:")
    assert wechat.page.locator("[data-ring]").count() == 0
    at_the_page(js=False).sees(WITHOUT_SCRIPTS)


def test_where_the_push_service_is_out_of_reach_the_page_says_what_else_reaches_you(home, ringing):
    ana = ringing(home)
    ana.sign_in("ben2")
    ana.phone.open(HERE)
    ana.page.evaluate("localStorage.setItem('no-push-service', '1')")
    ana.phone.press("Ring this phone")
    ana.phone.sees("Your browser could not reach its push service.")
    ana.page.evaluate("localStorage.removeItem('no-push-service')")
    ana.phone.press("Try again")
    ana.page.wait_for_url("**/test")
