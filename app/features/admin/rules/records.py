"""The audit, newest first: who did what about whom, and when. Names, never values."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from app.db import DB, prepared_sql
from app.features.admin.rules.finding import piece
from app.features.moderation.rules import MEASURES, RULES, VERDICTS
from app.features.people.rules import CAPABILITIES, KINDS, OF_A_HOUSEHOLD, OF_A_PERSON
from app.kit.languages import zone
from app.kit.paging import PER_PAGE
from app.kit.words import Sentence, say

FIELDS: dict[str, Sentence] = {
    "name": say("name"),
    "phone": say("phone"),
    "email": say("e-mail"),
    "language": say("language"),
    "look": say("look"),
    "large_text": say("text size"),
    "photo": say("photo"),
    "state": say("state"),
    "address": say("address"),
    "sort": say("order"),
    "contact_name": say("emergency contact"),
    "contact_relation": say("emergency contact"),
    "contact_phone": say("emergency contact"),
    "key_words": say("who holds a key"),
    "claimed_needs": say("claimed needs"),
    "phone_notes": say("phone note"),
    **{name: field.words for name, field in (OF_A_PERSON | OF_A_HOUSEHOLD).items()},
    **{str(measure): words for measure, words in MEASURES.items()},
    **{str(rule): words for rule, words in RULES.items()},
    **{str(verdict): words for verdict, words in VERDICTS.items()},
    **{str(kind): words for kind, words in KINDS.items()},
    **CAPABILITIES,
}

# What is named by its kind and number, where it is no person: the word, and where it can be seen.
ABOUT: dict[str, tuple[Sentence, str]] = {
    "area": (say("an area"), "/admin/areas/"),
    "household": (say("a household"), "/admin/households/"),
    "community": (say("the community"), ""),
    "roster": (say("a roster"), ""),
    "roster_import": (say("a list of residents"), ""),
    "roster_upload": (say("a list of residents"), "/admin/roster/"),
    "announcement": (say("an announcement"), "/announcements/"),
    "report": (say("a report"), ""),
    "decision": (say("a decision"), ""),
}


EVER, FOREVER = date(2000, 1, 1), date(2999, 1, 1)
SQLITE = DB.engine_type == "sqlite"
AMONG = "IN (SELECT value FROM json_each({}))" if SQLITE else "= ANY(CAST({} AS integer[]))"


class _Id(Struct):
    id: int


class _Did(Struct):
    did: str


class Entry(Struct):
    id: int
    at: datetime
    did: str
    about: str
    fields: str
    who: int | None
    who_name: str | None
    concerns: int | None
    whom: str | None

    @property
    def thing(self) -> Sentence:
        kind = self.about.partition(":")[0]
        return ABOUT[kind][0] if kind in ABOUT else say("%(name)s", name=self.about)

    @property
    def path(self) -> str:
        """Empty for what cannot be looked at, or is no longer there."""
        kind, _, number = self.about.partition(":")
        where = ABOUT[kind][1] if kind in ABOUT else ""
        return where + number if where and "removed" not in self.did else ""

    @property
    def details(self) -> list[Sentence]:
        return [FIELDS.get(name) or say("%(name)s", name=name) for name in json.loads(self.fields)]


SELECTED = (
    "SELECT audit.id, audit.at, audit.did, audit.about, audit.fields, audit.who, doers.name AS who_name, "
    "audit.concerns, theirs.name AS whom FROM audit LEFT JOIN people AS doers ON doers.id = audit.who "
    "LEFT JOIN people AS theirs ON theirs.id = audit.concerns "
)
# By the last number seen, not by counting from the start: page ten thousand is as quick as the first.
BEFORE = "({0} = 0 OR audit.id < {0}) "
SINCE = "AND ({1} = '' OR audit.did = {1}) AND audit.at >= {2} AND audit.at < {3} "
NEWEST = "ORDER BY audit.id DESC LIMIT {4}"
# Two indexes, one after the other: OR over both columns would read the whole table.
OF_ONE = (
    f"AND audit.id IN (SELECT id FROM audit WHERE who {AMONG} UNION "  # noqa: S608
    f"SELECT id FROM audit WHERE concerns {AMONG}) "
).replace("{}", "{5}")

_records = prepared_sql(f"{SELECTED} WHERE {BEFORE} {SINCE} {NEWEST}", Entry)
_of_some = prepared_sql(f"{SELECTED} WHERE {BEFORE} {SINCE} {OF_ONE} {NEWEST}", Entry)
_of_one = prepared_sql(
    f"{SELECTED} WHERE {BEFORE} "  # noqa: S608
    "AND audit.id IN (SELECT id FROM audit WHERE who = {1} UNION SELECT id FROM audit WHERE concerns = {1}) "
    "ORDER BY audit.id DESC LIMIT {2}",
    Entry,
)
_named = prepared_sql("SELECT id FROM people WHERE lower(name) LIKE {} ESCAPE '!' LIMIT 200", _Id)
_kinds = prepared_sql("SELECT DISTINCT did FROM audit ORDER BY did", _Did)


class Asked(Struct, frozen=True):
    """What of the audit is wanted: a piece of a name or a number, a kind of deed, and days (both count)."""

    whom: str = ""
    did: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Records:
    """`older` is the number to go on from; 0 at the end."""

    rows: list[Entry]
    older: int


async def records(asked: Asked | None = None, *, before: int = 0) -> Records:
    asked = asked or Asked()
    begin = _midnight(asked.since or EVER)
    end = _midnight((asked.until or FOREVER) + timedelta(days=1))
    common = (before, asked.did, begin, end, PER_PAGE + 1)
    if not asked.whom:
        return _cut(await _records(*common))
    return _cut(await _of_some(*common, await _who(asked.whom)))


async def records_of(person_id: int, *, before: int = 0) -> Records:
    """What they did and what was done that concerns them, as they read it themselves."""
    return _cut(await _of_one(before, person_id, PER_PAGE + 1))


async def deeds_known() -> list[str]:
    """Every kind of deed there is a row of."""
    return [row.did for row in await _kinds()]


async def _who(whom: str) -> list[int]:
    if whom.isascii() and whom.isdigit() and len(whom) < 10:
        return [int(whom)]
    return [row.id for row in await _named(piece(whom))]


def _cut(rows: list[Entry]) -> Records:
    return Records(rows[:PER_PAGE], rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else 0)


def _midnight(day: date) -> datetime:
    """On the community's clock."""
    return datetime.combine(day, time(), zone.get())
