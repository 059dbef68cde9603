from enum import StrEnum

from piccolo.columns import JSON, Boolean, ForeignKey, Integer, Serial, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.people.tables import Person


class RosterImport(Table, tablename="roster_imports"):
    """A list that came in: by whom, on which legal basis (in words), and what became of its rows."""

    id: Serial
    at = Timestamptz(null=False)
    by = Integer(null=True, default=None)
    basis = Varchar(length=400)
    file_fingerprint = Varchar(length=64)
    counts = JSON(null=False, default="{}")


class Stage(StrEnum):
    """Where an upload stands. It waits for somebody at the desk in `mapping` and `decided`, for a worker in between."""

    mapping = "mapping"
    reading = "reading"
    decided = "decided"
    bringing = "bringing"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"


class Upload(Table, tablename="roster_uploads"):
    """A list on its way in through the browser. Its bytes lie in the data folder under `token`, for a day at most.

    `reading` says how the file is read, `ends` who of those whom it lacks is let go, `trouble` why it went no further.
    """

    id: Serial
    by = Integer(null=False)
    at = Timestamptz(null=False)
    name = Varchar(length=120)
    basis = Varchar(length=400)
    whole = Boolean(default=False)
    token = Varchar(length=43, unique=True)
    reading = JSON(null=False, default="{}")
    stage = Varchar(length=12, default=Stage.mapping)
    counts = JSON(null=False, default="{}")
    ends = JSON(null=False, default="[]")
    trouble = JSON(null=True, default=None)
    roster_import = ForeignKey(RosterImport, null=True, on_delete=OnDelete.set_null)
    touched_at = Timestamptz(null=False, index=True)


class ClaimedNeed(Table, tablename="claimed_needs"):
    """A remark of a list: health data its owner has not confirmed. For the steward and administrators, in an alert."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    roster_import = ForeignKey(RosterImport, null=False, on_delete=OnDelete.restrict)
    words = Varchar(length=120)
    claimed_at = Timestamptz(null=False, index=True)
    confirmed_at = Timestamptz(null=True, default=None)


class PhoneNote(Table, tablename="phone_notes"):
    """A phone as a list had it, which cannot be right: kept as words for the steward to ask, never guessed."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    words = Varchar(length=80)
    noted_at = Timestamptz(null=False)


class RosterRow(Table, tablename="roster_rows"):
    """What a list told once (a row, one skill or need in it), sealed with our secret: told again, it changes nothing.

    So an import never brings back what its person edited, withdrew or erased since; after an erasure the seal stays
    without a person.
    """

    id: Serial
    seal = Varchar(length=64, unique=True)
    person = ForeignKey(Person, null=True, on_delete=OnDelete.set_null, index=True)
    roster_import = ForeignKey(RosterImport, null=False, on_delete=OnDelete.restrict)
