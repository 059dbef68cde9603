"""Forms: every field is read, every mistake is said at once beside its field, and what was typed is kept."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Struct, structs

from app.kit.phones import e164
from app.kit.refusals import Refusal, Several
from app.kit.words import Sentence, say

if TYPE_CHECKING:
    from litestar import Request
    from litestar.datastructures import FormMultiDict


DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True)
class Words:
    """A text field: at least one letter when required, at most so many."""

    most: int
    least: int = 1


@dataclass(frozen=True)
class Phone:
    """Read as people write it in `region`; kept as E.164."""

    region: str = "CN"


Line = Annotated[str, Words(120)]
Text = Annotated[str, Words(600)]


@dataclass
class Form:
    """What was typed, what is wrong with it, and (nothing wrong) what was meant."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, Sentence] = field(default_factory=dict)
    meant: Any = None
    labels: dict[str, str] = field(default_factory=dict)  # what the page calls its fields, noted as it draws them

    def refuse(self, refusal: Refusal) -> None:
        for each in refusal.each if isinstance(refusal, Several) else [refusal]:
            self.errors[each.beside] = each.sentence

    def __bool__(self) -> bool:
        return not self.errors


async def filled(request: "Request[Any, Any, Any]", shape: type[Struct]) -> Form:
    """`form.meant` is a `shape` when `form` is true. Texts are trimmed; an empty field is None or its default."""
    data = await sent(request)
    typed = {name: data.getall(name, []) for name in shape.__struct_fields__}
    return read(typed, shape)


async def sent(request: "Request[Any, Any, Any]") -> "FormMultiDict":
    """What came in, texts and files. Raises Refusal for bytes that are no text in any language."""
    try:
        data = await request.form()
        "".join(word for word in data.values() if isinstance(word, str)).encode()
    except (UnicodeError, LookupError):
        raise Refusal(say("We could not read that. Please go back and try again.")) from None
    return data


def blank(shape: type[Struct] | None = None, **values: Any) -> Form:
    """An empty form, or one that shows what is there already."""
    return Form({name: "" if value is None else value for name, value in values.items()})


def read(typed: Mapping[str, list[Any]], shape: type[Struct]) -> Form:
    form, meant = Form(), {}
    for name, kind, default in _fields(shape):
        raw = [word.strip() for word in typed.get(name, []) if isinstance(word, str)]  # a file says nothing in words
        form.values[name] = raw if _is_list(kind) else (raw[-1] if raw else "")
        try:
            meant[name] = _meant(raw, kind, default)
        except Mistake as mistake:
            form.errors[name] = mistake.sentence
    if not form.errors:
        form.meant = shape(**meant)
    return form


class Mistake(Exception):
    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence


@cache
def _fields(shape: type[Struct]) -> tuple[tuple[str, Any, Any], ...]:
    hints = get_type_hints(shape, include_extras=True)
    return tuple(
        (each.name, hints[each.name], each.default if each.default is not NODEFAULT else each.default_factory)
        for each in structs.fields(shape)
    )


def _is_list(kind: Any) -> bool:
    return get_origin(kind) in (list, tuple)


def _meant(raw: list[Any], kind: Any, default: Any) -> Any:
    if _is_list(kind):
        return [_one(word, get_args(kind)[0]) for word in raw if word != ""]
    if kind is bool:
        return bool(raw and raw[-1] not in ("", "0", "false", "off"))
    word = raw[-1] if raw else ""
    if word == "":
        if default is NODEFAULT:
            raise Mistake(say("Please fill this in."))
        return default() if callable(default) else default
    return _one(word, kind)


def _one(word: Any, kind: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _one(word, next(each for each in get_args(kind) if each is not type(None)))
    if origin is Annotated:
        return _noted(word, get_args(kind)[1])
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _choice(word, kind)
    if kind is int:
        return _number(word)
    if kind is date:
        return _day(word)
    return word


def _noted(word: str, note: Any) -> str:
    if isinstance(note, Phone):
        return phone(word, note.region)
    if "\x00" in word:
        raise Mistake(say("There is a character here that we cannot keep."))
    if len(word) > note.most:
        raise Mistake(say("At most %(most)s characters, please; these are %(n)s.", most=note.most, n=len(word)))
    if len(word) < note.least:
        raise Mistake(say("At least %(least)s characters, please.", least=note.least))
    return word


def _choice(word: str, kind: type[StrEnum]) -> StrEnum:
    try:
        return kind(word)
    except ValueError:
        raise Mistake(say("Please choose one of these.")) from None


def _number(word: str) -> int:
    try:
        return int(word)
    except ValueError:
        raise Mistake(say("A whole number, please.")) from None


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise Mistake(_no_such_day(word)) from None


def _no_such_day(word: str) -> Sentence:
    """Of the 31st of February: the last day which that month has."""
    found = DAY.fullmatch(word)
    if found and int(found[1]) >= 1 and 1 <= int(found[2]) <= 12 and int(found[3]):
        year, month = int(found[1]), int(found[2])
        last = date(year, month, monthrange(year, month)[1])
        return say("That month has no such day. Its last is %(day)s.", day=last)
    return say("A day that is in the calendar, please, like 2026-05-31.")


def phone(word: str, region: str) -> str:
    """E.164. Raises Mistake for a number that no telephone has."""
    number = e164(word, region)
    if not number:
        raise Mistake(say("That phone number cannot be right. Please look again."))
    return number
