"""`kith doctor`: looks, changes nothing, and says what is wrong and what to do about it."""

import shutil
import stat
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.addresses import is_here
from app.config import ROOT, Settings
from app.db import DB, close_database, open_database
from app.db.sqlite import KithSQLite
from app.kit.tables import AuditRow, Later
from app.kit.ways import ways
from app.migrating import from_the_future, modules, pending

Finding = tuple[bool | None, str]  # well or not (None: it is so, and no fault), and the words
SIGNS = {True: "✓", False: "!", None: "·"}
ROADS = {"push": "Push", "email": "E-mail", "sms": "SMS", "wecom": "WeCom", "groups": "Groups' robots"}

LATE = timedelta(minutes=5)
A_DAY = timedelta(days=1)
ROOM = 500 * 10**6
WRITTEN_IN = 2026
MINUTE = "%Y-%m-%d %H:%M"
OTHERS = stat.S_IRWXG | stat.S_IRWXO


async def examine(known: Settings, now: datetime, say: Callable[[str], None] = print) -> int:
    """0 when all is well, 1 when something is not."""
    findings = [*around(known), *files(known), *clock(now)]
    async for finding in database(known, now):
        findings.append(finding)
    async for finding in roads(known):
        findings.append(finding)
    for well, words in findings:
        say(f"{SIGNS[well]} {words}")
    return int(any(well is False for well, _ in findings))


def around(known: Settings) -> Iterator[Finding]:
    yield True, f"Settings: every variable can be used; data in {known.data}, database {DB.engine_type}"
    if known.https:
        yield True, f"Address: {known.base_url}"
        if not known.trusted_proxies:
            yield False, "Proxy: KITH_TRUSTED_PROXIES is empty; behind a proxy all neighbours look like one address"
    elif is_here(urlsplit(known.base_url).hostname or ""):
        yield True, f"Address: {known.base_url}, for this machine only"
    else:
        yield False, f"Address: {known.base_url} is not https; phones neither install the app nor sign in safely"
    built = ROOT / "build" / "static" / "manifest.json"
    yield built.exists(), "Pages: their looks are built" if built.exists() else "Pages: run python -m app.build_static"


def files(known: Settings) -> Iterator[Finding]:
    if not known.data.is_dir():
        yield False, f"Data folder: {known.data} is not there; kith migrate makes it"
        return
    yield _may_write(known.data)
    yield _private(known.data, "Data folder", "700")
    if known.secret_file.exists():
        yield _private(known.secret_file, "Secret", "600")
        if known.secret_file.stat().st_size < 32:
            yield False, f"Secret: {known.secret_file} is too short to keep anything; restore it from a backup"
    if known.vapid_file.exists():
        yield _private(known.vapid_file, "Push key", "600")
    free = shutil.disk_usage(known.data).free
    words = f"Disk: {free / 10**9:.1f} GB free"
    yield free >= ROOM, words if free >= ROOM else f"{words}; a backup and the write-ahead log need room"


