"""What is changed about a thing while it is promised or lent: it changes hands and comes home all the same."""

import pytest

from app.features.notices.tables import Notice
from app.features.people.rules import neighbour
from app.features.people.tables import Person
from app.features.sharing import jobs, rules
from app.features.sharing.rules import Back
from app.features.sharing.rules.lent import lent
from app.features.sharing.tables import Item, Policy, Stage
from app.kit import later, queue, slots
from app.kit.refusals import Taken
from app.kit.words import kept
from tests.sharing import DAY, NOON, TODAY, a_gift, a_loan, an_item, in_line, is_offered, owner_of

HOUR = DAY / 24
DUE = NOON + 4 * DAY


async def days_of(loan) -> set[int]:
    used = await slots.used([loan.thing], slots.days(TODAY - 30 * DAY, TODAY + 60 * DAY))
    return {each.slot for each in used if each.owner == loan.owner}


async def one_after_the_other(stage=Stage.out):
    """Five days and then another's five, promised before a day was wanted between the two."""
    item = await an_item()
    first = await a_loan(item, days=5, stage=stage)
    second = await a_loan(item, first=TODAY + 5 * DAY, days=5)
    await Item.update({Item.gap: 1}).where(Item.id == item.id)
    return item, first, second


@pytest.mark.parametrize("how", ["its keeper says so", "its keeper confirms it", "the clock counts it"])
async def test_it_comes_home_although_a_day_was_put_between_it_and_the_next(database, how):
    item, first, second = await one_after_the_other()
    keeper, ana = await owner_of(item), await neighbour(first.borrower)
    if how == "its keeper says so":
        await rules.bring_back(first.id, Back(), by=keeper, now=DUE)
    else:
        await rules.bring_back(first.id, Back(), by=ana, now=DUE)
    if how == "its keeper confirms it":
        await rules.confirm_back(first.id, by=keeper, now=DUE)
    await later.run_due(jobs.JOBS, DUE + 3 * DAY)

    assert (await lent(first.id)).stage == Stage.back
    assert await days_of(first) == set(slots.days(TODAY, TODAY + 4 * DAY))
    assert await days_of(second) == set(slots.days(TODAY + 5 * DAY, TODAY + 9 * DAY))


async def test_it_is_handed_over_although_a_day_was_put_between_it_and_the_next(database):
    item, first, second = await one_after_the_other(stage=Stage.accepted)
    await rules.confirm(first.id, by=await owner_of(item), now=NOON)
    assert await rules.confirm(first.id, by=await neighbour(first.borrower), now=NOON)
    assert await days_of(first) == set(slots.days(TODAY, TODAY + 4 * DAY))
    assert await days_of(second) == set(slots.days(TODAY + 5 * DAY, TODAY + 9 * DAY))


async def test_to_an_offer_that_has_become_too_short_other_days_are_named(database):
    item = await an_item(policy=Policy.at_once)
    ben = await in_line(item)
    await rules.offer_next(item.id, now=NOON)
    await a_loan(item, first=TODAY + 2 * DAY, days=5)
    await Item.update({Item.gap: 1}).where(Item.id == item.id)
    with pytest.raises(Taken, match="The next that are free: 2026-05-08 – 2026-05-09"):
        await rules.take_offer(ben.id, by=await neighbour(ben.borrower), now=NOON)
    assert await is_offered(ben)


async def test_an_offer_that_nobody_could_take_costs_nobody_their_place(database):
    """Whoever lends it was suspended meanwhile: not even a yes would have helped."""
    item = await an_item()
    ben, mei = await in_line(item, days=9), await in_line(item, days=9)
    await rules.offer_next(item.id, now=NOON)
    await Person.update({Person.state: "suspended"}).where(Person.id == item.person)
    await later.run_due(jobs.JOBS, NOON + DAY)
    assert (await lent(ben.id)).in_line and not await is_offered(ben)

    await Person.update({Person.state: "active"}).where(Person.id == item.person)
    await jobs.offer_what_is_free(NOON + 2 * DAY)
    assert (await is_offered(ben), await is_offered(mei)) == (True, False)
    until = (await queue.waits_of(ben.borrower))[0].offered_until
    await jobs.offer_what_is_free(NOON + 2 * DAY + HOUR)
    assert (await queue.waits_of(ben.borrower))[0].offered_until == until, "it is offered once"


async def test_an_offer_of_what_rests_lapses_as_any_other_since_it_could_be_taken(database):
    item = await an_item()
    ben, mei = await in_line(item, days=9), await in_line(item, days=9)
    await rules.offer_next(item.id, now=NOON)
    await rules.pause(item.id, by=await owner_of(item), now=NOON)
    await later.run_due(jobs.JOBS, NOON + DAY)
    assert (await lent(ben.id)).stage == Stage.expired and (await lent(mei.id)).in_line


async def test_what_rests_is_promised_to_whoever_asked_but_not_when_it_could_not_be_had_anyway(database):
    item = await an_item()
    owner, asks = await owner_of(item), await a_loan(item, stage=Stage.asked)
    await rules.pause(item.id, by=owner, now=NOON)
    await rules.broke(item.id, "A rung", by=owner, now=NOON)
    with pytest.raises(Taken, match="cannot be had"):
        await rules.accept(asks.id, by=owner, now=NOON)
    await rules.mended(item.id, by=owner, now=NOON)
    assert (await rules.accept(asks.id, by=owner, now=NOON)).stage == Stage.accepted

    pram = await a_gift(state="paused", until_at=NOON)
    late = await a_loan(pram, stage=Stage.asked)
    with pytest.raises(Taken, match="cannot be had"):
        await rules.accept(late.id, by=await owner_of(pram), now=NOON)


async def test_what_rests_of_somebody_who_was_suspended_is_taken_by_nobody(database):
    item = await an_item()
    ben = await in_line(item)
    await rules.offer_next(item.id, now=NOON)
    await Item.update({Item.state: "paused"}).where(Item.id == item.id)
    await Person.update({Person.state: "suspended"}).where(Person.id == item.person)
    with pytest.raises(Taken, match="cannot be had"):
        await rules.take_offer(ben.id, by=await neighbour(ben.borrower), now=NOON)


async def test_handed_over_early_it_is_out_on_days_that_another_asked_for_and_they_hear_so(database):
    item = await an_item()
    loan = await a_loan(item, first=TODAY + 3 * DAY, days=2)
    asks, later_on = [await a_loan(item, first=TODAY + each * DAY, days=2, stage=Stage.asked) for each in (1, 5)]
    await rules.confirm(loan.id, by=await owner_of(item), now=NOON)
    assert await rules.confirm(loan.id, by=await neighbour(loan.borrower), now=NOON)

    assert (await lent(asks.id)).in_line and (await lent(later_on.id)).waits(NOON)
    [row] = await Notice.select().where(Notice.person == asks.borrower)
    assert str(kept(row["sentence"])).startswith("Promised to somebody else: Ladder, 2026-05-02 – 2026-05-03.")
