"""A yes or no that slipped out: taken back within seconds, by whoever said it."""

from datetime import datetime, timedelta

from app.db import writing
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.sharing.rules.agreeing import are_free, moved_key
from app.features.sharing.rules.days import EVER, claim, wanted, what
from app.features.sharing.rules.deciding import answer_key
from app.features.sharing.rules.lent import borrowing, held_loan, lent, move, side_of, steps_of
from app.features.sharing.rules.reach import tell, thing
from app.features.sharing.rules.stages import Lent, Side
from app.features.sharing.rules.waiting import (
    is_behind,
    leave_line,
    let_go,
    loan_in,
    loan_of,
    place_in_line,
    until_before,
    wind,
)
from app.features.sharing.tables import Did, Loan, Stage
from app.features.skills.rules.standing import only_active
from app.kit import queue, slots
from app.kit.queue import Ended
from app.kit.refusals import Missing, Taken
from app.kit.tables import Waiting
from app.kit.words import say

UNDO, ON_ITS_WAY = timedelta(seconds=8), timedelta(seconds=4)  # the button's, and its road there and back


async def undo_answer(loan_id: int, *, by: Neighbour, now: datetime) -> None:
    """It waits again as before, and so do those who went into the waiting line because of it. After a no, the days
    must still be nobody's: whoever waited may have been offered them."""
    only_active(by, now)
    async with writing():
        found = await held_loan(loan_id)
        if await side_of(found, by) != Side.keeper:
            raise Missing
        last = (await steps_of(loan_id))[-1]
        if last.by != by.id or last.did not in (Did.accepted, Did.declined) or found.stage not in UNDONE:
            raise Taken(say("There is nothing of yours to undo here."))
        if now > found.stage_at + UNDO + ON_ITS_WAY or found.until_at is None or found.until_at <= now:
            raise Taken(say("It is too late to undo that."))
        days = wanted(found, today=await community.today(now))
        if found.stage == Stage.declined and not await are_free(await thing(found.item), days):
            raise Taken(say("These days are another's already. It stays declined."))
        await move(found, Did.undone, by=by.id, now=now, stage=Stage.asked, reason="")
        for each in await _moved_by(found):
            await _back_from_the_line(each, now)
        if await _kept_its_days(found):
            await slots.have({found.owner: [claim(found, today=await community.today(now))]})
        else:
            await let_go(found, now=now)
        await wind(found, found.until_at)
        await notices.withdraw(answer_key(found))
        sorry = say("That answer was a slip: %(what)s still waits for one.", what=what(found))
        await tell(borrowing(found), sorry, found.path, by=by.id, now=now)


UNDONE = (Stage.accepted, Stage.declined)


async def _moved_by(found: Lent) -> list[Lent]:
    """Whoever went into the line because of that yes."""
    line = await queue.in_line(found.thing, EVER)
    return [await lent(loan_in(each)) for each in line if is_behind(each, found.id)]


async def _kept_its_days(found: Lent) -> bool:
    """It came from the waiting line, and its days were held while the owner thought about it."""
    theirs = (Waiting.queue == found.thing) & (Waiting.person == found.borrower) & (Waiting.ended == Ended.taken)
    lines = await Waiting.select(Waiting.wish).where(theirs)
    if not any(loan_of(row["wish"]) == found.id for row in lines):
        return False
    return [step.did for step in await steps_of(found.id) if step.did in (Did.asked, Did.proposed)][-1] == Did.asked


async def _back_from_the_line(found: Lent, now: datetime) -> None:
    waits = await place_in_line(found)
    until = until_before(waits) if waits else None
    if waits is None or until is None or until <= now:
        return
    await leave_line(waits, Ended.over, now=now)
    await Loan.update({Loan.until_at: until}).where(Loan.id == found.id)
    await move(found, Did.undone, by=None, now=now)
    await wind(found, until)
    await notices.withdraw(moved_key(found))
