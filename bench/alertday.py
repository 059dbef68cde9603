"""The day of an alert: 10,000 households on two cores, on each engine, the house as it serves by itself (two web
processes and the worker). The alert goes out; every phone is rung; from the first that rings, all answer within a
minute through HTTP, half of them twice, each followed to the page it leads to; 50 boards stand open (a stream each, and
what a browser fetches when the stream says so); and 50 ordinary pages a second are looked at.

Whether each answer is there, and the later one counts, is asked of the database itself. The crowd is one process on the
same two cores; it prints what it took of them, as do the push service and the house. HOUSEHOLDS, SECONDS, BOARDS, PAGES
and ENGINE make it smaller.
"""

import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

from bench.kit.crowd import Crowd, Took, block, get, plain, post
from bench.kit.houses import ENGINES, House, empty_house
from tests.command_line import family, until
from tests.push_service import PushService, a_push_service

HOUSEHOLDS = int(os.environ.get("HOUSEHOLDS", "10000"))
SECONDS = float(os.environ.get("SECONDS", "60"))
BOARDS = int(os.environ.get("BOARDS", "50"))
PAGES = int(os.environ.get("PAGES", "50"))  # a second
ONLY = os.environ.get("ENGINE", "")
WEB = 2  # processes
HELP, AWAY = 0.01, 0.02  # shares of the first answers; the others are safe
PACE = 1.0  # seconds, as the board's `data-pace` says
BELL = 0.25
PATIENCE = 120.0
BROWSED = (
    "/",
    "/?everyday=1",
    "/neighbours",
    "/help",
    "/notices",
    "/alerts",
    "/household",
    "/announcements",
    "/account",
)
GOALS = {"answers": 1000.0, "pages": 500.0, "boards": 2.0}
NUMBER = re.compile(rb'<strong class="number">(\d+) / (\d+)</strong>')


def main() -> int:
    return int(sum(day(engine) for engine in ENGINES if ONLY in ("", engine)) > 0)


def day(engine: str) -> int:
    with tempfile.TemporaryDirectory() as folder, a_push_service(Path(folder), origins=4) as service:
        origins = [f"https://localhost:{port}" for port in service.ports]
        settings = {"KITH_PUSH_ORIGINS": ",".join(origins), "SSL_CERT_FILE": str(service.certificate)}
        with empty_house(engine, KITH_WORKERS=str(WEB), **settings) as here:
            here.kith("vapid")
            here.people = estate(here, "furnish", HOUSEHOLDS, BOARDS, *origins)
            here.open()
            until(lambda: listening(here.port) >= WEB)  # else all lines would lead to whoever was up first
            told = asyncio.run(Day(here).run())
            quiet(here)
            return judged(engine, here, service, told)


def estate(here: House, *words: object) -> Any:
    command = [sys.executable, "-m", "bench.kit.estate", *map(str, words)]
    told = subprocess.run(command, env=here.env, capture_output=True, text=True)
    if told.returncode:
        raise SystemExit(told.stderr[-3000:])
    return json.loads(told.stdout)


@dataclass
class Board:
    """A page that stands open: fetches itself when its stream says so, at most once a second, and never twice at once."""

    key: str
    path: str
    alert: int
    due: set[str] = field(default_factory=set)
    shows: tuple[int, int] = (0, 1)
    right_at: float = 0.0
    fetched: int = 0

    @property
    def is_right(self) -> bool:
        return self.shows[0] == self.shows[1]


@dataclass
class Answerer:
    """Everything that somebody says, and the last that was confirmed."""

    person: int
    key: str
    says: list[str]
    confirmed: list[str] = field(default_factory=list)


