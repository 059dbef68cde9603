"""PostgreSQL's own programs write and read the copy; ours sees to it that it is whole."""

import asyncio
import glob
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from app.db.postgres import KithPostgres


class CopyRefused(Exception):
    """One line: why there is no copy, or why it was not loaded."""


COPY = re.compile(rb"COPY public\.\"?(\w+)\"? .* FROM stdin;$")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


async def dump(engine: KithPostgres, to: Path) -> dict[str, int]:
    """Counts and dumps the same moment: pg_dump reads through the snapshot in which we counted."""
    program = installed("pg_dump")
    async with connected(engine) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
        rows = await counted(connection)
        words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        await run(engine, program, *words, f"--file={to}")
    return rows


async def undump(engine: KithPostgres, source: Path) -> dict[str, int]:
    """All or nothing, in pg_restore's own transaction."""
    program = installed("pg_restore")
    database = surroundings(engine.config["dsn"])["PGDATABASE"]
    words = ["--clean", "--if-exists", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    await run(engine, program, *words, f"--dbname={database}", str(source))
    return await rows_on_server(engine)


def rows_in_dump(source: Path) -> dict[str, int]:
    """Reads the file to its end: as SQL, where each row of a table is a line between COPY and a line of \\."""
    rows: dict[str, int] = {}
    table = None
    words = [installed("pg_restore"), "--data-only", "--file=-", str(source)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:  # noqa: S603
        for line in reading.stdout or ():
            if table is None and (begins := COPY.match(line)):
                table = begins[1].decode()
                rows[table] = 0
            elif line == b"\\.\n":
                table = None
            elif table is not None:
                rows[table] += 1
        said = reading.stderr.read() if reading.stderr else b""
    if reading.returncode:
        raise CopyRefused(f"{source} is damaged: {' '.join(said.decode(errors='replace').split())}")
    return rows


async def rows_on_server(engine: KithPostgres) -> dict[str, int]:
    async with connected(engine) as connection:
        return await counted(connection)


async def counted(connection: Any) -> dict[str, int]:
    tables = [row["tablename"] for row in await connection.fetch(TABLES)]
    return {table: await connection.fetchval(f'SELECT count(*) FROM "{table}"') for table in tables}  # noqa: S608


@asynccontextmanager
async def connected(engine: KithPostgres) -> AsyncIterator[Any]:
    connection = await engine.get_new_connection()
    try:
        await connection.execute("SET idle_in_transaction_session_timeout = 0")
        yield connection
    finally:
        await connection.close()


async def run(engine: KithPostgres, program: str, *words: str) -> None:
    env = {**os.environ, **surroundings(engine.config["dsn"])}
    started = await asyncio.create_subprocess_exec(
        program, *words, env=env, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, said = await started.communicate()
    if started.returncode:
        raise CopyRefused(f"{Path(program).name}: {' '.join(said.decode(errors='replace').split())}")


def installed(program: str) -> str:
    """Debian keeps each version apart; the newest can read every older server."""
    places = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]), reverse=True)
    found = shutil.which(program, path=os.pathsep.join([*places, os.environ.get("PATH", "")]))
    if found is None:
        raise CopyRefused(f"{program} is not installed here: it comes with PostgreSQL's client programs.")
    return found


def surroundings(url: str) -> dict[str, str]:
    """The address as libpq's environment: a password among the arguments could be read by everybody on the host."""
    parts = urlsplit(url)
    given = {"host": parts.hostname, "port": parts.port, "user": parts.username, "password": parts.password}
    given["database"] = parts.path.lstrip("/") or parts.username
    known = {name: unquote(str(value)) for name, value in given.items() if value} | dict(parse_qsl(parts.query))
    return {f"PG{name.upper()}": value for name, value in known.items()}
