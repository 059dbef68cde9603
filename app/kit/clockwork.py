"""What is done again and again: once a span for the whole installation, however many workers there are.

Each is one row of `later` that puts itself off again when it was done.
"""

import inspect
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.kit import later
from app.kit.tables import Later

log = logging.getLogger(__name__)

RETRY = timedelta(minutes=10)


@dataclass(frozen=True)
class Every:
    span: timedelta
    job: later.Job
    name: str

    @property
    def key(self) -> str:
        return f"every {self.name}"

    async def turn(self, now: datetime) -> None:
        """Trouble never ends it: it is tried again soon, or at its next turn when that is sooner."""
        wait = self.span
        try:
            await self.job(now=now)
        except Exception:
            log.exception("%s failed", self.key)
            wait = min(self.span, RETRY)
        await later.at(now + wait, self.key, key=self.key, again=True)


def every(span: timedelta, job: later.Job, name: str = "") -> Every:
    """`job(now=…)`. Named after its module and function where it has them: "notices.jobs.purge"."""
    inspect.signature(job).bind(now=None)
    own = name or f"{job.__module__}.{job.__name__}".removeprefix("app.").removeprefix("features.")
    return Every(span, job, own)


def turns(clockwork: Iterable[Every]) -> dict[str, later.Job]:
    return {each.key: each.turn for each in clockwork}


async def wind(clockwork: Iterable[Every], now: datetime) -> None:
    """Every row stands: new ones are due at once, those given up come back, a shortened span holds from today."""
    for each in clockwork:
        await later.at(now, each.key, key=each.key)
        too_late = Later.done_at.is_not_null() | (Later.run_at > now + each.span)
        standing: dict[Any, Any] = {Later.run_at: now, Later.done_at: None, Later.leased_until: None, Later.tries: 0}
        await Later.update(standing).where((Later.key == each.key) & too_late)
