"""A neighbour wants nothing to do with another: neither finds the other any more, and the other is not told."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.moderation.tables import Block
from app.features.people.rules import Neighbour
from app.kit.refusals import Refusal, Taken
from app.kit.words import say

# For lists: `listings.person {NOT_BLOCKED}`, with the reader's number in each slot. It is asked once a query, not once
# a row, and is empty for those who block nobody.
NOT_BLOCKED = (
    "NOT IN (SELECT blocks.blocked FROM blocks WHERE blocks.person = {me} "
    "UNION ALL SELECT blocks.person FROM blocks WHERE blocks.blocked = {me})"
)
PartWays = Callable[..., Awaitable[None]]


class Blocked(Struct):
    id: int
    name: str
    photo: str
    at: datetime


class _One(Struct):
    one: int


_between = prepared_sql(
    "SELECT 1 AS one FROM blocks WHERE (person = {0} AND blocked = {1}) OR (person = {1} AND blocked = {0}) LIMIT 1",
    _One,
)
_mine = prepared_sql(
    "SELECT people.id, people.name, people.photo, blocks.at FROM blocks JOIN people ON people.id = blocks.blocked "
    "WHERE blocks.person = {} ORDER BY blocks.id DESC",
    Blocked,
)


async def blocks_between(a: int, b: int) -> bool:
    """Whichever of the two it was."""
    return await _between.first(a, b) is not None


async def blocks_of(person_id: int) -> list[Blocked]:
    return list(await _mine(person_id))


async def block(other: int, *, by: Neighbour, part_ways: Sequence[PartWays] = (), now: datetime) -> None:
    """`part_ways(by, other, now=…)` of each feature ends what the two have open, decently, in the same transaction."""
    if other == by.id:
        raise Refusal(say("That is you."))
    async with writing():
        row = Block(person=by.id, blocked=other, at=now)
        once = (Block.person, Block.blocked)
        made = await Block.insert(row).on_conflict(target=once, action="DO NOTHING").returning(Block.id)
        if made:
            for part in part_ways:
                await part(by.id, other, now=now)


async def unblock(other: int, *, by: Neighbour) -> None:
    """Only the own block: that of the other, if there is one, stays."""
    async with writing():
        gone = await Block.delete().where((Block.person == by.id) & (Block.blocked == other)).returning(Block.id)
        if not gone:
            raise Taken(say("You do not block them."))
