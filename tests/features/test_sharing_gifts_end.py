"""A gift ends: given away, or its day is over; whoever gives it is asked before, and one tap keeps it on."""

import asyncio
from datetime import timedelta

import pytest

from app.features.notices.tables import Notice
from app.features.people.rules import neighbour
from app.features.sharing import rules
from app.features.sharing.rules import gift_ending
from app.features.sharing.rules.kept import purge_items
from app.features.sharing.rules.lent import lent
from app.features.sharing.rules.listing import index_items
from app.features.sharing.rules.offering import put_back
from app.features.sharing.rules.reach import thing
from app.features.sharing.rules.waiting import place_in_line
from app.features.sharing.tables import Did, Item, ItemStep, Loan, Stage, State
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from tests.makers import NOON
from tests.sharing import DAY, TODAY, a_gift, a_loan, a_neighbour, an_item, in_line, owner_of

SECOND = timedelta(seconds=1)
END = NOON + 10 * DAY


async def a_pram(**said):
    return await a_gift(until_at=END, **said)


async def told(person, path):
    return await Notice.count().where((Notice.person == person) & (Notice.path == path))


async def did(item):
    return [
        row["did"] for row in await ItemStep.select(ItemStep.did).where(ItemStep.item == item.id).order_by(ItemStep.id)
    ]


async def state(item):
    return (await thing(item.id)).state


async def test_two_days_before_its_end_the_giver_is_asked_once():
    pram = await a_pram()

    await gift_ending.end_gifts(END - 2 * DAY - SECOND)
    assert await told(pram.person, pram.path) == 0
    for hours in range(5):
        await gift_ending.end_gifts(END - 2 * DAY + timedelta(hours=hours))

    assert await told(pram.person, pram.path) == 1 and await did(pram) == [Did.reminded]


async def test_what_was_offered_for_a_day_only_reminds_nobody():
    pram = await a_gift(until_at=NOON + DAY)

    await gift_ending.end_gifts(NOON)

    assert await told(pram.person, pram.path) == 0


async def test_at_its_end_it_is_off_the_board_and_the_giver_hears_of_it():
    pram = await a_pram()
    ask = await a_loan(pram, stage=Stage.asked, until_at=END + 3 * DAY)

    await gift_ending.end_gifts(END)
    await gift_ending.end_gifts(END + DAY)

    assert await state(pram) == State.gone and await did(pram) == [Did.expired]
    assert await told(pram.person, pram.path) == 1
    assert (await lent(ask.id)).stage == Stage.declined and await told(ask.borrower, ask.path) == 1


async def test_one_tap_keeps_it_on_and_it_is_asked_about_anew():
    pram = await a_pram()
    by = await owner_of(pram)
    await gift_ending.end_gifts(END - 2 * DAY)

    last = await gift_ending.prolong_gift(pram.id, by=by, now=END - DAY)
    await gift_ending.end_gifts(END)
    until = (await thing(pram.id)).until_at
    assert await state(pram) == State.offered and last == TODAY + 24 * DAY and until > END + 12 * DAY

    await gift_ending.end_gifts(until - DAY)
    await gift_ending.end_gifts(until)
    assert await state(pram) == State.gone
    assert await did(pram) == [Did.reminded, Did.prolonged, Did.reminded, Did.expired]


async def test_two_weeks_more_never_make_it_less_and_end_after_three_months():
    pram = await a_gift(until_at=NOON + 70 * DAY)
    by = await owner_of(pram)

    assert await gift_ending.prolong_gift(pram.id, by=by, now=NOON) == TODAY + 84 * DAY
    assert await gift_ending.prolong_gift(pram.id, by=by, now=NOON) == TODAY + 90 * DAY


async def test_what_only_time_took_off_comes_back_with_one_tap_and_what_was_given_does_not():
    pram, cot = await a_pram(), await a_pram(name="Cot")
    await gift_ending.give_away(cot.id, by=await owner_of(cot), now=NOON)
    await gift_ending.end_gifts(END)

    await gift_ending.prolong_gift(pram.id, by=await owner_of(pram), now=END + DAY)
    assert await state(pram) == State.offered and (await thing(pram.id)).may_be_had(END + 2 * DAY)
    with pytest.raises(Taken):
        await gift_ending.prolong_gift(cot.id, by=await owner_of(cot), now=END + DAY)


