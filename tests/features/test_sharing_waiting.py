"""The waiting line of a thing: in turn, for a while, and nobody is lost in it."""

from datetime import timedelta

import pytest

from app.features.notices.tables import Notice
from app.features.people.rules import neighbour
from app.features.people.tables import Person
from app.features.sharing import rules
from app.features.sharing.jobs import JOBS
from app.features.sharing.rules import Wish
from app.features.sharing.tables import Item, Loan, Policy, Stage
from app.kit import later, queue, slots
from app.kit.refusals import Missing, Taken
from app.kit.tables import Waiting
from tests.features.test_sharing_asking import days, taken, told
from tests.sharing import DAY, NOON, TODAY, a_gift, a_loan, a_neighbour, an_item, in_line, owner_of

HOUR = timedelta(hours=1)
SOON = days(3)


async def a_line(item, *wishes):
    """A loan of ten days, and neighbours who wait for some of them: `(loan, [who waits])`."""
    held = await rules.ask(item.id, days(many=10), by=await a_neighbour(), now=NOON)
    if held.waits(NOON):
        held = await rules.accept(held.id, by=await owner_of(item), now=NOON)
    wishes = wishes or (SOON, SOON)
    return held, [await rules.ask(item.id, wish, by=await a_neighbour(), now=NOON) for wish in wishes]


async def as_now(loan):
    return await rules.lent(loan.id)


async def of(loan):
    return await neighbour(loan.borrower)


async def offered(loan, at) -> bool:
    turn = (await rules.turns_of([await as_now(loan)], today=TODAY)).get(loan.id)
    return turn is not None and turn.offered(at)


async def test_days_that_come_free_are_offered_in_turn_for_a_day_and_then_to_the_next():
    item = await an_item(policy=Policy.at_once)
    held, [ben, mei] = await a_line(item)
    assert not await offered(ben, NOON)
    with pytest.raises(Taken, match="not your turn"):
        await rules.take_offer(ben.id, by=await of(ben), now=NOON)

    await rules.call_off(held.id, by=await of(held), now=NOON)
    assert (await offered(ben, NOON), await offered(mei, NOON)) == (True, False)
    assert "your turn" in (await told(await of(ben)))[0]
    [waits] = await queue.waits_of(ben.borrower)
    assert await taken() == {waits.owner: 7}

    await later.run_due(JOBS, NOON + 23 * HOUR)
    assert await offered(ben, NOON + 23 * HOUR)
    await later.run_due(JOBS, NOON + 24 * HOUR)
    assert (await as_now(ben)).stage == Stage.expired
    [only] = await told(await of(ben))
    assert "went to the next" in only
    assert await offered(mei, NOON + 24 * HOUR)

    mine = await rules.take_offer(mei.id, by=await of(mei), now=NOON + 25 * HOUR)
    assert (mine.stage, await taken()) == (Stage.accepted, {mine.owner: 7})
    assert "Promised to" in (await told(await owner_of(item)))[-1]
    with pytest.raises(Taken, match="over"):
        await rules.take_offer(ben.id, by=await of(ben), now=NOON + 25 * HOUR)


async def test_where_the_owner_decides_a_yes_to_an_offer_keeps_the_days_until_the_answer():
    item = await an_item()
    held, [ben, mei] = await a_line(item)
    await rules.call_off(held.id, by=await of(held), now=NOON)

    await rules.take_offer(ben.id, by=await of(ben), now=NOON)

    ben = await as_now(ben)
    assert (ben.waits(NOON), await taken()) == (True, {ben.owner: 7})
    late = await rules.ask(item.id, SOON, by=await a_neighbour(), now=NOON)
    assert late.in_line
    await rules.decline(ben.id, "Not this week", by=await owner_of(item), now=NOON)
    assert (await offered(mei, NOON), await offered(late, NOON)) == (True, False)


async def test_whoever_stood_in_line_before_stays_before_those_who_are_put_into_it():
    """The order is that of asking, also for whom an answer had been waited for."""
    item = await an_item()
    first = await rules.ask(item.id, days(), by=await a_neighbour(), now=NOON)
    second = await rules.ask(item.id, days(), by=await a_neighbour(), now=NOON + HOUR)
    chosen = await rules.ask(item.id, days(2, 3), by=await a_neighbour(), now=NOON + 2 * HOUR)
    await rules.accept(chosen.id, by=await owner_of(item), now=NOON + 3 * HOUR)
    third = await rules.ask(item.id, days(), by=await a_neighbour(), now=NOON + 3 * HOUR)

    line = [await as_now(each) for each in (third, second, first)]
    turns = await rules.turns_of(line, today=TODAY)

    assert [turns[each.id].place for each in (first, second, third)] == [1, 2, 3]


async def test_who_needs_a_day_that_is_still_anothers_lets_those_go_before_who_do_not():
    item = await an_item(policy=Policy.at_once)
    await a_loan(item, first=TODAY + 10 * DAY)
    held, [long, short] = await a_line(item, days(8, 5), days(7, 2))

    await rules.call_off(held.id, by=await of(held), now=NOON)

    assert (await offered(long, NOON), await offered(short, NOON)) == (False, True)
    assert (await as_now(long)).in_line


async def test_no_to_an_offer_asks_the_next_and_no_longer_waiting_leaves_the_line():
    item = await an_item(policy=Policy.at_once)
    held, [ben, mei, tom] = await a_line(item, SOON, SOON, SOON)
    await rules.withdraw(mei.id, by=await of(mei), now=NOON)
    await rules.call_off(held.id, by=await of(held), now=NOON)

    await rules.withdraw(ben.id, by=await of(ben), now=NOON)

    assert [(await as_now(each)).stage for each in (ben, mei)] == [Stage.withdrawn] * 2
    assert await offered(tom, NOON)
    assert await told(await of(ben)) == []
    with pytest.raises(Missing):
        await rules.withdraw(tom.id, by=await of(ben), now=NOON)


