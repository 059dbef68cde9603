from enum import StrEnum

from piccolo.columns import JSON, Boolean, ForeignKey, Integer, Serial, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.community.tables import Area
from app.features.notices.tables import Urgency
from app.features.people.tables import Household, Person


class What(StrEnum):
    """What somebody needs; rules/kinds.py says it in words, and who may do it."""

    groceries = "groceries"
    medicine = "medicine"
    parcel = "parcel"
    transport = "transport"
    repair = "repair"
    company = "company"
    child_care = "child_care"
    pet = "pet"
    forms = "forms"
    other = "other"
    knock = "knock"  # at a door that is silent in an emergency: nobody but the house asks for it


class Among(StrEnum):
    """Who may see a need at all, beside whoever asked for it."""

    everybody = ""
    officers = "officers"  # those who look after its area, coordinators and administrators


class Stage(StrEnum):
    """Where a need stands. `asked` only those that came by a link, until an officer lets them in."""

    asked = "asked"
    open = "open"
    taken = "taken"
    way = "way"
    done = "done"
    confirmed = "confirmed"
    withdrawn = "withdrawn"
    refused = "refused"
    expired = "expired"


class Did(StrEnum):
    """What happened to a need; nobody did `still`, `silent`, `lapsed` and `closed`: time did.

    `opened` and `called_off` the house did.
    """

    asked = "asked"
    admitted = "admitted"
    refused = "refused"
    joined = "joined"
    half = "half"
    taken = "taken"
    way = "way"
    gave_back = "gave_back"
    done = "done"
    confirmed = "confirmed"
    reopened = "reopened"
    withdrew = "withdrew"
    still = "still"
    fresh = "fresh"
    late = "late"
    silent = "silent"
    lapsed = "lapsed"
    closed = "closed"
    summed = "summed"
    receipt = "receipt"
    paid = "paid"
    prolonged = "prolonged"
    taken_away = "taken_away"
    opened = "opened"
    tried = "tried"
    called_off = "called_off"


class Need(Table, tablename="needs"):
    """Something that somebody needs a neighbour for. Without a person it came by a link (see Guest).

    `acted_by` is who typed it, or let it in. `details` are for whoever takes it, and for nobody else. `helpers` are
    how many go together. `turn` counts what one household needs of one kind at one time: a second asking is joined to
    the first unless somebody says that it is another. The clock reads `stage_at`, `fresh_at` (last said to be needed)
    and `still_at` (asked whether it is); `rung` is how many circles of neighbours were rung in this `round`.
    Of those that something above us opened, `origin` is what ("alert:7:knock"), `sentence` says it in every reader's
    language, and `page` is where whoever takes it says how it went.
    """

    id: Serial
    person = ForeignKey(Person, null=True, on_delete=OnDelete.cascade, index=True)
    acted_by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    household = ForeignKey(Household, null=True, on_delete=OnDelete.set_null)
    area = ForeignKey(Area, null=True, on_delete=OnDelete.set_null)
    kind = Varchar(length=12)
    words = Varchar(length=600)
    lang = Varchar(length=12)
    details = Varchar(length=600)
    whole_household = Boolean(default=False)
    until_at = Timestamptz(null=True, default=None)
    urgency = Varchar(length=12, default=Urgency.everyday)
    helpers = SmallInt(default=1)
    turn = Integer(default=0)
    origin = Varchar(length=40)
    among = Varchar(length=10, default=Among.everybody)
    page = Varchar(length=80)
    sentence = JSON(null=True, default=None)
    photo = Varchar(length=43)
    photo_words = Varchar(length=200)
    sum_cents = Integer(null=True, default=None)
    spent_cents = Integer(null=True, default=None)
    receipt = Varchar(length=43)
    paid_at = Timestamptz(null=True, default=None)
    got_at = Timestamptz(null=True, default=None)
    known_by = SmallInt(null=True, default=None)
    stage = Varchar(length=12, default=Stage.open)
    asked_at = Timestamptz(null=False)
    stage_at = Timestamptz(null=False)
    fresh_at = Timestamptz(null=False)
    still_at = Timestamptz(null=True, default=None)
    reminded_at = Timestamptz(null=True, default=None)
    rung = SmallInt(default=0)
    round = Integer(default=0)
    settled_at = Timestamptz(null=True, default=None)


class Taking(Table, tablename="takings"):
    """A neighbour has taken a place at a need. One neighbour a place; contact is shown until `contact_until`."""

    id: Serial
    need = ForeignKey(Need, null=False, on_delete=OnDelete.cascade)
    helper = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    place = SmallInt(default=0)
    taken_at = Timestamptz(null=False)
    comes_at = Timestamptz(null=False)
    nudged_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    kept = Boolean(default=False)
    contact_until = Timestamptz(null=True, default=None)
    asker_prolongs = Boolean(default=False)
    helper_prolongs = Boolean(default=False)


class NeedStep(Table, tablename="need_steps"):
    """One thing that happened to a need. Only added to; each was told once to whom it concerns."""

    id: Serial
    need = ForeignKey(Need, null=False, on_delete=OnDelete.cascade, index=True)
    at = Timestamptz(null=False)
    by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    did = Varchar(length=12)
    words = Varchar(length=200)


class Word(Table, tablename="need_words"):
    """A question or an answer. While it is open all neighbours read along; between helper and asker it is private.

    Without a person a guest said it.
    """

    id: Serial
    need = ForeignKey(Need, null=False, on_delete=OnDelete.cascade, index=True)
    person = ForeignKey(Person, null=True, on_delete=OnDelete.cascade, index=True)
    words = Varchar(length=400)
    lang = Varchar(length=12)
    private = Boolean(default=False)
    at = Timestamptz(null=False)


class Voice(Table, tablename="need_voices"):
    """Somebody of the same household asked for the same, and hears what becomes of it."""

    id: Serial
    need = ForeignKey(Need, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    at = Timestamptz(null=False)


class Guest(Table, tablename="need_guests"):
    """Somebody without an account who asked by the public form. Of their link only the fingerprint is kept."""

    id: Serial
    need = ForeignKey(Need, null=False, on_delete=OnDelete.cascade, unique=True)
    name = Varchar(length=80)
    phone = Varchar(length=20)
    door = Varchar(length=120)
    fingerprint = Varchar(length=64, unique=True)
    ended_at = Timestamptz(null=True, default=None)


class Helping(Table, tablename="helpings"):
    """What a helper said about their own limits: how many at once (0: do not ring me), which kinds, which hours.

    No kinds are all kinds; from and to the same hour is the whole day. Hours are the community's own clock.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, unique=True)
    most = SmallInt(default=3)
    kinds = Varchar(length=200)
    from_hour = SmallInt(default=0)
    to_hour = SmallInt(default=0)
