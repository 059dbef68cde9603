"""Long lists come in pages. One row more than shown is fetched, so that "more" needs no count."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

T = TypeVar("T")
PER_PAGE = 20
DEEPEST = 1000


@dataclass(frozen=True)
class Paged(Generic[T]):
    rows: Sequence[T]
    number: int
    more: bool

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows)

    def link(self, number: int, **query: object) -> str:
        """The query of another page of the same list; empty words are left out."""
        return "?" + urlencode({k: v for k, v in {**query, "page": number if number > 1 else ""}.items() if v})


def which(number: int | None) -> int:
    return min(max(number or 1, 1), DEEPEST)


def window(number: int) -> tuple[int, int]:
    """(limit, offset) to fetch for `paged`."""
    return PER_PAGE + 1, (number - 1) * PER_PAGE


def paged(rows: Sequence[T], number: int) -> Paged[T]:
    return Paged(rows[:PER_PAGE], number, len(rows) > PER_PAGE)
