"""Who borrows what nobody but they answers for: one word is enough, for there is nobody to say the other."""

import pytest

from app.features.people.rules import neighbour
from app.features.people.tables import Membership
from app.features.sharing import rules
from app.features.sharing.rules import Back, Wish
from app.features.sharing.rules.lent import lent
from app.features.sharing.tables import ItemKeeper, Stage
from tests.makers import an_administrator
from tests.sharing import DAY, NOON, TODAY, a_household, a_neighbour, a_person, an_item


async def the_only_keeper():
    """Of the committee's ladder."""
    ana = await a_neighbour()
    return await an_item(keepers=[ana]), ana, None


async def the_only_administrator():
    """Nobody keeps it."""
    item, boss = await an_item(keepers=[await a_neighbour()]), await an_administrator()
    await ItemKeeper.delete(force=True)
    return item, boss, None


async def whoever_asks_for_a_housemate():
    """Grandma has no phone, and would like the drill."""
    home = await a_household()
    ana, grandma = await a_person(home=home), await a_person(home=home)
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == ana.id)
    return await an_item(by=ana), ana, grandma.id


@pytest.mark.parametrize("who", [the_only_keeper, the_only_administrator, whoever_asks_for_a_housemate])
async def test_whoever_alone_answers_for_it_takes_it_out_and_brings_it_back_by_their_own_word(who):
    item, ana, for_whom = await who()
    loan = await rules.ask(item.id, Wish(TODAY, TODAY + DAY, for_whom=for_whom), by=ana, now=NOON)
    assert loan.stage == Stage.accepted

    assert await rules.confirm(loan.id, by=ana, now=NOON)
    assert (await lent(loan.id)).stage == Stage.out
    assert await rules.bring_back(loan.id, Back(), by=ana, now=NOON + DAY)
    assert (await lent(loan.id)).stage == Stage.back


async def test_where_another_keeper_is_there_that_one_says_the_other_word():
    ana, ben = await a_neighbour(), await a_neighbour()
    item = await an_item(keepers=[ana, ben])
    loan = await rules.ask(item.id, Wish(TODAY, TODAY + DAY), by=ana, now=NOON)

    assert not await rules.confirm(loan.id, by=ana, now=NOON)
    assert await rules.confirm(loan.id, by=await neighbour(ben.id), now=NOON)
    assert not await rules.bring_back(loan.id, Back(), by=ana, now=NOON + DAY)
