"""Which households the doorbell reaches, on which roads, and which it does not. SQL counts.

A road works for a household when it carried something within `RECENT` to one of its members whom it still finds: whose
last phone was let go of is not reached by it any more. Where there is a phone or an address and nothing went out yet,
it is yet to be tried.
"""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import prepared_sql
from app.features.admin.rules.facade import strip
from app.features.community import rules as community
from app.features.community.rules import AreaRow
from app.features.notices.tables import By
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit.refusals import Missing
from app.kit.words import Sentence

RECENT = timedelta(days=60)
GOAL = 90  # per cent of households, from which on the desk no longer shows it
MOST = 200


class Reached(Struct):
    """An area and everything inside it: its households in which anybody lives, and how many each road reached."""

    id: int
    kind: str
    name: str
    homes: int
    worked: int
    untried: int
    push: int
    email: int
    sms: int
    wecom: int

    @property
    def label(self) -> Sentence:
        return community.label(self.kind, self.name)

    @property
    def none(self) -> int:
        return self.homes - self.worked - self.untried

    @property
    def per_cent(self) -> int:
        return self.worked * 100 // self.homes if self.homes else 100

    @property
    def strip(self) -> dict[str, str]:
        return strip(self.none, self.untried, self.worked)


class Silent(Struct):
    """A household that no road reaches, or none yet; `last_at` is when one did last."""

    id: int
    address: str
    people: int
    untried: bool
    last_at: datetime | None


class Reach(Struct):
    area: AreaRow
    line: list[AreaRow]
    whole: Reached
    inside: list[Reached]
    silent: list[Silent]

    @property
    def unlisted(self) -> int:
        """Silent ones that the list had no room for."""
        return max(0, self.whole.homes - self.whole.worked - len(self.silent))


_HAS = " OR ".join(By)
_STILL = " ".join(f"WHEN '{by}' THEN {by}" for by in By)
_LIVING = (
    "living AS (SELECT standing.top, households.id AS home, people.id AS person, "
    "EXISTS (SELECT 1 FROM devices WHERE devices.person = people.id) AS push, "
    "({mail} AND COALESCE(logins.email, people.email) <> '') AS email, "
    "({texts} AND COALESCE(logins.phone, people.phone) <> '') AS sms, "
    "({wecom} AND EXISTS (SELECT 1 FROM notice_wishes WHERE person = people.id AND notice_wishes.wecom <> '')) "
    "AS wecom "
    "FROM standing JOIN households ON households.area = standing.area "
    "JOIN memberships ON memberships.household = households.id AND memberships.until_on IS NULL "
    "JOIN people ON people.id = memberships.person AND people.state = 'active' "
    "LEFT JOIN logins ON logins.person = people.id), "
    "roads AS (SELECT living.top, living.home, roads_that_worked.by AS by, max(roads_that_worked.at) AS at, "
    f"max(CASE WHEN CASE roads_that_worked.by {_STILL} END THEN roads_that_worked.at END) AS still_at "
    "FROM living JOIN roads_that_worked ON roads_that_worked.person = living.person "
    "GROUP BY living.top, living.home, roads_that_worked.by)"
)
# ruff: noqa: S608 (all of these words are ours)
_STANDING = (
    "WITH RECURSIVE standing (area, top) AS (SELECT id, id FROM areas WHERE {where} UNION ALL "
    "SELECT areas.id, standing.top FROM areas JOIN standing ON areas.parent = standing.area), "
)
_ON = ", ".join(f"count(DISTINCT CASE WHEN by = '{by}' THEN home END) AS {by}" for by in By)
_AREAS = (
    _STANDING + _LIVING + ", "
    f"homes AS (SELECT living.top, living.home, max(CASE WHEN {_HAS} THEN 1 ELSE 0 END) AS has, "
    "max(CASE WHEN EXISTS (SELECT 1 FROM roads WHERE roads.top = living.top AND roads.home = living.home "
    "AND roads.still_at > {since}) THEN 1 ELSE 0 END) AS worked FROM living GROUP BY living.top, living.home), "
    "counted AS (SELECT top, count(*) AS homes, sum(worked) AS worked, "
    "sum(CASE WHEN worked = 0 AND has = 1 THEN 1 ELSE 0 END) AS untried FROM homes GROUP BY top), "
    f"by_road AS (SELECT top, {_ON} FROM roads WHERE roads.still_at > {{since}} GROUP BY top) "
    "SELECT areas.id, areas.kind, areas.name, COALESCE(counted.homes, 0) AS homes, "
    "COALESCE(counted.worked, 0) AS worked, COALESCE(counted.untried, 0) AS untried, "
    + ", ".join(f"COALESCE(by_road.{by}, 0) AS {by}" for by in By)
    + " FROM areas LEFT JOIN counted ON counted.top = areas.id LEFT JOIN by_road ON by_road.top = areas.id "
    "WHERE {where} ORDER BY areas.sort, areas.name"
)  # fmt: skip
_SILENT = (
    _STANDING + _LIVING + ", "
    f"homes AS (SELECT home, count(DISTINCT person) AS people, max(CASE WHEN {_HAS} THEN 1 ELSE 0 END) AS untried, "
    "(SELECT max(roads.at) FROM roads WHERE roads.home = living.home) AS last_at, "
    "(SELECT max(roads.still_at) FROM roads WHERE roads.home = living.home) AS still_at FROM living GROUP BY home) "
    "SELECT households.id, households.address, homes.people, homes.untried, homes.last_at FROM homes "
    "JOIN households ON households.id = homes.home WHERE homes.still_at IS NULL OR homes.still_at <= {since} "
    "ORDER BY homes.untried, length(households.address), households.address LIMIT {most}"
)  # fmt: skip
_AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS integer[]))"}


