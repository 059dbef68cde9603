"""What needs put on Home."""

from datetime import datetime

from app.features.help.rules.board import Card, glance
from app.features.help.rules.kinds import ICONS, LABELS
from app.features.help.rules.reach import subject
from app.features.help.tables import Stage
from app.features.people.rules import Neighbour
from app.kit.lines import Line, OnHome
from app.kit.words import Sentence, say

FEW = 3


async def on_home(by: Neighbour, *, now: datetime) -> OnHome:
    seen = await glance(by, FEW, now=now)
    return OnHome(
        waits=[
            *(_to_admit(card) for card in seen.to_admit[:FEW]),
            *(_asks(card) for card in seen.waiting),
            *(_helps(card, now) for card in seen.helping),
            *(_mine(card) for card in seen.mine),
        ],
        near=[_open(card, seen.places.get(card.person or 0)) for card in seen.can],
    )


def _to_admit(card: Card) -> Line:
    title, below = say("Somebody without an account asks for help"), say("%(what)s", what=subject(card))
    return Line("shield-check", title, card.path, below, say("Look at it"), due=True)


def _asks(card: Card) -> Line:
    title = say("Was it done? %(what)s", what=subject(card))
    if card.stage == Stage.open:
        title = say("Still needed? %(what)s", what=subject(card))
    return Line(ICONS[card.kind], title, card.path, None, say("Answer"), due=True)


def _helps(card: Card, now: datetime) -> Line:
    title = say("You help: %(what)s", what=subject(card))
    below = say("for %(name)s", name=card.asker_name) if card.asker_name else None
    return Line("handshake", title, card.path, below, STANDS[card.stage], due=card.stage == Stage.taken)


def _mine(card: Card) -> Line:
    below = say("%(name)s has taken it", name=card.helper_name) if card.helper_name else None
    title = say("%(what)s", what=subject(card))
    return Line(ICONS[card.kind], title, card.path, below, STANDS[card.stage])


def _open(card: Card, place: Sentence | None) -> Line:
    name = say("%(name)s", name=card.asker_name) if card.asker_name else say("A guest of the house")
    below = say("%(name)s, %(place)s", name=name, place=place) if place else name
    return Line(ICONS[card.kind], say("%(what)s", what=subject(card)), card.path, below, LABELS[card.kind])


STANDS: dict[Stage, Sentence] = {
    Stage.asked: say("Waits for an officer"),
    Stage.open: say("Open"),
    Stage.taken: say("Taken"),
    Stage.way: say("On the way"),
    Stage.done: say("Done"),
    Stage.confirmed: say("Confirmed"),
    Stage.withdrawn: say("No longer needed"),
    Stage.refused: say("Not let in"),
    Stage.expired: say("Run out"),
}
