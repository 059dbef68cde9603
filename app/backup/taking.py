"""Taking a backup: the database as it was at one moment, then the files beside it."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from app.backup.engines import database_of
from app.backup.parts import DATA, SECRET, WHOLE, Manifest, Writing, appears_whole, is_backup
from app.config import VERSION, Settings


async def backup(known: Settings, file: Path, *, now: datetime) -> Manifest:
    with appears_whole(file) as folder:
        return await _write(known, folder, now)


async def _write(known: Settings, folder: Path, now: datetime) -> Manifest:
    database = database_of(known)
    copied = await database.copy(folder)
    manifest = Manifest(
        engine=database.name,
        engine_version=copied.version,
        taken_at=now.isoformat(timespec="seconds"),
        kith=VERSION,
        migrations=copied.migrations,
        rows=copied.rows,
    )
    writing = Writing(folder / WHOLE, manifest)
    try:
        writing.add(copied.part.name, copied.part)
        copied.part.unlink()
        if known.secret_file.exists():
            writing.add(SECRET, known.secret_file)
        for path in files_of(known):
            _add_if_still_there(writing, known, path)
    finally:
        writing.close()
    return manifest


def _add_if_still_there(writing: Writing, known: Settings, path: Path) -> None:
    try:
        writing.add(DATA + path.relative_to(known.data).as_posix(), path)
    except FileNotFoundError:
        print(f"{path} went away meanwhile and is not in the backup.", file=sys.stderr)


def files_of(known: Settings) -> Iterator[Path]:
    """Whatever lies in the data folder, so that no feature can forget to say what it keeps there.

    Left out: the database's own files and the secret (both are parts of their own), what is half written, backups.
    """
    own = database_of(known).own_files()
    for path in sorted(known.data.rglob("*")):
        parts = path.relative_to(known.data).parts
        if path.is_symlink() or not path.is_file() or any(part.startswith(".") for part in parts):
            continue
        if path not in own and path != known.secret_file and not is_backup(path):
            yield path
