"""All alerts that somebody may see, and what waits on Home for those who lead."""

import json
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.alerts.rules.knocks_on_home import doors_on_home
from app.features.alerts.rules.mending import mends_on_home
from app.features.alerts.rules.objecting import waiting as waiting_objections
from app.features.alerts.rules.reach import leads
from app.features.alerts.rules.words import CATEGORIES, ICONS, marked, path_of
from app.features.alerts.tables import Category, Kind, Level, Stage
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.kit.lines import Line, OnHome
from app.kit.words import Sentence, say, written

AT_MOST = 100


class Row(Struct):
    id: int
    kind: Kind
    level: Level
    category: Category
    stage: Stage
    headlines: str
    until_at: datetime
    made_at: datetime
    made_by: int | None
    asked_at: datetime | None
    sent_at: datetime | None
    ended_at: datetime | None
    ended_how: str

    @property
    def headline(self) -> Sentence:
        return written(json.loads(self.headlines))

    @property
    def title(self) -> Sentence:
        return marked(self.kind, self.headline)

    @property
    def icon(self) -> str:
        return ICONS[self.category]

    @property
    def words(self) -> Sentence:
        return CATEGORIES[self.category]


class Alerts(Struct):
    """`drafts` and what waits for a second person are for those who lead only."""

    active: list[Row]
    drafts: list[Row]
    ended: list[Row]


# ruff: noqa: S608 (all of these words are ours)
_FIELDS = f"SELECT {', '.join(f'alerts.{name}' for name in Row.__struct_fields__)} FROM alerts "
_NEWEST = "ORDER BY COALESCE(alerts.ended_at, alerts.sent_at, alerts.made_at) DESC, alerts.id DESC LIMIT {0}"
_all = prepared_sql(f"{_FIELDS} WHERE alerts.stage <> '{Stage.dropped}' {_NEWEST}", Row)
_drafts = prepared_sql(f"{_FIELDS} WHERE alerts.stage IN ('{Stage.draft}', '{Stage.waiting}') {_NEWEST}", Row)
_BEGUN = f"alerts.stage IN ('{Stage.active}', '{Stage.ended}')"
_MINE = "alerts.id IN (SELECT alert FROM alert_recipients WHERE person = {1})"
_told = prepared_sql(f"{_FIELDS} WHERE {_BEGUN} AND {_MINE} {_NEWEST}", Row)
_looked_after = prepared_sql(
    f"{_FIELDS} WHERE {_BEGUN} AND ({_MINE} OR NOT EXISTS (SELECT 1 FROM alert_areas WHERE alert = alerts.id) "
    "OR alerts.id IN (SELECT alert FROM alert_recipients WHERE area IN (SELECT id FROM (WITH RECURSIVE kept (id) AS ("
    "SELECT roles.area FROM roles WHERE roles.person = {1} AND roles.kind = 'steward' AND " + people.counts("{2}") + " "
    "UNION SELECT areas.id FROM areas JOIN kept ON areas.parent = kept.id) SELECT id FROM kept) AS theirs))) "
    + _NEWEST,
    Row,
)


async def alerts_for(by: Neighbour, *, now: datetime) -> Alerts:
    """The same that `may_see` lets them open, in one question."""
    rows = await _rows(by, now)
    return Alerts(
        [row for row in rows if row.stage == Stage.active],
        [row for row in rows if row.stage in (Stage.draft, Stage.waiting)],
        [row for row in rows if row.stage == Stage.ended],
    )


async def _rows(by: Neighbour, now: datetime) -> list[Row]:
    if leads(by):
        return list(await _all(AT_MOST))
    if by.is_active and by.is_a(RoleKind.steward):
        return list(await _looked_after(AT_MOST, by.id, now))
    return list(await _told(AT_MOST, by.id))


async def on_home(by: Neighbour, *, now: datetime) -> OnHome:
    """Doors to knock at, what to mend, and what waits for a second person; then drafts, for whoever may send them."""
    theirs = await doors_on_home(by) + await mends_on_home(by, now)
    if not leads(by):
        return OnHome(waits=theirs)
    rows, objected = await _drafts(AT_MOST), await waiting_objections(by)
    waiting = theirs + objected + [_asks(row) for row in rows if row.stage == Stage.waiting and row.made_by != by.id]
    if not by.is_a(RoleKind.coordinator):
        return OnHome(waits=waiting)
    mine = [_waits(row) for row in rows if row.stage == Stage.waiting and row.made_by == by.id]
    return OnHome(waits=[*waiting, *mine, *(_draft(row) for row in rows if row.stage == Stage.draft)])


def _asks(row: Row) -> Line:
    below = say("A critical alert waits for a second person")
    return Line("siren", row.title, path_of(row.id), below, say("Look at it"), due=True)


def _waits(row: Row) -> Line:
    return Line("siren", row.title, path_of(row.id), say("Waits for a second person"), say("Look at it"), due=True)


def _draft(row: Row) -> Line:
    return Line(row.icon, row.title, path_of(row.id), say("A draft of an alert"), say("Draft"))
