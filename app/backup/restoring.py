"""Bringing a backup back: everything is unpacked and verified aside, and only then put in its place."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.backup.engines import Database, database_of
from app.backup.parts import DATA, SECRET, Manifest, NotDone, Reading
from app.config import Settings
from app.migrating import modules

ASIDE = ".restoring"
HARMLESS = {"lost+found"}


async def restore(known: Settings, file: Path) -> Manifest:
    """Raises NotDone, and then nothing has changed."""
    reading, database = Reading(file), database_of(known)
    _must_fit(reading.manifest, database)
    try:
        await _restore(reading, database, known)
    except OSError as broken:
        raise NotDone(f"{broken.filename or known.data}: {broken.strerror or broken}.") from None
    return reading.manifest


async def _restore(reading: Reading, database: Database, known: Settings) -> None:
    """Files first, the database last: it makes the rest count."""
    with _aside(known) as aside:
        await database.must_be_empty()
        places = {name: aside / f"{number}" for number, name in enumerate(reading.names())}
        for name, place in places.items():
            reading.unpack(name, place)
        part = places.pop(database.part)
        await database.check(part, reading.manifest.rows)
        with _put_back_on_failure() as put:
            for name, place in places.items():
                put(place, _home_of(name, known))
            await database.load(part.rename(aside / database.part), reading.manifest.rows)


def _must_fit(manifest: Manifest, database: Database) -> None:
    if manifest.engine != database.name:
        raise NotDone(f"This backup is of {manifest.engine}; KITH_DATABASE_URL names {database.name}.")
    unknown = sorted(set(manifest.migrations) - set(modules()))
    if unknown:
        raise NotDone(f"This backup is of a newer Kith ({manifest.kith}), with migration {unknown[-1]}.")


@contextmanager
def _aside(known: Settings) -> Iterator[Path]:
    """A folder inside the data folder, so that moving things home never crosses a file system."""
    made = not known.data.exists()
    known.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = sorted(path.name for path in known.data.iterdir() if path.name not in HARMLESS)
    if ASIDE in there:
        raise NotDone(f"A restore is under way or was interrupted; if it was, remove {known.data / ASIDE}.")
    if there:
        raise NotDone(f"{known.data} is not empty ({there[0]}): a backup is restored into an empty place only.")
    if known.secret_file.exists():
        raise NotDone(f"{known.secret_file} is there already: a backup is restored into an empty place only.")
    aside = known.data / ASIDE
    aside.mkdir(mode=0o700)
    try:
        yield aside
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        if made:
            with suppress(OSError):
                known.data.rmdir()
        raise
    known.data.chmod(0o700)
    shutil.rmtree(aside)


@contextmanager
def _put_back_on_failure() -> Iterator[Callable[[Path, Path], None]]:
    done: list[Path] = []

    def put(place: Path, home: Path) -> None:
        missing = [folder for folder in (home.parent, *home.parent.parents) if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir(mode=0o700)
            done.append(folder)
        shutil.move(place, home)
        done.append(home)

    try:
        yield put
    except BaseException:
        for path in reversed(done):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise


def _home_of(name: str, known: Settings) -> Path:
    if name == SECRET:
        return known.secret_file
    if not name.startswith(DATA):
        raise NotDone(f"The backup holds {name}, which has no place here.")
    return known.data / name.removeprefix(DATA)
