"""The counting behind the roll call: SQL over the snapshot of an alert."""

from datetime import datetime

from msgspec import Struct

from app.db import Prepared, prepared_sql
from app.features.community import rules as community
from app.kit.words import Sentence


class Tally(Struct):
    """An area and everything inside it: its households in the snapshot by how they stand, and its people by answer."""

    id: int
    kind: str
    name: str
    homes: int
    help: int
    silent: int
    part: int
    safe: int
    away: int
    people: int
    people_help: int
    people_silent: int
    first_silent: int

    @property
    def label(self) -> Sentence:
        return community.label(self.kind, self.name)

    @property
    def answered(self) -> int:
        return self.homes - self.silent

    def per_cent(self, look: str) -> float:
        return round(100 * int(getattr(self, look)) / self.homes, 2) if self.homes else 0.0


class Door(Struct):
    """A household as a window of its building. Those with nobody in the snapshot stand empty."""

    id: int
    door: str
    people: int
    help: int
    silent: int
    away: int
    first: int
    within: int
    area: int
    kind: str
    name: str

    @property
    def look(self) -> str:
        return look_of(self.people, self.help, self.silent, self.away)


class Sought(Struct):
    """Somebody in the order in which one looks for people."""

    person: int
    name: str
    household: int | None
    address: str | None
    answer: str
    answered_at: datetime | None
    first: bool


def look_of(people: int, help: int, silent: int, away: int) -> str:
    if not people:
        return "empty"
    if help:
        return "help"
    if silent:
        return "silent" if silent == people else "part"
    return "away" if away == people else "safe"


# ruff: noqa: S608 (all of these words are ours)
_STANDING = (
    "WITH RECURSIVE standing (area, top) AS (SELECT id, id FROM areas WHERE {where} UNION ALL "
    "SELECT areas.id, standing.top FROM areas JOIN standing ON areas.parent = standing.area), "
)
_HOMES = (
    "homes AS (SELECT area, household, count(*) AS people, "
    "count(CASE WHEN answer = 'help' THEN 1 END) AS help, count(CASE WHEN answer = '' THEN 1 END) AS silent, "
    "count(CASE WHEN answer = 'away' THEN 1 END) AS away, "
    "count(CASE WHEN first AND answer = '' THEN 1 END) AS first "
    "FROM alert_recipients WHERE alert = {alert} AND household IS NOT NULL GROUP BY area, household) "
)
_COUNTED = (
    "count(homes.household) AS homes, count(CASE WHEN help > 0 THEN 1 END) AS help, "
    "count(CASE WHEN help = 0 AND silent = people THEN 1 END) AS silent, "
    "count(CASE WHEN help = 0 AND silent > 0 AND silent < people THEN 1 END) AS part, "
    "count(CASE WHEN help = 0 AND silent = 0 AND away < people THEN 1 END) AS safe, "
    "count(CASE WHEN help = 0 AND silent = 0 AND away = people THEN 1 END) AS away, "
    "COALESCE(sum(people), 0) AS people, COALESCE(sum(help), 0) AS people_help, "
    "COALESCE(sum(silent), 0) AS people_silent, COALESCE(sum(first), 0) AS first_silent "
)
_TALLIES = (
    _STANDING + _HOMES + "SELECT areas.id, areas.kind, areas.name, " + _COUNTED + "FROM areas "
    "JOIN standing ON standing.top = areas.id LEFT JOIN homes ON homes.area = standing.area WHERE {where} "
    "GROUP BY areas.id, areas.kind, areas.name, areas.sort ORDER BY areas.sort, areas.name"
)
_DOORS = (
    "WITH RECURSIVE standing (area, within) AS (SELECT id, id FROM areas WHERE id = {0} UNION ALL "
    "SELECT areas.id, CASE WHEN areas.parent = {0} THEN areas.id ELSE standing.within END "
    "FROM areas JOIN standing ON areas.parent = standing.area), " + _HOMES.replace("{alert}", "{1}") + "SELECT "
    "households.id, households.door, COALESCE(homes.people, 0) AS people, COALESCE(homes.help, 0) AS help, "
    "COALESCE(homes.silent, 0) AS silent, COALESCE(homes.away, 0) AS away, COALESCE(homes.first, 0) AS first, "
    "standing.within, areas.id AS area, areas.kind, areas.name FROM standing JOIN areas ON areas.id = standing.area "
    "JOIN households ON households.area = areas.id LEFT JOIN homes ON homes.household = households.id "
    "ORDER BY areas.sort DESC, areas.name DESC, length(households.door), households.door LIMIT {2}"
)
_SOUGHT = (
    "SELECT alert_recipients.person, people.name, alert_recipients.household, households.address, "
    "alert_recipients.answer, alert_recipients.answered_at, alert_recipients.first FROM alert_recipients "
    "JOIN people ON people.id = alert_recipients.person "
    "LEFT JOIN households ON households.id = alert_recipients.household "
    "WHERE alert_recipients.alert = {0} AND alert_recipients.answer IN ('help', '') AND ({1} = 1 "
    "OR alert_recipients.area IN (SELECT id FROM (WITH RECURSIVE inside (id) AS (SELECT id FROM areas WHERE id among "
    "UNION SELECT areas.id FROM areas JOIN inside ON areas.parent = inside.id) SELECT id FROM inside) AS there)) "
    "ORDER BY CASE WHEN alert_recipients.answer = 'help' THEN 0 WHEN alert_recipients.first THEN 1 ELSE 2 END, "
    "alert_recipients.id LIMIT {3} OFFSET {4}"
)
_AMONG = {"sqlite": "IN (SELECT value FROM json_each({n}))", "postgres": "= ANY(CAST({n} AS integer[]))"}


def _tallies(where: str) -> Prepared[Tally]:
    texts = {}
    for engine, among in _AMONG.items():
        chosen = where.replace("among", among.replace("{n}", "{1}"))
        texts[engine] = _TALLIES.replace("{where}", chosen).replace("{alert}", "{0}")
    return prepared_sql(texts, Tally)


of_all = _tallies("areas.parent IS NULL")
of_some = _tallies("areas.id among")
of_one = _tallies("(areas.id = {1} OR areas.parent = {1})")
doors_in = prepared_sql(_DOORS, Door)
to_look_for = prepared_sql(
    {engine: _SOUGHT.replace("among", among.replace("{n}", "{2}")) for engine, among in _AMONG.items()}, Sought
)
