"""Push services, and the roads that have none: which asked us to wait, and which refuse all that we send."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from piccolo.query import Select

from app.db import prepared, writing
from app.features.notices.rules.roads import Outcome, Verdict
from app.features.notices.tables import Device, PushService

Row = dict[str, Any]  # of a delivery on its way
MANY = 20  # pushes of one handful that nobody answered
REST = timedelta(seconds=20)

log = logging.getLogger(__name__)


class Service(Struct):
    """As the operator sees it. `origin` is a push service, or the name of a road."""

    origin: str
    closed_until: datetime | None
    alarm_at: datetime | None
    alarm: str


_all = prepared(
    lambda: PushService.select(
        PushService.origin, PushService.closed_until, PushService.alarm_at, PushService.alarm
    ).order_by(PushService.origin),
    Service,
)


class Keys(Struct):
    id: int
    p256dh: str
    auth: str


_keys = prepared(lambda: Device.select(Device.id, Device.p256dh, Device.auth).order_by(Device.id), Keys)


async def keys_of_all() -> list[Keys]:
    """Of every phone there is."""
    return list(await _keys())


async def phones() -> int:
    """How many are bound to the key of this installation."""
    return int(await Device.count())


async def services() -> list[Service]:
    return list(await _all())


async def closed(now: datetime) -> list[str]:
    """Those that asked us to wait: nearly always none."""
    return [each.origin for each in await _all() if each.closed_until and each.closed_until > now]


def devices_of(origins: Sequence[str]) -> Select[Any]:
    return Device.select(Device.id).where(Device.origin.is_in(list(origins)))


async def close_for(row: Row, until: datetime) -> None:
    """All that goes the same way waits until then, or longer where it was asked for longer before."""
    for origin in await _origins([row]):
        await _close(origin, until)


async def let_rest(outcomes: Sequence[tuple[Row, Outcome]], now: datetime) -> None:
    """A service that leaves us waiting again and again would hold up all others: it rests for a moment."""
    unanswered = [row for row, outcome in outcomes if outcome.answer == 0 and outcome.verdict is Verdict.again]
    silent = [row["device"] for row in unanswered if row["device"]]
    if len(silent) < MANY:
        return
    speaking = await _origins([row for row, outcome in outcomes if outcome.answer])
    times = Counter(row["origin"] for row in await Device.select(Device.origin).where(Device.id.is_in(silent)))
    for origin, number in times.items():
        if number >= MANY and origin not in speaking:
            await _close(origin, now + REST)


async def alarm(rows: Sequence[Row], answer: str, now: datetime) -> None:
    """Once until it works again: the log and the administrator's pages say that a service refuses us."""
    for origin in await _origins(rows):
        await _noted(origin)
        quiet = (PushService.origin == origin) & PushService.alarm_at.is_null()
        rang = (
            await PushService.update({PushService.alarm_at: now, PushService.alarm: answer})
            .where(quiet)
            .returning(PushService.id)
        )
        if rang:
            log.error("%s refuses us with %s: /admin/roads says what to look at", origin, answer)


async def works_again(rows: Sequence[Row]) -> None:
    if any(each.alarm_at for each in await _all()):
        anew: dict[Any, Any] = {PushService.alarm_at: None, PushService.alarm: ""}
        await PushService.update(anew).where(PushService.origin.is_in(await _origins(rows)))


async def _close(origin: str, until: datetime) -> None:
    await _noted(origin)
    longer = PushService.closed_until.is_null() | (PushService.closed_until < until)
    await PushService.update({PushService.closed_until: until}).where((PushService.origin == origin) & longer)


async def _origins(rows: Sequence[Row]) -> list[str]:
    devices = [row["device"] for row in rows if row["device"]]
    theirs = await Device.select(Device.origin).where(Device.id.is_in(devices)) if devices else []
    return sorted({row["origin"] for row in theirs} | {row["by"] for row in rows if not row["device"]})


async def _noted(origin: str) -> None:
    async with writing():
        await PushService.insert(PushService(origin=origin)).on_conflict(target=PushService.origin, action="DO NOTHING")
