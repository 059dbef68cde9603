"""Something is told to many, followed by what corrects it or ends it."""

from datetime import UTC, datetime, timedelta

from app.db import writing
from app.features.notices import rules as notices
from app.features.notices.rules.roads import Outcome, Verdict
from app.features.notices.tables import By, Choice, Device, Urgency
from app.kit.words import say
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

    await notices.end_thread("alert 1", MIDDAY + HOUR)

    assert await ring(push, MIDDAY + HOUR) == [] and await fates() == ["over", "accepted"]
    assert await notices.unread(ana.id, MIDDAY + HOUR) == 0


BELL = a_bell(frozenset({By.push, By.sms}))


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


async def test_what_is_frugal_sends_no_texts():
    one, text = await somebody(phones=0, phone=PHONE), ARoad(By.sms)

    await tell([one], "first", frugal=True)

    assert await ring(text, MIDDAY) == []
