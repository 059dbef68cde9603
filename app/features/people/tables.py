from enum import StrEnum

from piccolo.columns import JSON, Boolean, Date, ForeignKey, Integer, Serial, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.community.tables import Area


class State(StrEnum):
    pending = "pending"
    active = "active"
    suspended = "suspended"
    leaving = "leaving"
    gone = "gone"


class Kind(StrEnum):
    """Kinds of role. Every active person is a resident without a row."""

    steward = "steward"
    space_manager = "space_manager"
    coordinator = "coordinator"
    administrator = "administrator"


class Audience(StrEnum):
    """Four rings around a person or a household, each with all that stands inside it: the innermost first."""

    me = "me"
    stewards = "stewards"
    building = "building"
    community = "community"


class Person(Table, tablename="people"):
    """A neighbour, with or without a sign-in. Phone and e-mail are for those who were given them, one ask at a time.

    `reason` is why somebody is suspended, in the words they were told. A child under 14 has a guardian, until
    `of_age_on`; from that day on the guardian has no say any more.
    """

    id: Serial
    name = Varchar(length=80)
    language = Varchar(length=12)
    state = Varchar(length=12, default=State.active)
    reason = Varchar(length=400)
    phone = Varchar(length=20, index=True)
    email = Varchar(length=200)
    photo = Varchar(length=43)
    look = Varchar(length=8, default="auto")
    large_text = Boolean(default=False)
    made_at = Timestamptz(null=False)
    edited_at = Timestamptz(null=True, default=None)
    guardian: ForeignKey = ForeignKey("self", null=True, on_delete=OnDelete.set_null, index=True)
    of_age_on = Date(null=True, default=None)


class Household(Table, tablename="households"):
    """Who share a door. `address` is what neighbours say, 3-2-501, and names one household only."""

    id: Serial
    area = ForeignKey(Area, null=False, on_delete=OnDelete.restrict, index=True)
    door = Varchar(length=40)
    address = Varchar(length=120, unique=True)


class Membership(Table, tablename="memberships"):
    """A person belongs to a household, open-ended or until a day; may belong to two."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    household = ForeignKey(Household, null=False, on_delete=OnDelete.restrict, index=True)
    since_on = Date(null=False)
    until_on = Date(null=True, default=None)
    may_answer_for = Boolean(default=False)


class Role(Table, tablename="roles"):
    """What somebody may do here, for an area or (no area) for the whole community, until it was ended.

    A stand-in has a row like any other, which names the role it stands in for and counts from `since_at` to `until_at`
    only. All other rows leave the three empty.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    kind = Varchar(length=20)
    area = ForeignKey(Area, null=True, on_delete=OnDelete.restrict)
    given_by = Integer(null=True, default=None)
    given_at = Timestamptz(null=False)
    ended_at = Timestamptz(null=True, default=None)
    stands_in_for: ForeignKey = ForeignKey("self", null=True, on_delete=OnDelete.cascade)
    since_at = Timestamptz(null=True, default=None)
    until_at = Timestamptz(null=True, default=None)


class Capability(Table, tablename="capabilities"):
    """Something a person was shown or tested in; items, rooms and needs ask for it. Ends on a day."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    kind = Varchar(length=40)
    granted_by = Integer(null=True, default=None)
    granted_at = Timestamptz(null=False)
    until_on = Date(null=True, default=None)


class Consent(Table, tablename="consents"):
    """What a person agreed to, for one purpose and in one version of its words; a guardian may have said it for them.

    Withdrawn ones stay, so that it can be shown what was agreed to when. One stands for a purpose at a time.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    purpose = Varchar(length=40)
    version = Varchar(length=20)
    given_by = Integer(null=True, default=None)
    given_at = Timestamptz(null=False)
    withdrawn_at = Timestamptz(null=True, default=None)


class FieldAudience(Table, tablename="audiences"):
    """Who may read a field, as its person or its household chose; without a row the code's own answer holds.

    One of the two is set. One row for each field of each.
    """

    id: Serial
    person = ForeignKey(Person, null=True, on_delete=OnDelete.cascade)
    household = ForeignKey(Household, null=True, on_delete=OnDelete.cascade)
    field = Varchar(length=40)
    audience = Varchar(length=12)


class Departure(Table, tablename="departures"):
    """Somebody leaves, or has moved away: what is kept about them is erased at `erase_at`, unless they stay after all.

    `before` and `memberships` bring back what they had; `reason` is what they, or who asked for them, wished to say.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, unique=True)
    asked_by = Integer(null=True, default=None)
    asked_at = Timestamptz(null=False)
    erase_at = Timestamptz(null=False, index=True)
    before = Varchar(length=12)
    reason = Varchar(length=400)
    memberships = JSON(null=False, default="[]")


class Absence(Table, tablename="absences"):
    """Whoever holds a role is away from one moment to another. One a role, running or to come; "I am back" ends it."""

    id: Serial
    role = ForeignKey(Role, null=False, on_delete=OnDelete.cascade)
    since_at = Timestamptz(null=False)
    until_at = Timestamptz(null=False)
    noted_by = Integer(null=False)
    noted_at = Timestamptz(null=False)
    ended_at = Timestamptz(null=True, default=None)


class Deputy(Table, tablename="deputies"):
    """Who takes over when the holder of a role is away, and said yes to it. No power by itself. One a role."""

    id: Serial
    role = ForeignKey(Role, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    named_by = Integer(null=False)
    since_at = Timestamptz(null=False)
    ended_at = Timestamptz(null=True, default=None)


class Task(StrEnum):
    """What somebody is asked to take on: a role itself, to be its deputy, to stand in during one absence."""

    handover = "handover"
    deputy = "deputy"
    cover = "cover"


class Answer(StrEnum):
    yes = "yes"
    no = "no"
    withdrawn = "withdrawn"
    over = "over"


class Proposal(Table, tablename="proposals"):
    """Somebody is asked to take something on, and answers. One open question of each kind a role.

    `done` are the points of the handover's check list that are ticked.
    """

    id: Serial
    role = ForeignKey(Role, null=False, on_delete=OnDelete.cascade)
    task = Varchar(length=12)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    absence = ForeignKey(Absence, null=True, on_delete=OnDelete.cascade)
    done = JSON(null=False, default="[]")
    made_by = Integer(null=False)
    made_at = Timestamptz(null=False)
    until_at = Timestamptz(null=False)
    answer = Varchar(length=12)
    answered_at = Timestamptz(null=True, default=None)
