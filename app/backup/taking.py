"""Taking a backup: the database as it was at one moment, then the files beside it."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from app.backup.parts import DATA, DATABASE, SECRET, WHOLE, Manifest, NotDone, Writing, appears_whole, is_backup
from app.config import VERSION, Settings
from app.db import DB
from app.db.copying import copy_database
from app.db.sqlite import KithSQLite
from app.migrating import ran

ASIDE = ("", "-wal", "-shm", "-journal", ".migrate.lock")


async def backup(known: Settings, file: Path, *, now: datetime) -> Manifest:
    with appears_whole(file) as folder:
        return await _write(known, folder, now)


async def _write(known: Settings, folder: Path, now: datetime) -> Manifest:
    manifest = Manifest(
        engine=DB.engine_type,
        taken_at=now.isoformat(timespec="seconds"),
        kith=VERSION,
        migrations=await _migrations(),
        rows=await copy_database(folder / DATABASE),
    )
    writing = Writing(folder / WHOLE, manifest)
    try:
        writing.add(DATABASE, folder / DATABASE)
        (folder / DATABASE).unlink()
        if known.secret_file.exists():
            writing.add(SECRET, known.secret_file)
        for path in files_of(known):
            _add_if_still_there(writing, known, path)
    finally:
        writing.close()
    return manifest


async def _migrations() -> list[str]:
    """A backup changes nothing: it neither makes a database nor migrates one."""
    if isinstance(DB, KithSQLite) and not Path(DB.path).exists():  # noqa: ASYNC240 (nobody waits for us)
        raise NotDone(f"There is nothing to back up: {DB.path} is not there.")
    try:
        found = sorted(await ran())
    except DB.gone as reason:
        raise NotDone(f"The database does not answer: {' '.join(str(reason).split())}") from None
    if not found:
        raise NotDone("There is nothing to back up: this database was never migrated.")
    return found


def _add_if_still_there(writing: Writing, known: Settings, path: Path) -> None:
    try:
        writing.add(DATA + path.relative_to(known.data).as_posix(), path)
    except FileNotFoundError:
        print(f"{path} went away meanwhile and is not in the backup.", file=sys.stderr)


def files_of(known: Settings) -> Iterator[Path]:
    """Whatever lies in the data folder, so that no feature can forget to say what it keeps there.

    Left out: the database's own files and the secret (both are parts of their own), what is half written, backups.
    """
    own = {*database_files(), known.secret_file}
    for path in sorted(known.data.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(known.data).parts)
        if path.is_file() and not path.is_symlink() and not hidden and path not in own and not is_backup(path):
            yield path


def database_files() -> list[Path]:
    """What lies on the disk because of the database."""
    return [Path(f"{DB.path}{ending}").absolute() for ending in ASIDE] if isinstance(DB, KithSQLite) else []
