"""Out of the waiting line: a yes to an offer, or other days that are free."""

from datetime import date, datetime
from typing import Any

from app.db import writing
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.sharing.rules.agreeing import agree, are_free, asked_key, days_taken, is_at_once, must_be_there
from app.features.sharing.rules.asking import not_twice, wait_for_answer
from app.features.sharing.rules.days import claim, must_fit, span, what
from app.features.sharing.rules.lent import borrowing, held_for, keepers, lent, move, name_of
from app.features.sharing.rules.reach import tell, thing
from app.features.sharing.rules.stages import Act, Lent
from app.features.sharing.rules.waiting import leave_line, offer_next, place_in_line
from app.features.sharing.tables import Did, Loan
from app.features.skills.rules.standing import only_active
from app.kit import slots
from app.kit.queue import Ended
from app.kit.refusals import Missing, Taken
from app.kit.slots import Faster
from app.kit.words import say


async def take_offer(loan_id: int, *, by: Neighbour, now: datetime) -> Lent:
    """What was held for them is theirs at once; or, where the owner decides, it waits for the owner, and nobody else
    has these days meanwhile."""
    only_active(by, now)
    try:
        async with writing():
            found, _ = await held_for(Act.take, loan_id, by=by, now=now)
            waits = await place_in_line(found)
            if waits is None or not waits.offered(now):
                raise Taken(
                    say("That offer is over.")
                    if waits is None or waits.offered_until
                    else say("It is not your turn yet.")
                )
            await must_be_there(found.item, now)
            await leave_line(waits, Ended.taken, now=now)
            return await _has_its_days(found, by=by, now=now, keeps_them=True)
    except Faster:  # another has the days after it, which were made more meanwhile
        found = await lent(loan_id)
        raise await days_taken(found.item, first=found.first_on, last=found.due_on, now=now) from None


async def ask_for_other_days(
    loan_id: int, first: date | None, last: date | None, *, by: Neighbour, now: datetime
) -> Lent:
    """Instead of waiting: they are asked for as in the beginning, and nobody is waited for any more."""
    only_active(by, now)
    try:
        async with writing():
            found, _ = await held_for(Act.take, loan_id, by=by, now=now)
            await must_be_there(found.item, now)
            item = await thing(found.item)
            must_fit(item, first, last, today=await community.today(now))
            if first is None or last is None:
                raise Missing  # a gift has no other days
            await not_twice(item, found.borrower, span(first, last, found.gap), but=found.id)
            if not await are_free(item, span(first, last, found.gap)):
                raise Faster(item.thing)
            if waits := await place_in_line(found):
                await leave_line(waits, Ended.left, now=now)
            days: dict[Any, Any] = {Loan.first_on: first, Loan.last_on: last, Loan.due_on: last}
            await Loan.update(days).where(Loan.id == found.id)
            await offer_next(found.item, now=now)
            return await _has_its_days(await lent(loan_id), by=by, now=now)
    except Faster:
        raise await days_taken((await lent(loan_id)).item, first=first, last=last, now=now) from None


async def _has_its_days(found: Lent, *, by: Neighbour, now: datetime, keeps_them: bool = False) -> Lent:
    today = await community.today(now)
    words: dict[str, Any] = {"name": await name_of(found.borrower), "what": what(found)}
    if await is_at_once(await thing(found.item, by=by.id), found.borrower, by=by, today=today):
        await agree(found, by=by.id, now=now)
        sentence, key = say("Promised to %(name)s: %(what)s", **words), None
    else:
        if keeps_them:
            await slots.have({found.owner: [claim(found, today=today)]})
        await move(found, Did.asked, by=by.id, now=now)
        await wait_for_answer(found, now=now)
        sentence, key = say("%(name)s asks for %(what)s", **words), asked_key(found)
    whom = [*await keepers(found), *borrowing(found)]
    await tell(whom, sentence, found.path, by=by.id, now=now, key=key)
    return await lent(found.id)
