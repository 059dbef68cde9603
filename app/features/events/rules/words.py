"""The words for what stands in the tables."""

from app.features.events.tables import Again, Kind, Said, Stage
from app.kit.words import Sentence, say

KINDS: dict[str, Sentence] = {
    Kind.reading: say("Reading club"),
    Kind.salon: say("Salon"),
    Kind.market: say("Market"),
    Kind.exercise: say("Emergency exercise"),
    Kind.orientation: say("Orientation"),
    Kind.other: say("Something else"),
}
ICONS: dict[str, str] = {
    Kind.reading: "book-open",
    Kind.salon: "message-circle",
    Kind.market: "shopping-basket",
    Kind.exercise: "siren",
    Kind.orientation: "graduation-cap",
    Kind.other: "sparkles",
}
STAGES: dict[str, Sentence] = {
    Stage.planned: say("Takes place"),
    Stage.fell: say("The room was taken from it"),
    Stage.cancelled: say("Cancelled"),
}
SAID: dict[str, Sentence] = {
    Said.yes: say("You are coming"),
    Said.maybe: say("You come perhaps"),
    Said.no: say("You are not coming"),
    Said.door: say("You are at the door"),
}
AGAIN: dict[str, Sentence] = {
    Again.yes: say("Yes, gladly"),
    Again.perhaps: say("Perhaps"),
    Again.no: say("No"),
}
HOSTS = say("You host it")
