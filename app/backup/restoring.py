"""Bringing a backup back: everything is unpacked and verified aside, and only then put in its place."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from app.backup.parts import DATA, DATABASE, SECRET, Manifest, NotDone, Reading
from app.backup.taking import database_files
from app.config import Settings
from app.db import DB
from app.db.copying import load_database
from app.migrating import modules

ASIDE = ".restoring-"
HARMLESS = {"lost+found"}


async def restore(known: Settings, file: Path) -> Manifest:
    """Raises CopyRefused, and then nothing has changed."""
    reading = Reading(file)
    _must_fit(reading.manifest)
    try:
        await _restore(reading, known)
    except OSError as broken:
        raise NotDone(f"{broken.filename or known.data}: {broken.strerror or broken}.") from None
    except DB.gone as reason:
        raise NotDone(f"The database does not answer: {' '.join(str(reason).split())}") from None
    return reading.manifest


async def _restore(reading: Reading, known: Settings) -> None:
    """Files first, the database last: it makes the rest count."""
    with _aside(known) as aside:
        places = {name: aside / f"{number}" for number, name in enumerate(reading.names())}
        for name, place in places.items():
            reading.unpack(name, place)
        database = places.pop(DATABASE)
        with _put_back_on_failure() as put:
            for name, place in places.items():
                put(place, _home_of(name, known))
            await load_database(database, reading.manifest.rows)
            for file in database_files():
                with suppress(FileNotFoundError):
                    file.chmod(0o600)


def _must_fit(manifest: Manifest) -> None:
    if manifest.engine != DB.engine_type:
        raise NotDone(f"This backup is of {manifest.engine}; KITH_DATABASE_URL names {DB.engine_type}.")
    unknown = sorted(set(manifest.migrations) - set(modules()))
    if unknown:
        raise NotDone(f"This backup is of a newer Kith ({manifest.kith}), with migration {unknown[-1]}.")


@contextmanager
def _aside(known: Settings) -> Iterator[Path]:
    """A folder inside the data folder, so that moving things home never crosses a file system."""
    made = not known.data.exists()
    known.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        _must_be_empty(known)
        with TemporaryDirectory(prefix=ASIDE, dir=known.data) as aside:
            yield Path(aside)
    except BaseException:
        if made:
            with suppress(OSError):
                known.data.rmdir()
        raise
    known.data.chmod(0o700)


def _must_be_empty(known: Settings) -> None:
    there = sorted(path.name for path in known.data.iterdir() if path.name not in HARMLESS)
    if there and there[0].startswith(ASIDE):
        raise NotDone(f"A restore is under way or was interrupted; if it was, remove {known.data / there[0]}.")
    if there:
        raise NotDone(f"{known.data} is not empty ({there[0]}): a backup is restored into an empty place only.")
    for path in (known.secret_file, *database_files()):
        if path.exists():
            raise NotDone(f"{path} is there already: a backup is restored into an empty place only.")


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
        for path in [*database_files(), *reversed(done)]:
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise


def _home_of(name: str, known: Settings) -> Path:
    if name == SECRET:
        return known.secret_file
    if not name.startswith(DATA):
        raise NotDone(f"The backup holds {name}, which has no place here.")
    return known.data / name.removeprefix(DATA)
