"""What an item has been through, for those who answer for it. Names stand where the reader may see them."""

from datetime import date, datetime
from operator import attrgetter

from msgspec import Struct

from app.db import prepared_sql
from app.features.people.rules import Neighbour
from app.features.sharing.rules.reach import Thing
from app.features.sharing.tables import Did, Stage
from app.kit.words import Sentence, say

MOST = 60
HAPPENED: dict[str, Sentence] = {
    Did.offered: say("Put on the board"),
    Did.edited: say("Changed"),
    Did.broke: say("Broken"),
    Did.mended: say("Mended"),
    Did.repair_asked: say("Somebody was asked to mend it"),
    Did.damaged: say("Came back damaged"),
    Did.withdrew: say("Taken off the board"),
    Did.undone: say("On the board again"),
    Did.taken: say("Taken away by officers"),
    Did.restored: say("Given back by officers"),
}
# For whoever did it, in their own export.
DIDS: dict[str, Sentence] = {
    Did.asked: say("Asked"),
    Did.accepted: say("Said yes"),
    Did.declined: say("Said no"),
    Did.proposed: say("Proposed other days"),
    Did.called_off: say("Called off"),
    Did.moved: say("Moved to other days"),
    Did.handed: say("Handed over"),
    Did.renewed: say("Kept it longer"),
    Did.returned: say("Came back"),
    Did.thanked: say("Said thank you"),
    Did.prolonged: say("Wished to stay in touch"),
    Did.given: say("Given away"),
    **HAPPENED,
    Did.withdrew: say("Taken back"),
}


class Happened(Struct):
    """`who` did it; nobody where time or officers did, or where the reader may not know. `loan` leads on."""

    at: datetime
    what: Sentence
    who: Sentence | None = None
    words: str = ""
    loan: int | None = None


class _Step(Struct):
    at: datetime
    did: str
    words: str
    loan: int | None
    by: int | None
    name: str | None
    apart: bool


class _Lent(Struct):
    id: int
    stage: Stage
    handed_at: datetime | None
    returned_at: datetime | None
    due_on: date | None
    damage: str
    name: str | None
    apart: bool


def _apart(of: str) -> str:
    """SQL: does one of the two block the other?"""
    return (
        f"EXISTS (SELECT 1 FROM blocks WHERE (blocks.person = {{1}} AND blocks.blocked = {of}) "
        f"OR (blocks.blocked = {{1}} AND blocks.person = {of})) AS apart "
    )


# ruff: noqa: S608 (all of these words are ours)
_steps = prepared_sql(
    "SELECT item_steps.at, item_steps.did, item_steps.words, item_steps.loan, item_steps.by, people.name, "
    + _apart("item_steps.by")
    + "FROM item_steps LEFT JOIN people ON people.id = item_steps.by WHERE item_steps.item = {0} "
    "ORDER BY item_steps.id DESC LIMIT {2}",
    _Step,
)
_lent = prepared_sql(
    "SELECT loans.id, loans.stage, loans.handed_at, loans.returned_at, loans.due_on, loans.damage, people.name, "
    + _apart("loans.borrower")
    + "FROM loans JOIN people ON people.id = loans.borrower WHERE loans.item = {0} AND loans.handed_at IS NOT NULL "
    "ORDER BY loans.id DESC LIMIT {2}",
    _Lent,
)


async def history_of(found: Thing, *, by: Neighbour) -> list[Happened]:
    """The newest first; nothing for whoever does not answer for it."""
    if not found.kept:
        return []
    steps = [each for each in await _steps(found.id, by.id, MOST) if each.did in HAPPENED]
    loans = list(await _lent(found.id, by.id, MOST))
    told = [*map(_of_step, steps), *(each for loan in loans for each in _of_loan(loan, steps))]
    return sorted(told, key=attrgetter("at"), reverse=True)[:MOST]


def _of_step(step: _Step) -> Happened:
    who = _named(step.name, step.apart) if step.by is not None else None
    return Happened(step.at, HAPPENED[step.did], who, step.words, step.loan)


def _of_loan(loan: _Lent, steps: list[_Step]) -> list[Happened]:
    """Handed over and back again; damage is a step of the item where whoever took it back wrote one."""
    if loan.handed_at is None:
        return []
    who = _named(loan.name, loan.apart)
    went = say("Given away") if loan.stage == Stage.given else say("Lent")
    told = [Happened(loan.handed_at, went, who, loan=loan.id)]
    if loan.returned_at is not None:
        written = any(step.loan == loan.id and step.did == Did.damaged for step in steps)
        told.append(Happened(loan.returned_at, say("Came back"), who, "" if written else loan.damage, loan.id))
    return told


def _named(name: str | None, apart: bool) -> Sentence:
    """Somebody who has left has no name any more; across a block neither has."""
    if apart:
        return say("A neighbour")
    return say("%(name)s", name=name) if name else say("A former neighbour")
