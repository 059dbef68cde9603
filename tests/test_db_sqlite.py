"""What our SQLite engine must get right; each of these went wrong once in an engine less careful."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from piccolo.columns import (
    JSON,
    JSONB,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    Integer,
    Interval,
    Numeric,
    Real,
    Serial,
    Text,
    Time,
    Timestamp,
    Timestamptz,
    Varchar,
)
from piccolo.columns import (
    UUID as UUIDColumn,
)
from piccolo.engine.sqlite import SQLiteEngine  # noqa: TID251 (to compare ours with it)
from piccolo.table import Table, create_db_tables

from app.db import DB, connection, writing
from app.db.connection import opened
from app.db.sqlite import only_reads

pytestmark = pytest.mark.skipif(DB.engine_type != "sqlite", reason="about SQLite")


class Everything(Table, tablename="test_everything"):
    id: Serial
    varchar = Varchar(null=True)
    text = Text(null=True)
    integer = Integer(null=True)
    bigint = BigInt(null=True)
    real = Real(null=True)
    numeric = Numeric(null=True)
    boolean = Boolean(null=True)
    date = Date(null=True)
    time = Time(null=True)
    timestamp = Timestamp(null=True)
    timestamptz = Timestamptz(null=True)
    interval = Interval(null=True)
    uuid = UUIDColumn(null=True)
    json = JSON(null=True)
    jsonb = JSONB(null=True)
    bytea = Bytea(null=True)
    words = Array(base_column=Varchar(), null=True)
    moments = Array(base_column=Timestamptz(), null=True)


ROWS = (
    {},
    {
        "varchar": "木工 ' \" {} ?",
        "text": "a\nb",
        "integer": -7,
        "bigint": 2**53 + 1,
        "real": 0.1,
        "numeric": Decimal("1.25"),
        "boolean": True,
        "date": date(2026, 2, 28),
        "time": time(23, 59, 1, 5),
        "timestamp": datetime(2026, 3, 29, 2, 30),
        "timestamptz": datetime(2026, 3, 29, 2, 30, 0, 250, tzinfo=timezone(timedelta(hours=8))),
        "interval": timedelta(days=1, seconds=3),
        "uuid": UUID(int=7),
        "json": {"木": [1, None, True]},
        "jsonb": ["x"],
        "bytea": b"\x00\xff",
        "words": ["a", "b"],
        "moments": [datetime(2026, 1, 1, tzinfo=UTC)],
    },
    {"boolean": False, "integer": 0, "varchar": "", "json": "[]", "real": 3.0, "words": []},
)


async def test_every_kind_of_value_comes_back_as_from_the_stock_engine(tmp_path):
    await create_db_tables(Everything)
    stock = SQLiteEngine(path=DB.path)
    insert = Everything.insert(*[Everything(**row) for row in ROWS]).querystrings[0]
    everything = Everything.select().order_by(Everything.id).querystrings[0]

    assert await DB.run_querystring(insert) == [{"id": 1}, {"id": 2}, {"id": 3}]
    ours = await DB.run_querystring(everything)
    assert ours == await stock.run_querystring(everything)
    await stock.run_querystring(insert)
    by_stock = (await DB.run_querystring(everything))[3:]

    assert [{**row, "id": None} for row in by_stock] == [{**row, "id": None} for row in ours]
    assert [type(value) for value in by_stock[1].values()] == [type(value) for value in ours[1].values()]
    assert ours[1]["timestamptz"] == ROWS[1]["timestamptz"]
    async with writing():
        assert await DB.run_querystring(everything) == await stock.run_querystring(everything)


async def test_many_who_open_a_new_file_together_all_get_in(tmp_path):
    def come_in(path, ready, doors):
        ready.wait()
        with closing(opened(path, False)) as db:
            doors.append(db.execute("PRAGMA journal_mode").fetchone()[0])

    def crowd(path):
        ready, doors = threading.Barrier(8), []
        neighbours = [threading.Thread(target=come_in, args=(path, ready, doors)) for _ in range(8)]
        for neighbour in neighbours:
            neighbour.start()
        for neighbour in neighbours:
            neighbour.join()
        return doors

    for number in range(15):
        assert await asyncio.to_thread(crowd, str(tmp_path / f"{number}.db")) == ["wal"] * 8


async def test_a_connection_is_set_up_as_we_rely_on():
    def settings(db):
        names = ("foreign_keys", "synchronous", "busy_timeout", "journal_mode")
        return [db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await DB.writer.give(settings) == [1, 1, 10_000, "wal"]
    assert await DB.readers[0].give(settings) == [1, 1, 10_000, "wal"]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await DB.readers[0].execute("CREATE TABLE no (n)")


FORKED = """
import asyncio, os, signal
from app.db import DB

