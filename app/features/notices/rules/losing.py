"""When a phone is gone, or a notice is taken back: what hung on it goes another way.

Phones are held first, then notices, then deliveries, each in the order of their ids: whoever came the other way round
would wait for who waits for them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.db import held, one_of, writing
from app.features.notices.rules.topics import TEST
from app.features.notices.tables import Delivery, Device, Fate, Notice


async def hold(rows: Sequence[dict[str, Any]]) -> None:
    """All that an answer to these deliveries may change."""
    devices = sorted({row["device"] for row in rows} - {0})
    if devices:
        await held(Device.select(Device.id).where(one_of(Device.id, devices)).order_by(Device.id))
    await hold_notices(one_of(Notice.id, [row["notice"] for row in rows]))


async def hold_notices(which: Any) -> None:
    await held(Notice.select(Notice.id).where(which).order_by(Notice.id))


async def drop_phones(which: Any, now: datetime) -> list[int]:
    """Gives back whose they were. What waits for them finds another road, where there is one."""
    gone = await Device.delete().where(which).returning(Device.id, Device.person)
    waiting = one_of(Delivery.device, [row["id"] for row in gone]) & Delivery.done_at.is_null()
    if gone:
        await hold_notices(Notice.id.is_in(Delivery.select(Delivery.notice).where(waiting)))
        ended: dict[Any, Any] = {Delivery.fate: Fate.gone, Delivery.done_at: now}
        rows = await Delivery.update(ended).where(waiting).returning(Delivery.id)
        await spread_again([row["id"] for row in rows])
    return [row["person"] for row in gone]


async def spread_again(deliveries: Sequence[int]) -> None:
    """The notices of these and of all that they took along: what went out already stands, a road that is missing is
    added. A test was for that phone alone.
    """
    theirs = Delivery.select(Delivery.notice).where(one_of(Delivery.id, deliveries) | one_of(Delivery.lead, deliveries))
    unread = Notice.read_at.is_null() & (Notice.topic != TEST)
    await Notice.update({Notice.spread_at: None}).where(Notice.id.is_in(theirs) & unread)


async def drop_notices(which: Any) -> list[int]:
    """Gives back who had been told. Where one was to take others of that day along, they go by themselves."""
    async with writing():
        await hold_notices(which)
        leads = Delivery.select(Delivery.id).where(
            Delivery.notice.is_in(Notice.select(Notice.id).where(which)) & Delivery.done_at.is_null()
        )
        alone: dict[Any, Any] = {Delivery.lead: None, Delivery.fate: Fate.waiting, Delivery.done_at: None}
        await Delivery.update(alone | {Delivery.daily: True}).where(Delivery.lead.is_in(leads))
        return [row["person"] for row in await Notice.delete().where(which).returning(Notice.person)]
