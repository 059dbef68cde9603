import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from app.backup.engines import Copied
from app.backup.parts import NotDone

ASIDE = ("", "-wal", "-shm", "-journal", ".migrate.lock")


class SQLite:
    name, part = "sqlite", "database.db"

    def __init__(self, file: Path) -> None:
        self.file = file.absolute()

    def own_files(self) -> set[Path]:
        return {Path(f"{self.file}{ending}") for ending in ASIDE}

    async def copy(self, folder: Path) -> Copied:
        """In one step: SQLite then reads from one snapshot, and in WAL mode writers do not wait for readers."""
        if not self.file.exists():
            raise NotDone(f"There is nothing to back up: {self.file} is not there.")
        part = folder / self.part
        with closing(sqlite3.connect(self.file, timeout=10)) as here, closing(sqlite3.connect(part)) as there:
            try:
                here.backup(there, pages=-1)
                there.execute("PRAGMA journal_mode=DELETE")
            except sqlite3.DatabaseError as broken:
                raise NotDone(f"The database is damaged: {broken}") from None
            sound(there)
            return Copied(part, sqlite3.sqlite_version, migrations(there), counted(there))

    async def must_be_empty(self) -> None:
        if there := [path for path in sorted(self.own_files()) if path.exists()]:
            raise NotDone(f"{there[0]} is there already: a backup is restored into an empty place only.")

    async def check(self, part: Path, rows: dict[str, int]) -> None:
        with closing(sqlite3.connect(f"file:{part}?mode=ro", uri=True)) as db:
            sound(db)
            if counted(db) != rows:
                raise NotDone("The backup is damaged: the database does not hold the rows its manifest counts.")

    async def load(self, part: Path, rows: dict[str, int]) -> None:
        """Appears whole, also where the database lies on another disk than the data folder."""
        beside = self.file.with_name(f"{self.file.name}.restoring")
        shutil.move(part, beside)
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.rename(self.file)


def sound(db: sqlite3.Connection) -> None:
    try:
        said = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as broken:
        raise NotDone(f"The database is damaged: {broken}") from None
    if said != "ok":
        raise NotDone(f"The database is damaged: {said}")


def counted(db: sqlite3.Connection) -> dict[str, int]:
    found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in found.fetchall()}  # noqa: S608


def migrations(db: sqlite3.Connection) -> list[str]:
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'migration'").fetchone():
        raise NotDone("There is nothing to back up: this database was never migrated.")
    return [name for (name,) in db.execute("SELECT name FROM migration ORDER BY name")]
