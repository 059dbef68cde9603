"""The words by which items are found, written with the deed that changes an item."""

import json
from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from app.db import DB, prepared_sql, writing
from app.features.sharing.rules.words import CATEGORIES
from app.features.sharing.tables import Category
from app.kit.languages import NAMES, language
from app.kit.search import Index

WORDS = Index("item_words")
AT_ONCE = 1000
AMONG = "IN (SELECT value FROM json_each({}))" if DB.engine_type == "sqlite" else "= ANY(CAST({} AS integer[]))"


class _Said(Struct):
    id: int
    name: str
    about: str
    category: Category
    parts: str


_said = prepared_sql(
    f"SELECT id, name, about, category, parts FROM items WHERE state = 'offered' AND id {AMONG}",  # noqa: S608
    _Said,
)


async def index_items(item_ids: Iterable[int]) -> None:
    """Makes the words of these items anew, and drops those of what is not on the board (any more).

    Joins the transaction it is called in: call it in every deed that makes, edits, pauses or ends an item.
    """
    ids = sorted(set(item_ids))
    for start in range(0, len(ids), AT_ONCE):
        await _index(ids[start : start + AT_ONCE])


async def _index(ids: list[int]) -> None:
    async with writing():
        found = {said.id: _document(said) for said in await _said(ids)}
        if len(found) < len(ids):
            await WORDS.drop(id for id in ids if id not in found)
        if found:
            await WORDS.put(found.items())


def _document(said: _Said) -> str:
    """What it is called is said twice, so that it counts for more than a word about it."""
    parts = [str(name) for name in json.loads(said.parts)]
    return " ".join([said.name, said.name, in_every_language(said.category), said.about, *parts])


@cache
def in_every_language(category: Category) -> str:
    """Whoever types 工具 or "tools" finds all of them."""
    return " ".join(CATEGORIES[category].spoken(language(tag)) for tag in NAMES)
