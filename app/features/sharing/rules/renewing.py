"""A little longer, by one tap: unless somebody waits for it, or has its days."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.sharing.rules.held_days import DAY, due_day, holds_until, length
from app.features.sharing.rules.lent import borrowing, held_for, keepers, lent, move, name_of
from app.features.sharing.rules.reach import held_item, tell
from app.features.sharing.rules.stages import Act, Lent
from app.features.sharing.rules.waiting import offer_next
from app.features.sharing.tables import Did, Stage
from app.features.skills.rules.standing import only_active
from app.kit import queue, slots
from app.kit.refusals import Refusal, Taken
from app.kit.slots import Faster
from app.kit.words import say

UNDO, ON_ITS_WAY = timedelta(seconds=8), timedelta(seconds=4)  # the button's, and its road there and back


def would_be_due(found: Lent) -> date:
    """By the length that was agreed, at most the longest of its item, from the day on which it is due."""
    return due_day(found) + min(length(found), found.longest) * DAY


class _Id(Struct):
    id: int


# An ask that waits for an answer, for the days that the owner proposed where they did.
_asked = prepared_sql(
    "SELECT id FROM loans WHERE item = {} AND stage = 'asked' AND until_at IS NOT NULL "
    "AND COALESCE(proposed_last, due_on) > {} AND COALESCE(proposed_first, first_on) <= {} LIMIT 1",
    _Id,
)


async def why_no_longer(found: Lent, today: date) -> Refusal | None:
    """One answer for the button and for the deed."""
    due = would_be_due(found)
    if due < today:
        return Refusal(say("It has been due for too long. Please bring it back, or talk to each other."))
    last = due + found.gap * DAY
    in_line = await queue.in_line(found.thing, slots.days(min(today, due_day(found)), last))
    if in_line or await _asked(found.item, due_day(found), last):
        return Taken(say("Somebody waits for it. Please bring it back on time."))
    others = [each for each in await _used(found, last) if each.owner != found.owner]
    if others:
        day = date.fromordinal(min(each.slot for each in others))
        return Taken(say("Somebody has it from %(day)s on. Please bring it back on time.", day=day))
    return None


async def _used(found: Lent, last: date) -> list[slots.Used]:
    return await slots.used([found.thing], slots.days(due_day(found) + DAY, last))


async def renew(loan_id: int, *, by: Neighbour, now: datetime) -> date:
    """Until when they may keep it. Its reminders move along, since they look at the day on which it is due."""
    only_active(by, now)
    async with writing():
        await held_item((await lent(loan_id)).item)
        found, _ = await held_for(Act.renew, loan_id, by=by, now=now)
        if refusal := await why_no_longer(found, await community.today(now)):
            raise refusal
        due = would_be_due(found)
        try:
            await holds_until(found, due + found.gap * DAY)
        except Faster:
            raise Taken(say("Somebody was a moment faster. Please bring it back on time.")) from None
        await move(found, Did.renewed, by=by.id, now=now, due_on=due, renewals=found.renewals + 1)
        longer = say(
            "%(name)s keeps it longer: %(what)s, until %(day)s.", name=await name_of(by.id), what=found.name, day=due
        )
        await tell([*borrowing(found), *await keepers(found)], longer, found.path, by=by.id, now=now)
        return due


class _Last(Struct):
    at: datetime
    by: int | None
    did: Did


_last = prepared_sql('SELECT at, "by", did FROM loan_steps WHERE loan = {} ORDER BY id DESC LIMIT 1', _Last)


async def undo_renewal(loan_id: int, *, by: Neighbour, now: datetime) -> date:
    """A slip of the thumb, within seconds: due as before, and its days are offered to whoever joined the line."""
    only_active(by, now)
    async with writing():
        await held_item((await lent(loan_id)).item)
        found, _ = await held_for(Act.renew, loan_id, by=by, now=now)
        last = await _last.first(found.id)
        if last is None or last.did != Did.renewed or last.by != by.id or found.stage != Stage.out:
            raise Taken(say("There is nothing of yours to undo here."))
        if now > last.at + UNDO + ON_ITS_WAY:
            raise Taken(say("It is too late to undo that."))
        due = due_day(found) - min(length(found), found.longest) * DAY
        await holds_until(found, due + found.gap * DAY)
        await move(found, Did.undone, by=by.id, now=now, due_on=due, renewals=found.renewals - 1)
        slip = say("That was a slip: %(what)s is due on %(day)s, as before.", what=found.name, day=due)
        await tell([*borrowing(found), *await keepers(found)], slip, found.path, by=by.id, now=now)
        await offer_next(found.item, now=now)
        return due
