"""What the doorbell sends, on which road, and when: once each, and never for what is over."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.db import writing
from app.features.notices import rules as notices
from app.features.notices.jobs import ringing
from app.features.notices.jobs.ringing import Traffic
from app.features.notices.rules import delivering, spreading
from app.features.notices.rules.roads import Outcome, Verdict
from app.features.notices.rules.services import services
from app.features.notices.tables import By, Choice, Delivery, Device, Notice, Urgency, Worked
from app.kit.words import say
from tests.makers import a_household, a_person
from tests.ringing import ARoad, a_bell, a_device, fates, ring, somebody

MIDDAY = datetime(2026, 5, 4, 4, tzinfo=UTC)  # 12:00 in Shanghai
NIGHT = datetime(2026, 5, 4, 15, tzinfo=UTC)  # 23:00
SEVEN = datetime(2026, 5, 4, 23, tzinfo=UTC)  # 7:00 of the next morning
HOUR = timedelta(hours=1)
ANA_ASKS = say("%(name)s asks for your help", name="Ana")


async def tell(person, words=ANA_ASKS, *, now=MIDDAY, path="/asks/1", **said):
    async with writing():
        await notices.tell(person.id, words, path=path, now=now, **said)


async def test_a_notice_rings_each_of_ones_phones_once_however_often_the_sender_looks():
    ana, road = await somebody(phones=2), ARoad()
    await tell(ana)

    first, second = await ring(road, MIDDAY), await ring(road, MIDDAY + HOUR)

    assert len(first) == 2 and second == []
    assert await fates() == ["accepted", "accepted"]


async def test_a_lock_screen_says_only_that_there_is_an_answer_unless_its_owner_wants_the_words():
    ana, bo, road = await somebody(), await somebody(wishes={"shows_words": True}), ARoad()
    await tell(ana)
    await tell(bo)

    to_ana, to_bo = await ring(road, MIDDAY)

    assert (to_ana.body, to_bo.body) == ("You have an answer.", "Ana asks for your help")
    assert to_ana.url == "https://kith.example/asks/1"


async def test_each_reads_in_their_own_language():
    road = ARoad()
    await tell(await somebody(language="zh-Hans"))
    await tell(await somebody(language="en"))

    chinese, english = await ring(road, MIDDAY)

    assert (chinese.body, english.body) == ("您收到了回复。", "You have an answer.")


async def test_at_night_an_everyday_notice_waits_until_seven_and_an_urgent_one_does_not():
    ana, road = await somebody(), ARoad()
    await tell(ana, now=NIGHT)
    await tell(ana, now=NIGHT, urgency=Urgency.soon, path="/asks/2")
    await tell(ana, now=NIGHT, urgency=Urgency.urgent, path="/asks/3")

    at_night, before_seven = await ring(road, NIGHT), await ring(road, SEVEN - timedelta(minutes=1))
    at_seven = await ring(road, SEVEN)

    assert [each.url[-1] for each in at_night] == ["3"] and before_seven == []
    assert sorted(each.url[-1] for each in at_seven) == ["1", "2"]


async def test_whoever_never_wants_quiet_is_rung_at_night_too():
    ana, road = await somebody(wishes={"quiet_from": 0, "quiet_until": 0}), ARoad()
    await tell(ana, now=NIGHT)

    assert len(await ring(road, NIGHT)) == 1


async def test_what_was_withdrawn_read_or_is_over_never_goes_out():
    ana, road = await somebody(), ARoad()
    await tell(ana, now=NIGHT, key="gone")
    await tell(ana, now=NIGHT, path="/asks/2")
    await tell(ana, now=NIGHT, path="/asks/3", until=NIGHT + HOUR)
    await ring(road, NIGHT)

    await notices.withdraw("gone")
    await notices.read_about("/asks/2", by=ana.id, now=NIGHT + HOUR)

    assert await ring(road, SEVEN) == []
    assert await fates() == ["over", "over"]


async def test_once_a_day_everything_comes_together():
    ana, road = await somebody(wishes={"daily_at": 18 * 60}), ARoad()
    for n in range(3):
        await tell(ana, path=f"/asks/{n}")
    await tell(ana, path="/asks/soon", urgency=Urgency.soon)

    at_once, too_early = await ring(road, MIDDAY), await ring(road, MIDDAY + 5 * HOUR)
    [evening] = await ring(road, MIDDAY + 6 * HOUR)

    assert [each.url for each in at_once] == ["https://kith.example/asks/soon"] and too_early == []
    assert evening.body == "3 things are new." and evening.url == "https://kith.example/notices"
    assert [address for _, address in evening.lines] == [f"https://kith.example/asks/{n}" for n in range(3)]
    assert sorted(await fates()) == ["accepted", "accepted", "together", "together"]


async def test_a_digest_leaves_out_what_was_read_meanwhile():
    ana, road = await somebody(wishes={"daily_at": 18 * 60}), ARoad()
    await tell(ana, path="/asks/1")
    await tell(ana, path="/asks/2")
    await ring(road, MIDDAY)
    await notices.read_about("/asks/1", by=ana.id, now=MIDDAY + HOUR)

    [evening] = await ring(road, MIDDAY + 6 * HOUR)

    assert evening.lines == () and evening.url == "https://kith.example/asks/2"


async def test_a_household_is_rung_so_often_a_day_and_hears_the_rest_together_in_the_evening(monkeypatch):
    monkeypatch.setattr(spreading, "FEW", 3)
    home, road = await a_household(), ARoad()
    ana, bo = await somebody(home=home), await somebody(home=home)
    for n in range(3):
        await tell(ana, path=f"/asks/{n}")
        await tell(bo, path=f"/asks/{n}")
    await tell(bo, path="/asks/9", urgency=Urgency.urgent)

    at_once, evening = await ring(road, MIDDAY), await ring(road, MIDDAY + 6 * HOUR)

    assert len(at_once) == 3 + 1
    assert [len(each.lines) or 1 for each in evening] in ([1, 2], [2, 1])


async def test_an_email_goes_where_nothing_quicker_reaches_somebody():
    road, none = ARoad(By.email), await somebody(phones=0)
    with_phone = await somebody()
    await tell(none)
    await tell(with_phone)

    [letter] = await ring(road, MIDDAY)

    assert letter.to == f"n{none.id}@example.org"


async def test_what_somebody_chose_holds_and_what_concerns_their_own_door_comes_all_the_same():
    ana, push, mail = await somebody(), ARoad(), ARoad(By.email)
    await Choice.insert(
        Choice(person=ana.id, topic="asks", by=By.push, wanted=False),
        Choice(person=ana.id, topic="asks", by=By.email, wanted=True),
    )
    await tell(ana)
    await tell(ana, topic="account", path="/account/security")

    rang, wrote = await ring(push, MIDDAY), await ring(mail, MIDDAY)

    assert [each.topic for each in rang] == ["account"]
    assert sorted(each.topic for each in wrote) == ["account", "asks"]


async def test_whoever_wants_nothing_about_a_topic_gets_nothing_about_it():
    ana, push, mail = await somebody(), ARoad(), ARoad(By.email)
    for by in By:
        await Choice.insert(Choice(person=ana.id, topic="asks", by=by, wanted=False))
    await tell(ana)

    assert await ring(push, MIDDAY) == [] and await ring(mail, MIDDAY) == []


async def test_whoever_never_signed_in_hears_only_what_is_urgent():
    old, road = await a_person(email="old@example.org"), ARoad(By.email)
    await tell(old)
    await tell(old, urgency=Urgency.urgent, path="/asks/2")

    [letter] = await ring(road, MIDDAY)

    assert letter.url.endswith("/2") and letter.to == "old@example.org"


async def test_the_hasty_go_first():
    road = ARoad()
    for n, urgency in enumerate([Urgency.everyday, Urgency.soon, Urgency.critical, Urgency.urgent]):
        await tell(await somebody(), urgency=urgency, path=f"/asks/{n}")

    assert [each.url[-1] for each in await ring(road, MIDDAY)] == ["2", "3", "1", "0"]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_phone_that_is_gone_is_forgotten_and_nothing_else_is_tried_on_it(status):
    ana = await somebody()
    device = (await Device.select(Device.id))[0]["id"]
    road = ARoad(answers={device: [Outcome(Verdict.gone, status)]}, at_once=1)
    await tell(ana, path="/asks/1")
    await tell(ana, path="/asks/2")

    assert len(await ring(road, MIDDAY)) == 1
    assert await Device.count() == 0
    assert await fates() == ["gone", "gone"]


async def test_trouble_is_tried_again_with_growing_pauses_and_removes_no_phone():
    ana = await somebody()
    device = (await Device.select(Device.id))[0]["id"]
    road = ARoad(answers={device: [Outcome(Verdict.again, 500)] * 3})
    await tell(ana)

    went = [len(await ring(road, MIDDAY + timedelta(seconds=s))) for s in (0, 1, 5, 6, 15, 16, 36, 60)]

    assert sum(went) == 4 and went[:2] == [1, 0]
    assert await fates() == ["accepted"] and await Device.count() == 1


def test_pauses_grow_to_five_minutes_and_are_never_the_same_for_all():
    random = Random(7)
    for tries in (1, 2, 3, 7, 8, 10**6):
        longest = min(300.0, 5.0 * 2 ** min(tries - 1, 10))
        pauses = [delivering.pause(tries, random).total_seconds() for _ in range(200)]
        assert longest / 2 <= min(pauses) and max(pauses) <= longest and len(set(pauses)) > 190


async def test_trouble_ends_when_the_notice_is_over():
    ana = await somebody()
    device = (await Device.select(Device.id))[0]["id"]
    road = ARoad(answers={device: [Outcome(Verdict.again, 503)] * 50})
    await tell(ana, until=MIDDAY + timedelta(seconds=9))

    for second in range(0, 60, 2):
        await ring(road, MIDDAY + timedelta(seconds=second))

    assert await fates() == ["failed"]
    assert await Device.count() == 1


async def test_a_service_that_asks_for_time_gets_it_from_all_who_are_there_and_holds_up_no_other():
    here, there = "https://one.example", "https://other.example"
    road, people = ARoad(), [await somebody(phones=0) for _ in range(3)]
    first = await a_device(people[0].id, origin=here)
    await a_device(people[1].id, origin=here)
    await a_device(people[2].id, origin=there)
    road.answers = {first: [Outcome(Verdict.wait, 429, pause=timedelta(seconds=90))]}
    await tell(people[0])
    await ring(road, MIDDAY)
    await tell(people[1])
    await tell(people[2])

    early = await ring(road, MIDDAY + timedelta(seconds=60))
    late = await ring(road, MIDDAY + timedelta(seconds=91))

    assert [each.to.rpartition("/")[0] for each in early] == [there]
    assert [each.to.rpartition("/")[0] for each in late] == [here, here]


async def test_a_service_that_refuses_us_rings_for_the_operator_once_and_loses_nobody():
    ana = await somebody()
    device = (await Device.select(Device.id))[0]["id"]
    road = ARoad(answers={device: [Outcome(Verdict.refused, 403)]})
    await tell(ana)
    await ring(road, MIDDAY)
    [service] = await services()
    assert (service.alarm, service.alarm_at) == ("403", MIDDAY) and await Device.count() == 1

    await tell(ana, path="/asks/2")
    await ring(road, MIDDAY + HOUR)

    [service] = await services()
    assert service.alarm_at is None
    assert await fates() == ["failed", "accepted"]


async def test_one_message_that_breaks_its_road_stops_no_other():
    class Breaks(ARoad):
        async def carry(self, message, now):
            if message.to == broken:
                raise IndexError("a key of no length")
            return await super().carry(message, now)

    road = Breaks()
    for _ in range(3):
        await tell(await somebody())
    broken = (await Device.select(Device.endpoint).order_by(Device.id).first())["endpoint"]

    assert len(await ring(road, MIDDAY)) == 2
    assert sorted(await fates()) == ["accepted", "accepted", "waiting"]


async def test_a_sentence_that_nobody_can_speak_ends_and_stops_no_other():
    road = ARoad()
    await tell(await somebody())
    await Notice.update({Notice.sentence: '{"no": "sentence"}'}, force=True)
    await tell(await somebody())

    assert len(await ring(road, MIDDAY)) == 1
    assert sorted(await fates()) == ["accepted", "over"]


async def test_a_sender_that_dies_keeps_nothing_and_the_repeat_bears_the_same_tag():
    ana = await somebody()
    await tell(ana)
    while await spreading.spread(a_bell(), MIDDAY):
        pass
    lost = await delivering.claim(By.push, MIDDAY, 10)
    assert len(lost) == 1 and await delivering.claim(By.push, MIDDAY + timedelta(seconds=10), 10) == []

    road = ARoad()
    [again] = await ring(road, MIDDAY + timedelta(seconds=11))
    await delivering.end(lost, "failed", MIDDAY + timedelta(seconds=12))  # the dead one wakes up too late

    assert again.delivery == lost[0]["id"] and await fates() == ["accepted"]
    assert (await Delivery.select(Delivery.tries).first())["tries"] == 1  # what the service says next is its first word


class ASlowService(ARoad):
    """Answers when it is told to, and not before."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = asyncio.Event()

    async def carry(self, message, now):
        await self.answer.wait()
        return await super().carry(message, now)


