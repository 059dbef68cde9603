"""Where an ask stands and who may do what next: one answer for the page's buttons and for the rule's refusal."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from app.features.skills.tables import Stage
from app.kit.refusals import NotYours, Refusal, Taken
from app.kit.words import say

WAITING = (Stage.open, Stage.proposed)
OPEN_FOR, REMIND_AFTER, CLOSES_AFTER = timedelta(days=7), timedelta(hours=24), timedelta(days=30)
CONTACT_STAYS, CONTACT_PROLONGED = timedelta(hours=24), timedelta(days=7)


class Side(StrEnum):
    """Where somebody stands towards an ask. Whoever typed it for another stands with the asker."""

    asker = "asker"
    helper = "helper"
    called = "called"
    neighbour = "neighbour"


class Act(StrEnum):
    accept = "accept"
    decline = "decline"
    propose = "propose"
    withdraw = "withdraw"
    complete = "complete"
    thank = "thank"
    prolong = "prolong"


class Asked(Struct):
    """An ask as the rules see it."""

    id: int
    asker: int
    acted_by: int
    skill: int | None
    helper: int | None
    category: str
    words: str
    lang: str
    times: str
    on_day: date | None
    proposed: str
    proposed_by: int | None
    stage: Stage
    asked_at: datetime
    until_at: datetime
    reminded_at: datetime | None
    settled_at: datetime | None
    taken_at: datetime | None

    @property
    def is_for_anybody(self) -> bool:
        return self.skill is None

    def waits(self, now: datetime) -> bool:
        return self.stage in WAITING and now < self.until_at

    @property
    def turn(self) -> Side | None:
        """Whose answer it waits for."""
        if self.stage == Stage.proposed:
            return Side.asker if self.proposed_by == self.helper else Side.helper
        return Side.helper if self.stage == Stage.open else None


class Yes(Struct):
    """An acceptance, and until when the two see how to reach each other."""

    id: int
    ask: int
    helper: int
    accepted_at: datetime
    ended_at: datetime | None
    contact_until: datetime | None
    asker_prolongs: bool
    helper_prolongs: bool

    def shows_contact(self, now: datetime) -> bool:
        if self.ended_at is None:
            return True
        return self.contact_until is not None and now < self.contact_until

    def prolongs(self, side: Side) -> bool:
        return self.asker_prolongs if side == Side.asker else self.helper_prolongs


def acts(ask: Asked, side: Side, now: datetime, *, yes: Yes | None = None, thanked: bool = False) -> set[Act]:
    if ask.stage in WAITING:
        return _while_it_waits(ask, side) if ask.waits(now) else set()
    if ask.stage == Stage.accepted:
        return {Side.asker: {Act.complete, Act.withdraw}, Side.helper: {Act.complete, Act.decline}}.get(side, set())
    if ask.stage != Stage.done or side not in (Side.asker, Side.helper):
        return set()
    may = {Act.thank} if side == Side.asker and not thanked else set()
    if yes and yes.shows_contact(now) and not yes.prolongs(side):
        may.add(Act.prolong)
    return may


def _while_it_waits(ask: Asked, side: Side) -> set[Act]:
    if ask.is_for_anybody:
        return {
            Side.asker: {Act.withdraw},
            Side.called: {Act.accept, Act.decline},
            Side.neighbour: {Act.accept},
        }.get(side, set())
    may = {Side.asker: {Act.withdraw}, Side.helper: {Act.decline, Act.propose}}.get(side, set())
    if side == ask.turn:
        may |= {Act.accept, Act.propose}
    if side == Side.asker and ask.stage == Stage.proposed:
        may.add(Act.propose)
    return may


def why_not(act: Act, ask: Asked, side: Side, now: datetime) -> Refusal:
    """Said when `acts` does not have it."""
    if ask.stage == Stage.accepted and act == Act.accept:
        if side in (Side.asker, Side.helper):
            return Taken(say("That was agreed already."))
        return Taken(say("Another neighbour was a moment faster. Thank you! Look under Asks for others you can help."))
    if ask.stage in WAITING and not ask.waits(now):
        return Taken(say("This ask has run out. It can be asked anew."))
    if ask.stage == Stage.done and act == Act.thank and side == Side.asker:
        return Taken(say("You have said thank you already."))
    if ask.stage == Stage.done and act in (Act.thank, Act.prolong):
        return NotYours(say("That is not open to you any more."))
    if ask.stage == Stage.withdrawn:
        return Taken(say("This is no longer needed. Thank you!"))
    if ask.stage in (Stage.declined, Stage.expired, Stage.done):
        return Taken(say("This ask is over. Please look again."))
    return NotYours(say("That is for the other side to do."))
