"""10,000 wrong passwords against one account, from 200 networks: its owner's known phone comes in meanwhile, and so do
the neighbours behind an address from which somebody guesses too. On both engines, through the front door.
"""

import os
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from bench.kit.browser import Browser
from bench.kit.houses import ENGINES, House, house, rows
from bench.kit.settling import PASSWORD

TRIES = int(os.environ.get("TRIES", "10000"))
GUESSERS, NETWORKS, NEIGHBOURS = 8, 200, 20
ESTATE, OWNER = "198.51.100.7", "n1@example.org"


@dataclass
class Seen:
    statuses: Counter[int] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)


def main() -> int:
    return int(sum(against_one(engine) for engine in ENGINES) > 0)


def against_one(engine: str) -> int:
    with house(engine, people=NEIGHBOURS + 1, KITH_WORKERS="1", KITH_TRUSTED_PROXIES="127.0.0.1") as here:
        here.open("--no-worker")
        mark, seen, met = a_known_phone(here), Seen(), Seen()
        began = time.monotonic()
        guessing = [threading.Thread(target=guess, args=(here, n, seen)) for n in range(GUESSERS)]
        for each in guessing:
            each.start()
        while any(each.is_alive() for each in guessing):
            meet(here, mark, met)
            time.sleep(1)
        for each in guessing:
            each.join()
        seconds = time.monotonic() - began
        meet(here, mark, met)
        shut_out = sum(met.statuses.values()) - met.statuses[303]
        [(counters,)] = rows(here.database, "SELECT count(*) FROM tallies")
        faults = shut_out + seen.statuses[303] + (sum(seen.statuses.values()) != TRIES) + (seen.statuses[422] > 60)
        print(
            f"{engine:<9} {TRIES} wrong passwords from {NETWORKS} networks in {seconds:.0f} s: {dict(seen.statuses)}; "
            f"meanwhile the owner's phone and {NEIGHBOURS} neighbours at the estate's address came in "
            f"{met.statuses[303]} times, {shut_out} shut out, median {statistics.median(met.took) * 1000:.0f} ms; "
            f"{counters} counters kept; {faults} faults"
        )
        return faults


def a_known_phone(here: House) -> str:
    """The mark that the owner's browser got when it came in once."""
    browser = Browser(here.port)
    assert browser.knock(OWNER, PASSWORD, network="203.0.113.1").status == 303
    return browser.marks["known"]


def guess(here: House, number: int, seen: Seen) -> None:
    browser = Browser(here.port)
    for n in range(number, TRIES, GUESSERS):
        network = ESTATE if n % NETWORKS == 0 else f"10.0.{n % NETWORKS}.9"
        seen.statuses[browser.knock(OWNER, f"guess {n}", network=network).status] += 1


def meet(here: House, mark: str, met: Seen) -> None:
    """The owner, and one neighbour after the other."""
    number = len(met.took) // 2 % NEIGHBOURS + 2
    for login, own in ((OWNER, mark), (f"n{number}@example.org", "")):
        began = time.monotonic()
        met.statuses[Browser(here.port).knock(login, PASSWORD, network=ESTATE, mark=own).status] += 1
        met.took.append(time.monotonic() - began)


if __name__ == "__main__":
    raise SystemExit(main())
