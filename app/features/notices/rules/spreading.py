"""From a notice to its deliveries: which roads, which devices, and when."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.db import held, one_of, prepared, writing
from app.features.community import rules as community
from app.features.notices.rules.bell import Bell
from app.features.notices.rules.readers import Reader, readers_of
from app.features.notices.rules.timing import BREAK_THE_QUIET, after_the_quiet, midnights_from, next_at
from app.features.notices.rules.topics import heard_on
from app.features.notices.tables import By, Delivery, Notice, Urgency
from app.kit.languages import zone as zone_of_no_community

AT_ONCE = 1000
ROWS = 500
FEW = 30  # everyday pushes that one household gets in a day; what comes on top comes together in the evening
EVENING = 18 * 60
HASTE = {Urgency.critical: 0, Urgency.urgent: 1, Urgency.soon: 2, Urgency.everyday: 3}


class Fresh(Struct):
    id: int
    person: int
    topic: str
    urgency: Urgency


_to_spread = prepared(
    lambda urgencies, at_most: held(
        Notice.select(Notice.id, Notice.person, Notice.topic, Notice.urgency)
        .where(Notice.spread_at.is_null() & one_of(Notice.urgency, urgencies))
        .order_by(Notice.id)
        .limit(at_most),
        skip_locked=True,
    ),
    Fresh,
)


async def is_something_fresh() -> bool:
    """A look without the write lock, for a sender that asks often."""
    return bool(await Notice.select(Notice.id).where(Notice.spread_at.is_null()).limit(1))


async def spread(bell: Bell, now: datetime) -> int:
    """Writes the deliveries of the oldest notices that have none yet, what breaks the quiet first, and says of how many
    notices.
    """
    here = await community.here()
    clock = here.clock if here else zone_of_no_community.get()
    async with writing():
        fresh = await _to_spread(sorted(BREAK_THE_QUIET), AT_ONCE) or await _to_spread(sorted(Urgency), AT_ONCE)
        everyday = {each.person for each in fresh if each.urgency == Urgency.everyday}
        readers = await readers_of(
            {each.person for each in fresh}, bell, everyday, midnights=midnights_from(now, clock)
        )
        rows = [row for each in fresh for row in deliveries_of(each, readers[each.person], bell, now, clock)]
        for some in (rows[start : start + ROWS] for start in range(0, len(rows), ROWS)):
            once = (Delivery.notice, Delivery.by, Delivery.device)
            await Delivery.insert(*some).on_conflict(target=once, action="DO NOTHING")
        if fresh:
            spread_ones = Notice.id.is_in([each.id for each in fresh])
            await Notice.update({Notice.spread_at: now}).where(spread_ones)
    return len(fresh)


def deliveries_of(notice: Fresh, reader: Reader, bell: Bell, now: datetime, clock: ZoneInfo) -> list[Delivery]:
    """One for each device by push, and one for each other road."""
    roads = roads_for(notice, reader, bell)
    due_at, daily = _when(notice, reader, By.push in roads, now, clock)
    same: dict[str, Any] = {"notice": notice.id, "haste": HASTE[notice.urgency], "due_at": due_at, "daily": daily}
    devices = {By.push: reader.devices}
    return [Delivery(by=by, device=device, **same) for by in sorted(roads) for device in devices.get(by, [0])]


def roads_for(notice: Fresh, reader: Reader, bell: Bell) -> frozenset[By]:
    """What is urgent, and what concerns one's own door, goes on every road; the rest on those that were chosen.

    Who never signed in agreed to nothing, and hears what is urgent only.
    """
    topic, has = bell.topics.get(notice.topic), reader.roads(bell.roads)
    if notice.urgency in BREAK_THE_QUIET:
        return has
    if not reader.address.signs_in or topic is None:
        return frozenset()
    return heard_on(topic, reader.choices.get(notice.topic, {}), has)


def _when(notice: Fresh, reader: Reader, rings: bool, now: datetime, clock: ZoneInfo) -> tuple[datetime, bool]:
    """When it is due, and whether it then comes together with the others of that day."""
    if notice.urgency in BREAK_THE_QUIET:
        return now, False
    if notice.urgency == Urgency.everyday and reader.wishes.daily_at is not None:
        return next_at(now, clock, reader.wishes.daily_at), True
    due_at = after_the_quiet(now, clock, reader.wishes.quiet_from, reader.wishes.quiet_until)
    if rings and notice.urgency == Urgency.everyday:
        tomorrow = due_at >= midnights_from(now, clock)[1]
        if not reader.rings_once_more(FEW, tomorrow=tomorrow):
            return next_at(due_at, clock, EVENING), True
    return due_at, False
