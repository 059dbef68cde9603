"""Spaces as neighbours find them, who manages them, and a booking held while a deed is done to it."""

import json
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared, prepared_sql
from app.features.spaces.tables import Booking, BookingStep, Did, Space, Stage
from app.kit.refusals import Missing
from app.kit.words import Sentence, written

HOLDING = (Stage.pending, Stage.approved)


class Room(Struct):
    """A space as it is read; `names` and the like are what was typed, by language."""

    id: int
    slug: str
    area: int | None
    names: str
    about: str
    place: str
    price: str
    capacity: int
    steps: str
    policy: str
    capability: str
    short: int
    few: int
    step: int
    shortest: int
    longest: int
    ahead: int
    weekly: int
    gap: int
    hold_hours: int
    release: int
    way_in: str
    key_holder: int | None
    public: bool
    closed_at: datetime | None

    @property
    def name(self) -> Sentence:
        return written(json.loads(self.names))

    @property
    def about_said(self) -> Sentence | None:
        return _said(self.about)

    @property
    def place_said(self) -> Sentence | None:
        return _said(self.place)

    @property
    def price_said(self) -> Sentence | None:
        return _said(self.price)

    @property
    def thing(self) -> str:
        return f"space:{self.id}"


class Booked(Struct):
    """A booking as it stands; moments are UTC."""

    id: int
    space: int
    person: int
    acted_by: int | None
    household: int | None
    begins_at: datetime
    ends_at: datetime
    people: int
    purpose: str
    open_to_all: bool
    version: int
    stage: Stage
    asked_at: datetime
    stage_at: datetime
    decided_by: int | None
    reason: str
    sequence: int
    nudged: int
    reminded_at: datetime | None
    came_at: datetime | None
    blocked_by: int | None
    before: str
    series: int | None
    due_on: date | None
    apart: bool

    @property
    def owner(self) -> str:
        return owner_of(self.id)

    @property
    def path(self) -> str:
        return f"/bookings/{self.id}"

    @property
    def holds(self) -> bool:
        return self.stage in HOLDING


def _said(typed: str) -> Sentence | None:
    """None where nobody wrote any."""
    texts = {tag: words for tag, words in json.loads(typed).items() if words.strip()}
    return written(texts) if texts else None


def owner_of(booking_id: int) -> str:
    return f"booking:{booking_id}"


_FIELDS = [getattr(Space, name) for name in Room.__struct_fields__]
_BOOKED = [getattr(Booking, name) for name in Booked.__struct_fields__]
_room = prepared(lambda id: Space.select(*_FIELDS).where(Space.id == id), Room)
_by_slug = prepared(lambda slug: Space.select(*_FIELDS).where(Space.slug == slug), Room)
_open = prepared_sql(
    "SELECT " + ", ".join(Room.__struct_fields__) + " FROM spaces WHERE closed_at IS NULL ORDER BY sort, id",  # noqa: S608
    Room,
)
_booked = prepared(lambda id: Booking.select(*_BOOKED).where(Booking.id == id), Booked)


async def spaces() -> list[Room]:
    """All that are in use, in the order somebody gave them."""
    return list(await _open())


async def space_of(space_id: int) -> Room:
    room = await _room.first(space_id)
    if room is None:
        raise Missing
    return room


async def space_at(slug: str) -> Room:
    """By its address. Raises Missing, for one that is closed too."""
    room = await _by_slug.first(slug)
    if room is None or room.closed_at is not None:
        raise Missing
    return room


async def booking_of(booking_id: int) -> Booked:
    booked = await _booked.first(booking_id)
    if booked is None:
        raise Missing
    return booked


async def held_booking(booking_id: int) -> Booked:
    """Nobody else's until the transaction ends. Raises Missing."""
    await held(Booking.select(Booking.id).where(Booking.id == booking_id))
    return await booking_of(booking_id)


async def move(
    booked: Booked, did: Did, *, by: int | None, now: datetime, words: str = "", stage: Stage | None = None, **more: Any
) -> int:
    """What happened is added to the history, and the stage changed where one is named; gives back the step."""
    values: dict[Any, Any] = {getattr(Booking, name): value for name, value in more.items()}
    if stage is not None:
        values |= {Booking.stage: stage, Booking.stage_at: now, Booking.sequence: booked.sequence + 1}
    if values:
        await Booking.update(values).where(Booking.id == booked.id)
    step = BookingStep(booking=booked.id, at=now, by=by, did=did, words=words)
    await step.save()
    return int(step.id)
