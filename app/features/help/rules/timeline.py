"""A need told as a timeline: what happened, and what it waits for."""

from app.features.help.rules.stages import Side
from app.features.help.rules.whole import Happened, Whole
from app.features.help.tables import Did, Stage, What
from app.features.skills.rules.timeline import Told
from app.kit.words import Sentence, say

TOLD: dict[Did, Sentence] = {
    Did.asked: say("%(name)s asked for help"),
    Did.admitted: say("%(name)s looked at it and let it in"),
    Did.refused: say("%(name)s did not let it in"),
    Did.joined: say("%(name)s asked for the same"),
    Did.half: say("%(name)s would come, with somebody else"),
    Did.taken: say("%(name)s took it"),
    Did.way: say("%(name)s set out"),
    Did.gave_back: say("%(name)s gave it back"),
    Did.done: say("%(name)s said it is done"),
    Did.confirmed: say("%(name)s confirmed it, with thanks"),
    Did.reopened: say("%(name)s asked the others again"),
    Did.withdrew: say("%(name)s no longer needed it"),
    Did.still: say("We asked whether it is still needed"),
    Did.fresh: say("%(name)s said it is still needed"),
    Did.late: say("We asked whether it is done"),
    Did.silent: say("The helper was silent: it is open again"),
    Did.lapsed: say("It has run out"),
    Did.closed: say("Taken as confirmed after a week"),
    Did.summed: say("%(name)s changed the sum that may be spent"),
    Did.receipt: say("%(name)s handed in a receipt"),
    Did.paid: say("%(name)s said the money is settled"),
    Did.prolonged: say("%(name)s would like to stay in touch"),
    Did.taken_away: say("Officers took it from the board"),
    Did.opened: say("Nobody had answered: the house asked for a knock"),
    Did.tried: say("%(name)s tried: nobody there"),
    Did.called_off: say("The house called it off"),
}
BY_TIME = say("Taken as done after three days")


def timeline(whole: Whole, *, reader: int | None) -> list[Told]:
    told = [Told("done", _title(step, whole, reader), step.at, step.words) for step in whole.steps]
    return [*told, *[Told("now", each) for each in _what_next(whole)]]


def _title(step: Happened, whole: Whole, reader: int | None) -> Sentence:
    if step.did == Did.done and step.by is None and whole.need.person is not None:
        return BY_TIME
    return say(TOLD[step.did].words, name=_name(step, whole, reader))


def _name(step: Happened, whole: Whole, reader: int | None) -> Sentence:
    if step.by is not None and step.by == reader:
        return say("You")
    if step.name:
        return say("%(name)s", name=step.name)
    guest = whole.need.person is None and step.by is None
    if guest and whole.side == Side.asker and reader is None:
        return say("You")
    return say("A guest of the house") if guest else say("A neighbour")


def _at_the_door(whole: Whole) -> list[Sentence]:
    if whole.need.stage == Stage.open:
        return [say("Waits for one more, so that two go") if whole.took else say("Waits for two who go")]
    return [say("Two are on it")] if whole.need.stage in (Stage.taken, Stage.way) else []


def _what_next(whole: Whole) -> list[Sentence]:
    need, asks = whole.need, whole.side == Side.asker
    if need.stage == Stage.asked:
        return [say("Waits for an officer to let it in")]
    if need.kind == What.knock:
        return _at_the_door(whole)
    if need.stage == Stage.open:
        one = need.helpers > 1 and len(whole.took) == 1
        return [say("Waits for one more") if one else say("Waits for somebody who takes it")]
    if need.stage == Stage.taken and whole.is_party:
        return [say("They come by the time they said") if asks else say("Set out, and say so here")]
    if need.stage == Stage.taken:
        return [say("A neighbour is on it already. Thank you for looking.")]
    if need.stage == Stage.way:
        return [say("Mark it when it is done")] if whole.is_party else [say("A neighbour is on the way.")]
    if need.stage == Stage.done:
        return [say("Was it all right? Then confirm it")] if asks else [say("Waits for their word on it")]
    return []
