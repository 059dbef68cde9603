"""SQL with places left open, made once from a typed query or from text."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from string import Formatter
from typing import Any

from msgspec.json import encode
from piccolo.columns.base import Column
from piccolo.columns.combination import WhereRaw
from piccolo.querystring import QueryString
from piccolo.table import Table
from piccolo.utils.encoding import dump_json

MARK = "\N{WHITE CIRCLE}"


class Slot(int):
    """Stands for the n-th argument while a query is built. An int, because limit() and offset() take nothing else,
    and write it into the text instead of keeping it apart: there it shows as a mark that we find again.
    """

    def __format__(self, _: str) -> str:
        return f"{MARK}{int(self)}{MARK}"


@dataclass(frozen=True)
class Statement:
    sql: str
    parts: tuple[Any, ...]  # what fills the placeholders: a Slot, or a value that is always the same
    open: int
    as_sql: Callable[[Any], Any]

    def filled(self, values: Sequence[Any]) -> list[Any]:
        if len(values) != self.open:
            raise TypeError(f"this query takes {self.open} values, not {len(values)}")
        given = [self.as_sql(value) for value in values]
        return [given[part] if type(part) is Slot else part for part in self.parts]


def of_query(build: Callable[..., Any], engine_type: str) -> Statement:
    slots = [Slot(number) for number in range(len(inspect.signature(build).parameters))]
    [querystring] = build(*slots).querystrings
    _, fragments, args = querystring.bundle(1, [], [])
    values = iter(args)
    pieces: list[Any] = []
    for fragment in fragments:
        pieces += marked(fragment.prefix)
        if not fragment.no_arg:
            pieces.append((next(values),))
    return assembled(pieces, engine_type, len(slots))


def marked(text: str) -> Iterator[Any]:
    """Text and, as 1-tuples, the slots that limit() and offset() wrote into it."""
    for place, piece in enumerate(text.split(MARK)):
        yield (Slot(piece),) if place % 2 else piece


def of_text(sql: str, engine_type: str) -> Statement:
    """`{}` takes the next value, `{0}` the first, as often as it is needed."""
    pieces: list[Any] = []
    count = most = 0
    for text, field, _, _ in Formatter().parse(sql):
        pieces.append(text)
        if field is not None:
            number = int(field) if field else count
            count, most = count + 1, max(most, number + 1)
            pieces.append((Slot(number),))
    return assembled(pieces, engine_type, most)


def assembled(pieces: list[Any], engine_type: str, slots: int) -> Statement:
    sql, parts = "", []
    for piece in pieces:
        if isinstance(piece, str):
            sql += piece
        else:
            parts += piece
            sql += "?" if engine_type == "sqlite" else f"${len(parts)}"
    lost = set(range(slots)) - {int(part) for part in parts if type(part) is Slot}
    if lost:
        raise ValueError(f"argument {min(lost) + 1} is lost: pass it on as it came, do not compute with it ({sql})")
    return Statement(sql, tuple(parts), slots, in_sqlite if engine_type == "sqlite" else as_sql)


NUMBERS_AND_WORDS = frozenset({int, str})
PLAIN = frozenset({int, str, bool, float, bytes, datetime, date, type(None)})


def as_sql(value: Any) -> Any:
    """As Piccolo does it when it knows the column."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Table):
        return getattr(value, value._meta.primary_key._meta.name)
    if isinstance(value, dict):
        return dump_json(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [as_sql(each) for each in value]
    return value


def in_sqlite(value: Any) -> Any:
    """A list is for json_each. Piccolo's own way to write one takes as long as most questions do."""
    given = as_sql(value)
    return encode(given).decode() if type(given) is list and NUMBERS_AND_WORDS.issuperset(map(type, given)) else given


def one_of(column: Column, values: Any) -> WhereRaw:
    """Like is_in(), with one place for the whole list however long: it may be empty and it may be prepared."""
    if column._meta.engine_type == "sqlite":
        return WhereRaw("{} IN (SELECT value FROM json_each({}))", column, listed(values))
    return WhereRaw("{} = ANY({})", column, listed(values))


def listed(values: Any) -> Any:
    return values if isinstance(values, Slot | QueryString) else as_sql(list(values))
