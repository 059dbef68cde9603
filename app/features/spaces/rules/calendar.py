"""Bookings as other calendars read them: a space's for everybody, somebody's own, and one by itself.

What anybody reads says when a space is taken, and of what is open to all what it is for; never whose it is.
"""

import json
from datetime import datetime
from functools import partial

from app.db import prepared_sql
from app.features.people.rules import Neighbour
from app.features.spaces.rules.blocking import Block
from app.features.spaces.rules.booking import the_zone
from app.features.spaces.rules.calendar_repeats import EVER, Dated, alone, entries_of
from app.features.spaces.rules.reach import Room, space_at
from app.features.spaces.rules.words import STANDS
from app.features.spaces.tables import Stage
from app.kit.calendars import Entry, since
from app.kit.refusals import Missing
from app.kit.words import Sentence, say, written


class _Out(Block, frozen=True):
    at: datetime
    ended_at: datetime | None


# What only reminds, asks or waits changes nothing in a calendar. What happened to a date of a repeat by itself is its
# own (`alone_at`): what happened to all of it stands with the repeat.
_ROW = (
    "SELECT bookings.*, spaces.names, spaces.slug, spaces.capacity, spaces.place, people.name, "
    "(SELECT MAX(booking_steps.at) FROM booking_steps WHERE booking_steps.booking = bookings.id AND booking_steps.did "
    "NOT IN ('nudged', 'passed_on', 'reminded', 'came', 'question', 'answer')) AS alone_at "
    "FROM bookings JOIN spaces ON spaces.id = bookings.space JOIN people ON people.id = bookings.person WHERE "
)
_SHOWN = "bookings.ends_at > {1} AND (bookings.stage IN ('pending', 'approved') OR bookings.stage_at > {2})"


def _all_of(whose: str) -> str:
    """A repeat is shown whole while any of its dates is."""
    dates = f"SELECT bookings.series FROM bookings WHERE {whose} AND bookings.series IS NOT NULL AND {_SHOWN}"  # noqa: S608
    return f"{_ROW}{whose} AND (bookings.series IN ({dates}) OR {_SHOWN}) ORDER BY bookings.id"


_of_space = prepared_sql(_all_of("bookings.space = {0}"), Dated)
_of_person = prepared_sql(_all_of("(bookings.person = {0} OR bookings.acted_by = {0})"), Dated)
_of_series = prepared_sql(_ROW + "bookings.series = {} ORDER BY bookings.id", Dated)
_one = prepared_sql(_ROW + "bookings.id = {}", Dated)
_out_of_use = prepared_sql(
    "SELECT id, begins_at, ends_at, reason, origin, at, ended_at FROM space_block_outs "
    "WHERE space = {0} AND ends_at > {1} AND (ended_at IS NULL OR ended_at > {2}) ORDER BY id",
    _Out,
)


async def of_space(slug: str, *, now: datetime) -> tuple[Room, list[Entry]]:
    """For everybody, without a sign-in. Raises Missing for a space that nobody ticked public."""
    room = await space_at(slug)
    if not room.public:
        raise Missing
    back, kept = since(now)
    taken = await entries_of(
        await _of_space(room.id, back, kept), partial(_taken, room=room), kept=kept, zone=await the_zone()
    )
    return room, [*taken, *(_out(row, room) for row in await _out_of_use(room.id, back, kept))]


async def in_calendar(person: Neighbour, *, now: datetime) -> list[Entry]:
    """What somebody booked, or booked for another."""
    back, kept = since(now)
    return await entries_of(
        await _of_person(person.id, back, kept), partial(_entry, own=True), kept=kept, zone=await the_zone()
    )


async def entry_of(booking_id: int, *, own: bool) -> Entry:
    """For whoever may see it; why it was refused is for those it was for. A date of a repeat bears the repeat's name
    and says which day of it it is, so that it is the same one wherever it is read."""
    row = await _one.first(booking_id)
    if row is None:
        raise Missing
    return await alone(row, partial(_entry, own=own), zone=await the_zone())


async def entries_of_series(series_id: int, *, own: bool) -> list[Entry]:
    """All of a repeat, whatever became of it; for whoever may see it."""
    rows = await _of_series(series_id)
    return await entries_of(rows, partial(_entry, own=own), kept=EVER, zone=await the_zone())


def _entry(row: Dated, *, own: bool) -> Entry:
    stands = STANDS[row.stage]
    words = say("%(stands)s: %(reason)s", stands=stands, reason=row.reason) if row.reason else stands
    return Entry(
        row.owner,
        row.begins_at,
        row.ends_at,
        say("%(space)s: %(what)s", space=row.space_name, what=row.purpose),
        made_at=row.asked_at,
        changed_at=row.changed_at,
        changes=row.sequence,
        sure=row.stage != Stage.pending,
        off=not row.holds,
        path=row.path,
        place=_place(row.place) or row.space_name,
        words=words if own else "",
        private=own,
    )


def _taken(row: Dated, room: Room) -> Entry:
    is_open = row.open_to_all and row.stage == Stage.approved
    return Entry(
        row.owner,
        row.begins_at,
        row.ends_at,
        row.purpose if is_open else STANDS["taken"],
        made_at=row.asked_at,
        changed_at=row.changed_at,
        changes=row.sequence,
        sure=row.stage != Stage.pending,
        off=not row.holds,
        path=f"/spaces/{room.slug}",
        place=room.name,
    )


def _out(row: _Out, room: Room) -> Entry:
    """What ended before its time lasted until then; what ended before it began was nothing."""
    over = row.ended_at
    return Entry(
        f"block:{row.id}",
        row.begins_at,
        row.ends_at if over is None or over <= row.begins_at else min(row.ends_at, over),
        STANDS["blocked"],
        made_at=row.at,
        changed_at=over or row.at,
        changes=1 if over else 0,
        off=over is not None and over <= row.begins_at,
        path=f"/spaces/{room.slug}",
        place=room.name,
    )


def _place(typed: str) -> Sentence | None:
    texts = {tag: words for tag, words in json.loads(typed).items() if words.strip()}
    return written(texts) if texts else None
