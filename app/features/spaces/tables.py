from enum import StrEnum

from piccolo.columns import JSON, Boolean, Date, ForeignKey, Integer, Serial, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.community.tables import Area
from app.features.people.tables import Household, Person
from app.features.skills.tables import Ask


class Policy(StrEnum):
    """Who says yes. `trusted`: at once for those with a role here or the capability, and for what is short and small;
    a manager for the rest."""

    at_once = "at_once"
    trusted = "trusted"
    approval = "approval"


class Steps(StrEnum):
    """How one gets in on wheels: no step, steps where somebody helps, stairs."""

    none = "none"
    help = "help"
    stairs = "stairs"


class WayIn(StrEnum):
    """How one gets in: it is open, somebody has the key, or a code that each booking is given."""

    open = "open"
    key = "key"
    code = "code"


class Stage(StrEnum):
    """Where a booking stands. What is pending or approved holds its time; all others have let go of it."""

    pending = "pending"
    approved = "approved"
    refused = "refused"
    cancelled = "cancelled"
    expired = "expired"
    unused = "unused"


class Did(StrEnum):
    """What happened to a booking; nobody did `expired`, `nudged`, `passed_on`, `reminded`, `unused`: time did."""

    asked = "asked"
    at_once = "at_once"
    approved = "approved"
    refused = "refused"
    cancelled = "cancelled"
    restored = "restored"
    moved = "moved"
    expired = "expired"
    nudged = "nudged"
    passed_on = "passed_on"
    reminded = "reminded"
    came = "came"
    unused = "unused"
    blocked = "blocked"
    question = "question"
    answer = "answer"
    undone = "undone"
    asked_again = "asked_again"
    confirmed = "confirmed"
    released = "released"
    rezoned = "rezoned"


class Space(Table, tablename="spaces"):
    """A shared room. Lengths are minutes and whole steps; `gap` minutes after a booking are nobody's.

    `names`, `about`, `place` (where it is found) and `price` (price and deposit, in words) are by language. `ahead` is
    how many days before one may book, `weekly` how often a household may in one week (0: as it likes). `short` minutes
    and `few` people are what `trusted` lets in without a manager. A request that waits lets go after `hold_hours`; who
    has not come `release` minutes after it began lets go too (0: nobody is asked to say that they came).
    `public` was ticked for the feed that anybody reads.
    """

    id: Serial
    slug = Varchar(length=40, unique=True)
    area = ForeignKey(Area, null=True, on_delete=OnDelete.restrict, index=True)
    names = JSON(null=False, default="{}")
    about = JSON(null=False, default="{}")
    place = JSON(null=False, default="{}")
    price = JSON(null=False, default="{}")
    capacity = SmallInt(default=1)
    steps = Varchar(length=12, default=Steps.none)
    policy = Varchar(length=12, default=Policy.approval)
    capability = Varchar(length=40)
    short = SmallInt(default=0)
    few = SmallInt(default=0)
    step = SmallInt(default=30)
    shortest = SmallInt(default=30)
    longest = SmallInt(default=240)
    ahead = SmallInt(default=60)
    weekly = SmallInt(default=0)
    gap = SmallInt(default=0)
    hold_hours = SmallInt(default=72)
    release = SmallInt(default=0)
    way_in = Varchar(length=12, default=WayIn.open)
    key_holder = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    public = Boolean(default=False)
    sort = SmallInt(default=0)
    made_at = Timestamptz(null=False)
    closed_at = Timestamptz(null=True, default=None)


class SpaceRules(Table, tablename="space_rules"):
    """The house rules of a space in one version; whoever books agrees to the newest, and the booking says to which."""

    id: Serial
    space = ForeignKey(Space, null=False, on_delete=OnDelete.cascade)
    version = SmallInt()
    words = JSON(null=False, default="{}")
    by = Integer(null=False)
    at = Timestamptz(null=False)


class Opening(Table, tablename="space_openings"):
    """Open on a weekday (0 is Monday) from one minute of the local day to another. Several a day, never overlapping."""

    id: Serial
    space = ForeignKey(Space, null=False, on_delete=OnDelete.cascade, index=True)
    weekday = SmallInt()
    opens = SmallInt()
    closes = SmallInt()


