"""What our PostgreSQL engine must get right."""

import asyncio

import pytest

from app.db import DB, close_database, open_database, writing
from app.db.postgres import GONE, POOL

pytestmark = pytest.mark.skipif(DB.engine_type != "postgres", reason="about PostgreSQL")

LATE = "CREATE TABLE IF NOT EXISTS test_late (n INTEGER UNIQUE DEFERRABLE INITIALLY DEFERRED)"


async def write_twice() -> None:
    async with writing():
        await DB.run_ddl("INSERT INTO test_late VALUES (1)")
        await DB.run_ddl("INSERT INTO test_late VALUES (1)")


async def test_a_commit_that_fails_gives_its_connection_back():
    await DB.run_ddl(LATE)
    for _ in range(POOL + 1):
        with pytest.raises(Exception, match="duplicate key"):
            async with asyncio.timeout(30):
                await write_twice()

    assert not DB.transaction_exists()
    assert (await DB.run_ddl("SELECT count(*) AS n FROM test_late"))[0]["n"] == 0
    assert DB.pool_here().get_idle_size() == DB.pool_here().get_size()


async def test_a_server_that_drops_us_in_the_middle_of_a_deed_is_named_and_the_next_deed_works():
    async def be_dropped():
        async with writing():
            [row] = await DB.run_ddl("SELECT pg_backend_pid() AS pid")
            other = await DB.get_new_connection()
            await other.execute("SELECT pg_terminate_backend($1)", row["pid"])
            await other.close()
            await DB.run_ddl("SELECT 1")

    with pytest.raises(GONE):
        await be_dropped()
    async with writing():
        assert (await DB.run_ddl("SELECT 1 AS n"))[0]["n"] == 1


async def test_more_neighbours_than_connections_all_get_their_turn():
    async def ask():
        async with writing():
            await DB.run_ddl("SELECT pg_sleep(0.01)")

    async with asyncio.timeout(20):
        await asyncio.gather(*[ask() for _ in range(POOL * 4)])

    assert DB.pool_here().get_size() <= POOL


async def test_the_database_may_be_closed_and_opened_again():
    await close_database()
    assert DB.pool_here() is None
    assert len(await DB.run_ddl("SELECT 1")) == 1
    await open_database()
    pool = DB.pool_here()
    await open_database()

    assert DB.pool_here() is pool


async def test_a_question_costs_one_word_to_the_server_and_not_a_second_to_tidy_up():
    said = []
    async with DB.pool_here().acquire() as connection:
        connection.add_query_logger(lambda record: said.append(record.query))
    try:
        for _ in range(3):
            await DB.run_ddl("SELECT 1 AS n")
        assert said == ["SELECT 1 AS n"] * 3
    finally:
        await close_database()
        await open_database()


async def test_what_somebody_left_open_is_undone_before_the_next_one_comes():
    await DB.run_ddl("CREATE TABLE IF NOT EXISTS test_left (n INTEGER)")
    connection = await DB.borrow()
    await connection.execute("BEGIN; INSERT INTO test_left VALUES (1)")
    await DB.give_back(connection)

    assert (await DB.run_ddl("SELECT count(*) AS n FROM test_left"))[0]["n"] == 0
