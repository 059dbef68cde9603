"""The rows behind 10,000 pushes: what it costs to spread notices into deliveries, to take them on a lease with what
they say, and to mark them. CPU of one process, the database apart on PostgreSQL. PHONES makes it shorter.
"""

import asyncio
import os
import subprocess
import sys
import time
from random import Random

from bench.kit.houses import ENGINES, empty_house

PHONES = int(os.environ.get("PHONES", "10000"))
ONE_LOAD = 400  # what is under way at once


def main() -> int:
    print(f"{PHONES} phones  {'engine':>10} {'spread µs':>10} {'take µs':>9} {'mark µs':>9} {'seconds in all':>15}")
    for engine in ENGINES:
        with empty_house(engine) as here:
            command = [sys.executable, "-m", "bench.kit.phones", "https://push.example"]
            subprocess.run(command, env=here.env, input="live\n" * PHONES, text=True, check=True)
            told = subprocess.run(
                [sys.executable, "-m", "bench.ringing", "here"],
                env=here.env,
                capture_output=True,
                text=True,
                check=True,
            )
            print(f"{'':<16}{engine:>10} {told.stdout.strip()}", flush=True)
    return 0


async def in_this_house() -> None:
    from app.db import close_database, open_database, writing
    from app.features.notices import rules as notices
    from app.features.notices.rules import delivering, spreading
    from app.features.notices.rules.roads import Outcome, Verdict
    from app.features.notices.rules.saying import messages
    from app.features.notices.tables import By, Urgency
    from app.kit.clock import now
    from app.kit.words import say
    from tests.ringing import a_bell

    await open_database()
    bell, cpu, began, random = a_bell(), {"spread": 0.0, "take": 0.0, "mark": 0.0}, time.monotonic(), Random(1)
    async with writing():
        await notices.tell_all(
            range(1, PHONES + 1),
            say("Water is off"),
            path="/",
            now=now(),
            topic="announcements",
            urgency=Urgency.urgent,
        )
    at = time.process_time()
    while await spreading.spread(bell, now()):
        pass
    cpu["spread"] = time.process_time() - at
    while True:
        at = time.process_time()
        rows = await delivering.claim(By.push, now(), ONE_LOAD)
        said, _ = await messages(rows, bell, now())
        cpu["take"] += time.process_time() - at
        if not rows:
            break
        at = time.process_time()
        await delivering.mark(
            [(row, Outcome(Verdict.accepted, 201)) for row in rows if row["id"] in said], now(), random
        )
        cpu["mark"] += time.process_time() - at
    await close_database()
    each = {name: 1e6 * seconds / PHONES for name, seconds in cpu.items()}
    print(f"{each['spread']:10.0f} {each['take']:9.0f} {each['mark']:9.0f} {time.monotonic() - began:15.1f}")


if __name__ == "__main__":
    if sys.argv[1:] == ["here"]:
        asyncio.run(in_this_house())
    else:
        raise SystemExit(main())
