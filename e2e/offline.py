"""What journeys without a network have in common: a phone that is switched off and on, and what it keeps."""

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Error

from e2e.conftest import CHROMIUM, LOCALES, PHONE, QUIET, Phone
from e2e.test_help import choose

READY = "navigator.serviceWorker.ready.then(() => new Promise((done) => setTimeout(done, 300)))"
NO_SYNC = "delete self.SyncManager; delete ServiceWorkerRegistration.prototype.sync"
FILL_POCKET = "kith.who().then((person) => kith.refresh(person, { anew: true }))"
KEPT = "kith.who().then((person) => kith.pocket(person))"
POCKET = f"{KEPT}.then((kept) => kept?.pages.length ?? 0)"
WAITS = "kith.who().then((person) => kith.waiting(person)).then((all) => all.length)"
SENT = """kith.who().then((person) => person && person === document.body.dataset.viewer && kith.waiting(person))
  .then((all) => Boolean(all) && all.length === 0)"""
TAGS = ("en", "zh-Hans")


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


def a_need(phone: Phone, words: str, what: str = "groceries") -> str:
    """The path of a need that was asked for just now."""
    phone.open("/help/new")
    choose(phone, "What is it about?", what)
    phone.fill("What do you need?", words)
    phone.press("Ask for help")
    phone.page.wait_for_url(re.compile(r"/help/\d+$"))
    return "/" + phone.page.url.split("/", 3)[3]


def say_there(phone: Phone, words: str) -> None:
    phone.fill("A question or an answer", words)
    phone.press("Send")


def until(phone: Phone, expression: str) -> None:
    def true() -> bool:
        try:
            return bool(phone.page.evaluate(expression))
        except Error:
            return False  # between two pages

    phone.until(true)
