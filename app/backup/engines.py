"""What a backup asks of a database, whichever it is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.config import Settings


@dataclass(frozen=True)
class Copied:
    """A database as it was at one moment. `part` is a file; its name is the same in every backup of that engine."""

    part: Path
    version: str
    migrations: list[str]
    rows: dict[str, int]


class Database(Protocol):
    name: str
    part: str

    async def copy(self, folder: Path) -> Copied: ...

    def own_files(self) -> set[Path]:
        """What lies in the data folder because of the database, and is no part of the backup as it lies there."""
        ...

    async def must_be_empty(self) -> None: ...

    async def check(self, part: Path, rows: dict[str, int]) -> None:
        """Before anything is changed: raises NotDone when the copy is not sound."""
        ...

    async def load(self, part: Path, rows: dict[str, int]) -> None:
        """All of it or nothing."""
        ...


def database_of(known: Settings) -> Database:
    from app.backup.postgres import Postgres
    from app.backup.sqlite import SQLite

    if known.on_sqlite:
        return SQLite(Path(known.database_url.removeprefix("sqlite:///")))
    return Postgres(known.database_url)
