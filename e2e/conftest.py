"""A real server and a real browser at phone size. Nothing is faked: what a neighbour sees is what is tested."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from app.config import ROOT
from app.kit.languages import language
from tests import postgres
from tests.ports import free_port

ENGINE = os.environ.get("KITH_TEST_ENGINE", "sqlite")
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE = {"width": 412, "height": 915}
PATIENCE = 30_000  # ms until something that should show counts as missing: a busy machine is no fault
SLOW = 240  # seconds for what a house does by itself: to be furnished, to open, to close
LOCALES = {"en": "en-GB", "zh-Hans": "zh-CN"}


@cache
def furnished(*prepare: str) -> tuple[Path, str]:
    """Folder and database of a house furnished by these words, in which nobody lives: each journey moves into a copy,
    since to furnish one takes longer than many a journey.
    """
    folder, name = Path(tempfile.mkdtemp(prefix="kith-e2e-")), f"furnished_{free_port()}"
    run(*prepare, env=place(folder, postgres.a_database(name) if ENGINE == "postgres" else ""))
    return folder, name


def place(folder: Path, database: str) -> dict[str, str]:
    return os.environ | {"KITH_DATA": str(folder), "KITH_DATABASE_URL": database}


def run(*words: str, env: dict[str, str]) -> str:
    """A module of ours as another process. Gives back what it printed."""
    command = [sys.executable, "-m", *words]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=SLOW)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class House:
    """One community on its own port and data, started by the command line like any other."""

    def __init__(self, *prepare: str, host: str = "127.0.0.1") -> None:
        """`prepare` are the words of a command that furnishes it first: "e2e.furnish", or "app", "seed", "demo".

        Passkeys belong to a name: with `host="localhost"` they work.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="kith-e2e-"))
        self.port = free_port()
        self.url = f"http://{host}:{self.port}"
        var, like = furnished(*prepare) if prepare else (None, "")
        if var:
            shutil.copytree(var, self.folder / "var")
        database = postgres.a_database(f"e2e_{self.port}", like) if ENGINE == "postgres" else ""
        self.env = place(self.folder / "var", database) | {
            "KITH_PORT": str(self.port),
            "KITH_BASE_URL": self.url,
            "KITH_DATABASE_URL": database,
            "KITH_WORKERS": "1",
            "KITH_PUSH_ORIGINS": "https://push.example",  # nobody is rung: no such host
        }
        self.log = self.folder / "log"
        with self.log.open("w") as log:
            command = [sys.executable, "-m", "app", "serve"]
            self.server = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        self._wait()

    def run(self, *words: str) -> str:
        """A module of ours in this house, as another process: "e2e.ring". Gives back what it printed."""
        return run(*words, env=self.env)

    def _wait(self) -> None:
        until = time.monotonic() + SLOW
        while time.monotonic() < until:
            try:
                httpx.get(f"{self.url}/healthz", timeout=1)
                return
            except httpx.TransportError:
                assert self.server.poll() is None, self.log.read_text()
                time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def demo_sign_in(self, role: str) -> tuple[str, str]:
        """Login and password of the demo's administrator, coordinator, space_manager or resident."""
        known = json.loads((self.folder / "var" / "demo-sign-ins.json").read_text())[role]
        return known["login"], known["password"]

    @property
    def set_up_link(self) -> str:
        found = re.search(r"http\S+/setup\?token=\S+", self.log.read_text())
        assert found, self.log.read_text()
        return found[0]

    def close(self) -> None:
        self.server.terminate()
        self.server.wait(SLOW)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next((path for path in CHROMIUM if Path(path).exists()), None)
    assert path, "Chromium is not installed (Debian: chromium)."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


class Phone:
    """A neighbour's phone: a page, and that neighbour's language."""

    def __init__(self, context: BrowserContext, house: House, tag: str) -> None:
        self.context, self.house, self.tag = context, house, tag
        context.set_default_timeout(PATIENCE)
        self.page: Page = context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._console)

    def _console(self, message: SimpleNamespace) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.troubles.append(message.text)

    def says(self, words: str, **values: object) -> str:
        """Our words in this neighbour's language."""
        return language(self.tag).gettext(words) % values

    def open(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.house.url + path)
        return self.page

    def press(self, words: str, **values: object) -> None:
        """A button or, where there is none, a link, by the name a screen reader says: as soon as there is either.

        Where it leads to another page, that page is there in full afterwards, unless scripts lead there later.
        """
        name = self.says(words, **values)
        button, link = (self.page.get_by_role(role, name=name, exact=True) for role in ("button", "link"))
        button.or_(link).first.wait_for()
        self.tap(button if button.count() else link)

    def tap(self, what: Locator) -> None:
        what.first.click()
        self.page.wait_for_load_state()

    def pick(self, what: Locator) -> None:
        """A box or a radio button."""
        what.check()

    def fill(self, label: str, typed: str) -> None:
        self.page.get_by_label(self.says(label), exact=True).first.fill(typed)

    def sees(self, words: str, **values: object) -> None:
        self.page.get_by_text(self.says(words, **values)).first.wait_for()

    def until(self, true: Callable[[], object]) -> None:
        """For what no locator waits for."""
        for _ in range(PATIENCE // 50):
            if true():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("waited in vain")

    def sign_in(self, login: str, password: str) -> None:
        self.open("/sign-in")
        self.fill("Phone or e-mail", login)
        self.fill("Password", password)
        self.tap(self.page.locator("main").get_by_role("button", name=self.says("Sign in"), exact=True))
        self.page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in")


@pytest.fixture
def phone(chromium):
    """`phone(house, "zh-Hans", js=False)`: as many as a test needs; with `keys=True` it is held by nobody's thumb."""
    from e2e.keys import Keyboard  # which needs the phone above

    contexts: list[BrowserContext] = []
    phones: list[Phone] = []

    def a_phone(
        house: House, tag: str = "en", *, js: bool = True, theme: str = "light", keys: bool = False, **more: object
    ) -> Phone:
        context = chromium.new_context(
            viewport=PHONE, locale=LOCALES[tag], color_scheme=theme, java_script_enabled=js, **more
        )
        contexts.append(context)
        phones.append((Keyboard if keys else Phone)(context, house, tag))
        return phones[-1]

    yield a_phone
    for context in contexts:
        context.close()
    assert [trouble for each in phones for trouble in each.troubles] == []


@pytest.fixture
def house():
    """`house()`: an empty one; `house("e2e.furnish")`: furnished first."""
    houses: list[House] = []

    def a_house(*prepare: str, host: str = "127.0.0.1") -> House:
        houses.append(House(*prepare, host=host))
        return houses[-1]

    yield a_house
    for each in houses:
        each.close()


@pytest.fixture
def telephone(chromium):
    from e2e.offline import Telephone  # which needs the phone above

    made: list[Telephone] = []

    def one(url: str, tag: str, *, sync: bool) -> Telephone:
        made.append(Telephone(chromium, url, tag, sync=sync))
        return made[-1]

    yield one
    for each in made:
        each.off()
