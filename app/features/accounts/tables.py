from piccolo.columns import Boolean, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.people.tables import Person


class Login(Table, tablename="logins"):
    """What a person types to come in. A phone or an e-mail opens one door only; demo sign-ins open on loopback only."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, unique=True)
    phone = Varchar(length=20, null=True, default=None, unique=True)
    email = Varchar(length=200, null=True, default=None, unique=True)
    password = Text()
    demo = Boolean(default=False)
    made_at = Timestamptz(null=False)


class SignIn(Table, tablename="sign_ins"):
    """One browser that stays signed in for 180 days after it was last seen. Only the token's fingerprint is kept."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    fingerprint = Varchar(length=64, unique=True)
    device = Varchar(length=120)
    began_at = Timestamptz(null=False)
    seen_at = Timestamptz(null=False)


class KnownDevice(Table, tablename="known_devices"):
    """A browser on which this person once signed in: others' wrong passwords do not lock it out."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    fingerprint = Varchar(length=64)
    seen_at = Timestamptz(null=False)


class FirstCode(Table, tablename="first_codes"):
    """A one-time code with which a person sets a password. Spent when the password is set, not when it is opened."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    fingerprint = Varchar(length=64, unique=True)
    made_by = Integer(null=True, default=None)
    until_at = Timestamptz(null=False)
    spent_at = Timestamptz(null=True, default=None)
