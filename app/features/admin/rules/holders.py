"""Who looks after what here: for every neighbour, with a face and a name, and no phone."""

from datetime import date, datetime, tzinfo

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.people.rules import KINDS, Neighbour
from app.features.people.tables import Kind
from app.kit.words import Sentence


class Holder(Struct):
    """One role that is held. `away_until` while its holder is away; `standing` is who stands in meanwhile."""

    role: int
    kind: str
    area: int | None
    id: int
    name: str
    state: str
    photo: str
    area_kind: str | None
    area_name: str | None
    away_until: datetime | None
    standing: int | None
    standing_name: str | None
    standing_photo: str | None
    deputy_name: str | None

    def back_on(self, clock: tzinfo) -> date | None:
        """The first day on which the holder is here again: absences end at midnight."""
        return self.away_until.astimezone(clock).date() if self.away_until else None

    @property
    def place(self) -> Sentence | None:
        return community.label(self.area_kind or "", self.area_name) if self.area_name else None

    @property
    def stand_in(self) -> "Face | None":
        if self.standing is None:
            return None
        return Face(self.standing, self.standing_name or "", self.standing_photo or "")


class Face(Struct):
    id: int
    name: str
    photo: str


_holders = prepared_sql(
    "SELECT roles.id AS role, roles.kind, roles.area, people.id, people.name, people.state, people.photo, "
    "areas.kind AS area_kind, areas.name AS area_name, absences.until_at AS away_until, others.id AS standing, "
    "others.name AS standing_name, others.photo AS standing_photo, deputy.name AS deputy_name "
    "FROM roles JOIN people ON people.id = roles.person LEFT JOIN areas ON areas.id = roles.area "
    "LEFT JOIN absences ON absences.role = roles.id AND absences.ended_at IS NULL "
    "AND absences.since_at <= {0} AND absences.until_at > {0} "
    "LEFT JOIN roles AS lent ON lent.stands_in_for = roles.id AND lent.ended_at IS NULL "
    "AND lent.since_at <= {0} AND lent.until_at > {0} "
    "LEFT JOIN people AS others ON others.id = lent.person AND others.state = 'active' "
    "LEFT JOIN deputies ON deputies.role = roles.id AND deputies.ended_at IS NULL "
    "LEFT JOIN people AS deputy ON deputy.id = deputies.person AND deputy.state = 'active' "
    "WHERE roles.ended_at IS NULL AND roles.stands_in_for IS NULL "
    "ORDER BY areas.sort, areas.name, people.name, roles.id",
    Holder,
)


class _Id(Struct):
    id: int


_around = prepared_sql(
    "SELECT id FROM (WITH RECURSIVE above (id, up) AS (SELECT areas.id, areas.parent FROM memberships "
    "JOIN households ON households.id = memberships.household JOIN areas ON areas.id = households.area "
    "WHERE memberships.person = {} AND memberships.until_on IS NULL UNION "
    "SELECT areas.id, areas.parent FROM areas JOIN above ON areas.id = above.up) SELECT id FROM above) AS line",
    _Id,
)


ByKind = list[tuple[Kind, Sentence, list[Holder]]]


async def holders(*, now: datetime) -> ByKind:
    """Every kind of role, also those that nobody holds."""
    rows = await _holders(now)
    return [(kind, words, [row for row in rows if row.kind == kind]) for kind, words in KINDS.items()]


async def who_looks_after(by: Neighbour, *, now: datetime) -> tuple[list[Holder], ByKind]:
    """The stewards of where this person lives; then all, by kind. Who is suspended looks after nothing meanwhile,
    but whoever stands in for them does.
    """
    around = {row.id for row in await _around(by.id)}
    shown = [
        (kind, words, [each for each in held if each.state == "active" or each.stand_in])
        for kind, words, held in await holders(now=now)
    ]
    near = [each for kind, _, held in shown for each in held if kind == Kind.steward and each.area in around]
    return near, shown
