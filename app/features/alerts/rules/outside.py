"""What of an alert may be read outside: only what was ticked public, never somebody who is missing (`safety.md` 11).

Messages by their unguessable names; no person, no household, no count.
"""

import json
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.alerts.tables import Category, Kind, Level, Type
from app.features.community import rules as community
from app.kit.refusals import Missing
from app.kit.words import Sentence

NEWEST = 20


class Spoken(Struct):
    """A message as it is told outside. `name` is its own and its alert's; `before` are those of its alert before it."""

    id: int
    alert: int
    token: str
    kind: Kind
    level: Level
    category: Category
    type: Type
    headlines: str
    bodies: str
    at: datetime
    until_at: datetime
    source: str
    source_url: str

    @property
    def name(self) -> str:
        return f"{self.token}.{self.id}"

    @property
    def words(self) -> list[tuple[str, str, str]]:
        """(language, headline, body)."""
        bodies = json.loads(self.bodies)
        return [(tag, headline, bodies.get(tag, "")) for tag, headline in json.loads(self.headlines).items()]


class Outside(Struct):
    """The newest message of an alert, those before it, oldest first, and where it is."""

    newest: Spoken
    before: list[Spoken]
    areas: list[Sentence]


_SPOKEN = (
    "SELECT alert_messages.id, alerts.id AS alert, alerts.token, alerts.kind, alert_messages.level, alerts.category, "
    "alert_messages.type, alert_messages.headlines, alert_messages.bodies, alert_messages.at, "
    "alert_messages.until_at, alerts.source, alerts.source_url FROM alert_messages "
    "JOIN alerts ON alerts.id = alert_messages.alert WHERE alerts.public AND alerts.category <> 'missing' "
    "AND alerts.stage IN ('active', 'ended') AND alert_messages.type <> 'expired' "
)
_of_one = prepared_sql(_SPOKEN + "AND alerts.id = {} ORDER BY alert_messages.id", Spoken)
_newest = prepared_sql(_SPOKEN + "ORDER BY alert_messages.id DESC LIMIT {}", Spoken)


class _Area(Struct):
    id: int
    kind: str
    name: str


_areas = prepared_sql(
    "SELECT areas.id, areas.kind, areas.name FROM alert_areas JOIN areas ON areas.id = alert_areas.area "
    "WHERE alert_areas.alert = {} ORDER BY areas.sort, areas.name",
    _Area,
)


async def outside(alert_id: int) -> Outside:
    """Raises Missing for whatever is not public, and does not say which."""
    spoken = list(await _of_one(alert_id))
    if not spoken:
        raise Missing
    areas = [community.label(each.kind, each.name) for each in await _areas(alert_id)]
    return Outside(spoken[-1], spoken[:-1], areas)


async def newest() -> list[Spoken]:
    """For the feed: the latest messages of public alerts, the newest first."""
    return list(await _newest(NEWEST))
