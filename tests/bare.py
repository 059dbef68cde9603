"""A database in which nothing has been done yet, for tests that begin before the first migration."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.db import DB, close_database, open_database
from tests import postgres


async def address(folder: Path) -> str:
    if DB.engine_type == "sqlite":
        return f"sqlite:///{folder / 'bare' / 'kith.db'}"
    return await asyncio.to_thread(postgres.a_database, f"kith_bare_{os.getpid()}")


@asynccontextmanager
async def moved_into(url: str) -> AsyncIterator[None]:
    kept = DB.path if DB.engine_type == "sqlite" else DB.config
    try:
        await settle(url.removeprefix("sqlite:///") if DB.engine_type == "sqlite" else {**DB.config, "dsn": url})
        yield
    finally:
        await settle(kept)


async def settle(place) -> None:
    await close_database()
    if DB.engine_type == "sqlite":
        DB.path = place
    else:
        DB.config = place
        await open_database()
