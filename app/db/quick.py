"""Reads that are over before another thread would have woken up: done here and now, in the loop.

The way to a reader's thread and back costs more than most answers. Only a prepared query that was quick again and
again comes here, and one that keeps the loop goes back to the threads.
"""

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.db.connection import opened, plain_rows
from app.db.rows import Plain

QUICK = 0.0003  # seconds of a processor
TOO_LONG = 0.001  # seconds of everybody's time
TRUSTED, MOST = 20, 100  # so often quick; and what may be saved up against a slow moment


class Trust:
    """Which statements were quick again and again. One that keeps the loop goes back to the threads."""

    def __init__(self) -> None:
        self._trust: Counter[str] = Counter()

    def is_trusted(self, sql: str) -> bool:
        return self._trust[sql] >= TRUSTED

    def learn(self, sql: str, seconds: float) -> None:
        trust = self._trust[sql]
        self._trust[sql] = min(trust + 1, MOST) if seconds < QUICK else min(trust, 0)

    def timed(self, db: sqlite3.Connection, sql: str, args: Sequence[Any]) -> Plain:
        """Here and now."""
        began = time.perf_counter()
        found = plain_rows(db.execute(sql, args))
        if time.perf_counter() - began > TOO_LONG:
            self._trust[sql] -= TRUSTED
        else:
            self.learn(sql, 0.0)
        return found


class Quick(Trust):
    """Reads of a connection of its own. It belongs to the thread that first reads through it; others get no answers."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path, self._thread = path, threading.get_ident()
        self._db: sqlite3.Connection | None = None

    def read(self, sql: str, args: Sequence[Any]) -> Plain | None:
        """None: ask a reader. It waits where we must not, and tells troubles as they are."""
        if not self.is_trusted(sql) or threading.get_ident() != self._thread:
            return None
        try:
            if self._db is None:
                self._db = opened(self._path, read_only=True, converting=False)
                self._db.execute("PRAGMA busy_timeout=0")
            return self.timed(self._db, sql, args)
        except sqlite3.Error:
            return None

    def close(self) -> None:
        if self._db is not None and threading.get_ident() == self._thread:
            self._db.close()
        self._db = None


def timed(db: sqlite3.Connection, sql: str, args: Sequence[Any]) -> tuple[Plain, float]:
    """What a reader answers, and the processor's time it took: waiting for one's turn does not count."""
    began = time.thread_time()
    found = plain_rows(db.execute(sql, args))
    return found, time.thread_time() - began
