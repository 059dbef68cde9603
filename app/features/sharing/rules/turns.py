"""How somebody's waiting stands: which number they are, when it may be theirs, and whether it is offered them now."""

from collections.abc import Collection
from datetime import date, datetime

from msgspec import Struct

from app.features.sharing.rules.days import EVER, first_free, kept_under
from app.features.sharing.rules.stages import Lent
from app.features.sharing.rules.waiting import loan_in
from app.kit import queue, slots
from app.kit.queue import Waits


class Turn(Struct):
    """`place` 1 is next among those who wait for some of the same days. `expected` is the first day on which it would
    be theirs, if all before them take it for as long as they asked; a gift has none."""

    place: int
    expected: date | None
    offered_until: datetime | None

    def offered(self, now: datetime) -> bool:
        return self.offered_until is not None and now < self.offered_until


async def turns_of(loans: Collection[Lent], *, today: date) -> dict[int, Turn]:
    """Of those that stand in a line, by the loan."""
    waiting = {each.item: each for each in loans if each.in_line}
    under = {item: kept_under(item, gift=each.is_gift) for item, each in waiting.items()}
    taken = await slots.taken(list(under.values()), EVER) if under else {}
    found: dict[int, Turn] = {}
    for item, each in waiting.items():
        line = await queue.in_line(each.thing, EVER)
        days = {} if each.is_gift else one_after_the_other(line, taken[under[item]], today=today)
        found |= {loan_in(own): Turn(_place(own, line), days.get(own.id), own.offered_until) for own in line}
    return {each.id: found[each.id] for each in loans if each.id in found}


def one_after_the_other(line: Collection[Waits], taken: Collection[int], *, today: date) -> dict[int, date]:
    """If all who wait take it: from which day each would have it."""
    gone, found = set(taken), {}
    for waits in line:
        first, many = date.fromordinal(waits.first), waits.last - waits.first + 1
        if waits.offered_until is None:
            first = first_free(gone, many, max(first, today))
            gone.update(range(first.toordinal(), first.toordinal() + many))
        found[waits.id] = first
    return found


def _place(own: Waits, line: Collection[Waits]) -> int:
    same = [each for each in line if each.first <= own.last and own.first <= each.last]
    return 1 + [each.id for each in same].index(own.id)
