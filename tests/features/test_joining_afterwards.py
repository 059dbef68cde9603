"""What comes after: second thoughts of officers, trust that was wrong, and being forgotten."""

from datetime import timedelta

import pytest

from app import house
from app.features.joining import rules
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Kind, State
from app.kit.clock import now
from app.kit.refusals import Taken
from tests.features.test_vouching import LATER, a_chain, state_of, tidied
from tests.joining import KNOCK, a_newcomer, a_poster, token_of
from tests.makers import NOON, a_household, a_person, an_administrator, an_area

NEVER_IN = NOON + timedelta(days=91)


async def test_whoever_is_let_in_after_ninety_days_but_before_they_are_erased_stays():
    boss, home, newcomer = await an_administrator(), await a_household(), await a_newcomer()
    await rules.purge(NEVER_IN)
    await rules.let_in(newcomer, address=home.address, by=boss, now=NEVER_IN)
    await house.erase_due(NEVER_IN + timedelta(hours=1))
    assert await state_of(newcomer) == State.active


async def test_whoever_is_let_in_while_the_night_looks_for_the_forgotten_stays():
    inside = await a_person()
    await people.erase_soon(inside.id, now=NOON)
    await house.erase_due(NOON)
    assert await state_of(inside.id) == State.active


async def test_whoever_is_looked_at_again_before_they_are_erased_goes_on_waiting():
    boss, newcomer = await an_administrator(), await a_newcomer()
    await rules.turn_away(newcomer, reason="Nobody knows you", by=boss, now=NOON)
    later = NOON + timedelta(days=31)
    await rules.purge(later)
    await rules.look_again(newcomer, by=boss, now=later)
    await house.erase_due(later)
    assert await state_of(newcomer) == State.pending


async def test_a_no_is_forgotten_after_thirty_days_as_the_page_says_also_where_somebody_was_in_before():
    boss, ana, mo, *_, then = await a_chain()
    await rules.undo_chain(ana.id, reason="wrong", by=boss, now=then)
    await rules.turn_away(mo, reason="Nobody knows you", by=boss, now=then)
    await tidied(then + timedelta(days=31))
    assert await state_of(mo) == State.gone


async def test_no_officer_is_sent_to_somebody_who_was_forgotten():
    await an_administrator()
    newcomer = await a_newcomer()
    assert await Notice.exists().where(Notice.key == f"newcomer:{newcomer}")
    await tidied(NEVER_IN)
    assert not await Notice.exists().where(Notice.key == f"newcomer:{newcomer}")


@pytest.mark.parametrize("state", [State.suspended, State.leaving])
async def test_a_chain_leads_on_through_whoever_is_suspended_or_leaving(state):
    boss, ana, mo, nel, oda, then = await a_chain()
    if state == State.leaving:
        await people.begin_leaving(mo, by=mo, reason="", now=then)
    else:
        await people.settle(mo, State.suspended, by=boss.id, reason="noise", now=then)
    assert await rules.undo_chain(ana.id, reason="wrong", by=boss, now=then) == 1
    assert [await state_of(each) for each in (mo, nel, oda)] == [state, State.pending, State.active]


async def let_in():
    """(the steward who let them in, the newcomer)"""
    area = await an_area()
    steward, home = await a_person(role=Kind.steward, area=area), await a_household(area=area)
    newcomer = await a_newcomer(await a_poster(area))
    await rules.let_in(newcomer, address=home.address, by=steward, now=NOON)
    return steward, newcomer


async def test_letting_in_was_a_slip_for_a_day_and_afterwards_no_steward_puts_anybody_out():
    steward, newcomer = await let_in()
    with pytest.raises(Taken):
        await rules.make_wait(newcomer, by=steward, now=NOON + timedelta(hours=25))
    assert await state_of(newcomer) == State.active
    await rules.make_wait(newcomer, by=steward, now=NOON + timedelta(hours=23))
    assert await state_of(newcomer) == State.pending


async def test_no_steward_puts_out_somebody_who_was_given_a_role():
    steward, newcomer = await let_in()
    await people.give_role(newcomer, Kind.coordinator, area=None, by=(await an_administrator()).id, now=NOON)
    with pytest.raises(Taken):
        await rules.make_wait(newcomer, by=steward, now=NOON + timedelta(hours=1))


async def test_when_confirming_a_door_was_a_slip_an_older_home_stays():
    boss, newcomer, old, new = await an_administrator(), await a_newcomer(), await a_household(), await a_household()
    for by in (await a_person(), await a_person()):
        await rules.vouch(await token_of(newcomer), words="", by=by, now=LATER)
    await people.join(newcomer, old.id, on=LATER.date(), by=boss.id, now=LATER)
    then = LATER + timedelta(days=2)
    await rules.let_in(newcomer, address=new.address, by=boss, now=then)
    await rules.make_wait(newcomer, by=boss, now=then)
    assert [stay.household for stay in await people.stays_of(newcomer)] == [old.id]


async def test_a_door_typed_in_the_wide_digits_of_a_chinese_keyboard_is_the_one_on_the_list():
    boss, home = await an_administrator(), await a_household(address="3-2-501")
    fang = await a_person(name=KNOCK.name, home=home)
    newcomer = await a_newcomer(door="３-２-５０１")
    assert [each.id for each in await rules.on_the_list(newcomer, by=boss)] == [fang.id]


async def test_a_neighbour_who_scans_the_poster_in_the_hall_reads_that_they_are_in(sign_in, browser):
    boss, words = await an_administrator(), "This phone is signed in already."
    hung = await rules.hang((await an_area()).id, days=7, by=boss, now=now())
    path = f"/join/{(await rules.poster(hung, by=boss)).code}"
    page = (await browser.get(path)).text
    assert "Ask to be let in" in page
    assert words not in page
    browser = await sign_in(await a_person())
    assert words in (await browser.get(path)).text
