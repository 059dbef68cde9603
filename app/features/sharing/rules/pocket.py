"""One's running loans, with how to reach the other, for when there is no network."""

from datetime import datetime, timedelta

from app.features.people.rules import Neighbour
from app.features.sharing.rules.contacts import contact_in
from app.features.sharing.rules.days import what
from app.features.sharing.rules.my_loans import Line, my_loans
from app.features.sharing.rules.stages import HOLDS
from app.features.sharing.rules.words import STAGES
from app.kit.pocket import InPocket

AT_MOST = 10
# What is private stays on a phone no longer than this without being asked for anew: the loan may be over meanwhile.
A_DAY = timedelta(days=1)


async def in_pocket(by: Neighbour, *, now: datetime) -> list[InPocket]:
    mine = await my_loans(by, now=now)
    running = [each for each in [*mine.borrowing, *mine.lending] if each.stage in HOLDS]
    return [await _page(each, by, now) for each in running[:AT_MOST]]


async def _page(row: Line, by: Neighbour, now: datetime) -> InPocket:
    shows = {
        "lent": row,
        "lends": row.is_lent_by(by.id),
        "stage": STAGES[row.stage],
        "contact": await contact_in(row, by=by, now=now),
    }
    return InPocket(row.path, what(row), "sharing/loan_in_pocket.html", shows, now + A_DAY)
