"""What belongs to a thing: ticked off when it goes, and again when it comes."""

import json
from collections.abc import Collection

from app.features.sharing.rules.stages import Lent


def known_parts(ticked: Collection[str], found: Lent) -> str:
    """As they are kept: those of its check list, in its order."""
    return json.dumps([name for name in found.part_names if name in ticked], ensure_ascii=False)


def names_in(kept: str) -> list[str]:
    return [str(name) for name in json.loads(kept)]


def missing(parts_out: str, parts_back: str) -> list[str]:
    """What went along and did not come back."""
    back = set(names_in(parts_back))
    return [name for name in names_in(parts_out) if name not in back]


def in_words(names: Collection[str]) -> str:
    """As one value of a sentence."""
    return " · ".join(names)
