"""What the house hands the sender, since the doorbell knows none of those who stand above it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from app.features.notices.rules.topics import Topics
from app.features.notices.tables import By
from app.kit.words import Sentence


class Address(Struct, frozen=True):
    """Where somebody can be reached outside the app; empty where there is nothing. `signs_in`: they use Kith."""

    person: int
    email: str
    phone: str
    signs_in: bool


class Press(Struct, frozen=True):
    """A deed that a phone does from its notification: what the button says, the form's address, what is said after."""

    words: Sentence
    path: str
    done: Sentence


Addresses = Callable[[Iterable[int]], Awaitable[Mapping[int, Address]]]


def as_it_is(path: str, person: int, topic: str, by: By, made_at: datetime) -> str:
    return path


def nothing_to_press(key: str) -> Press | None:
    return None


@dataclass(frozen=True)
class Bell:
    """`roads` are those that this installation has set up; `base_url` is where its pages stand.

    `stop(person, topic, by)` is the address where somebody stops that topic on that road. `way(path, person,
    topic, by, made_at)` is the path that a message leads to instead of the notice's own; always the same for the same.
    `press(key)` is what whoever is told under that key can do without opening anything.
    """

    topics: Topics
    roads: frozenset[By]
    addresses: Addresses
    base_url: str
    stop: Callable[[int, str, By], str]
    way: Callable[[str, int, str, By, datetime], str] = as_it_is
    press: Callable[[str], Press | None] = nothing_to_press
