from piccolo.columns import JSON, ForeignKey, Integer, Serial, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table


class Community(Table, tablename="community"):
    """The installation. One row, whose id is 1, from the day somebody opened the set-up link."""

    id: Serial
    name = Varchar(length=80)
    languages = JSON(null=False, default='["zh-Hans", "en"]')
    zone = Varchar(length=60)
    region = Varchar(length=2)
    area_kinds = JSON(null=False, default="[]")
    contact = Varchar(length=400)
    made_at = Timestamptz(null=False)


class SetUpLink(Table, tablename="set_up_links"):
    """The printed one-time link; only its fingerprint is kept. Each start without a community prints a new one."""

    id: Serial
    fingerprint = Varchar(length=64, unique=True)
    made_at = Timestamptz(null=False)


class Area(Table, tablename="areas"):
    """A part of the community, at any depth: building, entrance, floor, or street and lane."""

    id: Serial
    parent: ForeignKey = ForeignKey("self", null=True, on_delete=OnDelete.restrict, index=True)
    kind = Varchar(length=40)
    name = Varchar(length=60)
    sort = Integer(default=0)
