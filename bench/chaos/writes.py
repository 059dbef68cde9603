"""2,000 mixed writes through two web processes while the job worker works: none is refused for want of a lock, none is
lost. On both engines.
"""

import os
import statistics
import threading
import time
from collections import Counter
from uuid import uuid4

from bench.kit.browser import Answer, Browser
from bench.kit.houses import ENGINES, House, house

WRITES = int(os.environ.get("WRITES", "2000"))
PHONES = 16


class Phone(threading.Thread):
    """One neighbour's everyday: offers, edits, pauses, offers again, changes a setting, asks the next neighbour."""

    def __init__(self, here: House, number: int, share: int) -> None:
        super().__init__(daemon=True)
        self.here, self.number, self.share = here, number, share
        self.took: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.skills: list[int] = []

    def run(self) -> None:
        for nth in range(self.share):
            person = self.here.people[nth // 60 * PHONES + self.number]
            browser = Browser(self.here.port, person["key"])
            began = time.monotonic()
            answer = self.write(browser, nth)
            self.took.append(time.monotonic() - began)
            self.statuses[str(answer.status)] += 1

    def write(self, browser: Browser, nth: int) -> Answer:
        deed, kind = str(uuid4()), nth % 6
        if kind == 0 or nth % 60 == 0:
            answer = browser.post("/skills/new", deed, words=f"write {self.number} {nth}", category="care")
            self.skills.append(answer.number)
            return answer
        mine = self.skills[-1]
        if kind == 1:
            return browser.post(f"/skills/{mine}/edit", deed, words=f"write {self.number} {nth - 1} edited")
        if kind == 2:
            return browser.post(f"/skills/{mine}/pause", deed)
        if kind == 3:
            return browser.post(f"/skills/{mine}/offer", deed)
        if kind == 4:
            return browser.post("/account/settings", deed, name=f"Phone {self.number}", language="en", look="dark")
        other = self.here.people[-1 - (nth // 60 * PHONES + self.number)]
        return Browser(self.here.port, other["key"]).post(f"/skills/{mine}/ask", deed, words="Could you help?")


def main() -> int:
    return int(sum(mixed(engine) for engine in ENGINES) > 0)


def mixed(engine: str) -> int:
    share = WRITES // PHONES
    with house(engine, people=2 * PHONES * (share // 60 + 1), KITH_WORKERS="2") as here:
        here.open()
        phones = [Phone(here, number, share) for number in range(PHONES)]
        began = time.monotonic()
        for phone in phones:
            phone.start()
        for phone in phones:
            phone.join()
        seconds = time.monotonic() - began
        statuses = sum((phone.statuses for phone in phones), Counter())
        took = sorted(second * 1000 for phone in phones for second in phone.took)
        locked = here.log.read_text(errors="replace").lower().count("locked")
        offers = sum(len(phone.skills) for phone in phones)
        missing = offers - here.rows("SELECT count(*) FROM skills")[0][0]
        faults = len(took) - statuses["303"] + locked + abs(missing) + (WRITES // PHONES * PHONES - len(took))
        print(
            f"{engine:<9} {len(took)} writes by two processes in {seconds:.1f} s ({len(took) / seconds:.0f}/s): "
            f"median {statistics.median(took):.0f} ms, p99 {took[int(len(took) * 0.99)]:.0f} ms; answers "
            f"{dict(statuses)}; {locked} × locked; {missing} missing; {faults} faults"
        )
        return faults


if __name__ == "__main__":
    raise SystemExit(main())
