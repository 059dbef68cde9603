"""The day itself, as the crowd lives it: who answers when, which boards stand open, what is browsed."""

import asyncio
import os
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

from bench.kit.crowd import Crowd, Took, block, get, plain, post
from bench.kit.houses import House, estate
from tests.command_line import family, until

HOUSEHOLDS = int(os.environ.get("HOUSEHOLDS", "10000"))
SECONDS = float(os.environ.get("SECONDS", "60"))
BOARDS = int(os.environ.get("BOARDS", "50"))
PAGES = int(os.environ.get("PAGES", "50"))  # a second
HELP, AWAY = 0.01, 0.02  # shares of the first answers; the others are safe
PACE = 1.0  # seconds, as the board's `data-pace` says
BELL = 0.25
PATIENCE = 120.0
READY = 1.0  # seconds in which the crowd learns when each of them comes: those it asked for late counted as the house's
BROWSED = [
    "/",
    "/?everyday=1",
    "/neighbours",
    "/help",
    "/notices",
    "/alerts",
    "/household",
    "/announcements",
    "/account",
]
CHANNELS = re.compile(rb'id="board"[^>]*data-channel="([^"]*)"')
NUMBER = re.compile(rb'<strong class="number">(\d+) / (\d+)</strong>')


@dataclass
class Board:
    """A page that stands open: fetches itself when its stream says so, at most once a second."""

    key: str
    path: str
    alert: int
    due: set[str] = field(default_factory=set)
    channels: tuple[str, ...] = ("officers",)
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
        self.over, self.all_right = asyncio.Event(), asyncio.Event()
        self.handed: list[tuple[float, int]] = []

    async def run(self) -> "Day":
        await self.crowd.come()
        await self._look_around()
        self.alert = await asyncio.to_thread(estate, self.here, "send")
        self.sent_at = perf_counter()
        await self._open_boards()
        await self._until_it_rings()
        self.people = [self._answerer(person) for person in self.here.people]
        self.left = sum(len(person.says) for person in self.people)
        self.costs = costs(self.here)
        self.mine, self.began = time.process_time(), perf_counter() + READY
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
            await self.all_right.wait()
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
                if all(each.is_right for each in self.boards):
                    self.all_right.set()

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

    async def _look_around(self) -> None:
        """On the days before somebody was here too: both processes have drawn each page."""
        seen = Took()
        for nth in range(len(BROWSED) * 12):
            at, request = perf_counter(), get(BROWSED[nth % len(BROWSED)], self.here.people[0]["key"])
            self.crowd.ask(request, lambda status, head, body, at=at: seen.note(status, at, 200))  # type: ignore[misc]
        await asyncio.sleep(0)
        await asyncio.to_thread(until, lambda: len(seen.ms) + len(seen.wrong) == len(BROWSED) * 12)

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
        shown = channel.partition(":")[0] == "officers"
        what, pace, fetch = ("board", PACE, self._fetch) if shown else ("bell", BELL, self._ring)
        mine = not shown or channel == "officers" or {channel, "officers"} & set(board.channels)
        if mine and what not in board.due and channel != "community":
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
            shown = plain(head, body) if status == 200 else b""
            if listens := CHANNELS.search(shown):
                board.channels = tuple(listens[1].decode().split())
            if found := NUMBER.search(shown):
                board.shows, board.fetched = (int(found[1]), int(found[2])), board.fetched + 1
                board.right_at = perf_counter() if board.is_right else 0.0
            if not self.left and all(each.is_right for each in self.boards):
                self.all_right.set()

        self.crowd.ask(get(board.path, board.key, block("div#board")), fetched)

    async def _until_it_rings(self) -> None:
        await asyncio.to_thread(until, lambda: accepted(self.here), PATIENCE)


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
