"""What somebody keeps, as the rows of a list that can come in again."""

from collections.abc import Iterator

from msgspec import Struct

from app.db import prepared_sql
from app.features.people.rules import Neighbour
from app.features.sharing.rules import list_words as words
from app.features.sharing.rules.labels import code_of, kept_things
from app.features.sharing.rules.reach import Thing
from app.features.sharing.rules.words import CATEGORIES, CONDITIONS
from app.kit.words import Sentence, say

MOST = 5000


class _Keeper(Struct):
    item: int
    name: str


_keepers = prepared_sql(
    "SELECT item_keepers.item, people.name FROM item_keepers JOIN people ON people.id = item_keepers.person "
    "AND people.state = 'active' ORDER BY item_keepers.id",
    _Keeper,
)


async def list_of(*, by: Neighbour) -> list[list[Sentence | str]]:
    """The headings first. Sentences are for the reader's language, as the headings and categories of a list are."""
    things, keepers = await kept_things(by=by, limit=MOST), dict[int, list[str]]()
    for each in await _keepers():
        keepers.setdefault(each.item, []).append(each.name)
    headings: list[Sentence | str] = [*words.WORDS.values(), say("Code on its label")]
    return [headings, *(list(_cells(each, keepers.get(each.id, []))) for each in things)]


def _cells(thing: Thing, keepers: list[str]) -> Iterator[Sentence | str]:
    """In the order of the headings."""
    yield from (thing.name, CATEGORIES[thing.category], thing.about, CONDITIONS[thing.condition])
    yield from ("; ".join(thing.part_names), thing.fetch)
    yield from (("", "") if thing.is_gift else (str(thing.longest), str(thing.gap)))
    yield from (thing.deposit, words.YES if thing.emergency else words.NO, "; ".join(keepers))
    yield code_of(thing.label)
