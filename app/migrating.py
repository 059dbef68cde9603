"""Brings the database to today's shape: one process at a time, each migration whole or not at all."""

import asyncio
import fcntl
import io
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stdout
from typing import Any

import asyncpg
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.commands.base import BaseMigrationManager
from piccolo.apps.migrations.tables import Migration

from app.db import DB
from app.db.rebuilding import rebuild_table, taken_over
from app.db.sqlite import KithSQLite
from app.piccolo_app import APP_CONFIG

LOCK = 0x6B697468  # "kith", the number of our advisory lock


class MigrationFailed(Exception):
    """One line: which migration, and why. The database is as it was before that migration."""


async def migrate() -> list[str]:
    """Runs what has not run yet and says which; whoever comes second waits and finds nothing to do."""
    await DB.open()
    async with only_one():
        todo = await pending()
        for name in todo:
            try:
                await run(name)
            except Exception as broken:
                raise MigrationFailed(f"{name}: {one_line(broken)}") from broken
        return todo


async def pending() -> list[str]:
    """The migrations this code brings and this database has not seen, oldest first."""
    return sorted(modules().keys() - await ran())


async def from_the_future() -> list[str]:
    """The migrations this database has seen and this code does not bring: a newer Kith made it."""
    return sorted(await ran() - modules().keys())


async def ran() -> set[str]:
    if not await Migration.table_exists():
        return set()
    return set(await Migration.get_migrations_which_ran(APP_CONFIG.app_name))


def modules() -> dict[str, Any]:
    before = list(sys.path)
    try:
        return dict(BaseMigrationManager().get_migration_modules(APP_CONFIG.resolved_migrations_folder_path))
    finally:
        sys.path[:] = before  # Piccolo adds the folder each time, and /readyz asks often


async def run(name: str) -> None:
    """The record that it ran is written in the same transaction: no crash can part them (Piccolo writes it after)."""
    with redirect_stdout(io.StringIO()):  # Piccolo prints its progress
        async with DB.changing_schema():
            await Migration.create_table(if_not_exists=True)
            manager = await modules()[name].forwards()
            if isinstance(manager, MigrationManager):
                await apply(manager)
            await Migration.insert(Migration(name=name, app_name=APP_CONFIG.app_name))


async def apply(manager: MigrationManager) -> None:
    if DB.engine_type != "sqlite":
        return await manager.run()
    before = await BaseMigrationManager().get_migration_managers(APP_CONFIG, max_migration_id=manager.migration_id)
    changed = taken_over(manager, before)
    await manager.run()
    for table in changed:
        await rebuild_table(table)


async def execute(*statements: str) -> None:
    """For `manager.add_raw`: SQL as it is, inside the migration's transaction."""
    for statement in statements:
        await DB.run_ddl(statement)


@asynccontextmanager
async def only_one() -> AsyncIterator[None]:
    lock = beside_the_file(DB.path) if isinstance(DB, KithSQLite) else in_the_server(DB.config["dsn"])
    async with lock:
        yield


@asynccontextmanager
async def beside_the_file(path: str) -> AsyncIterator[None]:
    file = os.open(f"{path}.migrate.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


@asynccontextmanager
async def in_the_server(dsn: str) -> AsyncIterator[None]:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        yield
    finally:
        await connection.close()


def one_line(broken: Exception) -> str:
    return " ".join(str(broken).split()) or type(broken).__name__
