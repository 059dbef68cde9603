"""How many of everything there is, and who holds which role."""

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.people.rules import KINDS
from app.features.people.tables import Kind
from app.kit.words import Sentence


class Overview(Struct):
    areas: int
    households: int
    people: int
    waiting: int
    roles: int


class Holder(Struct):
    role: int
    kind: str
    person: int
    name: str
    state: str
    photo: str
    area_kind: str | None
    area_name: str | None

    @property
    def place(self) -> Sentence | None:
        return community.label(self.area_kind or "", self.area_name) if self.area_name else None


_overview = prepared_sql(
    "SELECT (SELECT count(*) FROM areas) AS areas, (SELECT count(*) FROM households) AS households, "
    "(SELECT count(*) FROM people WHERE state <> 'gone') AS people, "
    "(SELECT count(*) FROM people WHERE state = 'pending') AS waiting, "
    "(SELECT count(*) FROM roles WHERE ended_at IS NULL) AS roles",
    Overview,
)
_holders = prepared_sql(
    "SELECT roles.id AS role, roles.kind, people.id AS person, people.name, people.state, people.photo, "
    "areas.kind AS area_kind, areas.name AS area_name FROM roles JOIN people ON people.id = roles.person "
    "LEFT JOIN areas ON areas.id = roles.area WHERE roles.ended_at IS NULL "
    "ORDER BY areas.sort, areas.name, people.name, roles.id",
    Holder,
)


async def overview() -> Overview:
    [counts] = await _overview()
    return counts


async def holders() -> list[tuple[Sentence, list[Holder]]]:
    """Every kind of role, also those that nobody holds."""
    rows = await _holders()
    return [(words, [row for row in rows if row.kind == kind]) for kind, words in KINDS.items() if kind in Kind]
