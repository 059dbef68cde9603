"""Quick reads are done in the loop, and nothing else is."""

import asyncio
import sqlite3
import threading
from contextlib import closing

import pytest
from msgspec import Struct

from app.db import DB, connection, prepared_sql, writing
from app.db.quick import TRUSTED
from app.kit.tables import Tally
from tests.makers import NOON

pytestmark = pytest.mark.skipif(DB.engine_type != "sqlite", reason="PostgreSQL answers from another process anyway")


class Times(Struct):
    times: int


of = prepared_sql("SELECT times FROM tallies WHERE key = {}", Times)
slow = prepared_sql(
    "SELECT count(*) AS times FROM (WITH RECURSIVE up(n) AS (SELECT {} UNION ALL SELECT n + 1 FROM up WHERE n < 20000) "
    "SELECT n FROM up) AS numbers",
    Times,
)


OFTEN = 10 * TRUSTED  # more than is needed: on a busy machine some moment is slow, which costs trust


async def ask_often(query, value) -> set[int]:
    return {(await query(value))[0].times for _ in range(OFTEN)}


@pytest.fixture(autouse=True)
async def counted(database):
    await Tally.insert(Tally(key="a", since=NOON, times=7))


@pytest.fixture
async def busy_readers(counted):
    """Called, it gives every reader something to wait for until the test is over."""
    gate = threading.Event()

    def keep():
        return [reader.give(lambda db: gate.wait(20)) for reader in DB.readers]

    yield keep
    gate.set()


async def test_what_was_quick_again_and_again_needs_no_reader(busy_readers):
    assert await ask_often(of, "a") == {7}
    waiting = busy_readers()

    assert (await asyncio.wait_for(of("a"), 15))[0].times == 7
    assert not any(each.done() for each in waiting)


async def test_what_keeps_the_loop_goes_to_a_reader_however_often_it_is_asked(busy_readers):
    assert await ask_often(slow, 1) == {20_000}
    busy_readers()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(slow(1), 0.3)


async def test_a_quick_read_sees_what_anybody_committed_a_moment_ago():
    await ask_often(of, "a")

    await Tally.update({Tally.times: 8}).where(Tally.key == "a")
    assert (await of("a"))[0].times == 8
    with sqlite3.connect(DB.path) as another_process:
        another_process.execute("UPDATE tallies SET times = 9")
    assert (await of("a"))[0].times == 9


async def test_inside_a_transaction_it_sees_what_only_we_can_see():
    await ask_often(of, "a")

    async with writing():
        await Tally.update({Tally.times: 8}).where(Tally.key == "a")
        assert (await of("a"))[0].times == 8


async def test_trouble_is_told_as_a_reader_tells_it():
    await ask_often(of, "a")
    with sqlite3.connect(DB.path) as another_process:
        another_process.execute("DROP TABLE tallies")

    with pytest.raises(sqlite3.OperationalError, match="no such table: tallies"):
        await of("a")


async def test_another_thread_gets_its_answers_from_the_readers():
    await ask_often(of, "a")

    async def beside():
        return (await of("a"))[0].times

    assert await asyncio.get_running_loop().run_in_executor(None, lambda: asyncio.run(beside())) == 7


count_up = prepared_sql("UPDATE tallies SET times = times + {1} WHERE key = {0} RETURNING times", Times)


async def in_one_go(often=OFTEN):
    async with writing():
        for _ in range(often):
            await count_up("a", 1)


async def test_what_is_quick_is_written_at_once_and_not_by_way_of_another_thread():
    await in_one_go()
    before = DB.writer._given
    await in_one_go(20)

    assert DB.writer._given - before <= 1 + 20 // 4  # a commit that is not trusted yet; a slow moment now and then
    assert (await of("a"))[0].times == 7 + OFTEN + 20


async def test_of_many_who_write_quickly_at_once_none_is_lost_and_who_gives_up_leaves_nothing():
    await in_one_go()

    async def gives_up():
        async with writing():
            await count_up("a", 1000)
            await asyncio.sleep(60)

    leaving = [asyncio.create_task(gives_up()) for _ in range(3)]
    staying = [asyncio.create_task(in_one_go(5)) for _ in range(20)]
    for each in leaving:
        await asyncio.sleep(0.02)
        each.cancel()
    await asyncio.gather(*leaving, *staying, return_exceptions=True)

    assert (await of("a"))[0].times == 7 + OFTEN + 100


async def test_those_who_share_a_transaction_write_in_their_turn_quick_or_not():
    await in_one_go()
    async with writing():
        await asyncio.gather(*[count_up("a", 1) for _ in range(10)], slow(1), *[count_up("a", 1) for _ in range(10)])

    assert (await of("a"))[0].times == 7 + OFTEN + 20


async def test_whoever_waits_for_another_process_keeps_nobody_waiting_and_begins_when_it_is_done():
    await in_one_go(1)
    with closing(sqlite3.connect(DB.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        before = DB.writer._given
        waiting = asyncio.create_task(in_one_go(1))
        await asyncio.sleep(0.01)
        assert [(await of("a"))[0].times for _ in range(20)] == [8] * 20
        assert not waiting.done() and DB.writer._given == before
        other.execute("COMMIT")
        await waiting

    assert (await of("a"))[0].times == 9


async def test_when_another_process_keeps_it_too_long_that_is_said_and_the_next_gets_in(monkeypatch):
    monkeypatch.setattr(connection, "PATIENCE", 0.05)
    await in_one_go(1)
    with closing(sqlite3.connect(DB.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                await in_one_go(1)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                await count_up("a", 1)
        other.execute("COMMIT")

    await count_up("a", 1)
    assert (await of("a"))[0].times == 9


async def test_a_deed_that_fails_or_is_given_up_leaves_nothing_behind_however_it_began():
    await in_one_go(1)

    async def fails(how):
        async with writing():
            await count_up("a", 100)
            raise how

    for broken in (ValueError, asyncio.CancelledError):
        with pytest.raises(broken):
            await fails(broken)
        await count_up("a", 1)

    assert (await of("a"))[0].times == 10
