"""100 right sign-ins at once: all come in, and memory stays at the two hashes that are let through together.

A hash takes 19 MiB for as long as it is reckoned. On both engines; one web process.
"""

import os
import threading
import time
from collections import Counter

from bench.kit.browser import Browser
from bench.kit.houses import ENGINES, House, house
from bench.kit.settling import PASSWORD

AT_ONCE = int(os.environ.get("AT_ONCE", "100"))
HASH = 19.0
ALLOWED = 2 * HASH + 16.0  # two hashes, and what a hundred connections and their answers need


def main() -> int:
    return int(sum(at_once(engine) for engine in ENGINES) > 0)


def at_once(engine: str) -> int:
    with house(engine, people=AT_ONCE + 1, KITH_WORKERS="1") as here:
        here.open("--no-worker")
        Browser(here.port).knock(f"n{AT_ONCE + 1}@example.org", PASSWORD)  # what is imported late is there by now
        before, statuses, over = here.megabytes()[1], Counter[int](), threading.Event()
        peak = Peak(here, over)
        peak.start()
        began = time.monotonic()
        doors = [threading.Thread(target=come_in, args=(here, n + 1, statuses)) for n in range(AT_ONCE)]
        for each in doors:
            each.start()
        for each in doors:
            each.join()
        seconds = time.monotonic() - began
        over.set()
        peak.join()
        after, grown = here.megabytes()[1], peak.most - before
        faults = AT_ONCE - statuses[303] + (grown > ALLOWED)
        print(
            f"{engine:<9} {AT_ONCE} sign-ins at once in {seconds:.1f} s ({AT_ONCE / seconds:.0f}/s): {dict(statuses)}; "
            f"memory {before:.0f} MB before, {peak.most:.0f} at most (+{grown:.0f}; allowed +{ALLOWED:.0f}, "
            f"all at once would be +{AT_ONCE * HASH:.0f}), {after:.0f} after; {faults} faults"
        )
        return faults


def come_in(here: House, number: int, statuses: Counter[int]) -> None:
    answer = Browser(here.port, patience=120).knock(f"n{number}@example.org", PASSWORD)
    statuses[answer.status] += 1


class Peak(threading.Thread):
    """Looks as often as it can, until it is over."""

    def __init__(self, here: House, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.here, self.over, self.most = here, over, 0.0

    def run(self) -> None:
        while not self.over.is_set():
            self.most = max(self.most, self.here.megabytes()[1])
            time.sleep(0.01)


if __name__ == "__main__":
    raise SystemExit(main())
