"""The words for what stands in the tables."""

from app.features.spaces.tables import Did, Policy, Stage, Steps, WayIn
from app.kit.words import Sentence, say

STANDS: dict[str, Sentence] = {
    Stage.pending: say("Waiting for a yes"),
    Stage.approved: say("Approved"),
    Stage.refused: say("Refused"),
    Stage.cancelled: say("Cancelled"),
    Stage.expired: say("Lapsed"),
    Stage.unused: say("Not used"),
    "blocked": say("Out of use"),
    "taken": say("Booked"),
}
LOOKS = {
    Stage.pending: ("soon", "clock"),
    Stage.approved: ("safe", "check"),
    Stage.refused: ("harm", "x"),
    Stage.cancelled: ("quiet", "x"),
    Stage.expired: ("quiet", "alarm-clock"),
    Stage.unused: ("quiet", "minus"),
    "blocked": ("quiet", "ban"),
}
HAPPENED: dict[str, Sentence] = {
    Did.asked: say("Asked"),
    Did.at_once: say("Booked at once"),
    Did.approved: say("Approved"),
    Did.refused: say("Refused"),
    Did.cancelled: say("Cancelled"),
    Did.restored: say("Booked again"),
    Did.moved: say("Moved"),
    Did.expired: say("Nobody answered in time"),
    Did.nudged: say("The managers were asked once more"),
    Did.passed_on: say("Their deputies were asked too"),
    Did.reminded: say("Reminded of tomorrow"),
    Did.came: say("They came"),
    Did.unused: say("Nobody came, it was released"),
    Did.blocked: say("The space is out of use"),
    Did.question: say("A question"),
    Did.answer: say("An answer"),
    Did.undone: say("The answer was taken back"),
    Did.asked_again: say("Asked whether it is still needed"),
    Did.confirmed: say("It is still needed"),
    Did.released: say("Nobody said that it is still needed"),
    Did.rezoned: say("The community's clock was set to another time zone"),
}
POLICIES: dict[str, Sentence] = {
    Policy.at_once: say("At once, for everybody"),
    Policy.trusted: say("At once for some, a manager for the rest"),
    Policy.approval: say("A manager says yes"),
}
STEPS: dict[str, Sentence] = {
    Steps.none: say("No step: wheelchairs come in"),
    Steps.help: say("A step or two: with somebody's help"),
    Steps.stairs: say("Stairs: not on wheels"),
}
WAYS_IN: dict[str, Sentence] = {
    WayIn.open: say("It is open"),
    WayIn.key: say("Somebody has the key"),
    WayIn.code: say("A code for each booking"),
}
