"""What lies in the data folder while a list is on its way in: its bytes, how far the work is, and what was decided.

Only we may read it, and nobody's name is in a file's name. How far the work is cannot stand in the database: SQLite has
one writer, and that is the import itself.
"""

import json
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec
from msgspec import Struct

from app.config import settings
from app.features.roster.rules.report import Report
from app.kit.words import Sentence, kept

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
KINDS = ("", ".progress", ".report")
TELLS_EVERY = 0.3  # seconds
MOVED, GONE = "moved", "gone"


class Entry(Struct):
    """One line of the report: a row and what becomes of it, or somebody whom the list lacks (`person`)."""

    what: str
    number: int = 0
    words: str = ""
    phone: str = ""
    why: list[str] = []
    person: int = 0
    signs_in: bool = False

    @property
    def because(self) -> list[Sentence]:
        return [kept(each) for each in self.why]


def put(content: bytes) -> str:
    """Gives back the token."""
    token = secrets.token_urlsafe(32)
    _write(token, "", content)
    return token


def content_of(token: str) -> bytes:
    """Raises FileNotFoundError when its day is over."""
    return _path(token).read_bytes()


def drop(token: str) -> None:
    for kind in KINDS:
        _path(token, kind).unlink(missing_ok=True)


def drop_others(tokens: Iterable[str], before: float) -> None:
    """Files that no upload knows, older than that moment (seconds since 1970)."""
    known = set(tokens)
    for path in _folder().glob("*"):
        if path.name.partition(".")[0] not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


class Progress:
    """Told again and again which part is done; writes it down a few times a second."""

    def __init__(self, token: str) -> None:
        self.token, self.at = token, 0.0

    def __call__(self, part: float) -> None:
        if time.monotonic() - self.at > TELLS_EVERY:
            self.at = time.monotonic()
            _write(self.token, ".progress", json.dumps(round(part, 3)).encode())


def progress(token: str) -> float:
    """0 to 1."""
    try:
        return float(json.loads(_path(token, ".progress").read_bytes()))
    except (OSError, ValueError):
        return 0.0


def keep_report(token: str, report: Report) -> None:
    lines = b"".join(msgspec.json.encode(entry) + b"\n" for entry in _entries(report))
    _write(token, ".report", lines)


def entries(token: str, what: str = "", *, limit: int, offset: int = 0) -> list[Entry]:
    """Those of one kind, or all of them, in the order of the list."""
    found = _of_kind(token, what)
    return [msgspec.json.decode(line, type=Entry) for line in islice(found, offset, offset + limit)]


def _of_kind(token: str, what: str) -> Iterator[bytes]:
    begins = f'{{"what":"{what}"'.encode()
    try:
        with _path(token, ".report").open("rb") as file:
            yield from (line for line in file if not what or line.startswith(begins))
    except FileNotFoundError:
        return


def _entries(report: Report) -> Iterator[Entry]:
    for outcome in report.outcomes:
        row, why = outcome.row, [each.as_json() for each in outcome.why]
        what = MOVED if outcome.moved else str(outcome.what)
        words = f"{row.address.label} {row.name}" if row else ""
        yield Entry(what, outcome.number, words, row.phone.number if row else "", why)
    for gone in report.gone:
        words = f"{', '.join(gone.doors)} {gone.name}"
        yield Entry(GONE, words=words, person=gone.person, signs_in=gone.signs_in)


def _folder() -> Path:
    return settings().data / "rosters"


def _path(token: str, kind: str = "") -> Path:
    if not TOKEN.fullmatch(token):
        raise FileNotFoundError(kind)
    return _folder() / f"{token}{kind}"


def _write(token: str, kind: str, content: bytes) -> None:
    """Whole or not there: written beside, then renamed."""
    path = _path(token, kind)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
    new.replace(path)
