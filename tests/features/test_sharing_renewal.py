"""A little longer by one tap: unless somebody waits for it, or has its days."""

import asyncio

import pytest

from app.db import writing
from app.features.notices.tables import Notice
from app.features.people.rules import neighbour
from app.features.sharing import rules
from app.features.sharing.rules import Back
from app.features.sharing.rules.lent import lent, steps_of
from app.features.sharing.rules.reach import held_item
from app.features.sharing.rules.renewing import ON_ITS_WAY, UNDO
from app.features.sharing.tables import Did, Stage
from app.kit import queue, slots
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import kept
from tests.sharing import DAY, NOON, TODAY, a_loan, a_neighbour, an_item, owner_of


async def taken_days(item) -> set[int]:
    return (await slots.taken([item.thing], slots.days(TODAY - 30 * DAY, TODAY + 90 * DAY)))[item.thing]


async def out(*, item=None, **said):
    """Handed over today, for three days."""
    item = item or await an_item()
    loan = await a_loan(item, **{"days": 3, "stage": Stage.out, **said})
    return item, loan, await neighbour(loan.borrower)


async def test_by_the_same_length_from_the_day_on_which_it_is_due(database):
    item, loan, ana = await out()
    assert await rules.renew(loan.id, by=ana, now=NOON) == TODAY + 5 * DAY
    now = await lent(loan.id)
    assert (now.due_on, now.last_on, now.renewals) == (TODAY + 5 * DAY, TODAY + 2 * DAY, 1)
    assert await taken_days(item) == set(slots.days(TODAY, TODAY + 5 * DAY))
    assert [each.did for each in await steps_of(loan.id)] == [Did.renewed]
    [notice] = await Notice.select()
    assert notice["person"] == item.person
    assert str(kept(notice["sentence"])) == f"{ana.name} keeps it longer: Ladder, until 2026-05-06."
    assert await rules.renew(loan.id, by=ana, now=NOON) == TODAY + 8 * DAY, "three days again, not six"


async def test_at_most_by_the_longest_of_its_thing_and_its_gap_stays(database):
    item = await an_item(longest=2, gap=1)
    _, loan, ana = await out(item=item)
    assert await rules.renew(loan.id, by=ana, now=NOON) == TODAY + 4 * DAY
    assert await taken_days(item) == set(slots.days(TODAY, TODAY + 5 * DAY))


async def test_not_while_somebody_waits_for_some_of_it(database):
    item, loan, ana = await out()
    await queue.join(item.thing, (await a_neighbour()).id, slots.days(TODAY + 5 * DAY, TODAY + 9 * DAY), {}, now=NOON)
    with pytest.raises(Taken, match="Somebody waits for it"):
        await rules.renew(loan.id, by=ana, now=NOON)
    assert (await lent(loan.id)).due_on == TODAY + 2 * DAY


async def test_not_while_somebody_waits_for_an_answer_about_some_of_those_days(database):
    item, loan, ana = await out()
    asked = await a_loan(item, first=TODAY + 5 * DAY, stage=Stage.asked)
    with pytest.raises(Taken, match="Somebody waits for it"):
        await rules.renew(loan.id, by=ana, now=NOON)
    owner = await owner_of(item)
    await rules.propose(asked.id, TODAY + 6 * DAY, TODAY + 9 * DAY, by=owner, now=NOON)
    assert await rules.renew(loan.id, by=ana, now=NOON) == TODAY + 5 * DAY
    assert (await rules.agree_to(asked.id, by=await neighbour(asked.borrower), now=NOON)).stage == Stage.accepted


async def test_whoever_waits_for_much_later_is_not_in_the_way(database):
    item, loan, ana = await out()
    await queue.join(item.thing, (await a_neighbour()).id, slots.days(TODAY + 6 * DAY, TODAY + 9 * DAY), {}, now=NOON)
    assert await rules.renew(loan.id, by=ana, now=NOON) == TODAY + 5 * DAY


