"""Whom an alert is for: the areas, narrowed by what people are and can. Counted before it is sent, frozen when it is.

Whoever lives there hears it, suspended or not; whoever has no door here, only when it is for the whole community.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import Prepared, prepared_sql
from app.features.alerts.tables import Kind
from app.features.notices.tables import By
from app.features.people.rules import PURPOSES, counts
from app.features.skills.tables import Offered


class Whom(Struct, frozen=True):
    """Of those in the areas, who has one of these roles, one of these kinds of skill, one of these languages.

    Nothing named is everybody; `needs` are those who said, or of whom a list says, that they need something.
    """

    roles: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    needs: bool = False


class Count(Struct, frozen=True):
    """Households and people; of these, who has a phone that rings, who has only other roads, and who has none."""

    households: int
    people: int
    push: int
    other: int

    @property
    def nobody(self) -> int:
        return self.people - self.push - self.other


class _Id(Struct):
    id: int


# ruff: noqa: S608 (all of these words are ours)
_PLACES = (
    *("areas", "whole", "roles", "any_role", "skills", "any_skill", "languages", "any_language", "anybody"),
    *("version", "claims", "now"),
)
_AMONG = {
    "sqlite": ("IN (SELECT value FROM json_each({}))",) * 2,
    "postgres": ("= ANY(CAST({} AS integer[]))", "= ANY(CAST({} AS text[]))"),
}
_INSIDE = (
    "WITH RECURSIVE inside (area) AS (SELECT id FROM areas WHERE id among areas "
    "UNION SELECT areas.id FROM areas JOIN inside ON areas.parent = inside.area), "
    "homes AS (SELECT memberships.person, min(memberships.id) AS membership FROM memberships "
    "JOIN households ON households.id = memberships.household WHERE memberships.until_on IS NULL "
    "AND (:whole = 1 OR households.area IN (SELECT area FROM inside)) GROUP BY memberships.person) "
)
_NEEDS = (
    "(EXISTS (SELECT 1 FROM special_needs JOIN consents ON consents.person = special_needs.person "
    "AND consents.purpose = 'needs' AND consents.version = :version AND consents.withdrawn_at IS NULL "
    "WHERE special_needs.person = people.id) OR (:claims = 1 AND EXISTS (SELECT 1 FROM claimed_needs "
    "WHERE claimed_needs.person = people.id AND claimed_needs.confirmed_at IS NULL)))"
)
_FROM = (
    "FROM people LEFT JOIN homes ON homes.person = people.id "
    "LEFT JOIN memberships ON memberships.id = homes.membership "
    "LEFT JOIN households ON households.id = memberships.household LEFT JOIN logins ON logins.person = people.id "
    "WHERE people.state IN ('active', 'suspended', 'leaving') AND people.name <> '' "
    "AND (:whole = 1 OR homes.person IS NOT NULL) "
    "AND (:any_role = 1 OR EXISTS (SELECT 1 FROM roles WHERE roles.person = people.id "
    f"AND {counts(':now')} AND roles.kind among roles)) "
    "AND (:any_skill = 1 OR EXISTS (SELECT 1 FROM skills WHERE skills.person = people.id "
    f"AND skills.state = '{Offered.offered}' AND skills.category among skills)) "
    "AND (:any_language = 1 OR people.language among languages) "
    f"AND (:anybody = 1 OR {_NEEDS})"
)
_PHONE = "EXISTS (SELECT 1 FROM devices WHERE devices.person = people.id AND devices.trouble = '')"
_OTHER = (
    "((:mail = 1 AND COALESCE(logins.email, people.email) <> '') "
    "OR (:texts = 1 AND COALESCE(logins.phone, people.phone) <> '') OR (:wecom = 1 AND EXISTS "
    "(SELECT 1 FROM notice_wishes WHERE notice_wishes.person = people.id AND notice_wishes.wecom <> '')))"
)
_COUNT = (
    f"{_INSIDE}, asked AS (SELECT memberships.household AS home, {_PHONE} AS phone, {_OTHER} AS other {_FROM}) "
    "SELECT count(DISTINCT home) AS households, count(*) AS people, "
    "COALESCE(sum(CASE WHEN phone THEN 1 ELSE 0 END), 0) AS push, "
    "COALESCE(sum(CASE WHEN other AND NOT phone THEN 1 ELSE 0 END), 0) AS other FROM asked"
)
_FREEZE = (
    "INSERT INTO alert_recipients (alert, person, household, area, first, answer, how) "
    f"{_INSIDE} SELECT :alert, people.id, households.id, households.area, {_NEEDS}, '', '' {_FROM} "
    "ORDER BY households.area, households.id, people.id ON CONFLICT (alert, person) DO NOTHING RETURNING id"
)


def _query(text: str, row: type[Any], *more: str) -> Prepared[Any]:
    texts = {}
    for engine, (numbers, words) in _AMONG.items():
        texts[engine] = text
        for place, name in enumerate((*_PLACES, *more)):
            number = "{" + str(place) + "}"
            among = (numbers if name == "areas" else words).replace("{}", number)
            texts[engine] = texts[engine].replace(f"among {name}", among).replace(f":{name}", number)
    return prepared_sql(texts, row)


_count = _query(_COUNT, Count, "mail", "texts", "wecom")
_freeze = _query(_FREEZE, _Id, "alert")


async def count(areas: list[int], whom: Whom, kind: Kind, *, roads: frozenset[By], now: datetime) -> Count:
    """Exactly whom it would reach this moment, and on which of the roads that this installation has."""
    has = [int(road in roads) for road in (By.email, By.sms, By.wecom)]
    found = await _count.first(*_asked(areas, whom, kind, now), *has)
    return found or Count(0, 0, 0, 0)


async def freeze(alert: int, areas: list[int], whom: Whom, kind: Kind, *, now: datetime) -> int:
    """The people of this moment become its recipients, door by door; says how many."""
    return len(await _freeze(*_asked(areas, whom, kind, now), alert))


def _asked(areas: list[int], whom: Whom, kind: Kind, now: datetime) -> tuple[Any, ...]:
    """Claims of a list are used in what is real only (`safety.md` 1)."""
    roles, skills, languages = list(whom.roles), list(whom.skills), list(whom.languages)
    narrowed = (roles, int(not roles), skills, int(not skills), languages, int(not languages), int(not whom.needs))
    return (areas, int(not areas), *narrowed, PURPOSES["needs"].version, int(kind == Kind.real), now)
