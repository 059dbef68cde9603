"""One SQLite connection and the one thread that uses it."""

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

from app.db.rows import Plain

PATIENCE = 10.0  # seconds to wait for another process that writes
PRAGMAS = (
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is deleted is overwritten with zeros: an erasure erases the file too
    "cache_size=-16000",
    "temp_store=MEMORY",
    "journal_size_limit=67108864",
)

Job = Callable[[sqlite3.Connection], Any]
Given = tuple[asyncio.AbstractEventLoop, asyncio.Future[Any], Job]


def plain_rows(cursor: sqlite3.Cursor) -> Plain:
    """All rows at once: a reader with a half-read cursor would keep the write-ahead log from being emptied."""
    return tuple([column[0] for column in cursor.description or ()]), cursor.fetchall()


def rows(cursor: sqlite3.Cursor) -> list[dict[str, Any]]:
    names, found = plain_rows(cursor)
    return [dict(zip(names, row, strict=True)) for row in found]


class Connection(threading.Thread):
    """Jobs run one after the other, in the order given, whatever becomes of those who wait for them.

    That order is what makes cancellation harmless: a ROLLBACK given after a COMMIT that nobody waits for
    any more still runs after it.
    """

    def __init__(self, path: str, *, read_only: bool = False) -> None:
        super().__init__(daemon=True, name="sqlite-reader" if read_only else "sqlite-writer")
        self.path, self.read_only = path, read_only
        self._given = self._done = 0  # two numbers, since each is written by one thread alone
        self._opened: sqlite3.Connection | None = None
        self._jobs: SimpleQueue[Given | None] = SimpleQueue()
        self.start()

    async def execute(self, sql: str, args: Sequence[Any] = (), read: Callable[[sqlite3.Cursor], Any] = rows) -> Any:
        return await self.give(lambda db: read(db.execute(sql, args)))

    def give(self, job: Job) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        self._given += 1
        self._jobs.put((loop, answer, job))
        return answer

    @property
    def waiting(self) -> int:
        return self._given - self._done

    @property
    def rests(self) -> bool:
        """Open, and nothing is asked of it: whoever gives it nothing meanwhile may use `db`."""
        return self._opened is not None and self.waiting == 0

    @property
    def db(self) -> sqlite3.Connection:
        if self._opened is None:
            raise sqlite3.ProgrammingError("nothing was asked of this connection yet")
        return self._opened

    def began_to_write(self) -> bool:
        """Here and now. False: another process writes at this moment."""
        self.db.execute("PRAGMA busy_timeout=0")
        try:
            self.db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as broken:
            if broken.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            self.db.execute(f"PRAGMA busy_timeout={PATIENCE * 1000:.0f}")
        return True

    def stop(self) -> None:
        """Ends the thread after the jobs already given."""
        self._jobs.put(None)

    def run(self) -> None:
        while (given := self._jobs.get()) is not None:
            loop, answer, job = given
            result, broken = None, None
            try:
                if self._opened is None:
                    self._opened = opened(self.path, self.read_only)
                result = job(self._opened)
            except BaseException as exception:
                broken = exception
            self._done += 1
            with suppress(RuntimeError):  # that loop is closed: nobody waits
                loop.call_soon_threadsafe(settle, answer, result, broken)
            del given, loop, answer, job, result, broken  # nothing is kept alive while we sleep
        if self._opened is not None:
            self._opened.close()


def settle(answer: asyncio.Future[Any], result: Any, broken: BaseException | None) -> None:
    if answer.done():
        return
    if broken is None:
        answer.set_result(result)
    else:
        answer.set_exception(broken)


def opened(path: str, read_only: bool, converting: bool = True) -> sqlite3.Connection:
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    db = sqlite3.connect(
        path,
        timeout=PATIENCE,
        isolation_level=None,
        check_same_thread=False,  # the writer is also used by the loop, in turns (`Connection.db`)
        detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES if converting else 0,
        cached_statements=512,
    )
    try:
        for pragma in PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
        turn_on_wal(db)
        if read_only:
            db.execute("PRAGMA query_only=ON")
    except BaseException:
        db.close()
        raise
    return db


def turn_on_wal(db: sqlite3.Connection) -> None:
    """Two processes that switch a new file to WAL together get "database is locked" at once, busy timeout or not."""
    give_up = time.monotonic() + PATIENCE
    while db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            db.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.01)
