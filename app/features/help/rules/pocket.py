"""Needs that somebody takes part in, for when there is no network."""

from datetime import datetime, timedelta

from app.features.help.rules.board import board
from app.features.help.rules.kinds import LABELS
from app.features.help.rules.whole import whole
from app.features.people.rules import Neighbour
from app.kit.pocket import InPocket

AT_MOST = 10
# What is private stays on a phone no longer than this without being asked for anew: the need may be over meanwhile.
A_DAY = timedelta(days=1)


async def in_pocket(by: Neighbour, *, now: datetime) -> list[InPocket]:
    mine = await board(by, now=now)
    cards = [*mine.helping, *mine.waiting, *mine.mine][:AT_MOST]
    return [await _page(card.id, by, now) for card in cards]


async def _page(need_id: int, by: Neighbour, now: datetime) -> InPocket:
    """How to reach the other side, as long as the page itself shows it; each look is noted there."""
    seen = await whole(need_id, by=by, now=now)
    shows = {"whole": seen, "need": seen.need, "label": LABELS[seen.need.kind]}
    until = min(seen.contact_until or now + A_DAY, now + A_DAY)
    return InPocket(f"/help/{need_id}", LABELS[seen.need.kind], "help/in_pocket.html", shows, until)
