"""Who has which skill, is safe and is free: counted for those who lead, and asked in one tap."""

from datetime import timedelta

import pytest

from app.features.alerts import rules
from app.features.alerts.rules import hands, kept
from app.features.alerts.tables import Alert, Answer
from app.features.help import rules as needs
from app.features.help.rules import Limits
from app.features.help.tables import Need, Stage, What
from app.features.moderation import rules as moderation
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Absence, Role
from app.features.people.tables import Kind as RoleKind
from app.features.skills import rules as skills
from app.features.skills.tables import Category
from app.kit.refusals import Missing, Refusal, Taken
from tests.alerting import a_coordinator, an_alert
from tests.makers import NOON, a_household, a_person, an_administrator, an_area

HOUR = timedelta(hours=1)


async def a_nurse(area, *, emergency=True, **said):
    nurse = await a_person(home=await a_household(area=area), **said)
    offer = skills.Offer("Nursing", Category.health, emergency=emergency)
    await skills.offer(offer, by=nurse, now=NOON)
    return nurse


async def all_safe(alert, *those):
    for each in those:
        await rules.answer(alert.id, each.id, Answer.safe, by=each, now=NOON)


async def out(by):
    return await Alert.objects().get(Alert.id == await an_alert(by=by))


async def free(alert, by, *, kind="health", door=None):
    found = await hands.hands(alert, door=door, by=by, now=NOON)
    return next(([hand.id for hand in each.free] for each in found if each.kind == kind), [])


async def rang(person, need):
    return await Notice.count().where((Notice.person == person.id) & (Notice.path == f"/help/{need}"))


async def the_need(by):
    return await Need.objects().where(Need.person == by.id).first()


async def test_E40_only_those_stand_there_who_are_safe_and_free_and_offered_it_for_an_emergency():
    area, by = await an_area(), await a_coordinator()
    nurse, silent, hurt, everyday, busy, resting = [await a_nurse(area, emergency=n != 3) for n in range(6)]
    alert = await out(by)
    await all_safe(alert, nurse, everyday, busy, resting)
    await rules.answer(alert.id, hurt.id, Answer.help, by=hurt, now=NOON)
    errand = await needs.ask_for_help(needs.Asking(What.groceries, "Rice"), by=await a_person(), now=NOON)
    await needs.take(errand, by=busy, now=NOON)
    await needs.set_limits(Limits(0), by=resting, now=NOON)

    [health] = [each for each in await hands.hands(alert, by=by, now=NOON) if each.kind == "health"]

    assert ([each.id for each in health.free], health.offered) == ([nurse.id], 5)
    assert silent.id not in await free(alert, by)


async def test_whoever_is_away_or_blocks_the_one_who_leads_is_not_listed():
    area, by = await an_area(), await a_coordinator()
    away, blocks, nurse = [await a_nurse(area) for _ in range(3)]
    alert = await out(by)
    await all_safe(alert, away, blocks, nurse)
    role = Role(person=away.id, kind=RoleKind.space_manager, given_at=NOON)
    await role.save()
    gone = Absence(role=role.id, since_at=NOON - HOUR, until_at=NOON + HOUR, noted_by=away.id, noted_at=NOON)
    await Absence.insert(gone)
    await moderation.block(by.id, by=blocks, now=NOON)

    assert await free(alert, by) == [nurse.id]


async def test_training_counts_for_those_who_help_in_an_emergency_and_not_for_others():
    boss, area, by = await an_administrator(), await an_area(), await a_coordinator()
    nurse, quiet = await a_nurse(area), await a_person(home=await a_household(area=area))
    for each in (nurse, quiet):
        await people.grant(each.id, "first aid", until=None, by=boss.id, now=NOON)
    alert = await out(by)
    await all_safe(alert, nurse, quiet)

    assert await free(alert, by, kind="can first aid") == [nurse.id]


