"""A list of the community's things comes in: decided row by row, written in one deed; again it changes nothing."""

import asyncio
import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.db import held, writing
from app.features.community import rules as community
from app.features.community.tables import Community
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.features.roster.rules.bulk import insert_all
from app.features.roster.rules.report import What
from app.features.sharing.rules import list_words as words
from app.features.sharing.rules.keepers import MOST as MOST_KEEPERS
from app.features.sharing.rules.labels import new_label
from app.features.sharing.rules.list_keepers import meant
from app.features.sharing.rules.list_known import Known, shelf
from app.features.sharing.rules.list_report import ListReport, Outcome
from app.features.sharing.rules.list_rows import Row, rows_of
from app.features.sharing.rules.listing import index_items
from app.features.sharing.rules.owners import may_offer_ours
from app.features.sharing.rules.reach import tell
from app.features.sharing.tables import Condition, Did, Item, ItemKeeper, ItemStep, State
from app.features.skills.rules.standing import only_active
from app.kit import audit
from app.kit.languages import SOURCE, of_text
from app.kit.refusals import NotYours
from app.kit.words import Sentence, say, say_n

KEPT_BY_OTHERS = say("There is one already, and others keep it: they or an administrator change it.")


@dataclass
class _Decided:
    """`made` and `changed` have what is to be written, with the keepers that come with it."""

    report: ListReport = field(default_factory=ListReport)
    made: list[tuple[Row, list[int]]] = field(default_factory=list)
    changed: list[tuple[int, dict[str, Any], list[int]]] = field(default_factory=list)


async def bring_items(content: bytes, *, by: Neighbour | None, now: datetime, dry_run: bool = False) -> ListReport:
    """`by` is None for the command line. A dry run decides the same and writes nothing. Raises Unreadable, NotYours."""
    if by is not None:
        only_active(by, now)
        if not may_offer_ours(by):
            raise NotYours(say("Administrators, coordinators and managers of spaces put what is ours on the board."))
    rows = await asyncio.to_thread(lambda: list(rows_of(content)))
    today = await community.today(now)
    if dry_run:
        return (await _decided(rows, by, today)).report
    async with writing():
        # Two lists at once: the second waits here, then finds what the first brought.
        await held(Community.select(Community.id).where(Community.id == 1))
        decided = await _decided(rows, by, today)
        await _write(decided, by=by.id if by else None, now=now)
    return decided.report


async def _decided(rows: Collection[Row], by: Neighbour | None, today: date) -> _Decided:
    people = await meant({word for row in rows for word in row.keepers}, by=by, today=today)
    there, decided = await shelf(), _Decided()
    for row in rows:
        known = there.take(row.name) if row.name else None
        named = [_keeper(word, people, known) for word in row.keepers]
        why = (*row.why, *(each for each in named if isinstance(each, Sentence)))
        if len(named) > MOST_KEEPERS:
            why = (*why, say("At most %(n)s keepers for one thing.", n=MOST_KEEPERS))
        if row.is_blank or why:
            outcome = Outcome(row, What.refused if why else What.blank, why)
        else:
            keepers = dict.fromkeys(each for each in named if isinstance(each, int))
            outcome = _settled(decided, row, known, list(keepers), by)
        decided.report.outcomes.append(outcome)
    return decided


def _keeper(word: str, people: dict[str, int | Sentence], known: Known | None) -> int | Sentence:
    """Of two of one name, it is the one who keeps it already."""
    there = known.keeper_called(word) if known else None
    return people[word] if there is None else there


def _settled(decided: _Decided, row: Row, known: Known | None, keepers: list[int], by: Neighbour | None) -> Outcome:
    if known is None:
        decided.made.append((row, keepers or ([by.id] if by else [])))
        return Outcome(row, What.made)
    changes, more = _changes(row, known), [each for each in keepers if not known.is_kept_by(each)]
    if not (changes or more) or known.state == State.taken:  # what officers took away stays as it was
        return Outcome(row, What.unchanged)
    if by is not None and not by.is_a(RoleKind.administrator) and not known.is_kept_by(by.id):
        return Outcome(row, What.refused, (KEPT_BY_OTHERS,))
    decided.changed.append((known.id, changes, more))
    return Outcome(row, What.merged)


def _changes(row: Row, known: Known) -> dict[str, Any]:
    """What the list says otherwise. It neither breaks nor mends: that is told to those who are to have the thing."""
    said = _columns(row.said)
    if Condition.broken in (known.condition, said.get(words.CONDITION)):
        said.pop(words.CONDITION, None)
    if words.PARTS in said and json.loads(said[words.PARTS]) == json.loads(known.parts):
        said.pop(words.PARTS)
    return {name: value for name, value in said.items() if getattr(known, name) != value}


def _columns(said: dict[str, Any]) -> dict[str, Any]:
    packed = {words.PARTS: json.dumps(said[words.PARTS], ensure_ascii=False)} if words.PARTS in said else {}
    return {**said, **packed}


async def _write(decided: _Decided, *, by: int | None, now: datetime) -> None:
    """Few statements for many rows: whoever writes meanwhile waits."""
    made = await insert_all(Item, _MADE, [(*_cells(row), await new_label(), by, now) for row, _ in decided.made])
    steps = [(item, now, by, Did.offered) for item in made]
    kept = [(item, each) for item, (_, keepers) in zip(made, decided.made, strict=True) for each in keepers]
    for item, changes, keepers in decided.changed:
        values: dict[Any, Any] = {getattr(Item, name): value for name, value in changes.items()}
        await Item.update({**values, Item.edited_at: now}).where(Item.id == item)
        steps.append((item, now, by, Did.edited))
        kept += [(item, each) for each in keepers]
    await insert_all(ItemStep, (ItemStep.item, ItemStep.at, ItemStep.by, ItemStep.did), steps)
    await insert_all(ItemKeeper, (ItemKeeper.item, ItemKeeper.person), kept)
    await index_items([item for item, *_ in steps])
    for person, n in Counter(person for _, person in kept).items():
        told = say_n("You are a keeper of a thing of ours now.", "You are a keeper of %(n)s things of ours now.", n)
        await tell([person], told, "/share/labels", by=by, now=now)
    if steps:
        await audit.note("list of things brought in", who=by, about="community:1", now=now)


_SAID = (getattr(Item, name) for name in words.WORDS if name != words.KEEPERS)
_MADE = (*_SAID, Item.lang, Item.label, Item.by, Item.made_at)


def _cells(row: Row) -> tuple[Any, ...]:
    """In the order of `_MADE`: what the list says, and what is usual where it says nothing."""
    said = Item(**_columns(row.said))
    own = [getattr(said, name) for name in words.WORDS if name != words.KEEPERS]
    return (*own, of_text(f"{said.name} {said.about}", SOURCE))
