"""Keeping the data of an incident longer: with a reason, in somebody's name, until a day. By itself it ends."""

from datetime import date, datetime, time, timedelta
from typing import Any

from app.db import writing
from app.features.accounts import rules as accounts
from app.features.accounts.rules import Viewer
from app.features.alerts.rules.declaring import note
from app.features.alerts.rules.destroying import DESTROYED_AFTER
from app.features.alerts.rules.reach import held_alert
from app.features.alerts.tables import Alert, Stage
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.kit.refusals import NotYours, Refusal, Several, Taken
from app.kit.words import say

LONGEST = 400
FURTHEST = timedelta(days=365)


def may_hold(by: Neighbour) -> bool:
    """Administrators answer for the data."""
    return by.is_active and by.is_a(RoleKind.administrator)


def goes_on(alert: Alert) -> datetime | None:
    """When its personal data go, as things stand; None where they are gone, or it is not over."""
    if alert.ended_at is None or alert.destroyed_at is not None:
        return None
    usual: datetime = alert.ended_at + DESTROYED_AFTER
    return max(usual, alert.hold_until_at) if alert.held_at and alert.hold_until_at else usual


async def hold(id: int, reason: str, until_on: date | None, *, by: Viewer, now: datetime) -> None:
    """Everybody whom the alert went to reads the reason and the day on its page. A new one replaces the old one."""
    must_hold(by)
    accounts.must_be_strong(by, path=f"/alerts/{id}/report")
    until_at = await _fits(reason, until_on, now)
    async with writing():
        alert = await held_alert(id)
        if alert.stage != Stage.ended or alert.destroyed_at is not None:
            raise Taken(say("There is nothing to keep: it is not over, or its data are gone."))
        values: dict[Any, Any] = {Alert.hold_reason: reason.strip(), Alert.held_by: by.id, Alert.held_at: now}
        await Alert.update(values | {Alert.hold_until_at: until_at}).where(Alert.id == id)
        await note("incident held", alert, by, now)


async def lift(id: int, *, by: Neighbour, now: datetime) -> None:
    """From then on its usual time holds; where that is over, it goes with the next round."""
    must_hold(by)
    async with writing():
        alert = await held_alert(id)
        if alert.held_at is None:
            raise Taken(say("It is not held any more."))
        values: dict[Any, Any] = {Alert.hold_reason: "", Alert.held_by: None, Alert.held_at: None}
        await Alert.update(values | {Alert.hold_until_at: None}).where(Alert.id == id)
        await note("hold of an incident lifted", alert, by, now)


def must_hold(by: Neighbour) -> None:
    if not may_hold(by):
        raise NotYours(say("Administrators do this: they answer for the data."))


async def _fits(reason: str, until_on: date | None, now: datetime) -> datetime:
    """The end of that day on the community's clock."""
    wrong, today, here = [], await community.today(now), await community.here()
    if not reason.strip():
        wrong.append(Refusal(say("Please say why: everybody whom it concerns reads it."), beside="reason"))
    elif len(reason.strip()) > LONGEST:
        wrong.append(Refusal(say("At most %(most)s characters, please.", most=LONGEST), beside="reason"))
    if until_on is None or not today < until_on <= today + FURTHEST:
        wrong.append(Refusal(say("Until which day? Within a year, please."), beside="until_on"))
    if wrong or until_on is None or here is None:
        raise Several(wrong)
    return datetime.combine(until_on + timedelta(days=1), time(), here.clock)
