"""Power that is used in an emergency says why, where, until when and by whom, and can be objected to."""

import asyncio
from datetime import timedelta

import pytest

from app.features.alerts import rules
from app.features.alerts.rules import measures, objecting
from app.features.alerts.rules.measures import Measured, Power
from app.features.notices.tables import Notice
from app.kit.refusals import Missing, NotYours, Several, Taken
from app.kit.words import kept
from tests.alerting import a_coordinator, an_alert, run
from tests.makers import NOON, a_household, a_person, an_administrator, an_area

HOUR = timedelta(hours=1)


def a_measure(**said):
    usual = {"power": Power.gate, "words": "The east gate is closed", "reason": "The main burst there"}
    return Measured(**{**usual, "until_at": NOON + 2 * HOUR, **said})


async def heard(person):
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [str(kept(row["sentence"])) for row in rows]


async def a_closed_gate():
    building = await an_area()
    ana = await a_person(home=await a_household(area=await an_area(parent=building.id)))
    ben = await a_person(home=await a_household())
    by = await a_coordinator()
    alert = await an_alert(by=by)
    measure = await measures.take_measure(alert, a_measure(area=building.id), by=by, now=NOON)
    await run(NOON)
    return measure, alert, ana, ben, by


async def test_whom_it_binds_hears_of_it_and_reads_what_why_who_and_until_when():
    measure, alert, ana, ben, by = await a_closed_gate()

    assert (await heard(ana))[-1] == "A measure for where you live: A way or a gate is closed"
    assert len(await heard(ben)) == 1
    shown = await measures.measure(measure, by=ana)
    assert (shown.reason, shown.by_name, shown.until_at) == ("The main burst there", by.name, NOON + 2 * HOUR)
    with pytest.raises(Missing):
        await measures.measure(measure, by=ben)
    assert [each.id for each in await measures.measures(alert, by=ana, now=NOON)] == [measure]
    assert await measures.measures(alert, by=ben, now=NOON) == []


async def test_it_ends_at_its_time_with_its_alert_or_by_hand():
    measure, alert, ana, _, by = await a_closed_gate()
    assert (await measures.measure(measure, by=ana)).is_on(NOON + HOUR)
    assert not (await measures.measure(measure, by=ana)).is_on(NOON + 2 * HOUR)

    await measures.end_measure(measure, by=by, now=NOON + HOUR)
    assert not (await measures.measure(measure, by=ana)).is_on(NOON + HOUR)
    with pytest.raises(Taken):
        await measures.end_measure(measure, by=by, now=NOON + HOUR)

    other = await measures.take_measure(alert, a_measure(), by=by, now=NOON + HOUR)
    await rules.all_clear(alert, by=by, now=NOON + HOUR)
    assert not (await measures.measure(other, by=by)).is_on(NOON + HOUR)


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [({"words": " "}, "words"), ({"reason": ""}, "reason"), ({"until_at": NOON}, "until_at"),
     ({"until_at": NOON + 5 * HOUR}, "until_at"), ({"reason": "x" * 401}, "reason")],
)  # fmt: skip
async def test_without_reason_or_with_an_end_after_the_alerts_it_is_refused(wrong, beside):
    by = await a_coordinator()
    alert = await an_alert(by=by)

    with pytest.raises(Several) as refused:
        await measures.take_measure(alert, a_measure(**wrong), by=by, now=NOON)

    assert [each.beside for each in refused.value.each] == [beside]


async def test_only_coordinators_take_measures_and_only_while_the_alert_runs():
    by = await a_coordinator()
    alert = await an_alert(by=by)
    with pytest.raises(NotYours):
        await measures.take_measure(alert, a_measure(), by=await an_administrator(), now=NOON)
    await rules.all_clear(alert, by=by, now=NOON)
    with pytest.raises(Taken):
        await measures.take_measure(alert, a_measure(), by=by, now=NOON)


async def test_whoever_it_binds_objects_and_somebody_else_than_its_author_answers():
    measure, _, ana, ben, by = await a_closed_gate()
    admin = await an_administrator()

    objection = await objecting.object_to(measure, "My mother cannot walk round", by=ana, now=NOON)
    assert any("objects to a measure" in each for each in await heard(admin))
    assert [str(line.title) for line in await objecting.waiting(admin)] == ["One objection waits for an answer"]
    assert await objecting.waiting(by) == []
    with pytest.raises(Taken):
        await objecting.object_to(measure, "Again", by=ana, now=NOON)
    with pytest.raises(Missing):
        await objecting.object_to(measure, "Me too", by=ben, now=NOON)
    with pytest.raises(NotYours):
        await objecting.answer_objection(objection, "No", by=by, now=NOON)
    await objecting.answer_objection(objection, "We open it for her", by=admin, now=NOON + HOUR)

    assert (await heard(ana))[-1] == "Your objection was answered."
    [mine] = await objecting.objections(measure, by=ana)
    assert (mine.answer, mine.answered_by) == ("We open it for her", admin.name)
    assert await objecting.waiting(admin) == []


async def test_answered_by_many_at_once_it_is_answered_once():
    measure, _, ana, _, _ = await a_closed_gate()
    objection = await objecting.object_to(measure, "Why?", by=ana, now=NOON)
    admins = [await an_administrator() for _ in range(6)]

    answers = await asyncio.gather(
        *[objecting.answer_objection(objection, each.name, by=each, now=NOON) for each in admins],
        return_exceptions=True,
    )

    assert sum(answer is None for answer in answers) == 1
    assert all(isinstance(answer, Taken) for answer in answers if answer is not None)
