"""The waiting line of a thing: whoever came first is offered its days when they come free, for a while, then the next.

Who stands in it has a loan that waits for its turn (`Lent.in_line`) and a row of `kit/queue.py`: always both. Every
deed here is done while the item is held.
"""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.sharing.rules.days import EVER, GIFT, end_of, kept_under, wanted, what
from app.features.sharing.rules.lent import borrowing, lent
from app.features.sharing.rules.reach import Thing, held_item, may_see, tell, thing, thing_of
from app.features.sharing.rules.stages import Lent
from app.features.sharing.tables import Loan
from app.kit import later, queue, slots
from app.kit.queue import Ended, Waits
from app.kit.slots import Claim, Faster
from app.kit.words import Sentence, say

OFFERED = timedelta(hours=24)
RUNS_OUT = "sharing.run_out"


class _Id(Struct):
    id: int


_waited_for = prepared_sql(
    "SELECT DISTINCT items.id FROM waiting JOIN items ON waiting.queue = 'item:' || items.id "
    "WHERE waiting.ended_at IS NULL AND waiting.offered_until IS NULL ORDER BY items.id",
    _Id,
)


async def stand_in_line(found: Lent, *, now: datetime, behind: int = 0) -> Waits:
    """In the order in which they asked, also where the ask waited for an answer until another was promised its days
    (`behind`). What the owner had proposed instead is over with it."""
    asked: dict[str, Any] = {"loan": found.id, "until": found.until_at, "behind": behind}
    days = wanted(found, today=found.first_on or date.min)
    id = await queue.join(found.thing, found.borrower, days, asked, now=found.asked_at)
    parked: dict[Any, Any] = {Loan.until_at: None, Loan.proposed_first: None, Loan.proposed_last: None}
    await Loan.update(parked).where(Loan.id == found.id)
    await wind(found, await line_ends(found))
    return await queue.one(id)


async def offer_next(item_id: int, *, now: datetime) -> None:
    """Some of its days may be free again: they are offered to those who wait for them, who came first first. Whoever
    waits for a day that is still another's lets those go before who do not."""
    item = await thing(item_id)
    line = await queue.in_line(item.thing, EVER)
    if not line or not item.may_be_had(now):
        return
    under, today = kept_under(item.id, gift=item.is_gift), await community.today(now)
    taken = (await slots.taken([under], EVER))[under]
    for waits in line:
        if waits.offered_until is None and (days := await _may_have(waits, item, taken, today)):
            await _offer(waits, Claim(under, tuple(days)), now)
            taken.update(days)


async def offer_what_is_free(now: datetime) -> None:
    """By the clock: days come free by nobody's deed too, as when whoever lends it is suspended no more."""
    for row in await _waited_for():
        async with writing():
            await held_item(row.id)
            await offer_next(row.id, now=now)


async def _may_have(waits: Waits, item: Thing, taken: set[int], today: date) -> range | None:
    still = GIFT if item.is_gift else range(max(waits.first, today.toordinal()), waits.last + 1)
    if not taken.isdisjoint(still) or not loan_in(waits):
        return None
    found = await lent(loan_in(waits))
    days = wanted(found, today=today)
    if not taken.isdisjoint(days) or (found.due_on is not None and found.due_on < today):
        return None
    return days if await may_see(item, await people.neighbour(found.borrower)) else None


async def _offer(waits: Waits, days: Claim, now: datetime) -> None:
    """Held for them alone until it lapses."""
    found = await lent(loan_in(waits))
    try:
        await slots.take(waits.owner, [days])
    except Faster:  # somebody took them without holding the item
        await slots.give_back(waits.owner)
        return
    ends = await line_ends(found)
    until = min(now + OFFERED, ends) if ends else now + OFFERED
    await queue.offer(waits, until)
    await wind(found, until)
    free = say("It is your turn: %(what)s. Say yes until %(until)s.", what=what(found), until=until)
    await tell(borrowing(found), free, found.path, by=None, now=now, key=offer_key(found.id))


async def hold_back(item_id: int, sentence: Sentence, *, by: int | None, now: datetime) -> int:
    """It may not be had: all who wait hear so, and whoever was offered it keeps their place. How many they are."""
    waiting = [each for each in await queue.in_line(thing_of(item_id), EVER) if loan_in(each)]
    for waits in waiting:
        found = await lent(loan_in(waits))
        if waits.offered_until is not None:
            await take_offer_back(found, waits)
        await tell(borrowing(found), sentence, found.path, by=by, now=now)
    return len(waiting)


async def take_offer_back(found: Lent, waits: Waits) -> None:
    """They wait on as if it had not been their turn yet."""
    await slots.give_back(waits.owner)
    await queue.offer(waits, None)
    await notices.withdraw(offer_key(found.id))
    await wind(found, await line_ends(found))


async def leave_line(waits: Waits, how: Ended, *, now: datetime) -> None:
    """What an offer held is nobody's, and what was told of it is taken back. It does not end by itself any more."""
    await slots.give_back(waits.owner)
    await queue.end(waits, how, now=now)
    await notices.withdraw(offer_key(loan_in(waits)))
    await later.cancel(_key(loan_in(waits)))


async def let_go(found: Lent, *, now: datetime) -> None:
    """Whatever days it had are nobody's: the next in line is offered them. It does not end by itself any more."""
    await slots.give_back(found.owner)
    await later.cancel(_key(found.id))
    await offer_next(found.item, now=now)


async def place_in_line(found: Lent) -> Waits | None:
    line = await queue.waits_of(found.borrower)
    return next((each for each in line if each.queue == found.thing and loan_in(each) == found.id), None)


async def somebody_waits(found: Lent, first: date, last: date) -> bool:
    """For any of these days: then nobody keeps it longer."""
    line = await queue.in_line(found.thing, GIFT if found.is_gift else slots.days(first, last))
    return any(loan_in(each) != found.id for each in line)


def loan_in(waits: Waits) -> int:
    return loan_of(waits.wish)


def loan_of(wish: str) -> int:
    """0 for a place in line that is of no loan: nothing is offered to it."""
    return int(msgspec.json.decode(wish).get("loan", 0))


def is_behind(waits: Waits, loan_id: int) -> bool:
    """It was put into the line by that promise."""
    return bool(msgspec.json.decode(waits.wish).get("behind") == loan_id)


def until_before(waits: Waits) -> datetime | None:
    """Until when it had waited for an answer, before it was put into the line."""
    kept = msgspec.json.decode(waits.wish).get("until")
    return datetime.fromisoformat(kept) if kept else None


def offer_key(loan_id: int) -> str:
    return f"loan:{loan_id}:offer"


async def wind(found: Lent, at: datetime | None) -> None:
    """The one moment at which it ends by itself, as it stands now: an ask, an offer, a place in line, a promise."""
    if at is None:
        return await later.cancel(_key(found.id))
    await later.at(at, RUNS_OUT, key=_key(found.id), again=True, loan=found.id)


async def line_ends(found: Lent) -> datetime | None:
    return await end_of(found.due_on) if found.due_on else None


def _key(loan_id: int) -> str:
    return f"loan:{loan_id}:ends"
