from enum import StrEnum

from piccolo.columns import JSON, Boolean, Date, ForeignKey, Integer, Serial, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.features.community.tables import Area
from app.features.help.tables import Need
from app.features.people.tables import Household, Person


class Kind(StrEnum):
    """Chosen before anything else, and never changed afterwards: no exercise becomes real by a slip."""

    real = "real"
    exercise = "exercise"
    test = "test"


class Level(StrEnum):
    notice = "notice"
    caution = "caution"
    urgent = "urgent"
    critical = "critical"


class Category(StrEnum):
    """What it is about."""

    water = "water"
    power = "power"
    fire = "fire"
    gas = "gas"
    storm = "storm"
    flood = "flood"
    missing = "missing"
    epidemic = "epidemic"
    lift = "lift"
    other = "other"


class Stage(StrEnum):
    """`waiting` for a second person. Only `active` rings, asks and reminds; `ended` and `dropped` are the last word."""

    draft = "draft"
    waiting = "waiting"
    active = "active"
    ended = "ended"
    dropped = "dropped"


class Type(StrEnum):
    """What a message of an alert is. All but the first refer to it."""

    alert = "alert"
    update = "update"
    correction = "correction"
    all_clear = "all_clear"
    false_alarm = "false_alarm"
    expired = "expired"


class Answer(StrEnum):
    safe = "safe"
    help = "help"
    away = "away"


class How(StrEnum):
    """How whoever answered knows it; `self` and `link` are the person's own word and outrank all others."""

    self = "self"
    link = "link"
    household = "household"
    seen = "seen"
    phone = "phone"
    paper = "paper"
    knocked = "knocked"


class Alert(Table, tablename="alerts"):
    """Something happened, or an exercise of it. Its words are the newest ones; each message keeps its own.

    `headlines` and `bodies` are by language. `whom` narrows the people within its areas: {"roles", "skills",
    "languages": […], "needs": bool}. `steps` are minutes: {"again": [5, 15], "others": 20, "knock": 30}. `token` is its
    name outside the house. `texts` may cost money: an exercise sends none
    unless somebody chose so. `alone` says that it went out by break-glass, without a second person. `tally` is what
    stays to be counted when its personal data were destroyed; `hold_reason` keeps those data until `hold_until_at`.
    `report_public_at`: since then its report is read outside, by whoever has the address.
    """

    id: Serial
    token = Varchar(length=43, unique=True)
    kind = Varchar(length=10)
    level = Varchar(length=10)
    category = Varchar(length=12)
    stage = Varchar(length=10, default=Stage.draft)
    headlines = JSON(null=False, default="{}")
    bodies = JSON(null=False, default="{}")
    whom = JSON(null=False, default="{}")
    steps = JSON(null=False, default="{}")
    source = Varchar(length=120)
    source_url = Varchar(length=400)
    roll_call = Boolean(default=True)
    texts = Boolean(default=True)
    public = Boolean(default=False)
    until_at = Timestamptz(null=False)
    made_by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    made_at = Timestamptz(null=False)
    asked_at = Timestamptz(null=True, default=None)
    approved_by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    alone = Boolean(default=False)
    sent_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_how = Varchar(length=12)
    hold_reason = Varchar(length=400)
    held_by = Integer(null=True, default=None)
    held_at = Timestamptz(null=True, default=None)
    hold_until_at = Timestamptz(null=True, default=None)
    report_public_at = Timestamptz(null=True, default=None)
    report_public_by = Integer(null=True, default=None)
    destroyed_at = Timestamptz(null=True, default=None)
    tally = JSON(null=False, default="{}")


class AlertArea(Table, tablename="alert_areas"):
    """An area that an alert is for, with everything inside it. No rows: the whole community."""

    id: Serial
    alert = ForeignKey(Alert, null=False, on_delete=OnDelete.cascade, index=True)
    area = ForeignKey(Area, null=False, on_delete=OnDelete.cascade)


class Message(Table, tablename="alert_messages"):
    """What was said, when, by whom. Only added to. `told_up_to` is the last recipient who was told, until `told_at`."""

    id: Serial
    alert = ForeignKey(Alert, null=False, on_delete=OnDelete.cascade, index=True)
    type = Varchar(length=12)
    level = Varchar(length=10)
    headlines = JSON(null=False, default="{}")
    bodies = JSON(null=False, default="{}")
    until_at = Timestamptz(null=False)
    by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    approved_by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    at = Timestamptz(null=False)
    told_up_to = Integer(default=0)
    told_at = Timestamptz(null=True, default=None)


