"""What may be reported, and what is done about it: each feature answers for its own kinds, app/house.py names them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from app.kit.words import Sentence


@dataclass(frozen=True)
class Reportable:
    """Something that a neighbour wrote, as whoever reports it sees it."""

    author: int
    words: str
    path: str


@dataclass(frozen=True)
class Matter:
    """A kind of thing that can be reported.

    `reportable(id, kind=…, by=…, now=…)` raises Missing for what the one who asks may not see. `take_away` and
    `give_back` (id, kind=…, now=…) join the transaction of the decision; a person's page has neither.
    """

    what: Sentence
    reportable: Callable[..., Awaitable[Reportable]]
    take_away: Callable[..., Awaitable[Any]] | None = None
    give_back: Callable[..., Awaitable[Any]] | None = None


Matters = dict[str, Matter]
