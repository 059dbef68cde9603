"""How far the alert has got: by road and by area, as each other side answered. Accepted is not delivered, and not read.

Counted in people: on a road somebody is accepted as soon as one of their phones is, else waiting, failed, gone.
"""

from msgspec import Struct

from app.db import prepared_sql
from app.features.alerts.rules.board import kept_by, must_see_boards, sees_all
from app.features.alerts.rules.telling import thread_of
from app.features.alerts.tables import Alert
from app.features.community import rules as community
from app.features.notices.tables import By
from app.features.people.rules import Neighbour
from app.kit.words import Sentence


class OnRoad(Struct):
    """The people of the snapshot on one road: to how many something goes, and what became of it."""

    by: By
    targeted: int
    accepted: int
    waiting: int
    failed: int
    gone: int
    over: int


class InArea(Struct):
    """The people of an area and everything inside it; `nobody` have no road at all."""

    id: int
    kind: str
    name: str
    targeted: int
    told: int
    accepted: int
    nobody: int
    seen: int
    answered: int

    @property
    def label(self) -> Sentence:
        return community.label(self.kind, self.name)


class Panel(Struct):
    """`told` of `targeted` have been rung so far; `seen` opened it in the app."""

    whole: InArea
    roads: list[OnRoad]
    areas: list[InArea]


# ruff: noqa: S608 (all of these words are ours)
_INSIDE = (
    "WITH RECURSIVE standing (area, top) AS (SELECT id, id FROM areas WHERE {where} UNION ALL "
    "SELECT areas.id, standing.top FROM areas JOIN standing ON areas.parent = standing.area), "
    "whom AS (SELECT alert_recipients.person, alert_recipients.answer, standing.top FROM alert_recipients "
    "{join} JOIN standing ON standing.area = alert_recipients.area WHERE alert_recipients.alert = {0}), "
    "rang AS (SELECT notices.person, notices.id, notices.read_at, notices.spread_at FROM notices "
    "WHERE notices.thread = {1}), "
)
_ROADS = (
    _INSIDE + "fates AS (SELECT rang.person, deliveries.by AS by, "
    "max(CASE deliveries.fate WHEN 'accepted' THEN 5 WHEN 'together' THEN 5 WHEN 'waiting' THEN 4 WHEN 'failed' THEN 3 "
    "WHEN 'gone' THEN 2 ELSE 1 END) AS best FROM rang JOIN deliveries ON deliveries.notice = rang.id "
    "WHERE rang.person IN (SELECT person FROM whom) GROUP BY rang.person, deliveries.by) "
    "SELECT by, count(*) AS targeted, count(CASE best WHEN 5 THEN 1 END) AS accepted, "
    "count(CASE best WHEN 4 THEN 1 END) AS waiting, count(CASE best WHEN 3 THEN 1 END) AS failed, "
    "count(CASE best WHEN 2 THEN 1 END) AS gone, count(CASE best WHEN 1 THEN 1 END) AS over FROM fates "
    "GROUP BY by ORDER BY by"
)
_AREAS = (
    _INSIDE + "heard AS (SELECT rang.person, max(CASE WHEN rang.read_at IS NOT NULL THEN 1 ELSE 0 END) AS seen, "
    "max(CASE WHEN rang.spread_at IS NOT NULL THEN 1 ELSE 0 END) AS told, "
    "max(CASE WHEN EXISTS (SELECT 1 FROM deliveries WHERE deliveries.notice = rang.id "
    "AND deliveries.fate IN ('accepted', 'together')) THEN 1 ELSE 0 END) AS accepted, "
    "max(CASE WHEN EXISTS (SELECT 1 FROM deliveries WHERE deliveries.notice = rang.id) THEN 1 ELSE 0 END) AS road "
    "FROM rang GROUP BY rang.person) "
    "SELECT COALESCE(areas.id, 0) AS id, COALESCE(areas.kind, '') AS kind, COALESCE(areas.name, '') AS name, "
    "count(*) AS targeted, COALESCE(sum(told), 0) AS told, COALESCE(sum(accepted), 0) AS accepted, "
    "count(CASE WHEN told = 1 AND road = 0 THEN 1 END) AS nobody, COALESCE(sum(seen), 0) AS seen, "
    "count(CASE WHEN whom.answer <> '' THEN 1 END) AS answered FROM whom LEFT JOIN areas ON areas.id = whom.top "
    "LEFT JOIN heard ON heard.person = whom.person GROUP BY areas.id, areas.kind, areas.name, areas.sort "
    "ORDER BY areas.sort, areas.name"
)
_AMONG = {"sqlite": "IN (SELECT value FROM json_each({2}))", "postgres": "= ANY(CAST({2} AS integer[]))"}


def _texts(text: str) -> tuple[str, dict[str, str]]:
    """For those who see everything, people without a door too; and for those who look after some areas."""
    everything = text.replace("{where}", "areas.parent IS NULL").replace("{join}", "LEFT")
    some = {
        engine: text.replace("{where}", f"areas.id {among}").replace("{join}", "") for engine, among in _AMONG.items()
    }
    return everything, some


_all_roads, _some_roads = (prepared_sql(each, OnRoad) for each in _texts(_ROADS))
_all_areas, _some_areas = (prepared_sql(each, InArea) for each in _texts(_AREAS))


async def panel(alert: Alert, *, by: Neighbour) -> Panel:
    """Two queries over the snapshot and what was told in the alert's thread."""
    must_see_boards(by)
    known = (alert.id, thread_of(alert.id))
    if sees_all(by):
        roads, areas = await _all_roads(*known), await _all_areas(*known)
    else:
        roads, areas = await _some_roads(*known, kept_by(by)), await _some_areas(*known, kept_by(by))
    whole = InArea(0, "", "", *(sum(getattr(each, count) for each in areas) for count in InArea.__struct_fields__[3:]))
    return Panel(whole, list(roads), [each for each in areas if each.id])


async def all_roads(alert: Alert) -> list[OnRoad]:
    return list(await _all_roads(alert.id, thread_of(alert.id)))
