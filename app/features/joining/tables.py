from piccolo.columns import ForeignKey, Integer, Serial, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.community.tables import Area
from app.features.people.tables import Person


class Poster(Table, tablename="posters"):
    """An invitation that hangs in the hall of an area until a day. Its code is public, so it stands here as it is."""

    id: Serial
    area = ForeignKey(Area, null=False, on_delete=OnDelete.restrict, index=True)
    code = Varchar(length=20, unique=True)
    made_by = Integer(null=False)
    made_at = Timestamptz(null=False)
    until_at = Timestamptz(null=False)
    closed_at = Timestamptz(null=True, default=None)


class Newcomer(Table, tablename="newcomers"):
    """Somebody who asked to be let in by a poster, and how that went. Whether they are in, the person's state says.

    `door` is what they typed, never compared before an officer looks. `token` is the address that they show to
    neighbours: it opens a page and does nothing. `vouched_at` says that two neighbours let them in, `welcomed_at` that
    an officer did or confirmed it, `fell_at` that those vouches were undone; `reason` is why they were turned away or
    wait again, in the words they read.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, unique=True)
    poster = ForeignKey(Poster, null=True, on_delete=OnDelete.set_null)
    area = ForeignKey(Area, null=False, on_delete=OnDelete.restrict, index=True)
    door = Varchar(length=120)
    token = Varchar(length=20, unique=True)
    asked_at = Timestamptz(null=False)
    vouched_at = Timestamptz(null=True, default=None)
    welcomed_at = Timestamptz(null=True, default=None)
    welcomed_by = Integer(null=True, default=None)
    turned_away_at = Timestamptz(null=True, default=None)
    fell_at = Timestamptz(null=True, default=None)
    reason = Varchar(length=400)


class Vouch(Table, tablename="vouches"):
    """A neighbour says "I know this person". Who said it stays when they leave, their words do not.

    `voucher` is a number without a foreign key: who trusted whom stays traceable while others stand in the chain.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    voucher = Integer(null=False, index=True)
    words = Varchar(length=200)
    given_at = Timestamptz(null=False)
    ended_at = Timestamptz(null=True, default=None)
    ended_by = Integer(null=True, default=None)


class OtherPhone(Table, tablename="other_phones"):
    """A signed-in phone lets another one in: a code for ten minutes, a number on both, a yes, one entry.

    `ticket` is the print of what the other phone keeps as a cookie, `number` what it shows.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    sign_in = Integer(null=False)
    fingerprint = Varchar(length=64, unique=True)
    until_at = Timestamptz(null=False)
    ticket = Varchar(length=64)
    device = Varchar(length=120)
    number = Integer(default=0)
    others = Varchar(length=12)
    opened_at = Timestamptz(null=True, default=None)
    confirmed_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
