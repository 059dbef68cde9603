from enum import StrEnum

from piccolo.columns import JSON, Boolean, Date, ForeignKey, Integer, Serial, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.community.tables import Area
from app.features.people.tables import Household, Person


class Kind(StrEnum):
    """`lend` comes home again; `give` does not."""

    lend = "lend"
    give = "give"


class Category(StrEnum):
    """What an item is for; rules/words.py says it in words."""

    tools = "tools"
    garden = "garden"
    kitchen = "kitchen"
    household = "household"
    furniture = "furniture"
    electronics = "electronics"
    children = "children"
    aids = "aids"
    sport = "sport"
    party = "party"
    transport = "transport"
    clothes = "clothes"
    safety = "safety"
    other = "other"


class Condition(StrEnum):
    new = "new"
    good = "good"
    worn = "worn"
    broken = "broken"


class Audience(StrEnum):
    """Who sees an item: those of its building, or everybody here."""

    building = "building"
    community = "community"


class Policy(StrEnum):
    """Who may have it: whom the owner says yes to, whoever asks first, or whoever asks first and has the capability."""

    owner = "owner"
    at_once = "at_once"
    capability = "capability"


class State(StrEnum):
    """`gone`: given away, or taken off the board by its owner. `taken`: by officers, who alone give it back."""

    offered = "offered"
    paused = "paused"
    gone = "gone"
    taken = "taken"


class Stage(StrEnum):
    """Where a loan stands. From `accepted` until it is back its days are its own; a gift ends with `given`."""

    asked = "asked"
    accepted = "accepted"
    out = "out"
    back = "back"
    given = "given"
    declined = "declined"
    withdrawn = "withdrawn"
    expired = "expired"


class Did(StrEnum):
    """What happened to an item or a loan; nobody did `expired`, `reminded`: time did."""

    offered = "offered"
    edited = "edited"
    broke = "broke"
    mended = "mended"
    repair_asked = "repair_asked"
    asked = "asked"
    accepted = "accepted"
    declined = "declined"
    proposed = "proposed"
    withdrew = "withdrew"
    called_off = "called_off"
    moved = "moved"
    handed = "handed"
    renewed = "renewed"
    returned = "returned"
    damaged = "damaged"
    thanked = "thanked"
    reminded = "reminded"
    expired = "expired"
    prolonged = "prolonged"
    undone = "undone"
    given = "given"
    taken = "taken"
    restored = "restored"


class Item(Table, tablename="items"):
    """Something that is lent or given away: a person's (`person`), a household's, or (neither) the community's.

    `area` is its building: where it stands, and for `building` who sees it. `parts` are the names on the check list
    of what belongs to it. `longest` is a loan in days, `gap` the days after one that are nobody's. A gift is whoever's
    asks first (`first_come`) or whoever's the owner chooses, and ends at `until_at`. `label` is the token of its
    printed label. `before` is how it stood behind `taken`.
    """

    id: Serial
    kind = Varchar(length=8, default=Kind.lend)
    name = Varchar(length=80)
    about = Varchar(length=600)
    lang = Varchar(length=12)
    category = Varchar(length=12, default=Category.other)
    condition = Varchar(length=8, default=Condition.good)
    parts = JSON(null=False, default="[]")
    fetch = Varchar(length=200)
    longest = SmallInt(default=14)
    gap = SmallInt(default=0)
    deposit = Varchar(length=120)
    emergency = Boolean(default=False)
    audience = Varchar(length=12, default=Audience.community)
    area = ForeignKey(Area, null=True, on_delete=OnDelete.restrict, index=True)
    person = ForeignKey(Person, null=True, on_delete=OnDelete.cascade, index=True)
    household = ForeignKey(Household, null=True, on_delete=OnDelete.cascade, index=True)
    policy = Varchar(length=12, default=Policy.owner)
    capability = Varchar(length=40)
    first_come = Boolean(default=True)
    until_at = Timestamptz(null=True, default=None)
    label = Varchar(length=43, unique=True)
    state = Varchar(length=8, default=State.offered)
    before = Varchar(length=8, default=State.offered)
    by = Integer(null=True, default=None)
    made_at = Timestamptz(null=False)
    edited_at = Timestamptz(null=True, default=None)
    gone_at = Timestamptz(null=True, default=None)


class ItemKeeper(Table, tablename="item_keepers"):
    """Who answers for an item of the community. An index keeps each once."""

    id: Serial
    item = ForeignKey(Item, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)


class ItemStep(Table, tablename="item_steps"):
    """One thing that happened to an item, whoever had it. Only added to; `loan` is the loan in which it happened."""

    id: Serial
    item = ForeignKey(Item, null=False, on_delete=OnDelete.cascade, index=True)
    loan = Integer(null=True, default=None)
    at = Timestamptz(null=False)
    by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null, index=True)
    did = Varchar(length=16)
    words = Varchar(length=300)


class Loan(Table, tablename="loans"):
    """Somebody asked for an item, for local days from the first to the last; for a gift there are none.

    `acted_by` typed it for `borrower`. `due_on` is the last day as it stands after renewals. `proposed_first` and
    `proposed_last` are other days that the owner has, until the borrower answers. Asked, it ends by itself at
    `until_at`. `parts_out` and `parts_back` are what was ticked of the check list. Contact is shown to both from
    accepted until `contact_until`.
    """

    id: Serial
    item = ForeignKey(Item, null=False, on_delete=OnDelete.cascade, index=True)
    borrower = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    acted_by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null, index=True)
    first_on = Date(null=True, default=None)
    last_on = Date(null=True, default=None)
    due_on = Date(null=True, default=None)
    proposed_first = Date(null=True, default=None)
    proposed_last = Date(null=True, default=None)
    words = Varchar(length=300)
    lang = Varchar(length=12)
    stage = Varchar(length=12, default=Stage.asked)
    stage_at = Timestamptz(null=False)
    asked_at = Timestamptz(null=False)
    until_at = Timestamptz(null=True, default=None)
    reason = Varchar(length=300)
    giver_says_at = Timestamptz(null=True, default=None)
    taker_says_at = Timestamptz(null=True, default=None)
    handed_at = Timestamptz(null=True, default=None)
    returned_at = Timestamptz(null=True, default=None)
    condition_out = Varchar(length=8)
    condition_back = Varchar(length=8)
    parts_out = JSON(null=False, default="[]")
    parts_back = JSON(null=False, default="[]")
    damage = Varchar(length=300)
    renewals = SmallInt(default=0)
    thanks = Varchar(length=200)
    thanked_at = Timestamptz(null=True, default=None)
    contact_until = Timestamptz(null=True, default=None)
    owner_prolongs = Boolean(default=False)
    borrower_prolongs = Boolean(default=False)


class LoanStep(Table, tablename="loan_steps"):
    """One thing that happened to a loan. Only added to; the two sides read it as a timeline."""

    id: Serial
    loan = ForeignKey(Loan, null=False, on_delete=OnDelete.cascade, index=True)
    at = Timestamptz(null=False)
    by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null, index=True)
    did = Varchar(length=16)
    words = Varchar(length=300)


class HandoverCode(Table, tablename="handover_codes"):
    """The code that one side shows for a minute; only its hash is kept. One a loan, and it is spent by being typed."""

    id: Serial
    loan = ForeignKey(Loan, null=False, on_delete=OnDelete.cascade, unique=True)
    shown_by = Integer(null=False)
    code = Varchar(length=64)
    until_at = Timestamptz(null=False, index=True)
    wrong = SmallInt(default=0)
