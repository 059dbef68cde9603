"""What somebody may do about an alert: one answer for the page's buttons, the same as the deeds themselves give."""

from datetime import datetime
from enum import StrEnum

from app.features.accounts import rules as accounts
from app.features.accounts.rules import Viewer
from app.features.alerts.rules.reach import leads
from app.features.alerts.rules.sending import may_approve
from app.features.alerts.tables import Alert, Level, Stage
from app.features.people.tables import Kind as RoleKind


class Act(StrEnum):
    send = "send"
    edit = "edit"
    drop = "drop"
    approve = "approve"
    alone = "alone"
    speak = "speak"
    lead = "lead"


async def acts(alert: Alert, by: Viewer, *, now: datetime) -> frozenset[Act]:
    may = {Act.lead} if leads(by) else set()
    declares = by.is_active and by.is_a(RoleKind.coordinator)
    if declares and alert.stage == Stage.draft:
        may |= {Act.send, Act.edit, Act.drop}
    if declares and alert.stage == Stage.active:
        may.add(Act.speak)
    if alert.stage == Stage.waiting:
        if await may_approve(alert, by, now=now):
            may.add(Act.approve)
        if declares:
            may.add(Act.drop)
        if declares and alert.made_by == by.id:
            may.add(Act.alone)
    return frozenset(may)


def proof_is_stale(alert: Alert, by: Viewer, *, now: datetime) -> bool:
    """Whoever sends or approves has shown within five minutes that it is them; alone, since the others were asked."""
    if by.demo:
        return False
    if not accounts.is_fresh(by, now):
        return True
    since = alert.asked_at
    return alert.made_by == by.id and alert.stage == Stage.waiting and since is not None and by.proved_at <= since


def second_factor_lacks(alert: Alert, by: Viewer) -> bool:
    return alert.level != Level.notice and not accounts.is_strong(by)