async def test_not_into_days_that_are_anothers_nor_into_the_gap_before_them(database):
    item = await an_item(gap=1)
    _, loan, ana = await out(item=item)
    await a_loan(item, first=TODAY + 6 * DAY, days=2)
    with pytest.raises(Taken, match="from 2026-05-07 on"):
        await rules.renew(loan.id, by=ana, now=NOON)
    assert await taken_days(item) == {
        *slots.days(TODAY, TODAY + 3 * DAY),
        *slots.days(TODAY + 6 * DAY, TODAY + 8 * DAY),
    }


async def test_what_has_been_due_for_long_is_not_renewed_into_the_past(database):
    _, loan, ana = await out(first=TODAY - 9 * DAY)
    with pytest.raises(Refusal, match="due for too long"):
        await rules.renew(loan.id, by=ana, now=NOON)


async def test_a_little_late_still_counts_from_the_day_on_which_it_was_due(database):
    _, loan, ana = await out(first=TODAY - 4 * DAY)
    assert await rules.renew(loan.id, by=ana, now=NOON) == TODAY + DAY


async def test_only_whoever_has_it_renews_it_and_not_what_was_said_to_be_back(database):
    item, loan, ana = await out()
    with pytest.raises(NotYours):
        await rules.renew(loan.id, by=await owner_of(item), now=NOON)
    with pytest.raises(Missing):
        await rules.renew(loan.id, by=await a_neighbour(), now=NOON)
    await rules.bring_back(loan.id, Back(), by=ana, now=NOON)
    with pytest.raises(Taken, match="You have said that it is back"):
        await rules.renew(loan.id, by=ana, now=NOON)


async def test_a_slip_is_taken_back_within_seconds_and_its_days_with_it(database):
    item, loan, ana = await out()
    await rules.renew(loan.id, by=ana, now=NOON)
    assert await rules.undo_renewal(loan.id, by=ana, now=NOON + UNDO) == TODAY + 2 * DAY
    now = await lent(loan.id)
    assert (now.due_on, now.renewals) == (TODAY + 2 * DAY, 0)
    assert await taken_days(item) == set(slots.days(TODAY, TODAY + 2 * DAY))
    with pytest.raises(Taken, match="nothing of yours to undo"):
        await rules.undo_renewal(loan.id, by=ana, now=NOON + UNDO)


async def test_later_it_is_no_slip_any_more(database):
    _, loan, ana = await out()
    await rules.renew(loan.id, by=ana, now=NOON)
    with pytest.raises(Taken, match="too late"):
        await rules.undo_renewal(loan.id, by=ana, now=NOON + UNDO + ON_ITS_WAY * 2)


async def test_renewed_while_somebody_joins_the_line_it_is_the_one_or_the_other(database):
    for _ in range(5):
        item, loan, ana = await out()
        ben = await a_neighbour()

        async def join(item=item, ben=ben, loan=loan):
            async with writing():
                await held_item(item.id)
                now = await lent(loan.id)
                await queue.join(item.thing, ben.id, slots.days(TODAY + 4 * DAY, TODAY + 5 * DAY), {}, now=NOON)
                return now.due_on

        renewed, seen = await asyncio.gather(rules.renew(loan.id, by=ana, now=NOON), join(), return_exceptions=True)
        due = (await lent(loan.id)).due_on
        if isinstance(renewed, Taken):
            assert due == seen == TODAY + 2 * DAY
        else:
            assert due == seen == renewed == TODAY + 5 * DAY, "whoever joined knew that it had been renewed"


async def test_two_taps_at_once_and_another_who_takes_the_days(database):
    item, loan, ana = await out()

    async def take():
        async with writing():
            wanted = slots.Claim(item.thing, tuple(slots.days(TODAY + 3 * DAY, TODAY + 4 * DAY)))
            await slots.take("loan:999", [wanted])

    said = await asyncio.gather(
        take(), *[rules.renew(loan.id, by=ana, now=NOON) for _ in range(3)], return_exceptions=True
    )
    days = await slots.used([item.thing], slots.days(TODAY, TODAY + 60 * DAY))
    due = (await lent(loan.id)).due_on
    assert {each.slot for each in days if each.owner == loan.owner} == set(slots.days(TODAY, due))
    assert not [each for each in said[1:] if isinstance(each, Exception) and not isinstance(each, Taken)], said
    assert (said[0] is None) == any(each.owner == "loan:999" for each in days)