def _query(text: str, where: str, row: type[Any]) -> Any:
    """`{0}` is what the areas are chosen by, then come the moment and the roads that are set up."""
    texts = {}
    for engine, among in _AMONG.items():
        places = {"since": "{1}", "mail": "{2}", "texts": "{3}", "wecom": "{4}", "most": "{5}"}
        places["where"] = where.replace("AMONG", among)
        filled = text
        for name, place in places.items():
            filled = filled.replace("{" + name + "}", place)
        if engine == "postgres":
            for name in ("{2}", "{3}", "{4}"):
                filled = filled.replace(name, f"CAST({name} AS boolean)")
        texts[engine] = filled
    return prepared_sql(texts, row)


_of_all = _query(_AREAS, "(areas.parent IS NULL AND {0} = 0)", Reached)
_of_some = _query(_AREAS, "areas.id AMONG", Reached)
_of_one = _query(_AREAS, "(areas.id = {0} OR areas.parent = {0})", Reached)
_silent = _query(_SILENT, "id = {0}", Silent)


async def reached(by: Neighbour, roads: frozenset[By], now: datetime) -> list[Reached]:
    """Every top area for administrators and coordinators, for stewards those they look after. One query."""
    if _sees_all(by):
        return list(await _of_all(0, *_asked(roads, now)))
    return list(await _of_some(by.areas_as(Kind.steward), *_asked(roads, now)))


async def reach(area_id: int, *, by: Neighbour, roads: frozenset[By], now: datetime) -> Reach:
    """Missing outside of what a steward looks after. Two queries, besides the line that leads here."""
    line = await community.line_to(area_id)
    if not line or not (_sees_all(by) or {each.id for each in line} & set(by.areas_as(Kind.steward))):
        raise Missing
    areas = await _of_one(area_id, *_asked(roads, now))
    return Reach(
        area=line[-1],
        line=line[:-1],
        whole=next(each for each in areas if each.id == area_id),
        inside=[each for each in areas if each.id != area_id],
        silent=list(await _silent(area_id, *_asked(roads, now), MOST)),
    )


def all_of(areas: list[Reached]) -> Reached:
    whole = Reached(0, "", "", 0, 0, 0, *(0 for _ in By))
    for each in areas:
        for count in ("homes", "worked", "untried", *By):
            setattr(whole, count, getattr(whole, count) + getattr(each, count))
    return whole


def _sees_all(by: Neighbour) -> bool:
    return by.is_a(Kind.administrator) or by.is_a(Kind.coordinator)


def _asked(roads: frozenset[By], now: datetime) -> tuple[Any, ...]:
    return now - RECENT, By.email in roads, By.sms in roads, By.wecom in roads
