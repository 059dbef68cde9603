"""Houses to bench and to break: each in a folder of its own, on either engine, and gone at the end."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.command_line import a_place, answers, family, until

ENGINES = ("sqlite", "postgres")


@contextmanager
def house(engine: str, people: int, **settings: str) -> Iterator["House"]:
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as folder:
        there = House(a_place(Path(folder, "house"), engine) | settings)
        Path(folder, "house").mkdir(mode=0o700)
        told = subprocess.run(
            [sys.executable, "-m", "bench.kit.settling", str(people)], env=there.env, capture_output=True, text=True
        )
        if told.returncode:
            raise SystemExit(told.stderr)
        there.people = json.loads(told.stdout)
        try:
            yield there
        finally:
            there.kill()


class House:
    def __init__(self, env: dict[str, str]) -> None:
        self.env, self.people = env, list[dict[str, Any]]()
        self.serving: subprocess.Popen[bytes] | None = None
        self.log = Path(env["KITH_DATA"]).with_suffix(".log")

    @property
    def port(self) -> int:
        return int(self.env["KITH_PORT"])

    @property
    def database(self) -> str:
        return self.env["KITH_DATABASE_URL"]

    def open(self, *words: str) -> float:
        """Seconds until it answered."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "app", "serve", *words]
            self.serving = subprocess.Popen(command, env=self.env, stdout=log, stderr=log, start_new_session=True)
        until(lambda: answers(self.env, "/readyz"), seconds=60)
        return time.monotonic() - began

    def kill(self) -> None:
        """Everybody at once, without a word."""
        if self.serving is None:
            return
        for pid in [self.serving.pid, *family(self.serving.pid)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.serving.wait()
        until(lambda: not family(self.serving.pid), seconds=20)

    def kith(self, *words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app", *map(str, words)]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=300)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return rows(self.database, sql)


def rows(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Asked of the database itself, beside the house."""
    if url.startswith("sqlite"):
        import sqlite3

        with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30) as db:
            return db.execute(sql).fetchall()
    import asyncio

    import asyncpg

    async def asked() -> list[tuple[Any, ...]]:
        db = await asyncpg.connect(url)
        try:
            return [tuple(row) for row in await db.fetch(sql)]
        finally:
            await db.close()

    return asyncio.run(asked())
