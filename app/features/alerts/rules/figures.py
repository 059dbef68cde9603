"""What an alert came to, in numbers, door by door: they outlive the rows from which they were counted.

While its personal data are there the numbers are exact. What stays after them, and what is read outside, is `blurred`:
every number is rounded down to a multiple of five, so that no difference of two of them says anything about fewer.
"""

from collections.abc import Iterable
from datetime import datetime
from statistics import median

from msgspec import Struct, structs

from app.features.community import rules as community
from app.features.notices.tables import By
from app.kit.words import Sentence

FEW = 5
SHARES = (50, 90, 99)
Curve = list[tuple[int, int]]  # (minute after the sending, how many by then), only where it rises


class Way(Struct):
    """People on one road of the doorbell."""

    by: By
    targeted: int
    accepted: int
    failed: int


class InArea(Struct):
    """The doors of an area and everything inside it. `answered_in`: minutes until each share had answered."""

    id: int
    parent: int | None
    kind: str
    name: str
    homes: int
    reached: int
    answered: int
    answered_in: list[int | None]

    @property
    def label(self) -> Sentence:
        return community.label(self.kind, self.name)


class Step(Struct):
    """Those who were silent were asked again: "again:5", "others", "hand:…"."""

    name: str
    at: datetime
    people: int


class Helped(Struct):
    """Needs that came of it; in how many minutes they were taken, and done, by the median."""

    needs: int = 0
    knocks: int = 0
    taken: int = 0
    done: int = 0
    taken_in: int | None = None
    done_in: int | None = None


class Figures(Struct):
    """`states` are doors by how they stood in the end: help, silent, part, safe, away."""

    homes: int
    people: int
    minutes: int
    reached: Curve
    answered: Curve
    states: dict[str, int]
    roads: list[Way]
    areas: list[InArea]
    steps: list[Step]
    needs: Helped
    blurred: bool = False

    def times(self, name: str) -> list[int | None]:
        """Minutes until 50, 90 and 99 % of all doors were reached, or had answered; None: never."""
        return times_to(getattr(self, name), self.homes)

    def by(self, name: str, minute: int) -> int:
        return max((n for at, n in getattr(self, name) if at <= minute), default=0)

    def in_the_end(self, name: str) -> int:
        curve = getattr(self, name)
        return int(curve[-1][1]) if curve else 0

    def per_cent(self, name: str) -> int:
        return 100 * self.in_the_end(name) // self.homes if self.homes else 0


def curve_of(minutes: Iterable[int]) -> Curve:
    found: Curve = []
    for count, minute in enumerate(sorted(minutes), start=1):
        if found and found[-1][0] == minute:
            found.pop()
        found.append((minute, count))
    return found


def times_to(curve: Curve, whole: int) -> list[int | None]:
    return [next((at for at, n in curve if whole and 100 * n >= share * whole), None) for share in SHARES]


def middle(minutes: Iterable[int]) -> int | None:
    known = list(minutes)
    return round(median(known)) if known else None


def blurred(figures: Figures) -> Figures:
    """In fives, rounded down. An area with fewer than five doors is not there, nor a time that few would give away."""
    if figures.blurred:
        return figures
    needs = figures.needs
    return structs.replace(
        figures,
        homes=fives(figures.homes),
        people=fives(figures.people),
        reached=_coarse(figures.reached),
        answered=_coarse(figures.answered),
        states={name: fives(n) for name, n in figures.states.items()},
        roads=[Way(each.by, *map(fives, (each.targeted, each.accepted, each.failed))) for each in figures.roads],
        areas=[_blurred_area(each) for each in figures.areas if each.homes >= FEW],
        steps=[structs.replace(each, people=fives(each.people)) for each in figures.steps],
        needs=Helped(
            needs=fives(needs.needs),
            knocks=fives(needs.knocks),
            taken=fives(needs.taken),
            done=fives(needs.done),
            taken_in=needs.taken_in if needs.taken >= FEW else None,
            done_in=needs.done_in if needs.done >= FEW else None,
        ),
        blurred=True,
    )


def fives(n: int) -> int:
    return n - n % FEW


def _blurred_area(each: InArea) -> InArea:
    homes, reached, answered = (fives(n) for n in (each.homes, each.reached, each.answered))
    return structs.replace(each, homes=homes, reached=reached, answered=answered, answered_in=[])


def _coarse(curve: Curve) -> Curve:
    """A point only where five more have come since the last."""
    found: Curve = []
    for at, n in curve:
        if fives(n) > (found[-1][1] if found else 0):
            found.append((at, fives(n)))
    return found