def _may_write(folder: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True, "Data folder: can be written"
    except OSError as broken:
        return False, f"Data folder: {folder} cannot be written ({broken.strerror})"


def _private(path: Path, name: str, right: str) -> Finding:
    mode = path.stat().st_mode
    if mode & OTHERS:
        return False, f"{name}: others on this machine may look into it; chmod {right} {path}"
    return True, f"{name}: nobody else may look into it (mode {stat.S_IMODE(mode):o}, uid {path.stat().st_uid})"


def clock(now: datetime) -> Iterator[Finding]:
    if now.year < WRITTEN_IN:
        yield False, f"Clock: it says {now:%Y-%m-%d}, which is before this program was written"


async def roads(known: Settings) -> AsyncIterator[Finding]:
    """How notices leave the house. What nobody set up is no fault, nor is a push service out of reach from here."""
    found = await ways(known)
    for way in found:
        name, where = ROADS[way.road], f"{way.where} ({way.phones})" if way.phones else way.where
        if way.road == "groups":
            yield True, f"{name}: {where} set up; nothing is posted to try them"
        elif way.trouble is None:
            yield None, f"{name}: {where} has many hosts; none was tried"
        elif way.trouble:
            yield False if way.named else None, f"{name}: {where} does not answer ({way.trouble})"
        else:
            yield True, f"{name}: {where} answers"
    if all(way.trouble for way in found if way.road == "push"):
        yield None, "Push: no service answers, so no phone rings from here; KITH_PUSH_PROXY is the way through a proxy"


async def database(known: Settings, now: datetime) -> AsyncIterator[Finding]:
    if isinstance(DB, KithSQLite) and not Path(DB.path).exists():  # noqa: ASYNC240 (nobody waits for us)
        yield False, f"Database: {DB.path} is not there; kith migrate makes it"
        return
    try:
        await open_database()
        async for finding in _opened(now):
            yield finding
    except (OSError, *DB.gone) as broken:
        yield False, f"Database: it does not answer ({' '.join(str(broken).split()) or type(broken).__name__})"
    finally:
        await close_database()


async def _opened(now: datetime) -> AsyncIterator[Finding]:
    for look in (_sqlite if DB.engine_type == "sqlite" else _postgres, _migrations):
        async for finding in look(now):
            yield finding
            if not finding[0]:
                return
    async for finding in _jobs(now):
        yield finding
    yield await _newest(now)


async def _sqlite(now: datetime) -> AsyncIterator[Finding]:
    said = (await DB.fetch("PRAGMA integrity_check(1)", ()))[0]["integrity_check"]
    yield said == "ok", "Database: sound" if said == "ok" else f"Database: damaged ({said}); restore a backup"
    astray = await DB.fetch("PRAGMA foreign_key_check", ())
    if astray:
        yield False, "Database: {table} row {rowid} points at no row of {parent}".format(**astray[0])
    mode = (await DB.fetch("PRAGMA journal_mode", ()))[0]["journal_mode"]
    yield mode == "wal", f"Database: journal mode {mode}" + ("" if mode == "wal" else "; kith migrate sets WAL")


async def _postgres(now: datetime) -> AsyncIterator[Finding]:
    row = (await DB.fetch("SELECT version() AS version, clock_timestamp() AS at", ()))[0]
    yield True, f"Database: answers ({row['version'].split(' on ')[0]})"
    apart = abs((row["at"] - now).total_seconds())
    yield apart < LATE.total_seconds(), f"Clock: the database's is {apart:.0f} s away from this machine's"


async def _migrations(now: datetime) -> AsyncIterator[Finding]:
    if waiting := await pending():
        yield False, f"Migrations: {len(waiting)} wait; kith migrate runs them"
    elif unknown := await from_the_future():
        yield False, f"Migrations: the database is of a newer Kith ({unknown[-1]})"
    else:
        yield True, f"Migrations: all {len(modules())} ran"


async def _jobs(now: datetime) -> AsyncIterator[Finding]:
    idle = Later.leased_until.is_null() | (Later.leased_until < now)
    late = await Later.count().where(Later.done_at.is_null() & (Later.run_at < now - LATE) & idle)
    if late:
        yield False, f"Worker: {late} jobs are more than five minutes late; does kith serve or kith worker run?"
    else:
        yield True, "Worker: no job is late"
    given_up: list[dict[str, Any]] = await Later.select(Later.job, Later.trouble).where(
        (Later.done_at > now - A_DAY) & (Later.trouble != "")
    )
    for row in given_up[:3]:
        yield False, f"Worker: gave up {row['job']} ({row['trouble']}); the log of that moment says more"


async def _newest(now: datetime) -> Finding:
    """A clock that went back makes codes and limits live too long."""
    newest = await AuditRow.select(AuditRow.at).order_by(AuditRow.id, ascending=False).first()
    if newest and newest["at"] > now + LATE:
        return False, f"Clock: it says {now:{MINUTE}} UTC, but somebody did something at {newest['at']:{MINUTE}}"
    return True, f"Clock: {now:{MINUTE}} UTC"
