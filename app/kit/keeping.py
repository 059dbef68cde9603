"""How long what is kept: one list, from which the notice at /privacy is written, the purge job works, and a test reads.

Each feature names what it keeps in `KEPT`, in its rules; app/house.py puts the lists together.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kit.words import Sentence

Purge = Callable[[datetime], Awaitable[object]]


@dataclass(frozen=True)
class Keeping:
    """What is kept, what for, and how long: words for people, a span and a purge for the clockwork.

    `tables` are the names of the database's tables in which it stands. Without `lasts` it stays as long as its person
    is a member here, and goes with `forget`; where there is a `purge` all the same, it goes when what it is for has
    ended. `personal=False` for what names nobody. `stays` says what an erasure leaves of it, where it leaves anything;
    `since` from when the span is counted, where it is not from the first day.
    """

    what: Sentence
    why: Sentence
    tables: tuple[str, ...]
    lasts: timedelta | None = None
    purge: Purge | None = None
    personal: bool = True
    stays: Sentence | None = None
    since: Sentence | None = None
