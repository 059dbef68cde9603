"""Queries that are built once: most of a small query's time is Piccolo putting its words together."""

from collections.abc import Callable, Mapping
from typing import Any, Generic

from app.db.engine import DB
from app.db.rows import Row, shaper
from app.db.slots import Statement, of_query, of_text


class Prepared(Generic[Row]):
    """Await it with values, get structs. It takes part in the transaction it is called in, like any query."""

    def __init__(self, make: Callable[[str], Statement], row: type[Row]) -> None:
        self._make, self._row = make, row
        self._statement: Statement | None = None
        self._names: tuple[str, ...] = ()
        self._shape: Callable[[Any], Row]

    async def __call__(self, *values: Any) -> list[Row]:
        statement = self._statement
        if statement is None:
            statement = self._statement = self._make(DB.engine_type)
        names, rows = await DB.fetch_plain(statement.sql, statement.filled(values))
        if rows and names != self._names:
            self._names, self._shape = names, shaper(self._row, names)
        return [self._shape(row) for row in rows]

    async def first(self, *values: Any) -> Row | None:
        rows = await self(*values)
        return rows[0] if rows else None


def prepared(build: Callable[..., Any], row: type[Row]) -> Prepared[Row]:
    """`build` is called once, with a stand-in for each argument: it may pass them on (to ==, like, limit, one_of …),
    not look at them or compute with them. A list goes through one_of(), since is_in() needs to know how long it is;
    None never equals anything in SQL.
    """
    return Prepared(lambda engine_type: of_query(build, engine_type), row)


def prepared_sql(sql: str | Mapping[str, str], row: type[Row]) -> Prepared[Row]:
    """The same from text, with `{}` where a value goes; a mapping gives each engine ("sqlite", "postgres") its own."""
    return Prepared(lambda engine_type: of_text(sql if isinstance(sql, str) else sql[engine_type], engine_type), row)
