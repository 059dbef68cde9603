from piccolo.columns import JSON, Boolean, Date, ForeignKey, Integer, Serial, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.community.tables import Area
from app.features.people.tables import Person


class Announcement(Table, tablename="announcements"):
    """公告: words of the committee or a steward to an area, or (no area) to everybody, in one language or in both.

    `by` is a number without a bond: the notice on the board outlives whoever put it up. `taken` was decided by officers
    and is given back by them alone.
    """

    id: Serial
    area = ForeignKey(Area, null=True, on_delete=OnDelete.restrict, index=True)
    by = Integer(null=False)
    titles = JSON(null=False, default="{}")
    words = JSON(null=False, default="{}")
    pinned_until = Date(null=True, default=None)
    at = Timestamptz(null=False)
    changed_at = Timestamptz(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    taken = Boolean(default=False)


class Reading(Table, tablename="announcement_readings"):
    """That somebody opened it: counted, and never shown by name. An index keeps one for each person."""

    id: Serial
    announcement = ForeignKey(Announcement, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    at = Timestamptz(null=False)
