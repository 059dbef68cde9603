"""Tables change with rows in them, on SQLite too, where a table is made anew for it."""

from datetime import UTC, datetime, timedelta

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
from app.migrating import MigrationFailed, migrate, pending
from app.piccolo_app import APP_CONFIG
from tests.test_migrating import a_migration, elsewhere, nothing_left, tables_called

__all__ = ["elsewhere", "nothing_left"]  # fixtures


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
