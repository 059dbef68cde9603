"""The counting behind the roll call: SQL over the snapshot of an alert."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.kit.words import Sentence, say


class Tally(Struct):
    """An area and everything inside it: its households in the snapshot by how they stand, and its people by answer.

    Those who have no door here stand together in area 0, each as one household.
    """

    id: int
    parent: int | None
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
        return community.label(self.kind, self.name) if self.id else say("People without a door here")

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
_HOMES = (
    "homes AS (SELECT area, {door} AS household, count(*) AS people, "
    "count(CASE WHEN answer = 'help' THEN 1 END) AS help, count(CASE WHEN answer = '' THEN 1 END) AS silent, "
    "count(CASE WHEN answer = 'away' THEN 1 END) AS away, "
    "count(CASE WHEN first AND answer = '' THEN 1 END) AS first "
    "FROM alert_recipients WHERE alert = {0}{within} GROUP BY area, {door})"
)
COUNTS = ("homes", "help", "silent", "part", "safe", "away", "people", "people_help", "people_silent", "first_silent")
_COUNTED = (
    "count(*) AS homes, count(CASE WHEN help > 0 THEN 1 END) AS help, "
    "count(CASE WHEN help = 0 AND silent = people THEN 1 END) AS silent, "
    "count(CASE WHEN help = 0 AND silent > 0 AND silent < people THEN 1 END) AS part, "
    "count(CASE WHEN help = 0 AND silent = 0 AND away < people THEN 1 END) AS safe, "
    "count(CASE WHEN help = 0 AND silent = 0 AND away = people THEN 1 END) AS away, "
    "COALESCE(sum(people), 0) AS people, COALESCE(sum(help), 0) AS people_help, "
    "COALESCE(sum(silent), 0) AS people_silent, COALESCE(sum(first), 0) AS first_silent "
)
_BY_AREA = (
    "WITH "
    + _HOMES.replace("{door}", "COALESCE(household, -person)").replace("{within}", "")
    + ", counted AS (SELECT area, "
    + _COUNTED
    + "FROM homes GROUP BY area) SELECT areas.id, areas.parent, areas.kind, areas.name, 0 AS last, areas.sort, "
    + ", ".join(f"COALESCE(counted.{each}, 0) AS {each}" for each in COUNTS)
    + " FROM areas LEFT JOIN counted ON counted.area = areas.id UNION ALL SELECT 0, NULL, '', '', 1, 0, "
    + ", ".join(COUNTS)
    + " FROM counted WHERE area IS NULL ORDER BY last, sort, name"
)
# PostgreSQL reads the whole snapshot and all doors for those of a few areas, unless these are a list.
_STANDING = {"sqlite": "IN (SELECT area FROM standing)", "postgres": "= ANY(ARRAY(SELECT area FROM standing))"}
_DOORS = {
    engine: "WITH RECURSIVE standing (area, within) AS (SELECT id, id FROM areas WHERE id = {1} UNION ALL "
    "SELECT areas.id, CASE WHEN areas.parent = {1} THEN areas.id ELSE standing.within END "
    "FROM areas JOIN standing ON areas.parent = standing.area), "
    + _HOMES.replace("{door}", "household").replace("{within}", f" AND household IS NOT NULL AND area {among}")
    + " SELECT households.id, households.door, COALESCE(homes.people, 0) AS people, COALESCE(homes.help, 0) AS help, "
    "COALESCE(homes.silent, 0) AS silent, COALESCE(homes.away, 0) AS away, COALESCE(homes.first, 0) AS first, "
    "standing.within, areas.id AS area, areas.kind, areas.name FROM standing JOIN areas ON areas.id = standing.area "
    "JOIN households ON households.area = areas.id LEFT JOIN homes ON homes.household = households.id "
    f"WHERE households.area {among} "
    "ORDER BY areas.sort DESC, areas.name DESC, length(households.door), households.door LIMIT {2}"
    for engine, among in _STANDING.items()
}
# Ten thousand are put in order by what stands in the snapshot alone; who they are is looked up for those shown.
_ORDER = "ORDER BY CASE WHEN answer = 'help' THEN 0 WHEN first THEN 1 ELSE 2 END, id"
_SOUGHT = (
    "WITH sought AS (SELECT id, person, household, answer, answered_at, first FROM alert_recipients "
    "WHERE alert = {0} AND answer IN ('help', ''){within} " + _ORDER + " LIMIT {1} OFFSET {2}) "
    "SELECT sought.person, people.name, sought.household, households.address, sought.answer, sought.answered_at, "
    "sought.first FROM sought JOIN people ON people.id = sought.person "
    "LEFT JOIN households ON households.id = sought.household " + _ORDER.replace("id", "sought.id")
)
_INSIDE = (
    "(SELECT id FROM (WITH RECURSIVE inside (id) AS (SELECT id FROM areas WHERE id among "
    "UNION SELECT areas.id FROM areas JOIN inside ON areas.parent = inside.id) SELECT id FROM inside) AS there)"
)
_WITHIN = {
    "sqlite": " AND area IN " + _INSIDE.replace("among", "IN (SELECT value FROM json_each({3}))"),
    "postgres": f" AND area = ANY(ARRAY{_INSIDE.replace('among', '= ANY(CAST({3} AS integer[]))')})",
}

each_area = prepared_sql(_BY_AREA, Tally)  # alone, without those inside it
doors_in = prepared_sql(_DOORS, Door)
to_look_for = prepared_sql(_SOUGHT.replace("{within}", ""), Sought)
to_look_for_in = prepared_sql(
    {engine: _SOUGHT.replace("{within}", within) for engine, within in _WITHIN.items()}, Sought
)
