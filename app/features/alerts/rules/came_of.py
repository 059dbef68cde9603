"""Needs that came of an alert, and how long each took from being asked to being taken, and done."""

from datetime import datetime, timedelta
from math import ceil

from msgspec import Struct

from app.db import prepared_sql
from app.features.alerts.rules.figures import Helped, middle
from app.features.alerts.rules.knocking import asking_of
from app.features.help.tables import Stage

DONE = (Stage.done, Stage.confirmed)


class CameOf(Struct):
    """A need that came of an alert, and when it was first taken, and last done."""

    id: int
    kind: str
    stage: str
    knock: bool
    area: int | None
    asked_at: datetime
    taken_at: datetime | None
    done_at: datetime | None

    @property
    def taken_in(self) -> int | None:
        return minutes_between(self.asked_at, self.taken_at) if self.taken_at else None

    @property
    def done_in(self) -> int | None:
        return minutes_between(self.asked_at, self.done_at) if self.done_at and self.stage in DONE else None


# ruff: noqa: S608 (all of these words are ours)
_WHEN = (
    "needs.asked_at, (SELECT min(need_steps.at) FROM need_steps WHERE need_steps.need = needs.id "
    "AND need_steps.did = 'taken') AS taken_at, (SELECT max(need_steps.at) FROM need_steps "
    "WHERE need_steps.need = needs.id AND need_steps.did = 'done') AS done_at "
)
_needs = prepared_sql(
    "SELECT needs.id, needs.kind, needs.stage, alert_needs.knock, COALESCE(alert_recipients.area, households.area) "
    f"AS area, {_WHEN} FROM alert_needs JOIN needs ON needs.id = alert_needs.need LEFT JOIN alert_recipients "
    "ON alert_recipients.id = alert_needs.recipient LEFT JOIN households ON households.id = alert_needs.household "
    "WHERE alert_needs.alert = {0} UNION ALL SELECT needs.id, needs.kind, needs.stage, (1 = 0) AS knock, "
    f"COALESCE(needs.area, households.area) AS area, {_WHEN} FROM needs "
    "LEFT JOIN households ON households.id = needs.household WHERE needs.origin = {1} ORDER BY 1",
    CameOf,
)


async def needs_of(alert_id: int) -> list[CameOf]:
    """What its people asked for, doors that were knocked at, and whoever was asked for their skill."""
    return list(await _needs(alert_id, asking_of(alert_id)))


def helped(needs: list[CameOf]) -> Helped:
    taken = [each.taken_in for each in needs if each.taken_in is not None]
    done = [each.done_in for each in needs if each.done_in is not None]
    knocks = sum(each.knock for each in needs)
    return Helped(len(needs) - knocks, knocks, len(taken), len(done), middle(taken), middle(done))


def minutes_between(since: datetime, until: datetime) -> int:
    """Begun minutes: within the first is 1, at once is 0."""
    return max(0, ceil((until - since) / timedelta(minutes=1)))
