"""What the kit itself keeps. A person is an integer here: the kit knows no features."""

from piccolo.columns import JSON, BigSerial, Integer, Serial, SmallInt, Timestamptz, Varchar
from piccolo.table import Table


class AuditRow(Table, tablename="audit"):
    """Who did what to whom, and which fields: never the values. The database refuses to change or delete a row."""

    id: Serial
    at = Timestamptz(null=False)
    who = Integer(null=True, default=None)
    did = Varchar(length=60)
    about = Varchar(length=60)
    concerns = Integer(null=True, default=None, index=True)
    fields = JSON(null=False, default="[]")


class Deed(Table, tablename="deeds"):
    """A form that was sent once: the same form again gets the same answer. One row per (person, key)."""

    id: Serial
    person = Integer(null=False)
    key = Varchar(length=64)
    form = Varchar(length=64)
    status = Integer(null=True, default=None)
    location = Varchar(length=400)
    at = Timestamptz(null=False, index=True)


class Later(Table, tablename="later"):
    """Something to do at a moment, once per key; a lease that ends gives it back."""

    id: Serial
    job = Varchar(length=60)
    args = JSON(null=False, default="{}")
    key = Varchar(length=120, unique=True)
    run_at = Timestamptz(null=False)
    leased_until = Timestamptz(null=True, default=None)
    tries = Integer(default=0)
    done_at = Timestamptz(null=True, default=None)
    trouble = Varchar(length=400)


class Change(Table, tablename="changes"):
    """'Look again': something on this channel is no longer what you saw. Kept for minutes."""

    id: Serial
    channel = Varchar(length=80)
    at = Timestamptz(null=False, index=True)


class Tally(Table, tablename="tallies"):
    """How often something was tried since a moment: the counters behind every limit. One row per (key, since)."""

    id: Serial
    key = Varchar(length=120)
    since = Timestamptz(null=False)
    times = Integer(default=0)


class Picture(Table, tablename="pictures"):
    """A photo as we re-encoded it; the file lies in the data folder under its token."""

    id: Serial
    token = Varchar(length=43, unique=True)
    owner = Integer(null=False, index=True)
    page = Varchar(length=80)
    words = Varchar(length=200)
    width = Integer()
    height = Integer()
    at = Timestamptz(null=False)


class OwnKey(Table, tablename="own_keys"):
    """What makes a person's own key, together with the house's secret: without this row nothing of theirs opens."""

    id: Serial
    person = Integer(null=False, unique=True)
    half = Varchar(length=64)
    made_at = Timestamptz(null=False)


class Slot(Table, tablename="slots"):
    """One unit of something scarce, for one piece of time, is somebody's. One row each: an index keeps it.

    `thing` and `owner` are words of the feature's, "space:7" and "booking:12"; `slot` counts quarters of an hour or
    days, as `kit/slots.py` says.
    """

    id: BigSerial
    thing = Varchar(length=40)
    unit = SmallInt(default=0)
    slot = Integer()
    owner = Varchar(length=40, index=True)


class Waiting(Table, tablename="waiting"):
    """Somebody waits for something scarce, from a first slot to a last. One open line each: an index keeps it.

    `queue` is the feature's word for the thing; `wish` is what they asked for, so that it can be had as it was meant.
    An offer holds until `offered_until`; `ended` says how it ended: taken, declined, lapsed, left, over.
    """

    id: Serial
    queue = Varchar(length=40, index=True)
    person = Integer(null=False, index=True)
    first = Integer(null=False)
    last = Integer(null=False)
    wish = JSON(null=False, default="{}")
    at = Timestamptz(null=False)
    offered_until = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended = Varchar(length=12)
