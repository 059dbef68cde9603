"""PostgreSQL's own programs do the work; we give them one snapshot, and count its rows inside it."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from glob import glob
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncpg

from app.backup.engines import Copied
from app.backup.parts import NotDone

TABLES = """
SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY name
"""
SAME_COUNT = """
DO $$ BEGIN IF (SELECT count(*) FROM {table}) <> {rows} THEN
    RAISE EXCEPTION '{table} does not hold the rows its manifest counts'; END IF; END $$;
"""
QUIETLY = ("--no-psqlrc", "--quiet", "-o", os.devnull)


class Postgres:
    name, part = "postgres", "database.sql"

    def __init__(self, url: str) -> None:
        self.url = url

    def own_files(self) -> set[Path]:
        return set()

    async def copy(self, folder: Path) -> Copied:
        part = folder / self.part
        async with self._connection() as db, db.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await db.fetchval("SELECT pg_export_snapshot()")
            tables = [row["name"] for row in await db.fetch(TABLES)]
            rows = {table: await db.fetchval(f"SELECT count(*) FROM {table}") for table in tables}  # noqa: S608
            if "public.migration" not in rows:
                raise NotDone("There is nothing to back up: this database was never migrated.")
            known = [row["name"] for row in await db.fetch("SELECT name FROM public.migration ORDER BY name")]
            await self._run("pg_dump", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={part}")
            return Copied(part, db.get_settings().server_version, known, rows)

    async def must_be_empty(self) -> None:
        async with self._connection() as db:
            found = await db.fetch(TABLES)
        if found:
            raise NotDone("The database has tables already: a backup is restored into an empty place only.")

    async def check(self, part: Path, rows: dict[str, int]) -> None:
        program("psql")

    async def load(self, part: Path, rows: dict[str, int]) -> None:
        """One transaction, the counting at its end included."""
        counting = part.with_name("counting.sql")
        counting.write_text("".join(SAME_COUNT.format(table=table, rows=int(many)) for table, many in rows.items()))
        files = [word for file in (part, counting) for word in ("-f", str(file))]
        try:
            await self._run("psql", *QUIETLY, "-v", "ON_ERROR_STOP=1", "--single-transaction", *files)
        finally:
            counting.unlink()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        try:
            db = await asyncpg.connect(self.url)
        except (OSError, asyncpg.PostgresError) as broken:
            raise NotDone(f"The database does not answer: {broken}") from None
        try:
            yield db
        finally:
            await db.close()

    async def _run(self, name: str, *words: str) -> None:
        """The password goes through the environment, where other users of the machine do not see it."""
        parts = urlsplit(self.url)
        plain = parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")).geturl()
        env = os.environ | ({"PGPASSWORD": unquote(parts.password)} if parts.password else {})
        process = await asyncio.create_subprocess_exec(
            program(name), f"--dbname={plain}", *words, env=env, stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
        if process.returncode:
            lines = said.decode(errors="replace").strip().splitlines() or [f"exit {process.returncode}"]
            raise NotDone(f"{name} failed: {lines[0]}")


def program(name: str) -> str:
    """The newest there is: an old pg_dump refuses a newer server."""
    places = sorted(glob("/usr/lib/postgresql/*/bin"), key=_number, reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*places, os.environ.get("PATH", "")]))
    if found is None:
        raise NotDone(f"PostgreSQL's {name} is not installed. On Debian: sudo apt-get install postgresql-client")
    return found


def _number(place: str) -> float:
    try:
        return float(Path(place).parent.name)
    except ValueError:
        return 0.0
