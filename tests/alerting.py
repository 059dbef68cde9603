"""Alerts for tests: a plan that fits, somebody who sits at a browser, and an alert that is out."""

from datetime import timedelta

from msgspec import structs

from app.features.accounts.rules import Viewer
from app.features.alerts import rules
from app.features.alerts.rules import Plan
from app.features.alerts.tables import Alert, Category, Kind, Level, Message
from app.features.people.tables import Kind as RoleKind
from app.kit import later
from tests.makers import NOON, a_person

WORDS = {Kind.real: "real", Kind.exercise: "exercise", Kind.test: "test"}


def a_plan(**said) -> Plan:
    usual = {
        "kind": Kind.real,
        "level": Level.urgent,
        "category": Category.water,
        "headlines": {"zh-Hans": "停水：全小区，约四小时", "en": "No water, about four hours"},
        "bodies": {"zh-Hans": "主管爆裂，抢修中。请先接满饮用水。", "en": "A main burst. Fill what you need to drink."},
        "until_at": NOON + timedelta(hours=4),
    }
    return Plan(**{**usual, **said})


def looking(person, at=NOON) -> Viewer:
    """That neighbour in a browser, who has just shown who they are, with the second factor."""
    return Viewer(**structs.asdict(person) | {"proved_at": at, "second_at": at, "has_second": True})


async def a_coordinator(**said) -> Viewer:
    return looking(await a_person(role=RoleKind.coordinator, **said))


async def an_alert(*, by=None, told=True, now=NOON, **said) -> int:
    """Out, approved where it must be, and everybody told unless `told=False`."""
    by = by or await a_coordinator()
    plan = a_plan(**{"until_at": now + timedelta(hours=4), **said})
    alert = await rules.draft(plan, by=by, now=now)
    await rules.send(alert, WORDS[plan.kind], by=looking(by, now), now=now)
    if plan.level == Level.critical and plan.kind != Kind.test:
        second = await a_coordinator()
        await rules.approve(alert, WORDS[plan.kind], by=looking(second, now), now=now)
    if told:
        await run(now)
    return alert


async def run(now) -> None:
    """What the worker does at that moment."""
    from app.house import JOBS

    while await later.run_due(JOBS, now):
        pass


async def stage(alert: int) -> str:
    return (await Alert.select(Alert.stage).where(Alert.id == alert).first())["stage"]


async def said(alert: int) -> list[str]:
    rows = await Message.select(Message.type).where(Message.alert == alert).order_by(Message.id)
    return [row["type"] for row in rows]
