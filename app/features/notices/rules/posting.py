"""What neighbours' groups are told by their robots: nobody's name, and the way to a page."""

from datetime import datetime
from typing import Any

from app.config import settings
from app.db import writing
from app.features.notices.tables import GroupPost, Urgency
from app.kit.sealing import print_of
from app.kit.words import Sentence


async def post_to_groups(
    sentence: Sentence,
    *,
    path: str,
    key: str,
    now: datetime,
    urgency: Urgency = Urgency.everyday,
    until: datetime | None = None,
) -> None:
    """Call it inside the deed's own transaction. One row for each robot; the same key again posts nothing twice."""
    same: dict[str, Any] = {
        "sentence": sentence.as_json(),
        "path": path,
        "key": key,
        "urgency": urgency,
        "until_at": until,
    }
    posts = [GroupPost(robot=robot_of(url), made_at=now, due_at=now, **same) for url in settings().notify_urls]
    if posts:
        await GroupPost.insert(*posts).on_conflict(target=(GroupPost.robot, GroupPost.key), action="DO NOTHING")


async def take_back(key: str) -> None:
    """What no robot has said yet stays unsaid, and what one is just saying is not tried again; the key may be used
    again.
    """
    unsaid = (GroupPost.key == key) & GroupPost.done_at.is_null()
    async with writing():
        await GroupPost.delete().where(unsaid)


def robot_of(url: str) -> str:
    """By which a robot is known again, while its address, which opens the group, stands in the settings alone."""
    return print_of(url, "robot")
