"""One's next bookings, and how one gets in, for when there is no network."""

import json
from datetime import datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql
from app.features.people.rules import Neighbour
from app.features.spaces.rules.door_codes import is_time, look_at_code
from app.features.spaces.rules.reach import booking_of
from app.features.spaces.rules.words import LOOKS, STANDS, WAYS_IN
from app.features.spaces.tables import Stage, WayIn
from app.kit.pocket import InPocket
from app.kit.words import Sentence, say, written

FAR, AT_MOST = timedelta(days=14), 10


class Next(Struct):
    id: int
    stage: Stage
    begins_at: datetime
    ends_at: datetime
    purpose: str
    names: str
    place: str
    way_in: WayIn
    holder: str | None

    @property
    def space_name(self) -> Sentence:
        return written(json.loads(self.names))

    @property
    def place_said(self) -> Sentence | None:
        texts = {tag: words for tag, words in json.loads(self.place).items() if words.strip()}
        return written(texts) if texts else None

    @property
    def way(self) -> Sentence:
        if self.way_in == WayIn.key and self.holder:
            return say("%(name)s has the key.", name=self.holder)
        return WAYS_IN[self.way_in]


_next = prepared_sql(
    "SELECT bookings.id, bookings.stage, bookings.begins_at, bookings.ends_at, bookings.purpose, spaces.names, "
    "spaces.place, spaces.way_in, holders.name AS holder FROM bookings JOIN spaces ON spaces.id = bookings.space "
    "LEFT JOIN people AS holders ON holders.id = spaces.key_holder "
    "WHERE (bookings.person = {0} OR bookings.acted_by = {0}) AND bookings.stage IN ('pending', 'approved') "
    "AND bookings.ends_at > {1} AND bookings.begins_at < {2} ORDER BY bookings.begins_at LIMIT {3}",
    Next,
)


async def in_pocket(by: Neighbour, *, now: datetime) -> list[InPocket]:
    """A code of a door has a page of its own, which no phone shows once the booking has ended."""
    ahead = list(await _next(by.id, now, now + FAR, AT_MOST))
    if not ahead:
        return []
    codes = [page for each in ahead if (page := await _with_code(each, by, now))]
    shows = {"ahead": ahead, "stands": STANDS, "looks": LOOKS, "coded": {page.path for page in codes}}
    until = max(each.ends_at for each in ahead)
    return [*codes, InPocket("/bookings", say("My bookings"), "spaces/bookings_in_pocket.html", shows, until)]


async def _with_code(each: Next, by: Neighbour, now: datetime) -> InPocket | None:
    """From two hours before; that it was put into the pocket is a look, and noted."""
    if each.way_in != WayIn.code:
        return None
    booked = await booking_of(each.id)
    if not is_time(booked, now):
        return None
    code = await look_at_code(booked, by=by, now=now)
    if code is None:
        return None
    title = say("Code of the door: %(space)s", space=each.space_name)
    return InPocket(booked.path, title, "spaces/code_in_pocket.html", {"each": each, "code": code}, code.until_at)
