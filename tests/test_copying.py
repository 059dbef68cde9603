"""A copy made while everybody goes on writing, and what comes of it in an empty house."""

import asyncio
import sqlite3
import stat
from contextlib import AsyncExitStack, closing

import pytest

from app.db import DB, close_database, writing
from app.db.copying import CopyRefused, copy_database, load_database
from app.db.dumping import surroundings
from app.kit.tables import Tally
from app.migrating import migrate, pending
from tests import bare
from tests.makers import NOON

ON_SQLITE = DB.engine_type == "sqlite"


async def a_pair(number: int) -> None:
    """Always two together: a copy with one of them would be a copy of no moment at all."""
    async with writing():
        await Tally.insert(Tally(key=f"a{number}", since=NOON, times=number))
        await Tally.insert(Tally(key=f"b{number}", since=NOON, times=number))


@pytest.fixture
async def empty_house(tmp_path):
    """`await empty_house()`: we move into a database in which nothing has been done yet; afterwards back again."""
    async with AsyncExitStack() as moves:

        async def move() -> None:
            await moves.enter_async_context(bare.moved_into(await bare.address(tmp_path)))

        yield move


async def test_a_copy_made_while_neighbours_write_holds_whole_deeds_and_fills_an_empty_house(tmp_path, empty_house):
    await a_pair(0)
    done = False

    async def go_on_writing():
        number = 1
        while not done:
            await a_pair(number)
            number += 1

    writers = asyncio.create_task(go_on_writing())
    await asyncio.sleep(0.05)
    rows = await copy_database(tmp_path / "copy")
    done = True
    await writers

    assert rows["tallies"] % 2 == 0
    assert 2 <= rows["tallies"] < await Tally.count()
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith("copy")} == {"copy"}
    await empty_house()
    assert await load_database(tmp_path / "copy", rows) == rows
    assert await Tally.count() == rows["tallies"]
    assert await pending() == []
    assert await Tally.select(Tally.times).where(Tally.key == "b0") == [{"times": 0}]
    await a_pair(10_000)


async def test_a_house_in_which_somebody_lives_is_not_overwritten(tmp_path):
    await a_pair(1)
    await copy_database(tmp_path / "copy")
    await a_pair(2)

    with pytest.raises(CopyRefused, match="not empty: tallies has 4 rows"):
        await load_database(tmp_path / "copy")
    assert await Tally.count() == 4


async def test_a_house_that_was_only_migrated_is_empty(tmp_path, empty_house):
    await a_pair(1)
    await copy_database(tmp_path / "copy")
    await empty_house()
    await migrate()

    assert (await load_database(tmp_path / "copy"))["tallies"] == 2


async def test_an_earlier_copy_is_not_overwritten(tmp_path):
    (tmp_path / "copy").write_text("precious")

    with pytest.raises(CopyRefused, match="is there already"):
        await copy_database(tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "precious"


async def test_a_damaged_or_shortened_copy_is_refused_and_the_house_stays_empty(tmp_path, empty_house):
    await Tally.insert(*[Tally(key=f"{number}" * 20, since=NOON, times=number) for number in range(300)])
    rows = await copy_database(tmp_path / "copy")
    await empty_house()
    await migrate()
    whole = (tmp_path / "copy").read_bytes()
    (tmp_path / "short").write_bytes(whole[: len(whole) * 2 // 3])
    (tmp_path / "noise").write_bytes(b"not a database" * 100)

    for damaged in ("short", "noise", "missing"):
        with pytest.raises(CopyRefused) as refused:
            await load_database(tmp_path / damaged)
        assert "\n" not in str(refused.value)
    with pytest.raises(CopyRefused, match=r"tallies has 300 rows; 301 were written\."):
        await load_database(tmp_path / "copy", {**rows, "tallies": 301})
    assert await Tally.count() == 0


async def test_without_the_programs_of_postgresql_it_says_what_is_missing(tmp_path, monkeypatch):
    if ON_SQLITE:
        pytest.skip("SQLite needs no program")
    monkeypatch.setattr("glob.glob", lambda pattern: [])
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CopyRefused, match="pg_dump is not installed here"):
        await copy_database(tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


async def test_a_file_that_another_program_keeps_to_itself_is_not_waited_for_for_ever(
    tmp_path, monkeypatch, empty_house
):
    if not ON_SQLITE:
        pytest.skip("about SQLite's file")
    monkeypatch.setattr("app.db.copying.PATIENCE", 0.1)
    await copy_database(tmp_path / "copy")
    await empty_house()
    await migrate()
    await close_database()
    with closing(sqlite3.connect(DB.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(10):
            with pytest.raises(CopyRefused, match="Another program keeps the database"):
                await load_database(tmp_path / "copy")


def test_a_password_goes_round_the_command_line():
    assert surroundings("postgresql://ana:s%40fe@db.example:5433/kith?sslmode=require") == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "ana",
        "PGPASSWORD": "s@fe",
        "PGDATABASE": "kith",
        "PGSSLMODE": "require",
    }
    assert surroundings("postgresql:///kith?host=/run/postgresql") == {
        "PGDATABASE": "kith",
        "PGHOST": "/run/postgresql",
    }
