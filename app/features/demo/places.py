"""What a furnished place is made of. `estate.py` and `village.py` are two."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from app.features.alerts.tables import Category as About
from app.features.alerts.tables import Kind as Kinds
from app.features.alerts.tables import Level
from app.features.demo.events import Gathered
from app.features.demo.families import Family
from app.features.demo.homes import Homes
from app.features.demo.needs import Needs
from app.features.demo.rooms import Rooms
from app.features.demo.things import Things
from app.features.people.tables import Kind
from app.features.skills.tables import Category, Reach


@dataclass(frozen=True)
class Can:
    """A skill in its owner's words."""

    words: str
    category: Category
    details: str = ""
    times: str = ""
    emergency: bool = False
    reach: Reach = Reach.community


@dataclass(frozen=True)
class Who:
    """Somebody with a story. `steward_of` names an area; `signs_in` says as what the demo prints their sign-in."""

    name: str
    address: str
    can: tuple[Can, ...] = ()
    language: str = ""
    role: Kind | None = None
    steward_of: str = ""
    signs_in: str = ""
    need: str = ""


@dataclass(frozen=True)
class Asked:
    """An ask and how it went. Without `skill` it is a "who can…?" to everybody. Days are days ago."""

    by: str
    words: str
    days: float
    of: str = ""
    skill: str = ""
    category: Category = Category.other
    times: str = ""
    accepted: bool = False
    declined: str = ""
    proposed: str = ""
    done: bool = False
    thanks: str = ""

    @property
    def ago(self) -> timedelta:
        return timedelta(days=self.days)


@dataclass(frozen=True)
class Came:
    """Somebody who asked by the poster of that area and waits; `vouched_by` knows them."""

    name: str
    door: str
    area: str
    login: str
    days: float
    vouched_by: str = ""
    words: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Announced:
    """A notice on the board, by the administrator; `to` is a building, or empty for everybody. Days are days ago."""

    days: float
    titles: dict[str, str]
    words: dict[str, str]
    to: str = ""
    pinned_for: int = 0
    read_by: tuple[str, ...] = ()

    @property
    def ago(self) -> timedelta:
        return timedelta(days=self.days)


@dataclass(frozen=True)
class Complained:
    """A skill that is reported and, with `warned`, decided and disagreed with."""

    by: str
    of: str
    skill: str
    words: str
    warned: str = ""
    against: str = ""


@dataclass(frozen=True)
class Alarmed:
    """What was declared, by the coordinator; days are days ago. Without `ended` it is a draft to this day."""

    days: float
    kind: Kinds
    level: Level
    category: About
    headlines: dict[str, str]
    bodies: dict[str, str]
    update: tuple[dict[str, str], dict[str, str]] | None = None
    ended: bool = True
    mends: tuple[str, ...] = ()

    @property
    def ago(self) -> timedelta:
        return timedelta(days=self.days)


@dataclass(frozen=True)
class Place:
    name: str
    languages: tuple[str, ...]
    zone: str
    region: str
    area_kinds: tuple[str, ...]
    basis: str
    roster: Callable[["Place", int], bytes]
    who: tuple[Who, ...]
    asked: tuple[Asked, ...] = field(default=())
    homes: Homes = field(default=Homes())
    family: Family | None = None
    came: tuple[Came, ...] = field(default=())
    announced: tuple[Announced, ...] = field(default=())
    complained: tuple[Complained, ...] = field(default=())
    needs: Needs = field(default=Needs())
    alarmed: tuple[Alarmed, ...] = field(default=())
    rooms: Rooms = field(default=Rooms())
    events: tuple[Gathered, ...] = field(default=())
    things: Things = field(default=Things())
    lifelines: tuple[tuple[dict[str, str], str], ...] = field(default=())  # titles, and a number where there is one


def listed(words: str, separator: str | None = None) -> list[str]:
    """Long lists of short words read better as a line."""
    return words.split(separator)
