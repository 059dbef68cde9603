"""Things to do at a moment: rows written with the deed, done by whichever worker comes first.

A worker takes rows on a lease, which it renews while it is at work, does each in its own try, and marks each. A worker
that dies keeps nothing: its lease ends within seconds and the row comes back, so a job may run twice and must bear it.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from traceback import extract_tb
from typing import Any

from app.db import held, writing
from app.kit.tables import Later

log = logging.getLogger(__name__)

Job = Callable[..., Awaitable[Any]]
PATIENCE = timedelta(minutes=4)
LEASE = timedelta(seconds=20)  # after a worker died in the middle of an alert, those left are told by another
RENEWED = 5.0  # seconds
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480))  # after the first try, the second, …
GIVES_UP = len(WAITS) + 1
KEPT = timedelta(days=30)
TOGETHER = 10

DUE = (Later.id, Later.job, Later.args, Later.key, Later.tries, Later.leased_until)


async def at(run_at: datetime, job: str, *, key: str, again: bool = False, **args: Any) -> None:
    """Call it inside the deed's transaction. Once per key; `again` moves what stands under that key, done or not.

    The job is called as `job(now=…, **args)`; the arguments are what JSON can keep.
    """
    row = Later(job=job, args=json.dumps(args), key=key, run_at=run_at, trouble="")
    anew = (Later.job, Later.args, Later.run_at, Later.leased_until, Later.tries, Later.done_at, Later.trouble)
    if again:
        await Later.insert(row).on_conflict(target=Later.key, action="DO UPDATE", values=anew)
    else:
        await Later.insert(row).on_conflict(target=Later.key, action="DO NOTHING")


async def cancel(key: str) -> None:
    await Later.delete().where(Later.key == key)


async def is_due(now: datetime) -> bool:
    """A look without the write lock, for workers that ask often."""
    return bool(await Later.select(Later.id).where(_due(now)).limit(1))


async def run_due(jobs: Mapping[str, Job], now: datetime, at_most: int = 50) -> int:
    """Does what is due, oldest first, a few at a time; says how many rows it took."""
    taken = 0
    while taken < at_most:
        rows = await _claim(now, min(TOGETHER, at_most - taken))
        if not rows:
            break
        taken += len(rows)
        await asyncio.gather(*[_run(row, jobs, now) for row in rows])
    return taken


async def purge(now: datetime) -> None:
    await Later.delete().where(Later.done_at < now - KEPT)


def _due(now: datetime) -> Any:
    free = Later.leased_until.is_null() | (Later.leased_until < now)
    return Later.done_at.is_null() & (Later.run_at <= now) & free


async def _claim(now: datetime, at_most: int) -> list[dict[str, Any]]:
    """The try is counted when it begins: a row that kills its worker does not come back for ever."""
    async with writing():
        waiting = Later.select(*DUE).where(_due(now)).order_by(Later.run_at, Later.id).limit(at_most)
        rows = [dict(row) for row in await held(waiting, skip_locked=True)]
        if rows:
            leased: dict[Any, Any] = {Later.leased_until: now + LEASE, Later.tries: Later.tries + 1}
            await Later.update(leased).where(Later.id.is_in([row["id"] for row in rows]))
        return [row | {"leased_until": now + LEASE, "tries": row["tries"] + 1} for row in rows]


async def _run(row: dict[str, Any], jobs: Mapping[str, Job], now: datetime) -> None:
    if row["tries"] > GIVES_UP:
        log.error("gave up %s (%s): its workers died %s times", row["job"], row["key"], GIVES_UP)
        return await _mark(row, {Later.done_at: now, Later.trouble: "its workers died"})
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()), _renewed(row):
            await jobs[row["job"]](now=now, **json.loads(row["args"]))
    except Exception as broken:
        await _mark(row, _after_trouble(row, broken, now))
    else:
        await _mark(row, {Later.done_at: now, Later.trouble: ""})


@asynccontextmanager
async def _renewed(row: dict[str, Any]) -> AsyncIterator[None]:
    """The lease stays ours for as long as we are at work, and no longer."""
    over = asyncio.Event()
    renewing = asyncio.create_task(_renew(row, over))
    try:
        yield
    finally:
        over.set()  # not cancelled: what is kept of the lease and what we know of it are the same
        await asyncio.gather(renewing, return_exceptions=True)


async def _renew(row: dict[str, Any], over: asyncio.Event) -> None:
    first, began = row["leased_until"], time.monotonic()
    while not over.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(RENEWED):
                await over.wait()
                return
        until = first + timedelta(seconds=time.monotonic() - began)
        await _mark(row, {Later.leased_until: until})
        row["leased_until"] = until


def _after_trouble(row: dict[str, Any], broken: Exception, now: datetime) -> dict[Any, Any]:
    trouble = {Later.leased_until: None, Later.trouble: _where(broken)}
    if row["tries"] >= GIVES_UP:
        log.error("gave up %s (%s) after %s tries", row["job"], row["key"], row["tries"], exc_info=broken)
        return {**trouble, Later.done_at: now}
    log.warning("%s (%s) failed, try %s", row["job"], row["key"], row["tries"], exc_info=broken)
    return {**trouble, Later.run_at: now + WAITS[row["tries"] - 1]}


async def _mark(row: dict[str, Any], values: dict[Any, Any]) -> None:
    """Only while the lease is ours: whoever moved the row meanwhile, or took it after us, knows better."""
    ours = (Later.id == row["id"]) & (Later.leased_until == row["leased_until"]) & (Later.tries == row["tries"])
    await Later.update(values).where(ours)


def _where(broken: Exception) -> str:
    """The kind of trouble and its place, without its message, which may carry somebody's words."""
    place = extract_tb(broken.__traceback__)[-1]
    return f"{type(broken).__name__} in {place.name}, line {place.lineno}"[:400]
