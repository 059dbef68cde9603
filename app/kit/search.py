"""Search that finds 木工 by 木工, by 木 and by 工, and woodwork by "wood": equal hits on both engines.

Chinese is kept in pairs, with the last character of each run alone, so that every character begins a token. Both
engines get their tokens ready-made (FTS5 with its plainest tokeniser, PostgreSQL a tsvector as it stands): neither's
own idea of a word has a say. We tried trigrams, which find no word of two characters, and a dictionary, which misses
one in twenty.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from piccolo.querystring import QueryString

from app.db import DB

CHINESE = "\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
RUNS = re.compile(f"([{CHINESE}]+)|([^\\W_{CHINESE}]+)")
LONGEST_WORD, MOST_TOKENS, MOST_ASKED = 40, 4000, 16
AT_ONCE = 2000

Term = tuple[list[str], bool]  # tokens side by side, and whether the last may be the beginning of a longer one


@dataclass(frozen=True)
class Index:
    """Words by the id of what they belong to. `name` is a table of our own, never something that was typed."""

    name: str

    def create_sql(self, engine: str) -> tuple[str, ...]:
        if engine == "sqlite":
            return (f"CREATE VIRTUAL TABLE {self.name} USING fts5(words, tokenize = 'ascii')",)
        return (
            f"CREATE TABLE {self.name} (id bigint PRIMARY KEY, words tsvector NOT NULL)",
            f"CREATE INDEX {self.name}_words ON {self.name} USING gin (words)",
        )

    @property
    def hits(self) -> str:
        """A subquery with one slot, which takes `asked(…)`: `id`, and `score`, the smallest first."""
        if DB.engine_type == "sqlite":
            return f"(SELECT rowid AS id, bm25({self.name}) AS score FROM {self.name} WHERE {self.name} MATCH {{}})"  # noqa: S608
        return (
            f"(SELECT id, -ts_rank(words, asked, 1) AS score FROM {self.name}, "  # noqa: S608
            "(SELECT CAST(CAST({} AS text) AS tsquery) AS asked) AS asking WHERE words @@ asked)"
        )

    async def put(self, pairs: Iterable[tuple[int, str]]) -> None:
        """New words for these ids, inside the deed's transaction; twenty thousand take a second or two."""
        rows = [(id, self._document(words)) for id, words in pairs]
        for start in range(0, len(rows), AT_ONCE):
            packed = json.dumps(rows[start : start + AT_ONCE], ensure_ascii=False)
            await DB.run_querystring(QueryString(self._put, packed))

    async def drop(self, ids: Iterable[int]) -> None:
        await DB.run_querystring(QueryString(self._drop, json.dumps(list(ids))))

    @property
    def _put(self) -> str:
        if DB.engine_type == "sqlite":
            return (
                f"INSERT OR REPLACE INTO {self.name} (rowid, words) "  # noqa: S608
                "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each({})"
            )
        return (
            f"INSERT INTO {self.name} (id, words) "  # noqa: S608
            "SELECT (value ->> 0)::bigint, (value ->> 1)::tsvector FROM jsonb_array_elements({}) AS value "
            "ON CONFLICT (id) DO UPDATE SET words = excluded.words"
        )

    async def forget(self) -> None:
        """What was dropped is still in the pages of FTS5 until they are merged: merges them now. PostgreSQL's vacuum
        does it by itself."""
        if DB.engine_type == "sqlite":
            await DB.run_querystring(QueryString(f"INSERT INTO {self.name} ({self.name}) VALUES ('optimize')"))  # noqa: S608

    @property
    def _drop(self) -> str:
        if DB.engine_type == "sqlite":
            return f"DELETE FROM {self.name} WHERE rowid IN (SELECT value FROM json_each({{}}))"  # noqa: S608
        return f"DELETE FROM {self.name} WHERE id IN (SELECT jsonb_array_elements({{}})::bigint)"  # noqa: S608

    def _document(self, words: str) -> str:
        found = tokens(words)
        if DB.engine_type == "sqlite":
            return " ".join(found)
        return " ".join(f"'{token}':{place}" for place, token in enumerate(found, 1))


def asked(text: str, *, any_of_it: bool = False) -> str:
    """For the slot of `hits`. All of it must be found, or `any_of_it`; nothing to look for finds nothing.

    Only letters and digits come through `terms`, so no sign of either engine's query language does.
    """
    found = terms(text)
    if any_of_it:
        found = [([token], may_begin) for run, may_begin in found for token in run]
    chosen = found[:MOST_ASKED]
    if DB.engine_type == "sqlite":
        return (" OR " if any_of_it else " AND ").join(_for_fts5(*term) for term in chosen) or '""'
    return (" | " if any_of_it else " & ").join(_for_postgres(*term) for term in chosen)


def _for_fts5(run: list[str], may_begin: bool) -> str:
    return f'"{" ".join(run)}"' + ("*" if may_begin else "")


def _for_postgres(run: list[str], may_begin: bool) -> str:
    return f"'{run[0]}':*" if may_begin else "(" + " <-> ".join(f"'{token}'" for token in run) + ")"


def tokens(text: str) -> list[str]:
    """What is kept of a text: of "木工 drill" 木工, 工 and drill."""
    return [token for run in _runs(text) for token in _pairs(*run)][:MOST_TOKENS]


def terms(text: str) -> list[Term]:
    """What somebody looks for: a word may be a beginning, so may a single character; more Chinese stands as it is."""
    return [([run], True) if word or len(run) == 1 else (_pairs(run, word)[:-1], False) for run, word in _runs(text)]


def _pairs(run: str, word: bool) -> list[str]:
    return [run] if word else [run[at : at + 2] for at in range(len(run))]


def _runs(text: str) -> list[tuple[str, bool]]:
    """Runs of Chinese, and words of other letters and digits (marked True), without case, width and accents."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = unicodedata.normalize("NFC", "".join(each for each in letters if not unicodedata.combining(each)))
    return [(run or word[:LONGEST_WORD], bool(word)) for run, word in RUNS.findall(plain)]
