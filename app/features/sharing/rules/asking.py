"""Asking for a thing: for oneself, or for somebody one may act for."""

from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import Clash, prepared_sql, writing
from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.sharing.rules.agreeing import agree, are_free, asked_key, is_at_once
from app.features.sharing.rules.days import GIFT, end_of, must_fit, span, what
from app.features.sharing.rules.lent import keepers, lent, move, name_of
from app.features.sharing.rules.reach import Thing, held_item, keeps, may_see, tell
from app.features.sharing.rules.stages import OPEN_FOR, Lent
from app.features.sharing.rules.turns import turns_of
from app.features.sharing.rules.waiting import offer_next, stand_in_line, wind
from app.features.sharing.tables import Did, Loan, Stage
from app.features.skills.rules.standing import only_active
from app.kit import limits
from app.kit.languages import SOURCE, of_text
from app.kit.limits import Limit
from app.kit.refusals import Missing, Refusal, Taken, TooOften
from app.kit.slots import Faster
from app.kit.words import Sentence, say

ASKS = Limit("asks for things", 20, timedelta(days=1))


class Wish(Struct, frozen=True):
    """Which days (none for a gift), a word to the owner, and for whom when one acts for somebody else."""

    first: date | None = None
    last: date | None = None
    words: str = ""
    for_whom: int | None = None


async def ask(item_id: int, wish: Wish, *, by: Neighbour, now: datetime) -> Lent:
    """Theirs at once, or waiting for the owner, or in the waiting line where another has these days. Raises Refusal for
    what the thing does not allow."""
    only_active(by, now)
    borrower = await _borrower(wish, by, now)
    try:
        return await _asked(item_id, wish, borrower, by, now)
    except Faster:
        return await _asked(item_id, wish, borrower, by, now, behind=True)
    except Clash:
        raise _already(None) from None


async def _asked(
    item_id: int, wish: Wish, borrower: Neighbour, by: Neighbour, now: datetime, *, behind: bool = False
) -> Lent:
    """`behind`: somebody was faster, although it looked free."""
    async with writing():
        item = await held_item(item_id, by=by.id)
        today = await community.today(now)
        await _may_ask(item, borrower, by, now)
        must_fit(item, wish.first, wish.last, today=today)
        days = _days(item, wish)
        await not_twice(item, borrower.id, days)
        await _count(by, now)
        found = await _kept(item, wish, borrower, by, now)
        if behind or not await are_free(item, days):
            await stand_in_line(found, now=now)
            await _tell_who_waits(found, by, now, today)
            if behind:
                await offer_next(item.id, now=now)  # they may be free again since another was found to have them
        elif await is_at_once(item, borrower.id, by=by, today=today):
            await agree(found, by=None, now=now)
            await _tell(found, by, now, say("Promised to %(name)s: %(what)s", **await _words(found)), yes=True)
        else:
            await wait_for_answer(found, now=now)
            asks = say("%(name)s asks for %(what)s", **await _words(found))
            await _tell(found, by, now, asks, key=asked_key(found))
        return await lent(found.id)


def _days(item: Thing, wish: Wish) -> range:
    if item.is_gift or wish.first is None or wish.last is None:
        return GIFT
    return span(wish.first, wish.last, item.gap)


async def _borrower(wish: Wish, by: Neighbour, now: datetime) -> Neighbour:
    if wish.for_whom is None or wish.for_whom == by.id:
        return by
    if not await people.may_act_for(by, wish.for_whom):
        raise Missing
    whom = await people.neighbour(wish.for_whom)
    if not whom.is_active:
        raise Refusal(say("They are not an active neighbour."), beside="for_whom")
    if whom.is_child(await community.today(now)):
        raise Refusal(say("Ask in your own name: a child's door and phone are shown to nobody."), beside="for_whom")
    return whom


async def _may_ask(item: Thing, borrower: Neighbour, by: Neighbour, now: datetime) -> None:
    """Whoever types it and whoever it is for both see it. What is the community's its keepers may borrow as well."""
    item.kept = keeps(item, by)
    if not await may_see(item, by):
        raise Missing
    theirs = await _as_seen_by(item, borrower, by)
    if not await may_see(theirs, borrower):
        raise Missing
    if theirs.kept and not item.is_ours:
        raise Refusal(say("It is yours already."))
    if not item.may_be_had(now):
        raise Taken(say("It cannot be had at the moment."), way=("/share", say("Look for another")))


