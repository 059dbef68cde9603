"""Shared rooms that a measure takes: who had booked them is told with an apology, and what still lies ahead returns."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.alerts.rules.declaring import FASTER
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.spaces import rules as spaces
from app.kit.languages import of_text
from app.kit.refusals import Taken
from app.kit.slots import Faster


class Falls(Struct, frozen=True):
    """A booking that would be off: when, how many, and what for where all may read it. Never whose it is."""

    id: int
    space: spaces.Room
    begins_at: datetime
    ends_at: datetime
    people: int
    purpose: str


class _Id(Struct):
    id: int


_of_alert = prepared_sql("SELECT id FROM alert_measures WHERE alert = {} ORDER BY id", _Id)


async def falling(space_ids: Iterable[int], until: datetime, *, now: datetime) -> list[Falls]:
    """What is booked in these rooms from now until then."""
    found = []
    for id in sorted(set(space_ids)):
        room = await spaces.space_of(id)
        found += [
            Falls(each.id, room, each.begins_at, each.ends_at, each.people, each.purpose if each.open_to_all else "")
            for each in await spaces.in_the_way(room, now, until)
        ]
    return found


async def take_rooms(
    measure_id: int, space_ids: Iterable[int], reason: str, until: datetime, *, by: Neighbour, now: datetime
) -> None:
    """Within the deed that takes the measure."""
    here = await community.here()
    why = {of_text(reason, here.languages[0] if here else "en"): reason}
    try:
        for id in sorted(set(space_ids)):
            await spaces.take_over(id, now, until, why, origin=_origin(measure_id), by=by.id, now=now)
    except Faster:
        raise Taken(FASTER) from None


async def give_rooms_back(measure_id: int, *, by: int | None, now: datetime) -> None:
    await spaces.give_back_all(_origin(measure_id), by=by, now=now)


async def give_back_rooms_of(alert_id: int, *, now: datetime) -> None:
    """By the clock, when the alert is over. Twice gives nothing back twice."""
    for row in await _of_alert(alert_id):
        await give_rooms_back(row.id, by=None, now=now)


async def rooms_of(measure_id: int) -> list[spaces.TakenOver]:
    return await spaces.taken_over(_origin(measure_id))


def _origin(measure_id: int) -> str:
    """Our word for it with spaces, which know nothing of measures."""
    return f"measure:{measure_id}"
