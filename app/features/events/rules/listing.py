"""What is on: for one reader, in one space, of one series; and who comes, as far as they let it be seen."""

# ruff: noqa: S608 (all of these words are ours)
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.announcements.rules.reach import AMONG, areas_around, areas_kept
from app.features.events.rules.reach import COLUMNS, Gathering
from app.features.moderation.rules import NOT_BLOCKED
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind

ENOUGH, FEW = 40, 12
NOT_ACROSS = f"(events.by IS NULL OR events.by {NOT_BLOCKED.format(me='{0}')})"
_ROLES = {
    "sqlite": "(events.role = '' OR events.role IN (SELECT value FROM json_each({3})))",
    "postgres": "(events.role = '' OR events.role = ANY(CAST({3} AS text[])))",
}
FOR_ME = {
    engine: COLUMNS
    + "WHERE NOT events.taken AND "
    + NOT_ACROSS
    + " AND (EXISTS (SELECT 1 FROM event_hosts WHERE event_hosts.event = events.id AND event_hosts.person = {0}) OR "
    "{1} = 1 OR ((events.area IS NULL OR events.area "
    + AMONG[engine].replace("{}", "{2}")
    + ") AND "
    + _ROLES[engine]
    + ")) AND "
    for engine in AMONG
}


def for_me(where: str) -> dict[str, str]:
    """`{0}` to `{3}` are what `reach` gives."""
    return {engine: sql + where for engine, sql in FOR_ME.items()}


_ahead = prepared_sql(
    for_me("events.ends_at > {4} AND events.stage <> 'cancelled' ORDER BY events.begins_at, events.id LIMIT {5}"),
    Gathering,
)
_mine = prepared_sql(
    for_me(
        "events.ends_at > {4} AND EXISTS (SELECT 1 FROM event_answers AS own WHERE own.event = events.id "
        "AND own.person = {0} AND own.said IN ('yes', 'maybe')) ORDER BY events.begins_at, events.id LIMIT {5}"
    ),
    Gathering,
)
_behind = prepared_sql(
    for_me("events.ends_at <= {4} AND events.stage <> 'cancelled' ORDER BY events.begins_at DESC, events.id LIMIT {5}"),
    Gathering,
)
_in_space = prepared_sql(
    for_me(
        "events.ends_at > {4} AND events.stage = 'planned' AND events.space = {6} "
        "ORDER BY events.begins_at, events.id LIMIT {5}"
    ),
    Gathering,
)
_series = prepared_sql(
    for_me(
        "events.ends_at > {4} AND events.stage <> 'cancelled' AND events.series = {6} "
        "ORDER BY events.begins_at, events.id LIMIT {5}"
    ),
    Gathering,
)


async def reach(by: Neighbour) -> tuple[int, int, list[int], list[str]]:
    if by.is_a(RoleKind.administrator):
        return by.id, 1, [], []
    areas = sorted(await areas_around(by.id) | await areas_kept(by))
    return by.id, 0, areas, sorted({str(kind) for kind, _ in by.roles})


async def whats_on(by: Neighbour, *, now: datetime, at_most: int = ENOUGH) -> Sequence[Gathering]:
    """To come, the next first."""
    return await _ahead(*await reach(by), now, at_most)


async def my_events(by: Neighbour, *, now: datetime, at_most: int = ENOUGH) -> Sequence[Gathering]:
    """Those to which they come, or perhaps."""
    return await _mine(*await reach(by), now, at_most)


async def what_was(by: Neighbour, *, now: datetime) -> Sequence[Gathering]:
    return await _behind(*await reach(by), now, ENOUGH)


async def on_in(space_id: int, *, by: Neighbour, now: datetime) -> Sequence[Gathering]:
    return await _in_space(*await reach(by), now, FEW, space_id)


async def others_of(event: Gathering, *, by: Neighbour, now: datetime) -> list[Gathering]:
    """The other dates of its series that are to come."""
    if event.series is None:
        return []
    found = await _series(*await reach(by), now, ENOUGH, event.series)
    return [each for each in found if each.id != event.id]


class Face(Struct):
    id: int
    name: str
    photo: str


_faces = prepared_sql(
    "SELECT people.id, people.name, people.photo FROM event_answers "
    "JOIN people ON people.id = event_answers.person AND people.state = 'active' "
    "AND (people.of_age_on IS NULL OR people.of_age_on <= {1}) "
    "WHERE event_answers.event = {2} AND event_answers.said = 'yes' AND event_answers.shown AND people.id "
    + NOT_BLOCKED.format(me="{0}")
    + " ORDER BY event_answers.at, event_answers.id LIMIT {3}",
    Face,
)


async def who_comes(event: Gathering, *, by: Neighbour, now: datetime) -> Sequence[Face]:
    """Those who let neighbours see it; nobody across a block, and no child."""
    return await _faces(by.id, now.date(), event.id, FEW)


class Hosting(Struct):
    event: int
    id: int
    name: str
    photo: str


_hosts = prepared_sql(
    "SELECT event_hosts.event, people.id, people.name, people.photo FROM event_hosts "
    "JOIN people ON people.id = event_hosts.person WHERE event_hosts.event = {} ORDER BY event_hosts.id",
    Hosting,
)


async def hosting(event: Gathering) -> Sequence[Hosting]:
    return await _hosts(event.id)
