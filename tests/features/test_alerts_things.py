"""In an alert: what is of use, at home and free, seen by those who lead and asked for in one tap."""

import asyncio
from datetime import timedelta

import pytest

from app.features.alerts import rules
from app.features.alerts.asked_things import AlertThing
from app.features.alerts.rules import kept, things
from app.features.alerts.rules.things import Wanted
from app.features.alerts.tables import Alert, Kind, Level
from app.features.moderation import rules as moderation
from app.features.notices.tables import Notice, Urgency
from app.features.people.tables import Kind as RoleKind
from app.features.sharing import rules as sharing
from app.features.sharing.rules.lent import lent
from app.features.sharing.tables import Audience, Category, Condition, Loan, Stage, State
from app.features.sharing.tables import Kind as ItemKind
from app.kit.refusals import Missing, Taken
from app.kit.tables import AuditRow
from tests.alerting import a_coordinator, an_alert, run
from tests.makers import NOON, a_household, a_person, an_area
from tests.sharing import DAY, TODAY, a_loan, a_neighbour, an_item

HOUR = timedelta(hours=1)
WORDS = {"zh-Hans": "仍然停水", "en": "Still no water"}


async def a_torch(*, area=None, **said):
    area = area or await an_area()
    if "keepers" not in said and "by" not in said:
        said["by"] = await a_person(home=await a_household(area=area))
    usual = {"name": "Torch", "category": "safety", "emergency": True, "area": area.id}
    return await an_item(**{**usual, **said})


async def out(by, **said):
    return await Alert.objects().get(Alert.id == await an_alert(by=by, **said))


async def seen(alert, by, wanted=Wanted(), now=NOON):  # noqa: B008
    return [each.id for shelf in await things.look(alert, wanted, by=by, now=now) for each in shelf.things]


async def ask(alert, by, now=NOON, **said):
    return await things.ask_for_things(alert.id, Wanted(**said), by=by, now=now)


async def rang(person):
    return await Notice.objects().where((Notice.person == person) & (Notice.topic == "sharing"))


async def test_what_is_at_home_and_free_stands_there_whomever_it_is_shown_to_on_other_days():
    by = await a_coordinator()
    torch, hidden = await a_torch(), await a_torch(audience=Audience.building)
    out_now, promised = await a_torch(), await a_torch()
    await a_loan(out_now, stage=Stage.out, first=TODAY - 20 * DAY, days=3)
    await a_loan(promised, first=TODAY, days=1)
    await a_torch(emergency=False)
    for said in ({"state": State.paused}, {"condition": Condition.broken}, {"kind": ItemKind.give}):
        await a_torch(**said)

    assert await seen(await out(by), by) == [torch.id, hidden.id]


async def test_every_look_is_noted_and_nobody_else_looks():
    by, alert = await a_coordinator(), await out(await a_coordinator())
    await things.look(alert, Wanted(), by=by, now=NOON)

    noted = (AuditRow.who == by.id) & (AuditRow.did == "things for an emergency looked at")
    assert await AuditRow.count().where(noted & (AuditRow.about == f"alert:{alert.id}")) == 1
    for other in (await a_neighbour(), await a_person(role=RoleKind.steward, area=await an_area())):
        with pytest.raises(Missing):
            await things.look(alert, Wanted(), by=other, now=NOON)
        with pytest.raises(Missing):
            await ask(alert, other, category=Category.safety)


async def test_what_belongs_to_somebody_who_blocks_the_one_who_leads_is_not_there():
    by, torch = await a_coordinator(), await a_torch()
    await moderation.block(by.id, by=await a_person_of(torch.person), now=NOON)

    assert await seen(await out(by), by) == []


async def a_person_of(id):
    from app.features.people.rules import neighbour

    return await neighbour(id)


async def test_where_the_alert_is_comes_first_and_everywhere_is_one_tap_away():
    here, there, by = await an_area(), await an_area(), await a_coordinator()
    inside = await an_area(parent=here.id, kind="entrance")
    near, far = await a_torch(area=here), await a_torch(area=there)
    alert = await out(by, areas=(inside.id,))

    assert await seen(alert, by) == [near.id]
    assert await seen(alert, by, Wanted(everywhere=True)) == [near.id, far.id]


