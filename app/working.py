"""The worker: does what is due, and what comes round, until it is told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from app.kit import later
from app.kit.clock import now
from app.kit.clockwork import Every, turns, wind

log = logging.getLogger(__name__)

PAUSE = 0.5
GRACE = 8.0  # what is not done by then comes back when its lease ends
TROUBLE = 5.0

Beside = Callable[[asyncio.Event], Awaitable[Any]]


async def work(
    jobs: Mapping[str, later.Job], clockwork: Iterable[Every], stop: asyncio.Event, beside: Iterable[Beside] = ()
) -> None:
    """Looks twice a second; a stop waits for the few jobs under way, but not for ever.

    What runs `beside` has its own loop, ends when `stop` is set, and waits for no job.
    """
    loops = {asyncio.create_task(_keep_working(jobs, tuple(clockwork), stop))}
    loops |= {asyncio.create_task(_keep_up(each, stop)) for each in beside}
    try:
        await stop.wait()
        await asyncio.wait(loops, timeout=GRACE)
    finally:
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)


async def _keep_up(beside: Beside, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await beside(stop)
        except Exception:
            log.exception("a loop of the worker rests for %s s", TROUBLE)
            await _rest(stop, TROUBLE)


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
