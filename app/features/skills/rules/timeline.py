"""An ask told as a timeline: what happened, what it waits for, what comes after."""

from datetime import datetime

from msgspec import Struct

from app.features.skills.rules.asks import Moment, Whole
from app.features.skills.rules.stages import Side
from app.features.skills.tables import Did, Stage
from app.kit.words import Sentence, say

TOLD: dict[Did, Sentence] = {
    Did.asked: say("%(name)s asked"),
    Did.accepted: say("%(name)s said yes"),
    Did.declined: say("%(name)s said no"),
    Did.proposed: say("%(name)s proposed another time"),
    Did.withdrew: say("%(name)s no longer needed it"),
    Did.called_off: say("%(name)s called it off"),
    Did.done: say("%(name)s marked it as done"),
    Did.prolonged: say("%(name)s would like to stay in touch"),
    Did.thanked: say("%(name)s said thank you"),
    Did.reminded: say("A reminder went out"),
    Did.expired: say("Nobody answered in a week"),
    Did.closed: say("Taken as done after a month"),
    Did.taken: say("Officers took the words away"),
    Did.returned: say("Officers gave the words back"),
}


class Told(Struct):
    """`state` is done, now or later; `words` are somebody's own."""

    state: str
    title: Sentence
    at: datetime | None = None
    words: str = ""
    until: datetime | None = None


def timeline(whole: Whole, *, reader: int, now: datetime) -> list[Told]:
    told = [Told("done", _title(step, reader), step.at, _words(step)) for step in whole.steps]
    return [*told, *_what_next(whole, now)]


def _title(step: Moment, reader: int) -> Sentence:
    name = say("You") if step.by == reader else say("%(name)s", name=step.name) if step.name else say("A neighbour")
    return say(TOLD[step.did].words, name=name)


def _words(step: Moment) -> str:
    """Thanks stand below the timeline, as a quotation."""
    return "" if step.did == Did.thanked else step.words


def _what_next(whole: Whole, now: datetime) -> list[Told]:
    ask = whole.ask
    if ask.waits(now):
        done = Told("later", say("Help is given")), Told("later", say("A word of thanks"))
        return [Told("now", _awaited(whole), until=ask.until_at), *done]
    if ask.stage == Stage.accepted and whole.is_party:
        return [
            Told("now", say("Agree on the rest, and mark it when it is done")),
            Told("later", say("A word of thanks")),
        ]
    if ask.stage == Stage.accepted:
        return [Told("now", say("A neighbour is on it already. Thank you for looking."))]
    if ask.stage == Stage.done and not ask.thanked and whole.side == Side.asker:
        return [Told("now", say("A word of thanks"))]
    return []


def _awaited(whole: Whole) -> Sentence:
    ask = whole.ask
    if ask.is_for_anybody:
        return say("Waits for somebody who can")
    if ask.turn == whole.side:
        return say("Waits for your answer")
    other = ask.asker_name if ask.turn == Side.asker else ask.helper_name
    return say("Waits for an answer from %(name)s", name=other or say("A former neighbour"))
