"""What is kept of what somebody looks for, and of who has it."""

from enum import StrEnum

from piccolo.columns import Date, ForeignKey, Serial, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.people.tables import Person
from app.features.sharing.tables import Category, Item


class Sought(StrEnum):
    """Where a post stands in which somebody looks for something."""

    open = "open"
    found = "found"
    withdrawn = "withdrawn"
    expired = "expired"
    taken = "taken"


class ItemSearch(Table, tablename="item_searches"):
    """Somebody looks for something that nobody has offered. Owners of that category were rung (`rung`)."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    acted_by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    category = Varchar(length=12, default=Category.other)
    words = Varchar(length=120)
    details = Varchar(length=600)
    lang = Varchar(length=12)
    first_on = Date(null=True, default=None)
    last_on = Date(null=True, default=None)
    stage = Varchar(length=12, default=Sought.open)
    before = Varchar(length=12, default=Sought.open)
    rung = SmallInt(default=0)
    made_at = Timestamptz(null=False)
    until_at = Timestamptz(null=False, index=True)
    ended_at = Timestamptz(null=True, default=None)


class ItemSearchAnswer(Table, tablename="item_search_answers"):
    """A neighbour has what somebody looks for, and says so: with an item of theirs, or in words. One each: an index."""

    id: Serial
    search = ForeignKey(ItemSearch, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    item = ForeignKey(Item, null=True, on_delete=OnDelete.set_null)
    words = Varchar(length=300)
    at = Timestamptz(null=False)
