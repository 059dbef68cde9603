"""What makes sense now, for the one who stands before a thing and has scanned its label."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.sharing.rules.labels import labelled
from app.features.sharing.rules.reach import Thing
from app.features.sharing.tables import Condition, Stage, State


class Sense(StrEnum):
    """`ask`, `want`, `hand_over`, `give_back`, `take_back` and `mend` are acts; the others say how it is."""

    ask = "ask"
    want = "want"
    asked = "asked"
    hand_over = "hand_over"
    give_back = "give_back"
    take_back = "take_back"
    mend = "mend"
    broken = "broken"
    lent = "lent"
    home = "home"
    not_now = "not_now"


@dataclass(frozen=True)
class Seen:
    """`loan` is what the act is about; `until` is the last day of whoever has it now, and never who that is."""

    thing: Thing
    sense: Sense
    loan: int | None = None
    until: date | None = None


class Open(Struct):
    id: int
    borrower: int
    acted_by: int | None
    stage: Stage
    first_on: date | None
    due_on: date | None


# Of those who only asked, the reader's own: two hundred others may have.
_open = prepared_sql(
    "SELECT id, borrower, acted_by, stage, first_on, due_on FROM loans WHERE item = {0} AND "
    "(stage IN ('accepted', 'out') OR (stage = 'asked' AND (until_at IS NULL OR until_at > {2}) "
    "AND (borrower = {1} OR acted_by = {1}))) ORDER BY first_on, id",
    Open,
)
FIRST_OF_ALL = (Stage.out, Stage.accepted, Stage.asked)
OWN = {Stage.out: Sense.give_back, Stage.accepted: Sense.hand_over, Stage.asked: Sense.asked}


async def seen(typed: str, *, by: Neighbour, now: datetime) -> Seen:
    """By its label or code. Does nothing. Raises Missing."""
    thing = await labelled(typed, by=by)
    loans = list(await _open(thing.id, by.id, now))
    own = [each for each in loans if await _is_of(each, by)]
    if own:
        first = min(own, key=lambda each: FIRST_OF_ALL.index(each.stage))
        return Seen(thing, OWN[first.stage], first.id, first.due_on)
    if thing.kept:
        return _for_its_keeper(thing, loans)
    return _for_others(thing, loans, await community.today(now), now)


async def _is_of(loan: Open, by: Neighbour) -> bool:
    """The borrower's, and theirs who typed it while they may act for the borrower."""
    if loan.borrower == by.id:
        return True
    return loan.acted_by == by.id and await people.may_act_for(by, loan.borrower)


def _for_its_keeper(thing: Thing, loans: Sequence[Open]) -> Seen:
    out = next((each for each in loans if each.stage == Stage.out), None)
    if out:
        return Seen(thing, Sense.take_back, out.id, out.due_on)
    if thing.condition == Condition.broken:
        return Seen(thing, Sense.mend)
    coming = next((each for each in loans if each.stage == Stage.accepted), None)
    if coming:
        return Seen(thing, Sense.hand_over, coming.id, coming.due_on)
    return Seen(thing, Sense.home)


def _for_others(thing: Thing, loans: Sequence[Open], today: date, now: datetime) -> Seen:
    if thing.condition == Condition.broken:
        return Seen(thing, Sense.broken)
    if thing.state != State.offered or not thing.may_be_had(now):
        return Seen(thing, Sense.not_now)
    if thing.is_gift:
        return Seen(thing, Sense.want)
    having = next((each for each in loans if _has_it(each, today)), None)
    return Seen(thing, Sense.lent, until=having.due_on) if having else Seen(thing, Sense.ask)


def _has_it(loan: Open, today: date) -> bool:
    if loan.stage == Stage.out:
        return True
    return loan.first_on is not None and loan.due_on is not None and loan.first_on <= today <= loan.due_on
