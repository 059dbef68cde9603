"""Where a loan stands and who may do what next: one answer for the page's buttons and for the rule's refusal."""

import json
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from app.features.sharing.tables import Kind, Stage
from app.kit.refusals import NotYours, Refusal, Taken
from app.kit.words import say

OPEN_FOR = timedelta(days=5)  # how long an ask waits for its answer
CONTACT_STAYS, CONTACT_PROLONGED = timedelta(hours=24), timedelta(days=7)
HOLDS = (Stage.accepted, Stage.out)
OVER = (Stage.back, Stage.given)


class Side(StrEnum):
    """Whoever typed it for another stands with the borrower."""

    borrower = "borrower"
    keeper = "keeper"


class Act(StrEnum):
    accept = "accept"
    decline = "decline"
    propose = "propose"
    agree = "agree"
    withdraw = "withdraw"
    take = "take"
    call_off = "call_off"
    hand_over = "hand_over"
    renew = "renew"
    give_back = "give_back"
    thank = "thank"
    prolong = "prolong"


class Lent(Struct):
    """A loan as the rules see it, with the item it is of."""

    id: int
    item: int
    borrower: int
    acted_by: int | None
    first_on: date | None
    last_on: date | None
    due_on: date | None
    proposed_first: date | None
    proposed_last: date | None
    words: str
    lang: str
    stage: Stage
    stage_at: datetime
    asked_at: datetime
    until_at: datetime | None
    reason: str
    giver_says_at: datetime | None
    taker_says_at: datetime | None
    handed_at: datetime | None
    returned_at: datetime | None
    condition_out: str
    condition_back: str
    parts_out: str
    parts_back: str
    damage: str
    renewals: int
    thanks: str
    thanked_at: datetime | None
    contact_until: datetime | None
    owner_prolongs: bool
    borrower_prolongs: bool
    kind: Kind
    name: str
    name_lang: str
    parts: str
    longest: int
    gap: int
    fetch: str
    person: int | None
    household: int | None
    borrower_name: str
    borrower_photo: str
    owner_name: str | None
    owner_photo: str | None

    @property
    def path(self) -> str:
        return f"/loans/{self.id}"

    @property
    def owner(self) -> str:
        """Whose the days are in `kit/slots.py`."""
        return owner_of(self.id)

    @property
    def thing(self) -> str:
        return f"item:{self.item}"

    @property
    def is_gift(self) -> bool:
        return self.kind == Kind.give

    @property
    def part_names(self) -> list[str]:
        return [str(name) for name in json.loads(self.parts)]

    @property
    def in_line(self) -> bool:
        """Its days are another's: it waits for its turn, and not for an answer."""
        return self.stage == Stage.asked and self.until_at is None

    @property
    def said_back(self) -> bool:
        """The borrower says so, and whoever lends it has not looked yet."""
        return self.stage == Stage.out and self.returned_at is not None

    def waits(self, now: datetime) -> bool:
        """For an answer."""
        return self.stage == Stage.asked and self.until_at is not None and now < self.until_at

    def shows_contact(self, now: datetime) -> bool:
        """Phone and door, to these two alone (`product.md`, rule 2)."""
        if self.stage in HOLDS:
            return True
        return self.contact_until is not None and now < self.contact_until

    def prolongs(self, side: Side) -> bool:
        return self.borrower_prolongs if side == Side.borrower else self.owner_prolongs


def owner_of(loan_id: int) -> str:
    return f"loan:{loan_id}"


def acts(lent: Lent, side: Side, now: datetime) -> set[Act]:
    keeper = side == Side.keeper
    if lent.in_line:
        return set() if keeper else {Act.take, Act.withdraw}
    if lent.stage == Stage.asked:
        if not lent.waits(now):
            return set()
        if keeper:
            return {Act.accept, Act.decline} | (set() if lent.is_gift else {Act.propose})
        return {Act.withdraw} | ({Act.agree} if lent.proposed_first else set())
    if lent.stage == Stage.accepted:
        return {Act.hand_over, Act.call_off}
    if lent.stage == Stage.out:
        if lent.said_back:
            return {Act.give_back} if keeper else set()
        return {Act.give_back} if keeper else {Act.give_back, Act.renew}
    may = {Act.thank} if lent.stage in OVER and not keeper and lent.thanked_at is None else set()
    if lent.shows_contact(now) and not lent.prolongs(side):
        may.add(Act.prolong)
    return may


def why_not(act: Act, lent: Lent, side: Side, now: datetime) -> Refusal:
    """Said when `acts` does not have it."""
    if lent.in_line:
        return Taken(say("It stands in the waiting line: its days are another's for now."))
    if act == Act.take:
        return Taken(say("That offer is over."))
    if lent.stage == Stage.asked and not lent.waits(now):
        return Taken(say("It has run out. Please ask for it anew."))
    if act in (Act.accept, Act.agree) and lent.stage in HOLDS:
        return Taken(say("That was agreed already."))
    if act == Act.hand_over and lent.stage in (Stage.out, *OVER):
        return Taken(say("It was handed over already."))
    if act in (Act.give_back, Act.renew) and lent.said_back:
        return Taken(say("You have said that it is back. They look at it now."))
    if act == Act.give_back and lent.stage in OVER:
        return Taken(say("It is back already."))
    if act == Act.thank and lent.thanked_at is not None:
        return Taken(say("You have said thank you already."))
    if lent.stage in (Stage.declined, Stage.withdrawn, Stage.expired, *OVER):
        return Taken(say("This loan is over. Please look again."))
    return NotYours(say("That is for the other side to do."))