async def test_what_a_service_lets_wait_stays_with_its_sender_for_as_long_as_that_lives(monkeypatch):
    monkeypatch.setattr(ringing, "PAUSE", 0)
    await tell(await somebody())
    while await spreading.spread(a_bell(), MIDDAY):
        pass
    road, at = ASlowService(), MIDDAY
    sender = Traffic(road, a_bell(), lambda: at)
    for seconds in (0, 5, 10, 15):
        at = MIDDAY + timedelta(seconds=seconds)
        assert await sender.step()
        assert await delivering.claim(By.push, at, 10) == []

    road.answer.set()
    while await sender.step():
        pass

    assert await fates() == ["accepted"] and len(road.carried) == 1


async def test_whoever_lost_a_lease_does_not_get_it_back():
    await tell(await somebody())
    while await spreading.spread(a_bell(), MIDDAY):
        pass
    slow = await delivering.claim(By.push, MIDDAY, 10)
    [quick] = await delivering.claim(By.push, MIDDAY + timedelta(seconds=11), 10)

    await delivering.renew(slow, MIDDAY + timedelta(seconds=12))
    await delivering.end(slow, "failed", MIDDAY + timedelta(seconds=13))
    await delivering.end([quick], "accepted", MIDDAY + timedelta(seconds=14))

    assert await fates() == ["accepted"]


