"""A test that rings one phone, and its person says whether they heard it."""

from datetime import datetime, timedelta

from app.db import writing
from app.features.notices.rules.devices import Phone, device
from app.features.notices.rules.spreading import HASTE
from app.features.notices.rules.telling import look_again, read_about
from app.features.notices.rules.topics import TEST
from app.features.notices.tables import By, Delivery, Device, Notice, Urgency
from app.kit import limits
from app.kit.refusals import TooOften
from app.kit.words import say

PER_PERSON = limits.Limit("push-test", 20, timedelta(hours=1))
LASTS = timedelta(hours=1)


async def ring(device_id: int, *, of: int, now: datetime) -> None:
    """One delivery, to that phone alone: it is spread already, so it goes nowhere else. It may break quiet hours: they
    have just asked for it. The newest takes the place of the one before.
    """
    await device(device_id, of=of)
    if await limits.count(PER_PERSON, PER_PERSON.key(of), now) > PER_PERSON.times:
        wait = PER_PERSON.wait(now)
        raise TooOften(say("Too many tests. Please wait %(minutes)s minutes.", minutes=-(-wait // 60)), wait=wait)
    async with writing():
        await Notice.delete().where((Notice.person == of) & (Notice.topic == TEST) & (Notice.path == path(device_id)))
        notice = Notice(person=of, path=path(device_id), topic=TEST, urgency=Urgency.urgent, until_at=now + LASTS)
        notice.sentence = say("This is a test. Tap here to say that it rang.").as_json()
        notice.key, notice.made_at, notice.spread_at = f"test:{device_id}:{now.timestamp():.0f}", now, now
        await notice.save()
        await Delivery.insert(
            Delivery(notice=notice.id, by=By.push, device=device_id, due_at=now, haste=HASTE[Urgency.urgent])
        )
        await look_again([of])


async def hear(device_id: int, *, of: int, now: datetime) -> None:
    """It rang, and they heard it."""
    async with writing():
        await device(device_id, of=of)
        await Device.update({Device.heard_at: now}).where(Device.id == device_id)
        await read_about(path(device_id), by=of, now=now)


async def way_of(device_id: int, *, of: int) -> tuple[Phone, bool]:
    """The phone, and whether its push service has taken the newest test. Raises Missing for another's."""
    phone = await device(device_id, of=of)
    theirs = (Notice.person == of) & (Notice.topic == TEST) & (Notice.path == path(device_id))
    newest = await Notice.select(Notice.made_at).where(theirs).order_by(Notice.id, ascending=False).first()
    return phone, bool(newest and phone.rang_at and phone.rang_at >= newest["made_at"])


def path(device_id: int) -> str:
    return f"/account/notices/phones/{device_id}/test"