class OpeningDay(Table, tablename="space_opening_days"):
    """A day that is not like its weekday: closed, or (from and to) open at other hours. One a day."""

    id: Serial
    space = ForeignKey(Space, null=False, on_delete=OnDelete.cascade)
    day = Date(null=False)
    opens = SmallInt(null=True, default=None)
    closes = SmallInt(null=True, default=None)
    words = JSON(null=False, default="{}")


class Equipment(Table, tablename="space_equipment"):
    """What can be asked for with a room: a projector, twenty chairs. Without a space it goes to any of them."""

    id: Serial
    space = ForeignKey(Space, null=True, on_delete=OnDelete.cascade, index=True)
    names = JSON(null=False, default="{}")
    units = SmallInt(default=1)
    keeper = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    closed_at = Timestamptz(null=True, default=None)


class Booking(Table, tablename="bookings"):
    """A room for some people for some time. `acted_by` typed it for `person`, `household` is whose week it counts in.

    `begins_at` and `ends_at` are UTC; what was meant is the wall clock of the community. `open_to_all`: neighbours may
    come and read what it is for. `version` is that of the house rules agreed to. `sequence` counts what calendars have
    to be told (RFC 5545, 3.8.7.4); `nudged` how often those who could say yes were. `blocked_by` is the block-out that
    cancelled it, and `before` where it stood then. `series` is the repeat it belongs to, `due_on` the day of the rule
    that it stands for, and `apart` says that it was changed by itself and goes its own way.
    """

    id: Serial
    space = ForeignKey(Space, null=False, on_delete=OnDelete.restrict)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    acted_by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    household = ForeignKey(Household, null=True, on_delete=OnDelete.set_null)
    begins_at = Timestamptz(null=False)
    ends_at = Timestamptz(null=False)
    people = SmallInt(default=1)
    purpose = Varchar(length=200)
    open_to_all = Boolean(default=False)
    version = SmallInt(default=0)
    stage = Varchar(length=12, default=Stage.pending)
    asked_at = Timestamptz(null=False)
    stage_at = Timestamptz(null=False)
    decided_by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    reason = Varchar(length=300)
    sequence = SmallInt(default=0)
    nudged = SmallInt(default=0)
    reminded_at = Timestamptz(null=True, default=None)
    came_at = Timestamptz(null=True, default=None)
    blocked_by = Integer(null=True, default=None, index=True)
    before = Varchar(length=12)
    series = Integer(null=True, default=None)
    due_on = Date(null=True, default=None)
    apart = Boolean(default=False)


class BookedEquipment(Table, tablename="booked_equipment"):
    """So many units of it go with a booking."""

    id: Serial
    booking = ForeignKey(Booking, null=False, on_delete=OnDelete.cascade, index=True)
    equipment = ForeignKey(Equipment, null=False, on_delete=OnDelete.restrict)
    units = SmallInt(default=1)


class BookedHelp(Table, tablename="booked_help"):
    """A neighbour was asked to help along with a room: the ask is theirs and the skills' own."""

    id: Serial
    booking = ForeignKey(Booking, null=False, on_delete=OnDelete.cascade, index=True)
    ask = ForeignKey(Ask, null=False, on_delete=OnDelete.cascade, unique=True)


class BookingStep(Table, tablename="booking_steps"):
    """One thing that happened to a booking. Only added to; each was told once to whom it concerns."""

    id: Serial
    booking = ForeignKey(Booking, null=False, on_delete=OnDelete.cascade, index=True)
    at = Timestamptz(null=False)
    by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    did = Varchar(length=12)
    words = Varchar(length=300)


class DoorCode(Table, tablename="door_codes"):
    """What opens the door for one booking. Shown from two hours before until its end, and deleted then."""

    id: Serial
    booking = ForeignKey(Booking, null=False, on_delete=OnDelete.cascade, unique=True)
    code = Varchar(length=40)
    until_at = Timestamptz(null=False, index=True)


class BlockOut(Table, tablename="space_block_outs"):
    """A space is out of use for a time: repairs, or a coordinator took it. It holds its slots like a booking.

    `origin` is a word of whoever took it ("alert:7"); here nobody knows what that is.
    """

    id: Serial
    space = ForeignKey(Space, null=False, on_delete=OnDelete.cascade, index=True)
    begins_at = Timestamptz(null=False)
    ends_at = Timestamptz(null=False)
    reason = JSON(null=False, default="{}")
    by = Integer(null=False)
    at = Timestamptz(null=False)
    ended_at = Timestamptz(null=True, default=None)
    origin = Varchar(length=40)
