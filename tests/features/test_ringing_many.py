"""Something is told to many, followed by what corrects it or ends it, and counted by area and road."""

from datetime import UTC, datetime, timedelta

from app.db import writing
from app.features.notices import rules as notices
from app.features.notices.jobs.ringing import spread_and_gather
from app.features.notices.rules.roads import Outcome, Verdict
from app.features.notices.rules.went import Seen, Went
from app.features.notices.tables import By, Choice, Device, Fate, Urgency
from app.kit.words import say
from tests.makers import a_household, an_area
from tests.ringing import ARoad, a_bell, a_device, fates, ring, somebody

MIDDAY = datetime(2026, 5, 4, 4, tzinfo=UTC)  # 12:00 in Shanghai
HOUR = timedelta(hours=1)
PHONE = "+8613812345678"


async def tell(people, key, *, words=None, now=MIDDAY, urgency=Urgency.critical, **said):
    async with writing():
        await notices.tell_all(
            [each.id for each in people],
            words or say("The water is off"),
            path="/alerts/1",
            now=now,
            topic="announcements",
            urgency=urgency,
            key=key,
            thread="alert 1",
            **said,
        )


async def test_what_follows_goes_wherever_the_one_before_was_taken_and_nowhere_else():
    ana, bo, text = await somebody(phone=PHONE), await somebody(phone=PHONE[:-1] + "9"), ARoad(By.sms)
    await tell([ana], "first")
    await ring(text, MIDDAY)

    await tell([ana, bo], "over", words=say("The water is back"), urgency=Urgency.soon)
    texts = await ring(text, MIDDAY + HOUR)

    assert [(each.to, each.words) for each in texts] == [(PHONE, "The water is back")]
    assert len({each.tag for each in text.carried}) == 1


async def test_whoever_stopped_it_there_is_not_followed():
    ana, text = await somebody(phone=PHONE), ARoad(By.sms)
    await tell([ana], "first")
    await ring(text, MIDDAY)
    await Choice.insert(Choice(person=ana.id, topic="announcements", by=By.sms, wanted=False))

    await tell([ana], "over", urgency=Urgency.soon)

    assert await ring(text, MIDDAY + HOUR) == []


async def test_what_is_ended_goes_out_no_more_and_stays_written_down():
    ana, bo, push = await somebody(), await somebody(), ARoad(at_once=1)
    first = await Device.select(Device.id).order_by(Device.id).first()
    push.answers = {first["id"]: [Outcome(Verdict.again, 500)]}
    await tell([ana, bo], "first")
    await ring(push, MIDDAY)

    await notices.end("first", MIDDAY + HOUR)

    assert await ring(push, MIDDAY + HOUR) == [] and await fates() == ["over", "accepted"]
    assert await notices.told(["first"]) == [ana.id, bo.id]
    assert await notices.unread(ana.id, MIDDAY + HOUR) == 0


async def a_street():
    """Three who live in two areas: one with two phones, one with none, one who gave a number only."""
    here, there = await an_area(), await an_area()
    ana = await somebody(phones=2, home=await a_household(area=here), email="")
    bo = await somebody(phones=0, signs_in=False, home=await a_household(area=there), email="")
    cy = await somebody(phones=0, signs_in=False, home=await a_household(area=there), email="", phone=PHONE)
    return [ana, bo, cy], here.id, there.id


BELL = a_bell(frozenset({By.push, By.sms}))


async def test_what_became_of_it_is_counted_by_area_and_road_as_people():
    people, here, there = await a_street()
    await tell(people, "first")
    assert await notices.went(["first"], MIDDAY) == [
        Went(here, None, Fate.waiting, 1),
        Went(there, None, Fate.waiting, 2),
    ]

    while await spread_and_gather(BELL, MIDDAY):
        pass
    phones = [each["id"] for each in await Device.select(Device.id).order_by(Device.id)]
    await ring(ARoad(answers={phones[0]: [Outcome(Verdict.failed, 400)]}), MIDDAY, bell=BELL)

    assert set(await notices.went(["first"], MIDDAY)) == {
        Went(here, By.push, Fate.accepted, 1),
        Went(there, None, Fate.failed, 1),
        Went(there, By.sms, Fate.waiting, 1),
    }
    await notices.end("first", MIDDAY + HOUR)
    assert Went(there, By.sms, Fate.over, 1) in await notices.went(["first"], MIDDAY + HOUR)


async def test_who_opened_it_is_counted_too():
    people, here, there = await a_street()
    await tell(people, "first")
    await tell(people, "second")
    await notices.read_about("/alerts/1", by=people[0].id, now=MIDDAY)

    assert await notices.seen(["first", "second"]) == [Seen(here, 1, 1), Seen(there, 2, 0)]


async def test_one_who_hears_it_in_the_digest_counts_as_far_as_the_digest_came():
    ana, push = await somebody(wishes={"daily_at": 18 * 60}, email=""), ARoad()
    async with writing():
        for n in range(2):
            await notices.tell(ana.id, say("Hello"), path=f"/{n}", now=MIDDAY, key=f"{n}", topic="announcements")
    await ring(push, MIDDAY)
    assert [each.fate for each in await notices.went(["1"], MIDDAY)] == [Fate.waiting]

    await ring(push, MIDDAY + 6 * HOUR)

    assert await notices.went(["1"], MIDDAY) == [Went(None, By.push, Fate.accepted, 1)]


async def test_phones_first_spares_the_other_roads_where_a_phone_rings_and_nobody_else():
    rings, silent = await somebody(phone=PHONE), await somebody(phones=0, phone=PHONE[:-1] + "9")
    gone, refused = await somebody(phone=PHONE[:-1] + "7"), await somebody(phones=0, phone=PHONE[:-1] + "6")
    await a_device(refused.id, trouble="403")
    phone = await Device.select(Device.id).where(Device.person == gone.id).first()
    push, text = ARoad(answers={phone["id"]: [Outcome(Verdict.gone, 410)]}), ARoad(By.sms)
    await tell([rings, silent, gone, refused], "first", phones_first=True)
    await ring(push, MIDDAY)

    at_once = [each.to[-1] for each in await ring(text, MIDDAY)]
    await tell([rings], "20 minutes later", now=MIDDAY + HOUR / 3)
    later = [each.to[-1] for each in await ring(text, MIDDAY + HOUR / 3)]

    assert sorted(at_once) == ["6", "7", "9"] and later == [PHONE[-1]]
