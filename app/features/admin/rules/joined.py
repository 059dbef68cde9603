"""How far the estate has joined: households in which nobody, somebody or everybody signs in. SQL counts."""

from collections.abc import Iterable

from msgspec import Struct

from app.db import prepared_sql
from app.features.admin.rules.facade import strip
from app.features.community import rules as community
from app.features.community.rules import AreaRow
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit.refusals import Missing
from app.kit.words import Sentence

DRAWN = 400  # more windows than that are no picture any more: then the areas inside are shown as bars alone


class Share(Struct):
    """An area and everything inside it. `people` count once, in however many households; `signed` of them sign in."""

    id: int
    kind: str
    name: str
    homes: int
    nobody: int
    somebody: int
    everybody: int
    people: int
    signed: int

    @property
    def label(self) -> Sentence:
        return community.label(self.kind, self.name)

    @property
    def empty(self) -> int:
        return self.homes - self.nobody - self.somebody - self.everybody

    @property
    def strip(self) -> dict[str, str]:
        return strip(self.nobody, self.somebody, self.everybody)


class Window(Struct):
    """A household; `within` is the area of the page's own list that it stands in."""

    id: int
    door: str
    members: int
    signed: int
    within: int
    area: int
    kind: str
    name: str

    @property
    def look(self) -> str:
        if not self.members:
            return "empty"
        if not self.signed:
            return "nobody"
        return "everybody" if self.signed == self.members else "somebody"


class Floor(Struct):
    """One row of the picture."""

    label: Sentence
    windows: list[Window]


class Picture(Struct):
    area: AreaRow
    line: list[AreaRow]
    whole: Share
    inside: list[Share]
    floors: dict[int, list[Floor]]


_HOMES = (
    "FROM standing JOIN households ON households.area = standing.area "
    "LEFT JOIN memberships ON memberships.household = households.id AND memberships.until_on IS NULL "
    "LEFT JOIN people ON people.id = memberships.person AND people.state = 'active' "
    "LEFT JOIN logins ON logins.person = people.id "
)
_SHARES = (
    "WITH RECURSIVE standing (area, top) AS (SELECT id, id FROM areas WHERE {where} UNION ALL "  # noqa: S608
    "SELECT areas.id, standing.top FROM areas JOIN standing ON areas.parent = standing.area), "
    "living AS (SELECT standing.top, households.id AS home, people.id AS person, logins.id AS login " + _HOMES + "), "
    "homes AS (SELECT top, home, count(person) AS members, count(login) AS signed FROM living GROUP BY top, home), "
    "heads AS (SELECT top, count(DISTINCT person) AS people, count(DISTINCT login) AS signed FROM living "
    "GROUP BY top), "
    "counted AS (SELECT top, count(*) AS homes, count(CASE WHEN members > 0 AND signed = 0 THEN 1 END) AS nobody, "
    "count(CASE WHEN signed > 0 AND signed < members THEN 1 END) AS somebody, "
    "count(CASE WHEN signed > 0 AND signed = members THEN 1 END) AS everybody FROM homes GROUP BY top) "
    "SELECT areas.id, areas.kind, areas.name, COALESCE(counted.homes, 0) AS homes, "
    "COALESCE(counted.nobody, 0) AS nobody, COALESCE(counted.somebody, 0) AS somebody, "
    "COALESCE(counted.everybody, 0) AS everybody, COALESCE(heads.people, 0) AS people, "
    "COALESCE(heads.signed, 0) AS signed FROM areas LEFT JOIN counted ON counted.top = areas.id "
    "LEFT JOIN heads ON heads.top = areas.id WHERE {where} ORDER BY areas.sort, areas.name"
)  # fmt: skip
AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS integer[]))"}


def _shares(where: str) -> str:
    """The areas that are counted, as a condition on `areas`."""
    return _SHARES.replace("{where}", where)


_of_all = prepared_sql(_shares("areas.parent IS NULL"), Share)
_of_some = prepared_sql({engine: _shares(f"areas.id {among}") for engine, among in AMONG.items()}, Share)
_of_one = prepared_sql(_shares("(areas.id = {0} OR areas.parent = {0})"), Share)
_windows = prepared_sql(
    "WITH RECURSIVE standing (area, within) AS (SELECT id, id FROM areas WHERE id = {0} UNION ALL "  # noqa: S608
    "SELECT areas.id, CASE WHEN areas.parent = {0} THEN areas.id ELSE standing.within END "
    "FROM areas JOIN standing ON areas.parent = standing.area) "
    "SELECT households.id, households.door, count(people.id) AS members, count(logins.id) AS signed, "
    "standing.within, areas.id AS area, areas.kind, areas.name " + _HOMES + "JOIN areas ON areas.id = standing.area "
    "GROUP BY households.id, households.door, standing.within, areas.id, areas.kind, areas.name, areas.sort "
    "ORDER BY areas.sort DESC, areas.name DESC, length(households.door), households.door LIMIT {1}",
    Window,
)


def areas_of(by: Neighbour) -> list[int]:
    return by.areas_as(Kind.steward)


async def joined(by: Neighbour) -> list[Share]:
    """One query: every top area for administrators, for stewards those they look after."""
    if by.is_a(Kind.administrator):
        return list(await _of_all())
    return list(await _of_some(areas_of(by)))


def together(shares: Iterable[Share]) -> Share:
    """All areas as one. Somebody who lives in two of them counts in both."""
    whole = Share(0, "", "", 0, 0, 0, 0, 0, 0)
    for each in shares:
        for count in ("homes", "nobody", "somebody", "everybody", "people", "signed"):
            setattr(whole, count, getattr(whole, count) + getattr(each, count))
    return whole


async def picture(area_id: int, *, by: Neighbour) -> Picture:
    """Missing outside of what a steward looks after. Two queries, besides the line that leads here."""
    line = await community.line_to(area_id)
    if not line or not (by.is_a(Kind.administrator) or {each.id for each in line} & set(areas_of(by))):
        raise Missing
    shares, windows = await _of_one(area_id), await _windows(area_id, DRAWN + 1)
    return Picture(
        area=line[-1],
        line=line[:-1],
        whole=next(each for each in shares if each.id == area_id),
        inside=[each for each in shares if each.id != area_id],
        floors=_floors(windows) if len(windows) <= DRAWN else {},
    )


def _floors(windows: Iterable[Window]) -> dict[int, list[Floor]]:
    """By the area of the list they stand in: a row for each floor, the highest on top, as one sees it from outside."""
    rows: dict[int, dict[int, Floor]] = {}
    for window in windows:
        floors = rows.setdefault(window.within, {})
        floors.setdefault(window.area, Floor(community.label(window.kind, window.name), [])).windows.append(window)
    return {within: list(floors.values()) for within, floors in rows.items()}
