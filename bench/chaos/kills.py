"""Kills everybody 20 times in the middle of writes: what was answered is there, what was not is done once when sent
again with the same key, and the database is sound. On both engines.
"""

import os
import random
import statistics
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from uuid import uuid4

from bench.kit.browser import Browser
from bench.kit.houses import ENGINES, House, house
from tests.command_line import until

ROUNDS = int(os.environ.get("ROUNDS", "20"))
PHONES = 6
EACH = 25  # offers of one neighbour: the house takes 30
PEOPLE = PHONES * 150


@dataclass
class Deed:
    who: int
    words: str
    key: str = field(default_factory=lambda: str(uuid4()))
    tries: int = 0


@dataclass
class Phone:
    """Offers one skill after the other until the line is cut. The one in doubt is sent again before any new one."""

    number: int
    answered: list[Deed] = field(default_factory=list)
    doubtful: list[Deed] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    made: int = 0

    def go_on(self, here: House) -> None:
        """Ends when the house falls."""
        while True:
            if not self.doubtful:
                self.doubtful.append(self.next())
            if not self.send(here):
                return

    def next(self) -> Deed:
        self.made += 1
        return Deed(self.made // EACH * PHONES + self.number, f"kill {self.number} {self.made}")

    def send(self, here: House) -> bool:
        """False when no answer came."""
        deed = self.doubtful[0]
        deed.tries += 1
        form = {"words": deed.words, "category": "repairs", "times": "evenings", "reach": "community"}
        try:
            status = Browser(here.port, here.people[deed.who]["key"]).post("/skills/new", deed.key, **form).status
        except (OSError, HTTPException):
            return False
        self.doubtful.pop(0)
        (self.answered if status == 303 else self.wrong).append(deed if status == 303 else status)  # type: ignore[arg-type]
        return True

    def settle(self, here: House) -> None:
        while self.doubtful and self.send(here):
            pass


def main() -> int:
    faults = 0
    for engine in ENGINES:
        with house(engine, people=PEOPLE, KITH_WORKERS="2") as here:
            faults += kill_again_and_again(here, engine)
    return int(bool(faults))


def kill_again_and_again(here: House, engine: str) -> int:
    phones, faults, starts = [Phone(number) for number in range(PHONES)], 0, []
    for _ in range(ROUNDS):
        starts.append(here.open())
        writing = [threading.Thread(target=phone.go_on, args=(here,), daemon=True) for phone in phones]
        for each in writing:
            each.start()
        before = sum(len(phone.answered) for phone in phones)
        time.sleep(random.uniform(0.3, 1.2))
        until(lambda: sum(len(phone.answered) for phone in phones) >= before + PHONES, seconds=60)  # noqa: B023
        here.kill()
        for each in writing:
            each.join()
        faults += lost(here, phones) + unsound(here)
    starts.append(here.open())
    for phone in phones:
        phone.settle(here)
    faults += lost(here, phones) + unsound(here) + sum(len(phone.wrong) + len(phone.doubtful) for phone in phones)
    answered = [deed for phone in phones for deed in phone.answered]
    faults += sum(offered(here).values()) - len(answered)
    again = [deed for deed in answered if deed.tries > 1]
    print(
        f"{engine:<9} {ROUNDS} kills: {len(answered)} answered writes, each there once; {len(again)} of them had to be "
        f"sent again (up to {max((deed.tries for deed in again), default=1)} times); "
        f"open again in {statistics.median(starts):.1f} s (median); {faults} faults"
    )
    return abs(faults)


def lost(here: House, phones: list[Phone]) -> int:
    """Answered, but not there, or there twice; or there without ever having been sent."""
    there = offered(here)
    known = {deed.words for phone in phones for deed in [*phone.answered, *phone.doubtful]}
    answered = [deed for phone in phones for deed in phone.answered]
    return sum(there.get(deed.words, 0) != 1 for deed in answered) + len(there.keys() - known)


def offered(here: House) -> dict[str, int]:
    return dict(here.rows("SELECT words, count(*) FROM skills WHERE words LIKE 'kill %' GROUP BY words"))


def unsound(here: House) -> int:
    """SQLite looks through its own file; the server of PostgreSQL was not killed."""
    if not here.database.startswith("sqlite"):
        return 0
    return int(here.rows("PRAGMA integrity_check(1)") != [("ok",)]) + len(here.rows("PRAGMA foreign_key_check"))


if __name__ == "__main__":
    raise SystemExit(main())
