"""Free times: what else somebody could have who cannot have what they asked for."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from app.features.spaces.rules.equipment import pieces_named, units_there
from app.features.spaces.rules.fitting import Wish
from app.features.spaces.rules.opening import Hours, Stretch, hours_of_all
from app.features.spaces.rules.reach import Room
from app.features.spaces.rules.times import A_DAY, midnight_of, minutes_of, moment_of
from app.kit import slots
from app.kit.refusals import Refusal

AROUND = 7  # days to either side
RINGS = (AROUND, 21, 56)  # days after it, which are looked at in turn where those before hold too little
QUARTER = 15


class Free(Struct, frozen=True):
    """A stretch that nobody has; `opens` and `closes` are minutes of that local day."""

    day: date
    opens: int
    closes: int


class Scarce(Struct):
    """So many units of a thing are wanted; `busy` are the quarters in which somebody has it, unit by unit."""

    wanted: int
    busy: list[set[int]]

    def enough(self, during: range) -> bool:
        return sum(each.isdisjoint(during) for each in self.busy) >= self.wanted


async def nearest(
    room: Room,
    hours: Hours,
    wish: Wish,
    *,
    units: Mapping[int, int] | None = None,
    zone: ZoneInfo,
    now: datetime,
    most: int = 3,
) -> list[Free]:
    """As long as what was asked for, within one day: the nearest by the hour, that day first, then those around it, and
    where they hold too little, those of eight weeks. `units`: how many there are of each thing that goes with it."""
    return (await _nearest_of_all([room], {room.id: hours}, wish, units or {}, zone=zone, now=now, most=most))[room.id]


async def _nearest_of_all(
    rooms: Collection[Room],
    hours: Mapping[int, Hours],
    wish: Wish,
    units: Mapping[int, int],
    *,
    zone: ZoneInfo,
    now: datetime,
    most: int,
) -> dict[int, list[Free]]:
    """By space. One query for all of them and each ring, and one more for what goes with them."""
    found: dict[int, list[Free]] = {room.id: [] for room in rooms}
    today, since = now.astimezone(zone).date(), -AROUND
    for until in RINGS if wish.until == wish.day else ():
        lacking = [room for room in rooms if len(found[room.id]) < most]
        if not lacking:
            break
        days = [wish.day + timedelta(days=nth) for nth in range(since, until + 1)]
        within = _quarters_of(days[0], days[-1], zone)
        taken = await slots.taken([room.thing for room in lacking], within)
        scarce = await _scarce(wish, units, within)
        for room in lacking:
            last = today + timedelta(days=room.ahead)
            there = sorted((day for day in days if today <= day <= last), key=lambda each: _far(each, wish))
            free = _free(room, hours[room.id], wish, there, taken[room.thing], scarce, zone, now)
            found[room.id] += islice(free, most - len(found[room.id]))
        since = until + 1
    return found


def _quarters_of(first: date, last: date, zone: ZoneInfo) -> range:
    """With what reaches over the last midnight."""
    start, end = (datetime.combine(day, datetime.min.time(), zone) for day in (first, last + timedelta(days=2)))
    return slots.quarters(start, end)


async def _scarce(wish: Wish, units: Mapping[int, int], within: range) -> list[Scarce]:
    wanted = {f"equipment:{id}": many for id, many in wish.equipment.items() if id in units}
    found = {f"equipment:{id}": Scarce(many, [set() for _ in range(units[id])]) for id, many in wish.equipment.items()}
    for each in await slots.used(wanted, within) if wanted else ():
        if each.unit < len(found[each.thing].busy):
            found[each.thing].busy[each.unit].add(each.slot)
    return list(found.values())


def nearest_to(
    room: Room, hours: Hours, wish: Wish, taken: Set[int], *, zone: ZoneInfo, now: datetime, most: int = 3
) -> list[Free]:
    """Of the days around it by what is known: `taken` are the quarters that somebody has."""
    days = sorted(
        (wish.day + timedelta(days=nth) for nth in range(-AROUND, AROUND + 1)), key=lambda each: _far(each, wish)
    )
    return list(islice(_free(room, hours, wish, days, taken, (), zone, now), most))


def _free(
    room: Room,
    hours: Hours,
    wish: Wish,
    days: Iterable[date],
    taken: Set[int],
    scarce: Collection[Scarce],
    zone: ZoneInfo,
    now: datetime,
) -> Iterator[Free]:
    since, minutes, gap = minutes_of(now), wish.minutes, room.gap
    for day in days:
        midnight = midnight_of(day, zone)
        for opens in _starts(tuple(hours.on(day)), room.step, minutes, wish.opens):
            if midnight is not None:  # thousands of these: no call that can be spared
                begins, ends = midnight + opens, midnight + opens + minutes
            else:
                try:
                    begins, ends = _moments(day, opens, opens + minutes, zone)
                except Refusal:
                    continue
            if begins > since and taken.isdisjoint(range(begins // QUARTER, -(-(ends + gap) // QUARTER))):
                during = range(begins // QUARTER, -(-ends // QUARTER))
                if all(each.enough(during) for each in scarce):
                    yield Free(day, opens, opens + minutes)


def _moments(day: date, opens: int, closes: int, zone: ZoneInfo) -> tuple[int, int]:
    """In minutes since 1970. Raises Refusal for an hour that is not there, or twice."""
    return minutes_of(moment_of(day, opens, zone)), minutes_of(moment_of(day, closes, zone))


class Found(Struct):
    """A space that fits, with what is free of it at that time: nothing but the nearest where it is taken."""

    room: Room
    free: bool
    instead: list[Free]
    equipment: Mapping[int, int]


async def find(wish: Wish, rooms: Collection[Room], *, zone: ZoneInfo, now: datetime) -> list[Found]:
    """Which of them has room for that many and what they need at that time, the free ones first; for each of the others
    the nearest free times. As many queries for thirty rooms as for one."""
    units = await units_there(wish.equipment)
    able = [room for room in rooms if room.capacity >= wish.people and _has(room, wish, units)]
    since = min(wish.day, now.astimezone(zone).date()) - timedelta(days=AROUND + 1)
    hours = await hours_of_all([room.id for room in able], since=since)
    there = {id: many for (id, _), many in units.items()}
    nearest = await _nearest_of_all(able, hours, wish, there, zone=zone, now=now, most=3)
    found = []
    for room in able:
        free = nearest[room.id]
        fits = bool(free) and (free[0].day, free[0].opens) == (wish.day, wish.opens)
        found.append(Found(room, fits, [] if fits else free, wish.equipment))
    return sorted(found, key=_best)


async def find_with(names: str, wish: Wish, rooms: Collection[Room], *, zone: ZoneInfo, now: datetime) -> list[Found]:
    """The same with one thing of that name: the space's own, or else one that goes to any."""
    pieces, with_piece = await pieces_named(names), dict[int, list[Room]]()
    for room in rooms:
        piece = pieces.get(room.id, pieces.get(None))
        if piece is not None:
            with_piece.setdefault(piece, []).append(room)
    found: list[Found] = []
    for piece, some in with_piece.items():
        found += await find(replace(wish, equipment={piece: 1}), some, zone=zone, now=now)
    return sorted(found, key=_best)


def _best(each: Found) -> tuple[bool, bool]:
    return not each.free, not each.instead


def _has(room: Room, wish: Wish, units: Mapping[tuple[int, int | None], int]) -> bool:
    there = {id: many for (id, space), many in units.items() if space in (None, room.id)}
    return all(there.get(id, 0) >= many for id, many in wish.equipment.items())


def _far(day: date, wish: Wish) -> tuple[int, bool]:
    return abs((day - wish.day).days), day < wish.day


@lru_cache(maxsize=512)
def _starts(open_at: tuple[Stretch, ...], step: int, minutes: int, wished: int) -> list[int]:
    """When something so long can begin, what is nearest to the wish first."""
    found = [
        opens
        for each in open_at
        for opens in range(-(-each.opens // step) * step, min(each.closes, A_DAY) - minutes + 1, step)
    ]
    return sorted(found, key=lambda opens: (abs(opens - wished), opens))
