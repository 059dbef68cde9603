"""By WeCom: the community's own application writes to a member. Short, since it stands on a lock screen."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.features.notices.rules.choosing import MEMBER
from app.features.notices.rules.roads import Message, Outcome, Verdict
from app.features.notices.tables import By
from app.kit import limits
from app.kit.robots import Heard, Robot
from app.kit.words import say

BYTES = 2048
# WeCom takes 30 a minute for one member (path/90454). Two windows of ours touch in any minute.
OFTEN = limits.Limit("wecom", 15, timedelta(minutes=1))
PAUSE = timedelta(minutes=1)
NOT_THEIRS = {40003, 46004, 60111, 81013}  # no such member, or none who may read our application
TOO_MUCH = {45009, 45033}
REFUSES_US = {40056, 48001, 48002, 60020, 301002}
BUSY = {-1}
STOP = say("No more messages about this")


@dataclass
class ByWecom:
    by = By.wecom
    at_once = 4
    patience = 60.0
    url: str = field(repr=False)
    robot: Robot = field(init=False)
    threads: ThreadPoolExecutor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.robot = Robot(self.url)
        self.threads = ThreadPoolExecutor(self.at_once, "wecom")

    async def carry(self, message: Message, now: datetime) -> Outcome:
        if not MEMBER.fullmatch(message.to):
            return Outcome(Verdict.failed, trouble="no WeCom id")
        if await limits.count(OFTEN, OFTEN.key(message.to), now) > OFTEN.times:
            return Outcome(Verdict.again, trouble="too often")
        loop = asyncio.get_running_loop()
        well, heard = await loop.run_in_executor(self.threads, self._say, message)
        return Outcome(Verdict.accepted, 200) if well else _outcome(heard)

    def _say(self, message: Message) -> tuple[bool, Heard]:
        to = {"users": [message.to], "departments": [], "tag_ids": []}
        return self.robot.say(text_of(message), **to)


def text_of(message: Message) -> str:
    """The links stay whole; the words give way. WeCom reads links, and nothing else, in what looks like HTML."""
    stop = f'\n<a href="{message.stop}">{STOP.spoken(message.tongue)}</a>' if message.stop else ""
    told = say("%(place)s: %(told)s", place=message.place, told=message.body).spoken(message.tongue)
    links = f"\n{message.url}{stop}"
    room = BYTES - len(links.encode())
    return told.replace("<", "＜").encode()[:room].decode(errors="ignore") + links


def _outcome(heard: Heard) -> Outcome:
    """Its numbers: developer.work.weixin.qq.com/document/path/90313."""
    answer = heard.code or heard.status
    if heard.code in TOO_MUCH or heard.status in (429, 503):
        return Outcome(Verdict.wait, answer, pause=PAUSE)
    if heard.code in NOT_THEIRS and not heard.at_the_door:
        return Outcome(Verdict.failed, answer)
    if heard.code in REFUSES_US or (heard.at_the_door and heard.code and heard.code not in BUSY):
        return Outcome(Verdict.refused, answer, trouble="WeCom refuses our application")
    return Outcome(Verdict.again, answer)