async def _as_seen_by(item: Thing, borrower: Neighbour, by: Neighbour) -> Thing:
    return item if borrower.id == by.id else await held_item(item.id, by=borrower.id)


class _Open(Struct):
    id: int
    first_on: date | None
    due_on: date | None


_open = prepared_sql(
    "SELECT id, first_on, due_on FROM loans WHERE item = {} AND borrower = {} "
    "AND stage IN ('asked', 'accepted', 'out') ORDER BY id",
    _Open,
)


async def not_twice(item: Thing, borrower: int, days: range, *, but: int = 0) -> None:
    """Raises Taken, with the way to what they have asked for already."""
    for each in await _open(item.id, borrower):
        theirs = GIFT if each.first_on is None or each.due_on is None else span(each.first_on, each.due_on, item.gap)
        if each.id != but and not set(theirs).isdisjoint(days):
            raise _already(each.id)


async def my_open_loans(item_id: int, *, by: Neighbour) -> list[int]:
    """Of this thing, those that the reader has or waits for."""
    return [each.id for each in await _open(item_id, by.id)]


def _already(loan_id: int | None) -> Taken:
    way = (f"/loans/{loan_id}" if loan_id else "/loans", say("See how it stands"))
    return Taken(say("You have asked for it already."), way=way)


async def _count(by: Neighbour, now: datetime) -> None:
    key = ASKS.key(by.id)
    if await limits.counted(ASKS, key, now) >= ASKS.times:
        raise TooOften(say("That is a lot for one day. Please go on tomorrow."), wait=ASKS.wait(now))
    await limits.count(ASKS, key, now)


async def _kept(item: Thing, wish: Wish, borrower: Neighbour, by: Neighbour, now: datetime) -> Lent:
    said = wish.words.strip()
    days: dict[str, Any] = {} if item.is_gift else {"first_on": wish.first, "last_on": wish.last, "due_on": wish.last}
    made = Loan(
        item=item.id,
        borrower=borrower.id,
        acted_by=by.id if by.id != borrower.id else None,
        words=said,
        lang=of_text(said, by.language or SOURCE),
        stage=Stage.asked,
        stage_at=now,
        asked_at=now,
        **days,
    )
    await made.save()
    found = await lent(made.id)
    await move(found, Did.asked, by=by.id, now=now)
    return found


async def wait_for_answer(found: Lent, *, now: datetime) -> None:
    """For as long as an ask waits; where its last day is sooner, until that is over."""
    until = now + OPEN_FOR
    if found.due_on is not None:
        until = min(until, await end_of(found.due_on))
    await Loan.update({Loan.until_at: until}).where(Loan.id == found.id)
    await wind(found, until)


async def _words(found: Lent) -> dict[str, Any]:
    return {"name": await name_of(found.borrower), "what": what(found)}


async def _tell(
    found: Lent, by: Neighbour, now: datetime, sentence: Sentence, *, key: str = "", yes: bool = False
) -> None:
    """Whoever it belongs to; and whoever it was asked for by another."""
    whom = [each for each in await keepers(found) if each != found.borrower]
    await tell(whom, sentence, found.path, by=by.id, now=now, key=key or None)
    for_you = say("%(name)s asked for you: %(what)s", name=by.name, what=what(found))
    if yes:
        for_you = say("%(name)s asked for you, and it is yours: %(what)s", name=by.name, what=what(found))
    await tell([found.borrower], for_you, found.path, by=by.id, now=now)


async def _tell_who_waits(found: Lent, by: Neighbour, now: datetime, today: date) -> None:
    """For whom another typed it; the page says the same to whoever typed it themselves."""
    if by.id == found.borrower:
        return
    turn = (await turns_of([found], today=today))[found.id]
    words: dict[str, Any] = {"what": what(found), "n": turn.place, "name": by.name}
    sentence = say("%(name)s asked for you: %(what)s. You are number %(n)s in the waiting line.", **words)
    if turn.expected:
        sentence = say("%(told)s It may be yours from %(day)s.", told=sentence, day=turn.expected)
    await tell([found.borrower], sentence, found.path, by=by.id, now=now)
