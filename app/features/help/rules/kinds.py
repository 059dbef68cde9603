"""What can be needed: in words, by whom it may be done, and how soon whom we ring."""

from datetime import timedelta

from msgspec import Struct

from app.features.help.tables import What
from app.features.notices.tables import Urgency
from app.features.skills.tables import Category
from app.kit.words import Sentence, say, written

LABELS: dict[What, Sentence] = {
    What.groceries: say("Groceries"),
    What.medicine: say("Medicine"),
    What.parcel: say("A parcel"),
    What.transport: say("A lift"),
    What.repair: say("A repair"),
    What.company: say("Company"),
    What.child_care: say("Child care"),
    What.pet: say("A pet"),
    What.forms: say("Forms and phones"),
    What.other: say("Something else"),
    What.knock: say("A knock at the door"),
}
# What somebody may ask for; the rest the house alone does.
ASKED_FOR = {kind: label for kind, label in LABELS.items() if kind != What.knock}
ICONS = {
    What.groceries: "shopping-basket",
    What.medicine: "heart-pulse",
    What.parcel: "package",
    What.transport: "car",
    What.repair: "wrench",
    What.company: "heart-handshake",
    What.child_care: "baby",
    What.pet: "paw-print",
    What.forms: "file-text",
    What.other: "hand-helping",
    What.knock: "door-open",
}
URGENCIES: dict[Urgency, Sentence] = {
    Urgency.everyday: say("When it suits"),
    Urgency.soon: say("Soon"),
    Urgency.urgent: say("Urgent"),
}
RANK = {Urgency.critical: 0, Urgency.urgent: 1, Urgency.soon: 2, Urgency.everyday: 3}
VETTED = "vetted helper"


class Care(Struct, frozen=True):
    """Who may do it: only vetted helpers; never one alone; inside somebody's home, where no minor goes."""

    vetted: bool = False
    pair: bool = False
    at_home: bool = False


CARE: dict[What, Care] = {
    What.groceries: Care(),
    What.parcel: Care(),
    What.pet: Care(),
    What.transport: Care(at_home=True),
    What.repair: Care(at_home=True),
    What.forms: Care(at_home=True),
    What.other: Care(at_home=True),
    What.medicine: Care(vetted=True),
    What.company: Care(vetted=True, at_home=True),
    What.child_care: Care(vetted=True, pair=True, at_home=True),
    What.knock: Care(pair=True),
}
CATEGORIES = {
    What.groceries: Category.hands,
    What.parcel: Category.hands,
    What.medicine: Category.health,
    What.transport: Category.transport,
    What.repair: Category.repairs,
    What.company: Category.care,
    What.child_care: Category.care,
    What.pet: Category.nature,
    What.forms: Category.paperwork,
    What.other: Category.other,
    What.knock: Category.other,
}
# After the fitting ones: those of the same building, then everybody. Nobody is rung at once for what has time.
CIRCLES = {
    Urgency.everyday: (timedelta(hours=1), timedelta(hours=6)),
    Urgency.soon: (timedelta(minutes=15), timedelta(hours=1)),
    Urgency.urgent: (timedelta(minutes=3), timedelta(minutes=10)),
    Urgency.critical: (timedelta(minutes=1), timedelta(minutes=3)),
}
# How long past the agreed time a helper may be silent. A day where it has time, since people forget to press; where it
# is urgent somebody waits at the door, and another is found within the hour.
PATIENCE = {
    Urgency.everyday: timedelta(hours=24),
    Urgency.soon: timedelta(hours=6),
    Urgency.urgent: timedelta(hours=1),
    Urgency.critical: timedelta(minutes=30),
}

# Both sides hear the same word, so that whoever rings can say it and whoever opens knows it. Short, and unlike.
_PAIRS = (
    ("灯笼", "lantern"), ("石榴", "pomegranate"), ("竹篮", "bamboo basket"), ("风筝", "kite"), ("南瓜", "pumpkin"),
    ("雨伞", "umbrella"), ("松鼠", "squirrel"), ("豆浆", "soy milk"), ("喜鹊", "magpie"), ("毛线", "wool"),
    ("月饼", "mooncake"), ("蒲公英", "dandelion"), ("算盘", "abacus"), ("鲤鱼", "carp"), ("围巾", "scarf"),
    ("核桃", "walnut"), ("蜗牛", "snail"), ("茶壶", "teapot"), ("柿子", "persimmon"), ("风铃", "wind chime"),
    ("向日葵", "sunflower"), ("蜡笔", "crayon"), ("枕头", "pillow"), ("萝卜", "radish"),
)  # fmt: skip
KNOWN_BY: tuple[Sentence, ...] = tuple(written({"zh-Hans": f"{zh} · {en}", "en": f"{en} · {zh}"}) for zh, en in _PAIRS)
