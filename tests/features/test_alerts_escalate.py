"""Whoever does not answer is asked again, then on every other road; whoever answered is left in peace."""

from datetime import timedelta

import pytest

from app.features.alerts import rules
from app.features.alerts.rules import Steps
from app.features.alerts.tables import Recipient
from app.features.notices.tables import Notice
from app.kit.refusals import NotYours, TooOften
from tests.alerting import a_coordinator, an_alert, run
from tests.makers import NOON, a_household, a_person, an_area

MINUTE = timedelta(minutes=1)


async def rang(person):
    rows = await Notice.select(Notice.key, Notice.phones_first).where(Notice.person == person.id).order_by(Notice.id)
    return [(row["key"].rpartition("alert:")[2].partition(":")[2], row["phones_first"]) for row in rows]


async def answered(person):
    await Recipient.update({Recipient.answer: "safe"}).where(Recipient.person == person.id)


async def test_E40_those_who_are_silent_are_rung_at_five_and_fifteen_minutes_and_on_the_other_roads_at_twenty():
    home = await a_household()
    ana, ben, cat = [await a_person(home=home) for _ in range(3)]
    alert = await an_alert(areas=(home.area,))
    await answered(ana)

    await run(NOON + 4 * MINUTE)
    assert len(await rang(ben)) == 1
    await run(NOON + 5 * MINUTE)
    await answered(ben)
    for minutes in (15, 16, 20, 21):
        await run(NOON + minutes * MINUTE)

    assert len(await rang(ana)) == 1
    assert (await rang(ben))[1:] == [("again:5", True)]
    assert (await rang(cat))[1:] == [("again:5", True), ("again:15", True), ("others", False)]
    threads = await Notice.select(Notice.thread).where(Notice.person == cat.id)
    assert {row["thread"] for row in threads} == {f"alert:{alert}"}


async def test_E40_nobody_is_asked_after_the_end():
    home = await a_household()
    ana = await a_person(home=home)
    by = await a_coordinator()
    alert = await an_alert(by=by, areas=(home.area,))

    await rules.all_clear(alert, by=by, now=NOON + MINUTE)
    for minutes in (1, 5, 15, 20):
        await run(NOON + minutes * MINUTE)

    assert len(await rang(ana)) == 2


async def test_the_times_are_those_of_the_alert_and_without_a_roll_call_nobody_is_asked():
    home = await a_household()
    ana = await a_person(home=home)
    await an_alert(areas=(home.area,), steps=Steps(again=(2,), others=0))
    await an_alert(areas=(home.area,), roll_call=False)

    for minutes in (2, 5, 15, 20):
        await run(NOON + minutes * MINUTE)

    assert [name for name, _ in await rang(ana)][2:] == ["again:2"]


async def test_an_exercise_asks_again_without_texts():
    home = await a_household()
    ana = await a_person(home=home)
    await an_alert(kind="exercise", texts=False, areas=(home.area,))

    for minutes in (5, 15, 20):
        await run(NOON + minutes * MINUTE)

    assert [phones for _, phones in await rang(ana)] == [True, True, True, False]
    assert await Notice.count().where((Notice.person == ana.id) & Notice.frugal.eq(True)) == 4


async def test_a_step_that_runs_twice_rings_nobody_twice():
    home = await a_household()
    ana = await a_person(home=home)
    alert = await an_alert(areas=(home.area,))

    await rules.step(alert, "again:5", NOON + 5 * MINUTE)
    await rules.step(alert, "again:5", NOON + 6 * MINUTE)

    assert len(await rang(ana)) == 2


async def test_a_coordinator_rings_the_silent_ones_of_one_building_by_hand_and_not_every_second():
    building = await an_area()
    ana = await a_person(home=await a_household(area=await an_area(parent=building.id)))
    ben = await a_person(home=await a_household())
    by = await a_coordinator()
    alert = await an_alert(by=by)

    assert await rules.remind(alert, area=building.id, by=by, now=NOON + MINUTE) == 1
    with pytest.raises(TooOften):
        await rules.remind(alert, area=building.id, by=by, now=NOON + MINUTE)
    with pytest.raises(NotYours):
        await rules.remind(alert, by=await a_person(), now=NOON + 2 * MINUTE)

    assert (len(await rang(ana)), len(await rang(ben))) == (2, 1)
