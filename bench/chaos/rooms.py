"""200 neighbours ask at once for one room and hour, by the form that everybody sends, five times over: one has it, and
the others are answered 409 with other times. On both engines, two web processes.

Some ask for an hour that only touches it (the room has a pause of half an hour), some for a repeat of which one date is
that one, some for the only projector as well; others want that projector in other rooms. Whether two have the same is
asked of the database itself, by the times of the bookings and none of our code. In the end the index is dropped, and
the same must go wrong: as the house is, nobody gets anything; and one that writes without asking the index gives a room
away twice (on PostgreSQL: on SQLite one writes at a time and looks before). PEOPLE, ROUNDS and ENGINE make it smaller.
"""

import asyncio
import os
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

from app.config import ROOT
from bench.alertday import listening
from bench.kit.crowd import Line, plain, post
from bench.kit.houses import ENGINES, House, house, rooms
from tests.command_line import until

PEOPLE = int(os.environ.get("PEOPLE", "200"))
ROUNDS = min(5, int(os.environ.get("ROUNDS", "5")))  # each on a weekday of its own: repeats go by weeks
ONLY = os.environ.get("ENGINE", "")
WEB = 2  # processes
ROOMS = 5  # of which all want the first
PAUSE = 30  # minutes after a booking that are nobody's
DATES = 4  # of a repeat
HOURS = (("14:00", "16:00"), ("13:00", "15:00"), ("14:00", "15:30"), ("12:00", "14:00"), ("13:30", "14:30"))
WITH_IT = (3, 7, 8, 9)  # of ten
OFFERED = re.compile(rb'value="\d{4}-\d\d-\d\d \d+ \d+"')
UNGUARDED = Path(__file__).parent.parent / "kit" / "unguarded"

HOLDS = "('pending', 'approved')"
SECONDS = {"sqlite": "CAST(strftime('%s', {}) AS integer)", "postgres": "CAST(extract(epoch FROM {}) AS integer)"}
ROOM_TWICE = (
    f"SELECT count(*) FROM bookings a JOIN bookings b ON b.space = a.space AND b.id > a.id "
    f"JOIN spaces ON spaces.id = a.space WHERE a.stage IN {HOLDS} AND b.stage IN {HOLDS} "
    "AND [a.begins_at] < [b.ends_at] + 60 * spaces.gap AND [b.begins_at] < [a.ends_at] + 60 * spaces.gap"
)
TOO_MUCH = (  # of a thing, at the moment when somebody's time with it begins
    "SELECT count(*) FROM (SELECT mine.id FROM booked_equipment mine JOIN bookings a ON a.id = mine.booking "
    "JOIN space_equipment thing ON thing.id = mine.equipment JOIN booked_equipment theirs "
    "ON theirs.equipment = mine.equipment JOIN bookings b ON b.id = theirs.booking "
    f"WHERE a.stage IN {HOLDS} AND b.stage IN {HOLDS} AND b.begins_at <= a.begins_at AND b.ends_at > a.begins_at "
    "GROUP BY mine.id, thing.units HAVING sum(theirs.units) > thing.units) AS found"
)
HALF = (
    "SELECT count(*) FROM booking_series WHERE (SELECT count(*) FROM bookings "
    f"WHERE bookings.series = booking_series.id) <> {DATES}"
)


KEPT = "SELECT count(DISTINCT COALESCE(-series, id)) FROM bookings"  # a repeat is one
PROJECTORS = (
    "SELECT count(DISTINCT COALESCE(-series, bookings.id)) FROM bookings "
    "JOIN booked_equipment ON booked_equipment.booking = bookings.id"
)


class Found(NamedTuple):
    overlaps: int
    kept: int
    projectors: int


@dataclass
class Asked:
    room: int
    request: bytes
    status: int = 0
    said: bytes = b""


@dataclass
class Came:
    """What came of it, of one time or of several."""

    had: list[int] = field(default_factory=list)
    projectors: list[int] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def faults(self) -> int:
        return self.wrong.total()


def main() -> int:
    return int(sum(at_once(engine) for engine in ENGINES if ONLY in ("", engine)) > 0)


def at_once(engine: str) -> int:
    with house(engine, people=PEOPLE, KITH_WORKERS=str(WEB)) as here:
        there = rooms(here, "furnish", ROOMS, PAUSE, 30)
        came = Came()
        with here.opened("--no-worker"):
            for turn in range(ROUNDS):
                ask(engine, here, there, turn, came)
        told(engine, f"{ROUNDS} × {PEOPLE} at once", came)
        here.rows("DROP INDEX one_owner_a_slot")
        without = Came()
        with here.opened("--no-worker"):
            ask(engine, here, there, ROUNDS, without)
        told(engine, "without the index", without)
        unguarded = Came()
        other = here.beside(PYTHONPATH=f"{UNGUARDED}:{ROOT}")
        other.people = here.people
        with other.opened("--no-worker"):
            ask(engine, other, there, ROUNDS + 1, unguarded)
        told(engine, "without it, unasked", unguarded)
    return came.faults + (without.faults == 0)


