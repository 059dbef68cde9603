"""One question that many ask in the same moment, put to PostgreSQL once: the way there and back costs more than most
answers, the server's part of it too.
"""

import re
from collections.abc import Sequence
from typing import Any

from app.db.gathering import Gathering
from app.db.rows import Plain

PLACE = re.compile(r"\$(\d+)")
LIST = "[]"
SPECIAL, BACKSLASHED = re.compile(r'(["\\])'), r"\\\1"


class AskedByMany:
    """A question that only reads, and quickly: whoever comes while it is being asked is asked for with the next.

    The server gets a list for each value and runs the question for one line of them after the other (LATERAL).
    """

    def __init__(self, engine: Any, sql: str) -> None:
        self._engine, self._sql = engine, sql
        self._kinds: list[str] = []
        self._for_all = ""
        self._gathering: Gathering[Sequence[Any], Plain] = Gathering(self._ask)

    async def ask(self, values: Sequence[Any]) -> Plain:
        return await self._gathering.bring(values)

    async def _ask(self, askers: list[Sequence[Any]]) -> list[Plain | BaseException]:
        if len(askers) == 1:
            return [await self._alone(askers[0])]
        self._for_all = self._for_all or await self.put_for_all()
        try:
            found = await self._engine.fetch_as_planned(self._for_all, self._lists(askers))
        except Exception:  # of one of them, most likely: everybody hears of their own
            return [await self._alone(each) for each in askers]
        answers: list[list[Any]] = [[] for _ in askers]
        for row in found:
            answers[row[-1] - 1].append(row)
        names = tuple(found[0].keys())[:-1] if found else ()
        return [(names if rows else (), rows) for rows in answers]

    async def _alone(self, values: Sequence[Any]) -> Plain | BaseException:
        try:
            return plain(await self._engine.fetch_as_planned(self._sql, values))
        except Exception as broken:
            return broken

    async def put_for_all(self) -> str:
        self._kinds = await self._engine.kinds_of(self._sql)
        if not self._kinds:
            lists, columns = "generate_series(1, CAST($1 AS integer))", "nth"
        else:
            kinds = [f"CAST(${nth} AS {_sent_as(kind)}[])" for nth, kind in enumerate(self._kinds, 1)]
            lists = f"unnest({', '.join(kinds)}) WITH ORDINALITY"
            columns = ", ".join([*(f"value{nth + 1}" for nth in range(len(kinds))), "nth"])
        for_one = PLACE.sub(lambda place: self._in_line(int(place[1])), self._sql)
        return f"SELECT one.*, many.nth FROM {lists} AS many ({columns}), LATERAL ({for_one}) AS one"  # noqa: S608

    def _in_line(self, nth: int) -> str:
        kind, column = self._kinds[nth - 1], f"many.value{nth}"
        return f"CAST({column} AS {kind})" if kind.endswith(LIST) else column

    def _lists(self, askers: list[Sequence[Any]]) -> list[Any]:
        if not self._kinds:
            return [len(askers)]
        columns = zip(*askers, strict=True)
        return [
            [_as_text(value) for value in column] if kind.endswith(LIST) else column
            for kind, column in zip(self._kinds, columns, strict=True)
        ]


def plain(found: list[Any]) -> Plain:
    return tuple(found[0].keys()) if found else (), found


def _sent_as(kind: str) -> str:
    """A list of lists comes apart as one long list: a list within goes as text."""
    return "text" if kind.endswith(LIST) else kind


def _as_text(values: Sequence[int | str] | None) -> str | None:
    """A list as PostgreSQL writes it (its manual, 8.15.2)."""
    return None if values is None else f"{{{','.join(map(_quoted, values))}}}"


def _quoted(value: int | str) -> str:
    return f'"{SPECIAL.sub(BACKSLASHED, value)}"' if isinstance(value, str) else str(value)
