"""SQLite changes hardly anything about a table that is there, so we make a new one, move in, and pull down the old."""

from collections.abc import Iterable
from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.auto.schema_snapshot import SchemaSnapshot
from piccolo.columns import UUID, Column, Timestamptz
from piccolo.table import Table, create_table_class

from app.db.engine import DB

FOR_EACH_ROW = {  # what SQLite has no constant for; Piccolo writes the text None for a UUID, and a moment without zone
    UUID: "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || "
    "substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))",
    Timestamptz: "strftime('%Y-%m-%d %H:%M:%S+00:00', 'now')",
}


def taken_over(manager: MigrationManager, before: list[MigrationManager]) -> list[type[Table]]:
    """Takes the changes of columns out of a migration and says how the tables they concern look after it.

    `before` are all migrations up to and with this one.
    """
    changes: list[list[Any]] = [
        manager.add_columns.add_columns,
        manager.drop_columns.drop_columns,
        manager.alter_columns.alter_columns,
    ]
    new = {table.class_name for table in manager.add_tables}
    names = {change.table_class_name for some in changes for change in some} - new
    for some in changes:
        some[:] = [change for change in some if change.table_class_name in new]
    return [as_described(table) for table in SchemaSnapshot(before).get_snapshot() if table.class_name in names]


def as_described(table: Any) -> type[Table]:
    """With columns made anew: a snapshot alters their parameters, but not what follows from these."""
    columns = {column._meta.name: type(column)(**column._meta.params) for column in table.columns}
    return create_table_class(table.class_name, class_kwargs={"tablename": table.tablename}, class_members=columns)


async def rebuild_table(new: type[Table]) -> None:
    """Makes the table of that name look like `new`; rows, ids, raw indexes and triggers stay.

    For SQLite, inside a migration: there the foreign keys sleep and are looked through before the end. Columns of the
    same name keep their values, new ones get their default. (https://www.sqlite.org/lang_altertable.html, section 7)
    """
    name, new_name = new._meta.tablename, f"rebuilt_{new._meta.tablename}"
    create, *indexes = new.create_table().ddl
    kept = await raw_indexes_and_triggers(name, {index.split()[2] for index in indexes} | await piccolos(name))
    await DB.run_ddl(create.replace(new._meta.get_formatted_tablename(), f'"{new_name}"', 1))
    last = await DB.run_ddl(f"SELECT seq FROM sqlite_sequence WHERE name = '{name}'")  # noqa: S608
    await copy_rows(name, new_name, new._meta.columns)
    await DB.run_ddl(f'DROP TABLE "{name}"')
    await DB.run_ddl("PRAGMA legacy_alter_table=ON")  # what others say about this table is left as it is
    await DB.run_ddl(f'ALTER TABLE "{new_name}" RENAME TO "{name}"')
    await DB.run_ddl("PRAGMA legacy_alter_table=OFF")
    for sql in [*indexes, *kept]:
        await DB.run_ddl(sql)
    if last:  # an id that was used once, on a printed label perhaps, is not given again
        await DB.run_ddl(f"DELETE FROM sqlite_sequence WHERE name = '{name}'")  # noqa: S608
        await DB.run_ddl(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', {last[0]['seq']})")  # noqa: S608


async def copy_rows(old: str, new: str, columns: Iterable[Column]) -> None:
    there = set(await columns_of(old))
    values = {}
    for column in columns:
        name = column._meta.db_column_name
        if name in there:
            values[name] = f'"{name}"'
        elif type(column) in FOR_EACH_ROW and column.get_default_value() is not None:
            values[name] = FOR_EACH_ROW[type(column)]
    names = ", ".join(f'"{name}"' for name in values)
    await DB.run_ddl(f'INSERT INTO "{new}" ({names}) SELECT {", ".join(values.values())} FROM "{old}"')  # noqa: S608


async def columns_of(table: str) -> list[str]:
    return [row["name"] for row in await DB.run_ddl(f'PRAGMA table_info("{table}")')]


async def piccolos(table: str) -> set[str]:
    """The names Piccolo gives to indexes of single columns: the new table says which of them it wants."""
    return {f"{table}_{column}" for column in await columns_of(table)}


async def raw_indexes_and_triggers(table: str, others: set[str]) -> list[str]:
    rows = await DB.run_ddl(
        f"SELECT name, type, sql FROM sqlite_master WHERE tbl_name = '{table}' AND sql IS NOT NULL ORDER BY rowid"  # noqa: S608
    )
    return [row["sql"] for row in rows if row["type"] != "table" and row["name"] not in others]
