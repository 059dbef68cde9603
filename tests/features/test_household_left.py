"""What becomes of a key when those whose door it opens have all gone."""

import pytest

from app.features.household import rules
from app.features.household.tables import KeyHolding
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import State
from tests.makers import NOON, a_card, a_household, a_person


async def a_key(home, *, asked_by, holder, agrees=True) -> int:
    key = await rules.ask_to_hold(home.id, holder.id, by=asked_by, now=NOON)
    if agrees:
        await rules.agree(key, by=holder, now=NOON)
    return key


async def test_the_key_of_those_who_moved_out_without_a_card_goes_too_and_is_in_nobodys_export():
    home, other = await a_household(), await a_household()
    ana, holder, ben = await a_person(home=home), await a_person(), await a_person(home=other)
    for at, by in ((home, ana), (other, ben)):
        await a_key(at, asked_by=by, holder=holder)
    assert [each["address"] for each in (await rules.mine(holder.id))["keys"]] == [home.address, other.address]
    [stay] = await people.stays_of(ana.id)
    await people.leave(stay.membership, on=NOON.date(), by=None, now=NOON)

    assert [each["address"] for each in (await rules.mine(holder.id))["keys"]] == [other.address]
    await rules.purge(NOON)
    assert [each["household"] for each in await KeyHolding.select()] == [other.id]


@pytest.mark.parametrize("filled_in", [True, False])
async def test_nobody_is_left_with_the_request_of_those_who_are_gone(filled_in):
    home = await a_household()
    ana, holder = await a_person(home=home), await a_person()
    if filled_in:
        await a_card(home, ana, pets="Cat")
    key = await a_key(home, asked_by=ana, holder=holder, agrees=False)
    about_it = Notice.path == f"/household/keys/{key}"
    assert await Notice.exists().where(about_it)
    await people.settle(ana.id, State.gone, by=0, now=NOON)
    await rules.purge(NOON)
    assert not await KeyHolding.exists() and not await Notice.exists().where(about_it)


@pytest.mark.parametrize("first", [people.forget, rules.forget])
async def test_a_key_without_a_card_goes_with_the_last_member_whichever_feature_forgets_first(first):
    home = await a_household()
    ana, ben, holder = await a_person(home=home), await a_person(home=home), await a_person()
    await a_key(home, asked_by=ana, holder=holder)
    second = rules.forget if first is people.forget else people.forget
    for member, left in ((ana, 1), (ben, 0)):
        await first(member.id, now=NOON)
        await second(member.id, now=NOON)
        assert await KeyHolding.count() == left
