"""What a list of things did, or would do: row by row for people, as numbers for programs."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.features.roster.rules.report import WORDS, What
from app.features.sharing.rules.list_rows import Row
from app.kit.words import Sentence


@dataclass(frozen=True)
class Outcome:
    row: Row
    what: What
    why: tuple[Sentence, ...] = ()


@dataclass
class ListReport:
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """`rows` is the sum of the others."""
        counted = Counter(outcome.what for outcome in self.outcomes)
        return {"rows": len(self.outcomes), **{str(what): counted[what] for what in What}}

    def of(self, *what: What) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.what in what]

    def as_json(self, speak: Callable[[Sentence], str] = str) -> dict[str, Any]:
        refused = self.of(What.refused)
        why = [{"row": each.row.number, "reason": " ".join(map(speak, each.why))} for each in refused]
        return {**self.counts, "refusals": why}

    def line(self, outcome: Outcome, speak: Callable[[Sentence], str] = str) -> str:
        """The row's number in the spreadsheet, what becomes of it, what was read, why."""
        words = [str(outcome.row.number), speak(WORDS[outcome.what]), outcome.row.name, *map(speak, outcome.why)]
        return "  ".join(word for word in words if word)
