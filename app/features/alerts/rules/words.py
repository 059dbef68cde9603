"""What alerts are called, how they look, and how loudly the doorbell rings for them."""

from app.features.alerts.tables import Answer, Category, How, Kind, Level, Type
from app.features.help.tables import What
from app.features.notices.tables import Urgency
from app.kit.words import Sentence, say

KINDS: dict[Kind, Sentence] = {
    Kind.real: say("It is real"),
    Kind.exercise: say("An exercise"),
    Kind.test: say("A test"),
}
# Stands first in every title and on every channel; what is real carries no mark.
MARKS: dict[Kind, Sentence] = {Kind.exercise: say("EXERCISE"), Kind.test: say("TEST")}
LEVELS: dict[Level, Sentence] = {
    Level.notice: say("Notice"),
    Level.caution: say("Caution"),
    Level.urgent: say("Urgent"),
    Level.critical: say("Critical"),
}
RINGS: dict[Level, Urgency] = {
    Level.notice: Urgency.soon,
    Level.caution: Urgency.soon,
    Level.urgent: Urgency.urgent,
    Level.critical: Urgency.critical,
}
CATEGORIES: dict[Category, Sentence] = {
    Category.water: say("Water"),
    Category.power: say("Power"),
    Category.fire: say("Fire"),
    Category.gas: say("Gas"),
    Category.storm: say("Storm"),
    Category.flood: say("Flood"),
    Category.missing: say("Missing person"),
    Category.epidemic: say("Epidemic"),
    Category.lift: say("Lifts"),
    Category.other: say("Something else"),
}
ICONS: dict[Category, str] = {
    Category.water: "droplet",
    Category.power: "plug-zap",
    Category.fire: "flame",
    Category.gas: "wind",
    Category.storm: "cloud-lightning",
    Category.flood: "waves",
    Category.missing: "user-search",
    Category.epidemic: "shield-plus",
    Category.lift: "arrow-up-down",
    Category.other: "triangle-alert",
}
TYPES: dict[Type, Sentence] = {
    Type.alert: say("Alert"),
    Type.update: say("Update"),
    Type.correction: say("Correction"),
    Type.all_clear: say("All clear"),
    Type.false_alarm: say("False alarm"),
    Type.expired: say("Ended by itself"),
}
ANSWERS: dict[Answer, Sentence] = {
    Answer.safe: say("Safe"),
    Answer.help: say("Needs help"),
    Answer.away: say("Away"),
}
HOW: dict[How, Sentence] = {
    How.self: say("said so"),
    How.link: say("said so by the link"),
    How.household: say("the household said so"),
    How.seen: say("seen in person"),
    How.phone: say("by phone"),
    How.paper: say("from the walked list"),
    How.knocked: say("somebody knocked at the door"),
}
OWN_WORD = frozenset({How.self, How.link})
TOPIC = "alerts"
BOARDS = "officers"  # the channel of open roll-call boards; "officers:7" is that of one area


def channel_of(area: int | None) -> str:
    """Who looks at another building need not look again."""
    return BOARDS if area is None else f"{BOARDS}:{area}"


def path_of(alert: int) -> str:
    return f"/alerts/{alert}"


def marked(kind: Kind, headline: Sentence) -> Sentence:
    """With the mark of an exercise or a test before it, in the reader's own language."""
    if kind not in MARKS:
        return headline
    return say("%(mark)s · %(headline)s", mark=MARKS[kind], headline=headline)


# What is needed, as somebody in an emergency says it: few, and each a kind of need.
WHATS: dict[What, Sentence] = {
    What.other: say("Something else, or I cannot say"),
    What.groceries: say("Water or food"),
    What.medicine: say("Medicine or a doctor"),
    What.transport: say("Getting out, or being carried"),
    What.repair: say("Something is broken or dangerous"),
    What.company: say("Somebody with me"),
    What.child_care: say("Somebody for the children"),
}
# How whoever answers for others knows it; what they choose from.
FOR_OTHERS: dict[How, Sentence] = {
    How.household: say("We live together"),
    How.seen: say("I saw them"),
    How.phone: say("On the phone"),
    How.paper: say("It stands on the walked list"),
    How.knocked: say("I knocked at their door"),
}
