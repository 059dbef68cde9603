"""A repeat looked over before it is sent: each of its days, which of them cannot be had, and what could be instead."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.features.spaces.rules.claiming import claims_of, full_week, units_of
from app.features.spaces.rules.finding import Free, nearest_to
from app.features.spaces.rules.fitting import Wish, moments, open_then, over_already
from app.features.spaces.rules.opening import Hours, hours_of
from app.features.spaces.rules.reach import Room
from app.features.spaces.rules.repeating import Due
from app.features.spaces.rules.series import closes_of, wish_on
from app.features.spaces.rules.times import week_of
from app.kit import slots
from app.kit.refusals import Refusal, Taken
from app.kit.slots import Claim, Faster, units_for
from app.kit.words import Sentence, say

AROUND = timedelta(days=9)
OFFERS = 3
Choices = Mapping[date, Free | None]
Owned = dict[str, dict[tuple[int, int], str]]


class Turn(Struct):
    """A day of the rule: what will be booked for it (nothing: it is left out), or why that cannot be had."""

    due: date
    wish: Wish | None
    why: Sentence | None = None
    instead: list[Free] = []
    moved: bool = False

    @property
    def chosen(self) -> str:
        """As forms say it."""
        return f"{self.wish.day} {self.wish.opens} {self.wish.opens + self.wish.minutes}" if self.wish else "out"


class Plan(Struct):
    rule: str
    turns: list[Turn]
    known: dict[int, int]

    @property
    def unsettled(self) -> list[Turn]:
        return [each for each in self.turns if each.why is not None]

    @property
    def wishes(self) -> dict[date, Wish]:
        """What will be booked, by the day of the rule."""
        return {each.due: each.wish for each in self.turns if each.wish is not None and each.why is None}


class DatesTaken(Taken):
    """Some of the days cannot be had: each has to be moved or left out."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(say("Some of these days cannot be had. Please choose for each."), beside="dates")
        self.plan = plan


async def plan(
    room: Room,
    wish: Wish,
    rule: str,
    dues: Sequence[Due],
    choices: Choices,
    *,
    household: int | None,
    own: Collection[str] = (),
    zone: ZoneInfo,
    now: datetime,
) -> Plan:
    """What `own` has counts as free. As many queries for a hundred days as for two."""
    units = await units_of(room, wish)
    hours = await hours_of(room.id, since=min(now.astimezone(zone).date(), dues[0].day) - AROUND)
    owned = await owned_by_others(room, wish, dues, household, own, zone)
    turns = []
    for due in dues:
        turn = _turn(due, wish, choices)
        if turn.wish is not None and turn.why is None:
            turn.why = _why_not(room, hours, turn.wish, units, household, owned, zone, now)
        turns.append(turn)
    for turn in turns:
        if turn.why is not None and turn.wish is not None:
            turn.instead = _instead(room, hours, turn.wish, units, household, owned, zone, now)
    return Plan(rule, turns, units)


def _turn(due: Due, wish: Wish, choices: Choices) -> Turn:
    if due.day not in choices:
        return Turn(due.day, wish_on(due.day, wish.opens, closes_of(wish), wish), due.why)
    chosen = choices[due.day]
    if chosen is None:
        return Turn(due.day, None)
    return Turn(due.day, wish_on(chosen.day, chosen.opens, chosen.closes, wish), moved=True)


def _why_not(
    room: Room,
    hours: Hours,
    wish: Wish,
    units: Mapping[int, int],
    household: int | None,
    owned: Owned,
    zone: ZoneInfo,
    now: datetime,
) -> Sentence | None:
    """None where it can be had: then it is taken, in `owned`, for those that come after it."""
    try:
        begins, ends = moments(wish, zone)
    except Refusal as refusal:
        return refusal.sentence
    if begins <= now:
        return over_already(wish.day, now.astimezone(zone).date())
    if not hours.cover(wish.day, wish.opens, wish.until, wish.closes):
        return open_then(hours, wish)
    try:
        take_of(claims_of(room, wish, units, begins, ends, household), owned, owner=f"{wish.day} {wish.opens}")
    except Faster as faster:
        return said_of(faster.thing, room)
    return None


def said_of(thing: str, room: Room) -> Sentence:
    if thing.startswith("week:"):
        return full_week(room)
    return say("Not enough of it is free then.") if thing.startswith("equipment:") else say("That time is taken.")


def take_of(claims: Collection[Claim], owned: Owned, *, owner: str) -> None:
    """All of it or nothing. Raises Faster."""
    rows = [
        (claim.thing, unit, at)
        for claim in claims
        for unit in units_for(claim, owner, owned.setdefault(claim.thing, {}))
        for at in claim.slots
    ]
    for thing, unit, at in rows:
        owned[thing][unit, at] = owner


def _instead(
    room: Room,
    hours: Hours,
    wish: Wish,
    units: Mapping[int, int],
    household: int | None,
    owned: Owned,
    zone: ZoneInfo,
    now: datetime,
) -> list[Free]:
    """The nearest to that day that could be had with all that belongs to it."""
    taken = {at for _, at in owned.get(room.thing, {})}
    found = []
    for free in nearest_to(room, hours, wish, taken, zone=zone, now=now, most=4 * OFFERS):
        there = wish_on(free.day, free.opens, free.closes, wish)
        trial = {thing: dict(rows) for thing, rows in owned.items() if thing != room.thing} | {room.thing: {}}
        if _why_not(room, hours, there, units, household, trial, zone, now) is None:
            found.append(free)
        if len(found) == OFFERS:
            break
    return found


async def owned_by_others(
    room: Room, wish: Wish, dues: Sequence[Due], household: int | None, own: Collection[str], zone: ZoneInfo
) -> Owned:
    first, last = dues[0].day - AROUND, dues[-1].day + AROUND
    begin, end = (datetime.combine(day, datetime.min.time(), zone) for day in (first, last))
    things = [room.thing, *(f"equipment:{id}" for id in wish.equipment)]
    found = await slots.used(things, slots.quarters(begin, end))
    if room.weekly and household is not None:
        weeks = range(week_of(first).toordinal(), week_of(last).toordinal() + 1)
        found += await slots.used([f"week:{room.id}:{household}"], weeks)
    owned: Owned = {thing: {} for thing in things}
    for each in found:
        if each.owner not in own:
            owned.setdefault(each.thing, {})[each.unit, each.slot] = each.owner
    return owned
