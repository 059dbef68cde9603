"""The way from yesterday's tables to today's: whole or not at all, one process at a time, with rows in them."""

import asyncio
import os
import subprocess
import sys
from itertools import count

import pytest
from piccolo.apps.migrations.commands import new

from app.db import DB
from app.migrating import MigrationFailed, from_the_future, migrate, pending
from app.piccolo_app import APP_CONFIG
from tests import bare

numbers = count()


async def test_the_migrations_say_what_the_tables_say():
    changes = await new.AutoMigrationManager().get_alter_statements(APP_CONFIG)

    assert [line for change in changes for line in change.statements] == []


async def test_the_database_says_what_the_tables_say():
    for table in APP_CONFIG.table_classes:
        wanted = {c._meta.db_column_name: c._meta.null for c in table._meta.columns}
        assert await columns_in_database(table._meta.tablename) == wanted, table


async def columns_in_database(table: str) -> dict[str, bool]:
    if DB.engine_type == "sqlite":
        return {row["name"]: not row["notnull"] for row in await DB.run_ddl(f'PRAGMA table_info("{table}")')}
    rows = await DB.run_ddl(f"SELECT * FROM information_schema.columns WHERE table_name = '{table}'")
    return {row["column_name"]: row["is_nullable"] == "YES" for row in rows}


async def test_a_migrated_house_has_nothing_left_to_do_and_says_nothing(capsys):
    path = list(sys.path)
    assert await pending() == []
    assert await migrate() == []
    assert sys.path == path
    assert await from_the_future() == []
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """A line of migrations of its own; file names are never used twice, since Python keeps modules by name."""
    folder = tmp_path / "line"
    folder.mkdir()
    monkeypatch.setattr(APP_CONFIG, "migrations_folder_path", str(folder))
    monkeypatch.setattr(APP_CONFIG, "table_classes", [])
    monkeypatch.setattr(sys, "path", list(sys.path))
    return folder


RAW = """
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from app.migrating import execute
ID = "{name}"

async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app")
    async def run():
        {body}
    manager.add_raw(run)
    return manager
"""


def a_migration(folder, body: str) -> str:
    name = f"3000_{os.getpid()}_{next(numbers):03}"
    (folder / f"{name}.py").write_text(RAW.format(name=name, body=body))
    return name


async def tables_called(name: str) -> int:
    where = "sqlite_master WHERE name" if DB.engine_type == "sqlite" else "pg_tables WHERE tablename"
    return len(await DB.run_ddl(f"SELECT 1 FROM {where} = '{name}'"))


@pytest.fixture(autouse=True)
async def nothing_left(database):
    yield
    for table in ("test_new", "test_branch", "test_tree", "test_root"):
        await DB.run_ddl(f"DROP TABLE IF EXISTS {table}")
    await DB.run_ddl("DELETE FROM migration WHERE name LIKE '3000%' OR name > '2999'")


async def test_a_migration_that_fails_leaves_no_trace_and_those_before_it_stand(elsewhere):
    good = a_migration(elsewhere, 'await execute("CREATE TABLE test_root (id INTEGER)")')
    bad = a_migration(
        elsewhere, 'await execute("CREATE TABLE test_new (id INTEGER)", "SELECT\\n no_such FROM test_new")'
    )

    with pytest.raises(MigrationFailed) as failed:
        await migrate()

    assert str(failed.value).startswith(f"{bad}: ")
    assert "no_such" in str(failed.value)
    assert "\n" not in str(failed.value)
    assert await pending() == [bad]
    assert (await tables_called("test_root"), await tables_called("test_new")) == (1, 0)
    assert good not in await pending()
    (elsewhere / f"{good}.py").unlink()
    assert good in await from_the_future()


async def run(program: str, url: str) -> tuple[int, str]:
    env = {**os.environ, "KITH_DATABASE_URL": url}
    command = [sys.executable, "-c", program]
    done = await asyncio.to_thread(subprocess.run, command, env=env, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout.strip() + done.stderr.strip()


MIGRATE = "import asyncio; from app.migrating import migrate; print(len(asyncio.run(migrate())))"
CRASH = """
import asyncio, os
from piccolo.apps.migrations.tables import Migration
from app.migrating import migrate
from app.piccolo_app import APP_CONFIG
APP_CONFIG.migrations_folder_path = {folder!r}
asyncio.run(migrate())
"""


async def test_of_two_processes_one_migrates_and_the_other_waits_and_finds_nothing_to_do(tmp_path):
    place = await bare.address(tmp_path)
    answers = await asyncio.gather(*[run(MIGRATE, place) for _ in range(3)])

    everything = sum(
        1 for file in (await asyncio.to_thread(os.listdir, APP_CONFIG.migrations_folder_path)) if "app_" in file
    )
    assert sorted(answers) == [(0, "0"), (0, "0"), (0, str(everything))]


async def test_a_crash_in_the_middle_leaves_nothing_behind_and_the_next_run_finishes(elsewhere, tmp_path):
    place = await bare.address(tmp_path)
    a_migration(elsewhere, 'await execute("CREATE TABLE test_new (id INTEGER)"); import os; os._exit(9)')
    again = CRASH.format(folder=str(elsewhere)).replace(
        "asyncio.run(migrate())", "os._exit = print; asyncio.run(migrate())"
    )

    assert await run(CRASH.format(folder=str(elsewhere)), place) == (9, "")
    assert await run(again, place) == (0, "")