async def test_one_tap_asks_the_nearest_of_a_kind_and_whoever_takes_it_reads_the_door():
    here, there, by = await an_area(name="1"), await an_area(name="2"), await a_coordinator()
    far = [await a_nurse(there) for _ in range(3)]
    near = [await a_nurse(here) for _ in range(2)]
    door = await a_household(area=here, address="1-707")
    alert = await out(by)
    await all_safe(alert, *far, *near)

    assert (await free(alert, by, door=door.id))[:2] == [each.id for each in near]
    assert await hands.ask(alert.id, "health", most=2, door=door.id, by=by, now=NOON) == 2

    need = await the_need(by)
    assert [await rang(each, need.id) for each in (*near, *far)] == [1, 1, 0, 0, 0]
    await needs.tick(need.id, now=NOON + 2 * HOUR)
    assert [await rang(each, need.id) for each in far] == [0, 0, 0]
    assert (await needs.whole(need.id, by=near[0], now=NOON)).details == ""
    await needs.take(need.id, by=near[0], now=NOON)
    assert (await needs.whole(need.id, by=near[0], now=NOON)).details == "1-707"
    [asked] = await hands.asked(alert, by=by)
    assert (asked.helper, asked.stage) == (near[0].name, Stage.taken)
    assert near[0].id not in await free(alert, by)


async def test_what_was_asked_ends_with_the_alert_and_nobody_is_asked_after_it():
    by = await a_coordinator()
    nurse = await a_nurse(await an_area())
    alert = await out(by)
    await all_safe(alert, nurse)
    await hands.ask(alert.id, "health", by=by, now=NOON)
    need = await the_need(by)
    await needs.take(need.id, by=nurse, now=NOON)

    await rules.all_clear(alert.id, by=by, now=NOON + HOUR)

    assert (await the_need(by)).stage == Stage.withdrawn
    assert await rang(nurse, need.id) == 1
    with pytest.raises(Taken):
        await hands.ask(alert.id, "health", by=by, now=NOON + HOUR)


async def test_thirty_days_after_the_end_nothing_says_who_was_asked_to_which_door():
    by, door = await a_coordinator(), await a_household(address="1-707")
    nurse = await a_nurse(await an_area())
    alert = await out(by)
    await all_safe(alert, nurse)
    await hands.ask(alert.id, "health", door=door.id, by=by, now=NOON)
    need = await the_need(by)
    await rules.all_clear(alert.id, by=by, now=NOON + HOUR)

    await kept.purge(NOON + timedelta(days=32))

    assert await the_need(by) is None
    assert await rang(nurse, need.id) == 0


async def test_where_nobody_is_free_the_one_who_leads_hears_so():
    by = await a_coordinator()
    await a_nurse(await an_area())
    alert = await out(by)

    with pytest.raises(Refusal):
        await hands.ask(alert.id, "health", by=by, now=NOON)


async def test_no_steward_and_no_neighbour_looks_through_who_can_what():
    area = await an_area()
    alert = await out(await a_coordinator())
    for other in (await a_person(), await a_person(role=RoleKind.steward, area=area)):
        with pytest.raises(Missing):
            await hands.hands(alert, by=other, now=NOON)
        with pytest.raises(Missing):
            await hands.ask(alert.id, "health", by=other, now=NOON)


async def test_the_page_counts_by_skill_and_asks(sign_in):
    from app.kit.clock import now

    by = await a_coordinator()
    nurses = [await a_nurse(await an_area(), name=name) for name in ("Ana", "Ben", "Cem", "Dua")]
    alert = await Alert.objects().get(Alert.id == await an_alert(by=by, now=now()))
    for each in nurses:
        await rules.answer(alert.id, each.id, Answer.safe, by=each, now=now())
    browser = await sign_in(by)

    shown = await browser.get(f"/alerts/{alert.id}/hands")
    done = await browser.post(f"/alerts/{alert.id}/hands", data={"kind": "health", "most": "3"})

    assert "4 free" in shown.text and "Ask 3 of them" in shown.text and "Ask all 4" in shown.text
    assert "3 people are asked." in done.text and "Somebody is needed who can do this: Health" in done.text
