"""What ends by itself: an ask that nobody answered, an offer that nobody took, a promise that nobody fetched.

The job looks again at the loan it was set for: a deed that was done meanwhile makes it do nothing. It may run twice.
"""

from datetime import datetime
from typing import Any

from app.db import writing
from app.features.notices import rules as notices
from app.features.sharing.rules.agreeing import asked_key, may_be_promised
from app.features.sharing.rules.days import end_of, what
from app.features.sharing.rules.lent import borrowing, held_loan, keepers, move
from app.features.sharing.rules.reach import tell, thing
from app.features.sharing.rules.stages import CONTACT_STAYS, Lent
from app.features.sharing.rules.waiting import leave_line, let_go, place_in_line, take_offer_back, wind
from app.features.sharing.tables import Did, Stage
from app.kit.queue import Ended
from app.kit.refusals import Missing
from app.kit.words import Sentence, say


async def run_out(loan_id: int, *, now: datetime) -> None:
    async with writing():
        try:
            found = await held_loan(loan_id)
        except Missing:
            return
        if found.stage == Stage.accepted:
            await _never_fetched(found, now)
        elif found.in_line:
            await _in_line(found, now)
        elif found.stage == Stage.asked and found.until_at is not None and found.until_at <= now:
            await notices.withdraw(asked_key(found))
            await _expires(found, say("Nobody answered in time: %(what)s", what=what(found)), now)


async def _in_line(found: Lent, now: datetime) -> None:
    """Its turn went by, or its last day did."""
    waits = await place_in_line(found)
    if waits is None:
        return
    ends = await end_of(found.due_on) if found.due_on else None
    if ends is not None and ends <= now:
        await leave_line(waits, Ended.over, now=now)
        await _expires(found, say("It did not come free in time: %(what)s", what=what(found)), now)
    elif waits.offered_until is not None and waits.offered_until <= now:
        if not may_be_promised(await thing(found.item), now):
            return await take_offer_back(found, waits)  # they could not have said yes
        await leave_line(waits, Ended.lapsed, now=now)
        await _expires(found, say("It went to the next in line: %(what)s", what=what(found)), now)
    else:
        await wind(found, waits.offered_until or ends)


async def _never_fetched(found: Lent, now: datetime) -> None:
    """A gift waits to be fetched for as long as its owner likes."""
    ends = await end_of(found.due_on) if found.due_on else None
    if ends is None or ends > now:
        return await wind(found, ends)
    await _expires(found, say("Nobody handed it over: %(what)s", what=what(found)), now, both=True)


async def _expires(found: Lent, sentence: Sentence, now: datetime, *, both: bool = False) -> None:
    contact: dict[str, Any] = {"contact_until": now + CONTACT_STAYS} if both else {}
    await move(found, Did.expired, by=None, now=now, stage=Stage.expired, **contact)
    await let_go(found, now=now)
    whom = (*borrowing(found), *await keepers(found)) if both else borrowing(found)
    await tell(whom, sentence, found.path, by=None, now=now)
