"""When an item is free: for chips, for other days than those that were asked for, for whoever needs it now."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from app.features.sharing.rules.listing import AMONG
from app.features.sharing.rules.reach import Thing, thing_of
from app.features.sharing.rules.shown import FREE_TODAY, asking
from app.kit import slots

AHEAD = 366  # days that are looked through
DAY = timedelta(days=1)


class _Id(Struct):
    id: int


_FREE = (
    f"SELECT items.id FROM items WHERE items.id {AMONG.replace('{}', '{ids}')} "  # noqa: S608
    f"AND items.state = 'offered' AND {FREE_TODAY}"
)


async def free_now(item_ids: Collection[int], on: date) -> set[int]:
    """Which of them are on the board, whole, at home, and nobody's on that day. One query."""
    values: dict[str, Any] = {"ids": list(item_ids), "today": on.toordinal()}
    return {row.id for row in await asking(_FREE, _Id)(values)} if item_ids else set()


async def free_from(item_ids: Collection[int], on: date) -> dict[int, date]:
    """Of each the first day, from this one on, that nobody has. One query."""
    today = on.toordinal()
    things = {thing_of(id): id for id in item_ids}
    taken = await slots.taken(things, range(today, today + AHEAD)) if things else {}
    return {things[thing]: date.fromordinal(_first_free(days, today)) for thing, days in taken.items()}


def _first_free(taken: set[int], day: int) -> int:
    while day in taken:
        day += 1
    return day


async def next_free(item: Thing, days: int, since: date, *, most: int = 3) -> list[date]:
    """The first days of the next stretches, within a year, in which it is free for so many days and its gap."""
    needed, start = days + item.gap, since.toordinal()
    stop = start + AHEAD
    taken = (await slots.taken([item.thing], range(start, stop + needed)))[item.thing]
    found: list[date] = []
    day = _first_free(taken, start)
    while day < stop and len(found) < most:
        end = min((each for each in taken if each >= day), default=stop + needed)
        if end - day >= needed:
            found.append(date.fromordinal(day))
        day = _first_free(taken, end)
    return found
