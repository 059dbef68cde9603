"""The doorbell at work: every road that this installation has set up, and the robots of its groups."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from app.config import Settings
from app.features.notices.jobs.groups import keep_posting
from app.features.notices.jobs.idle import keep_pairs
from app.features.notices.jobs.letters import ByMail
from app.features.notices.jobs.push import ByPush, Pairs, Post
from app.features.notices.jobs.ringing import ring
from app.features.notices.jobs.texts import BySms
from app.features.notices.jobs.wecom import ByWecom
from app.features.notices.rules.bell import Bell
from app.features.notices.rules.roads import Road
from app.features.notices.tables import By
from app.kit.web_push.carrier import Carrier, Roads
from app.kit.web_push.endpoints import Origins
from app.kit.web_push.keys import key
from app.kit.web_push.vapid import Vapid


def open_roads(known: Settings) -> frozenset[By]:
    """Push needs nothing but us; the others need somebody who carries for this community."""
    set_up = {By.push: True, By.email: known.smtp, By.sms: known.sms, By.wecom: known.wecom_url}
    return frozenset(by for by, whoever in set_up.items() if whoever)


def at_work(bell: Bell, known: Settings) -> Callable[[asyncio.Event], Awaitable[Any]]:
    """What the worker runs beside its jobs, until `stop` is set."""

    async def run(stop: asyncio.Event) -> None:
        pairs, posts = Pairs(), list[Post]()
        roads_out = Roads(known.ca_file, known.push_proxy)
        carrier = Carrier(lambda some: posts[0].came_back(some), roads=roads_out)
        posts.append(Post(carrier))
        origins, vapid = Origins.from_setting(known.push_origins), Vapid(key(known.vapid_file), known.contact)
        roads: list[Road] = [ByPush(vapid, origins, posts[0], pairs), *_others(known)]
        try:
            await asyncio.gather(
                ring(bell, roads, stop),
                keep_pairs(pairs, stop),
                keep_posting(known.notify_urls, known.base_url, stop),
            )
        finally:
            carrier.close()

    return run


def _others(known: Settings) -> list[Road]:
    roads: list[Road] = []
    if known.smtp:
        roads.append(ByMail(known.smtp))
    if known.sms:
        roads.append(BySms(known.sms))
    if known.wecom_url:
        roads.append(ByWecom(known.wecom_url))
    return roads
