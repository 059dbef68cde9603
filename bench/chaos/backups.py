"""Backs the house up while neighbours write, and rebuilds it elsewhere: it holds all that was answered before the
backup began, nothing that was begun after it ended, and stands on its own. On both engines.
"""

import os
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.kit.browser import Browser
from bench.kit.houses import ENGINES, House, house, rows
from tests.command_line import a_place, kith

TIMES = int(os.environ.get("TIMES", "4"))
PHONES = 4
EACH = 25
OFFERED = "SELECT words FROM skills"
# Whoever offers something stands in the directory: a moment in the middle of a deed would show here.
TORN = (
    "SELECT count(*) FROM skills WHERE person NOT IN (SELECT person FROM cards)",
    "SELECT count(*) FROM skills WHERE person NOT IN (SELECT person FROM deeds)",
)


@dataclass
class Phone:
    """Writes down when each of its offers was begun and answered."""

    number: int
    begun: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)

    def write(self, here: House, over: threading.Event) -> None:
        while not over.is_set():
            words = f"backup {self.number} {len(self.begun)}"
            key = here.people[len(self.begun) // EACH * PHONES + self.number]["key"]
            self.begun[words] = time.monotonic()
            deed = f"{self.number:08x}-0000-4000-8000-{len(self.begun):012x}"
            answer = Browser(here.port, key).post("/skills/new", deed, words=words, category="repairs")
            if answer.status == 303:
                self.answered[words] = time.monotonic()
            else:
                self.refused.append(answer.status)


def main() -> int:
    return int(sum(under_load(engine) for engine in ENGINES) > 0)


def under_load(engine: str) -> int:
    with house(engine, people=PHONES * 400, KITH_WORKERS="2") as here, tempfile.TemporaryDirectory() as folder:
        here.open()
        phones, over = [Phone(number) for number in range(PHONES)], threading.Event()
        writing = [threading.Thread(target=phone.write, args=(here, over), daemon=True) for phone in phones]
        for each in writing:
            each.start()
        time.sleep(1)
        taken = [take(here, Path(folder, f"{number}.zip")) for number in range(TIMES)]
        over.set()
        for each in writing:
            each.join(60)
        faults = sum(wrong(engine, file, began, ended, phones) for file, began, ended in taken)
        faults += sum(len(phone.refused) for phone in phones)
        seconds = [ended - began for _, began, ended in taken]
        during = sum(b < at < e for _, b, e in taken for phone in phones for at in phone.answered.values())
        print(
            f"{engine:<9} {TIMES} backups of {min(seconds):.1f} to {max(seconds):.1f} s, {during} writes answered "
            f"meanwhile ({during / sum(seconds):.0f}/s); each restored to a moment within it; {faults} faults"
        )
        return faults


def take(here: House, file: Path) -> tuple[Path, float, float]:
    began = time.monotonic()
    here.kith("backup", file)
    return file, began, time.monotonic()


def wrong(engine: str, file: Path, began: float, ended: float, phones: list[Phone]) -> int:
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as folder:
        place = a_place(Path(folder, "house"), engine)
        done = kith("restore", file, env=place, seconds=300)
        if done.returncode:
            print(f"kith restore: {done.stderr}")
            return 1
        url = place["KITH_DATABASE_URL"]
        there = {words for (words,) in rows(url, OFFERED)}
        must = {words for phone in phones for words, at in phone.answered.items() if at < began}
        never = {words for phone in phones for words, at in phone.begun.items() if at > ended}
        return len(must - there) + len(never & there) + sum(rows(url, sql)[0][0] for sql in TORN)


if __name__ == "__main__":
    raise SystemExit(main())
