"""An event as it is read: by its hosts, by those it is for, and held while a deed is done to it."""

import json
from datetime import datetime

from msgspec import Struct

from app.db import held, prepared_sql
from app.features.announcements.rules.reach import is_for
from app.features.events.tables import Event, Host, Stage
from app.features.moderation import rules as moderation
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.features.spaces.tables import Stage as RoomStage
from app.kit.refusals import Missing, NotYours
from app.kit.words import Sentence, say, written

ROOM_HOLDS = (RoomStage.pending, RoomStage.approved)


class Gathering(Struct):
    """An event with its place, its hosts' first, and how many come; `mine` is what the reader said, and when."""

    id: int
    kind: str
    titles: str
    words: str
    place: str
    space: int | None
    booking: int | None
    by: int | None
    area: int | None
    role: str
    public: bool
    begins_at: datetime
    ends_at: datetime
    capacity: int
    guests: int
    capability: str
    valid_days: int
    series: int | None
    stage: Stage
    reason: str
    sequence: int
    taken: bool
    made_at: datetime
    changed_at: datetime | None
    reminded_at: datetime | None
    asked_at: datetime | None
    told_at: datetime | None
    space_names: str | None
    space_slug: str | None
    room_stage: str | None
    room_at: datetime | None
    by_name: str | None
    by_photo: str | None
    coming: int
    places_taken: int
    mine: str | None
    said_at: datetime | None
    hosted: bool

    @property
    def title(self) -> Sentence:
        return written(json.loads(self.titles))

    @property
    def text(self) -> Sentence | None:
        return _said(self.words)

    @property
    def where(self) -> Sentence:
        """The name of its space, or the words for its place."""
        if self.space_names:
            return written(json.loads(self.space_names))
        return _said(self.place) or say("A place to come")

    @property
    def path(self) -> str:
        return path_of(self.id)

    @property
    def thing(self) -> str:
        return thing_of(self.id)

    @property
    def left(self) -> int:
        return max(0, self.capacity - self.places_taken)

    @property
    def takes_place(self) -> bool:
        return self.stage == Stage.planned and not self.taken

    @property
    def room_waits(self) -> bool:
        """Nobody has allowed its room yet."""
        return self.room_stage == RoomStage.pending

    @property
    def open_to_all(self) -> bool:
        return self.area is None and not self.role

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now


def _said(typed: str) -> Sentence | None:
    texts = {tag: words for tag, words in json.loads(typed).items() if words.strip()}
    return written(texts) if texts else None


def path_of(event_id: int) -> str:
    return f"/events/{event_id}"


def thing_of(event_id: int) -> str:
    return f"event:{event_id}"


_OWN = [name for name in Gathering.__struct_fields__ if hasattr(Event, name)]
# ruff: noqa: S608 (all of these words are ours)
COLUMNS = (
    "SELECT "
    + ", ".join(f"events.{name}" for name in _OWN)
    + ", spaces.names AS space_names, spaces.slug AS space_slug, bookings.stage AS room_stage, "
    "bookings.stage_at AS room_at, makers.name AS by_name, makers.photo AS by_photo, "
    "CAST(COALESCE((SELECT SUM(1 + event_answers.guests) FROM event_answers WHERE event_answers.event = events.id "
    "AND event_answers.said = 'yes'), 0) AS integer) AS coming, "
    "CAST((SELECT COUNT(*) FROM slots WHERE slots.thing = 'event:' || CAST(events.id AS varchar)) AS integer) "
    "AS places_taken, "
    "(SELECT mine.said FROM event_answers AS mine WHERE mine.event = events.id AND mine.person = {0}) AS mine, "
    "(SELECT own.at FROM event_answers AS own WHERE own.event = events.id AND own.person = {0}) AS said_at, "
    "EXISTS (SELECT 1 FROM event_hosts WHERE event_hosts.event = events.id AND event_hosts.person = {0}) AS hosted "
    "FROM events LEFT JOIN spaces ON spaces.id = events.space LEFT JOIN bookings ON bookings.id = events.booking "
    "LEFT JOIN people AS makers ON makers.id = events.by "
)
_one = prepared_sql(COLUMNS + "WHERE events.id = {1}", Gathering)


class _Id(Struct):
    id: int


_hosts = prepared_sql("SELECT person AS id FROM event_hosts WHERE event = {} ORDER BY id", _Id)


async def hosts_of(event_id: int) -> list[int]:
    return [each.id for each in await _hosts(event_id)]


async def gathering(event_id: int, *, by: int = 0) -> Gathering:
    """As it stands, whoever may see it. Raises Missing."""
    found = await _one.first(by, event_id)
    if found is None:
        raise Missing
    return found


async def event_for(event_id: int, *, by: Neighbour) -> Gathering:
    """Raises Missing for whom it is not, across a block, and for what officers took away."""
    found = await gathering(event_id, by=by.id)
    if not await may_see(found, by):
        raise Missing
    return found


async def public_event(event_id: int) -> Gathering:
    """For somebody who is not signed in. Raises Missing."""
    found = await gathering(event_id)
    if not found.public or found.taken:
        raise Missing
    return found


async def may_see(found: Gathering, by: Neighbour) -> bool:
    if not by.is_active:
        return False
    if found.hosted or (by.is_a(RoleKind.administrator) and not found.taken):
        return True
    if found.taken or (found.by is not None and await moderation.blocks_between(by.id, found.by)):
        return False
    return await is_for(by, found.area) and (not found.role or by.is_a(RoleKind(found.role)))


async def held_event(event_id: int, *, by: int = 0) -> Gathering:
    """Nobody else's until the transaction ends: who comes is decided one after the other. Raises Missing."""
    await held(Event.select(Event.id).where(Event.id == event_id))
    return await gathering(event_id, by=by)


async def hosted(event_id: int, *, by: Neighbour) -> Gathering:
    """Held. Missing for whom it is not, NotYours for those who only come."""
    found = await held_event(event_id, by=by.id)
    must_host(found, by, await may_see(found, by))
    return found


def must_host(found: Gathering, by: Neighbour, sees: bool) -> None:
    if not sees:
        raise Missing
    if not found.hosted:
        raise NotYours(say("Whoever hosts it does that."))


async def add_host_row(event_id: int, person_id: int) -> None:
    row = Host(event=event_id, person=person_id)
    await Host.insert(row).on_conflict(target=(Host.event, Host.person), action="DO NOTHING")
