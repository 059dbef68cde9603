"""Deliveries on their way: taken on a lease, and marked with what became of them.

A sender that dies keeps nothing: its leases end and the rows come back, with the same tag, so that what went out twice
shows once.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

from msgspec import Struct

from app.db import Needed, Nothing, held, one_of, prepared, prepared_sql, writing
from app.features.notices.rules.losing import drop_phones, hold, spread_again
from app.features.notices.rules.roads import Outcome, Verdict
from app.features.notices.rules.services import alarm, close_for, closed, devices_of, let_rest, works_again
from app.features.notices.rules.spreading import HASTE
from app.features.notices.tables import By, Delivery, Device, Fate

LEASE = timedelta(seconds=10)  # renewed while a sender lives; so long what it held waits when it died
RENEWED = LEASE / 2  # before its end: longer than a sender that works well is ever away
FIRST_PAUSE, LAST_PAUSE = 5.0, 300.0  # seconds, doubled each time: what is urgent is out minutes after a way opens
TRIED_AGAIN = (Verdict.again, Verdict.wait)
TAKEN = (Delivery.id, Delivery.notice, Delivery.by, Delivery.device, Delivery.tries, Delivery.leased_until)


class Waiting(Struct):
    id: int


_one_due = prepared(
    lambda by, haste, now: Delivery.select(Delivery.id).where(_due(by, haste, now)).limit(1),
    Waiting,
)
_WORKED = (
    "INSERT INTO roads_that_worked (person, by, at) SELECT {} FROM {} "
    "ON CONFLICT (person, by) DO UPDATE SET at = excluded.at"
)
_worked = prepared_sql(
    {
        "sqlite": _WORKED.format(
            "json_extract(value, '$[0]'), json_extract(value, '$[1]'), {1}", "json_each({0}) WHERE true"
        ),
        "postgres": _WORKED.format(
            "CAST(row->>0 AS integer), row->>1, CAST({1} AS timestamptz)",
            "json_array_elements(CAST({0} AS json)) AS rows(row)",
        ),
    },
    Nothing,
)


async def is_due(by: By, now: datetime) -> bool:
    """A look without the write lock, for a sender that asks often."""
    return any([await _one_due(by, haste, now) for haste in HASTE.values()])


async def claim(by: By, now: datetime, at_most: int) -> list[dict[str, Any]]:
    """The hastiest first, then the oldest. The try is counted when it begins, and once only when a sender dies: how
    long the next pause is goes by what the service answered.
    """
    rows: list[dict[str, Any]] = []
    async with writing():
        shut = await closed(now)
        for haste in HASTE.values():
            if len(rows) < at_most and by not in shut:
                due = Delivery.select(*TAKEN).where(_due(by, haste, now))
                due = due.where(Delivery.device.not_in(devices_of(shut))) if shut else due
                due = due.order_by(Delivery.due_at, Delivery.id).limit(at_most - len(rows))
                rows += [dict(row) for row in await held(due, skip_locked=True)]
        await _lease([row for row in rows if row["leased_until"] is None], now, tries=1)
        await _lease([row for row in rows if row["leased_until"] is not None], now, tries=0)
    return rows


async def _lease(rows: Sequence[dict[str, Any]], now: datetime, *, tries: int) -> None:
    leased: dict[Any, Any] = {Delivery.leased_until: now + LEASE, Delivery.tries: Delivery.tries + tries}
    if rows:
        await Delivery.update(leased).where(one_of(Delivery.id, [row["id"] for row in rows]))
    for row in rows:
        row |= {"leased_until": now + LEASE, "tries": row["tries"] + tries}


async def renew(rows: Sequence[dict[str, Any]], now: datetime) -> None:
    """What is still under way stays ours for another lease; what somebody else took meanwhile stays theirs."""
    longer = now + LEASE
    async with writing():
        await hold(rows)
        kept = [
            row["id"]
            for leased_until, ours in _by_lease(rows)
            for row in await Delivery.update({Delivery.leased_until: longer})
            .where(_still(ours, leased_until))
            .returning(Delivery.id)
        ]
    for row in rows:
        row["leased_until"] = longer if row["id"] in kept else row["leased_until"]


async def end(rows: Sequence[dict[str, Any]], fate: Fate, now: datetime, *, answer: int = 0) -> None:
    """Only while the lease is ours: whoever took it after us knows better."""
    for leased_until, ours in _by_lease(rows):
        ended: dict[Any, Any] = {Delivery.fate: fate, Delivery.done_at: now, Delivery.answer: answer}
        ended[Delivery.leased_until] = None
        await Delivery.update(ended).where(_still(ours, leased_until))


async def postpone(rows: Sequence[tuple[dict[str, Any], datetime]]) -> None:
    """Not now, and no try of it."""
    for row, due_at in rows:
        anew: dict[Any, Any] = {Delivery.due_at: due_at, Delivery.leased_until: None, Delivery.tries: row["tries"] - 1}
        await Delivery.update(anew).where(_ours(row))


async def mark(outcomes: Sequence[tuple[dict[str, Any], Outcome]], now: datetime, random: Random) -> None:
    """What became of a handful, in one transaction."""
    by_answer: dict[tuple[Verdict, int], list[dict[str, Any]]] = {}
    for row, outcome in outcomes:
        by_answer.setdefault((outcome.verdict, outcome.answer), []).append(row)
    async with writing():
        await hold([row for row, _ in outcomes])
        for (verdict, answer), rows in sorted(by_answer.items()):
            await _ENDS[verdict](rows, answer, now)
        await let_rest(outcomes, now)
        for row, outcome in outcomes:
            if outcome.verdict in TRIED_AGAIN or (outcome.verdict is Verdict.refused and not row["device"]):
                await _later(row, outcome, now, random)
    worked = {(row["person"], row["by"]) for row, outcome in outcomes if outcome.verdict is Verdict.accepted}
    await _remember(sorted(worked), now)


async def _remember(worked: Sequence[tuple[int, str]], now: datetime) -> None:
    """By itself: a person who was erased while it rang must not undo what became of all others."""
    if worked:
        with suppress(Needed):
            async with writing():
                await _worked(json.dumps(worked), now)


async def _accepted(rows: Sequence[dict[str, Any]], answer: int, now: datetime) -> None:
    await end(rows, Fate.accepted, now, answer=answer)
    devices = [row["device"] for row in rows if row["device"]]
    if devices:
        await Device.update({Device.rang_at: now, Device.trouble: ""}).where(one_of(Device.id, devices))
    await works_again(rows)


async def _gone(rows: Sequence[dict[str, Any]], answer: int, now: datetime) -> None:
    """The subscription has ended: nothing else that waits for that device is tried."""
    await end(rows, Fate.gone, now, answer=answer)
    await drop_phones(one_of(Device.id, [row["device"] for row in rows if row["device"]]), now)
    await spread_again([row["id"] for row in rows])


async def _failed(rows: Sequence[dict[str, Any]], answer: int, now: datetime) -> None:
    await end(rows, Fate.failed, now, answer=answer)


async def _refused(rows: Sequence[dict[str, Any]], answer: int, now: datetime) -> None:
    """Something is wrong with us, not with the device: it stays, and the operator hears of it. What has no other road
    than the one that refuses all of us is tried again, since that may be mended in time.
    """
    rang = [row for row in rows if row["device"]]
    await end(rang, Fate.failed, now, answer=answer)
    if rang:
        await Device.update({Device.trouble: str(answer)}).where(one_of(Device.id, [row["device"] for row in rang]))
    await alarm(rows, str(answer), now)


async def _nothing_yet(rows: Sequence[dict[str, Any]], answer: int, now: datetime) -> None:
    pass


_ENDS = {
    Verdict.accepted: _accepted,
    Verdict.gone: _gone,
    Verdict.failed: _failed,
    Verdict.refused: _refused,
    Verdict.again: _nothing_yet,
    Verdict.wait: _nothing_yet,
}


async def _later(row: dict[str, Any], outcome: Outcome, now: datetime, random: Random) -> None:
    """A closed origin holds up all that go there; other trouble this one alone, each time for longer."""
    if outcome.pause is not None and outcome.verdict is Verdict.wait:
        await close_for(row, now + outcome.pause)
    due_at = now + (outcome.pause or pause(row["tries"], random))
    if due_at >= row["until"]:
        return await end([row], Fate.failed, now, answer=outcome.answer)
    anew: dict[Any, Any] = {Delivery.due_at: due_at, Delivery.leased_until: None, Delivery.answer: outcome.answer}
    await Delivery.update(anew).where(_ours(row))


def pause(tries: int, random: Random) -> timedelta:
    """Doubled with each try, and never the same for two: else all would come back together."""
    longest = min(LAST_PAUSE, FIRST_PAUSE * 2 ** min(tries - 1, 10))
    return timedelta(seconds=longest * (0.5 + random.random() / 2))


def _by_lease(rows: Sequence[dict[str, Any]]) -> list[tuple[datetime, list[dict[str, Any]]]]:
    leases = sorted({row["leased_until"] for row in rows})
    return [(lease, [row for row in rows if row["leased_until"] == lease]) for lease in leases]


def _still(rows: Sequence[dict[str, Any]], leased_until: datetime) -> Any:
    these = one_of(Delivery.id, [row["id"] for row in rows])
    return these & (Delivery.leased_until == leased_until) & Delivery.done_at.is_null()


def _ours(row: dict[str, Any]) -> Any:
    return _still([row], row["leased_until"])


def _due(by: By, haste: int, now: datetime) -> Any:
    free = Delivery.leased_until.is_null() | (Delivery.leased_until < now)
    at_once = (Delivery.by == by) & (Delivery.haste == haste) & (Delivery.due_at <= now)
    return at_once & Delivery.done_at.is_null() & Delivery.daily.eq(False) & free
