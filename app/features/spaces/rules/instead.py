"""What somebody could have whose booking fell to something larger: the nearest free times of the same room."""

from datetime import datetime, timedelta

from app.features.spaces.rules.booking import the_zone
from app.features.spaces.rules.finding import Free, nearest
from app.features.spaces.rules.fitting import Wish
from app.features.spaces.rules.listing import from_to
from app.features.spaces.rules.opening import hours_of
from app.features.spaces.rules.reach import Booked, Room
from app.features.spaces.rules.times import hour_of
from app.kit.words import Sentence, say

LOOK_BACK = timedelta(days=8)


async def instead_of(booked: Booked, room: Room, *, now: datetime) -> list[Free]:
    zone = await the_zone()
    day, opens, last, closes = from_to(booked, zone)
    wish = Wish(day, opens, closes, last if last != day else None, booked.people)
    hours = await hours_of(room.id, since=now.astimezone(zone).date() - LOOK_BACK)
    return await nearest(room, hours, wish, zone=zone, now=now)


def listed(free: list[Free]) -> Sentence | None:
    """ "9 May 16:30–18:30, 10 May 14:00–16:00"; None where there is nothing."""
    said: Sentence | None = None
    for each in free:
        one = say("%(day)s %(opens)s–%(closes)s", day=each.day, opens=hour_of(each.opens), closes=hour_of(each.closes))
        said = say("%(these)s, %(more)s", these=said, more=one) if said else one
    return said
