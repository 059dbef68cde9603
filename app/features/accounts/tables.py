from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
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
    """One browser that stays signed in for 180 days after it was last seen. Only the token's fingerprint is kept.

    `proved_at` is when its person last showed anew that it is them, `second_at` when a second factor was shown.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    fingerprint = Varchar(length=64, unique=True)
    device = Varchar(length=120)
    began_at = Timestamptz(null=False)
    seen_at = Timestamptz(null=False)
    proved_at = Timestamptz(null=True, default=None)
    second_at = Timestamptz(null=True, default=None)


class HalfOpen(Table, tablename="half_open"):
    """Somebody gave the right password and has yet to show the second factor: for five minutes, on one browser."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    fingerprint = Varchar(length=64, unique=True)
    until_at = Timestamptz(null=False)


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


class ResetCode(Table, tablename="reset_codes"):
    """A code that sets a new password: a letter's alone, a steward's or two administrators' with a second piece.

    The second piece is the end of the phone on file, or the number on a printed slip, of which `slip` is the print.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    fingerprint = Varchar(length=64, unique=True)
    road = Varchar(length=12)
    slip = Varchar(length=64)
    made_by = Integer(null=True, default=None)
    until_at = Timestamptz(null=False)
    spent_at = Timestamptz(null=True, default=None)


class ResetAsk(Table, tablename="reset_asks"):
    """One administrator asks that an officer be reset; another says yes, or it runs out. One open ask a person."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    asked_by = Integer(null=False)
    asked_at = Timestamptz(null=False)
    until_at = Timestamptz(null=False)
    ended_at = Timestamptz(null=True, default=None)
    confirmed_by = Integer(null=True, default=None)


class Passkey(Table, tablename="passkeys"):
    """A key on somebody's phone or stick that opens the door: here only its public half, and how often it was used."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    credential = Varchar(length=1400, unique=True)
    public_key = Text()
    uses = BigInt(default=0)
    name = Varchar(length=60)
    made_at = Timestamptz(null=False)
    used_at = Timestamptz(null=True, default=None)


class Authenticator(Table, tablename="authenticators"):
    """The secret behind an app's six digits, sealed with the house's own key. `last_step` can never be used again."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, unique=True)
    sealed = Text()
    last_step = BigInt(default=0)
    made_at = Timestamptz(null=False)


class RecoveryCode(Table, tablename="recovery_codes"):
    """One of eight on paper, for the day the phone is gone. Only its print is kept; spent when used."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    fingerprint = Varchar(length=64, unique=True)
    made_at = Timestamptz(null=False)
    spent_at = Timestamptz(null=True, default=None)


class Challenge(Table, tablename="challenges"):
    """What a passkey has to sign: once, within five minutes, by that person where it was made for one."""

    id: Serial
    person = ForeignKey(Person, null=True, on_delete=OnDelete.cascade)
    fingerprint = Varchar(length=64, unique=True)
    until_at = Timestamptz(null=False, index=True)
