"""Cells as people meant them: width, padding and invisible marks are how a spreadsheet spoke, not what it said."""

import re
import unicodedata
from textwrap import wrap

HAN = r"\u3400-\u9fff"
BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
SEPARATORS = re.compile(rf"[、,;/|\n]+|{BETWEEN_HAN.pattern}")


def plain(text: str) -> str:
    """NFKC, digits as 0 to 9, one space between words, no formatting marks (phones paste U+202D around numbers)."""
    normal = unicodedata.normalize("NFKC", text)
    seen = "".join(_visible(char) for char in normal)
    return " ".join(seen.split())


def person_name(text: str) -> str:
    """`王　芳` was padded to stand under 王小芳: within a Chinese name a space means nothing."""
    return BETWEEN_HAN.sub("", plain(text))


def several(text: str, *, longest: int = 120) -> tuple[str, ...]:
    """The things named in one cell, each once. A space parts Chinese words (木工 电工), not English (dog walking)."""
    things: dict[str, str] = {}
    for line in text.splitlines():
        for thing in SEPARATORS.split(plain(line)):
            for piece in wrap(thing.strip(), longest):
                things.setdefault(piece.casefold(), piece)
    return tuple(things.values())


def _visible(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Cf":
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    return " " if kind in ("Cc", "Zl", "Zp") else char
