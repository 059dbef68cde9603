"""Houses to bench and to break: each in a folder of its own, on either engine, and gone at the end."""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.kit.browser import Answer, Browser
from tests.command_line import a_place, answers, family, free_port, until

ENGINES = ("sqlite", "postgres")


class Running:
    """A server in a session of its own, so that all its processes can be found: to be weighed, and to be ended."""

    def __init__(self, folder: Path, port: int, env: dict[str, str]) -> None:
        self.folder, self.port, self.env, self.cookie = folder, port, env, ""
        self.log = folder.with_suffix(f".{port}.log")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, command: list[Any], **how: Any) -> None:
        with self.log.open("ab") as log:
            how |= {"env": self.env, "stdout": log, "stderr": log, "start_new_session": True}
            self.process = subprocess.Popen(command, **how)

    def kill(self) -> None:
        """Everybody at once, without a word."""
        if self.process is None:
            return
        session = self.process.pid
        for pid in {session, *family(session)}:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        until(lambda: not family(session))

    @contextmanager
    def running(self, command: list[Any], **how: Any) -> Iterator[None]:
        self.start(command, **how)
        try:
            yield
        finally:
            self.kill()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(self, path: str) -> Answer:
        try:
            return Browser(self.port, cookie=self.cookie).get(path)
        except (OSError, http.client.HTTPException):
            return Answer(0, "", b"")

    def megabytes(self) -> tuple[float, float]:
        """Of the whole family: what each holds, and what they hold when shared pages are counted once."""
        session = self.process.pid if self.process else 0
        rolled = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in family(session)]
        return _sum(rolled, "Rss:"), _sum(rolled, "Pss:")


def _sum(rolled: list[str], name: str) -> float:
    return sum(int(line.split()[1]) for text in rolled for line in text.splitlines() if line.startswith(name)) / 1024


class House(Running):
    def __init__(self, env: dict[str, str]) -> None:
        super().__init__(Path(env["KITH_DATA"]), int(env["KITH_PORT"]), env)
        self.people: list[dict[str, Any]] = []

    def beside(self, **settings: str) -> "House":
        """Another server for the same house."""
        other = House(self.env | {"KITH_PORT": str(free_port())} | settings)
        other.cookie = self.cookie
        return other

    @property
    def database(self) -> str:
        return self.env["KITH_DATABASE_URL"]

    def open(self, *words: str) -> float:
        """Seconds until it answered."""
        began = time.monotonic()
        self.start([sys.executable, "-m", "app", "serve", *words])
        until(lambda: answers(self.env, "/readyz"), seconds=60)
        return time.monotonic() - began

    @contextmanager
    def opened(self, *words: str) -> Iterator["House"]:
        self.open(*words)
        try:
            yield self
        finally:
            self.kill()

    def sign_in(self, login: str, password: str) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        line.request("POST", "/sign-in", urlencode({"login": login, "password": password}), headers)
        answer = line.getresponse()
        self.cookie = next(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie") if "key=" in each)
        line.close()

    def kith(self, *words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app", *map(str, words)]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise SystemExit(f"kith {words[0]}: {done.stderr}")
        return done

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return rows(self.database, sql)


@contextmanager
def empty_house(engine: str, **settings: str) -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as folder:
        here = House(a_place(Path(folder, "house"), engine) | settings)
        here.folder.mkdir(mode=0o700)
        try:
            yield here
        finally:
            here.kill()


@contextmanager
def house(engine: str, people: int, **settings: str) -> Iterator[House]:
    with empty_house(engine, **settings) as here:
        command = [sys.executable, "-m", "bench.kit.settling", str(people)]
        told = subprocess.run(command, env=here.env, capture_output=True, text=True)
        if told.returncode:
            raise SystemExit(told.stderr)
        here.people = json.loads(told.stdout)
        yield here


def estate(here: House, *words: object) -> Any:
    """What `bench.kit.estate` says."""
    command = [sys.executable, "-m", "bench.kit.estate", *map(str, words)]
    told = subprocess.run(command, env=here.env, capture_output=True, text=True)
    if told.returncode:
        raise SystemExit(told.stderr[-3000:])
    return json.loads(told.stdout)


def things(here: House, many: int) -> Any:
    """What `bench.kit.things` says."""
    command = [sys.executable, "-m", "bench.kit.things", str(many)]
    told = subprocess.run(command, env=here.env, capture_output=True, text=True)
    if told.returncode:
        raise SystemExit(told.stderr[-3000:])
    return json.loads(told.stdout)


def rooms(here: House, *words: object) -> Any:
    """What `bench.kit.rooms` says."""
    command = [sys.executable, "-m", "bench.kit.rooms", *map(str, words)]
    told = subprocess.run(command, env=here.env, capture_output=True, text=True)
    if told.returncode:
        raise SystemExit(told.stderr[-3000:])
    return json.loads(told.stdout)


def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Asked of the database itself, beside the house."""
    if url.startswith("sqlite"):
        import sqlite3

        with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30) as db:
            return db.execute(sql).fetchall()
    import asyncio

    import asyncpg

    async def asked() -> list[tuple[Any, ...]]:
        db = await asyncpg.connect(url)
        try:
            return [tuple(row) for row in await db.fetch(sql)]
        finally:
            await db.close()

    return asyncio.run(asked())
