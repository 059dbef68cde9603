"""A copy of the whole database while neighbours go on writing, and back again into an empty one."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from app.db.connection import PATIENCE
from app.db.dumping import CopyRefused, dump, rows_in_dump, rows_on_server, undump
from app.db.engine import DB
from app.db.sqlite import KithSQLite

BEFORE_ANYBODY_CAME = {"migration", "set_up_links"}  # a house that only started once has rows in these

__all__ = ["CopyRefused", "copy_database", "load_database"]


async def copy_database(to: Path) -> dict[str, int]:
    """Writes one file, which must not be there yet, and says how many rows each table has in it.

    SQLite: a database file. PostgreSQL: pg_dump's custom format.
    """
    unfinished = await asyncio.to_thread(begin, to)
    try:
        if isinstance(DB, KithSQLite):
            rows = await asyncio.to_thread(copy_file, DB.path, unfinished)
        else:
            rows = await dump(DB, unfinished)
        await asyncio.to_thread(finish, unfinished, to)
    finally:
        unfinished.unlink(missing_ok=True)
    return rows


async def load_database(source: Path, rows: Mapping[str, int] | None = None) -> dict[str, int]:
    """Fills the empty database from such a file and says how many rows each table has now.

    Refuses a database in which somebody lives, and a file that is damaged or does not have the `rows` that were
    counted when it was written: then the database is as it was.
    """
    await asyncio.to_thread(must_be_there, source)
    if isinstance(DB, KithSQLite):
        await DB.close()
        return await asyncio.to_thread(load_file, source, DB.path, rows)
    must_agree(await asyncio.to_thread(rows_in_dump, source), rows)
    must_be_empty(await rows_on_server(DB))
    return await undump(DB, source)


def must_be_there(source: Path) -> None:
    if not source.is_file():
        raise CopyRefused(f"{source} is not a file.")


def must_be_empty(rows: Mapping[str, int]) -> None:
    for table, count in rows.items():
        if count and table not in BEFORE_ANYBODY_CAME:
            raise CopyRefused(f"The database is not empty: {table} has {count} rows.")


def begin(to: Path) -> Path:
    if to.exists():
        raise CopyRefused(f"{to} is there already.")
    unfinished = to.with_name(f"{to.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    return unfinished


def finish(unfinished: Path, to: Path) -> None:
    """On the disk before it gets its name."""
    with open(unfinished, "rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(to)
    folder = os.open(to.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def copy_file(path: str, to: Path) -> dict[str, int]:
    with closing(existing(path)) as source, closing(sqlite3.connect(to)) as copy:
        pour(source, copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        must_be_sound(copy, "The copy")
        return rows_in(copy)


def load_file(source: Path, path: str, rows: Mapping[str, int] | None) -> dict[str, int]:
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with closing(existing(source, "ro")) as copy:
        must_be_sound(copy, str(source))
        must_agree(rows_in(copy), rows)
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as house:
            must_be_empty(rows_in(house))
            pour(copy, house)
            must_be_sound(house, "The database")
            return rows_in(house)


def existing(path: str | Path, mode: str = "rw") -> sqlite3.Connection:
    try:
        return sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode={mode}", uri=True, timeout=PATIENCE)
    except sqlite3.OperationalError as broken:
        raise CopyRefused(f"{path} cannot be opened: {broken}.") from broken


def pour(source: sqlite3.Connection, into: sqlite3.Connection) -> None:
    """All pages in one step, so in one moment: whoever writes meanwhile comes after it."""
    give_up = time.monotonic() + PATIENCE

    def patience(status: int, _left: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > give_up:
            raise CopyRefused("Another program keeps the database: stop it first.")

    source.backup(into, pages=-1, progress=patience, sleep=0.05)


def must_be_sound(db: sqlite3.Connection, name: str) -> None:
    try:
        found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
        astray = db.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as broken:
        raise CopyRefused(f"{name} is not a sound database: {broken}.") from broken
    if found != "ok" or astray:
        raise CopyRefused(f"{name} is damaged: {found if found != 'ok' else f'a row of {astray[0]} points nowhere'}.")


def must_agree(there: Mapping[str, int], rows: Mapping[str, int] | None) -> None:
    written = there if rows is None else rows
    for table in sorted({*there, *written}):
        if there.get(table) != written.get(table):
            raise CopyRefused(f"{table} has {there.get(table, 'no')} rows; {written.get(table, 'none')} were written.")


def rows_in(db: sqlite3.Connection) -> dict[str, int]:
    kinds = "type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%'"  # what a search keeps beside itself is not ours
    tables = db.execute(f"SELECT name FROM pragma_table_list WHERE schema = 'main' AND {kinds}").fetchall()  # noqa: S608
    return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}  # noqa: S608
