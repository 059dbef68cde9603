from enum import StrEnum

from piccolo.columns import ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.people.tables import Person


class Rule(StrEnum):
    """What a report says was broken; rules/words.py says it in words."""

    unkind = "unkind"
    unsafe = "unsafe"
    selling = "selling"
    false_claims = "false_claims"
    privacy = "privacy"
    other = "other"


class Measure(StrEnum):
    """What officers decided."""

    nothing = "nothing"
    taken = "taken"
    warning = "warning"
    suspension = "suspension"


class Verdict(StrEnum):
    upheld = "upheld"
    overturned = "overturned"


class Decision(Table, tablename="decisions"):
    """One thing decided about a person, with its rule and its reason, by an officer.

    A suspension ends by itself at `until_at`; `over_at` is when it ended, or when it was overturned.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    by = Integer(null=True, default=None)
    measure = Varchar(length=12)
    rule = Varchar(length=20)
    reason = Varchar(length=400)
    kind = Varchar(length=20)
    thing = Integer(null=True, default=None)
    at = Timestamptz(null=False)
    until_at = Timestamptz(null=True, default=None)
    over_at = Timestamptz(null=True, default=None)


class Report(Table, tablename="reports"):
    """A neighbour says that something breaks a rule. `snapshot` is what stood there, sealed with its author's own key.

    An index keeps one open report of the same thing by the same person.
    """

    id: Serial
    kind = Varchar(length=20)
    thing = Integer(null=False)
    author = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    reporter = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    rule = Varchar(length=20)
    words = Varchar(length=600)
    snapshot = Text()
    at = Timestamptz(null=False)
    closed_at = Timestamptz(null=True, default=None)
    decision = ForeignKey(Decision, null=True, on_delete=OnDelete.set_null, index=True)


class Appeal(Table, tablename="appeals"):
    """Whom a decision is about says, once, why it is wrong; another officer answers, once."""

    id: Serial
    decision = ForeignKey(Decision, null=False, on_delete=OnDelete.cascade, unique=True)
    words = Varchar(length=600)
    at = Timestamptz(null=False)
    by = Integer(null=True, default=None)
    verdict = Varchar(length=12)
    reason = Varchar(length=400)
    answered_at = Timestamptz(null=True, default=None)


class Block(Table, tablename="blocks"):
    """A neighbour wants nothing to do with another. The other is not told; it works both ways."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    blocked = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    at = Timestamptz(null=False)
