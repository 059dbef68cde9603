"""Officers at once, officers who reported, and what waits for nobody any more."""

import asyncio
from datetime import timedelta

import pytest

from app.features.moderation import rules
from app.features.moderation.rules import Ruling
from app.features.moderation.tables import Decision, Measure, Rule
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.features.skills import rules as skills
from app.features.skills.rules import Offer
from app.kit.refusals import Missing, Taken
from app.matters import MATTERS
from tests.makers import NOON, a_person, an_administrator

WARNING = Ruling(Measure.warning, Rule.selling, "We do not sell here.")
SUSPENSION = Ruling(Measure.suspension, Rule.selling, "We do not sell here.", 7)
TAKEN = Ruling(Measure.taken, Rule.selling, "We do not sell here.")
WEEK = timedelta(days=7)


async def a_skill(of=None):
    ben = of or await a_person(name="Ben")
    return await skills.offer(Offer("Cheap phones for sale"), by=ben, now=NOON), ben


async def a_report(skill, by=None):
    by = by or await a_person(name="Ana")
    return await rules.report("skill", skill, MATTERS, rule=Rule.selling, words="", by=by, now=NOON)


async def paths_told(person):
    rows = await Notice.select(Notice.path).where(Notice.person == person.id).order_by(Notice.id)
    return [row["path"] for row in rows]


@pytest.mark.parametrize("ruling", [TAKEN, SUSPENSION, WARNING])
async def test_officers_who_decide_at_once_about_the_same_neighbours_wait_for_each_other(ruling):
    officers = [await an_administrator() for _ in range(6)]
    both = [await a_person(), await a_person()]
    things = [(await a_skill(each))[0] for each in both for _ in range(3)]
    reports = [await a_report(thing, by=both[number < 3]) for number, thing in enumerate(things)]  # each the other's
    reports += [await a_report(thing) for thing in things]

    deciding = [rules.decide(each, ruling, MATTERS, by=officers[n % 6], now=NOON) for n, each in enumerate(reports)]
    answers = await asyncio.gather(*deciding, return_exceptions=True)
    assert all(isinstance(each, int | Taken) for each in answers), answers
    assert await Decision.count() == sum(isinstance(each, int) for each in answers)


async def test_a_suspension_is_lifted_while_it_ends():
    boss = await an_administrator()
    lifted = []
    for _ in range(6):
        ben = await a_person()
        decision = await rules.suspend(ben.id, reason="Enough.", by=boss, now=NOON)
        lifted += [rules.end(decision, now=NOON + WEEK), rules.lift(ben.id, by=boss, now=NOON + WEEK)]

    answers = await asyncio.gather(*lifted, return_exceptions=True)
    assert all(each is None or isinstance(each, Taken) for each in answers), answers
    assert await Decision.count().where(Decision.over_at.is_null()) == 0


async def test_an_officer_who_reported_it_too_is_sent_to_nobody_elses_report():
    boss, other = await an_administrator(), await an_administrator()
    skill, _ = await a_skill()
    first = await a_report(skill)
    assert f"/reports/{first}" in await paths_told(boss)

    await a_report(skill, by=boss)
    assert await rules.reports_for(boss) == [] and len(await rules.reports_for(other)) == 2
    assert not any(path.startswith("/reports/") for path in await paths_told(boss))
    later = await a_report(skill)
    assert f"/reports/{later}" in await paths_told(other)
    assert f"/reports/{later}" not in await paths_told(boss)


async def test_who_looks_again_sees_what_was_reported_and_not_by_whom(sign_in):
    boss, gao = await an_administrator(), await a_person(role=Kind.coordinator)
    skill, ben = await a_skill()
    report = await a_report(skill, by=await a_person(name="Anastasia"))
    decision = await rules.decide(report, TAKEN, MATTERS, by=boss, now=NOON)
    appeal = await rules.appeal(decision, "A gift.", by=ben, now=NOON)

    page = (await (await sign_in(gao)).get(f"/appeals/{appeal}")).text
    assert "Cheap phones for sale" in page and "Anastasia" not in page
    with pytest.raises(Missing):
        await rules.appeal_page(appeal, by=boss, now=NOON)


async def test_after_sixty_days_nobody_is_asked_whether_they_disagree(sign_in):
    boss = await an_administrator()
    skill, ben = await a_skill()
    decision = await rules.decide(await a_report(skill), WARNING, MATTERS, by=boss, now=NOON)
    [decided] = await rules.decisions_about(ben.id)
    assert decided.may_be_disputed(NOON + timedelta(days=59))
    assert not decided.may_be_disputed(NOON + timedelta(days=60))

    page = (await (await sign_in(ben)).get("/account/decisions")).text
    assert "We do not sell here." in page and f"/account/decisions/{decision}/appeal" not in page


async def test_whose_suspension_ended_while_they_were_leaving_stays_as_an_active_neighbour():
    boss, ben = await an_administrator(), await a_person()
    decision = await rules.suspend(ben.id, reason="Enough.", by=boss, now=NOON)
    await people.begin_leaving(ben.id, by=ben.id, reason="", now=NOON)
    await rules.end(decision, now=NOON + WEEK)

    await people.stay(ben.id, by=ben.id, now=NOON + WEEK)
    assert (await people.neighbour(ben.id)).is_active and await people.why_suspended(ben.id) == ""


async def test_whose_suspension_goes_on_stays_suspended():
    boss, ben = await an_administrator(), await a_person()
    await rules.suspend(ben.id, reason="Enough.", by=boss, now=NOON)
    await people.begin_leaving(ben.id, by=ben.id, reason="", now=NOON)
    await people.stay(ben.id, by=ben.id, now=NOON)
    assert (await people.neighbour(ben.id)).state == "suspended"


async def test_officers_are_not_sent_to_a_report_or_an_appeal_of_somebody_who_was_erased():
    boss, other = await an_administrator(), await an_administrator()
    skill, ben = await a_skill()
    decision = await rules.decide(await a_report(skill), WARNING, MATTERS, by=boss, now=NOON)
    await rules.appeal(decision, "A gift.", by=ben, now=NOON)
    await a_report(skill)
    assert {path.split("/")[1] for path in await paths_told(other)} == {"reports", "appeals"}

    await rules.forget(ben.id, now=NOON)
    assert await paths_told(other) == []
