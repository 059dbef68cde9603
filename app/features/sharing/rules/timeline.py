"""A loan told as a timeline: what happened, what it waits for, what comes after."""

from datetime import datetime

from msgspec import Struct

from app.features.sharing.rules.lent import Step
from app.features.sharing.rules.stages import Lent, Side
from app.features.sharing.rules.turns import Turn
from app.features.sharing.tables import Did, Stage
from app.kit.words import Sentence, say

TOLD: dict[Did, Sentence] = {
    Did.asked: say("%(name)s asked for it"),
    Did.accepted: say("%(name)s said yes"),
    Did.declined: say("%(name)s said no"),
    Did.proposed: say("%(name)s proposed other days"),
    Did.withdrew: say("%(name)s no longer needed it"),
    Did.called_off: say("%(name)s called it off"),
    Did.moved: say("Promised to somebody else: into the waiting line"),
    Did.handed: say("%(name)s handed it over"),
    Did.renewed: say("%(name)s keeps it longer"),
    Did.returned: say("%(name)s: it is back"),
    Did.damaged: say("%(name)s said that something is broken"),
    Did.broke: say("%(name)s said that it is broken"),
    Did.thanked: say("%(name)s said thank you"),
    Did.prolonged: say("%(name)s would like to stay in touch"),
    Did.undone: say("An answer was taken back"),
    Did.reminded: say("A reminder went out"),
    Did.expired: say("It ran out"),
    Did.given: say("%(name)s gave it away"),
    Did.taken: say("Officers took it away"),
    Did.restored: say("Officers gave it back"),
}
AT_ONCE = say("Theirs at once, as the owner had it")


class Told(Struct):
    """`state` is done, now or later; `words` are somebody's own."""

    state: str
    title: Sentence
    at: datetime | None = None
    words: str = ""
    until: datetime | None = None


def timeline(
    found: Lent, steps: list[Step], side: Side, *, turn: Turn | None, reader: int, now: datetime
) -> list[Told]:
    told = [Told("done", _title(step, reader), step.at, _words(step, found)) for step in steps]
    return [*told, *_what_next(found, side, turn, now)]


def _words(step: Step, found: Lent) -> str:
    """Thanks that officers took away stand here neither."""
    return found.thanks if step.did == Did.thanked else step.words


def _title(step: Step, reader: int) -> Sentence:
    if step.did == Did.accepted and step.by is None:
        return AT_ONCE
    name = say("You") if step.by == reader else say("%(name)s", name=step.name) if step.name else say("A neighbour")
    known = TOLD.get(step.did)
    return say(known.words, name=name) if known else name


def _what_next(found: Lent, side: Side, turn: Turn | None, now: datetime) -> list[Told]:
    handover = Told("later", say("It is handed over"))
    back = [] if found.is_gift else [Told("later", say("It comes back"))]
    if found.in_line:
        if turn is None or not turn.offered(now):
            return [Told("now", say("Waits in line")), handover, *back]
        return [Told("now", say("It is your turn: take it or let it go"), until=turn.offered_until), handover, *back]
    if found.waits(now):
        mine = (side == Side.keeper) == (found.proposed_first is None)
        awaited = say("Waits for your answer") if mine else say("Waits for an answer")
        return [Told("now", awaited, until=found.until_at), handover, *back]
    if found.stage == Stage.accepted:
        return [Told("now", say("Agree when to meet, and hand it over")), *back]
    if found.stage == Stage.out:
        return [Told("now", say("It is with the borrower")), *back]
    return []
