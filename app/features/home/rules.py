"""Home: what waits for me, what is new near me, and one first step for a newcomer. Each feature brings its own."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.features.people.rules import Neighbour
from app.kit.words import Sentence


@dataclass(frozen=True)
class Line:
    """One row of Home: a picture, what it is, a line below, a word at the end, and where it leads."""

    icon: str
    title: Sentence
    below: Sentence | None
    path: str
    chip: Sentence | None = None
    due: bool = False


@dataclass
class OnHome:
    """What one feature has to say to this person now."""

    waits: list[Line] = field(default_factory=list)
    near: list[Line] = field(default_factory=list)
    first_step: Line | None = None


Bring = Callable[..., Awaitable[OnHome]]
WAITS, NEAR = 8, 6


async def on_home(by: Neighbour, bringers: Sequence[Bring], *, now: datetime) -> OnHome:
    """All features together; the first feature with a first step for this person gives it."""
    brought = [await bring(by, now=now) for bring in bringers]
    return OnHome(
        waits=[line for each in brought for line in each.waits][:WAITS],
        near=[line for each in brought for line in each.near][:NEAR],
        first_step=next((each.first_step for each in brought if each.first_step), None),
    )
