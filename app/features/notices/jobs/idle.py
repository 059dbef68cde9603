"""In idle time a key pair is made ready for each phone, so that nothing slow is left for the moment of an alert. It is
idle time when nobody else wants the processor: an alert has used up all pairs just when everybody answers.
"""

import asyncio
import logging
from contextlib import suppress
from time import perf_counter, thread_time

from app.features.notices.jobs.push import Pairs
from app.features.notices.rules.services import keys_of_all
from app.kit.web_push.sealing import BadKeys, checked_keys

log = logging.getLogger(__name__)

LOOK = 60.0  # seconds between two looks who is there
FEW = 20  # in one go: less than a millisecond of anybody's time
BREATH = 0.02
WAIT = 2.0  # seconds, while others need the processor


async def keep_pairs(pairs: Pairs, stop: asyncio.Event) -> None:
    """One for each phone that is there, as long as nobody says stop. Without them a push is sealed all the same."""
    while not stop.is_set():
        try:
            await make_ready(pairs, stop)
        except Exception:
            log.exception("no pairs for %s s", LOOK)
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                await stop.wait()


async def make_ready(pairs: Pairs, stop: asyncio.Event | None = None) -> int:
    """How many were made."""
    known = {each.id: each for each in await keys_of_all()}
    pairs.keep_only(known)
    missing = pairs.without(known)
    rest = 0.0
    for start in range(0, len(missing), FEW):
        await asyncio.sleep(rest)
        if stop is not None and stop.is_set():
            return start
        began, used = perf_counter(), thread_time()
        for device in missing[start : start + FEW]:
            with suppress(BadKeys):
                pairs.prepare(device, *checked_keys(known[device].p256dh, known[device].auth))
        in_the_way = perf_counter() - began > 1.5 * (thread_time() - used)
        rest = WAIT if in_the_way else BREATH
    return len(missing)
