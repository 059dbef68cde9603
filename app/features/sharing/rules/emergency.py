"""What is of use in an emergency, is at home and free; and asking for it, when something above us says why."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import DB, prepared_sql
from app.features.community import rules as community
from app.features.moderation.rules import NOT_BLOCKED
from app.features.notices import rules as notices
from app.features.notices.tables import Urgency
from app.features.people.rules import Neighbour
from app.features.sharing.rules.agreeing import asked_key
from app.features.sharing.rules.ending import end_for_keepers
from app.features.sharing.rules.lent import lent, move
from app.features.sharing.rules.reach import ANSWERED, KEPT_BY, held_item, keepers_of, path_of
from app.features.sharing.rules.waiting import let_go, wind
from app.features.sharing.tables import Category, Condition, Did, Kind, Loan, Stage, State
from app.features.skills.rules.standing import only_active
from app.kit.languages import SOURCE, language
from app.kit.words import Sentence

DAY, MOST = timedelta(days=1), 300
AMONG = "IN (SELECT value FROM json_each({}))" if DB.engine_type == "sqlite" else "= ANY(CAST({} AS integer[]))"


class Ready(Struct):
    """A thing for an emergency that could be fetched now. `area` is its building; what is ours or a household's has no
    `owner_name`; `kept`: the reader answers for it."""

    id: int
    name: str
    lang: str
    category: Category
    longest: int
    gap: int
    area: int | None
    area_kind: str | None
    area_name: str | None
    owner_name: str | None
    owner_language: str | None
    fetch: str
    kept: bool

    @property
    def path(self) -> str:
        return path_of(self.id)

    @property
    def place(self) -> Sentence | None:
        return community.label(self.area_kind or "", self.area_name) if self.area_name else None

    def last_day(self, first: date, last: date) -> date:
        """Not longer than its owner lends it."""
        return min(last, first + (self.longest - 1) * DAY)


class Pressing(Struct, frozen=True):
    """Why things are asked for, as whatever is above us says it: `words` stand in the loan, what `ring` makes of the
    name of a thing rings."""

    words: Sentence
    ring: Callable[[str], Sentence]
    until_at: datetime
    urgency: Urgency


# ruff: noqa: S608 (all of these words are ours)
_WHOSE = "COALESCE(items.person, CASE WHEN items.household IS NOT NULL THEN items.by END)"
_FREE = (
    f"items.state = '{State.offered}' AND items.emergency AND items.kind = '{Kind.lend}' "
    f"AND items.condition <> '{Condition.broken}' AND {ANSWERED} "
    "AND NOT EXISTS (SELECT 1 FROM loans WHERE loans.item = items.id AND loans.stage = 'out') "
    "AND NOT EXISTS (SELECT 1 FROM slots WHERE slots.thing = 'item:' || items.id AND slots.slot >= {0} "
    "AND slots.slot < items.gap + CASE WHEN CAST({0} AS integer) + items.longest < CAST({1} AS integer) "
    "THEN CAST({0} AS integer) + items.longest ELSE CAST({1} AS integer) END) "
)
_SELECT = (
    "SELECT items.id, items.name, items.lang, items.category, items.longest, items.gap, items.area, "
    "areas.kind AS area_kind, areas.name AS area_name, owners.name AS owner_name, owners.language AS owner_language, "
    f"items.fetch, {KEPT_BY.replace('{0}', '{2}')} AS kept FROM items "
    "LEFT JOIN areas ON areas.id = items.area LEFT JOIN people AS owners ON owners.id = items.person "
    f"WHERE {_FREE}"
)
_things = prepared_sql(
    _SELECT
    + f"AND ({{3}} = 1 OR items.area IS NULL OR items.area {AMONG.replace('{}', '{4}')}) "
    + f"AND ({_WHOSE} IS NULL OR {_WHOSE} {NOT_BLOCKED.replace('{me}', '{2}')}) "
    + "ORDER BY items.category, areas.sort, items.area, items.name, items.id",
    Ready,
)
_still = prepared_sql(f"{_SELECT} AND items.id = {{3}}", Ready)


async def emergency_things(areas: Collection[int], on: range, *, reader: int = 0) -> list[Ready]:
    """At home, and nobody's on any of these days (as `kit/slots.py` counts them), in those areas and around them.

    No areas are the whole community. Whom an owner shows a thing to on other days is not asked here: call it only for
    those who lead in an emergency, and note that they looked.
    """
    around = await _around(areas)
    return list(await _things(on.start, on.stop, reader, int(not areas), sorted(around)))


async def _around(areas: Collection[int]) -> set[int]:
    """Those areas, what lies inside them, and what they lie in: a thing stands in its building."""
    found: set[int] = set()
    for each in areas:
        found |= {*await community.below(each), *(area.id for area in await community.line_to(each))}
    return found


async def ask_for_emergency(
    item_id: int, first: date, last: date, why: Pressing, *, by: Neighbour, now: datetime
) -> int | None:
    """Within the caller's transaction: those who answer for it are asked now. None when it is not free any more.

    It is held: who asks for the same at once comes after. The limit of asks a day is for everyday.
    """
    only_active(by, now)
    thing = await held_item(item_id)
    ready = await _still.first(first.toordinal(), last.toordinal() + 1, by.id, item_id)
    waits = (Loan.item == item_id) & (Loan.borrower == by.id) & Loan.stage.is_in([Stage.asked, Stage.accepted])
    if ready is None or ready.kept or await Loan.exists().where(waits):
        return None
    made = Loan(item=item_id, borrower=by.id, **await _as_kept(ready, first, last, why, now))
    await made.save()
    found = await lent(made.id)
    await move(found, Did.asked, by=by.id, now=now)
    await wind(found, why.until_at)
    told: dict[str, Any] = {"topic": "sharing", "urgency": why.urgency, "until": why.until_at, "key": asked_key(found)}
    whom = set(await keepers_of(thing)) - {by.id}
    await notices.tell_all(whom, why.ring(ready.name), path=found.path, now=now, **told)
    return found.id


async def _as_kept(ready: Ready, first: date, last: date, why: Pressing, now: datetime) -> dict[str, Any]:
    """In the words of whoever reads them, who is to say yes or no."""
    here, until = await community.here(), ready.last_day(first, last)
    tag = ready.owner_language or (here.languages[0] if here else SOURCE)
    days: dict[str, Any] = {"first_on": first, "last_on": until, "due_on": until}
    words = {"words": why.words.spoken(language(tag))[:MOST], "lang": tag}
    return {**days, **words, "stage": Stage.asked, "stage_at": now, "asked_at": now, "until_at": why.until_at}


async def no_longer_needed(loan_ids: Collection[int], sentence: Sentence, *, now: datetime) -> None:
    """Within the caller's transaction: what was asked or promised ends; what was handed over goes on until it is back.

    Each item is held before its loan, in the order of the items, as everybody does.
    """
    found = sorted([await lent(id) for id in loan_ids], key=lambda each: (each.item, each.id))
    for each in found:
        await held_item(each.item)
        again = await lent(each.id)
        if again.stage in (Stage.asked, Stage.accepted):
            await notices.withdraw(asked_key(again))
            await end_for_keepers(again, sentence, by=None, now=now)
            await let_go(again, now=now)
