"""What many ask in the same moment: PostgreSQL is asked once for all, and each gets what they would have got alone."""

import asyncio
import gc
from contextlib import suppress
from contextvars import Context

import pytest
from msgspec import Struct

from app.db import DB, UNFIT, Prepared, close_database, open_database, prepared_sql, writing
from app.db.many import AskedByMany
from app.db.postgres import GONE
from tests.makers import a_household, a_person

only_postgres = pytest.mark.skipif(DB.engine_type != "postgres", reason="about PostgreSQL")


class Named(Struct):
    id: int
    name: str


class One(Struct):
    one: int


_above = prepared_sql("SELECT id, name FROM people WHERE id > {} ORDER BY id DESC LIMIT {}", Named, of_many=True)
_called = prepared_sql("SELECT id, name FROM people WHERE name = {}", Named, of_many=True)
_the_one = prepared_sql("SELECT 1 AS one", One, of_many=True)
_among = prepared_sql(
    {
        "sqlite": "SELECT id, name FROM people WHERE name IN (SELECT value FROM json_each({})) ORDER BY id",
        "postgres": "SELECT id, name FROM people WHERE name = ANY(CAST({} AS text[])) ORDER BY id",
    },
    Named,
    of_many=True,
)


@pytest.fixture
async def asked(monkeypatch):
    """What the server heard of this, each with how many values."""
    if DB.engine_type == "sqlite":
        return []
    heard, whole = [], type(DB).fetch_as_planned

    async def note(engine, sql, args):
        heard.append(sql)
        return await whole(engine, sql, args)

    monkeypatch.setattr(type(DB), "fetch_as_planned", note)
    return heard


async def neighbours(*names: str) -> list[int]:
    return [(await a_person(name=name, home=await a_household())).id for name in names]


async def test_each_gets_their_own_rows_in_their_order_however_many_and_the_server_hears_it_once(database, asked):
    ids = await neighbours("Li", "Wang", "Zhao", "Qian")

    answers = await asyncio.gather(_above(0, 2), _above(ids[0], 10), _above(ids[3], 5), _above(0, 0))

    assert [[each.name for each in some] for some in answers] == [["Qian", "Zhao"], ["Qian", "Zhao", "Wang"], [], []]
    assert len(asked) == (1 if DB.engine_type == "postgres" else 0)


async def test_one_who_asks_alone_asks_as_ever(database, asked):
    await neighbours("Li")

    assert [each.name for each in await _called("Li")] == ["Li"]
    assert all("LATERAL" not in sql for sql in asked)


async def test_lists_of_words_come_through_whatever_stands_in_them(database):
    odd = ['a "quoted" one', "back\\slash", "comma, brace} {", "NULL", "", "李 阿姨"]
    await neighbours(*odd)

    answers = await asyncio.gather(_among(odd[:2]), _among(odd[2:]), _among([]), _among(["nobody"]))

    assert [[each.name for each in some] for some in answers] == [odd[:2], odd[2:], [], []]


async def test_who_asks_what_cannot_be_asked_hears_it_alone(database):
    await neighbours("Li")

    fine, unfit, also = await asyncio.gather(_above(0, 5), _above(10**30, 5), _above(0, 1), return_exceptions=True)

    assert [each.name for each in fine] == [each.name for each in also] == ["Li"]
    assert isinstance(unfit, UNFIT)


async def test_a_question_without_a_value_is_answered_to_each(database):
    assert [some[0].one for some in await asyncio.gather(*[_the_one() for _ in range(5)])] == [1] * 5


async def test_inside_a_transaction_one_sees_what_one_wrote_and_others_do_not(database):
    def outside() -> asyncio.Task[list[Named]]:
        return asyncio.create_task(_called("Zhao"), context=Context())

    async with writing():
        await a_person(name="Zhao")
        inside = await _called("Zhao")
        others = await asyncio.gather(outside(), outside())

    assert [each.name for each in inside] == ["Zhao"]
    assert others == [[], []]


async def test_what_was_written_before_one_asked_is_in_the_answer_while_others_ask_on(database):
    async def asks_on(over: asyncio.Event) -> None:
        while not over.is_set():
            await _called("Li")
            await asyncio.sleep(0)

    over = asyncio.Event()
    crowd = [asyncio.create_task(asks_on(over)) for _ in range(5)]
    try:
        for nth in range(20):
            await a_person(name=f"Li {nth}")
            assert len(await _called(f"Li {nth}")) == 1
    finally:
        over.set()
        await asyncio.gather(*crowd)


@only_postgres
async def test_a_line_that_broke_is_made_anew(database):
    await open_database()
    try:
        await _called("Li")
        other = await DB.get_new_connection()
        dropped = await other.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND query LIKE 'SELECT id, name FROM people WHERE name =%'"
        )
        await other.close()
        assert dropped
        with suppress(*GONE):  # the question that finds it broken
            await _called("Li")
        assert await asyncio.gather(*[_called("Li") for _ in range(3)]) == [[], [], []]
    finally:
        await close_database()
        await open_database()


@only_postgres
async def test_every_question_for_many_can_be_put_to_the_server_for_all_of_them(database):
    import app.asgi  # noqa: F401 (with it comes every feature)

    questions = [each for each in gc.get_objects() if isinstance(each, Prepared) and each.of_many]
    assert len(questions) > 10
    for question in questions:
        for_all = await AskedByMany(DB, question.sql).put_for_all()
        assert await DB.kinds_of(for_all), question.sql
