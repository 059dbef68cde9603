"""The backup file: a ZIP of parts, and a manifest that knows each part's hash."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile
from zlib import error as BadDeflate

from app.db.copying import CopyRefused

FORMAT = 1
MANIFEST = "manifest.json"
SECRET = "secret"  # noqa: S105 (the name of a part)
DATA = "data/"
DATABASE = "database"
WHOLE = "whole"
CHUNK = 1 << 20


class NotDone(CopyRefused):
    """One line for the operator: why nothing was done."""


@dataclass
class Manifest:
    engine: str
    taken_at: str
    kith: str
    migrations: list[str]
    rows: dict[str, int]
    parts: list[dict[str, Any]] = field(default_factory=list)
    format: int = FORMAT


@contextmanager
def appears_whole(file: Path) -> Iterator[Path]:
    """Write `WHOLE` into the folder that is given: it becomes `file`, readable by its owner only, or nothing does."""
    try:
        with TemporaryDirectory(dir=file.absolute().parent, prefix=f".{file.name}.") as folder:
            yield Path(folder)
            whole = Path(folder, WHOLE)
            whole.chmod(0o600)
            with whole.open("rb") as written:
                os.fsync(written.fileno())
            whole.replace(file)
    except OSError as broken:
        raise NotDone(f"{file} cannot be written: {broken.strerror or broken}.") from None


class Writing:
    """Streams files into the ZIP and remembers what they were."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.zip, self.manifest = ZipFile(path, "w", ZIP_DEFLATED, compresslevel=3), manifest

    def add(self, name: str, source: Path) -> None:
        with source.open("rb") as file:
            digest, size = sha256(), 0
            with self.zip.open(name, "w", force_zip64=True) as out:
                while piece := file.read(CHUNK):
                    out.write(piece)
                    digest.update(piece)
                    size += len(piece)
        self.manifest.parts.append({"name": name, "bytes": size, "sha256": digest.hexdigest()})

    def close(self) -> None:
        self.zip.writestr(MANIFEST, json.dumps(asdict(self.manifest), indent=1, ensure_ascii=False))
        self.zip.close()


class Reading:
    """A backup that says it is one, of a format we know."""

    def __init__(self, path: Path) -> None:
        try:
            self.zip = ZipFile(path)
            self.manifest = Manifest(**json.loads(self.zip.read(MANIFEST)))
        except FileNotFoundError:
            raise NotDone(f"{path} is not there.") from None
        except (BadZipFile, BadDeflate, EOFError, KeyError, TypeError, ValueError):
            raise NotDone(f"{path} is not a backup of Kith, or it is damaged.") from None
        if self.manifest.format != FORMAT:
            raise NotDone(f"{path} has format {self.manifest.format}; this Kith reads {FORMAT}.")

    def names(self) -> list[str]:
        names = [str(part["name"]) for part in self.manifest.parts]
        if sorted([*names, MANIFEST]) != sorted(self.zip.namelist()) or not all(map(_is_plain, names)):
            raise NotDone("The backup does not hold what its manifest says.")
        return names

    def unpack(self, name: str, to: Path) -> None:
        """For its owner only. Raises NotDone when what comes out is not what went in."""
        [known] = [part for part in self.manifest.parts if part["name"] == name]
        digest, size = sha256(), 0
        with to.open("xb") as out:
            to.chmod(0o600)
            for piece in self._pieces(name):
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        if (size, digest.hexdigest()) != (known["bytes"], known["sha256"]):
            raise NotDone(f"The backup is damaged: {name} is not what was written.")

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self.zip.open(name) as part:
                while piece := part.read(CHUNK):
                    yield piece
        except (BadZipFile, BadDeflate, EOFError):
            raise NotDone(f"The backup is damaged: {name} cannot be read.") from None


def is_backup(path: Path) -> bool:
    """So that a backup kept in the data folder does not swallow the one before it."""
    try:
        with ZipFile(path) as file:
            return MANIFEST in file.namelist()
    except (BadZipFile, OSError):
        return False


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and str(path) == name
