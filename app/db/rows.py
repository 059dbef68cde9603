"""Rows as structs: what a template reads as attributes, equal on both engines."""

import types
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

Row = TypeVar("Row")
Read = Callable[[Any], Any]
Plain = tuple[tuple[str, ...], list[Any]]  # the names of the columns (none where there are no rows), the rows


class Nothing(msgspec.Struct):
    """What a statement gives back that only writes."""


def shaper(row: type[Row], names: Sequence[str]) -> Callable[[Sequence[Any]], Row]:
    """Makes `row` from the values of a query whose columns are called `names`, or says which is missing."""
    fields = [field.name for field in msgspec.structs.fields(row)]  # type: ignore[arg-type]
    missing = [name for name in fields if name not in names]
    if missing:
        raise TypeError(f"{row.__name__} wants {', '.join(missing)}; the query gives {', '.join(names)}")
    places = [len(names) - 1 - list(reversed(names)).index(name) for name in fields]
    hints = get_type_hints(row)
    careful = [(place, read) for place, name in enumerate(fields) if (read := reader(hints[name])) is not None]

    def shape(values: Sequence[Any]) -> Row:
        chosen = [values[place] for place in places]
        for place, read in careful:
            if chosen[place] is not None:
                chosen[place] = read(chosen[place])
        return row(*chosen)

    return shape


def reader(kind: Any) -> Read | None:
    """How a value of this type is read where the engine gives something poorer.

    SQLite knows a column's type, but not that of max(at), an EXISTS or anything else computed; PostgreSQL averages
    to Decimal; both give JSON as text.
    """
    if get_origin(kind) in (Union, types.UnionType):
        some = [each for each in get_args(kind) if each is not type(None)]
        return reader(some[0]) if len(some) == 1 else None
    if kind in (Any, str, bytes, int):
        return None
    if kind in (bool, float):
        return kind
    if kind in FROM_TEXT:
        return unless_text(FROM_TEXT[kind])
    if kind is Decimal:
        return lambda value: value if isinstance(value, Decimal) else Decimal(str(value))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return unless_text(msgspec.json.Decoder(kind).decode)


def unless_text(read: Read) -> Read:
    return lambda value: read(value) if isinstance(value, str) else value


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


FROM_TEXT: dict[Any, Read] = {datetime: moment, date: date.fromisoformat, time: time.fromisoformat, UUID: UUID}
