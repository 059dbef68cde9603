"""A loan as far as somebody may see it, held while a deed is done to it."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.sharing.rules.reach import held_item, keepers_of, keeps, thing
from app.features.sharing.rules.stages import Act, Lent, Side, acts, why_not
from app.features.sharing.tables import Did, Loan, LoanStep
from app.kit.refusals import Missing
from app.kit.words import Sentence, say

_OWN = [name for name in Lent.__struct_fields__ if hasattr(Loan, name)]
# ruff: noqa: S608 (all of these words are ours)
LENT = (
    "SELECT "
    + ", ".join(f"loans.{name}" for name in _OWN)
    + ", items.kind, items.name, items.lang AS name_lang, items.parts, items.longest, items.gap, items.fetch, "
    "items.person, items.household, borrowers.name AS borrower_name, borrowers.photo AS borrower_photo, "
    "owners.name AS owner_name, owners.photo AS owner_photo FROM loans JOIN items ON items.id = loans.item "
    "JOIN people AS borrowers ON borrowers.id = loans.borrower LEFT JOIN people AS owners ON owners.id = items.person "
)
_one = prepared_sql(LENT + "WHERE loans.id = {}", Lent)


async def lent(loan_id: int) -> Lent:
    """As it stands, whoever may see it. Raises Missing."""
    found = await _one.first(loan_id)
    if found is None:
        raise Missing
    return found


async def side_of(found: Lent, by: Neighbour) -> Side:
    """Raises Missing for whom it does not concern."""
    if by.id == found.borrower or (by.id == found.acted_by and await people.may_act_for(by, found.borrower)):
        return Side.borrower
    if keeps(await thing(found.item, by=by.id), by):
        return Side.keeper
    raise Missing


async def loan_for(loan_id: int, *, by: Neighbour) -> tuple[Lent, Side]:
    """Raises Missing."""
    found = await lent(loan_id)
    return found, await side_of(found, by)


async def held_loan(loan_id: int) -> Lent:
    """First its item, then itself: so no two deeds wait for each other. Raises Missing."""
    await held_item((await lent(loan_id)).item)
    await held(Loan.select(Loan.id).where(Loan.id == loan_id))
    return await lent(loan_id)


async def held_for(act: Act, loan_id: int, *, by: Neighbour, now: datetime) -> tuple[Lent, Side]:
    """The loan and its item, nobody else's until the deed is done; raises Missing, or why it cannot be done."""
    found = await held_loan(loan_id)
    side = await side_of(found, by)
    if act not in acts(found, side, now):
        raise why_not(act, found, side, now)
    return found, side


async def move(
    found: Lent, did: Did, *, by: int | None, now: datetime, words: str = "", stage: str = "", **changes: Any
) -> None:
    """Writes what changed, and one step of the timeline. What is read of it is read."""
    if stage:
        changes |= {"stage": stage, "stage_at": now}
    if changes:
        values = {getattr(Loan, name): value for name, value in changes.items()}
        await Loan.update(values).where(Loan.id == found.id)
    await LoanStep.insert(LoanStep(loan=found.id, at=now, by=by, did=did, words=words))
    if by is not None:
        await notices.read_about(found.path, by=by, now=now)


async def keepers(found: Lent) -> list[int]:
    return await keepers_of(await thing(found.item))


async def is_both(found: Lent, side: Side, by: Neighbour) -> bool:
    """With the borrower, and all who answer for it: nobody else is there to say the other side's word."""
    return side == Side.borrower and await keepers(found) == [by.id]


def borrowing(found: Lent) -> tuple[int, int | None]:
    """Who borrows, and who typed it."""
    return found.borrower, found.acted_by


class Step(Struct):
    at: datetime
    by: int | None
    did: Did
    words: str
    name: str | None


_steps = prepared_sql(
    "SELECT loan_steps.at, loan_steps.by, loan_steps.did, loan_steps.words, people.name FROM loan_steps "
    "LEFT JOIN people ON people.id = loan_steps.by WHERE loan_steps.loan = {} ORDER BY loan_steps.id",
    Step,
)


async def steps_of(loan_id: int) -> list[Step]:
    return list(await _steps(loan_id))


async def name_of(person_id: int) -> Sentence:
    """Somebody who has left has no name any more."""
    name = (await people.neighbour(person_id)).name
    return say("%(name)s", name=name) if name else say("A former neighbour")
