"""What the house hands the sender, since the doorbell knows none of those who stand above it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from app.features.notices.rules.topics import Topics
from app.features.notices.tables import By


class Address(Struct, frozen=True):
    """Where somebody can be reached outside the app; empty where there is nothing. `signs_in`: they use Kith."""

    person: int
    email: str
    phone: str
    signs_in: bool


Addresses = Callable[[Iterable[int]], Awaitable[Mapping[int, Address]]]


def as_it_is(path: str, person: int, topic: str, by: By, made_at: datetime) -> str:
    return path


@dataclass(frozen=True)
class Bell:
    """`roads` are those that this installation has set up; `base_url` is where its pages stand.

    `stop(person, topic, by)` is the address where somebody stops that topic on that road. `way(path, person,
    topic, by, made_at)` is the path that a message leads to instead of the notice's own; always the same for the same.
    """

    topics: Topics
    roads: frozenset[By]
    addresses: Addresses
    base_url: str
    stop: Callable[[int, str, By], str]
    way: Callable[[str, int, str, By, datetime], str] = as_it_is
