"""writing(), held(), Clash and Needed: how rules write, the same on both engines."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import asyncpg

from app.db.engine import DB

Query = TypeVar("Query")
UNIQUE = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
# SQLite keeps ON DELETE RESTRICT by a trigger of its own.
POINTED_AT = (sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, sqlite3.SQLITE_CONSTRAINT_TRIGGER)

First = Callable[[], Awaitable[None]]
first_in_transaction: ContextVar[First | None] = ContextVar("first_in_transaction", default=None)


UNFIT = (OverflowError, asyncpg.DataError)  # a value that no column can hold: an id of thirty digits, a NUL


class Clash(Exception):
    """Somebody else was first: a unique index said so, whichever engine we run on."""


class Needed(Exception):
    """Other rows still point at it, or at what it points to is not there: a foreign key said so."""


@asynccontextmanager
async def writing(*, deed: bool = True) -> AsyncIterator[None]:
    """All or nothing; inside another writing() it joins that one.

    What `first_in_transaction` holds is the first thing in the first transaction of this context that is kept. What
    only comes before the deed (a try is counted, a picture laid ready) says `deed=False`: it stands whatever becomes
    of the deed, so nothing that says "done" may be kept with it.
    """
    first = first_in_transaction.get() if deed and not DB.transaction_exists() else None
    try:
        async with DB.transaction():
            if first is not None:
                first_in_transaction.set(None)
                await first()
            yield
    except BaseException as broken:
        if first is not None:
            first_in_transaction.set(first)  # it was undone with the rest: whoever begins anew begins with it
        if isinstance(broken, (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
            if is_clash(broken):
                raise Clash(str(broken)) from broken
            if is_needed(broken):
                raise Needed(str(broken)) from broken
        raise


def is_clash(broken: Exception) -> bool:
    return isinstance(broken, asyncpg.UniqueViolationError) or (
        isinstance(broken, sqlite3.IntegrityError) and broken.sqlite_errorcode in UNIQUE
    )


def is_needed(broken: Exception) -> bool:
    return isinstance(broken, asyncpg.ForeignKeyViolationError) or (
        isinstance(broken, sqlite3.IntegrityError)
        and broken.sqlite_errorcode in POINTED_AT
        and "FOREIGN KEY" in str(broken)
    )


def held(query: Query, *, skip_locked: bool = False) -> Query:
    """The same query, its rows held until the transaction ends. SQLite already holds everything.

    `skip_locked` leaves out what others hold, for jobs that share a queue.
    """
    if DB.engine_type == "sqlite":
        return query
    chosen: Any = query
    return chosen.lock_rows("UPDATE", skip_locked=skip_locked, of=(chosen.table,))
