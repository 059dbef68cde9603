"""How a verb of the command line reaches the database, and how it says that it cannot."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from app.config import settings


class Refused(Exception):
    """The reason, for standard error."""


def with_database(work: Callable[[], Awaitable[Any]]) -> Any:
    """Most verbs find the database migrated, and it is closed behind them."""
    from app.migrating import migrate as bring_up_to_date

    async def whole() -> Any:
        await bring_up_to_date()
        return await work()

    return reached(whole)


def reached(work: Callable[[], Awaitable[Any]]) -> Any:
    """A folder that cannot be made and a database that does not answer are the operator's to mend: one line."""
    from app.db import DB, close_database
    from app.migrating import one_line

    async def whole() -> Any:
        try:
            await DB.open()
        except (OSError, *DB.gone) as reason:
            raise Refused(f"The database does not answer: {one_line(reason)}") from None
        try:
            return await work()
        finally:
            await close_database()

    try:
        settings().data.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise Refused(f"KITH_DATA: {settings().data} cannot be made: {reason.strerror}") from None
    return asyncio.run(whole())