async def write(): await DB.run_ddl("INSERT INTO test_n VALUES (1)")

asyncio.run(DB.run_ddl("CREATE TABLE test_n (n INTEGER)"))
asyncio.run(write())
child = os.fork()
signal.alarm(20)
asyncio.run(write())
os._exit(0) if child == 0 else None
_, status = os.waitpid(child, 0)
asyncio.run(write())
print(status, asyncio.run(DB.run_ddl("SELECT sum(n) AS n FROM test_n"))[0]["n"])
"""


async def test_a_process_that_forks_keeps_its_connections_and_the_child_opens_its_own(tmp_path):
    assert await run(FORKED, tmp_path / "forked.db") == "0 4"


async def run(program: str, path: os.PathLike) -> str:
    env = {**os.environ, "KITH_DATABASE_URL": f"sqlite:///{path}", "PYTHONWARNINGS": "ignore"}
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


async def test_a_long_question_does_not_wait_for_those_who_write_and_a_change_does_not_land_among_the_readers():
    await DB.run_ddl("CREATE TABLE test_n (n INTEGER)")
    asking = "WITH mine AS (SELECT n FROM test_n) SELECT count(*) AS n FROM mine"
    changing = "WITH new(n) AS (VALUES (1)) INSERT INTO test_n SELECT n FROM new"
    go_on = asyncio.Event()

    async def keep_the_door():
        async with writing():
            await DB.run_ddl("INSERT INTO test_n VALUES (1)")
            await go_on.wait()

    keeper = asyncio.create_task(keep_the_door())
    await asyncio.sleep(0)
    try:
        async with asyncio.timeout(30):
            assert await DB.run_ddl(asking) == [{"n": 0}]
    finally:
        go_on.set()
        await keeper
    await DB.run_ddl(changing)

    assert await DB.run_ddl(asking) == [{"n": 2}]
    assert [only_reads(sql) for sql in (asking, changing, "  select 1", "PRAGMA optimize")] == [
        True,
        False,
        True,
        False,
    ]


async def test_a_reader_that_has_answered_keeps_nothing_of_the_log():
    await DB.run_ddl("CREATE TABLE test_n (n INTEGER)")
    await DB.run_ddl("INSERT INTO test_n SELECT value FROM json_each('[" + ",".join(["1"] * 3000) + "]')")

    await asyncio.gather(*[DB.run_ddl("SELECT a.n FROM test_n a LIMIT 2999") for _ in range(4)])
    await DB.run_ddl("INSERT INTO test_n VALUES (1)")

    assert (await DB.run_ddl("PRAGMA wal_checkpoint(TRUNCATE)"))[0]["busy"] == 0


async def test_a_commit_anywhere_is_noticed_everywhere(tmp_path):
    before = await DB.data_version()
    assert await DB.data_version() == before

    await DB.run_ddl("CREATE TABLE test_n (n INTEGER)")

    assert await DB.data_version() != before


async def test_when_another_process_keeps_the_file_too_long_it_is_said_and_the_door_stays_usable(monkeypatch, tmp_path):
    monkeypatch.setattr(connection, "PATIENCE", 0.05)
    await DB.close()
    with closing(sqlite3.connect(DB.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                await write_a_table()
        other.execute("COMMIT")

    await write_a_table()
    await DB.close()


async def write_a_table() -> None:
    async with writing():
        await DB.run_ddl("CREATE TABLE test_n (n INTEGER)")


async def test_a_file_that_cannot_be_opened_says_so_at_the_query_and_is_tried_again(tmp_path):
    await DB.close()
    good, DB.path = DB.path, str(tmp_path)
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        await DB.run_ddl("SELECT 1 AS n")
    await DB.close()
    DB.path = good

    assert await DB.run_ddl("SELECT 1 AS n") == [{"n": 1}]
