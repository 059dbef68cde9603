"""The way from yesterday's tables to today's: whole or not at all, one process at a time, with rows in them."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from piccolo.apps.migrations.commands import new
from piccolo.columns import (
    UUID,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.table import create_table_class

from app.db import DB
from app.migrating import MigrationFailed, from_the_future, migrate, pending
from app.piccolo_app import APP_CONFIG
from tests import postgres

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
    assert await pending() == []
    assert await migrate() == []
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


@pytest.fixture
def bare(tmp_path):
    """The address of a database in which nothing has been done yet."""
    if DB.engine_type == "sqlite":
        return f"sqlite:///{tmp_path / 'deeper' / 'bare.db'}"
    return postgres.a_database(f"kith_bare_{os.getpid()}")


async def test_of_two_processes_one_migrates_and_the_other_waits_and_finds_nothing_to_do(bare):
    answers = await asyncio.gather(*[run(MIGRATE, bare) for _ in range(3)])

    everything = sum(
        1 for file in (await asyncio.to_thread(os.listdir, APP_CONFIG.migrations_folder_path)) if "app_" in file
    )
    assert sorted(answers) == [(0, "0"), (0, "0"), (0, str(everything))]


async def test_a_crash_in_the_middle_leaves_nothing_behind_and_the_next_run_finishes(elsewhere, bare):
    a_migration(elsewhere, 'await execute("CREATE TABLE test_new (id INTEGER)"); import os; os._exit(9)')
    again = CRASH.format(folder=str(elsewhere)).replace(
        "asyncio.run(migrate())", "os._exit = print; asyncio.run(migrate())"
    )

    assert await run(CRASH.format(folder=str(elsewhere)), bare) == (9, "")
    assert await run(again, bare) == (0, "")


def a_table(called: str, /, **columns: Column):
    return create_table_class(called, class_kwargs={"tablename": f"test_{called.lower()}"}, class_members=columns)


async def move_to(*tables) -> None:
    APP_CONFIG.table_classes = list(tables)
    for table in tables:
        table._meta.app_name = "app"
    meta = await new._create_new_migration(APP_CONFIG, auto=True, auto_input="n")
    await migrate()
    assert meta.migration_id not in await pending()
    changes = await new.AutoMigrationManager(auto_input="n").get_alter_statements(APP_CONFIG)
    assert [line for change in changes for line in change.statements] == []


def before():
    root = a_table("Root", id=Serial(primary_key=True), name=Varchar(length=20))
    tree = a_table(
        "Tree",
        id=Serial(primary_key=True),
        root=ForeignKey(root, null=True, on_delete=OnDelete.cascade),
        name=Varchar(length=20),
        high=Integer(null=True, default=None),
        code=Varchar(length=5, unique=True),
        note=Varchar(length=20, index=True),
        part_of=ForeignKey("self", null=True, default=None, on_delete=OnDelete.cascade),
    )
    branch = a_table(
        "Branch", id=Serial(primary_key=True), tree=ForeignKey(tree, null=False, on_delete=OnDelete.cascade)
    )
    return root, tree, branch


def after():
    root = a_table("Root", id=Serial(primary_key=True), name=Varchar(length=20))
    tree = a_table(
        "Tree",
        id=Serial(primary_key=True),
        root=ForeignKey(root, null=True, on_delete=OnDelete.restrict),
        name=Text(default="oak", unique=True),
        high=Integer(null=False, default=1, index=True),
        part_of=ForeignKey("self", null=True, default=None, on_delete=OnDelete.cascade),
        token=UUID(unique=True),
        old=Boolean(default=True),
        at=Timestamptz(default=TimestamptzNow()),
    )
    branch = a_table(
        "Branch", id=Serial(primary_key=True), tree=ForeignKey(tree, null=False, on_delete=OnDelete.cascade)
    )
    return root, tree, branch


async def test_every_kind_of_change_to_a_table_with_rows_arrives_and_loses_nothing(elsewhere):
    root, tree, branch = before()
    await move_to(root, tree, branch)
    await DB.run_ddl("CREATE INDEX raw_on_tree ON test_tree (lower(name)) WHERE high > 1")
    if DB.engine_type == "sqlite":
        await DB.run_ddl("CREATE TRIGGER raw_trigger BEFORE UPDATE ON test_tree BEGIN SELECT RAISE(ABORT, 'no'); END")
    await root(id=1, name="r").save()
    for number in range(1, 4):
        part_of = number - 1 or None
        await tree.insert(tree(root=1, name=f"t{number}", high=number, code=str(number), note="n", part_of=part_of))
        await branch.insert(branch(tree=number))
    await tree.delete().where(tree.name == "t3")

    root, tree, branch = after()
    await move_to(root, tree, branch)

    rows = await tree.select().order_by(tree.id)
    assert [(row["id"], row["name"], row["high"], row["part_of"], row["old"]) for row in rows] == [
        (1, "t1", 1, None, True),
        (2, "t2", 2, 1, True),
    ]
    assert await tables_called("raw_trigger") == (DB.engine_type == "sqlite")
    assert len({row["token"] for row in rows}) == 2
    assert all(abs(row["at"] - datetime.now(UTC)) < timedelta(minutes=1) for row in rows)
    assert set(rows[0]) == {"id", "root", "name", "high", "part_of", "token", "old", "at"}
    assert [row["tree"] for row in await branch.select().order_by(branch.id)] == [1, 2]
    [made] = await tree.insert(tree(root=1, name="t4", high=4)).returning(tree.id)
    assert made["id"] == 4  # 3 was used once
    await nothing_was_forgotten(root, tree, branch)


async def nothing_was_forgotten(root, tree, branch) -> None:
    for wrong in (tree(name="t1", high=5), tree(name="t5", high=5, root=99), branch(tree=99)):
        with pytest.raises(Exception, match=r"(?i)unique|duplicate|foreign key"):
            await type(wrong).insert(wrong)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await root.delete(force=True)
    await tree.delete().where(tree.id == 1)  # and what hangs on it, as before
    assert [row["tree"] for row in await branch.select()] == []
    places = (
        "sqlite_master WHERE type = 'index' AND name" if DB.engine_type == "sqlite" else "pg_indexes WHERE indexname"
    )
    for name, there in {"raw_on_tree": 1, "test_tree_high": 1, "test_tree_note": 0}.items():
        assert len(await DB.run_ddl(f"SELECT 1 FROM {places} = '{name}'")) == there, name


async def test_a_column_is_not_made_required_while_somebody_left_it_open(elsewhere):
    root, tree, branch = before()
    await move_to(root, tree, branch)
    await tree.insert(tree(name="t1", high=None))
    with pytest.raises(MigrationFailed, match=r"(?i)null"):
        await move_to(*after())

    assert [row["high"] for row in await tree.select(tree.high)] == [None]


async def test_a_migration_that_would_leave_a_row_pointing_nowhere_is_refused(elsewhere):
    root, tree, branch = before()
    await move_to(root, tree, branch)
    await root(id=1, name="r").save()
    await tree.insert(tree(name="t1", root=1))
    a_migration(elsewhere, 'await execute("UPDATE test_tree SET root = 77")')

    with pytest.raises(MigrationFailed, match=r"(?i)points at no row of test_root|foreign key"):
        await migrate()
    assert [row["root"] for row in await tree.select(tree.root)] == [1]
