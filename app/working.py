"""The worker: does what is due, and what comes round, until it is told to stop."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress

from app.kit import later
from app.kit.clock import now
from app.kit.clockwork import Every, turns, wind

log = logging.getLogger(__name__)

PAUSE = 0.5
GRACE = 8.0  # what is not done by then comes back when its lease ends
TROUBLE = 5.0


async def work(jobs: Mapping[str, later.Job], clockwork: Iterable[Every], stop: asyncio.Event) -> None:
    """Looks twice a second; a stop waits for the few jobs under way, but not for ever."""
    working = asyncio.create_task(_keep_working(jobs, tuple(clockwork), stop))
    try:
        await stop.wait()
        await asyncio.wait({working}, timeout=GRACE)
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def _keep_working(jobs: Mapping[str, later.Job], clockwork: tuple[Every, ...], stop: asyncio.Event) -> None:
    everything, wound = {**jobs, **turns(clockwork)}, False
    while not stop.is_set():
        try:
            if not wound:
                await wind(clockwork, now())
                wound = True
            if not await later.is_due(now()) or not await later.run_due(everything, now(), later.TOGETHER):
                await _rest(stop, PAUSE)
        except Exception:  # the database was away for a moment: a worker that ends is worse than one that waits
            log.exception("the worker rests for %s s", TROUBLE)
            await _rest(stop, TROUBLE)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
