"""Rooms for a house in which somebody lives: `python -m bench.kit.rooms furnish ROOMS PAUSE STEP` makes them, open from
six to eleven every day and to be had at once, and one projector that goes to any of them; prints their addresses and
its number. `… fill HOW DAY` books them as `HOW` says, without a word to anybody, and prints how many that are.
"""

import asyncio
import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from app.db import DB, close_database, open_database, writing
from app.features.spaces.tables import Equipment, Opening, Policy, Space
from app.kit import slots
from app.kit.clock import now

ZONE = ZoneInfo("Asia/Shanghai")  # of bench.kit.settling
OPENS, CLOSES = 6 * 60, 23 * 60
ROOM_FOR = 12
WEEKS_BACK, WEEKS_AHEAD = 52, 8

Stay = tuple[int, date, int, int]  # a room, its day, from one minute to another


async def furnish(many: int, pause: int, step: int) -> dict[str, object]:
    slugs = [f"room-{n + 1}" for n in range(many)]
    async with writing():
        for n, slug in enumerate(slugs):
            names = json.dumps({"zh-Hans": f"活动室 {n + 1}", "en": f"Room {n + 1}"})
            kept = {"capacity": ROOM_FOR, "policy": Policy.at_once, "gap": pause, "sort": n, "made_at": now()}
            space = Space(slug=slug, names=names, step=step, shortest=step, **kept)
            await space.save()
            await Opening.insert(*[Opening(space=space.id, weekday=n, opens=OPENS, closes=CLOSES) for n in range(7)])
        projector = Equipment(names=json.dumps({"zh-Hans": "投影仪", "en": "Projector"}), units=1)
        await projector.save()
    return {"rooms": slugs, "projector": projector.id}


def few(rooms: int, day: date) -> Iterator[Stay]:
    """Twenty, all of that day."""
    for n in range(20):
        yield n % rooms + 1, day, 14 * 60, 16 * 60


def spread(rooms: int, day: date) -> Iterator[Stay]:
    """Two thousand: that day full in all rooms (eight bookings of two hours each), and the eight weeks around it."""
    for room in range(1, rooms + 1):
        yield from ((room, day, opens, opens + 120) for opens in range(OPENS, OPENS + 8 * 120, 120))
    for n in range(2000 - 8 * rooms):
        which, nth = divmod(n, rooms)
        away = which // 2 - 28
        yield nth + 1, day + timedelta(days=away + (away >= 0)), (9 + 5 * (which % 2)) * 60, (11 + 5 * (which % 2)) * 60


def heaped(rooms: int, day: date) -> Iterator[Stay]:
    """Two thousand on that one day: every quarter of an hour of every room is somebody else's."""
    for n in range(2000):
        which, nth = divmod(n, rooms)
        yield nth + 1, day, OPENS + 15 * which, OPENS + 15 * which + 15


def years(rooms: int, day: date) -> Iterator[Stay]:
    """A hundred thousand: eight a day in every room for a year back and eight weeks ahead, with gaps between them."""
    chance, left = random.Random(6), 100_000
    for nth in reversed(range(-7 * WEEKS_BACK - 3, 7 * WEEKS_AHEAD + 1)):
        for room in range(1, rooms + 1):
            at = OPENS
            for n in range(8):
                at += 30 * chance.choice((0, 0, 0, 1, 1, 2))
                lasts = 30 * chance.choice((2, 3, 3, 4, 4))
                if at + lasts <= CLOSES - 60 * (7 - n) and left:
                    yield room, day + timedelta(days=nth), at, at + lasts
                    at, left = at + lasts, left - 1


HOW = {"few": few, "spread": spread, "heaped": heaped, "years": years}


async def fill(how: str, day: date) -> int:
    rooms, people = await Space.count(), 200
    bookings, taken = [], []
    for nth, (room, on, opens, closes) in enumerate(HOW[how](rooms, day), 1):
        midnight = datetime.combine(on, time(), ZONE).astimezone(UTC)
        begins, ends = (midnight + timedelta(minutes=minute) for minute in (opens, closes))
        who = nth % people + 1
        bookings.append(_booking(nth, room, who, begins, ends))
        taken += [(f"space:{room}", 0, quarter, f"booking:{nth}") for quarter in slots.quarters(begins, ends)]
    await put("bookings", list(bookings[0]), [tuple(each.values()) for each in bookings])
    await put("slots", ["thing", "unit", "slot", "owner"], taken)
    return len(bookings)


def _booking(id: int, room: int, who: int, begins: datetime, ends: datetime) -> dict[str, Any]:
    return {
        "id": id, "space": room, "person": who, "household": who, "begins_at": begins, "ends_at": ends, "people": 4,
        "purpose": f"Club {id}", "open_to_all": id % 5 == 0, "version": 0, "stage": "approved", "asked_at": begins,
        "stage_at": begins, "reason": "", "sequence": 0, "nudged": 0, "before": "", "apart": False,
    }  # fmt: skip


async def put(table: str, names: list[str], rows: list[tuple[Any, ...]]) -> None:
    """By what each database has for many at once."""
    if DB.engine_type == "sqlite":
        import sqlite3

        with sqlite3.connect(DB.path, timeout=30) as db:
            marks = ", ".join("?" * len(names))
            db.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)
        return
    server = await asyncpg.connect(DB.config["dsn"])
    await server.copy_records_to_table(table, columns=names, records=rows)
    await server.execute(f"VACUUM ANALYZE {table}")
    await server.close()


async def main(deed: str, *words: str) -> Any:
    await open_database()
    try:
        if deed == "furnish":
            return await furnish(*map(int, words))
        return await fill(words[0], date.fromisoformat(words[1]))
    finally:
        await close_database()


if __name__ == "__main__":
    json.dump(asyncio.run(main(*sys.argv[1:])), sys.stdout)
