"""The sharing board: what is lent, and who sees it."""

import pytest

from app.features.sharing import rules
from app.features.sharing.tables import Audience
from app.kit.refusals import Missing
from tests.sharing import a_loan, a_neighbour, an_item


async def test_what_is_for_the_building_is_not_there_for_others():
    item = await an_item(audience=Audience.building)

    with pytest.raises(Missing):
        await rules.item_for(item.id, by=await a_neighbour())


async def test_every_neighbour_sees_what_is_for_everybody():
    item = await an_item()

    assert (await rules.item_for(item.id, by=await a_neighbour())).name == "Ladder"
    assert (await a_loan(item)).name == "Ladder"
