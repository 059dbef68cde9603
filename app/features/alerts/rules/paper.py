"""The doors of an area on paper, with the last answers: to walk the stairs when nothing else works (E 42)."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.alerts.rules.board import may_look_at
from app.features.alerts.rules.counting import look_of
from app.features.alerts.tables import Alert
from app.features.community.rules import AreaRow
from app.features.people.rules import Neighbour


class OnPaper(Struct):
    household: int
    address: str
    person: int
    name: str
    answer: str
    answered_at: datetime | None
    first: bool


class DoorOnPaper(Struct):
    household: int
    address: str
    people: list[OnPaper]

    @property
    def look(self) -> str:
        counts = [sum(each.answer == answer for each in self.people) for answer in ("help", "", "away")]
        return look_of(len(self.people), *counts)

    @property
    def first(self) -> bool:
        return any(each.first for each in self.people)


class Paper(Struct):
    area: AreaRow
    line: list[AreaRow]
    doors: list[DoorOnPaper]


_people = prepared_sql(
    "SELECT households.id AS household, households.address, alert_recipients.person, people.name, "
    "alert_recipients.answer, alert_recipients.answered_at, alert_recipients.first FROM alert_recipients "
    "JOIN people ON people.id = alert_recipients.person JOIN households ON households.id = alert_recipients.household "
    "JOIN areas ON areas.id = households.area WHERE alert_recipients.alert = {0} AND alert_recipients.area IN ("
    "SELECT id FROM (WITH RECURSIVE inside (id) AS (SELECT id FROM areas WHERE id = {1} "
    "UNION SELECT areas.id FROM areas JOIN inside ON areas.parent = inside.id) SELECT id FROM inside) AS there) "
    "ORDER BY areas.sort, areas.name, length(households.address), households.address, alert_recipients.id",
    OnPaper,
)


async def paper(alert: Alert, area_id: int, *, by: Neighbour) -> Paper:
    """Missing outside of what a steward looks after. Door after door, from the lowest floor up."""
    line = await may_look_at(area_id, by=by)
    doors: dict[int, DoorOnPaper] = {}
    for each in await _people(alert.id, area_id):
        doors.setdefault(each.household, DoorOnPaper(each.household, each.address, [])).people.append(each)
    return Paper(line[-1], line[:-1], list(doors.values()))