class Recipient(Table, tablename="alert_recipients"):
    """One person an alert went to, as they lived when it was sent, and their latest answer. Once per (alert, person).

    `first` are those to look for first: what they, or a list, said they need. `answered_by` answered for them.
    `link_used_at` spends the link of their letters.
    """

    id: Serial
    alert = ForeignKey(Alert, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    household = ForeignKey(Household, null=True, on_delete=OnDelete.set_null)
    area = ForeignKey(Area, null=True, on_delete=OnDelete.set_null)
    first = Boolean(default=False)
    answer = Varchar(length=5)
    answered_at = Timestamptz(null=True, default=None)
    answered_by = Integer(null=True, default=None)
    how = Varchar(length=10)
    link_used_at = Timestamptz(null=True, default=None)


class Said(Table, tablename="alert_answers"):
    """One answer, kept for good: the latest counts, and one's own outranks whoever answered for them."""

    id: Serial
    recipient = ForeignKey(Recipient, null=False, on_delete=OnDelete.cascade, index=True)
    answer = Varchar(length=5)
    words = Varchar(length=400)
    lang = Varchar(length=12)
    photo = Varchar(length=43)
    how = Varchar(length=10)
    by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null, index=True)
    at = Timestamptz(null=False)
    undone_at = Timestamptz(null=True, default=None)


class AlertNeed(Table, tablename="alert_needs"):
    """A need that came of an alert: somebody's "I need help", or (`knock`) a door nobody answered at. A door once."""

    id: Serial
    alert = ForeignKey(Alert, null=False, on_delete=OnDelete.cascade, index=True)
    recipient = ForeignKey(Recipient, null=True, on_delete=OnDelete.set_null, index=True)
    household = ForeignKey(Household, null=True, on_delete=OnDelete.set_null)
    need = ForeignKey(Need, null=False, on_delete=OnDelete.cascade, unique=True)
    knock = Boolean(default=False)
    made_at = Timestamptz(null=False)


class Measure(Table, tablename="alert_measures"):
    """A power used in an alert: a gate closed, a list opened. It has a scope, a reason, an author and an end."""

    id: Serial
    alert = ForeignKey(Alert, null=False, on_delete=OnDelete.cascade, index=True)
    area = ForeignKey(Area, null=True, on_delete=OnDelete.set_null)
    kind = Varchar(length=12)
    words = Varchar(length=400)
    reason = Varchar(length=400)
    by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    since_at = Timestamptz(null=False)
    until_at = Timestamptz(null=False)
    ended_at = Timestamptz(null=True, default=None)


class Objection(Table, tablename="alert_objections"):
    """Somebody whom a measure binds disagrees; a coordinator or administrator must answer. One open one each."""

    id: Serial
    measure = ForeignKey(Measure, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade, index=True)
    words = Varchar(length=400)
    at = Timestamptz(null=False)
    answer = Varchar(length=400)
    answered_by = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    answered_at = Timestamptz(null=True, default=None)


class Mend(Table, tablename="alert_mends"):
    """What to do better next time: who sees to it, and by when."""

    id: Serial
    alert = ForeignKey(Alert, null=False, on_delete=OnDelete.cascade, index=True)
    words = Varchar(length=400)
    owner = ForeignKey(Person, null=True, on_delete=OnDelete.set_null)
    due_on = Date(null=True, default=None)
    made_at = Timestamptz(null=False)
    done_at = Timestamptz(null=True, default=None)


class Lifeline(Table, tablename="lifelines"):
    """What is good to have without a network: a meeting point (of an area, or of all), or an emergency number.

    `gone_at`: taken off the list; it can be put back for a day.
    """

    id: Serial
    area = ForeignKey(Area, null=True, on_delete=OnDelete.cascade)
    titles = JSON(null=False, default="{}")
    words = JSON(null=False, default="{}")
    phone = Varchar(length=20)
    sort = Integer(default=0)
    gone_at = Timestamptz(null=True, default=None)
