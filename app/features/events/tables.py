from enum import StrEnum

from piccolo.columns import JSON, Boolean, Date, ForeignKey, Integer, Serial, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.community.tables import Area
from app.features.people.tables import Person
from app.features.spaces.tables import Booking, Space


class Kind(StrEnum):
    reading = "reading"
    salon = "salon"
    market = "market"
    exercise = "exercise"
    orientation = "orientation"
    other = "other"


class Stage(StrEnum):
    """`fell`: its room was taken from it. It stands again when the room comes back, or when a host finds another."""

    planned = "planned"
    fell = "fell"
    cancelled = "cancelled"


class Said(StrEnum):
    """`door`: stands at the door without having said anything before."""

    yes = "yes"
    maybe = "maybe"
    no = "no"
    door = "door"


class Again(StrEnum):
    """Would they come again?"""

    yes = "yes"
    perhaps = "perhaps"
    no = "no"


class Event(Table, tablename="events"):
    """A gathering: in a space, with a booking of its own, or elsewhere, with words for the place.

    `titles`, `words` and `place` are by language. `capacity` are the places, `guests` how many one may bring along.
    Without `area` and `role` it is for all neighbours. `public` was ticked for those who are not signed in.
    `capability` goes to whoever was there, for so many days. `series` joins the dates of one form; `sequence` counts
    what those who come have to be told, `told_at` is when that was last. `taken` was decided by officers and is given
    back by them alone.
    """

    id: Serial
    kind = Varchar(length=12, default=Kind.other)
    titles = JSON(null=False, default="{}")
    words = JSON(null=False, default="{}")
    place = JSON(null=False, default="{}")
    space = ForeignKey(Space, null=True, on_delete=OnDelete.set_null, index=True)
    booking = ForeignKey(Booking, null=True, on_delete=OnDelete.set_null, index=True)
    by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null, index=True)
    area = ForeignKey(Area, null=True, on_delete=OnDelete.restrict)
    role = Varchar(length=20)
    public = Boolean(default=False)
    begins_at = Timestamptz(null=False)
    ends_at = Timestamptz(null=False, index=True)
    capacity = SmallInt(default=20)
    guests = SmallInt(default=0)
    capability = Varchar(length=40)
    valid_days = SmallInt(default=365)
    series = Integer(null=True, default=None, index=True)
    stage = Varchar(length=12, default=Stage.planned)
    reason = Varchar(length=300)
    sequence = SmallInt(default=0)
    taken = Boolean(default=False)
    made_at = Timestamptz(null=False)
    changed_at = Timestamptz(null=True, default=None)
    reminded_at = Timestamptz(null=True, default=None)
    asked_at = Timestamptz(null=True, default=None)
    told_at = Timestamptz(null=True, default=None)


class Host(Table, tablename="event_hosts"):
    """Who answers for an event: whoever made it, and whom they asked along. An index keeps each once."""

    id: Serial
    event = ForeignKey(Event, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)


class EventAnswer(Table, tablename="event_answers"):
    """Who comes, perhaps or not, with how many guests. Without a person: somebody who walked in and gave no name.

    `shown`: neighbours may see that they come. `capability` is what being there gave them, `had_until` the last day of
    what it renewed. An index keeps one answer for each person.
    """

    id: Serial
    event = ForeignKey(Event, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=True, on_delete=OnDelete.cascade, index=True)
    acted_by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    said = Varchar(length=8, default=Said.yes)
    guests = SmallInt(default=0)
    shown = Boolean(default=False)
    at = Timestamptz(null=False)
    came_at = Timestamptz(null=True, default=None)
    capability = Integer(null=True, default=None)
    had_until = Date(null=True, default=None)


class EventNeed(Table, tablename="event_needs"):
    """What somebody who comes needs: for the hosts alone, and deleted some days after. One row an answer."""

    id: Serial
    answer = ForeignKey(EventAnswer, null=False, on_delete=OnDelete.cascade, unique=True)
    diet = Varchar(length=200)
    access = Varchar(length=200)
    care = Varchar(length=200)
    until_at = Timestamptz(null=False, index=True)


class Part(Table, tablename="event_parts"):
    """Something that somebody has to do: two bring tea, one leads."""

    id: Serial
    event = ForeignKey(Event, null=False, on_delete=OnDelete.cascade, index=True)
    names = JSON(null=False, default="{}")
    wanted = SmallInt(default=1)


class Hand(Table, tablename="event_hands"):
    """Somebody took a part. An index keeps each once; a slot keeps that there are not too many."""

    id: Serial
    part = ForeignKey(Part, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    at = Timestamptz(null=False)


class Feedback(Table, tablename="event_feedback"):
    """What somebody who was there says afterwards, to the hosts, who never learn who said what."""

    id: Serial
    event = ForeignKey(Event, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    again = Varchar(length=8, default=Again.yes)
    words = Varchar(length=600)
    at = Timestamptz(null=False)
