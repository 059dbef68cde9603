from piccolo.columns import ForeignKey, Integer, Serial, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.people.tables import Household, Person


class HouseholdCard(Table, tablename="household_cards"):
    """What a household keeps together, filled once. `version` counts its changes, so that no change is lost unseen.

    `newest` is the newest membership at the last change: while nobody who was a member then still is, the card is
    nobody's. Those who move in behind the same door begin with an empty one.
    """

    id: Serial
    household = ForeignKey(Household, null=False, on_delete=OnDelete.cascade, unique=True)
    contact_name = Varchar(length=80)
    contact_relation = Varchar(length=60)
    contact_phone = Varchar(length=20)
    key_words = Varchar(length=200)
    languages = Varchar(length=120)
    pets = Varchar(length=200)
    notes = Varchar(length=600)
    version = Integer(default=1)
    newest = Integer(default=0)
    edited_by = Integer(null=True, default=None)
    edited_at = Timestamptz(null=False)


class KeyHolding(Table, tablename="key_holdings"):
    """A neighbour who was asked to hold a household's key: holds it from the yes until it ends. One at a time.

    `newest` as on the card.
    """

    id: Serial
    household = ForeignKey(Household, null=False, on_delete=OnDelete.cascade, index=True)
    holder = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    asked_by = Integer(null=True, default=None)
    newest = Integer(default=0)
    asked_at = Timestamptz(null=False)
    agreed_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class Needs(Table, tablename="special_needs"):
    """What somebody needs in an emergency, in their own words; only while their consent to it stands."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, unique=True)
    words = Varchar(length=600)
    edited_at = Timestamptz(null=False)
