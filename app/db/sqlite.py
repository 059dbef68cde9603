"""Piccolo on SQLite with connections that stay: one writes, a few read. Five times as fast as one per query."""

import asyncio
import os
import random
import re
import sqlite3
import time
from functools import lru_cache
from typing import Any

from piccolo.engine.sqlite import Atomic, SQLiteEngine, SQLiteTransaction, TransactionType
from piccolo.querystring import QueryString

from app.db import connection
from app.db.connection import PATIENCE, Connection, plain_rows, rows
from app.db.current import CurrentTransaction
from app.db.quick import Quick, Trust, timed
from app.db.rows import Plain
from app.db.turn import Turn

READERS = 2
LOOK_AGAIN = (0.0005, 0.002)  # seconds, while another process writes
CHANGES = re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


class Transaction(SQLiteTransaction):
    """Holds the writer from BEGIN IMMEDIATE to the end, so what we checked is still true when we write."""

    __slots__ = ("over",)

    engine: "KithSQLite"

    async def __aenter__(self) -> SQLiteTransaction:
        if self._parent is not None:
            return self._parent
        await self.engine.turn.__aenter__()
        self.over = False
        self.connection = self.engine.writer
        try:
            await self.begin()
        except BaseException:
            self._end()
            raise
        self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, kind: Any, exception: Any, traceback: Any) -> bool:
        if self._parent is not None:
            return exception is None
        try:
            if exception is None and not self._committed and not self._rolled_back:
                await self.commit()
        finally:
            self._end()
        return exception is None

    async def begin(self) -> None:
        await self.engine.begin(self.connection)

    async def commit(self) -> None:
        await self.engine.commit(self.connection)
        self._committed = True

    def _end(self) -> None:
        """Nobody waits for this, so nobody can be cancelled in the middle of it: the thread keeps the order."""
        self.over = True
        if not self.connection.rests or self.connection.db.in_transaction:
            self.connection.give(undo)
        self.engine.turn.pass_on()


def undo(db: sqlite3.Connection) -> None:
    """After a COMMIT that went through there is nothing left to undo."""
    if db.in_transaction:
        db.execute("ROLLBACK")


class SchemaChange(Transaction):
    """For migrations: foreign keys sleep, because dropping a table to rebuild it would delete what points at it.

    SQLite ignores the switch inside a transaction, so it is turned before BEGIN and after the end.
    """

    __slots__ = ()

    async def begin(self) -> None:
        await self.connection.execute("PRAGMA foreign_keys=OFF")
        await super().begin()

    async def commit(self) -> None:
        broken = await self.connection.execute("PRAGMA foreign_key_check")
        if broken:
            raise sqlite3.IntegrityError("{table} row {rowid} points at no row of {parent}".format(**broken[0]))
        await super().commit()

    def _end(self) -> None:
        self.connection.give(undo)
        self.connection.give(lambda db: db.execute("PRAGMA foreign_keys=ON"))
        super()._end()


