from enum import StrEnum

from piccolo.columns import JSON, BigInt, Boolean, ForeignKey, Integer, Serial, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.people.tables import Person


class Urgency(StrEnum):
    """The doorbell's own word; only urgent and critical break quiet hours."""

    everyday = "everyday"
    soon = "soon"
    urgent = "urgent"
    critical = "critical"


class By(StrEnum):
    """The roads on which a notice reaches somebody outside the app."""

    push = "push"
    email = "email"
    sms = "sms"
    wecom = "wecom"


class Fate(StrEnum):
    """How far a delivery has come. Only `waiting` changes any more, and `accepted` is neither delivered nor read."""

    waiting = "waiting"
    accepted = "accepted"
    gone = "gone"
    failed = "failed"
    over = "over"
    together = "together"


class Notice(Table, tablename="notices"):
    """A sentence for one person, spoken in that person's language when it is read or sent. Once per (person, key).

    `spread_at` is when its deliveries were written; until then the sender has not seen it. Those of one `thread`
    replace one another on a phone. `phones_first`: what is urgent leaves those out of other roads whose phone rings;
    `frugal` goes by none that costs money.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    sentence = JSON(null=False)
    path = Varchar(length=200)
    topic = Varchar(length=40)
    urgency = Varchar(length=12, default=Urgency.everyday)
    key = Varchar(length=120, null=True, default=None)
    until_at = Timestamptz(null=True, default=None)
    made_at = Timestamptz(null=False)
    read_at = Timestamptz(null=True, default=None)
    spread_at = Timestamptz(null=True, default=None)
    thread = Varchar(length=120, null=True, default=None)
    phones_first = Boolean(default=False)
    frugal = Boolean(default=False)


class Device(Table, tablename="devices"):
    """A browser that can be rung: it belongs to whoever signed in last on it.

    `sign_in` is the number of that sign-in, `rang_at` when its push service last took a push, `heard_at` when its
    person last said that a test was heard. `trouble` is why its service refuses us; only 404 and 410 ever remove it.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    sign_in = Integer(null=False, index=True)
    endpoint = Varchar(length=1024, unique=True)
    origin = Varchar(length=200)
    p256dh = Varchar(length=90)
    auth = Varchar(length=24)
    name = Varchar(length=120)
    made_at = Timestamptz(null=False)
    seen_at = Timestamptz(null=False)
    rang_at = Timestamptz(null=True, default=None)
    heard_at = Timestamptz(null=True, default=None)
    trouble = Varchar(length=40)


class Silenced(Table, tablename="silenced_phones"):
    """A browser that its person let go of elsewhere: it may still hold its subscription, and does not bring it back.

    `fingerprint` is that of its endpoint.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    fingerprint = Varchar(length=64, unique=True)
    at = Timestamptz(null=False)


class PushService(Table, tablename="push_services"):
    """A push service that asked us to wait, or that refuses all we send: the second rings for the operator.

    `origin` is the name of the road where it knows no devices: "sms".
    """

    id: Serial
    origin = Varchar(length=200, unique=True)
    closed_until = Timestamptz(null=True, default=None)
    alarm_at = Timestamptz(null=True, default=None)
    alarm = Varchar(length=40)


class Delivery(Table, tablename="deliveries"):
    """One notice on one road to one device (0 where the road knows no devices): a small life with a lease.

    `leased_until` is the moment at which a sender that died loses it. `daily` waits for the day's digest, `lead` is the
    delivery that carried it there. `answer` is the last status the other side gave. The lowest `haste` goes first.
    """

    id: Serial
    notice = ForeignKey(Notice, null=False, on_delete=OnDelete.cascade)
    by = Varchar(length=8)
    device = Integer(default=0)
    haste = Integer(default=3)
    fate = Varchar(length=10, default=Fate.waiting)
    due_at = Timestamptz(null=False)
    leased_until = Timestamptz(null=True, default=None)
    tries = Integer(default=0)
    answer = Integer(default=0)
    daily = Boolean(default=False)
    lead = BigInt(null=True, default=None)
    done_at = Timestamptz(null=True, default=None)


class Worked(Table, tablename="roads_that_worked"):
    """When a road last reached as far as the other side's yes, for each person: from it the reach is reckoned."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    by = Varchar(length=8)
    at = Timestamptz(null=False)


class Choice(Table, tablename="notice_choices"):
    """A topic that somebody wants, or does not want, on a road; without a row, what the topic itself says."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    topic = Varchar(length=40)
    by = Varchar(length=8)
    wanted = Boolean(null=False)


class Wishes(Table, tablename="notice_wishes"):
    """How somebody wants to be told. Minutes of the day are wall time of the community's zone.

    Quiet from `quiet_from` to `quiet_until` (both equal: never quiet); `daily_at`: everyday notices come together
    then, once a day; `shows_words`: a lock screen may show what a personal notice says; `wecom` is their id there.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, unique=True)
    quiet_from = Integer(default=22 * 60)
    quiet_until = Integer(default=7 * 60)
    daily_at = Integer(null=True, default=None)
    shows_words = Boolean(default=False)
    wecom = Varchar(length=64)


class GroupPost(Table, tablename="group_posts"):
    """A sentence for a group's robot: it names nobody and leads to a page. Once per key and robot.

    `robot` is the print of its address, which stands in the settings alone.
    """

    id: Serial
    robot = Varchar(length=64)
    sentence = JSON(null=False)
    path = Varchar(length=200)
    urgency = Varchar(length=12, default=Urgency.everyday)
    key = Varchar(length=120)
    fate = Varchar(length=10, default=Fate.waiting)
    made_at = Timestamptz(null=False)
    until_at = Timestamptz(null=True, default=None)
    due_at = Timestamptz(null=False)
    leased_until = Timestamptz(null=True, default=None)
    tries = Integer(default=0)
    answer = Integer(default=0)
    done_at = Timestamptz(null=True, default=None)
