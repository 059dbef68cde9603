"""What the community has already, as a list that comes in meets it."""

from collections import defaultdict

from msgspec import Struct

from app.db import prepared_sql
from app.features.roster.rules.plain import plain
from app.features.sharing.tables import State


class Keeper(Struct):
    item: int
    person: int
    name: str


class Known(Struct):
    """A thing of the community as it stands."""

    id: int
    name: str
    about: str
    category: str
    condition: str
    parts: str
    fetch: str
    longest: int
    gap: int
    deposit: str
    emergency: bool
    state: State
    keepers: list[Keeper]

    def is_kept_by(self, person: int) -> bool:
        return any(each.person == person for each in self.keepers)

    def keeper_called(self, name: str) -> int | None:
        return next((each.person for each in self.keepers if each.name == name), None)


_known = prepared_sql(
    "SELECT id, name, about, category, condition, parts, items.fetch, longest, gap, deposit, emergency, state, "
    "'[]' AS keepers FROM items WHERE person IS NULL AND household IS NULL AND state <> 'gone' ORDER BY id",
    Known,
)
_keepers = prepared_sql(
    "SELECT item_keepers.item, item_keepers.person, people.name FROM item_keepers "
    "JOIN items ON items.id = item_keepers.item JOIN people ON people.id = item_keepers.person "
    "WHERE items.person IS NULL AND items.household IS NULL",
    Keeper,
)


class Shelf:
    """Each thing is taken from it once: of six tables of one name the second row is the second table."""

    def __init__(self, things: dict[int, Known]) -> None:
        self._by_name = defaultdict[str, list[Known]](list)
        for each in things.values():
            self._by_name[same(each.name)].append(each)

    def take(self, name: str) -> Known | None:
        waiting = self._by_name[same(name)]
        return waiting.pop(0) if waiting else None


def same(name: str) -> str:
    """However wide it was typed: 折叠桌（大） is not 折叠桌."""
    return "".join(plain(name).split()).casefold()


async def shelf() -> Shelf:
    found = {each.id: each for each in await _known()}
    for keeper in await _keepers():
        if keeper.item in found:
            found[keeper.item].keepers.append(keeper)
    return Shelf(found)
