"""Rooms as they are looked at and looked for, through HTTP, on each engine: a day of thirty rooms in a house with 2,000
bookings beside the same with 20, asked in turn; and 200 searches for what is free, over eight weeks, among 100,000.

The 2,000 are spread as a calendar is: the day that is looked at is full in every room (240 bookings), the others stand
in the eight weeks around it. Beside them a house in which all 2,000 are of that very day, every quarter of an hour
somebody else's, which no calendar is. Searches are for as many hours and people as come to mind; then for five hours on
end, of which hardly any are free, so that all eight weeks of every room are looked through. ENGINE picks one.
"""

import os
import random
import statistics
import time
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from bench.kit.browser import Browser
from bench.kit.day import costs
from bench.kit.houses import ENGINES, House, house, rooms
from bench.kit.rooms import CLOSES, OPENS, ROOM_FOR, ZONE

ONLY = os.environ.get("ENGINE", "")
PEOPLE, ROOMS = 200, 30
TIMES = int(os.environ.get("TIMES", "200"))
DAYS = {"few": "20", "spread": "2,000, that day full", "heaped": "2,000 on that day", "years": "100,000"}
ALLOWED, GOAL = 1.3, 100.0  # times; ms


def main() -> int:
    return int(sum(looked_at(engine) for engine in ENGINES if ONLY in ("", engine)) > 0)


def looked_at(engine: str) -> int:
    day = datetime.now(ZONE).date() + timedelta(days=1)
    with ExitStack() as stack:
        houses = {how: filled(stack, engine, how, day) for how in DAYS}
        medians, spent = of_a_day(houses, day)
        few, cost = medians["few"], spent["few"]
        for how, what in DAYS.items():
            print(
                f"{engine:<9} a day of {ROOMS} rooms, {what:<21}{medians[how]:>7.1f} ms  × {medians[how] / few:.2f}"
                f"   (processor {spent[how]:.1f} ms  × {spent[how] / cost:.2f})"
            )
        found = searches(houses["years"], day, lasts=None)
        far = searches(houses["years"], day, lasts=300)
    print(f"{engine:<9} {TIMES} searches over eight weeks: median {found:.1f} ms; all eight weeks of all: {far:.1f} ms")
    return int(medians["spread"] / few > ALLOWED) + int(max(found, far) > GOAL)


def filled(stack: ExitStack, engine: str, how: str, day: date) -> House:
    here = stack.enter_context(house(engine, people=PEOPLE, KITH_WORKERS="1"))
    rooms(here, "furnish", ROOMS, 0, 15 if how == "heaped" else 30)
    began, many = time.monotonic(), rooms(here, "fill", how, day)
    print(f"{engine:<9} {many} bookings within {time.monotonic() - began:.0f} s", flush=True)
    stack.enter_context(here.opened("--no-worker"))
    return here


def of_a_day(houses: dict[str, House], day: date) -> tuple[dict[str, float], dict[str, float]]:
    """Each house in turn, so that whatever else the machine does falls on all of them: medians, and what a page took of
    a processor, in milliseconds."""
    browsers = {how: Browser(here.port, here.people[0]["key"]) for how, here in houses.items()}
    took: dict[str, list[float]] = {how: [] for how in houses}
    spent: dict[str, float] = {}
    for turn in range(TIMES + 20):
        if turn == 20:
            spent = {how: sum(costs(here)) for how, here in houses.items()}
        for how in random.sample(list(houses), len(houses)):
            began = time.perf_counter()
            answer = browsers[how].get(f"/spaces?day={day}")
            if turn >= 20:
                took[how].append((time.perf_counter() - began) * 1000)
            assert answer.status == 200 and answer.body.count(b'class="room"') == ROOMS
    each = {how: (sum(costs(here)) - spent[how]) * 1000 / TIMES for how, here in houses.items()}
    return {how: statistics.median(some) for how, some in took.items()}, each


def searches(here: House, day: date, *, lasts: int | None) -> float:
    browser, chance, took = Browser(here.port, here.people[0]["key"]), random.Random(7), []
    for turn in range(TIMES + 20):
        minutes = lasts or 30 * chance.randint(2, 8)
        opens = 30 * chance.randint(OPENS // 30, (CLOSES - minutes) // 30)
        wish = {
            "day": day + timedelta(days=chance.randint(0, 3)),
            "begins": f"{opens // 60:02}:{opens % 60:02}",
            "ends": f"{(opens + minutes) // 60:02}:{(opens + minutes) % 60:02}",
            "people": chance.randint(1, ROOM_FOR),
        }
        began = time.perf_counter()
        answer = browser.get(f"/spaces?{urlencode(wish)}")
        if turn >= 20:
            took.append((time.perf_counter() - began) * 1000)
        assert answer.status == 200 and b'id="found"' in answer.body
    return statistics.median(took)


if __name__ == "__main__":
    raise SystemExit(main())
