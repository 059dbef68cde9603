from enum import StrEnum

from piccolo.columns import JSON, ForeignKey, Serial, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.people.tables import Person


class Urgency(StrEnum):
    """The doorbell's own word; only urgent and critical break quiet hours."""

    everyday = "everyday"
    soon = "soon"
    urgent = "urgent"
    critical = "critical"


class Notice(Table, tablename="notices"):
    """A sentence for one person, spoken in that person's language when it is read or sent. Once per (person, key)."""

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
