"""Waiting lists: who came first is offered it first, for a while, then the next."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from app.db import Clash, held, prepared_sql, writing
from app.kit.refusals import Missing, Taken
from app.kit.tables import Waiting
from app.kit.words import say


class Ended(StrEnum):
    """How somebody's waiting ended."""

    taken = "taken"
    declined = "declined"
    lapsed = "lapsed"
    left = "left"
    over = "over"


class Waits(Struct):
    """Somebody in a line. `first` and `last` are slots, as `kit/slots.py` counts them."""

    id: int
    queue: str
    person: int
    first: int
    last: int
    wish: str
    at: datetime
    offered_until: datetime | None
    ended_at: datetime | None
    ended: str

    @property
    def owner(self) -> str:
        """What holds the slots of an offer."""
        return f"waiting:{self.id}"

    def offered(self, now: datetime) -> bool:
        return self.ended_at is None and self.offered_until is not None and now < self.offered_until


_FIELDS = ", ".join(Waits.__struct_fields__)
# ruff: noqa: S608 (all of these words are ours)
_one = prepared_sql(f"SELECT {_FIELDS} FROM waiting WHERE id = {{}}", Waits)
_in_line = prepared_sql(
    f"SELECT {_FIELDS} FROM waiting WHERE queue = {{}} AND ended_at IS NULL AND first <= {{}} AND last >= {{}} "
    "ORDER BY at, id",
    Waits,
)
_of_person = prepared_sql(
    f"SELECT {_FIELDS} FROM waiting WHERE person = {{}} AND ended_at IS NULL ORDER BY first, id", Waits
)


async def join(queue: str, person: int, within: range, wish: Mapping[str, Any], *, now: datetime) -> int:
    """At the end of the line. Raises Taken for whoever stands in it already."""
    kept = Waiting(
        queue=queue, person=person, first=within.start, last=within.stop - 1, wish=msgspec.json.encode(wish).decode(),
        at=now, ended="",
    )  # fmt: skip
    try:
        async with writing():
            await kept.save()
    except Clash:
        raise Taken(say("You are on the waiting list already.")) from None
    return int(kept.id)


async def one(waiting_id: int) -> Waits:
    """Raises Missing."""
    found = await _one.first(waiting_id)
    if found is None:
        raise Missing
    return found


async def held_one(waiting_id: int) -> Waits:
    """Nobody else's until the transaction ends. Raises Missing."""
    await held(Waiting.select(Waiting.id).where(Waiting.id == waiting_id))
    return await one(waiting_id)


async def in_line(queue: str, within: range) -> list[Waits]:
    """Whoever waits for any of it, who came first first."""
    return list(await _in_line(queue, within.stop - 1, within.start))


async def waits_of(person: int) -> list[Waits]:
    return list(await _of_person(person))


async def place_of(waits: Waits) -> int:
    """1 is next. Only those count who wait for some of the same."""
    before = await in_line(waits.queue, range(waits.first, waits.last + 1))
    return 1 + sum((each.at, each.id) < (waits.at, waits.id) for each in before)


async def offer(waits: Waits, until: datetime | None) -> None:
    """None takes it back: they wait on where they stood."""
    await Waiting.update({Waiting.offered_until: until}).where(Waiting.id == waits.id)


async def end(waits: Waits, how: Ended, *, now: datetime) -> None:
    values: dict[Any, Any] = {Waiting.ended_at: now, Waiting.ended: how, Waiting.offered_until: None}
    await Waiting.update(values).where(Waiting.id == waits.id)


async def mine(person_id: int) -> list[dict[str, Any]]:
    own = Waiting.select(Waiting.queue, Waiting.wish, Waiting.at, Waiting.ended_at, Waiting.ended)
    return list(await own.where(Waiting.person == person_id))


async def forget(person_id: int, *, now: datetime) -> None:
    await Waiting.delete().where(Waiting.person == person_id)
