"""What could be lost, doubled or told in vain when people leave, stop, let go of a phone, or a road is in trouble."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.db import held, writing
from app.features.notices import rules as notices
from app.features.notices.jobs.ringing import spread_and_gather
from app.features.notices.rules import delivering, spreading
from app.features.notices.rules.losing import drop_phones
from app.features.notices.rules.roads import Outcome, Verdict
from app.features.notices.rules.services import services
from app.features.notices.tables import By, Choice, Delivery, Device, Notice, Urgency
from app.features.people.tables import Person
from app.kit.words import say
from tests.makers import a_household
from tests.ringing import YES, ARoad, a_bell, fates, ring, somebody

MIDDAY = datetime(2026, 5, 4, 4, tzinfo=UTC)  # 12:00 in Shanghai
NIGHT = datetime(2026, 5, 4, 15, tzinfo=UTC)  # 23:00
SEVEN = datetime(2026, 5, 4, 23, tzinfo=UTC)  # 7:00 of the next morning
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DAILY = {"daily_at": 18 * 60}


async def tell(person, words=None, *, now=MIDDAY, path="/asks/1", **said):
    async with writing():
        await notices.tell(person.id, words or say("Hello"), path=path, now=now, **said)


class Meanwhile(ARoad):
    """Something happens in the house while its first message is on the way."""

    happens = None

    async def carry(self, message, now):
        happens, self.happens = self.happens, None
        if happens:
            await happens()
        return await super().carry(message, now)


async def test_somebody_who_is_erased_while_it_rings_holds_up_nobody():
    ana, bo, road = await somebody(), await somebody(), Meanwhile()
    await tell(ana)
    await tell(bo)
    road.happens = lambda: Person.delete().where(Person.id == ana.id)

    await ring(road, MIDDAY)

    assert await fates() == ["accepted"]


async def test_a_digest_goes_out_without_what_was_withdrawn_in_the_last_moment():
    ana, road = await somebody(wishes=DAILY), ARoad()
    await tell(ana, path="/asks/1", key="one")
    await tell(ana, path="/asks/2")
    await tell(ana, path="/asks/3")
    evening = MIDDAY + 6 * HOUR
    for at in (MIDDAY, evening):
        while await spread_and_gather(a_bell(), at):
            pass

    await notices.withdraw("one")
    [said] = await ring(road, evening)

    assert [address[-1] for _, address in said.lines] == ["2", "3"]


async def test_what_was_stopped_while_it_waited_does_not_come():
    ana, push, mail = await somebody(wishes=DAILY), ARoad(), ARoad(By.email)
    await Choice.insert(Choice(person=ana.id, topic="asks", by=By.email, wanted=True))
    await tell(ana)
    await tell(ana, topic="account")
    await tell(ana, urgency=Urgency.urgent, path="/asks/now")
    await ring(push, MIDDAY)

    await Choice.update({Choice.wanted: False}).where(Choice.by == By.email)
    [said, *more] = await ring(mail, MIDDAY), await ring(mail, MIDDAY + 6 * HOUR)

    assert [each.url[-3:] for each in said] == ["now"]
    assert [each.topic for each in more[0]] == ["account"]


async def test_where_the_last_phone_turns_out_gone_an_email_goes_in_its_place():
    ana, push, mail = await somebody(), ARoad(), ARoad(By.email)
    [phone] = await Device.select(Device.id)
    push.answers = {phone["id"]: [Outcome(Verdict.gone, 410)]}
    await tell(ana)
    await ring(push, MIDDAY)

    [letter] = await ring(mail, MIDDAY + MINUTE)

    assert letter.to == f"n{ana.id}@example.org" and await fates() == ["gone"]
    assert await ring(mail, MIDDAY + HOUR) == []


async def test_where_another_phone_rings_none_goes():
    ana, push, mail = await somebody(phones=2), ARoad(), ARoad(By.email)
    first = await Device.select(Device.id).order_by(Device.id).first()
    push.answers = {first["id"]: [Outcome(Verdict.gone, 410)]}
    await tell(ana)
    await ring(push, MIDDAY)

    assert await ring(mail, MIDDAY + MINUTE) == [] and len(push.carried) == 2
    assert sorted(await fates()) == ["accepted", "gone"]


async def test_a_test_of_a_phone_that_is_gone_goes_nowhere_else():
    ana, push, mail = await somebody(), ARoad(), ARoad(By.email)
    [phone] = await Device.select(Device.id)
    push.answers = {phone["id"]: [Outcome(Verdict.gone, 410)]}
    await notices.ring(phone["id"], of=ana.id, now=MIDDAY)
    await ring(push, MIDDAY)

    assert await ring(mail, MIDDAY + MINUTE) == []


async def test_a_whole_digest_finds_another_way_when_its_phone_is_gone():
    ana, push, mail = await somebody(wishes=DAILY), ARoad(), ARoad(By.email)
    [phone] = await Device.select(Device.id)
    push.answers = {phone["id"]: [Outcome(Verdict.gone, 410)]}
    await tell(ana, path="/asks/1")
    await tell(ana, path="/asks/2")
    await ring(push, MIDDAY)
    await ring(push, MIDDAY + 6 * HOUR)

    await ring(mail, MIDDAY + 6 * HOUR)
    [letter] = await ring(mail, MIDDAY + 30 * HOUR)

    assert [address[-1] for _, address in letter.lines] == ["1", "2"]


@pytest.mark.parametrize("by", [By.sms, By.wecom])
async def test_a_road_that_refuses_us_rings_for_the_operator_and_loses_nobody(by):
    road = ARoad(by)
    ana = await somebody(phones=0, phone="+8613812345678", wishes={"wecom": "ana"})
    await tell(ana, urgency=Urgency.critical, until=MIDDAY + HOUR)
    while await spread_and_gather(a_bell(), MIDDAY):
        pass
    number = (await Delivery.select(Delivery.id).where(Delivery.by == by).first())["id"]
    road.answers = {number: [Outcome(Verdict.refused, 401)]}
    await ring(road, MIDDAY)
    [service] = await services()
    assert (service.origin, service.alarm) == (by, "401") and await fates(by) == ["waiting"]

    await ring(road, MIDDAY + MINUTE)

    [service] = await services()
    assert await fates(by) == ["accepted"] and service.alarm_at is None


async def test_a_road_that_asks_for_time_gets_it_from_all_who_wait_there():
    people = [await somebody(phones=0, phone=f"+861381234567{n}") for n in range(3)]
    road = ARoad(By.sms, at_once=1)
    for each in people:
        await tell(each, urgency=Urgency.critical)
    while await spread_and_gather(a_bell(), MIDDAY):
        pass
    first = (await Delivery.select(Delivery.id).where(Delivery.by == By.sms).order_by(Delivery.id).first())["id"]
    road.answers = {first: [Outcome(Verdict.wait, 429, pause=MINUTE)]}

    at_once, later = await ring(road, MIDDAY), await ring(road, MIDDAY + 2 * MINUTE)

    assert (len(at_once), len(later)) == (1, 3)
    assert len(await ring(ARoad(By.email), MIDDAY)) == 3, "the pause is of that road alone"


async def test_a_household_hears_what_is_soon_at_once_however_often_it_was_rung(monkeypatch):
    monkeypatch.setattr(spreading, "FEW", 2)
    ana, road = await somebody(home=await a_household()), ARoad()
    for n in range(3):
        await tell(ana, path=f"/asks/{n}", urgency=Urgency.urgent)
    for n in range(3):
        await tell(ana, path=f"/asks/e{n}")
    await tell(ana, path="/asks/soon", urgency=Urgency.soon)

    rang = [each.url.rpartition("/")[2] for each in await ring(road, MIDDAY)]

    assert rang == ["0", "1", "2", "soon", "e0", "e1"]


async def test_a_second_phone_does_not_use_up_what_a_household_may_be_rung(monkeypatch):
    monkeypatch.setattr(spreading, "FEW", 2)
    ana, road = await somebody(phones=2, home=await a_household()), ARoad()
    for n in range(2):
        await tell(ana, path=f"/asks/{n}")
        assert len(await ring(road, MIDDAY)) == 2


async def test_what_waits_for_the_morning_counts_for_the_day_on_which_it_rings(monkeypatch):
    monkeypatch.setattr(spreading, "FEW", 2)
    ana, road = await somebody(home=await a_household()), ARoad()
    for n in range(2):
        await tell(ana, path=f"/asks/{n}", now=NIGHT)
    await ring(road, NIGHT)
    for n in range(2, 4):
        await tell(ana, path=f"/asks/{n}", now=NIGHT + 3 * HOUR)  # two in the morning
    await ring(road, NIGHT + 3 * HOUR)

    assert len(await ring(road, SEVEN)) == 2
    [evening] = await ring(road, SEVEN + 11 * HOUR)
    assert len(evening.lines) == 2


async def test_what_is_urgent_does_not_wait_until_all_that_is_not_was_spread(monkeypatch):
    monkeypatch.setattr(spreading, "AT_ONCE", 2)
    for n in range(5):
        await tell(await somebody(), path=f"/asks/{n}")
    await tell(await somebody(), path="/alerts/1", urgency=Urgency.critical)

    await spreading.spread(a_bell(), MIDDAY)

    spread_ones = await Notice.select(Notice.path).where(Notice.spread_at.is_not_null())
    assert "/alerts/1" in [each["path"] for each in spread_ones]


async def under_way(person):
    """What a sender has just taken of what they were told."""
    while await spread_and_gather(a_bell(), MIDDAY):
        pass
    return [row | {"person": person.id, "until": MIDDAY + HOUR} for row in await delivering.claim(By.push, MIDDAY, 10)]


async def while_it_is_held(query, deed, other):
    """The deed holds this, the other comes, and then the deed goes on."""
    held_now = asyncio.Event()

    async def first():
        async with writing():
            await held(query)
            held_now.set()
            await asyncio.sleep(0.2)
            await deed()

    async def then():
        await held_now.wait()
        await other()

    await asyncio.gather(first(), then())


async def test_signing_out_and_an_answer_that_comes_back_do_not_wait_for_each_other():
    ana = await somebody()
    await tell(ana)
    rows = await under_way(ana)
    phone = Device.id == rows[0]["device"]

    await while_it_is_held(
        Device.select(Device.id).where(phone),
        lambda: drop_phones(phone, MIDDAY),
        lambda: delivering.mark([(row, YES) for row in rows], MIDDAY, Random(1)),
    )

    assert await Device.count() == 0 and await Notice.count() == 1


async def test_taking_back_and_a_phone_that_is_gone_do_not_wait_for_each_other():
    ana = await somebody()
    await tell(ana, key="one")
    rows = await under_way(ana)

    await while_it_is_held(
        Notice.select(Notice.id),
        lambda: notices.withdraw("one"),
        lambda: delivering.mark([(row, Outcome(Verdict.gone, 410)) for row in rows], MIDDAY, Random(1)),
    )

    assert (await Device.count(), await Notice.count(), await Delivery.count()) == (0, 0, 0)


async def test_what_nobody_carried_for_days_is_not_told_any_more():
    ana, road = await somebody(), ARoad()
    await tell(ana)
    while await spread_and_gather(a_bell(), MIDDAY):
        pass

    assert await ring(road, MIDDAY + timedelta(days=3)) == [] and await fates() == ["over"]


async def test_a_digest_lasts_as_long_as_the_last_of_what_is_in_it():
    ana, road, evening = await somebody(wishes=DAILY), ARoad(), MIDDAY + 6 * HOUR
    [phone] = await Device.select(Device.id)
    road.answers = {phone["id"]: [Outcome(Verdict.again, 500)]}
    await tell(ana, path="/asks/1", until=evening + MINUTE / 60)
    await tell(ana, path="/asks/2", until=evening + 5 * HOUR)
    await ring(road, MIDDAY)
    [together] = await ring(road, evening)

    [alone] = await ring(road, evening + MINUTE)

    assert together.until == evening + 5 * HOUR and alone.url.endswith("/asks/2")
