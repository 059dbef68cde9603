"""Queries that are built once: most of a small query's time is Piccolo putting its words together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic

from app.db.engine import DB
from app.db.rows import Row, shaper
from app.db.slots import Statement, of_query, of_text


class Prepared(Generic[Row]):
    """Await it with values, get structs. It takes part in the transaction it is called in, like any query."""

    def __init__(self, make: Callable[[str], Statement], row: type[Row], of_many: bool) -> None:
        self._make, self._row, self.of_many = make, row, of_many
        self._names: tuple[str, ...] = ()
        self._shape: Callable[[Any], Row]

    async def __call__(self, *values: Any) -> list[Row]:
        statement = self._made
        fetch = DB.fetch_for_many if self.of_many else DB.fetch_plain
        names, rows = await fetch(statement.sql, statement.filled(values))
        if rows and names != self._names:
            self._names, self._shape = names, shaper(self._row, names)
        return [self._shape(row) for row in rows]

    async def for_each(self, values: Iterable[Sequence[Any]]) -> None:
        """One after the other, on one way there and back: PostgreSQL's plan for one is better than that for a list."""
        statement = self._made
        await DB.fetch_each(statement.sql, [statement.filled(each) for each in values])

    @cached_property
    def _made(self) -> Statement:
        return self._make(DB.engine_type)

    @property
    def sql(self) -> str:
        return self._made.sql

    async def first(self, *values: Any) -> Row | None:
        rows = await self(*values)
        return rows[0] if rows else None


def unseen(place: str) -> str:
    """A list of numbers whose length PostgreSQL's planner does not see: it plans once, and not for each length anew."""
    return f"CAST((SELECT CAST({place} AS integer[])) AS integer[])"


def prepared(build: Callable[..., Any], row: type[Row], *, of_many: bool = False) -> Prepared[Row]:
    """`build` is called once, with a stand-in for each argument: it may pass them on (to ==, like, limit, one_of …),
    not look at them or compute with them. A list goes through one_of(), since is_in() needs to know how long it is;
    None never equals anything in SQL.
    """
    return Prepared(lambda engine_type: of_query(build, engine_type), row, of_many)


def prepared_sql(sql: str | Mapping[str, str], row: type[Row], *, of_many: bool = False) -> Prepared[Row]:
    """The same from text, with `{}` where a value goes; a mapping gives each engine ("sqlite", "postgres") its own.

    `of_many` is for quick reads that many ask in the same second: PostgreSQL is asked for all of them at once. A list
    among its values is one of numbers or words.
    """

    def make(engine_type: str) -> Statement:
        return of_text(sql if isinstance(sql, str) else sql[engine_type], engine_type)

    return Prepared(make, row, of_many)