async def test_all_of_one_thread_bear_one_tag_and_other_notices_each_their_own():
    ana, road = await somebody(), ARoad()
    await tell(ana, thread="alert 5", path="/alerts/5", key="5 first")
    await tell(ana, thread="alert 5", path="/alerts/5", key="5 second")
    await tell(ana, path="/asks/1")
    await tell(ana, path="/asks/2")

    tags = [each.tag for each in await ring(road, MIDDAY)]

    assert tags[0] == tags[1] and len(set(tags)) == 3
    assert all(len(tag) <= 32 and tag.isalnum() and tag.isascii() for tag in tags)


async def test_that_a_road_worked_is_remembered_by_person():
    ana, road = await somebody(), ARoad()
    await tell(ana)
    await ring(road, MIDDAY)
    await tell(ana, path="/asks/2")
    await ring(road, MIDDAY + HOUR)

    rows = await Worked.select(Worked.person, Worked.by, Worked.at)
    assert rows == [{"person": ana.id, "by": "push", "at": MIDDAY + HOUR}]


async def test_what_is_erased_takes_its_deliveries_along():
    ana, road = await somebody(), ARoad()
    await tell(ana)
    await ring(road, MIDDAY)

    await notices.forget(ana.id, now=MIDDAY)

    assert [await table.count() for table in (Notice, Delivery, Device, Worked)] == [0, 0, 0, 0]
