"""A neighbour needs something, and a neighbour comes."""

import asyncio
from datetime import timedelta

import pytest

from app.features.help import rules
from app.features.help.rules import Asking
from app.features.help.tables import Need, Stage, Taking, What
from app.features.notices.tables import Notice
from app.kit.refusals import Taken
from app.kit.words import kept
from tests.makers import NOON, a_household, a_person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def a_need(asker=None, *, now=NOON, **said):
    asker = asker or await a_person(home=await a_household())
    asking = Asking(**{"kind": What.groceries, "words": "Rice and eggs", "details": "Ring twice", **said})
    return await rules.ask_for_help(asking, by=asker, now=now), asker


async def stage(need):
    return (await Need.select(Need.stage).where(Need.id == need).first())["stage"]


async def told(person):
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [str(kept(row["sentence"])) for row in rows]


async def test_somebody_asks_somebody_takes_it_and_it_is_done_and_confirmed():
    need, ana = await a_need()
    ben = await a_person(name="Ben")

    await rules.take(need, by=ben, now=NOON)
    await rules.set_out(need, by=ben, now=NOON + HOUR)
    await rules.complete(need, by=ben, now=NOON + 2 * HOUR)
    await rules.confirm(need, by=ana, now=NOON + 3 * HOUR)

    assert await stage(need) == Stage.confirmed
    assert [each.partition(":")[0] for each in await told(ana)] == [
        "Ben takes it", "Ben is on the way", "Ben says it is done",
    ]  # fmt: skip


async def test_the_private_part_and_the_door_are_shown_from_taking_until_a_day_after():
    home = await a_household(address="3-2-501")
    need, ana = await a_need(await a_person(home=home, phone="+8613800138000"))
    ben, cem = await a_person(), await a_person()

    assert (await rules.whole(need, by=ben, now=NOON)).details == ""
    await rules.take(need, by=ben, now=NOON)
    seen = await rules.whole(need, by=ben, now=NOON)
    assert seen.details == "Ring twice"
    assert [(each.phone, each.addresses) for each in seen.contacts] == [("+8613800138000", ("3-2-501",))]
    assert (await rules.whole(need, by=cem, now=NOON)).contacts == []
    await rules.complete(need, by=ana, now=NOON + HOUR)
    assert (await rules.whole(need, by=ben, now=NOON + 24 * HOUR)).details == "Ring twice"
    late = await rules.whole(need, by=ben, now=NOON + 25 * HOUR)
    assert (late.details, late.contacts, late.known_by) == ("", [], None)


async def test_of_a_hundred_who_take_it_at_once_exactly_one_has_it():
    need, _ = await a_need()
    crowd = [await a_person() for _ in range(100)]

    answers = await asyncio.gather(*[rules.take(need, by=each, now=NOON) for each in crowd], return_exceptions=True)

    assert [type(each) for each in answers if each is not None] == [Taken] * 99
    assert await Taking.count() == 1


async def test_of_a_crowd_that_takes_a_need_for_two_exactly_two_have_it():
    need, _ = await a_need(helpers=2)
    crowd = [await a_person() for _ in range(30)]

    await asyncio.gather(*[rules.take(need, by=each, now=NOON) for each in crowd], return_exceptions=True)

    assert await Taking.count() == 2
    assert await stage(need) == Stage.taken


async def test_whoever_comes_second_hears_who_was_faster_and_where_to_go():
    need, _ = await a_need()
    await rules.take(need, by=await a_person(name="Ben"), now=NOON)
    with pytest.raises(Taken) as refused:
        await rules.take(need, by=await a_person(), now=NOON)
    assert "Ben was a moment faster" in str(refused.value.sentence)
    assert refused.value.way[0] == "/help?show=can"
