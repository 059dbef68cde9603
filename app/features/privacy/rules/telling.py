"""An export as somebody reads it: sections, words for every field, no numbers of rows."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from app.features.admin.rules import STATES
from app.features.community import rules as community
from app.features.events import rules as events
from app.features.help import rules as needs
from app.features.moderation import rules as moderation
from app.features.people import rules as people
from app.features.privacy.rules.field_words import FIELDS
from app.features.privacy.rules.words import DIDS, NOT_FOR_READING, OFFERS, PARTS, STAGES, TITLES
from app.features.skills import rules as skills
from app.kit.languages import NAMES
from app.kit.words import Sentence, kept, say

Shown = str | int | bool | date | datetime | Sentence
YES, NO = say("Yes"), say("No")
VALUES: dict[str, Mapping[Any, Sentence]] = {
    "category": skills.LABELS,
    "reach": skills.REACHES,
    "stage": STAGES,
    "did": DIDS,
    "kind": {**people.KINDS, **people.CAPABILITIES, **needs.LABELS},
    "stands": needs.STANDS,
    "urgency": needs.URGENCIES,
    "event_kind": events.KINDS,
    "event_said": events.SAID,
    "again": events.AGAIN,
    "state": {**STATES, **OFFERS},
    "task": {"handover": say("The role itself"), "deputy": say("To be its deputy"), "cover": say("To stand in once")},
    "answer": {
        "yes": say("Yes"),
        "no": say("No"),
        "withdrawn": say("It was taken back"),
        "over": say("It waited in vain"),
    },
    "role.kind": people.KINDS,
    "audience": people.AUDIENCES,
    "field": {name: field.words for name, field in (people.OF_A_PERSON | people.OF_A_HOUSEHOLD).items()},
    "rule": moderation.RULES,
    "measure": moderation.MEASURES,
    "verdict": moderation.VERDICTS,
    "purpose": {name: purpose.words for name, purpose in people.PURPOSES.items()},
}


class Part(Struct):
    title: Sentence
    rows: list[list[tuple[Sentence, Shown]]]


class Section(Struct):
    title: Sentence
    parts: list[Part]


def sections(everything: Mapping[str, Any]) -> list[Section]:
    """Features that keep nothing about somebody are left out."""
    told = [Section(_title(TITLES, name), _parts(name, kept_)) for name, kept_ in everything.items()]
    return [section for section in told if section.parts]


def _parts(feature: str, told: Any) -> list[Part]:
    named = told.items() if isinstance(told, dict) else [(feature, told)]
    parts = [Part(_title(PARTS | TITLES, name), _rows(rows)) for name, rows in named]
    return [part for part in parts if part.rows]


def _rows(rows: Any) -> list[list[tuple[Sentence, Shown]]]:
    many = [rows] if isinstance(rows, Mapping) else rows or []
    return [row for each in many if (row := _row(each))]


def _row(row: Mapping[str, Any]) -> list[tuple[Sentence, Shown]]:
    return [
        (_title(FIELDS, name), _shown(name, value))
        for name, value in row.items()
        if name not in NOT_FOR_READING and value not in (None, "", [])
    ]


def _shown(name: str, value: Any) -> Shown:
    if isinstance(value, bool):
        return YES if value else NO
    if name == "sentence":
        return kept(value)
    if name == "language":
        return NAMES.get(value, str(value))
    if name == "area.kind":
        return community.kind_name(value)
    if isinstance(value, (datetime, date, int)):
        return value
    if name == "did" and value not in DIDS:
        return Sentence(str(value))  # the audit's own words are sentences too
    return VALUES.get(name, {}).get(value) or str(value)


def _title(words: Mapping[str, Sentence], name: str) -> Sentence:
    return words.get(name) or say("%(name)s", name=name.replace("_", " "))
