"""What a feature puts on Home: lines that wait for a person, lines that are new nearby, one first step."""

from dataclasses import dataclass, field

from app.kit.words import Sentence


@dataclass(frozen=True)
class Line:
    """One row: a picture, what it is, a line below, a word at the end, and where it leads."""

    icon: str
    title: Sentence
    path: str
    below: Sentence | None = None
    chip: Sentence | None = None
    due: bool = False


@dataclass(frozen=True)
class Quote:
    """A neighbour's own words, and who said them of whom."""

    words: str
    lang: str
    by: Sentence
    path: str


@dataclass
class OnHome:
    """What one feature has to say to one person now: `on_home(by, now=…)` in its rules gives it."""

    pinned: list[Line] = field(default_factory=list)
    waits: list[Line] = field(default_factory=list)
    near: list[Line] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    first_step: Line | None = None
