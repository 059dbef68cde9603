"""When a space is out of use: repairs, a feast of the committee, or somebody with the power to took it."""

import json
from datetime import datetime

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.spaces.rules import agenda
from app.features.spaces.rules.booking import the_zone
from app.features.spaces.rules.falling import falls, say_sorry
from app.features.spaces.rules.managers import managed
from app.features.spaces.rules.reach import Booked, Room, booking_of, move, space_of
from app.features.spaces.rules.repeat_wish import claims_again
from app.features.spaces.rules.waiting import offer_next
from app.features.spaces.tables import BlockOut, Booking, Did, Stage
from app.kit import audit, slots
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.slots import Claim, Faster
from app.kit.words import Sentence, say, written


class _Id(Struct):
    id: int


_in_the_way = prepared_sql(
    "SELECT id FROM bookings WHERE space = {} AND begins_at < {} AND ends_at > {} AND stage IN ('pending', 'approved') "
    "ORDER BY id",
    _Id,
)


_cancelled_by = prepared_sql(
    "SELECT id FROM bookings WHERE blocked_by = {} AND stage = 'cancelled' AND begins_at > {} ORDER BY asked_at, id",
    _Id,
)


class _Out(Struct):
    id: int
    begins_at: datetime
    ends_at: datetime


_also_out = prepared_sql(
    "SELECT id, begins_at, ends_at FROM space_block_outs WHERE space = {} AND begins_at < {} AND ends_at > {} "
    "AND ended_at IS NULL ORDER BY id",
    _Out,
)


class _Taken(Struct):
    id: int
    space: int


_taken_over = prepared_sql(
    "SELECT id, space FROM space_block_outs WHERE origin = {} AND ended_at IS NULL ORDER BY id", _Taken
)


async def in_the_way(room: Room, begins: datetime, ends: datetime) -> list[Booked]:
    """The bookings that a block-out would cancel."""
    return [await booking_of(each.id) for each in await _in_the_way(room.id, ends, begins)]


async def block_out(
    space_id: int, begins: datetime, ends: datetime, reason: dict[str, str], *, by: Neighbour, now: datetime
) -> int:
    """Out of use for a time: whoever booked it then is told, with the reason, and it is nobody's."""
    if not any(each.strip() for each in reason.values()):
        raise Refusal(say("Please say why: they will read it."), beside="reason")
    try:
        async with writing():
            room = await managed(space_id, by=by)
            return await put_out_of_use(room, begins, ends, reason, by=by.id, now=now)
    except Faster:
        raise Taken(say("Somebody was faster. Please look again.")) from None


async def put_out_of_use(
    room: Room, begins: datetime, ends: datetime, reason: dict[str, str], *, by: int, now: datetime, origin: str = ""
) -> int:
    """Within the deed of whoever may; gives back the block-out. Raises Faster for whoever books in that moment."""
    if not begins < ends:
        raise Refusal(say("It has to end after it begins."), beside="ends")
    block = BlockOut(
        space=room.id, begins_at=begins, ends_at=ends, reason=json.dumps(reason), by=by, at=now, origin=origin
    )
    await block.save()
    fell = await in_the_way(room, begins, ends)
    for booked in fell:
        await falls(booked, room, written(reason), by=by, block=block.id, now=now)
    await hold_for(block.id, room, begins, ends)
    for booked in fell:
        await say_sorry(booked, room, written(reason), by=by, now=now)
    await audit.note("space blocked", who=by, about=f"space:{room.id}", now=now)
    return int(block.id)


async def hold_for(block: int, room: Room, begins: datetime, ends: datetime) -> None:
    """All of that time which nothing else holds."""
    during = slots.quarters(begins, ends)
    others = {each.slot for each in await slots.used([room.thing], during)}
    await slots.take(f"block:{block}", [Claim(room.thing, tuple(sorted(set(during) - others)))])


async def end_block_out(space_id: int, block_id: int, *, by: Neighbour, now: datetime) -> None:
    """In use again: what was cancelled for it and is still to come returns, where nobody has it."""
    async with writing():
        room = await managed(space_id, by=by)
        await _end(room, block_id, by=by.id, now=now)