class KithSQLite(SQLiteEngine):
    __slots__ = ("_lost", "_quick", "_readers", "_writer", "_writes", "turn")

    gone = (sqlite3.Error,)  # what opening raises when there is no database to reach

    def __init__(self, path: str) -> None:
        self._writer: Connection | None = None
        self._readers: list[Connection] = []
        self._lost: list[Any] = []
        self._quick: Quick | None = None
        self._writes = Trust()
        self.turn = Turn()
        super().__init__(path=path, timeout=PATIENCE)
        self.current_transaction = CurrentTransaction()  # type: ignore[assignment]
        os.register_at_fork(after_in_child=self._after_fork)

    async def open(self) -> None:
        await self.writer.execute("SELECT 1")
        for reader in self.readers:
            await reader.execute("SELECT 1")

    async def close(self) -> None:
        async with self.turn:
            connections, self._writer, self._readers = [self._writer, *self._readers], None, []
            for connection in connections:
                if connection is not None:
                    connection.stop()
                    connection.join()
            if self._quick is not None:
                self._quick.close()
            self._quick = None

    start_connection_pool, close_connection_pool = open, close

    @property
    def writer(self) -> Connection:
        if self._writer is None:
            self._writer = Connection(self.path)
        return self._writer

    @property
    def readers(self) -> list[Connection]:
        if not self._readers:
            self._readers = [Connection(self.path, read_only=True) for _ in range(READERS)]
        return self._readers

    def _after_fork(self) -> None:
        """Threads do not survive a fork and SQLite forbids even closing what the parent opened: keep, never touch."""
        self._lost += [self._writer, self._readers, self._quick]
        self._writer, self._readers, self._quick, self.turn = None, [], None, Turn()

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Any:
        sql, args = querystring.compile_string(engine_type="sqlite")
        return await self.fetch(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> Any:
        """Piccolo's tables give the last id again when its row is gone; PostgreSQL never does, so here neither."""
        if ddl.startswith("CREATE TABLE"):
            ddl = ddl.replace("INTEGER PRIMARY KEY NOT NULL", "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL")
        return await self.fetch(ddl, ())

    async def fetch(self, sql: str, args: Any, read: Any = rows) -> Any:
        transaction: Any = self.current_transaction.get()
        if transaction is not None:
            return await self._within(transaction.connection, sql, args, read)
        if only_reads(sql):
            return await (self._prepared(sql, args) if read is plain_rows else self.idlest().execute(sql, args, read))
        if read is plain_rows:
            async with self.transaction():
                return await self._within(self.writer, sql, args, read)
        async with self.turn:
            return await self.writer.execute(sql, args, read)

    async def begin(self, writer: Connection) -> None:
        """The lock that keeps every other process from writing is asked for in the loop: by way of the writer's thread
        we would hold it for as long as the two threads wait for each other.
        """
        give_up = time.monotonic() + connection.PATIENCE
        while writer.rests:
            if writer.began_to_write():
                return
            if time.monotonic() > give_up:
                raise sqlite3.OperationalError("database is locked")
            await asyncio.sleep(random.uniform(*LOOK_AGAIN))  # noqa: S311
        await writer.execute("BEGIN IMMEDIATE")

    async def commit(self, writer: Connection) -> None:
        await self._within(writer, "COMMIT", (), plain_rows)

    async def fetch_plain(self, sql: str, args: Any) -> Plain:
        return await self.fetch(sql, args, plain_rows)

    fetch_for_many = fetch_plain  # here the way there and back costs nothing: each by itself

    async def fetch_each(self, sql: str, each: list[Any]) -> None:
        for args in each:
            await self.fetch_plain(sql, args)

    async def _within(self, writer: Connection, sql: str, args: Any, read: Any) -> Any:
        """Nobody else writes until we are done, in no process: what is quick is done here and now. By way of the
        writer's thread we would wait, with the lock in our hands, each time for whatever the loop does meanwhile.
        """
        if read is not plain_rows:
            return await writer.execute(sql, args, read)
        if writer.rests and self._writes.is_trusted(sql):
            return self._writes.timed(writer.db, sql, args)
        found, seconds = await writer.give(lambda db: timed(db, sql, args))
        self._writes.learn(sql, seconds)
        return found

    async def _prepared(self, sql: str, args: Any) -> Plain:
        """Prepared queries come again and again: the quick ones are answered without a reader."""
        quick = self._quick = self._quick or Quick(self.path)
        found = quick.read(sql, args)
        if found is None:
            found, seconds = await self.idlest().give(lambda db: timed(db, sql, args))
            quick.learn(sql, seconds)
        return found

    async def overwrite(self) -> None:
        """What was deleted leaves the write-ahead log too, unless somebody is reading it at this moment."""
        await self.fetch("PRAGMA wal_checkpoint(TRUNCATE)", ())

    def idlest(self) -> Connection:
        return min(self.readers, key=lambda reader: reader.waiting)

    async def data_version(self) -> int:
        """Another number whenever anybody, in any process, has committed (always asked of the same connection)."""
        return (await self.readers[0].execute("PRAGMA data_version"))[0]["data_version"]

    def transaction(
        self, transaction_type: TransactionType = TransactionType.immediate, allow_nested: bool = True
    ) -> Transaction:
        return Transaction(engine=self, transaction_type=TransactionType.immediate, allow_nested=allow_nested)

    def changing_schema(self) -> SchemaChange:
        return SchemaChange(engine=self, allow_nested=False)

    def atomic(self, transaction_type: TransactionType = TransactionType.immediate) -> Atomic:
        return Atomic(engine=self, transaction_type=TransactionType.immediate)


@lru_cache(maxsize=4096)
def only_reads(sql: str) -> bool:
    """Readers refuse to write, so when in doubt the answer is no."""
    first = sql.lstrip()[:6].upper()
    return first == "SELECT" or (first.startswith("WITH") and not CHANGES.search(sql))
