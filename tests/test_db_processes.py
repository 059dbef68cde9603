"""Several processes on one database: the web processes, the worker, the command line."""

import asyncio
import os
import subprocess
import sys

from app.config import settings
from app.db import DB, close_database

BESIDE = """
import asyncio, sys
from app.db import DB, held, open_database, writing
from tests.test_db import Shelf

async def add(times):
    for number in range(times):
        if number % 3 == 0:
            await Shelf.update({Shelf.many: Shelf.many + 1}).where(Shelf.id == 1)
        else:
            async with writing():
                shelf = await held(Shelf.objects().where(Shelf.id == 1)).first()
                shelf.many += 1
                await shelf.save()
        await Shelf.select().where(Shelf.id == 1)

async def main():
    await open_database()
    await asyncio.gather(*[add(125) for _ in range(8)])

asyncio.run(main())
"""


async def test_two_processes_write_two_thousand_times_and_nothing_is_lost_or_refused():
    from tests.test_db import Shelf

    await Shelf.create_table(if_not_exists=True)
    await Shelf(id=1, name="busy", many=0).save()
    url = f"sqlite:///{DB.path}" if DB.engine_type == "sqlite" else settings().database_url
    await close_database()
    env = {**os.environ, "KITH_DATABASE_URL": url}
    both = [
        subprocess.Popen([sys.executable, "-c", BESIDE], env=env, stderr=subprocess.PIPE, text=True)  # noqa: ASYNC220
        for _ in range(2)
    ]
    said = await asyncio.gather(*[asyncio.to_thread(process.communicate, timeout=60) for process in both])

    assert [(process.returncode, words[1]) for process, words in zip(both, said, strict=True)] == [(0, "")] * 2
    assert (await Shelf.select(Shelf.many).first())["many"] == 2000
