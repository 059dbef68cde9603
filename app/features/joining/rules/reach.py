"""Whose areas: an administrator reaches all of them, a steward the own ones and whatever is inside."""

from msgspec import Struct

from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind
from app.kit.refusals import Missing
from app.kit.words import Sentence

OFFICERS = (Kind.steward, Kind.administrator)


class Kept(Struct, frozen=True):
    """`everything`, or these areas."""

    everything: bool
    areas: tuple[int, ...] = ()

    def has(self, area_id: int) -> bool:
        return self.everything or area_id in self.areas


class Choice(Struct):
    """An area with its whole line, "Building 3, Entrance 2": a name alone says little."""

    id: int
    line: tuple[Sentence, ...]


async def kept_by(by: Neighbour) -> Kept:
    if by.is_a(Kind.administrator):
        return Kept(True)
    inside = [await community.below(area) for area in by.areas_as(Kind.steward)]
    return Kept(False, tuple(sorted({area for areas in inside for area in areas})))


async def must_keep(by: Neighbour, area_id: int) -> Kept:
    """Raises Missing for an area that is not there, or another's."""
    kept = await kept_by(by)
    if not kept.has(area_id):
        raise Missing
    await community.area(area_id)
    return kept


async def choices(by: Neighbour) -> list[Choice]:
    kept, found = await kept_by(by), list[Choice]()

    def walk(branches: list[community.Branch], line: tuple[Sentence, ...]) -> None:
        for branch in branches:
            here = (*line, branch.area.label)
            if kept.has(branch.area.id):
                found.append(Choice(branch.area.id, here))
            walk(branch.inside, here)

    walk(await community.tree(), ())
    return found


async def line_of(area_id: int) -> tuple[Sentence, ...]:
    return tuple(area.label for area in await community.line_to(area_id))


def among(sql: str) -> dict[str, str]:
    """A list of areas as one value, each engine in its way: AMONG becomes `IN (…)` of argument {0}."""
    return {
        "sqlite": sql.replace("AMONG", "IN (SELECT value FROM json_each({0}))"),
        "postgres": sql.replace("AMONG", "= ANY(CAST({0} AS integer[]))"),
    }
