"""What only one can have at a time: a room by the quarter of an hour, a thing by the day.

Each unit of a thing is a row for each slot it is taken; the index `one_owner_a_slot` is the promise, whoever asks at
the same moment and whichever road they came by. Units are counted from 0: a set of six chairs has six.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import msgspec
from msgspec import Struct

from app.db import DB, one_of, prepared_sql
from app.kit.tables import Slot

QUARTER = timedelta(minutes=15)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AT_ONCE = 500  # rows a statement

_numbers = msgspec.json.Decoder(list[int]).decode


class Faster(Exception):
    """Somebody has it, or took it in this moment. `thing` says what."""

    def __init__(self, thing: str) -> None:
        super().__init__(thing)
        self.thing = thing


class Claim(Struct, frozen=True):
    """So many units of a thing, of all there are, for each of these slots."""

    thing: str
    slots: tuple[int, ...]
    wanted: int = 1
    units: int = 1


class Used(Struct, frozen=True):
    thing: str
    unit: int
    slot: int
    owner: str


_AMONG = {"sqlite": "IN (SELECT value FROM json_each({0}))", "postgres": "= ANY(CAST({0} AS text[]))"}
_USED = (
    "SELECT thing, unit, slot, owner FROM slots WHERE thing among AND slot >= {1} AND slot < {2} "
    "ORDER BY thing, slot, unit"
)
_TAKEN = "SELECT thing, together AS slots FROM slots WHERE thing among AND slot >= {1} AND slot < {2} GROUP BY thing"
_TOGETHER = {"sqlite": "json_group_array(slot)", "postgres": "CAST(json_agg(slot) AS text)"}
_OF = "SELECT id, thing, unit, slot, owner FROM slots WHERE owner among"


class _Row(Used, frozen=True):
    id: int


class _Taken(Struct):
    """`slots` are a list of numbers as text: a row for each would cost ten times as much."""

    thing: str
    slots: str


_of = prepared_sql({engine: _OF.replace("among", among) for engine, among in _AMONG.items()}, _Row)
_taken = prepared_sql(
    {engine: _TAKEN.replace("among", among).replace("together", _TOGETHER[engine]) for engine, among in _AMONG.items()},
    _Taken,
)
_used = prepared_sql({engine: _USED.replace("among", among) for engine, among in _AMONG.items()}, Used)


def quarters(begins: datetime, ends: datetime) -> range:
    """Every quarter of an hour that is touched, counted from 1970 (UTC)."""
    return range((begins - EPOCH) // QUARTER, -((EPOCH - ends) // QUARTER))


def moment(quarter: int) -> datetime:
    """When a quarter begins; UTC."""
    return EPOCH + quarter * QUARTER


def days(first: date, last: date) -> range:
    """Every day from the first to the last, both counted."""
    return range(first.toordinal(), last.toordinal() + 1)


async def used(things: Iterable[str], within: range) -> list[Used]:
    return list(await _used(list(things), within.start, within.stop))


async def taken(things: Iterable[str], within: range) -> dict[str, set[int]]:
    """Of each thing the slots in which somebody has some of it."""
    found: dict[str, set[int]] = {thing: set() for thing in things}
    for row in await _taken(list(found), within.start, within.stop):
        found[row.thing] = set(_numbers(row.slots))
    return found


async def are_free(claims: Iterable[Claim]) -> bool:
    """At this moment: who takes them after this may still be slower than somebody else."""
    try:
        for claim in claims:
            await _free_units(claim)
    except Faster:
        return False
    return True


async def take(owner: str, claims: Iterable[Claim]) -> None:
    """All of it or nothing: raises Faster, and the transaction it is called in has to be undone.

    Whoever asks at once asks in the same order, so nobody waits for somebody who waits for them.
    """
    await _put(
        [
            Slot(thing=claim.thing, unit=unit, slot=slot, owner=owner)
            for claim in sorted(claims, key=lambda each: each.thing)
            for unit in await _free_units(claim)
            for slot in sorted(set(claim.slots))
        ]
    )


async def have(wanted: Mapping[str, Collection[Claim]]) -> None:
    """Each of these owners has what it wants, and nothing else any more; what it has of it already stays its own.

    All or nothing, as in `take`. What is new is taken before anything is given back: whoever waits for what we let go
    of finds us waiting for nobody.
    """
    asked = [(claim, owner) for owner, claims in wanted.items() for claim in claims if claim.wanted and claim.slots]
    rows: list[Slot] = []
    kept: set[tuple[str, str, int, int]] = set()
    for thing, some in groupby(
        sorted(asked, key=lambda each: (each[0].thing, each[0].slots)), lambda each: each[0].thing
    ):
        claims = list(some)
        every = [slot for claim, _ in claims for slot in claim.slots]
        taken = {(each.unit, each.slot): each.owner for each in await used([thing], range(min(every), max(every) + 1))}
        for claim, owner in claims:
            for unit in units_for(claim, owner, taken):
                fresh = [slot for slot in sorted(set(claim.slots)) if (unit, slot) not in taken]
                rows += [Slot(thing=thing, unit=unit, slot=slot, owner=owner) for slot in fresh]
                taken |= {(unit, slot): owner for slot in fresh}
                kept |= {(owner, thing, unit, slot) for slot in claim.slots}
    await _put(sorted(rows, key=lambda row: (row.thing, row.unit, row.slot)))
    over = [row.id for row in await _of(list(wanted)) if (row.owner, row.thing, row.unit, row.slot) not in kept]
    if over:
        await Slot.delete().where(one_of(Slot.id, over))


async def moved(wanted: Mapping[str, Collection[Claim]]) -> list[str]:
    """All of these owners let go at once, and each has what it wants now, in this order, of the units it had.

    Gives back those for whom that is another's: they have nothing any more. For a deed that moves everything: call
    `hold_everything` first.
    """
    rows = await _of(list(wanted))
    had: dict[tuple[str, str], set[int]] = {}
    for row in rows:
        had.setdefault((row.owner, row.thing), set()).add(row.unit)
    for start in range(0, len(rows), AT_ONCE):
        await Slot.delete().where(one_of(Slot.id, [row.id for row in rows[start : start + AT_ONCE]]))
    every = [slot for claims in wanted.values() for claim in claims for slot in claim.slots]
    things = {claim.thing for claims in wanted.values() for claim in claims}
    taken: dict[str, dict[tuple[int, int], str]] = {thing: {} for thing in things}
    for each in await used(things, range(min(every), max(every) + 1)) if every else []:
        taken[each.thing][each.unit, each.slot] = each.owner
    fresh, left = [], []
    for owner, claims in wanted.items():
        try:
            units = [_same_units(claim, owner, taken[claim.thing], had.get((owner, claim.thing))) for claim in claims]
        except Faster:
            left.append(owner)
            continue
        for claim, which in zip(claims, units, strict=True):
            rows_of = {(unit, slot): owner for unit in which for slot in claim.slots}
            taken[claim.thing] |= rows_of
            fresh += [Slot(thing=claim.thing, unit=unit, slot=slot, owner=owner) for unit, slot in rows_of]
    await _put(fresh)
    return left


def _same_units(
    claim: Claim, owner: str, taken: Mapping[tuple[int, int], str], had: Collection[int] | None
) -> list[int]:
    same = sorted(had or ())
    if len(same) == claim.wanted and not any((unit, slot) in taken for unit in same for slot in claim.slots):
        return same
    return units_for(claim, owner, taken)


async def hold_everything() -> None:
    """Nobody else takes or gives back anything until the transaction ends."""
    if DB.engine_type == "postgres":
        await Slot.raw("LOCK TABLE slots IN SHARE ROW EXCLUSIVE MODE")


async def _put(rows: list[Slot]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        taken = (
            await Slot.insert(*some)
            .on_conflict(target=(Slot.thing, Slot.unit, Slot.slot), action="DO NOTHING")
            .returning(Slot.thing, Slot.unit, Slot.slot)
        )
        if len(taken) < len(some):
            ours = {(row["thing"], row["unit"], row["slot"]) for row in taken}
            raise Faster(next(each.thing for each in some if (each.thing, each.unit, each.slot) not in ours))


async def give_back(owner: str) -> None:
    await Slot.delete().where(Slot.owner == owner)


def units_for(claim: Claim, owner: str, taken: Mapping[tuple[int, int], str]) -> list[int]:
    """Which units an owner would get, its own first; `taken` says whose each (unit, slot) is. Raises Faster."""
    free = [unit for unit in range(claim.units) if all(taken.get((unit, at), owner) == owner for at in claim.slots)]
    if len(free) < claim.wanted:
        raise Faster(claim.thing)
    return sorted(free, key=lambda unit: all((unit, at) not in taken for at in claim.slots))[: claim.wanted]


async def _free_units(claim: Claim) -> list[int]:
    """The lowest that nobody has in any of these slots."""
    if claim.wanted < 1 or not claim.slots:
        return []
    within, slots = range(min(claim.slots), max(claim.slots) + 1), set(claim.slots)
    busy = {each.unit for each in await used([claim.thing], within) if each.slot in slots}
    free = [unit for unit in range(claim.units) if unit not in busy]
    if len(free) < claim.wanted:
        raise Faster(claim.thing)
    return free[: claim.wanted]
