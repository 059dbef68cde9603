"""The sender: spreads what is fresh, gathers the day's digests, and keeps every road busy, until it is told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.features.community import rules as community
from app.features.notices.rules import delivering, digest, spreading
from app.features.notices.rules.bell import Bell
from app.features.notices.rules.roads import Message, Outcome, Road, Verdict
from app.features.notices.rules.saying import messages
from app.features.notices.tables import Fate
from app.kit.clock import now as on_the_clock
from app.kit.languages import zone

log = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between two looks when there is nothing to do
TROUBLE = 5.0
TOGETHER = 0.02  # what comes back within so many seconds is marked in one transaction
GRACE = 7.0  # for what is under way when we are told to stop, less than a lease; the rest comes back when that ends

Clock = Callable[[], datetime]


async def ring(bell: Bell, roads: Sequence[Road], stop: asyncio.Event, clock: Clock = on_the_clock) -> None:
    """Every road has a loop of its own: one that is slow, or down, holds up no other."""
    loops = [_again_and_again(lambda: spread_and_gather(bell, clock()), stop)]
    await asyncio.gather(*loops, *[Traffic(road, bell, clock).keep_up(stop) for road in roads])


async def spread_and_gather(bell: Bell, now: datetime) -> bool:
    """Whether there was anything to do."""
    did = await digest.is_due(now) and await digest.gather(now)
    return bool(await spreading.is_something_fresh() and await spreading.spread(bell, now)) or bool(did)


class Traffic:
    """What is under way on one road."""

    def __init__(self, road: Road, bell: Bell, clock: Clock = on_the_clock, random: Random | None = None) -> None:
        self._road, self._bell, self._clock, self._random = road, bell, clock, random or Random()  # noqa: S311
        self._under_way: dict[asyncio.Task[Outcome], dict[str, Any]] = {}

    async def keep_up(self, stop: asyncio.Event) -> None:
        await _again_and_again(self.step, stop)
        if self._under_way:
            await self._renew(delivering.LEASE)
            await asyncio.wait(self._under_way, timeout=GRACE)
        await self._mark_what_came_back()
        for task in self._under_way:
            task.cancel()

    async def step(self) -> bool:
        """Takes as many as there is room for, and marks those that came back. False when the road is empty."""
        took = await self._take()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=PAUSE, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.sleep(TOGETHER)
        await self._mark_what_came_back()
        await self._renew(delivering.RENEWED)
        return took or bool(self._under_way)

    async def _take(self) -> bool:
        now, room = self._clock(), self._road.at_once - len(self._under_way)
        if room <= 0 or not await delivering.is_due(self._road.by, now):
            return False
        rows = await delivering.claim(self._road.by, now, room)
        said, asleep = await messages(rows, self._bell, now)
        await delivering.end([row for row in rows if row["id"] not in {*said, *asleep}], Fate.over, now)
        await delivering.postpone([(row, asleep[row["id"]]) for row in rows if row["id"] in asleep])
        for row in rows:
            if row["id"] in said:
                self._under_way[asyncio.create_task(self._carry(said[row["id"]], now))] = row
        return bool(rows)

    async def _carry(self, message: Message, now: datetime) -> Outcome:
        """One that cannot be said at all must not stop the others; what it is about is not logged."""
        try:
            async with asyncio.timeout(self._road.patience):
                return await self._road.carry(message, now)
        except Exception as broken:
            log.error("a delivery by %s broke: %s", self._road.by, type(broken).__name__)
            return Outcome(Verdict.again, trouble=type(broken).__name__)

    async def _mark_what_came_back(self) -> None:
        back = [(row, task) for task, row in self._under_way.items() if task.done()]
        if back:
            await delivering.mark([(row, task.result()) for row, task in back], self._clock(), self._random)
            for _, task in back:
                del self._under_way[task]

    async def _renew(self, left: timedelta) -> None:
        """The leases that end within so long, of all that a service lets wait."""
        end = self._clock() + left
        short = [row for row in self._under_way.values() if row["leased_until"] <= end]
        if short:
            await delivering.renew(short, self._clock())


async def _again_and_again(step: Callable[[], Awaitable[bool]], stop: asyncio.Event) -> None:
    """Trouble never ends it: a sender that ends is worse than one that waits."""
    while not stop.is_set():
        try:
            await _know_the_zone()
            wait = 0.0 if await step() else PAUSE
        except Exception:
            log.exception("the doorbell rests for %s s", TROUBLE)
            wait = TROUBLE
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await stop.wait()


async def _know_the_zone() -> None:
    """Moments in a sentence are said on the community's clock."""
    here = await community.here()
    if here is not None:
        zone.set(here.clock)