async def test_one_tap_asks_the_owner_as_loudly_as_the_alert_for_its_days_and_in_its_name():
    by, torch = await a_coordinator(), await a_torch()
    alert = await out(by, level=Level.urgent, until_at=NOON + 3 * DAY)

    assert await ask(alert, by, item=torch.id) == 1

    [line] = await things.asked_things(alert, by=by)
    loan = await lent(line.loan)
    assert (loan.stage, loan.borrower, loan.first_on, loan.last_on) == (Stage.asked, by.id, TODAY, TODAY + 3 * DAY)
    assert loan.until_at == alert.until_at and "No water" in loan.words
    [notice] = await rang(torch.person)
    assert (notice.path, notice.urgency, notice.until_at) == (loan.path, Urgency.urgent, alert.until_at)
    assert await seen(alert, by) == []


async def test_no_longer_than_its_owner_lends_it():
    by, torch = await a_coordinator(), await a_torch(longest=2)
    alert = await out(by, until_at=NOON + 5 * DAY)

    await ask(alert, by, item=torch.id)

    [line] = await things.asked_things(alert, by=by)
    assert (await lent(line.loan)).last_on == TODAY + DAY


async def test_an_exercise_is_marked_as_one_wherever_somebody_reads_it():
    by, torch = await a_coordinator(), await a_torch()
    alert = await out(by, kind=Kind.exercise)

    await ask(alert, by, item=torch.id)

    [line] = await things.asked_things(alert, by=by)
    [notice] = await rang(torch.person)
    assert (await lent(line.loan)).words.startswith("EXERCISE") and "EXERCISE" in notice.sentence


async def test_all_torches_are_asked_for_at_once_and_nothing_else():
    by = await a_coordinator()
    torches = [await a_torch(name="Big torch") for _ in range(4)]
    pump, rope = await a_torch(name="Pump"), await a_torch(name="Rope", category="other")
    own = await a_torch(by=by)
    alert = await out(by)

    assert await ask(alert, by, category=Category.safety, words="TORCH") == 4

    assert [each.item for each in await things.asked_things(alert, by=by)] == [each.id for each in torches]
    assert set(await seen(alert, by)) == {pump.id, rope.id, own.id}


async def test_it_does_not_count_against_the_limit_of_asks_a_day():
    by = await a_coordinator()
    for _ in range(30):
        await a_torch()
    alert = await out(by)

    assert await ask(alert, by, category=Category.safety) == 30


async def test_two_who_lead_ask_for_the_same_torch_at_once_and_it_is_asked_for_once():
    some, torch = [await a_coordinator() for _ in range(6)], await a_torch()
    alert = await out(some[0])

    done = await asyncio.gather(*(ask(alert, by, item=torch.id) for by in some), return_exceptions=True)

    assert sorted(str(type(each).__name__) for each in done) == ["Taken"] * 5 + ["int"]
    assert await Loan.count() == 1 and await AlertThing.count() == 1 and len(await rang(torch.person)) == 1


async def test_all_of_a_kind_asked_for_by_two_at_once_are_each_asked_for_once():
    some, torches = [await a_coordinator() for _ in range(2)], [await a_torch() for _ in range(5)]
    alert = await out(some[0])

    await asyncio.gather(*(ask(alert, by, category=Category.safety) for by in some), return_exceptions=True)

    assert await Loan.count() == 5
    assert [len(await rang(each.person)) for each in torches] == [1] * 5


async def test_after_a_no_it_may_be_asked_for_again_and_while_it_waits_it_may_not():
    by, other, torch = await a_coordinator(), await a_coordinator(), await a_torch()
    alert = await out(by)
    await ask(alert, by, item=torch.id)
    with pytest.raises(Taken):
        await ask(alert, other, item=torch.id)

    loan = (await Loan.select(Loan.id).where(Loan.item == torch.id).first())["id"]
    await sharing.decline(loan, "Its battery is flat", by=await a_person_of(torch.person), now=NOON)

    assert await ask(alert, other, item=torch.id) == 1
    [line] = await things.asked_things(alert, by=by)
    assert (line.stage, line.borrower) == (Stage.asked, other.id)


async def test_the_list_says_who_said_yes():
    by, torch = await a_coordinator(), await a_torch()
    alert = await out(by)
    await ask(alert, by, item=torch.id)
    [line] = await things.asked_things(alert, by=by)

    await sharing.accept(line.loan, by=await a_person_of(torch.person), now=NOON)

    [line] = await things.asked_things(alert, by=by)
    assert line.is_yes and line.owner_name == torch.owner_name


