"""Areas and households for addresses: those that are missing are made, level by level."""

from collections.abc import Iterable, Sequence

from app.features.community.rules import LABELS
from app.features.community.tables import Area
from app.features.people.tables import Household
from app.features.roster.rules.addresses import Address
from app.features.roster.rules.bulk import insert_all

Place = tuple[int | None, str]


async def households(addresses: Iterable[Address], kinds: Sequence[str]) -> dict[str, int]:
    """The household behind each door, by its label."""
    wanted = {address.label: address for address in addresses}
    known = {row["address"]: row["id"] for row in await Household.select(Household.address, Household.id)}
    missing = [address for label, address in wanted.items() if label not in known]
    areas = await _areas([_path(address, kinds) for address in missing])
    rows = ((areas[_path(address, kinds)], address.door, address.label) for address in missing)
    ids = await insert_all(Household, (Household.area, Household.door, Household.address), rows)
    return known | dict(zip((address.label for address in missing), ids, strict=True))


def _path(address: Address, kinds: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """In the community's own kinds: a kind we do not know stands for the rung at its place. Floors only where named."""
    path = []
    for place, (rung, name) in enumerate(address.path):
        if rung not in kinds and place < len(kinds) and kinds[place] not in LABELS:
            path.append((kinds[place], name))
        elif rung in kinds or rung != "floor":
            path.append((rung, name))
    return tuple(path)


async def _areas(paths: list[tuple[tuple[str, str], ...]]) -> dict[tuple[tuple[str, str], ...], int]:
    """The innermost area of each path. Parents are made before what lies inside them."""
    known: dict[Place, int] = {
        (row["parent"], row["name"]): row["id"] for row in await Area.select(Area.id, Area.parent, Area.name)
    }
    found: dict[tuple[tuple[str, str], ...], int] = {}
    for depth in range(1, max(map(len, paths), default=0) + 1):
        here = dict.fromkeys(path[:depth] for path in paths if len(path) >= depth)
        missing = {(found.get(path[:-1]), path[-1][1]): path[-1] for path in here}
        missing = {place: area for place, area in missing.items() if place not in known}
        rows = ((parent, kind, name, _sort(name)) for (parent, _), (kind, name) in missing.items())
        ids = await insert_all(Area, (Area.parent, Area.kind, Area.name, Area.sort), rows)
        known |= dict(zip(missing, ids, strict=True))
        found |= {path: known[found.get(path[:-1]), path[-1][1]] for path in here}
    return found


def _sort(name: str) -> int:
    return int(name) if name.isdigit() and len(name) < 9 else 0