def ask(engine: str, here: House, there: dict[str, Any], turn: int, came: Came) -> None:
    until(lambda: listening(here.port) >= WEB)  # else all lines would lead to whoever was up first
    day = datetime.now(UTC).date() + timedelta(days=10 + turn)
    asked = [wish(here, there, number, day) for number in range(PEOPLE)]
    before = found(engine, here)
    came.seconds += asyncio.run(all_of_them(here, asked))
    after = found(engine, here)
    judge(asked, came, Found(*(now - then for now, then in zip(after, before, strict=True))))


def wish(here: House, there: dict[str, Any], number: int, day: date) -> Asked:
    """Of ten: four ask once (one of them with the projector), four for a repeat (one with it), two for another room
    with it. All that want the first room want two o'clock, or a time whose pause reaches into it."""
    kind = number % 10
    begins, ends = HOURS[0 if kind in WITH_IT else number // 10 % len(HOURS)]
    form: dict[str, Any] = {"day": day, "begins": begins, "ends": ends, "people": 6, "purpose": f"Club {number}"}
    room = 0 if kind < 8 else 1 + number // 10 % (ROOMS - 1)
    if 4 <= kind < 8:
        first = day - timedelta(days=7 * (number // 10 % 2))
        form |= {"day": first, "every": "week", "interval": 1, "times": DATES, "reviewed": 1}
    if kind in WITH_IT:
        form[f"equipment-{there['projector']}"] = 1
    body = urlencode(form | {"_deed": uuid4()}).encode()
    return Asked(room, post(f"/spaces/{there['rooms'][room]}/book", here.people[number]["key"], body))


async def all_of_them(here: House, asked: list[Asked]) -> float:
    """Each on a line of its own that stands open; all are sent in one go."""
    loop, answered = asyncio.get_running_loop(), asyncio.Event()
    lines = [(await loop.create_connection(Line, "127.0.0.1", here.port))[1] for _ in asked]
    left = len(asked)

    def heard(one: Asked, status: int, head: bytes, body: bytes) -> None:
        nonlocal left
        one.status, one.said = status, plain(head, body) if status == 409 else body
        left -= 1
        if not left:
            answered.set()

    began = time.perf_counter()
    for line, one in zip(lines, asked, strict=True):
        line.ask(one.request, lambda *said, one=one: heard(one, *said))  # type: ignore[misc]
    async with asyncio.timeout(120):
        await answered.wait()
    took = time.perf_counter() - began
    for line in lines:
        if line.transport is not None:
            line.transport.close()
    return took


def judge(asked: list[Asked], came: Came, fresh: Found) -> None:
    """One has the room, one the projector, nobody the same, no repeat by halves; all others are offered something."""
    won = [each for each in asked if each.status == 303]
    came.had.append(sum(each.room == 0 for each in won))
    came.projectors.append(fresh.projectors)
    for each in asked:
        kind = str(each.status)
        if each.status == 409:
            kind = "409 with other times" if OFFERED.search(each.said) else "409 without"
        came.statuses[kind] += 1
        came.wrong["other answers"] += kind not in ("303", "409 with other times")
    came.wrong["not one in the room"] += came.had[-1] != 1
    came.wrong["not one with the projector"] += fresh.projectors != 1
    came.wrong["the same twice"] += fresh.overlaps
    came.wrong["not kept as told"] += abs(fresh.kept - len(won))


def found(engine: str, here: House) -> Found:
    overlaps = sum(count(engine, here, sql) for sql in (ROOM_TWICE, TOO_MUCH, HALF))
    return Found(overlaps, count(engine, here, KEPT), count(engine, here, PROJECTORS))


def count(engine: str, here: House, sql: str) -> int:
    return int(here.rows(re.sub(r"\[(.+?)\]", lambda found: SECONDS[engine].format(found[1]), sql))[0][0])


def told(engine: str, what: str, came: Came) -> None:
    wrong = ", ".join(f"{many} × {name}" for name, many in came.wrong.items() if many) or "none"
    print(
        f"{engine:<9} {what}: in the room {came.had}, with the projector {came.projectors}; answers "
        f"{dict(came.statuses)}; overlaps {came.wrong['the same twice']}; {came.seconds:.1f} s; faults: {wrong}",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
