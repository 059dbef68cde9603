"""What all open boards need is counted once for all of them: on the day fifty look again every second."""

from collections.abc import Iterable, Sequence

from msgspec import structs

from app.features.alerts.rules.counting import COUNTS, Sought, Tally, each_area, to_look_for
from app.kit.together import Together

PAUSE = 0.4  # seconds between two counts
_tallies = Together[dict[int, Tally]](PAUSE)
_sought = Together[Sequence[Sought]](PAUSE)


async def tallies_of(alert: int) -> dict[int, Tally]:
    """Of every area with everything inside it, in their order. Shared by many: for reading only."""

    async def reckon() -> dict[int, Tally]:
        return rolled_up(await each_area(alert))

    return await _tallies.ask(alert, reckon)


async def everywhere(alert: int, at_most: int, after: int) -> Sequence[Sought]:
    """Whom to look for first in the whole community."""
    return await _sought.ask((alert, at_most, after), lambda: to_look_for(alert, at_most, after))


def rolled_up(alone: Sequence[Tally]) -> dict[int, Tally]:
    """From what stands in each area by itself; no area is inside of itself."""
    found = {each.id: structs.replace(each) for each in alone}
    for each in alone:
        above = each.parent if each.homes else None
        while above is not None:
            add(found[above], each)
            above = found[above].parent
    return found


def together(tallies: Iterable[Tally]) -> Tally:
    whole = Tally(0, None, "", "", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    for each in tallies:
        add(whole, each)
    return whole


def add(to: Tally, each: Tally) -> None:
    for count in COUNTS:
        setattr(to, count, getattr(to, count) + getattr(each, count))
