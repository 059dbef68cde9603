"""Where a need stands and who may do what next: one answer for the buttons, the rules and the refusals."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from app.features.help.tables import Among, Stage, What
from app.features.notices.tables import Urgency
from app.kit.refusals import NotYours, Refusal, Taken
from app.kit.words import Sentence, kept, say

LIVE = (Stage.open, Stage.taken, Stage.way)
OVER = (Stage.confirmed, Stage.withdrawn, Stage.refused, Stage.expired)
CONTACT_STAYS, CONTACT_PROLONGED = timedelta(hours=24), timedelta(days=7)


class Side(StrEnum):
    """Where somebody stands towards a need. Whoever typed it stands with the asker, and so does a guest's link."""

    asker = "asker"
    helper = "helper"
    officer = "officer"
    neighbour = "neighbour"


class Act(StrEnum):
    admit = "admit"
    refuse = "refuse"
    take = "take"
    speak = "speak"
    invite = "invite"
    way = "way"
    give_back = "give_back"
    tried = "tried"
    complete = "complete"
    confirm = "confirm"
    reopen = "reopen"
    freshen = "freshen"
    withdraw = "withdraw"
    photo = "photo"
    sum = "sum"
    receipt = "receipt"
    paid = "paid"
    got = "got"
    prolong = "prolong"


class Needed(Struct):
    """A need as the rules see it."""

    id: int
    person: int | None
    acted_by: int | None
    household: int | None
    area: int | None
    kind: What
    words: str
    lang: str
    whole_household: bool
    until_at: datetime | None
    urgency: Urgency
    helpers: int
    photo: str
    photo_words: str
    sum_cents: int | None
    spent_cents: int | None
    receipt: str
    paid_at: datetime | None
    got_at: datetime | None
    known_by: int | None
    stage: Stage
    asked_at: datetime
    stage_at: datetime
    fresh_at: datetime
    still_at: datetime | None
    reminded_at: datetime | None
    rung: int
    round: int
    settled_at: datetime | None
    origin: str
    among: Among
    page: str
    sentence: Any

    @property
    def is_over(self) -> bool:
        return self.stage in OVER

    @property
    def path(self) -> str:
        """Where it is read and dealt with."""
        return self.page or f"/help/{self.id}"

    @property
    def said(self) -> Sentence | None:
        """What the house says of it. What somebody typed stands in `words`."""
        return kept(self.sentence) if self.sentence else None

    @property
    def owes(self) -> bool:
        """Money was spent, and the two have not both said that it is settled."""
        return bool(self.spent_cents) and not (self.paid_at and self.got_at)


class Took(Struct):
    """Somebody who has, or had, a place at a need."""

    id: int
    helper: int
    name: str
    photo: str
    place: int
    taken_at: datetime
    comes_at: datetime
    nudged_at: datetime | None
    ended_at: datetime | None
    kept: bool
    contact_until: datetime | None
    asker_prolongs: bool
    helper_prolongs: bool

    @property
    def stands(self) -> bool:
        return self.ended_at is None

    def shows(self, need: Needed, now: datetime) -> bool:
        """Do the two see how to reach each other, and the helper the private part? Not before all places are taken."""
        if self.ended_at is None:
            return need.stage in (Stage.taken, Stage.way)
        return self.contact_until is not None and now < self.contact_until

    def prolongs(self, side: Side) -> bool:
        return self.asker_prolongs if side == Side.asker else self.helper_prolongs


def acts(
    need: Needed, side: Side, took: Sequence[Took], now: datetime, *, me: Took | None = None, who: int | None = None
) -> set[Act]:
    """`me` is the helper's own place. Whoever acts for the asker, or joined, sees no phone and so prolongs nothing."""
    if need.kind == What.knock:
        return _of_knock(need, side)
    if side == Side.officer:
        return {Act.admit, Act.refuse} if need.stage == Stage.asked else set()
    if side == Side.neighbour:
        return {Act.take, Act.speak} if need.stage == Stage.open else set()
    may = _of_asker(need, took) if side == Side.asker else _of_helper(need)
    touched = [me] if me else took if side == Side.asker and who == need.person else []
    if any(each.contact_until and each.shows(need, now) and not each.prolongs(side) for each in touched):
        may.add(Act.prolong)
    return may


def _of_knock(need: Needed, side: Side) -> set[Act]:
    """What was found there is an answer, and no deed of a need; that nobody opened, any officer may say."""
    if need.stage not in LIVE:
        return set()
    if side == Side.neighbour:
        return {Act.tried} | ({Act.take} if need.stage == Stage.open else set())
    return {Act.tried, Act.give_back} | ({Act.way} if need.stage == Stage.taken else set())


def _of_asker(need: Needed, took: Sequence[Took]) -> set[Act]:
    if need.stage == Stage.asked:
        return {Act.withdraw}
    if need.stage in LIVE:
        may = {Act.withdraw, Act.speak, Act.photo, Act.sum}
        if need.stage == Stage.open:
            return may | ({Act.freshen} if need.still_at else set())
        return may | {Act.complete} | _did_not_come(need)
    if need.stage == Stage.done:
        pays = need.spent_cents and not need.paid_at
        return {Act.speak} | _did_not_come(need) | ({Act.paid} if pays else set() if need.owes else {Act.confirm})
    return set()


def _did_not_come(need: Needed) -> set[Act]:
    """Where money was spent there is something to settle first, and somebody who came."""
    return set() if need.spent_cents else {Act.reopen}


def _of_helper(need: Needed) -> set[Act]:
    if need.stage == Stage.open:  # one of two is still missing
        return {Act.give_back, Act.invite, Act.speak}
    may: set[Act] = set()
    if need.stage == Stage.taken:
        may = {Act.way, Act.give_back, Act.complete, Act.speak}
    elif need.stage == Stage.way:
        may = {Act.complete, Act.speak} | (set() if need.spent_cents else {Act.give_back})
    elif need.stage == Stage.done:
        may = {Act.speak} | ({Act.got} if need.spent_cents and not need.got_at else set())
    if need.stage in (Stage.way, Stage.done) and need.sum_cents and not (need.paid_at or need.got_at):
        may.add(Act.receipt)
    return may


def why_not(act: Act, need: Needed, side: Side) -> Refusal:
    """Said when `acts` does not have it."""
    if need.is_over or (need.stage == Stage.done and act in (Act.take, Act.give_back, Act.way)):
        return Taken(say("This need is over. Thank you for looking."), way=ON)
    if act == Act.take and side == Side.helper:
        return Taken(say("You have taken it already."))
    if act == Act.take and side == Side.asker:
        return NotYours(say("It is your own need: somebody else takes it."))
    if act == Act.confirm and need.owes:
        return Refusal(say("Say first that the money is settled."))
    if side == Side.neighbour and act in OF_ASKERS:
        return NotYours(say("That is for the other side to do."))
    return Taken(say("That has changed meanwhile. Please look again."))


OF_ASKERS = {
    Act.admit,
    Act.refuse,
    Act.confirm,
    Act.reopen,
    Act.freshen,
    Act.withdraw,
    Act.photo,
    Act.sum,
    Act.paid,
}
ON: tuple[str, Sentence] = ("/help?show=can", say("See what else you can do"))