async def test_waiting_is_over_with_the_last_day_and_they_hear_it():
    item = await an_item(policy=Policy.at_once)
    _, [ben, _] = await a_line(item)
    last = NOON + 9 * DAY + 4 * HOUR  # midnight in Shanghai after the last day

    await later.run_due(JOBS, last - HOUR)
    assert (await as_now(ben)).in_line
    await later.run_due(JOBS, last)

    assert (await as_now(ben)).stage == Stage.expired
    assert "did not come free" in (await told(await of(ben)))[0]
    assert await Waiting.count().where(Waiting.ended_at.is_null()) == 0


async def test_what_comes_back_early_is_offered_for_the_days_that_are_left():
    item = await an_item(policy=Policy.at_once)
    held, [ben, _] = await a_line(item, days(1, 9), days(1, 9))
    await Loan.update({Loan.stage: Stage.back}).where(Loan.id == held.id)
    await slots.give_back(held.owner)
    await rules.offer_next(item.id, now=NOON + 4 * DAY)

    mine = await rules.take_offer(ben.id, by=await of(ben), now=NOON + 4 * DAY)

    assert (mine.first_on, mine.due_on, await taken()) == (TODAY + 4 * DAY, TODAY + 9 * DAY, {mine.owner: 6})


async def test_somebody_waits_only_for_the_days_they_wait_for():
    held, _ = await a_line(await an_item(policy=Policy.at_once))

    assert await rules.somebody_waits(held, TODAY + 9 * DAY, TODAY + 9 * DAY)
    assert not await rules.somebody_waits(held, TODAY + 10 * DAY, TODAY + 20 * DAY)


async def test_instead_of_waiting_they_take_days_that_are_free():
    item = await an_item(policy=Policy.at_once)
    held, [ben, mei] = await a_line(item)
    first, last = await rules.instead_of(ben, today=TODAY)
    assert (first, last) == (TODAY + 10 * DAY, TODAY + 16 * DAY)

    mine = await rules.ask_for_other_days(ben.id, first, last, by=await of(ben), now=NOON)

    assert (mine.stage, mine.first_on, await taken()) == (Stage.accepted, first, {held.owner: 10, mine.owner: 7})
    with pytest.raises(Taken, match="next that are free"):
        await rules.ask_for_other_days(mei.id, first, last, by=await of(mei), now=NOON)
    assert (await as_now(mei)).in_line


async def test_a_gift_that_is_not_wanted_after_all_is_offered_to_the_next():
    gift = await a_gift()
    first, second = [await rules.ask(gift.id, Wish(), by=await a_neighbour(), now=NOON) for _ in range(2)]

    await rules.call_off(first.id, by=await of(first), now=NOON)
    assert await offered(second, NOON)
    mine = await rules.take_offer(second.id, by=await of(second), now=NOON)

    assert (mine.stage, await taken()) == (Stage.accepted, {mine.owner: 1})


async def test_what_is_broken_is_offered_to_nobody_and_who_is_suspended_is_passed():
    item = await an_item(policy=Policy.at_once)
    held, [ben, mei] = await a_line(item)
    await Item.update({Item.condition: "broken"}).where(Item.id == item.id)
    await rules.call_off(held.id, by=await of(held), now=NOON)
    assert not await offered(ben, NOON)

    await Item.update({Item.condition: "good"}).where(Item.id == item.id)
    await Person.update({Person.state: "suspended"}).where(Person.id == ben.borrower)
    await rules.offer_next(item.id, now=NOON)

    assert (await offered(ben, NOON), await offered(mei, NOON)) == (False, True)
    assert await Notice.count().where(Notice.person == ben.borrower) == 0


async def test_what_is_put_back_weeks_later_is_offered_to_those_whose_days_are_still_to_come():
    item = await an_item(policy=Policy.at_once)
    owner, late = await owner_of(item), NOON + 14 * DAY
    ben, mei = await in_line(item, first=TODAY + DAY), await in_line(item, first=TODAY + 20 * DAY)
    tom = await in_line(item, first=TODAY + 21 * DAY)
    await rules.offer_next(item.id, now=NOON)
    await rules.take_off(item.id, by=owner, now=NOON)
    assert ["not on the board" in only for only in await told(await of(mei))] == [True], "it is not their turn any more"

    await rules.put_back(item.id, by=owner, now=late)

    assert (await as_now(ben)).stage == Stage.declined and await queue.waits_of(ben.borrower) == []
    assert ["your turn" in only for only in await told(await of(mei))] == [True]
    assert (await offered(mei, late), await offered(tom, late)) == (True, False)
    await later.run_due(JOBS, late + DAY)
    assert (await as_now(mei)).stage == Stage.expired and await offered(tom, late + DAY)


async def test_whoever_waits_again_waits_no_longer_than_their_last_day():
    """The moment at which the offer would have lapsed went by while it was off the board."""
    item = await an_item(policy=Policy.at_once)
    owner, waits = await owner_of(item), await in_line(item, first=TODAY + 2 * DAY)
    await rules.offer_next(item.id, now=NOON)
    await rules.take_off(item.id, by=owner, now=NOON)
    await rules.broke(item.id, "A rung", by=owner, now=NOON)
    await later.run_due(JOBS, NOON + DAY)
    await rules.put_back(item.id, by=owner, now=NOON + DAY)
    assert (await as_now(waits)).in_line and not await offered(waits, NOON + DAY)

    await later.run_due(JOBS, NOON + 4 * DAY)

    assert (await as_now(waits)).stage == Stage.expired
