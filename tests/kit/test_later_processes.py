"""Four workers on one database, one of which is killed outright in the middle of its work."""

import asyncio
import os
import signal
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from app.config import settings
from app.db import DB, close_database, writing
from app.kit import clock, later
from app.kit.tables import Later

pytestmark = pytest.mark.slow
ROWS = 200

WORKER = """
import asyncio, os, sys
from datetime import timedelta
from app.db import open_database
from app.kit import later
from app.kit.clock import now

async def note(*, now, n):
    if sys.argv[1] == "dies" and n % 7 == 3:
        os.kill(os.getpid(), 9)
    await asyncio.sleep(0.002)
    print(n, flush=True)

async def main():
    await open_database()
    moment = now() + timedelta(minutes=float(sys.argv[2]))
    while await later.is_due(moment):
        await later.run_due({"note": note}, moment)

asyncio.run(main())
"""


async def a_worker(how: str = "works", minutes: float = 0) -> tuple[int, list[int]]:
    """Its exit code, and the rows it says it did."""
    address = f"sqlite:///{DB.path}" if DB.engine_type == "sqlite" else settings().database_url
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WORKER, how, str(minutes)),
        env={**os.environ, "KITH_DATABASE_URL": address},
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    said, _ = await worker.communicate()
    return worker.returncode or 0, [int(line) for line in said.split()]


async def much_to_do() -> None:
    async with writing():
        for n in range(ROWS):
            await later.at(clock.now() - timedelta(seconds=1), "note", key=f"n{n}", n=n)
    await close_database()


async def test_four_workers_do_every_row_once():
    await much_to_do()

    answers = await asyncio.gather(*[a_worker() for _ in range(4)])

    assert [code for code, _ in answers] == [0] * 4
    assert Counter(n for _, did in answers for n in did) == Counter(range(ROWS))


async def test_what_a_killed_worker_held_is_done_by_another_when_its_lease_ends():
    await much_to_do()
    code, before = await a_worker("dies")
    assert code == -signal.SIGKILL
    held = await Later.count().where(Later.leased_until.is_not_null() & Later.done_at.is_null())
    assert 0 < held <= later.TOGETHER

    _, meanwhile = await a_worker()
    _, afterwards = await a_worker(minutes=later.LEASE.total_seconds() / 60 + 1)

    assert len(afterwards) == held
    assert set(before) | set(meanwhile) | set(afterwards) == set(range(ROWS))
    assert not set(before) & set(meanwhile)
    assert not set(meanwhile) & set(afterwards)
