"""The roll call as those see it who look for people: areas, a building as its windows, and whom to look for first.

A household counts once: it needs help when anybody in it does, is silent while nobody has answered, is answered in part
while somebody has not. All is counted by SQL from the snapshot of the alert.
"""

from asyncio import gather
from collections.abc import Iterable, Mapping

from msgspec import Struct

from app.features.alerts.rules.counting import Door, Sought, Tally, doors_in, to_look_for_in
from app.features.alerts.rules.counting_together import everywhere, tallies_of, together
from app.features.alerts.rules.reach import LEADS
from app.features.alerts.rules.words import BOARDS, channel_of
from app.features.alerts.tables import Alert
from app.features.community import rules as community
from app.features.community.rules import AreaRow
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.kit.paging import Paged, paged, window
from app.kit.refusals import Missing
from app.kit.words import Sentence

DRAWN = 400  # more windows than that are no picture any more
LISTENED = 100


class Floor(Struct):
    label: Sentence
    doors: list[Door]


class Board(Struct):
    """`whole` is what is shown, `inside` the areas within it, `floors` its windows by the area they stand in,
    `channels` what it looks again for."""

    alert: Alert
    area: AreaRow | None
    line: list[AreaRow]
    whole: Tally
    inside: list[Tally]
    floors: dict[int, list[Floor]]
    channels: tuple[str, ...] = (BOARDS,)


def sees_all(by: Neighbour) -> bool:
    return by.is_a(*LEADS)


def kept_by(by: Neighbour) -> list[int]:
    return by.areas_as(RoleKind.steward)


def must_see_boards(by: Neighbour) -> None:
    """Raises Missing for whoever looks for nobody."""
    if not by.is_active or not (sees_all(by) or kept_by(by)):
        raise Missing


async def board(alert: Alert, *, by: Neighbour) -> Board:
    """Every top area for whoever leads, for stewards those they look after."""
    must_see_boards(by)
    tallies, kept = await tallies_of(alert.id), kept_by(by)
    tops = [each for each in tallies.values() if (each.parent is None if sees_all(by) else each.id in kept)]
    there = [each for each in tops if each.homes]
    return Board(alert, None, [], together(there), there, {})


async def board_of(alert: Alert, area_id: int, *, by: Neighbour) -> Board:
    """One area. Missing outside of what a steward looks after."""
    line = await may_look_at(area_id, by=by)
    tallies, doors = await gather(tallies_of(alert.id), doors_in(alert.id, area_id, DRAWN + 1))
    return Board(
        alert=alert,
        area=line[-1],
        line=line[:-1],
        whole=tallies[area_id],
        inside=[each for each in tallies.values() if each.parent == area_id and each.homes],
        floors=floors_of(doors, area_id) if len(doors) <= DRAWN else {},
        channels=_channels(tallies, area_id),
    )


def _channels(tallies: Mapping[int, Tally], area_id: int) -> tuple[str, ...]:
    """Of the area and of all that stand in it; of very many, the one that says everything."""
    inside, found = [area_id], list[int]()
    while inside:
        found += inside
        inside = [each.id for each in tallies.values() if each.parent in inside]
    return tuple(map(channel_of, found)) if len(found) <= LISTENED else (BOARDS,)


async def may_look_at(area_id: int, *, by: Neighbour) -> list[AreaRow]:
    """The line that leads there; raises Missing where they look after none of it."""
    line = await community.line_to(area_id)
    if not line or not (by.is_active and (sees_all(by) or {each.id for each in line} & set(kept_by(by)))):
        raise Missing
    return line


async def sought(alert: Alert, number: int, *, area: int | None, by: Neighbour) -> Paged[Sought]:
    """Who needs help, then who is known to need somebody and is silent, then who is silent (E 39)."""
    must_see_boards(by)
    if area is not None:
        await may_look_at(area, by=by)
    if area is None and sees_all(by):
        return paged(list(await everywhere(alert.id, *window(number))), number)
    areas = [area] if area is not None else kept_by(by)
    return paged(list(await to_look_for_in(alert.id, *window(number), areas)), number)


def floors_of(doors: Iterable[Door], area_id: int) -> dict[int, list[Floor]]:
    """By the area they are listed under: a row for each floor, the highest on top, as one sees it from outside.

    Where the areas within are floors themselves, all of them are one picture.
    """
    rows: dict[int, dict[int, Floor]] = {}
    for door in doors:
        floors = rows.setdefault(door.within, {})
        if door.area not in floors:
            floors[door.area] = Floor(community.label(door.kind, door.name), [])
        floors[door.area].doors.append(door)
    found = {within: list(floors.values()) for within, floors in rows.items()}
    if all(len(floors) == 1 for floors in found.values()):
        return {area_id: [floor for floors in found.values() for floor in floors]}
    return found
