from piccolo.columns import ForeignKey, Serial, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.people.tables import Person


class CalendarFeed(Table, tablename="calendar_feeds"):
    """Somebody's own calendar has an address that only they know; we keep its digest. A new one ends the old."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, unique=True)
    fingerprint = Varchar(length=64, unique=True)
    made_at = Timestamptz(null=False)
