"""Pinned announcements, for when there is no network."""

from datetime import datetime, time, timedelta

from app.features.announcements.rules.board import Shown, pinned
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.kit.pocket import InPocket


async def in_pocket(by: Neighbour, *, now: datetime) -> list[InPocket]:
    return [await _page(each) for each in await pinned(by, now=now)]


async def _page(shown: Shown) -> InPocket:
    path, until = f"/announcements/{shown.id}", await _end(shown)
    return InPocket(path, shown.title, "announcements/in_pocket.html", {"shown": shown}, until)


async def _end(shown: Shown) -> datetime | None:
    """The end of the last day on which it is pinned, where the community lives."""
    known = await community.here()
    if known is None or shown.pinned_until is None:
        return None
    return datetime.combine(shown.pinned_until + timedelta(days=1), time(), known.clock)
