"""Counting an alert up from its rows: when it has ended, and once more before they are destroyed."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct, structs

from app.db import prepared_sql, writing
from app.features.alerts.rules.came_of import helped, minutes_between, needs_of
from app.features.alerts.rules.counting import look_of
from app.features.alerts.rules.delivery import all_roads
from app.features.alerts.rules.figures import (
    FEW,
    Figures,
    InArea,
    Step,
    Way,
    blurred,
    curve_of,
    times_to,
)
from app.features.alerts.rules.reach import held_alert
from app.features.alerts.rules.telling import FIRST, thread_of
from app.features.alerts.tables import Alert
from app.features.community import rules as community
from app.features.community.rules import AreaRow

SETTLED = timedelta(minutes=10)  # after the end: what the roads still answer has come by then


class _Home(Struct):
    area: int | None
    people: int
    help: int
    silent: int
    away: int
    heard_at: datetime | None
    said_at: datetime | None


# Reached: a road's other side took it, or it was opened here, or somebody answered; each before the end.
_homes = prepared_sql(
    "WITH heard AS (SELECT person, min(at) AS at FROM (SELECT notices.person, deliveries.done_at AS at FROM notices "
    "JOIN deliveries ON deliveries.notice = notices.id WHERE notices.thread = {1} AND notices.made_at < {2} "
    "AND deliveries.fate IN ('accepted', 'together') AND deliveries.done_at <= {2} UNION ALL SELECT notices.person, "
    "notices.read_at AS at FROM notices WHERE notices.thread = {1} AND notices.read_at <= {2}) AS each_time "
    "GROUP BY person), said AS (SELECT alert_answers.recipient, min(alert_answers.at) AS at FROM alert_answers "
    "JOIN alert_recipients ON alert_recipients.id = alert_answers.recipient WHERE alert_recipients.alert = {0} "
    "AND alert_answers.undone_at IS NULL GROUP BY alert_answers.recipient) "
    "SELECT min(alert_recipients.area) AS area, count(*) AS people, "
    "count(CASE WHEN alert_recipients.answer = 'help' THEN 1 END) AS help, "
    "count(CASE WHEN alert_recipients.answer = '' THEN 1 END) AS silent, "
    "count(CASE WHEN alert_recipients.answer = 'away' THEN 1 END) AS away, "
    "min(heard.at) AS heard_at, min(CASE WHEN alert_recipients.answer <> '' THEN said.at END) AS said_at "
    "FROM alert_recipients LEFT JOIN heard ON heard.person = alert_recipients.person "
    "LEFT JOIN said ON said.recipient = alert_recipients.id WHERE alert_recipients.alert = {0} "
    "GROUP BY COALESCE(alert_recipients.household, -alert_recipients.person)",
    _Home,
)
_steps = prepared_sql(
    "SELECT key AS name, min(made_at) AS at, count(*) AS people FROM notices WHERE thread = {} AND key NOT LIKE {} "
    "AND key LIKE {} GROUP BY key ORDER BY 2, 1",
    Step,
)


async def figures_of(alert: Alert) -> Figures:
    """As they were kept, or counted now. What is done for those who needed help goes on after the end."""
    kept = kept_figures(alert)
    if kept is None:
        return await counted(alert)
    return kept if kept.blurred else structs.replace(kept, needs=helped(await needs_of(alert.id)))


def kept_figures(alert: Alert) -> Figures | None:
    return msgspec.json.decode(alert.tally, type=Figures) if len(alert.tally) > len("{}") else None


async def keep_figures(alert_id: int, now: datetime) -> None:
    """By the clock, a little after the end. Twice counts nothing twice. Counted before anybody has to wait for it."""
    alert = await Alert.objects().where(Alert.id == alert_id).first()
    if alert is None or alert.ended_at is None:
        return
    figures = await counted(alert)
    async with writing():
        alert = await held_alert(alert_id)
        if alert.destroyed_at is None:
            await _write(alert, figures)


async def blur_figures(alert: Alert) -> None:
    """In the transaction that destroys the rows: from now on there is nothing else to count from."""
    await _write(alert, blurred(await figures_of(alert)))


async def _write(alert: Alert, figures: Figures) -> None:
    await Alert.update({Alert.tally: msgspec.json.encode(figures).decode()}).where(Alert.id == alert.id)


async def counted(alert: Alert) -> Figures:
    since, until = alert.sent_at or alert.made_at, alert.ended_at or alert.until_at
    thread = thread_of(alert.id)
    homes = list(await _homes(alert.id, thread, until))
    reached = [_minutes(since, each.heard_at, each.said_at) for each in homes]
    answered = [_minutes(since, each.said_at) for each in homes]
    states = defaultdict[str, int](int)
    for each in homes:
        states[look_of(each.people, each.help, each.silent, each.away)] += 1
    roads = [Way(each.by, each.targeted, each.accepted, each.failed + each.gone) for each in await all_roads(alert)]
    return Figures(
        homes=len(homes),
        people=sum(each.people for each in homes),
        minutes=minutes_between(since, until),
        reached=curve_of(each for each in reached if each is not None),
        answered=curve_of(each for each in answered if each is not None),
        states=dict(states),
        roads=roads,
        areas=await _areas([each.area for each in homes], reached, answered),
        steps=[_named(each) for each in await _steps(thread, f"{FIRST}%", f"alert:{alert.id}:%")],
        needs=helped(await needs_of(alert.id)),
    )


async def _areas(where: list[int | None], reached: list[int | None], answered: list[int | None]) -> list[InArea]:
    """Every area with five doors or more, in the order of the tree; what is smaller counts in what contains it."""
    areas = {each.id: each for each in _flat(await community.tree())}
    doors: dict[int, list[int]] = {id: [] for id in areas}
    for place, area in enumerate(where):
        while area in areas:
            doors[area].append(place)
            area = areas[area].parent
    return [_area(areas[id], there, reached, answered) for id, there in doors.items() if len(there) >= FEW]


def _area(area: AreaRow, doors: list[int], reached: list[int | None], answered: list[int | None]) -> InArea:
    heard = [reached[each] for each in doors if reached[each] is not None]
    said = [minute for each in doors if (minute := answered[each]) is not None]
    times = times_to(curve_of(said), len(doors))
    return InArea(area.id, area.parent, area.kind, area.name, len(doors), len(heard), len(said), times)


def _flat(branches: list[Any]) -> Iterator[AreaRow]:
    for branch in branches:
        yield branch.area
        yield from _flat(branch.inside)


def _named(step: Step) -> Step:
    return structs.replace(step, name=step.name.split(":", 2)[2])


def _minutes(since: datetime, *moments: datetime | None) -> int | None:
    known = [each for each in moments if each is not None]
    return minutes_between(since, min(known)) if known else None
