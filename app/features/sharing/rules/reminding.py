"""Every morning: what is due soon, today or for days. One word a day for each person, however many things it is about.

It looks at how things stand: a renewal moves all reminders, and what came home, or was said to, is spoken of no more.
"""

from collections import defaultdict
from datetime import date, datetime, time
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.sharing.rules.due import AFTER, BEFORE, STEWARD, Owed, owed
from app.features.sharing.rules.held_days import DAY, due_day
from app.features.sharing.rules.lent import borrowing, keepers, lent, name_of
from app.features.sharing.rules.stages import Lent
from app.features.sharing.tables import Did, Loan, LoanStep, Stage
from app.kit import later
from app.kit.words import Sentence, say, say_n

MORNING = time(8)
IN_FULL = 4  # lines of a digest
DIGEST = "sharing.remind"


class Line(Struct):
    """What somebody is told about one loan, and where it leads."""

    sentence: Sentence
    path: str


class _Due(Struct):
    id: int
    since_at: datetime
    reminded_at: datetime | None


_due = prepared_sql(
    "SELECT loans.id, COALESCE((SELECT max(loan_steps.at) FROM loan_steps WHERE loan_steps.loan = loans.id "
    "AND loan_steps.did IN ('handed', 'renewed')), loans.stage_at) AS since_at, "
    "(SELECT max(loan_steps.at) FROM loan_steps WHERE loan_steps.loan = loans.id AND loan_steps.did = 'reminded') "
    "AS reminded_at FROM loans WHERE loans.stage = 'out' AND loans.returned_at IS NULL AND loans.due_on <= {} "
    "ORDER BY loans.due_on, loans.id",
    _Due,
)


async def look_in(now: datetime) -> None:
    """From the morning on, once a day, however often it is called."""
    here = await community.here()
    if here is None:
        return
    local = now.astimezone(here.clock)
    if local.time() >= MORNING:
        await later.at(now, DIGEST, key=f"{DIGEST}:{local.date()}")


async def remind(now: datetime) -> None:
    """All of a day at once: whoever gives something back in this moment comes before it or after it."""
    async with writing():
        today = await community.today(now)
        said: defaultdict[int, list[Line]] = defaultdict(list)
        for loan_id, which in await _owed_today(today):
            await _lines(await lent(loan_id), which, said, now)
            await LoanStep.insert(LoanStep(loan=loan_id, at=now, by=None, did=Did.reminded, words=""))
        for person, lines in sorted(said.items()):
            await _tell(person, lines, today, now)


async def _owed_today(today: date) -> list[tuple[int, int]]:
    soon = (Loan.stage == Stage.out) & Loan.returned_at.is_null() & (Loan.due_on <= today - BEFORE[0] * DAY)
    await held(Loan.select(Loan.id).where(soon).order_by(Loan.id))
    found = []
    for each in await _due(today - BEFORE[0] * DAY):
        since, told = await community.today(each.since_at), each.reminded_at
        stands = Owed(due_day(await lent(each.id)), since, await community.today(told) if told else None)
        if (which := owed(stands, today)) is not None:
            found.append((each.id, which))
    return found


async def _lines(found: Lent, which: int, said: defaultdict[int, list[Line]], now: datetime) -> None:
    """Whoever has it, and typed it for them; once it is late, whoever lends it; at the end, their steward."""
    today = await community.today(now)
    for person in {each for each in borrowing(found) if each is not None}:
        said[person].append(Line(_to_borrower(found, which, today), found.path))
    if which not in (*AFTER, STEWARD):
        return
    values: dict[str, Any] = {"what": found.name, "day": due_day(found), "name": await name_of(found.borrower)}
    lenders = await keepers(found)
    for person in lenders:
        said[person].append(Line(say("%(what)s has been due at %(name)s's since %(day)s.", **values), found.path))
    if which == STEWARD:
        look_in_on = say("%(name)s has had %(what)s since it was due on %(day)s. Can you look in on them?", **values)
        for each in await people.stewards_of(found.borrower, now=now):
            if each.id not in (*borrowing(found), *lenders):
                said[each.id].append(Line(look_in_on, f"/neighbours/{found.borrower}"))


def _to_borrower(found: Lent, which: int, today: date) -> Sentence:
    values: dict[str, Any] = {"what": found.name, "day": due_day(found)}
    if today < due_day(found):
        return say("%(what)s is due on %(day)s.", **values)
    if today == due_day(found):
        return say("%(what)s is due today.", **values)
    if which == AFTER[-1]:
        return say("%(what)s has been due since %(day)s. In three days your steward is asked to look in.", **values)
    return say("%(what)s has been due since %(day)s. Please bring it back, or say that it is.", **values)


async def _tell(person: int, lines: list[Line], today: date, now: datetime) -> None:
    path = lines[0].path if len(lines) == 1 else "/loans"
    sentence = _together(lines)
    await notices.tell(person, sentence, path=path, topic="sharing", key=f"sharing:due:{today}", now=now)


def _together(lines: list[Line]) -> Sentence:
    """One after the other; of very many the first, and how many more there are."""
    sentence = lines[0].sentence
    for each in lines[1:IN_FULL]:
        sentence = say("%(one)s %(two)s", one=sentence, two=each.sentence)
    if len(lines) > IN_FULL:
        more = say_n("And one more thing.", "And %(n)s more things.", len(lines) - IN_FULL)
        sentence = say("%(one)s %(two)s", one=sentence, two=more)
    return sentence
