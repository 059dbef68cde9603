"""Doors at which nobody has answered: a knock each, opened at its time, called off as soon as somebody answers.

The knock is a need of the house, for officers alone (see `help.rules.by_the_house`): no neighbour reads whose door is
silent. Each steward hears once how many doors wait for them.
"""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.alerts.rules.composing import Steps
from app.features.alerts.rules.reach import held_alert
from app.features.alerts.rules.words import BOARDS, RINGS, TOPIC, marked, path_of
from app.features.alerts.tables import Alert, Kind, Level, Stage
from app.features.help import rules as help
from app.features.help.rules import Opening
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.tables import Kind as RoleKind
from app.kit import changes, later
from app.kit.words import Sentence, say, say_n

KNOCK = "knock"
AT_ONCE, A_LITTLE = 500, timedelta(minutes=1)
ANSWERED = say("They have answered: nobody needs to knock there any more. Thank you.")
OVER = say("It is over: nobody needs to come any more. Thank you.")


class Silent(Struct):
    """A household of which nobody has said a word. `area` and people as they were when the alert was sent."""

    household: int
    area: int
    address: str
    people: int


class _Id(Struct):
    id: int


class Count(Struct):
    id: int
    doors: int


# ruff: noqa: S608 (all of these words are ours)
_silent = prepared_sql(
    "SELECT alert_recipients.household, COALESCE(min(alert_recipients.area), households.area) AS area, "
    "households.address, count(*) AS people FROM alert_recipients "
    "JOIN households ON households.id = alert_recipients.household WHERE alert_recipients.alert = {0} "
    "AND NOT EXISTS (SELECT 1 FROM alert_needs WHERE alert_needs.alert = {0} AND alert_needs.knock "
    "AND alert_needs.household = alert_recipients.household) "
    "GROUP BY alert_recipients.household, households.area, households.address "
    "HAVING max(alert_recipients.answer) = '' ORDER BY households.area, alert_recipients.household",
    Silent,
)
# PostgreSQL looks through a long list for each row anew, unless it is a table.
_AMONG = {
    "sqlite": "IN (SELECT value FROM json_each({1}))",
    "postgres": "IN (SELECT unnest(CAST({1} AS integer[])))",
}
# Held, so that an answer under way is first, or waits until its door can be called off.
_HOLD = "SELECT id FROM alert_recipients WHERE alert = {0} AND household among ORDER BY id"
_hold = prepared_sql(
    {"sqlite": _HOLD.replace("among", _AMONG["sqlite"]), "postgres": f"{_HOLD.replace('among', _AMONG['postgres'])} "
     "FOR UPDATE"},
    _Id,
)  # fmt: skip
_ANSWERED = (
    "SELECT DISTINCT household AS id FROM alert_recipients WHERE alert = {0} AND answer <> '' AND household among"
)
_answered = prepared_sql({engine: _ANSWERED.replace("among", among) for engine, among in _AMONG.items()}, _Id)
_FILE = (
    "INSERT INTO alert_needs (alert, household, need, knock, made_at) SELECT {one}, household, id, {yes}, {at} "
    "FROM needs WHERE id among RETURNING id"
)
_file = prepared_sql(
    {
        "sqlite": _FILE.format(one="{0}", yes="1", at="{2}").replace("among", _AMONG["sqlite"]),
        "postgres": _FILE.format(
            one="CAST({0} AS integer)", yes="true", at="CAST({2} AS timestamptz)"
        ).replace("among", _AMONG["postgres"]),
    },
    _Id,
)  # fmt: skip
_KEPT = (
    "WITH RECURSIVE kept (person, area) AS (SELECT roles.person, roles.area FROM roles "
    "JOIN people ON people.id = roles.person AND people.state = 'active' WHERE roles.kind = 'steward' AND "
    + people.counts("{1}")
    + " UNION SELECT kept.person, areas.id FROM areas JOIN kept ON areas.parent = kept.area) "
)
_by_steward = prepared_sql(
    _KEPT + "SELECT kept.person AS id, count(*) AS doors FROM kept JOIN needs ON needs.area = kept.area "
    "WHERE needs.origin = {0} AND needs.stage = 'open' GROUP BY kept.person ORDER BY kept.person",
    Count,
)
_nobodys = prepared_sql(
    _KEPT + "SELECT 0 AS id, count(*) AS doors FROM needs WHERE needs.origin = {0} AND needs.stage = 'open' "
    "AND needs.area NOT IN (SELECT area FROM kept WHERE area IS NOT NULL)",
    Count,
)


def origin_of(alert: int) -> str:
    """What the need of a door is known by; a household has one of each."""
    return f"alert:{alert}:{KNOCK}"


def page_of(alert: int, household: int) -> str:
    return f"{path_of(alert)}/doors/{household}"


