"""From a notice to its deliveries: which roads, which devices, and when."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.db import Nothing, held, one_of, prepared, prepared_sql, writing
from app.features.community import rules as community
from app.features.notices.rules.bell import Bell
from app.features.notices.rules.readers import Reader, readers_of
from app.features.notices.rules.timing import BREAK_THE_QUIET, after_the_quiet, midnights_from, next_at
from app.features.notices.rules.topics import QUICK, heard_on
from app.features.notices.tables import By, Delivery, Fate, Notice, Urgency
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
    thread: str | None
    phones_first: bool
    frugal: bool


class Went(Struct):
    person: int
    thread: str
    by: By


_to_spread = prepared(
    lambda urgencies, at_most: held(
        Notice.select(Notice.id, Notice.person, Notice.topic, Notice.urgency, Notice.thread)
        .columns(Notice.phones_first, Notice.frugal)
        .where(Notice.spread_at.is_null() & one_of(Notice.urgency, urgencies))
        .order_by(Notice.id)
        .limit(at_most),
        skip_locked=True,
    ),
    Fresh,
)
_notice: Any = Delivery.notice  # Piccolo's types do not follow a second step
_went = prepared(
    lambda threads, people: (
        Delivery.select(
            Delivery.notice.person.as_alias("person"), Delivery.notice.thread.as_alias("thread"), Delivery.by
        )
        .where(one_of(_notice.thread, threads) & one_of(_notice.person, people))
        .where(Delivery.fate == Fate.accepted)
    ),
    Went,
)


# One statement for hundreds: while it runs nobody else can write, and there are thousands of them in an emergency.
_WRITE = (
    "INSERT INTO deliveries (notice, by, device, haste, due_at, daily, fate, tries, answer) "
    "SELECT {}, 'waiting', 0, 0 FROM {} ON CONFLICT (notice, by, device) DO NOTHING"
)
_write = prepared_sql(
    {
        "sqlite": _WRITE.format(
            ", ".join(f"json_extract(value, '$[{n}]')" for n in range(6)), "json_each({0}) WHERE true"
        ),
        "postgres": _WRITE.format(
            "CAST(row->>0 AS integer), row->>1, CAST(row->>2 AS integer), CAST(row->>3 AS integer), "
            "CAST(row->>4 AS timestamptz), CAST(row->>5 AS boolean)",
            "json_array_elements(CAST({0} AS json)) AS rows(row)",
        ),
    },
    Nothing,
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
        for each in await _went_before(fresh):
            readers[each.person].went.setdefault(each.thread, set()).add(each.by)
        rows = [row for each in fresh for row in deliveries_of(each, readers[each.person], bell, now, clock)]
        for some in (rows[start : start + ROWS] for start in range(0, len(rows), ROWS)):
            await _write(json.dumps(some))
        if fresh:
            await Notice.update({Notice.spread_at: now}).where(one_of(Notice.id, [each.id for each in fresh]))
    return len(fresh)


async def _went_before(fresh: list[Fresh]) -> list[Went]:
    following = [each for each in fresh if each.thread]
    if not following:
        return []
    threads, people = {each.thread for each in following}, {each.person for each in following}
    return list(await _went(sorted(threads), sorted(people)))


def deliveries_of(notice: Fresh, reader: Reader, bell: Bell, now: datetime, clock: ZoneInfo) -> list[list[Any]]:
    """One for each device by push, and one for each other road; in the order of `_write`."""
    roads = roads_for(notice, reader, bell)
    due_at, daily = _when(notice, reader, By.push in roads, now, clock)
    haste, devices = HASTE[notice.urgency], {By.push: reader.devices}
    return [
        [notice.id, by, device, haste, str(due_at), daily] for by in sorted(roads) for device in devices.get(by, [0])
    ]


def roads_for(notice: Fresh, reader: Reader, bell: Bell) -> frozenset[By]:
    """What is urgent, and what concerns one's own door, goes on every road; the rest on those that were chosen, and
    where one before it of the same thread was taken: whoever read that by SMS reads there that it is over.

    Who never signed in agreed to nothing, and hears what is urgent only.
    """
    topic, has = bell.topics.get(notice.topic), reader.roads(bell.roads)
    has -= {By.sms} if notice.frugal else set()
    before = has & reader.went.get(notice.thread or "", frozenset())
    if notice.urgency in BREAK_THE_QUIET:
        return (has & QUICK) | before if notice.phones_first and reader.rings else has
    if not reader.address.signs_in or topic is None:
        return frozenset()
    return heard_on(topic, reader.choices.get(notice.topic, {}), has) | before


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
