"""A month of an item, day by day: what is free, what is lent, what is nobody's between two loans."""

from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from msgspec import Struct

from app.db import prepared_sql
from app.features.people.rules import Neighbour
from app.features.sharing.rules.reach import Thing
from app.kit.words import Sentence, say

DAY = timedelta(days=1)


class Look(StrEnum):
    """`late`: it should have been back, and is not. `past`: nobody had it, and it is over."""

    free = "free"
    lent = "lent"
    mine = "mine"
    gap = "gap"
    late = "late"
    past = "past"


LOOKS: dict[Look, Sentence] = {
    Look.free: say("free"),
    Look.lent: say("lent"),
    Look.mine: say("lent to you"),
    Look.gap: say("a pause"),
    Look.late: say("not back yet"),
    Look.past: say("free"),
}


class DayOfItem(Struct):
    on: date
    look: Look


class Stretch(Struct):
    """Days on end that look the same."""

    first: date
    last: date
    look: Look


class MonthOfItem(Struct):
    """`first` is the first day of the month."""

    first: date
    days: list[DayOfItem]

    @property
    def stretches(self) -> list[Stretch]:
        """The month in words; days that are over and were nobody's say nothing."""
        together = [list(some) for _, some in groupby(self.days, lambda day: day.look)]
        return [Stretch(some[0].on, some[-1].on, some[0].look) for some in together if some[0].look != Look.past]


class _Held(Struct):
    """A day that is somebody's; without a `slot`, a loan that is out, perhaps beyond the days it has."""

    slot: int | None
    borrower: int | None
    due_on: date | None


_held = prepared_sql(
    "SELECT slots.slot, loans.borrower, loans.due_on FROM slots "
    "LEFT JOIN loans ON loans.item = {0} AND slots.owner = 'loan:' || loans.id "
    "WHERE slots.thing = {1} AND slots.slot >= {2} AND slots.slot < {3} "
    "UNION ALL SELECT NULL, loans.borrower, loans.due_on FROM loans "
    "WHERE loans.item = {0} AND loans.stage IN ('asked', 'accepted', 'out') AND loans.stage = 'out'",
    _Held,
)


async def month_of(thing: Thing, first: date, *, by: Neighbour, today: date) -> MonthOfItem:
    """From the first day of a month to its last, for whoever may see the item. To whom it is lent is not in it, but for
    the reader's own loans. One query."""
    days = range(first.toordinal(), (first + 31 * DAY).replace(day=1).toordinal())
    looks: dict[int, Look] = {}
    for held in await _held(thing.id, thing.thing, days.start, days.stop):
        lent = Look.mine if by.id == held.borrower else Look.lent
        if held.slot is not None:
            is_gap = held.due_on is not None and held.slot > held.due_on.toordinal()
            looks[held.slot] = Look.gap if is_gap else lent
        elif held.due_on is not None and held.due_on < today:
            looks |= dict.fromkeys(range(held.due_on.toordinal() + 1, today.toordinal() + 1), Look.late)
    now = today.toordinal()
    otherwise = {day: Look.free if day >= now else Look.past for day in days}
    return MonthOfItem(first, [DayOfItem(date.fromordinal(day), looks.get(day, otherwise[day])) for day in days])
