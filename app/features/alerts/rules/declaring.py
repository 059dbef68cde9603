"""What an alert will say, to whom and until when: a draft, until somebody sends it."""

import json
import secrets
from datetime import datetime
from typing import Any

from app.db import writing
from app.features.alerts.rules.audience import Whom
from app.features.alerts.rules.composing import Plan, Steps, must_fit
from app.features.alerts.rules.reach import held_alert, must_declare
from app.features.alerts.rules.telling import areas_of
from app.features.alerts.tables import Alert, AlertArea, Category, Kind, Level, Stage
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.kit import audit
from app.kit.refusals import Refusal, Taken
from app.kit.words import say

FASTER = say("Somebody was faster. Please look again.")


async def draft(plan: Plan, *, by: Neighbour, now: datetime) -> int:
    must_declare(by)
    await fits(plan, now)
    async with writing():
        made = Alert(token=secrets.token_urlsafe(32), made_by=by.id, made_at=now, **_columns(plan))
        await made.save()
        await _put_areas(made.id, plan)
        await note("alert drafted", made, by, now)
        return int(made.id)


async def change(id: int, plan: Plan, *, by: Neighbour, now: datetime) -> None:
    """As long as it is a draft; the kind stays what it was (E 49)."""
    must_declare(by)
    await fits(plan, now)
    async with writing():
        alert = await held_alert(id)
        if alert.stage != Stage.draft:
            raise Taken(FASTER)
        if plan.kind != alert.kind:
            raise Refusal(say("What began as an exercise stays one. Begin anew."), beside="kind")
        await Alert.update(_columns(plan)).where(Alert.id == id)
        await AlertArea.delete().where(AlertArea.alert == id)
        await _put_areas(id, plan)
        await note("alert changed", alert, by, now)


async def drop(id: int, *, by: Neighbour, now: datetime) -> None:
    """Never mind: a draft, or one that waits for a second person."""
    must_declare(by)
    async with writing():
        alert = await held_alert(id)
        if alert.stage not in (Stage.draft, Stage.waiting):
            raise Taken(FASTER)
        await Alert.update({Alert.stage: Stage.dropped}).where(Alert.id == id)
        await notices.withdraw(asking_key(id))
        await note("alert dropped", alert, by, now)


async def plan_of(alert: Alert) -> Plan:
    return Plan(
        kind=Kind(alert.kind),
        level=Level(alert.level),
        category=Category(alert.category),
        headlines=json.loads(alert.headlines),
        bodies=json.loads(alert.bodies),
        until_at=alert.until_at,
        areas=tuple(await areas_of(alert.id)),
        whom=whom_of(alert),
        roll_call=alert.roll_call,
        public=alert.public,
        texts=alert.texts,
        source=alert.source,
        source_url=alert.source_url,
        steps=steps_of(alert),
    )


def whom_of(alert: Alert) -> Whom:
    known = json.loads(alert.whom)
    lists = {name: tuple(known.get(name, ())) for name in ("roles", "skills", "languages")}
    return Whom(**lists, needs=bool(known.get("needs")))


def steps_of(alert: Alert) -> Steps:
    known = json.loads(alert.steps)
    return Steps(tuple(known["again"]), known["others"], known["knock"]) if known else Steps()


def _columns(plan: Plan) -> dict[Any, Any]:
    whom, steps = plan.whom, plan.steps
    narrowed = {"roles": whom.roles, "skills": whom.skills, "languages": whom.languages, "needs": whom.needs}
    return {
        "kind": plan.kind,
        "level": plan.level,
        "category": plan.category,
        "headlines": json.dumps({tag: typed.strip() for tag, typed in plan.headlines.items()}, ensure_ascii=False),
        "bodies": json.dumps({tag: typed.strip() for tag, typed in plan.bodies.items()}, ensure_ascii=False),
        "whom": json.dumps(narrowed),
        "steps": json.dumps({"again": steps.again, "others": steps.others, "knock": steps.knock}),
        "source": plan.source,
        "source_url": plan.source_url,
        "roll_call": plan.roll_call,
        "public": plan.public,
        "texts": plan.texts,
        "until_at": plan.until_at,
    }


async def fits(plan: Plan, now: datetime) -> None:
    here = await community.here()
    must_fit(plan, here.languages[:2] if here else (), now)


async def _put_areas(id: int, plan: Plan) -> None:
    for area in dict.fromkeys(plan.areas):
        await community.area(area)
        await AlertArea.insert(AlertArea(alert=id, area=area))


async def note(did: str, alert: Alert, by: Neighbour | None, now: datetime) -> None:
    await audit.note(did, who=by.id if by else None, about=f"alert:{alert.id}", now=now)


def asking_key(id: int) -> str:
    """Of what asks for a second person: withdrawn as soon as nobody need answer."""
    return f"alert:{id}:approval"