async def test_what_is_promised_to_somebody_neither_ends_nor_reminds():
    pram = await a_pram()
    await a_loan(pram, stage=Stage.accepted)

    await gift_ending.end_gifts(END - DAY)
    await gift_ending.end_gifts(END)

    assert await state(pram) == State.offered and await told(pram.person, pram.path) == 0
    with pytest.raises(Taken):
        await gift_ending.give_away(pram.id, by=await owner_of(pram), now=END)


async def test_given_to_somebody_met_by_chance_those_who_asked_hear_so_unless_it_slipped_out():
    pram = await a_pram()
    by, ask = await owner_of(pram), await a_loan(pram, stage=Stage.asked)

    await gift_ending.give_away(pram.id, by=by, now=NOON)
    assert await state(pram) == State.gone and (await lent(ask.id)).stage == Stage.declined
    assert await told(ask.borrower, ask.path) == 1

    await put_back(pram.id, by=by, now=NOON + 9 * SECOND)
    assert await state(pram) == State.offered and (await lent(ask.id)).waits(NOON)
    assert await told(ask.borrower, ask.path) == 0


async def test_only_who_gives_it_ends_it_and_a_loan_is_no_gift():
    pram, ladder, other = await a_pram(), await an_item(), await a_neighbour()

    for deed in (gift_ending.give_away, gift_ending.prolong_gift):
        with pytest.raises(NotYours):
            await deed(pram.id, by=other, now=NOON)
        with pytest.raises(Refusal):
            await deed(ladder.id, by=await owner_of(ladder), now=NOON)
    await gift_ending.give_away(pram.id, by=await owner_of(pram), now=NOON)
    with pytest.raises(Missing):
        await gift_ending.give_away(pram.id, by=other, now=NOON)


async def test_the_clock_and_the_giver_at_once_end_it_once():
    pram = await a_pram()
    by = await owner_of(pram)

    done = await asyncio.gather(
        gift_ending.end_gifts(END),
        gift_ending.end_gifts(END),
        gift_ending.give_away(pram.id, by=by, now=END),
        return_exceptions=True,
    )

    assert all(each is None or isinstance(each, Taken) for each in done)
    assert await state(pram) == State.gone and len(await did(pram)) == 1


async def test_the_giver_finds_the_buttons_on_its_page_and_nobody_else_does(sign_in):
    from app.kit.clock import now

    pram = await a_gift(until_at=now() + 5 * DAY, made_at=now())
    other = await sign_in(await a_neighbour())
    assert "It is given away" not in (await other.get(pram.path)).text

    browser = await sign_in(await owner_of(pram))
    shown = await browser.get(pram.path)
    assert "It is given away" in shown.text and "Two weeks more" in shown.text
    kept = await browser.post(f"{pram.path}/prolongation", data={})
    assert "It stands there until" in kept.text
    given = await browser.post(f"{pram.path}/giving", data={})
    assert "Given away." in given.text and f"{pram.path}/return" in given.text
    back = await browser.post(f"{pram.path}/return", data={})
    assert "It is on the board again." in back.text
    assert await Loan.count() == 0


async def test_handed_over_those_who_waited_hear_so_and_a_year_later_nothing_of_it_is_left(database):
    pram = await a_gift()
    loan, other = await a_loan(pram), await a_loan(pram, stage=Stage.asked)
    waits = await in_line(pram)
    by = await owner_of(pram)
    await index_items([pram.id])

    await rules.confirm(loan.id, by=by, now=NOON)
    await rules.confirm(loan.id, by=await neighbour(loan.borrower), now=NOON)

    for each in (other, waits):
        assert (await lent(each.id)).stage == Stage.declined and await told(each.borrower, each.path) == 1
    assert await place_in_line(waits) is None and (await lent(loan.id)).stage == Stage.given
    assert await Item.raw("SELECT count(*) AS words FROM item_words") == [{"words": 0}]
    await purge_items(NOON + 366 * DAY)
    assert await Item.count() == 0
