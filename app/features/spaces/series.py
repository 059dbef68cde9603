from piccolo.columns import Boolean, Date, ForeignKey, Serial, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.people.tables import Household, Person
from app.features.spaces.tables import Space, Stage


class Series(Table, tablename="booking_series"):
    """A booking that comes again: one thing, and each of its dates is a booking with its own slots.

    `rule` is an RRULE (RFC 5545, 3.3.10) over the days of the community's wall clock, from `first`; `opens` and
    `closes` are minutes of that day (1440 the end of it, 2000 the next morning). What a booking says for itself is an
    exception; a day of the rule without a booking was left out. `sequence` and `nudged` are as in a booking. Somebody
    said at `confirmed_at` that it is still needed, and was asked anew at `asked_again_at`. `ended_at` is when what was
    still to come was cancelled, all in one.
    """

    id: Serial
    space = ForeignKey(Space, null=False, on_delete=OnDelete.cascade, index=True)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    acted_by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    household = ForeignKey(Household, null=True, on_delete=OnDelete.set_null)
    rule = Varchar(length=200)
    first = Date(null=False)
    opens = SmallInt()
    closes = SmallInt()
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
    confirmed_at = Timestamptz(null=False)
    asked_again_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class SeriesStep(Table, tablename="booking_series_steps"):
    """One thing that happened to all of a series that was to come. Only added to."""

    id: Serial
    series = ForeignKey(Series, null=False, on_delete=OnDelete.cascade, index=True)
    at = Timestamptz(null=False)
    by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    did = Varchar(length=12)
    words = Varchar(length=300)
