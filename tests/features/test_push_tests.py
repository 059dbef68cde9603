"""A test rings one phone and no other road, and its person says whether they heard it."""

from datetime import timedelta

import pytest

from app.features.notices import rules as notices
from app.features.notices.rules.spreading import is_something_fresh
from app.features.notices.tables import By, Delivery, Device, Fate, Notice, Urgency
from app.kit.refusals import Missing, TooOften
from tests.makers import NOON, a_person
from tests.subscriptions import a_device

HERE = "/account/notices"


async def the_tests(person) -> list[Notice]:
    return await Notice.objects().where((Notice.person == person.id) & (Notice.topic == "test")).order_by(Notice.id)


async def test_a_test_goes_to_that_phone_alone_and_nowhere_else():
    ana = await a_person(email="ana@example.org")
    other, device = await a_device(ana), await a_device(ana)

    await notices.ring(device.id, of=ana.id, now=NOON)

    [row] = await Delivery.objects()
    assert (row.by, row.device, row.fate, row.due_at) == (By.push, device.id, Fate.waiting, NOON)
    assert row.device != other.id and not await is_something_fresh(), "nobody spreads it to other roads"
    [test] = await the_tests(ana)
    assert test.urgency == Urgency.urgent and test.until_at == NOON + timedelta(hours=1), "it may ring in quiet hours"


async def test_the_newest_test_takes_the_place_of_the_one_before():
    ana = await a_person()
    device = await a_device(ana)
    for minutes in (0, 0, 1):
        await notices.ring(device.id, of=ana.id, now=NOON + timedelta(minutes=minutes))
    assert len(await the_tests(ana)) == 1 and await Delivery.count() == 1


async def test_after_twenty_in_an_hour_one_waits():
    ana = await a_person()
    device = await a_device(ana)
    for _ in range(20):
        await notices.ring(device.id, of=ana.id, now=NOON)
    with pytest.raises(TooOften):
        await notices.ring(device.id, of=ana.id, now=NOON)
    await notices.ring(device.id, of=ana.id, now=NOON + timedelta(hours=1))


async def test_who_heard_it_says_so_and_the_notice_is_read():
    ana = await a_person()
    device = await a_device(ana)
    await notices.ring(device.id, of=ana.id, now=NOON)
    assert await notices.unread(ana.id, NOON) == 1

    await notices.hear(device.id, of=ana.id, now=NOON)

    [phone] = await notices.devices(ana.id)
    assert phone.heard_at == NOON and await notices.unread(ana.id, NOON) == 0


async def test_anothers_phone_is_neither_rung_nor_heard():
    ana, ben = await a_person(), await a_person()
    device = await a_device(ana)
    for deed in (notices.ring, notices.hear):
        with pytest.raises(Missing):
            await deed(device.id, of=ben.id, now=NOON)
    assert await Notice.count() == 0 and (await notices.device(device.id, of=ana.id)).heard_at is None


async def test_the_page_knows_whether_the_push_service_took_the_newest_test():
    ana = await a_person()
    device = await a_device(ana)
    await notices.ring(device.id, of=ana.id, now=NOON)
    assert not (await notices.way_of(device.id, of=ana.id))[1]
    await Device.update({Device.rang_at: NOON + timedelta(seconds=2)}).where(Device.id == device.id)
    assert (await notices.way_of(device.id, of=ana.id))[1]
    await notices.ring(device.id, of=ana.id, now=NOON + timedelta(minutes=1))
    assert not (await notices.way_of(device.id, of=ana.id))[1]


async def test_from_the_list_to_the_test_to_it_rang(sign_in):
    ana = await a_person()
    device = await a_device(ana, name="Chrome, Android")
    browser = await sign_in(ana)

    asked = await browser.post(f"{HERE}/phones/{device.id}/tests")
    assert asked.url.path == f"{HERE}/phones/{device.id}/test" and "Chrome, Android" in asked.text
    assert "On its way to the push service" in asked.text
    heard = await browser.post(f"{HERE}/phones/{device.id}/hearing")
    assert heard.url.path == HERE and "You heard it on" in heard.text

    gone = await browser.post(f"{HERE}/phones/{device.id}/removal")
    assert "That phone does not ring any more." in gone.text and "Chrome, Android" not in gone.text


async def test_a_browser_that_knows_only_its_endpoint_is_rung_by_it(sign_in):
    ana, ben = await a_person(), await a_person()
    device, his = await a_device(ana), await a_device(ben)
    browser = await sign_in(ana)
    rung = await browser.post(f"{HERE}/phones/tests", data={"endpoint": device.endpoint}, follow_redirects=False)
    assert rung.headers["location"] == f"{HERE}/phones/{device.id}/test"
    for endpoint in (his.endpoint, "", "nonsense"):
        assert (await browser.post(f"{HERE}/phones/tests", data={"endpoint": endpoint})).status_code == 404
    assert await Notice.count() == 1


async def test_the_part_about_its_way_is_fetched_alone_until_it_was_taken(sign_in):
    ana = await a_person()
    device = await a_device(ana)
    browser = await sign_in(ana)
    await browser.post(f"{HERE}/phones/{device.id}/tests")
    part = {"HX-Request": "true", "HX-Target": "p#way"}
    waiting = (await browser.get(f"{HERE}/phones/{device.id}/test", headers=part)).text
    assert waiting.strip().startswith('<p id="way"') and "every 3s" in waiting
    await Device.update({Device.rang_at: (await the_tests(ana))[0].made_at}).where(Device.id == device.id)
    taken = (await browser.get(f"{HERE}/phones/{device.id}/test", headers=part)).text
    assert "Its push service has taken it." in taken and "every 3s" not in taken
