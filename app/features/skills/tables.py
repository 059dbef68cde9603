from enum import StrEnum

from piccolo.columns import JSON, Boolean, Date, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.people.tables import Person


class Offered(StrEnum):
    offered = "offered"
    paused = "paused"
    withdrawn = "withdrawn"
    taken = "taken"  # by officers, who alone give it back


class Category(StrEnum):
    """What a skill is about; rules/categories.py says it in words."""

    repairs = "repairs"
    hands = "hands"
    health = "health"
    care = "care"
    teaching = "teaching"
    languages = "languages"
    digital = "digital"
    paperwork = "paperwork"
    cooking = "cooking"
    transport = "transport"
    nature = "nature"
    arts = "arts"
    other = "other"


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


class Did(StrEnum):
    """What somebody did to an ask; time did `reminded`, `expired` and `closed`, officers `taken` and `returned`."""

    asked = "asked"
    accepted = "accepted"
    declined = "declined"
    proposed = "proposed"
    withdrew = "withdrew"
    called_off = "called_off"
    done = "done"
    prolonged = "prolonged"
    thanked = "thanked"
    reminded = "reminded"
    expired = "expired"
    closed = "closed"
    taken = "taken"
    returned = "returned"


class Skill(Table, tablename="skills"):
    """What a neighbour offers to do, in their own words. `before` is how it stands behind `taken`."""

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
    before = Varchar(length=12, default=Offered.offered)
    from_roster = Boolean(default=False)
    made_at = Timestamptz(null=False)
    edited_at = Timestamptz(null=True, default=None)


class Ask(Table, tablename="asks"):
    """A request for a skill: to the neighbour who offers it, or (no skill) to whoever can.

    `acted_by` is who typed it, mostly the asker. While it is open or proposed it ends by itself at `until_at`. What
    officers took away stands in `taken_words` until it is given back, and no longer where anybody reads.
    """

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
    proposed_by = Integer(null=True, default=None)
    stage = Varchar(length=12, default=Stage.open)
    asked_at = Timestamptz(null=False)
    until_at = Timestamptz(null=True, default=None)
    reminded_at = Timestamptz(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)
    taken_at = Timestamptz(null=True, default=None)
    taken_words = Text()


class Step(Table, tablename="ask_steps"):
    """One thing that happened to an ask. Only added to; the two sides read it as a timeline."""

    id: Serial
    ask = ForeignKey(Ask, null=False, on_delete=OnDelete.cascade, index=True)
    at = Timestamptz(null=False)
    by = ForeignKey(Person, null=True, on_delete=OnDelete.cascade, index=True)
    did = Varchar(length=12)
    words = Varchar(length=200)


class Called(Table, tablename="called"):
    """A neighbour whom "who can…?" rang because their skills match. Saying no is between them and us."""

    id: Serial
    ask = ForeignKey(Ask, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    at = Timestamptz(null=False)
    declined_at = Timestamptz(null=True, default=None)


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
    """A short public word after help was given. No points, no ranking. Officers may have taken it from sight."""

    id: Serial
    ask = ForeignKey(Ask, null=False, on_delete=OnDelete.cascade, unique=True)
    giver = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    helper = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    words = Varchar(length=200)
    lang = Varchar(length=12)
    at = Timestamptz(null=False, index=True)
    taken_at = Timestamptz(null=True, default=None)


class Card(Table, tablename="cards"):
    """A neighbour as the directory shows them: the skills they offer now. Made from `skills` by rules/listing.py."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, unique=True)
    skills = JSON(null=False, default="[]")


class Listing(Table, tablename="listings"):
    """Under what a neighbour stands in the directory: "" (all), a category, "!" (helps in an emergency), "!repairs".

    `building` is the largest area around their door. Made from `skills` by rules/listing.py.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    under = Varchar(length=24)
    building = Integer(null=True, default=None)
    area = Integer(null=True, default=None)
    newest_at = Timestamptz(null=False)
