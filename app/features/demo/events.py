"""What is on in the demo: who hosts it, where, and who comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from app.features.community import rules as community
from app.features.demo.needs import Happening
from app.features.events import rules as events
from app.features.events.rules import Draft, PartDraft, Saying
from app.features.events.tables import Kind, Said
from app.features.people import rules as people
from app.features.spaces import rules as spaces

Texts = dict[str, str]


@dataclass(frozen=True)
class Gathered:
    """In so many days, from hour to hour; `room` counts the spaces of the place, without one there are words for it.

    `come` shows itself to neighbours, `perhaps` says so; `need` is what the first of those who come needs.
    """

    kind: Kind
    titles: Texts
    days: int
    hours: tuple[int, int]
    by: str
    words: Texts
    room: int | None = None
    place: Texts | None = None
    capacity: int = 12
    guests: int = 1
    public: bool = False
    capability: str = ""
    parts: tuple[tuple[int, Texts], ...] = ()
    come: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    need: str = ""


async def gather(each: Gathered, manager: str, ids: Mapping[str, int], now: datetime) -> None:
    """By its host, and allowed by who manages the room; then people say that they come."""
    here, at = await community.here(), now - timedelta(hours=19)
    if here is None:
        return
    room = (await spaces.spaces())[each.room] if each.room is not None else None
    day = now.astimezone(here.clock).date() + timedelta(days=each.days)
    if room:
        day = await _open_day(room.id, day)
    draft = Draft(
        each.kind, each.titles, day, each.hours[0] * 60, each.hours[1] * 60, words=each.words, place=each.place or {},
        space=room.id if room else None, capacity=each.capacity, guests=each.guests, public=each.public,
        capability=each.capability, agreed=True, parts=tuple(PartDraft(names, many) for many, names in each.parts),
    )  # fmt: skip
    [id] = await events.make(draft, by=await people.neighbour(ids[each.by], now=at), now=at)
    event = await events.event_for(id, by=await people.neighbour(ids[each.by], now=at))
    if event.room_waits and event.booking:
        await spaces.approve(event.booking, by=await people.neighbour(ids[manager], now=at), now=at)
    for name in each.come:
        needs = events.Needs(access=each.need) if name == each.come[0] else events.Needs()
        saying = Saying(Said.yes, shown=True, needs=needs, agrees=True)
        await events.answer(id, saying, by=await people.neighbour(ids[name], now=at), now=at)
    for name in each.perhaps:
        await events.answer(id, Saying(Said.maybe), by=await people.neighbour(ids[name], now=at), now=at)


async def _open_day(room: int, day: date) -> date:
    """That one, or the next on which it is open."""
    hours = await spaces.hours_of(room, since=day)
    return next(each for each in (day + timedelta(days=nth) for nth in range(7)) if hours.on(each))


def gatherings(them: tuple[Gathered, ...], manager: str, ids: Mapping[str, int], now: datetime) -> list[Happening]:
    return [(now - timedelta(hours=19), partial(gather, each, manager, ids, now)) for each in them]
