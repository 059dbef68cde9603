"""What areas and regions are called: "Building 3", 「3 号楼」."""

from app.kit.words import Sentence, say

# By its key: what a kind is called in Chinese when somebody types it, and how one of them is written.
LABELS = {
    "building": ("楼栋", say("Building %(name)s")),
    "entrance": ("单元", say("Entrance %(name)s")),
    "floor": ("楼层", say("Floor %(name)s")),
    "street": ("街 街道", say("%(name)s")),
    "lane": ("巷 弄", say("%(name)s")),
}
REGIONS = {
    "CN": say("China"),
    "HK": say("Hong Kong"),
    "TW": say("Taiwan"),
    "SG": say("Singapore"),
    "GB": say("Britain"),
}


def label(kind: str, name: str) -> Sentence:
    """ "Building 3", 「3 号楼」; a kind of the administrator's own is named by its name alone."""
    if kind in LABELS and name.isdecimal():
        return say(LABELS[kind][1].words, name=name)
    return say("%(name)s", name=name)


def kind_name(kind: str) -> Sentence:
    words = {
        "building": say("building"),
        "entrance": say("entrance"),
        "floor": say("floor"),
        "street": say("street"),
        "lane": say("lane"),
    }
    return words.get(kind) or say("%(name)s", name=kind)
