"""Things that are lent over weeks, whatever neighbours, their owner and the clock do with them.

After each deed: no day is two people's, nobody who waits is lost or passed over; and in the end each was told once of
each outcome. What each holds is reckoned in tests/lending.py from the loans' own days, with none of the rules.
"""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from app.db import DB
from app.features.sharing.tables import Loan, Policy, Stage
from app.kit.tables import Later, Slot, Waiting
from tests.lending import DEEDS, Life, must_have_been_told_once, must_hold
from tests.sharing import a_gift, a_neighbour, an_item

LIVES = int(os.environ.get("KITH_TEST_LIVES", "0"))  # more of them than in every run
MOST = LIVES or (40 if DB.engine_type == "sqlite" else 10)
WEEKS = 24 * 7 * 6


async def a_life() -> Life:
    owner = await a_neighbour(name="Owner")
    items = [
        await an_item(by=owner, policy=Policy.at_once, gap=1),
        await an_item(by=owner, gap=0),
        await a_gift(by=owner),
        await a_gift(by=owner, first_come=False),
    ]
    return Life(items, [await a_neighbour(name=f"Neighbour {nth}") for nth in range(4)], owner)


@given(steps=st.lists(st.one_of(*DEEDS), min_size=15, max_size=45))
@settings(max_examples=MOST, deadline=None, derandomize=not LIVES)
async def test_nobody_has_what_another_has_and_nobody_in_line_is_lost_or_passed_over(sweep, steps):
    await sweep()
    life, line = await a_life(), {}
    for step in steps:
        await life.did(*step)
        line = await must_hold(life, step, line)
    await life.hours(WEEKS)
    await must_hold(life, "the end", line)
    await must_have_been_told_once(life)
    await nothing_is_left_open()


async def nothing_is_left_open() -> None:
    """Every day of every loan is over: only what is given away, or waits for it, is still somebody's."""
    assert await Loan.count().where(Loan.first_on.is_not_null() & Loan.stage.is_in(["asked", "accepted"])) == 0
    gifts = await Loan.count().where(Loan.stage == Stage.accepted)
    offered = Waiting.ended_at.is_null() & Waiting.offered_until.is_not_null()
    assert await Slot.count() == gifts + await Waiting.count().where(offered)
    assert await Later.count().where(Later.done_at.is_null() & Later.key.like("loan:%")) == 0
