"""The list of who was erased: numbers and dates, beside the database, so that an old backup brings nobody back.

A number alone would not do: after an old backup it may be given to somebody new. So each line also has the moment at
which the person was entered, which stays with the nameless row.
"""

import os
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from app.config import settings
from app.db import prepared_sql

ERASED = "erased.txt"


class Person(Struct):
    id: int
    made_at: datetime


_nameless = prepared_sql("SELECT id, made_at FROM people WHERE name = '' ORDER BY id", Person)
_named = prepared_sql("SELECT id, made_at FROM people WHERE name <> '' ORDER BY id", Person)


async def keep_list() -> None:
    """Nobody who once stood in it leaves it. Good to call at any time; a restored list only grows."""
    known = _read()
    lines = known | {_line(row) for row in await _nameless()}
    if lines != known:
        _write(_sorted(lines))


def add_to_list(newer: Path) -> None:
    """The lines of a list that was kept elsewhere, when an older one has come back with its backup."""
    _write(_sorted(_read() | _lines_of(newer)))


async def back_again() -> list[int]:
    """Who was erased and has a name: an old backup brought them back."""
    known = _read()
    return [row.id for row in await _named() if _line(row) in known] if known else []


def _line(row: Person) -> str:
    return f"{row.id} {row.made_at.isoformat()}"


def _sorted(lines: set[str]) -> list[str]:
    return sorted(lines, key=lambda line: (int(line.split()[0]), line))


def _read() -> set[str]:
    file = settings().data / ERASED
    return _lines_of(file) if file.exists() else set()


def _lines_of(file: Path) -> set[str]:
    """Only lines of ours: a number and a moment."""
    lines = file.read_text(errors="replace").splitlines()
    return {line.strip() for line in lines if line.split()[:1] and line.split()[0].isdecimal()}


def _write(lines: list[str]) -> None:
    """Whole or not at all, for its owner only."""
    file = settings().data / ERASED
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = file.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write("".join(f"{line}\n" for line in lines))
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)
