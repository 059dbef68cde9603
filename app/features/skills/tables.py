from enum import StrEnum

from piccolo.columns import Boolean, Date, ForeignKey, Serial, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.people.tables import Person


class Offered(StrEnum):
    offered = "offered"
    paused = "paused"
    withdrawn = "withdrawn"


class Reach(StrEnum):
    """How far somebody goes to help."""

    building = "building"
    community = "community"
    remote = "remote"


class Stage(StrEnum):
    """Where an ask stands."""

    open = "open"
    proposed = "proposed"
    accepted = "accepted"
    declined = "declined"
    withdrawn = "withdrawn"
    expired = "expired"
    done = "done"


class Skill(Table, tablename="skills"):
    """What a neighbour offers to do, in their own words."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    category = Varchar(length=20)
    words = Varchar(length=120)
    details = Varchar(length=600)
    lang = Varchar(length=12)
    times = Varchar(length=120)
    reach = Varchar(length=12, default=Reach.community)
    emergency = Boolean(default=False)
    state = Varchar(length=12, default=Offered.offered)
    from_roster = Boolean(default=False)
    made_at = Timestamptz(null=False)
    edited_at = Timestamptz(null=True, default=None)


class Ask(Table, tablename="asks"):
    """A request for a skill: to the neighbour who offers it, or (no skill) to whoever can."""

    id: Serial
    asker = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    acted_by = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    skill = ForeignKey(Skill, null=True, on_delete=OnDelete.cascade)
    helper = ForeignKey(Person, null=True, on_delete=OnDelete.cascade, index=True)
    category = Varchar(length=20)
    words = Varchar(length=600)
    lang = Varchar(length=12)
    times = Varchar(length=120)
    on_day = Date(null=True, default=None)
    proposed = Varchar(length=200)
    reason = Varchar(length=200)
    stage = Varchar(length=12, default=Stage.open)
    asked_at = Timestamptz(null=False)
    settled_at = Timestamptz(null=True, default=None)


class Acceptance(Table, tablename="acceptances"):
    """A neighbour said yes. One open acceptance an ask; contact is shown to both until 24 h after it ended."""

    id: Serial
    ask = ForeignKey(Ask, null=False, on_delete=OnDelete.cascade)
    helper = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    accepted_at = Timestamptz(null=False)
    ended_at = Timestamptz(null=True, default=None)
    contact_until = Timestamptz(null=True, default=None)
    asker_prolongs = Boolean(default=False)
    helper_prolongs = Boolean(default=False)


class Thanks(Table, tablename="thanks"):
    """A short public word after help was given. No points, no ranking."""

    id: Serial
    ask = ForeignKey(Ask, null=False, on_delete=OnDelete.cascade, unique=True)
    giver = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    helper = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    words = Varchar(length=200)
    lang = Varchar(length=12)
    at = Timestamptz(null=False, index=True)

