"""Photos. Nothing of the file that came in is ever served: it is drawn anew, upright, at most 1600 px, without EXIF.

A picture belongs to an owner and to a page; whoever may see that page may see the picture (the house knows who may).
Files lie under <data>/uploads by the first two letters of their token, each with a small twin for lists.
"""

import asyncio
import os
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.config import settings
from app.db import writing
from app.kit.drawing import Drawn, draw
from app.kit.refusals import Missing
from app.kit.tables import Picture

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
ORPHANED_AFTER = timedelta(days=1)
_gates: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}

# For app/house.py: may this person see the pictures of that page?
MaySee = Callable[[Any, str], Awaitable[bool]]


@dataclass(frozen=True)
class Kept:
    """A stored picture; `content` is WebP."""

    owner: int
    page: str
    words: str
    content: bytes


async def keep(upload: bytes, *, owner: int, page: str, words: str, now: datetime) -> str:
    """Gives back its token. Raises Refusal, beside "photo", and then nothing was stored."""
    drawn = await _drawn(upload)
    token = secrets.token_urlsafe(32)
    try:
        await asyncio.to_thread(_put, token, drawn)
        async with writing(deed=False):
            row = Picture(token=token, owner=owner, page=page, words=words[:200], at=now)
            row.width, row.height = drawn.width, drawn.height
            await Picture.insert(row)
    except BaseException:
        _unlink(token)
        raise
    return token


async def open(token: str, *, small: bool = False) -> Kept:
    """Raises Missing. Whether the reader may see it is for the caller to ask, before anything is shown."""
    row = await Picture.objects().where(Picture.token == token).first() if TOKEN.fullmatch(token) else None
    if row is None:
        raise Missing
    try:
        content = await asyncio.to_thread(_path(token, small).read_bytes)
    except FileNotFoundError:
        raise Missing from None
    return Kept(row.owner, row.page, row.words, content)


async def drop(token: str) -> None:
    """Call it after the deed, not inside its transaction: files do not come back when a transaction rolls back."""
    if TOKEN.fullmatch(token):
        await Picture.delete().where(Picture.token == token)
        await asyncio.to_thread(_unlink, token)


async def tokens_of(person_id: int) -> list[str]:
    return [row["token"] for row in await Picture.select(Picture.token).where(Picture.owner == person_id)]


async def remove_files(tokens: Iterable[str]) -> None:
    """After the transaction in which their rows went."""
    for token in tokens:
        await asyncio.to_thread(_unlink, token)


async def mine(person_id: int) -> list[dict[str, Any]]:
    shown = Picture.select(Picture.page, Picture.words, Picture.width, Picture.height, Picture.at)
    return await shown.where(Picture.owner == person_id).order_by(Picture.id)


async def forget(person_id: int, *, now: datetime) -> None:
    """The files go after it (`remove_files`), or with the next sweep: once the rows are gone for good."""
    await Picture.delete().where(Picture.owner == person_id)


async def sweep(now: datetime) -> None:
    """Files that no row knows: of a deed that failed, or of somebody who was forgotten."""
    known = {row["token"] for row in await Picture.select(Picture.token)}
    await asyncio.to_thread(_sweep, known, (now - ORPHANED_AFTER).timestamp())


async def _drawn(upload: bytes) -> Drawn:
    """One at a time in a process, whatever comes: memory stays that of one picture."""
    gate = _gates.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(1))
    async with gate:
        return await asyncio.to_thread(draw, upload)


def _folder() -> Path:
    return settings().data / "uploads"


def _path(token: str, small: bool) -> Path:
    return _folder() / token[:2] / f"{token}{'.small' if small else ''}.webp"


def _put(token: str, drawn: Drawn) -> None:
    """Whole or not there: written beside, then renamed."""
    for small, content in ((False, drawn.large), (True, drawn.small)):
        path = _path(token, small)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = path.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)


def _unlink(token: str) -> None:
    for small in (False, True):
        _path(token, small).unlink(missing_ok=True)


def _sweep(known: set[str], before: float) -> None:
    for path in _folder().glob("*/*"):
        if path.name.partition(".")[0] not in known:
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()
