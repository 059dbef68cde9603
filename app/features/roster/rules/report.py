"""What an import did, or would do: row by row for people, as numbers for programs."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.features.roster.rules.reading import Resident
from app.kit.words import Sentence, say


class What(StrEnum):
    made = "made"
    merged = "merged"
    unchanged = "unchanged"
    refused = "refused"
    blank = "blank"


WORDS = {
    What.made: say("new"),
    What.merged: say("merged"),
    What.unchanged: say("unchanged"),
    What.refused: say("refused"),
    What.blank: say("blank"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row, and why where that is not plain."""

    number: int
    what: What
    row: Resident | None = None
    why: tuple[Sentence, ...] = ()
    moved: bool = False

    @property
    def needs_an_eye(self) -> bool:
        return self.what == What.refused or bool(self.row and self.row.phone.note)


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody whom an earlier list brought and this one, the whole list, no longer has."""

    person: int
    name: str
    doors: tuple[str, ...]
    signs_in: bool


@dataclass
class Report:
    """`gone` is known only where the file is the whole list."""

    outcomes: list[Outcome] = field(default_factory=list)
    dry_run: bool = False
    gone: list[Gone] = field(default_factory=list)
    whole: bool = False
    import_id: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """`rows` is the sum of the others."""
        counted = Counter(outcome.what for outcome in self.outcomes)
        return {"rows": len(self.outcomes), **{str(what): counted[what] for what in What}}

    @property
    def moved(self) -> int:
        """How many people; their rows are among the merged."""
        return sum(outcome.moved for outcome in self.outcomes)

    @property
    def phone_notes(self) -> int:
        """Rows whose phone cannot be right."""
        return sum(bool(outcome.row and outcome.row.phone.note) for outcome in self.outcomes)

    def as_json(self, speak: Callable[[Sentence], str] = str) -> dict[str, Any]:
        refusals = [
            {"row": outcome.number, "reason": " ".join(map(speak, outcome.why))}
            for outcome in self.outcomes
            if outcome.what == What.refused
        ]
        whole = {"moved": self.moved, "gone": len(self.gone)} if self.whole else {}
        return {**self.counts, **whole, "phone_notes": self.phone_notes, "refusals": refusals}

    def line(self, outcome: Outcome, speak: Callable[[Sentence], str] = str) -> str:
        """The row's number in the spreadsheet, what becomes of it, what was read, why."""
        words = [str(outcome.number), speak(WORDS[outcome.what])]
        if row := outcome.row:
            words += [f"{row.address.label} {row.name}", row.phone.number, ", ".join(row.skills + row.needs)]
        return "  ".join(word for word in [*words, *map(speak, outcome.why)] if word)
