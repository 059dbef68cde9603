"""Whoever looks at a page hears that it changed, in whichever process it was written."""

import asyncio
import os
import sys
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta

import pytest

from app.config import settings
from app.db import DB, writing
from app.kit import changes
from app.kit.changes import Watcher, announce
from app.kit.clock import now
from app.kit.tables import Change

SOON = 30.0
MOMENT = timedelta(seconds=10)


class Stumbled(Exception):
    pass


@pytest.fixture
async def watcher():
    watcher = Watcher()
    await watcher.start()
    yield watcher
    await watcher.stop()


@asynccontextmanager
async def looking(watcher: Watcher, *channels: str, since=None):
    """A page that is open: `heard` fills up while the test goes on."""
    heard: list[str | None] = []

    async def look() -> None:
        async with aclosing(watcher.looks(channels, since)) as looks:
            async for changed in looks:
                heard.extend(changed or [None])

    task = asyncio.create_task(look())
    await asyncio.sleep(0.01)
    yield heard
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(heard: list, *, at_least: int = 1) -> list:
    for _ in range(int(SOON / 0.01)):
        if len(heard) >= at_least:
            return heard
        await asyncio.sleep(0.01)
    raise AssertionError(f"heard only {heard}")


async def quiet() -> None:
    """Long enough for two looks at the database."""
    await asyncio.sleep(changes.POLL * 3)


async def test_a_page_hears_of_its_channel_and_of_no_other(watcher):
    async with looking(watcher, "person:7", "community") as heard:
        async with writing():
            await announce("person:8", "person:7")
        await until(heard)
        await quiet()

    assert heard == ["person:7"]


async def test_whoever_listens_to_all_of_a_kind_hears_of_each(watcher):
    began = now()
    async with looking(watcher, "officers") as heard, looking(watcher, "officers:7") as only_seven:
        async with writing():
            await announce("officers:7", "officers:8", "others:7")
        await until(heard, at_least=2)
        await quiet()

    assert sorted(heard) == ["officers:7", "officers:8"] and only_seven == ["officers:7"]
    assert sorted(await changes.missed(["officers"], began - MOMENT)) == ["officers:7", "officers:8"]


async def test_a_deed_taken_back_is_not_announced(watcher):
    async def stumble():
        async with writing():
            await announce("person:7")
            raise Stumbled

    async with looking(watcher, "person:7") as heard:
        with pytest.raises(Stumbled):
            await stumble()
        await quiet()

    assert heard == []


async def test_the_word_leaves_with_the_deed_and_not_before(watcher):
    async with looking(watcher, "person:7") as heard:
        async with writing():
            await announce("person:7")
            await quiet()
            assert heard == []
        await until(heard)


async def test_a_slow_reader_is_told_once_and_nothing_piles_up(watcher):
    async with aclosing(watcher.looks(["person:7", "community"])) as looks:
        first = asyncio.ensure_future(anext(looks))
        await asyncio.sleep(0)
        for _ in range(50):
            await announce("person:7")
        await asyncio.wait_for(first, SOON)
        for _ in range(50):
            await announce("person:7", "community")
        await quiet()
        (reader,) = watcher._readers["person:7"]

        assert reader.waiting == {"person:7", "community"}
        assert await anext(looks) == {"person:7", "community"}


async def test_many_channels_at_once_all_hear(watcher):
    everyone = [f"person:{'x' * 60}{n}" for n in range(300)]
    async with looking(watcher, *everyone) as heard:
        async with writing():
            await announce(*everyone)
        await until(heard, at_least=300)

    assert sorted(heard) == sorted(everyone)


async def test_what_changed_while_the_page_was_on_its_way_is_told_at_once(watcher):
    began = now()
    await announce("person:7", "person:8")

    async with looking(watcher, "person:7", "community", since=began - MOMENT) as heard:
        await until(heard)

    assert set(heard) == {"person:7"}


async def test_a_page_that_slept_longer_than_we_remember_looks_at_everything(watcher):
    async with looking(watcher, "person:7", "community", since=now() - changes.KEPT - MOMENT) as heard:
        await until(heard, at_least=2)

    assert sorted(heard) == ["community", "person:7"]


async def test_a_sign_of_life_when_nothing_happens(watcher, monkeypatch):
    monkeypatch.setattr(changes, "HEARTBEAT", 0.02)
    async with looking(watcher, "person:7") as heard:
        await until(heard, at_least=2)

    assert set(heard) == {None}


async def test_when_the_house_closes_every_stream_ends(watcher):
    async def look() -> str:
        async for _ in watcher.looks(["person:7"]):
            pass
        return "ended"

    streams = [asyncio.create_task(look()) for _ in range(3)]
    await asyncio.sleep(0.01)
    await watcher.stop()

    assert await asyncio.wait_for(asyncio.gather(*streams), SOON) == ["ended"] * 3


async def test_whoever_leaves_is_forgotten(watcher):
    async with looking(watcher, "person:7", "community"):
        pass

    assert watcher._readers == {}


async def test_a_change_in_another_process_is_heard_too(watcher):
    async with looking(watcher, "person:7") as heard:
        other = await another_process("await announce('person:7')")
        assert await other.wait() == 0
        await until(heard)

    assert heard == ["person:7"]


async def test_trouble_with_the_database_makes_everyone_look_again(watcher, monkeypatch):
    monkeypatch.setattr(changes, "AGAIN", 0.01)
    async with looking(watcher, "person:7", "community") as heard:
        await trouble(monkeypatch)
        await until(heard, at_least=2)
        assert sorted(heard) == ["community", "person:7"]
        heard.clear()
        await announce("person:7")
        await until(heard)

    assert heard == ["person:7"]


async def test_old_rows_go_and_those_who_wait_still_hear(watcher):
    await announce("person:7")
    await changes.purge(now() + 2 * changes.KEPT)
    assert await Change.count() == 1

    async with looking(watcher, "person:7") as heard:
        await announce("person:7")
        await changes.purge(now() + 2 * changes.KEPT)
        await announce("person:7")
        await until(heard)


async def trouble(monkeypatch) -> None:
    """On PostgreSQL somebody hangs up on the listener; on SQLite one look fails."""
    if DB.engine_type == "postgres":
        listener = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query = 'SELECT 1' AND pid <> pg_backend_pid()"
        )
        for _ in range(100):
            if await Change.raw(listener):
                return
            await asyncio.sleep(0.02)
        raise AssertionError("nobody listens")
    look = type(DB).data_version
    failed = False

    async def fails_once(engine):
        nonlocal failed
        if not failed:
            failed = True
            raise OSError("the disk was away")
        return await look(engine)

    monkeypatch.setattr(type(DB), "data_version", fails_once)


async def another_process(deed: str):
    """Runs a deed in a Python of its own, on the same database."""
    address = f"sqlite:///{DB.path}" if DB.engine_type == "sqlite" else settings().database_url
    script = (
        "import asyncio\nfrom app.db import writing, close_database\nfrom app.kit.changes import announce\n"
        f"async def main():\n    async with writing():\n        {deed}\n    await close_database()\nasyncio.run(main())"
    )
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, env={**os.environ, "KITH_DATABASE_URL": address}
    )