class Day:
    def __init__(self, here: House) -> None:
        self.here, self.crowd, self.random = here, Crowd(here.port), random.Random(7)
        self.answers, self.pages, self.followed, self.boards_took = Took(), Took(), Took(), Took()
        self.boards: list[Board] = []
        self.alert, self.left, self.last_at = 0, 0, 0.0
        self.over = asyncio.Event()
        self.handed: list[tuple[float, int]] = []

    async def run(self) -> "Day":
        await self.crowd.come()
        self.alert = await asyncio.to_thread(estate, self.here, "send")
        self.sent_at = perf_counter()
        await self._open_boards()
        await self._until_it_rings()
        self.people = [self._answerer(person) for person in self.here.people]
        self.left = sum(len(person.says) for person in self.people)
        self.costs = costs(self.here)
        self.mine, self.began = time.process_time(), perf_counter()
        loop = asyncio.get_running_loop()
        for person in self.people:  # in the order in which they are rung, give or take
            share = (person.person + self.random.random() * HOUSEHOLDS * 0.1) / (HOUSEHOLDS * 1.1)
            if len(person.says) > 1:
                share *= 0.8
            self._at(loop, share * SECONDS, lambda at, who=person: self._says(who, at))  # type: ignore[misc]
        for nth in range(int(PAGES * SECONDS)):
            self._at(loop, nth / PAGES, self._browses)
        async with asyncio.timeout(SECONDS + PATIENCE):
            await self.over.wait()
            self.costs = [after - before for after, before in zip(costs(self.here), self.costs, strict=True)]
            self.mine, self.took = time.process_time() - self.mine, perf_counter() - self.began
            while not all(board.is_right for board in self.boards):
                await asyncio.sleep(0.02)
        self.crowd.leave()
        return self

    def _answerer(self, person: dict[str, Any]) -> Answerer:
        first = self.random.random()
        says = ["help" if first < HELP else "away" if first < HELP + AWAY else "safe"]
        if person["id"] % 2:
            says.append("away" if says == ["safe"] and self.random.random() < 0.3 else "safe")
        return Answerer(person["id"], person["key"], says)

    def _at(self, loop: asyncio.AbstractEventLoop, seconds: float, deed: Callable[[float], None]) -> None:
        at = self.began + seconds
        loop.call_at(loop.time() + (at - perf_counter()), lambda: deed(at))

    def _says(self, who: Answerer, at: float) -> None:
        said = who.says[len(who.confirmed)]
        form = f"answer={said}&back=/&_deed={UUID(int=self.random.getrandbits(128))}".encode()

        def answered(status: int, head: bytes, body: bytes) -> None:
            self.answers.note(status, at, 303)
            self.left -= 1
            if status == 303:
                self._follow(who.key, head)
                who.confirmed.append(said)
                if len(who.confirmed) < len(who.says):
                    later = perf_counter() - self.began + SECONDS * 0.19 * self.random.random()
                    self._at(asyncio.get_running_loop(), min(later, SECONDS), lambda at: self._says(who, at))
            else:
                self.left -= len(who.says) - len(who.confirmed) - 1
            if not self.left:
                self.last_at = perf_counter()
                self.over.set()

        self.crowd.ask(post(f"/alerts/{self.alert}/roll-call", who.key, form), answered)

    def _follow(self, key: str, head: bytes) -> None:
        """To where a browser is sent; the toast's cookie goes along."""
        at, said = perf_counter(), re.search(rb'said="?([^;"]+)', head)
        cookie = f"{key}; said={said[1].decode()}" if said else key
        self.crowd.ask(get("/", cookie), lambda status, head, body: self.followed.note(status, at, 200))

    def _browses(self, at: float) -> None:
        who = self.random.choice(self.here.people)
        request = get(self.random.choice(BROWSED), who["key"])
        self.crowd.ask(request, lambda status, head, body: self.pages.note(status, at, 200))

    async def _open_boards(self) -> None:
        for person in self.here.people:
            if person["board"]:
                end = "" if person["board"] == "whole" else f"/{person['board']}"
                board = Board(person["key"], f"/alerts/{self.alert}/board{end}", self.alert)
                self.boards.append(board)
                self._fetch(board)
                await self.crowd.listen(get("/changes", board.key), lambda channel, to=board: self._look(to, channel))

    def _look(self, board: Board, channel: str) -> None:
        """As `live.js` does it: never put off by the next word."""
        what, pace, fetch = ("board", PACE, self._fetch) if channel == "officers" else ("bell", BELL, self._ring)
        if what not in board.due and channel != "community":
            board.due.add(what)
            asyncio.get_running_loop().call_later(pace, fetch, board)

    def _ring(self, board: Board) -> None:
        board.due.discard("bell")
        self.crowd.ask(get("/notices/count", board.key, block("a#bell")), lambda status, head, body: None)

    def _fetch(self, board: Board) -> None:
        board.due.discard("board")
        at = perf_counter()

        def fetched(status: int, head: bytes, body: bytes) -> None:
            self.boards_took.note(status, at, 200)
            found = NUMBER.search(plain(head, body)) if status == 200 else None
            if found:
                board.shows, board.fetched = (int(found[1]), int(found[2])), board.fetched + 1
                board.right_at = perf_counter() if board.is_right else 0.0

        self.crowd.ask(get(board.path, board.key, block("div#board")), fetched)

    async def _until_it_rings(self) -> None:
        while not await asyncio.to_thread(accepted, self.here):
            await asyncio.sleep(0.05)