async def test_with_the_alert_ends_what_was_asked_and_promised_and_not_what_is_out():
    by = await a_coordinator()
    asked, promised, handed = [await a_torch() for _ in range(3)]
    alert = await out(by)
    await ask(alert, by, category=Category.safety)
    for torch, stage in ((promised, Stage.accepted), (handed, Stage.out)):
        await Loan.update({Loan.stage: stage}).where(Loan.item == torch.id)

    await rules.all_clear(alert.id, by=by, now=NOON + HOUR)
    await run(NOON + HOUR)
    await things.no_thing_is_needed(alert.id, now=NOON + 2 * HOUR)

    stages = {each.item: each.stage for each in await things.asked_things(alert, by=by)}
    assert stages == {asked.id: Stage.withdrawn, promised.id: Stage.withdrawn, handed.id: Stage.out}
    assert [len(await rang(each.person)) for each in (asked, promised)] == [1, 1]
    ended = await Alert.objects().get(Alert.id == alert.id)
    assert await seen(ended, by) == []
    with pytest.raises(Taken):
        await ask(ended, by, category=Category.safety, now=NOON + HOUR)


async def test_an_ask_that_ran_out_because_the_alert_lasts_longer_is_asked_anew():
    by, torch = await a_coordinator(), await a_torch()
    alert = await out(by)
    await ask(alert, by, item=torch.id)
    later_on = alert.until_at + HOUR
    await rules.update(alert.id, WORDS, WORDS, until_at=later_on + DAY, by=by, now=NOON + HOUR)

    await run(later_on)

    assert await seen(alert, by, now=later_on) == [torch.id]
    assert await ask(alert, by, item=torch.id, now=later_on) == 1


async def test_what_is_promised_to_another_right_after_it_is_not_free_where_it_needs_a_day_between():
    by, torch = await a_coordinator(), await a_torch(gap=1)
    await a_loan(torch, first=TODAY + DAY, days=2)
    alert = await out(by)

    assert await seen(alert, by) == []


async def test_thirty_days_after_the_end_nothing_says_what_was_asked_of_whom_in_it():
    by, _ = await a_coordinator(), await a_torch()
    alert = await out(by)
    await ask(alert, by, category=Category.safety)
    await rules.all_clear(alert.id, by=by, now=NOON + HOUR)
    await run(NOON + HOUR)

    await kept.purge(NOON + timedelta(days=32))

    assert await AlertThing.count() == 0


async def test_what_is_the_communitys_asks_its_keepers_and_whoever_leads_and_keeps_it_just_takes_it():
    keeper, by = await a_neighbour(), await a_coordinator()
    ours, own = await a_torch(keepers=[keeper]), await a_torch(keepers=[by])
    alert = await out(by)

    assert await ask(alert, by, category=Category.safety) == 1

    assert len(await rang(keeper.id)) == 1
    [line] = await things.asked_things(alert, by=by)
    assert line.item == ours.id
    with pytest.raises(Taken):
        await ask(alert, by, item=own.id)


async def test_the_page_lists_by_kind_and_building_and_asks(sign_in):
    from app.kit.clock import now

    by, area = await a_coordinator(), await an_area(name="7")
    torch, _ = await a_torch(area=area, name="Big torch"), await a_torch(area=area, name="Little torch")
    alert = await out(by, now=now())
    browser = await sign_in(by)

    assert f"/alerts/{alert.id}/things" in (await browser.get(f"/alerts/{alert.id}")).text
    shown = await browser.get(f"/alerts/{alert.id}/things")
    assert "Big torch" in shown.text and "Ask for all 2" in shown.text
    found = await browser.get(f"/alerts/{alert.id}/things?q=little")
    assert "Big torch" not in found.text and "Little torch" in found.text

    one = await browser.post(f"/alerts/{alert.id}/things", data={"item": str(torch.id)})
    assert "Asked for one thing." in one.text and "Asked so far" in one.text
    twice = await browser.post(f"/alerts/{alert.id}/things", data={"item": str(torch.id)})
    assert twice.status_code == 409
    neither = await browser.post(f"/alerts/{alert.id}/things", data={})
    assert neither.status_code == 422


@pytest.mark.parametrize("many", [1, 60])
async def test_the_page_asks_the_database_as_little_for_many_things_as_for_one(sign_in, queries, many):
    from app.kit.clock import now

    by, area = await a_coordinator(), await an_area()
    for _ in range(many):
        await a_torch(area=area)
    alert = await out(by, now=now())
    browser = await sign_in(by)
    queries.clear()

    assert (await browser.get(f"/alerts/{alert.id}/things")).status_code == 200
    assert len(queries) <= 14, queries
