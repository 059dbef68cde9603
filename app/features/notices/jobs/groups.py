"""The robots of neighbours' groups: each posts by itself, so that one that hangs holds up no other and nobody else."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.db import held, writing
from app.features.community import rules as community
from app.features.notices.rules.posting import robot_of
from app.features.notices.tables import Fate, GroupPost, Urgency
from app.kit.clock import now as now_
from app.kit.languages import NAMES, language, zone
from app.kit.robots import Heard, Robot
from app.kit.words import Sentence, kept

log = logging.getLogger(__name__)

A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
OFTEN = 18  # WeCom's robots take 20 a minute (path/99398), DingTalk's too
LEASE = timedelta(minutes=2)
PAUSES = tuple(timedelta(seconds=s) for s in (10, 30, 120, 600, 1800, 3600))
HASTE = [*reversed(Urgency)]
REST, TROUBLE = 1.0, 5.0

Clock = Callable[[], datetime]


@dataclass
class GroupRobot:
    """One robot, its thread, and the posts that wait for it."""

    url: str = field(repr=False)
    base_url: str
    robot: Robot = field(init=False)
    print: str = field(init=False)
    thread: ThreadPoolExecutor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.robot, self.print = Robot(self.url), robot_of(self.url)
        self.thread = ThreadPoolExecutor(1, "robot")

    async def post_due(self, clock: Clock) -> int:
        """Says what is due, the most urgent first, within what its group takes in a minute; and how much that was.

        The clock is asked again for each: one that is slow takes seconds, and a minute is counted from when it said it.
        """
        said = 0
        while await self._is_due(clock()) and (post := await self._claim(clock())):
            well, heard = await self._say(post)
            await _mark(post, _after(post, well, heard, clock()))
            said += 1
        return said

    async def _is_due(self, now: datetime) -> bool:
        return bool(await GroupPost.select(GroupPost.id).where(self._due(now)).limit(1))

    def _due(self, now: datetime) -> Any:
        free = GroupPost.leased_until.is_null() | (GroupPost.leased_until < now)
        return (GroupPost.robot == self.print) & GroupPost.done_at.is_null() & (GroupPost.due_at <= now) & free

    async def _claim(self, now: datetime) -> GroupPost | None:
        """None where there is none, and where the group has heard enough within this minute."""
        async with writing():
            await GroupPost.update({GroupPost.fate: Fate.over, GroupPost.done_at: now}).where(
                self._due(now) & (GroupPost.until_at <= now)
            )
            rows = await held(GroupPost.objects().where(self._due(now)).order_by(GroupPost.id), skip_locked=True)
            if not rows or await self._heard_in_a_minute(now) >= OFTEN:
                return None
            post: GroupPost = min(rows, key=lambda row: (HASTE.index(Urgency(row.urgency)), row.id))
            post.leased_until, post.tries = now + LEASE, post.tries + 1
            leased: dict[Any, Any] = {GroupPost.leased_until: post.leased_until, GroupPost.tries: post.tries}
            await GroupPost.update(leased).where(GroupPost.id == post.id)
            return post

    async def _heard_in_a_minute(self, now: datetime) -> int:
        said = (GroupPost.fate == Fate.accepted) & (GroupPost.done_at > now - A_MINUTE)
        under_way = GroupPost.leased_until > now
        return int(await GroupPost.count().where((GroupPost.robot == self.print) & (said | under_way)))

    async def _say(self, post: GroupPost) -> tuple[bool, Heard]:
        words = await words_of(kept(post.sentence))
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, self.robot.say, f"{words}\n{self.base_url}{post.path}")


async def words_of(sentence: Sentence) -> str:
    """In each language of the community, a line each; or, where somebody's own words stand in it, in theirs."""
    here = await community.here()
    typed = _typed_in(sentence)
    tongues = [language(tag) for tag in (here.languages if here else NAMES) if not typed or tag in typed]
    before = zone.set(here.clock) if here else None
    try:
        return "\n".join(dict.fromkeys(sentence.spoken(tongue) for tongue in tongues or [language(typed[0])]))
    finally:
        if before:
            zone.reset(before)


async def keep_posting(urls: Iterable[str], base_url: str, stop: asyncio.Event) -> None:
    """Until it is told to stop. The worker's loop beside all others; without robots it is over at once."""
    await asyncio.gather(*[_keep_posting(GroupRobot(url, base_url), stop) for url in urls])


async def _keep_posting(robot: GroupRobot, stop: asyncio.Event) -> None:
    while not stop.is_set():
        rest = REST
        try:
            await robot.post_due(now_)
        except Exception:  # as in the worker: the database was away for a moment
            log.exception("a robot rests for %s s", TROUBLE)
            rest = TROUBLE
        with suppress(TimeoutError):
            async with asyncio.timeout(rest):
                await stop.wait()


def _after(post: GroupPost, well: bool, heard: Heard, now: datetime) -> dict[Any, Any]:
    answer = 200 if well else heard.code or heard.status
    marked: dict[Any, Any] = {GroupPost.leased_until: None, GroupPost.answer: answer}
    if well:
        return marked | {GroupPost.fate: Fate.accepted, GroupPost.done_at: now}
    again = now + PAUSES[min(post.tries, len(PAUSES)) - 1]
    if again < (post.until_at or post.made_at + A_DAY):
        return marked | {GroupPost.due_at: again}
    log.error("a group's robot took no post in %s tries, last answer %s", post.tries, answer)
    return marked | {GroupPost.fate: Fate.failed, GroupPost.done_at: now}


async def _mark(post: GroupPost, values: dict[Any, Any]) -> None:
    """Only while the lease is ours."""
    ours = (GroupPost.id == post.id) & (GroupPost.leased_until == post.leased_until)
    await GroupPost.update(values).where(ours)


def _typed_in(sentence: Sentence) -> list[str]:
    within = [_typed_in(value) for value in sentence.values.values() if isinstance(value, Sentence)]
    return [*sentence.typed, *(tag for each in within for tag in each)]
