"""What nobody had thought of when needs were built: blocks, suspensions, and a second asking in between."""

from datetime import timedelta

import pytest

from app.features.help import rules
from app.features.help.rules import Asking
from app.features.help.tables import Need, Stage, What
from app.features.moderation import rules as moderation
from app.features.notices.tables import Notice, Urgency
from app.features.people import rules as people
from app.features.people.tables import State
from app.kit.refusals import Missing, Refusal, TooOften
from app.kit.words import kept
from tests.makers import NOON, a_household, a_person, an_administrator

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def a_need(asker=None, *, now=NOON, **said):
    asker = asker or await a_person(home=await a_household(), name="Ana")
    asking = Asking(**{"kind": What.groceries, "words": "Rice and eggs", "details": "Ring twice", **said})
    return await rules.ask_for_help(asking, by=asker, now=now), asker


async def told(person):
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [str(kept(row["sentence"])) for row in rows]


async def stage(need):
    return (await Need.select(Need.stage).where(Need.id == need).first())["stage"]


async def done(need, helper):
    await rules.take(need, by=helper, now=NOON)
    await rules.complete(need, by=helper, now=NOON)


async def test_nobody_came_opens_it_again_although_the_household_has_asked_for_the_same_since():
    need, ana = await a_need()
    await done(need, await a_person())
    second, _ = await a_need(ana, words="Milk")
    assert second != need

    await rules.reopen(need, by=ana, now=NOON + HOUR)

    assert (await stage(need), await stage(second)) == (Stage.open, Stage.open)


async def test_for_a_suspended_neighbour_nobody_is_rung_or_let_in_by_the_number():
    need, ana = await a_need(urgency=Urgency.urgent)
    boss, ben, cem = await an_administrator(), await a_person(), await a_person()
    await people.settle(ana.id, State.suspended, by=boss.id, now=NOON, reason="Lures people")

    await rules.tick(need, now=NOON + HOUR)

    assert await told(ben) == []
    with pytest.raises(Missing):
        await rules.take(need, by=cem, now=NOON + HOUR)
    await people.settle(ana.id, State.active, by=boss.id, now=NOON)
    await rules.take(need, by=cem, now=NOON + HOUR)


async def test_whom_the_asker_blocks_hears_no_answer_to_an_old_question_and_is_not_asked_along():
    home = await a_household()
    need, ana = await a_need(helpers=2)
    ben, cem = await a_person(home=home), await a_person(home=home)
    await rules.speak(need, "Which shop?", by=cem, now=NOON)
    await rules.take(need, by=ben, now=NOON)
    await moderation.block(cem.id, by=ana, now=NOON)
    before = await told(cem)

    await rules.speak(need, "The corner one", by=ana, now=NOON)
    with pytest.raises(Refusal):
        await rules.invite(need, cem.id, by=ben, now=NOON)

    assert await told(cem) == before


async def test_after_a_block_neither_side_of_what_was_done_writes_to_the_other():
    need, ana = await a_need()
    ben = await a_person()
    await done(need, ben)
    await moderation.block(ben.id, by=ana, now=NOON)

    for each in (ben, ana):
        assert rules.Act.speak not in (await rules.whole(need, by=each, now=NOON)).acts
        with pytest.raises(Refusal):
            await rules.speak(need, "Why?", by=each, now=NOON)


async def test_whoever_takes_and_gives_back_all_day_reads_no_more_doors():
    ben = await a_person()
    need, _ = await a_need()
    for _ in range(rules.TAKEN_A_DAY):
        await rules.take(need, by=ben, now=NOON)
        await rules.give_back(need, by=ben, now=NOON)

    with pytest.raises(TooOften):
        await rules.take(need, by=ben, now=NOON + HOUR)
    await rules.take(need, by=ben, now=NOON + DAY)


async def test_what_is_critical_never_becomes_a_line_under_something_that_has_time():
    sofa, ana = await a_need(kind=What.other, words="Carry a sofa")
    gas = Asking(What.other, "It smells of gas", urgency=Urgency.critical)

    alarm = await rules.ask(gas, person=ana.id, acted_by=ana.id, now=NOON)
    again = await rules.ask(gas, person=ana.id, acted_by=ana.id, now=NOON)

    assert alarm != sofa and again == alarm


async def test_only_an_alert_asks_critically():
    with pytest.raises(Refusal) as refused:
        await a_need(urgency=Urgency.critical)
    assert refused.value.beside == "urgency"
