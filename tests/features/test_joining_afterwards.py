"""What comes after: second thoughts of officers, trust that was wrong, and being forgotten."""

from datetime import timedelta

from app import house
from app.features.joining import rules
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import State
from tests.features.test_vouching import a_chain, state_of, tidied
from tests.joining import a_newcomer
from tests.makers import NOON, a_household, a_person, an_administrator

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