async def take_over(
    space_id: int, begins: datetime, ends: datetime, reason: dict[str, str], *, origin: str, by: int, now: datetime
) -> int:
    """By whoever has the power above us; `origin` is their word for it, by which they give it back."""
    async with writing():
        return await put_out_of_use(await space_of(space_id), begins, ends, reason, by=by, now=now, origin=origin)


async def give_back_all(origin: str, *, by: int | None, now: datetime) -> None:
    """All that was taken over under that word."""
    async with writing():
        for row in await _taken_over(origin):
            await _end(await space_of(row.space), row.id, by=by, now=now)


async def _end(room: Room, block_id: int, *, by: int | None, now: datetime) -> None:
    there = (BlockOut.id == block_id) & (BlockOut.space == room.id) & BlockOut.ended_at.is_null()
    block = await held(BlockOut.select(BlockOut.begins_at, BlockOut.ends_at).where(there)).first()
    if block is None:
        raise Missing
    await BlockOut.update({BlockOut.ended_at: now}).where(there)
    await slots.give_back(f"block:{block_id}")
    still = list(await _also_out(room.id, block["ends_at"], block["begins_at"]))
    for other in still:
        await hold_for(other.id, room, other.begins_at, other.ends_at)
    for row in await _cancelled_by(block_id, now):
        await _returns(await booking_of(row.id), room, still, by=by, now=now)
    await offer_next(room, slots.quarters(block["begins_at"], block["ends_at"]), now=now)
    await audit.note("space unblocked", who=by, about=f"space:{room.id}", now=now)


async def _returns(booked: Booked, room: Room, still: list[_Out], *, by: int | None, now: datetime) -> None:
    """As it stood before. Its equipment and its share of the week are its own again, or it does not return; where the
    space is out of use for another reason too, it waits for the end of that."""
    for other in still:
        if other.begins_at < booked.ends_at and booked.begins_at < other.ends_at:
            await Booking.update({Booking.blocked_by: other.id}).where(Booking.id == booked.id)
            return
    claims = await claims_again(booked, room, await the_zone())
    if not await slots.are_free(claims):
        return
    await slots.take(booked.owner, claims)
    stage = Stage(booked.before or Stage.pending)
    await move(booked, Did.restored, by=by, now=now, stage=stage, blocked_by=None, before="", reason="")
    await agenda.wind(await booking_of(booked.id), room)
    again = say("%(space)s is yours again after all: %(when)s", space=room.name, when=booked.begins_at)
    whom = {each for each in (booked.person, booked.acted_by) if each not in (None, by)}
    await notices.tell_all(whom, again, path=booked.path, topic="bookings", until=booked.ends_at, now=now)


class Block(Struct, frozen=True):
    id: int
    begins_at: datetime
    ends_at: datetime
    reason: str
    origin: str

    @property
    def why(self) -> Sentence:
        return written(json.loads(self.reason))


_blocks = prepared_sql(
    "SELECT id, begins_at, ends_at, reason, origin FROM space_block_outs WHERE space = {} AND ends_at > {} "
    "AND ended_at IS NULL ORDER BY begins_at",
    Block,
)


async def block_outs_of(space_id: int, *, now: datetime) -> list[Block]:
    """Those that run or are to come."""
    return list(await _blocks(space_id, now))


class TakenOver(Struct):
    """A space that somebody above us took, and how many bookings are off for it."""

    slug: str
    names: str
    begins_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    off: int

    @property
    def name(self) -> Sentence:
        return written(json.loads(self.names))


_by_origin = prepared_sql(
    "SELECT spaces.slug, spaces.names, space_block_outs.begins_at, space_block_outs.ends_at, "
    "space_block_outs.ended_at, (SELECT count(*) FROM bookings WHERE bookings.blocked_by = space_block_outs.id) AS off "
    "FROM space_block_outs JOIN spaces ON spaces.id = space_block_outs.space WHERE space_block_outs.origin = {} "
    "ORDER BY space_block_outs.id",
    TakenOver,
)


async def taken_over(origin: str) -> list[TakenOver]:
    """Under that word, what was given back too."""
    return list(await _by_origin(origin))
