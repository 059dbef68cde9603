"""Answers: yes, no, other days; and no longer, from either side."""

from datetime import date, datetime
from typing import Any

from app.db import writing
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.sharing.rules.agreeing import agree, are_free, asked_key, days_taken, must_be_here, must_be_there
from app.features.sharing.rules.days import days_said, end_of, must_fit, span, what
from app.features.sharing.rules.lent import borrowing, held_for, keepers, lent, move, name_of
from app.features.sharing.rules.reach import tell, thing
from app.features.sharing.rules.stages import OPEN_FOR, Act, Lent, Side
from app.features.sharing.rules.waiting import leave_line, let_go, place_in_line, wind
from app.features.sharing.tables import Did, Stage
from app.features.skills.rules.standing import only_active
from app.kit import slots
from app.kit.queue import Ended
from app.kit.refusals import Refusal, Taken
from app.kit.slots import Faster
from app.kit.words import say


async def accept(loan_id: int, *, by: Neighbour, now: datetime) -> Lent:
    """The owner says yes: the days are taken, and whoever else asked for some of them goes into the waiting line."""
    only_active(by, now)
    try:
        async with writing():
            found, _ = await held_for(Act.accept, loan_id, by=by, now=now)
            await must_be_there(found.item, now)
            await must_be_here(found.borrower)
            if found.due_on is not None and found.due_on < await community.today(now):
                raise Taken(say("These days are over. You can propose others."))
            agreed = await agree(found, by=by.id, now=now)
            yes = say("%(name)s says yes: %(what)s", name=await name_of(by.id), what=what(agreed))
            await tell(borrowing(found), yes, found.path, by=by.id, now=now, key=answer_key(found))
            return agreed
    except Faster:
        found = await lent(loan_id)
        raise await days_taken(found.item, first=found.first_on, last=found.due_on, now=now) from None


async def decline(loan_id: int, reason: str, *, by: Neighbour, now: datetime) -> Lent:
    """No, always with a reason, which they read."""
    only_active(by, now)
    async with writing():
        found, _ = await held_for(Act.decline, loan_id, by=by, now=now)
        if not reason.strip():
            raise Refusal(say("Please say why: they will read it."), beside="reason")
        said = reason.strip()[:300]
        await move(found, Did.declined, by=by.id, now=now, words=said, stage=Stage.declined, reason=said)
        await let_go(found, now=now)
        await notices.withdraw(asked_key(found))
        no = say("%(name)s says no to %(what)s: %(reason)s", name=await name_of(by.id), what=what(found), reason=said)
        await tell(borrowing(found), no, found.path, by=by.id, now=now, key=answer_key(found))
        return found


async def propose(loan_id: int, first: date | None, last: date | None, *, by: Neighbour, now: datetime) -> Lent:
    """Other days, which are free now and are kept for nobody. The borrower has as long as any ask to agree."""
    only_active(by, now)
    async with writing():
        found, _ = await held_for(Act.propose, loan_id, by=by, now=now)
        item = await thing(found.item)
        must_fit(item, first, last, today=await community.today(now))
        if first is None or last is None:
            raise AssertionError
        await slots.give_back(found.owner)
        if not await are_free(item, span(first, last, found.gap)):
            raise await days_taken(found.item, first=first, last=last, beside="first", now=now)
        until = min(now + OPEN_FOR, await end_of(last))
        days: dict[str, Any] = {"proposed_first": first, "proposed_last": last, "until_at": until}
        await move(found, Did.proposed, by=by.id, now=now, **days)
        await let_go(found, now=now)
        await wind(found, until)
        words: dict[str, Any] = {"name": await name_of(by.id), "what": what(found), "days": days_said(first, last)}
        sentence = say("%(name)s proposes other days for %(what)s: %(days)s", **words)
        await tell(borrowing(found), sentence, found.path, by=by.id, now=now)
        return await lent(found.id)


async def agree_to(loan_id: int, *, by: Neighbour, now: datetime) -> Lent:
    """The borrower takes the days that the owner proposed, unless another has them by now."""
    only_active(by, now)
    try:
        async with writing():
            found, _ = await held_for(Act.agree, loan_id, by=by, now=now)
            await must_be_there(found.item, now)
            first, last = found.proposed_first, found.proposed_last
            agreed = await agree(found, by=by.id, now=now, first_on=first, last_on=last, due_on=last)
            yes = say("Agreed with %(name)s: %(what)s", name=await name_of(found.borrower), what=what(agreed))
            await tell([*await keepers(found), *borrowing(found)], yes, found.path, by=by.id, now=now)
            return agreed
    except Faster:
        found = await lent(loan_id)
        first, last = found.proposed_first, found.proposed_last
        raise await days_taken(found.item, first=first, last=last, now=now) from None


async def withdraw(loan_id: int, *, by: Neighbour, now: datetime) -> Lent:
    """The borrower needs it no longer: an ask, an offer or a place in the waiting line ends, and the next is asked."""
    only_active(by, now)
    async with writing():
        found, _ = await held_for(Act.withdraw, loan_id, by=by, now=now)
        if waits := await place_in_line(found):
            await leave_line(waits, Ended.left, now=now)
        await move(found, Did.withdrew, by=by.id, now=now, stage=Stage.withdrawn)
        await let_go(found, now=now)
        await notices.withdraw(asked_key(found))
        over = say("No longer needed by %(name)s: %(what)s", name=await name_of(found.borrower), what=what(found))
        whom = borrowing(found) if found.in_line else (*await keepers(found), *borrowing(found))
        await tell(whom, over, found.path, by=by.id, now=now)
        return found


async def call_off(loan_id: int, words: str = "", *, by: Neighbour, now: datetime) -> Lent:
    """After a yes and before the handover, by either side. The days are free again, the next in line is offered them,
    and the two lose sight of each other's contact at once."""
    only_active(by, now)
    async with writing():
        found, side = await held_for(Act.call_off, loan_id, by=by, now=now)
        stage = Stage.withdrawn if side == Side.borrower else Stage.declined
        said = words.strip()[:300]
        await move(found, Did.called_off, by=by.id, now=now, words=said, stage=stage, contact_until=now)
        await let_go(found, now=now)
        told: dict[str, Any] = {"name": await name_of(by.id), "what": what(found), "why": said}
        off = say("%(name)s called it off: %(what)s", **told)
        if said:
            off = say("%(name)s called it off: %(what)s. %(why)s", **told)
        await tell([*await keepers(found), *borrowing(found)], off, found.path, by=by.id, now=now)
        return found


def answer_key(found: Lent) -> str:
    return f"loan:{found.id}:answer"