async def knock(alert_id: int, now: datetime) -> None:
    """By the clock. A worker that dies in the middle is followed by one that goes on; nobody is told twice."""
    silent = await _silent(alert_id)
    for some in (silent[start : start + AT_ONCE] for start in range(0, len(silent), AT_ONCE)):
        if not await _open_some(alert_id, some, now):
            return
    await _tell_officers(alert_id, now)


async def _open_some(alert_id: int, silent: list[Silent], now: datetime) -> bool:
    async with writing():
        alert = await held_alert(alert_id)
        if alert.stage != Stage.active or alert.until_at <= now:
            return False
        homes = [each.household for each in silent]
        await _hold(alert_id, homes)
        spoke = {row.id for row in await _answered(alert_id, homes)}
        doors = [_opening(alert, each) for each in silent if each.household not in spoke]
        urgency = RINGS[Level(alert.level)]
        opened = await help.open_all(origin_of(alert_id), doors, urgency=urgency, now=now)
        await _file(alert_id, [each.id for each in opened], now)
        return True


def _opening(alert: Alert, home: Silent) -> Opening:
    since: Any = alert.sent_at
    words = say_n(
        "Knock at %(door)s: silent since %(since)s, one person",
        "Knock at %(door)s: silent since %(since)s, %(n)s people",
        home.people,
        door=home.address,
        since=since,
    )
    return Opening(home.household, home.area, marked(Kind(alert.kind), words), page_of(alert.id, home.household))


async def _tell_officers(alert_id: int, now: datetime) -> None:
    """Each once, with a count: stewards of what is theirs, coordinators of what is nobody's."""
    async with writing():
        alert = await held_alert(alert_id)
        if alert.stage != Stage.active:
            return
        for each in await _by_steward(origin_of(alert_id), now):
            waits = say_n(
                "One door waits for a knock in your area",
                "%(n)s doors wait for a knock in your area",
                each.doors,
            )
            await _tell(alert, [each.id], waits, now)
        left = await _nobodys.first(origin_of(alert_id), now)
        if left and left.doors:
            waits = say_n(
                "One door waits for a knock where nobody is steward",
                "%(n)s doors wait for a knock where nobody is steward",
                left.doors,
            )
            await _tell(alert, await people.officers(RoleKind.coordinator, now=now), waits, now)
        await changes.announce(BOARDS)


async def _tell(alert: Alert, whom: Collection[int], waits: Sentence, now: datetime) -> None:
    await notices.tell_all(
        whom,
        marked(Kind(alert.kind), waits),
        path=f"{path_of(alert.id)}/knocks",
        now=now,
        topic=TOPIC,
        urgency=RINGS[Level(alert.level)],
        until=alert.until_at,
        key=origin_of(alert.id),
        thread=origin_of(alert.id),
        frugal=not alert.texts,
    )


def may_be_out(sent_at: datetime, steps: str, now: datetime) -> bool:
    """Before its time no door has a knock, and none is looked for. Clocks of two hosts may differ a little."""
    due = _due(sent_at, steps)
    return due is not None and due - A_LITTLE <= now


def may_be_knocked(alert: Alert, now: datetime) -> bool:
    return alert.stage == Stage.active and may_be_out(alert.sent_at, alert.steps, now)


def due(alert: Alert) -> datetime | None:
    """When doors that are silent then are knocked at; None where nobody is sent to any."""
    return _due(alert.sent_at, alert.steps) if alert.sent_at else None


def _due(sent_at: datetime, steps: str) -> datetime | None:
    minutes = json.loads(steps).get(KNOCK, Steps().knock)
    return sent_at + timedelta(minutes=minutes) if minutes else None


async def answered(alert: int, households: Collection[int | None], *, but: int | None, now: datetime) -> None:
    """Within the answer's transaction: whoever is on the way to that door hears so."""
    homes = {each for each in households if each is not None}
    if homes:
        await help.call_off(origin_of(alert), ANSWERED, households=homes, but=but, now=now)


async def silent_again(alert: int, households: Collection[int | None], now: datetime) -> None:
    """An answer was undone, within that deed's transaction: where nobody has spoken, somebody knocks after all."""
    homes = {each for each in households if each is not None}
    spoke = {row.id for row in await _answered(alert, sorted(homes))}
    await help.resume(origin_of(alert), homes - spoke, now=now)
    found: Any = await Alert.objects().where(Alert.id == alert).first()
    if (due := _due(found.sent_at, found.steps)) is not None:
        key = f"alert:{alert}:step:{KNOCK}"
        await later.at(max(due, now), "alerts.step", key=key, again=True, alert=alert, step=KNOCK)


async def nobody_need_come(alert: int, now: datetime) -> None:
    """Within the transaction that ends it."""
    await help.call_off(origin_of(alert), OVER, now=now)
    await help.call_off(asking_of(alert), OVER, now=now)
    await notices.end_thread(origin_of(alert), now)


def asking_of(alert: int) -> str:
    """What those are known by who are asked because they can do something."""
    return f"alert:{alert}:ask"