def accepted(here: House) -> int:
    return int(
        here.rows("SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE fate = 'accepted' LIMIT 1) AS one")[0][0]
    )


def costs(here: House) -> list[float]:
    """Seconds of a processor: each process of the house, its children's too."""
    tick, found = os.sysconf("SC_CLK_TCK"), []
    for pid in sorted(family(here.process.pid if here.process else 0)):
        times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        found.append((int(times[11]) + int(times[12])) / tick)
    return found


def listening(port: int) -> int:
    """How many sockets wait for lines at that port: each web process has its own."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


def quiet(here: House) -> None:
    """What can still be handed to the push service has been."""
    end = time.monotonic() + PATIENCE
    while here.rows("SELECT count(*) FROM deliveries WHERE done_at IS NULL")[0][0] and time.monotonic() < end:
        time.sleep(0.25)


def judged(engine: str, here: House, service: PushService, told: Day) -> int:
    rung = {path.rpartition("/")[2] for path in service.told()["came"]}
    first = here.rows(
        "SELECT count(*) FROM notices WHERE key LIKE 'alert:message:%' AND id NOT IN (SELECT notice FROM deliveries "
        "WHERE fate = 'accepted') AND read_at IS NOT NULL"
    )[0][0]
    last = here.rows(
        "SELECT CAST(max(done_at) AS text), CAST(min(sent_at) AS text) FROM deliveries, alerts WHERE fate = 'accepted'"
    )[0]
    kept = dict(here.rows(f"SELECT person, answer FROM alert_recipients WHERE alert = {told.alert}"))
    counts = dict(
        here.rows(
            "SELECT alert_recipients.person, count(*) FROM alert_answers JOIN alert_recipients "
            "ON alert_recipients.id = alert_answers.recipient GROUP BY alert_recipients.person"
        )
    )
    confirmed = sum(len(each.confirmed) for each in told.people)
    lost = sum(abs(counts.get(each.person, 0) - len(each.confirmed)) for each in told.people)
    wrong_last = sum(kept.get(each.person) != each.confirmed[-1] for each in told.people if each.confirmed)
    boards = max(board.right_at for board in told.boards) - told.last_at if told.boards else 0.0
    broken = [*told.answers.wrong, *told.pages.wrong, *told.followed.wrong, *told.boards_took.wrong]
    print(
        f"\n{engine}: {HOUSEHOLDS} households, {confirmed} answers confirmed in {told.took:.1f} s "
        f"({confirmed / told.took:.0f}/s), {len(told.boards)} boards open, {len(told.pages.ms)} pages browsed; "
        f"{len(rung)} phones rung, {first} had answered before; the last {seconds_between(*last):.1f} s after it was sent"
    )
    for name, took in (
        ("answers", told.answers),
        ("pages", told.pages),
        ("pages after answers", told.followed),
        ("fetches of boards", told.boards_took),
    ):
        aim = f"   (asked: p99 < {GOALS[name]:.0f})" if name in GOALS else ""
        print(
            f"  {name:<22}{len(took.ms):>7}  p50 {took.percentile(50):>6.0f} ms  p99 {took.percentile(99):>6.0f} ms  most {max(took.ms, default=0):>6.0f} ms{aim}"
        )
    print(
        f"  lost {lost} (asked: 0); not the latest {wrong_last} (asked: 0); broken answers {len(broken)} {sorted(set(broken))}"
    )
    print(f"  every board right {boards:.2f} s after the last answer (asked: ≤ {GOALS['boards']:g})")
    print(
        f"  of two cores in {told.took:.0f} s: the house {' + '.join(f'{each:.1f}' for each in told.costs)} s, the crowd {told.mine:.1f} s"
    )
    slow = told.answers.percentile(99) > GOALS["answers"] or told.pages.percentile(99) > GOALS["pages"]
    missing = HOUSEHOLDS - len(rung) - first
    return int(bool(lost or wrong_last or broken or slow or boards > GOALS["boards"] or missing > 0))


def seconds_between(last: str, first: str) -> float:
    from datetime import datetime

    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()


if __name__ == "__main__":
    raise SystemExit(main())
