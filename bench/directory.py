"""The directory page with 20,000 neighbours, beside the same page in plain Django 5: requests a second, p99, memory;
searches; and where the time of one page goes. PEOPLE, ROUNDS and SECONDS make it shorter.
"""

import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import quote

from bench.kit.browser import Browser
from bench.kit.houses import ENGINES, House, Running, empty_house
from bench.kit.peer import Peer, programs
from bench.kit.wrk import Round, must_be_there, wrk
from tests import postgres

PEOPLE = int(os.environ.get("PEOPLE", "20000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = float(os.environ.get("SECONDS", "4"))
PAGE = "/neighbours"
SEARCHES = 200
CHINESE = "木工 电工 护士 理发 英语 钢琴 做饭 开车 急救 维修 书法 搬 电脑 辅导 遛狗 缝 医 翻译 水管 孩子"
ENGLISH = "nurse teacher driver cook repair piano english dog phone garden sew first music drill lessons"
BLOCK = {"HX-Request": "true", "HX-Target": "section#people"}


@dataclass
class Setup:
    name: str
    engine: str
    server: Running
    rounds: list[Round] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return statistics.median(each.per_second for each in self.rounds)


def main() -> int:
    must_be_there()
    programs()
    with ExitStack() as stack:
        houses = {engine: furnished(stack, engine) for engine in ENGINES}
        setups = [*ours(stack, houses), *theirs(stack, houses["sqlite"])]
        wrong = not the_same_page(setups)
        for _ in range(ROUNDS):
            for each in random.sample(setups, len(setups)):
                each.rounds.append(wrk(each.server.url + PAGE, each.server.cookie, seconds=SECONDS))
        wrong |= table(setups)
        for setup in setups:
            if setup.name == "Kith, 1 process":
                searches(setup)
        for engine, house in houses.items():
            where_the_time_goes(engine, house)
    return int(wrong)


def furnished(stack: ExitStack, engine: str) -> House:
    """A resident of the furnished estate is signed in."""
    here = stack.enter_context(empty_house(engine))
    began = time.monotonic()
    here.kith("seed", "demo", "--people", PEOPLE)
    people = here.rows("SELECT count(*) FROM people")[0][0]
    print(f"{engine}: {people} neighbours moved in within {time.monotonic() - began:.1f} s", flush=True)
    with here.opened("--no-worker"):
        here.sign_in(**json.loads((here.folder / "demo-sign-ins.json").read_text())["resident"])
    return here


def ours(stack: ExitStack, houses: dict[str, House]) -> list[Setup]:
    made = []
    for engine, house in houses.items():
        for workers in (1, 2):
            server = stack.enter_context(house.beside(KITH_WORKERS=str(workers)).opened("--no-worker"))
            made.append(Setup(f"Kith, {workers} process{'es' * (workers > 1)}", engine, server))
    return made


def theirs(stack: ExitStack, house: House) -> list[Setup]:
    """The viewer is the same neighbour, the rows are those we export."""
    export = house.folder.with_name("export.zip")
    house.kith("export", export)
    found = re.search(rb'data-viewer="(\d+)"', the_page_of(house))
    made = []
    for engine in ENGINES:
        folder = house.folder.with_name(f"django-{engine}")
        database = str(folder / "peer.db") if engine == "sqlite" else postgres.a_database(f"kith_peer_{os.getpid()}")
        peer = Peer(folder, database)
        peer.load(export, int(found[1]))
        made.append(Setup("Django, 1 process", engine, stack.enter_context(peer.open())))
    return made


def the_page_of(house: House) -> bytes:
    with house.beside(KITH_WORKERS="1").opened("--no-worker") as server:
        return server.page(PAGE).body


def the_same_page(setups: list[Setup]) -> bool:
    """All say the same, word for word, in about as many bytes."""
    pages = [setup.server.page(PAGE).body for setup in setups]
    said = {" ".join(re.sub(rb"<[^>]+>", b" ", page).decode().split()) for page in pages}
    sizes = [len(page) for page in pages]
    cards = {page.count(b'class="card"') for page in pages}
    same = len(said) == 1 and max(sizes) < min(sizes) * 1.1
    print(
        f"the page: {min(sizes)} to {max(sizes)} bytes, {cards} cards, {'the same' if same else 'NOT THE SAME'} words"
    )
    return same


def table(setups: list[Setup]) -> bool:
    print(f"\n{ROUNDS} rounds of {SECONDS:g} s in turn, wrk with 16 lines on the same machine; medians")
    print(f"{'':<22}{'engine':<10}{'req/s':>8}{'(from–to)':>16}{'p99 ms':>9}{'RSS MB':>8}{'PSS MB':>8}{'× Django':>10}")
    django = {setup.engine: setup.per_second for setup in setups if setup.name.startswith("Django")}
    for setup in setups:
        rates = sorted(each.per_second for each in setup.rounds)
        resident, shared = setup.server.megabytes()
        print(
            f"{setup.name:<22}{setup.engine:<10}{setup.per_second:>8.0f}{f'({rates[0]:.0f}–{rates[-1]:.0f})':>16}"
            f"{statistics.median(each.p99 for each in setup.rounds):>9.0f}{resident:>8.0f}{shared:>8.0f}"
            f"{setup.per_second / django[setup.engine]:>10.1f}"
        )
    return any(each.wrong for setup in setups for each in setup.rounds)


def searches(setup: Setup) -> None:
    browser = Browser(setup.server.port, cookie=setup.server.cookie)
    asked = {"Chinese": CHINESE.split(), "English": ENGLISH.split()}
    took: dict[str, list[float]] = {language: [] for language in asked}
    for number in range(SEARCHES):
        language = list(asked)[number % 2]
        words = asked[language][number // 2 % len(asked[language])]
        began = time.perf_counter()
        answer = browser.get(f"{PAGE}?q={quote(words)}", **BLOCK)
        took[language].append((time.perf_counter() - began) * 1000)
        assert answer.status == 200
    every = [each for some in took.values() for each in some]
    halves = ", ".join(f"{name} {statistics.median(some):.1f}" for name, some in took.items())
    print(f"\n{setup.engine}: {SEARCHES} searches in turn: median {statistics.median(every):.1f} ms ({halves})")


def where_the_time_goes(engine: str, house: House) -> None:
    command = [sys.executable, "-m", "bench.kit.tracing", house.cookie, PAGE]
    told = subprocess.run(command, env=house.env, capture_output=True, text=True)
    if told.returncode:
        raise SystemExit(told.stderr[-2000:])
    parts = json.loads(told.stdout.splitlines()[-1])
    whole = sum(parts.values())
    print(f"\n{engine}: one page, {whole:.0f} µs, by itself")
    for part, took in sorted(parts.items(), key=lambda each: -each[1]):
        print(f"  {part:<40}{took:>7.0f} µs {100 * took / whole:>5.0f} %")


if __name__ == "__main__":
    raise SystemExit(main())
