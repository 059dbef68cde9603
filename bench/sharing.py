"""The sharing board through HTTP, on each engine: a house with 20,000 items beside one with 200, asked in turn, in
several ways of looking at it; and 200 searches, in Chinese and in English, among the 20,000.

Both houses have as many neighbours. Forty photos are linked to all items; a third of them is with somebody today, and
each has been lent before or will be. ENGINE picks one, TIMES makes it shorter.
"""

import os
import random
import re
import statistics
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from urllib.parse import quote

from app.features.sharing.rules import CATEGORIES
from app.features.sharing.tables import Category
from app.kit.languages import language
from bench.kit.browser import Browser
from bench.kit.day import costs
from bench.kit.houses import ENGINES, House, house, things
from bench.kit.things import NAMES, ZONE

ONLY = os.environ.get("ENGINE", "")
PEOPLE = 400
TIMES = int(os.environ.get("TIMES", "200"))
SEARCHES = 200
FEW, MANY = 200, int(os.environ.get("ITEMS", "20000"))
ALLOWED, GOAL = 1.3, 50.0  # times; ms
BLOCK = {"HX-Request": "true", "HX-Target": "section#things"}
WARM = 25  # after as many the house knows which of its queries are quick


def pages() -> dict[str, str]:
    """What is looked at by its address; the last one is a search, whose hits grow with the board."""
    first = datetime.now(ZONE).date() + timedelta(days=9)
    return {
        "plain": "/share",
        "newest first": "/share?order=newest",
        "a category": "/share?category=kitchen",
        "free now": "/share?free=1",
        "free for four days": f"/share?first={first}&last={first + timedelta(days=3)}",
        "for an emergency": "/share?emergency=1",
        "to give away": "/share?kind=give",
        "an area": "/share?area=3",
        "the second page": "/share?page=2",
        "a search": "/share?q=tools",
    }


def main() -> int:
    return int(sum(looked_at(engine) for engine in ENGINES if ONLY in ("", engine)) > 0)


def looked_at(engine: str) -> int:
    wrong = 0
    with ExitStack() as stack:
        houses = {many: filled(stack, engine, many) for many in (FEW, MANY)}
        for what, path in pages().items():
            medians, spent, shown = in_turn(houses, path)
            ratio = medians[MANY] / medians[FEW]
            wrong += what != "a search" and ratio > ALLOWED
            print(
                f"{engine:<9} {what:<20}{medians[FEW]:>7.1f} ms with {FEW}, {medians[MANY]:>7.1f} ms with {MANY:,}"
                f"  × {ratio:.2f}   (processor {spent[FEW]:.1f} and {spent[MANY]:.1f} ms; "
                f"{shown[FEW]} and {shown[MANY]} cards)",
                flush=True,
            )
        took = searches(houses[MANY])
    every = [each for some in took.values() for each in some]
    halves = ", ".join(f"{name} {statistics.median(some):.1f}" for name, some in took.items())
    median, slow = statistics.median(every), sorted(every)[int(len(every) * 0.95)]
    print(f"{engine:<9} {len(every)} searches: median {median:.1f} ms ({halves}), 95 of 100 within {slow:.1f} ms")
    return wrong + int(median > GOAL)


def filled(stack: ExitStack, engine: str, many: int) -> House:
    here = stack.enter_context(house(engine, people=PEOPLE, KITH_WORKERS="1"))
    began, made = time.monotonic(), things(here, many)
    print(
        f"{engine:<9} {made['items']} items, {made['loans']} loans within {time.monotonic() - began:.0f} s", flush=True
    )
    stack.enter_context(here.opened("--no-worker"))
    browser = Browser(here.port, here.people[0]["key"])
    photos = re.findall(r"/media/[\w-]+/small", browser.get("/share").body.decode())
    assert photos and all(browser.get(photo).status == 200 for photo in photos), "its photos are seen"
    return here


def in_turn(houses: dict[int, House], path: str) -> tuple[dict[int, float], dict[int, float], dict[int, int]]:
    """Each house in turn, so that whatever else the machine does falls on both: medians, what a page took of a
    processor (in milliseconds), and how many cards it shows."""
    browsers = {many: Browser(here.port, here.people[0]["key"]) for many, here in houses.items()}
    took: dict[int, list[float]] = {many: [] for many in houses}
    spent, shown = dict[int, float](), dict[int, int]()
    for turn in range(TIMES + WARM):
        if turn == WARM:
            spent = {many: sum(costs(here)) for many, here in houses.items()}
        for many in random.sample(list(houses), len(houses)):
            began = time.perf_counter()
            answer = browsers[many].get(path)
            if turn >= WARM:
                took[many].append((time.perf_counter() - began) * 1000)
            shown[many] = answer.body.count(b'class="card thing"')
            assert answer.status == 200 and shown[many]
    each = {many: (sum(costs(here)) - spent[many]) * 1000 / TIMES for many, here in houses.items()}
    return {many: statistics.median(some) for many, some in took.items()}, each, shown


def searches(here: House) -> dict[str, list[float]]:
    """Whole names, beginnings of names, and the names of categories, one language after the other."""
    browser, chance = Browser(here.port, here.people[0]["key"]), random.Random(9)
    every = [name for names in NAMES.values() for name in names.split()]
    asked = {
        "Chinese": [name[: chance.randint(1, len(name))] for name in every if not name.isascii()],
        "English": [name[: chance.randint(3, len(name))] for name in every if name.isascii()],
    }
    for category in (Category.tools, Category.kitchen):
        for words, tag in zip(asked.values(), ("zh-Hans", "en"), strict=True):
            words.append(CATEGORIES[category].spoken(language(tag)))
    took: dict[str, list[float]] = {tongue: [] for tongue in asked}
    for turn in range(SEARCHES + WARM):
        tongue = list(asked)[turn % 2]
        words = chance.choice(asked[tongue])
        began = time.perf_counter()
        answer = browser.get(f"/share?q={quote(words)}", **BLOCK)
        if turn >= WARM:
            took[tongue].append((time.perf_counter() - began) * 1000)
        assert answer.status == 200 and b'class="card thing"' in answer.body, words
    return took


if __name__ == "__main__":
    raise SystemExit(main())
