"""A phone rings for whoever signed in last on it, as long as they wish, and for nobody after."""

import asyncio
from datetime import timedelta

import pytest

from app.features.accounts import rules as accounts
from app.features.accounts.rules.shutting import shut_all
from app.features.accounts.rules.signing_in import Place, open_door
from app.features.accounts.tables import SignIn
from app.features.admin import rules as admin
from app.features.household import rules as household
from app.features.notices import rules as notices
from app.features.notices.rules.devices import print_of
from app.features.notices.tables import By, Delivery, Device, Fate, Notice
from app.features.people import rules as people
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.words import say
from tests.makers import NOON, a_login, a_person, an_administrator
from tests.subscriptions import a_device, a_subscription, as_json, text

DAY = timedelta(days=1)
PATH = "/push/subscriptions"


async def ringing(person) -> list[str]:
    return [each.endpoint for each in await notices.devices(person.id)]


async def a_sign_in(person) -> int:
    await open_door(person.id, place=Place("192.0.2"), now=NOON)
    rows = await SignIn.select(SignIn.id).where(SignIn.person == person.id).order_by(SignIn.id)
    return int(rows[-1]["id"])


async def a_delivery(person, device: Device) -> int:
    await notices.tell(person.id, say("Hello"), path="/", now=NOON)
    notice = await Notice.select(Notice.id).where(Notice.person == person.id).order_by(Notice.id).first()
    row = Delivery(notice=notice["id"], by=By.push, device=device.id, due_at=NOON)
    await row.save()
    return int(row.id)


async def test_pressing_lets_the_phone_ring_and_is_the_consent():
    ana, subscription = await a_person(), a_subscription()
    said = {"sign_in": 7, "subscription": subscription, "name": "Chrome, Android"}

    assert await notices.subscribe(ana.id, **said, now=NOON)
    assert not await notices.subscribe(ana.id, **said | {"sign_in": 8}, now=NOON + DAY)

    [phone] = await notices.devices(ana.id)
    assert (phone.name, phone.sign_in, phone.made_at, phone.seen_at) == ("Chrome, Android", 8, NOON, NOON + DAY)
    assert await people.has_consented(ana.id, "push")


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": ""},
        {"p256dh": text(b"\x04" + bytes(64))},  # not on the curve
        {"p256dh": text(bytes(65))},
        {"p256dh": "???"},
        {"auth": text(bytes(15))},
        {"auth": text(bytes(17))},
        {"auth": ""},
    ],
)
async def test_keys_that_cannot_be_right_are_refused_and_nothing_is_kept(keys):
    ana = await a_person()
    with pytest.raises(Refusal):
        await a_device(ana, subscription=a_subscription(**keys))
    assert await ringing(ana) == [] and not await people.has_consented(ana.id, "push")


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/x",
        "https://evil.example/x.google.com/",
        "https://169.254.169.254/?.push.apple.com/",
        "https://fcm.googleapis.com.evil.example/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com/" + "x" * 1100,
        "nonsense",
    ],
)
async def test_a_service_that_we_do_not_know_is_refused(endpoint):
    ana = await a_person()
    with pytest.raises(Refusal):
        await a_device(ana, subscription=a_subscription(endpoint))
    assert await ringing(ana) == []


async def test_a_browser_belongs_to_whoever_signed_in_last_and_what_waited_for_the_former_is_over():
    ana, ben, browser = await a_person(), await a_person(), a_subscription()
    hers = await a_device(ana, subscription=browser)
    delivery = await a_delivery(ana, hers)

    his = await a_device(ben, subscription=browser, now=NOON + DAY)

    assert await ringing(ana) == [] and await ringing(ben) == [browser.endpoint]
    row = await Delivery.objects().where(Delivery.id == delivery).first()
    assert (row.fate, row.done_at) == (Fate.gone, NOON + DAY)
    assert his.id != hers.id, "a sender that holds her message finds no phone under that number"


async def test_ten_phones_ring_and_with_the_eleventh_the_one_goes_that_was_unseen_longest():
    ana = await a_person()
    first, *rest = [await a_device(ana, now=NOON + n * DAY) for n in range(10)]
    await notices.compare(
        ana.id, sign_in=1, subscription=_of(first), before=first.endpoint, name="Chrome", now=NOON + 20 * DAY
    )
    newest = await a_device(ana, now=NOON + 21 * DAY)

    left = await ringing(ana)
    assert len(left) == 10 and {first.endpoint, newest.endpoint} <= set(left) and rest[0].endpoint not in left


async def test_of_many_who_press_at_once_on_one_browser_exactly_one_has_it():
    people_, browser = [await a_person() for _ in range(6)], a_subscription()
    await asyncio.gather(*[a_device(each, subscription=browser) for each in people_], return_exceptions=True)
    assert await Device.count() == 1


async def test_a_phone_that_is_let_go_of_does_not_come_back_by_itself_and_rings_again_when_it_is_pressed():
    ana = await a_person()
    other, device = await a_device(ana), await a_device(ana)
    await notices.remove(device.id, of=ana.id, now=NOON)
    same = {"sign_in": 1, "subscription": _of(device), "before": device.endpoint, "name": "Chrome"}

    with pytest.raises(NotYours):
        await notices.compare(ana.id, **same, now=NOON)
    assert await ringing(ana) == [other.endpoint]

    await a_device(ana, subscription=_of(device), now=NOON + DAY)
    assert set(await ringing(ana)) == {device.endpoint, other.endpoint}
    await Device.delete().where(Device.id > 0)
    await notices.compare(ana.id, **same, now=NOON)
    assert await ringing(ana) == [device.endpoint], "what we lost ourselves is brought back"


async def test_what_the_browser_was_given_instead_takes_the_place_of_the_one_before():
    ana, device, given = await a_person(), None, a_subscription()
    device = await a_device(ana)
    said = {"sign_in": 1, "subscription": given, "before": device.endpoint, "name": "Chrome"}

    await notices.compare(ana.id, **said, now=NOON)

    assert await ringing(ana) == [given.endpoint]


async def test_a_browser_that_does_not_know_what_it_held_before_is_known_by_its_sign_in():
    ana, given = await a_person(), a_subscription()
    laptop, _ = await a_device(ana, sign_in=2), await a_device(ana, sign_in=1)
    said = {"subscription": given, "before": "", "name": "Firefox"}

    with pytest.raises(NotYours):
        await notices.compare(ana.id, sign_in=3, **said, now=NOON)
    await notices.compare(ana.id, sign_in=1, **said, now=NOON)

    assert set(await ringing(ana)) == {laptop.endpoint, given.endpoint}


async def test_who_never_agreed_is_not_rung_by_an_opening():
    ana, ben, browser = await a_person(), await a_person(), a_subscription()
    await a_device(ana, subscription=browser)
    said = {"sign_in": 1, "subscription": browser, "before": browser.endpoint, "name": "Chrome"}
    with pytest.raises(NotYours):
        await notices.compare(ben.id, **said, now=NOON)
    assert await ringing(ana) == [browser.endpoint]


async def test_an_opening_is_noted_once_an_hour():
    ana = await a_person()
    device = await a_device(ana)
    said = {"sign_in": 1, "subscription": _of(device), "before": device.endpoint, "name": "Chrome"}
    for minutes in (10, 59, 61, 70):
        await notices.compare(ana.id, **said, now=NOON + timedelta(minutes=minutes))
    [phone] = await notices.devices(ana.id)
    assert phone.seen_at == NOON + timedelta(minutes=61)


async def test_nobody_silences_or_sees_anothers_phone():
    ana, ben = await a_person(), await a_person()
    device = await a_device(ana)
    await notices.unsubscribe(device.endpoint, person_id=ben.id, now=NOON)
    for deed in (notices.remove(device.id, of=ben.id, now=NOON), notices.device(device.id, of=ben.id)):
        with pytest.raises(Missing):
            await deed
    assert await ringing(ana) == [device.endpoint] and await ringing(ben) == []


async def test_the_consent_goes_with_the_last_phone():
    ana = await a_person()
    one, two = await a_device(ana), await a_device(ana)
    await notices.unsubscribe(one.endpoint, person_id=ana.id, now=NOON)
    assert await people.has_consented(ana.id, "push")
    await notices.unsubscribe(two.endpoint, person_id=ana.id, now=NOON)
    assert not await people.has_consented(ana.id, "push")


async def test_the_phones_go_with_the_consent():
    ana = await a_person()
    await a_device(ana), await a_device(ana)
    await household.take_back("push", by=ana, now=NOON)
    assert await ringing(ana) == [] and not await people.has_consented(ana.id, "push")
    with pytest.raises(Missing):
        await household.take_back("push", by=ana, now=NOON)


@pytest.mark.parametrize("how", ["signed out", "ended elsewhere", "ended all others", "password changed"])
async def test_who_is_signed_out_on_a_phone_is_not_rung_there_and_the_others_ring_on(how):
    ana = await a_person()
    here, there = await a_sign_in(ana), await a_sign_in(ana)
    kept, device = await a_device(ana, sign_in=here), await a_device(ana, sign_in=there)
    delivery = await a_delivery(ana, device)

    if how == "signed out":
        await accounts.sign_out(there, now=NOON)
    elif how == "ended elsewhere":
        await accounts.end(ana.id, there, now=NOON)
    elif how == "ended all others":
        await accounts.end_others(ana.id, besides=here, by=ana.id, now=NOON)
    else:
        await a_login(ana)
        await accounts.change_password(ana.id, "three plain words", "four plain words now", besides=here, now=NOON)

    assert await ringing(ana) == [kept.endpoint]
    assert (await Delivery.objects().where(Delivery.id == delivery).first()).done_at == NOON


@pytest.mark.parametrize("how", ["reset", "first code", "gone"])
async def test_when_all_sign_ins_end_no_phone_rings_even_one_whose_sign_in_had_grown_old(how):
    boss, ana = await an_administrator(), await a_person()
    old, new = await a_sign_in(ana), await a_sign_in(ana)
    await a_device(ana, sign_in=old)
    await a_device(ana, sign_in=new)
    await SignIn.delete().where(SignIn.id == old)  # as the clockwork does after 180 days

    if how == "reset":
        await shut_all(ana.id, now=NOON)
    elif how == "first code":
        code = await accounts.code_for(ana.id, by=boss, now=NOON)
        await accounts.redeem(code, login="ana@example.org", password="three plain words", now=NOON)
    else:
        await admin.depart(ana.id, by=boss, now=NOON)

    assert await ringing(ana) == []


async def test_a_sign_in_that_merely_grew_old_silences_no_phone():
    ana = await a_person()
    device = await a_device(ana, sign_in=await a_sign_in(ana))
    await accounts.purge(NOON + timedelta(days=200))
    assert not await SignIn.exists().where(SignIn.person == ana.id)
    assert await ringing(ana) == [device.endpoint]


async def test_the_phones_of_two_rows_that_were_one_person_ring_for_that_person():
    newcomer, listed = await a_person(), await a_person()
    device = await a_device(newcomer)
    await notices.hand_over(newcomer.id, to=listed.id)
    assert await ringing(listed) == [device.endpoint]


async def test_the_browser_says_what_it_holds_and_is_answered_in_plain_words(sign_in):
    ana, browser = await a_person(), a_subscription()
    door = await sign_in(ana)
    said = as_json(browser)

    assert (await door.post(PATH, json=said, headers={"User-Agent": "Chrome/1 (Android)"})).status_code == 201
    assert (await door.post(PATH, json=said)).status_code == 200
    assert (await door.put(PATH, json={"subscription": said, "before": browser.endpoint})).status_code == 204
    assert await ringing(ana) == [browser.endpoint]
    for _ in range(2):
        assert (await door.request("DELETE", PATH, json={"endpoint": browser.endpoint})).status_code == 204
    assert await ringing(ana) == []
    refused = await door.put(PATH, json={"subscription": said, "before": browser.endpoint})
    assert refused.status_code == 403 and refused.text.startswith("This phone does not ring any more")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff\xfe", b'{"endpoint": 7}', b'{"endpoint": "https://fcm.googleapis.com/x"}']
)
async def test_what_is_no_subscription_is_refused_with_a_sentence(sign_in, body):
    door = await sign_in(await a_person())
    for method in ("POST", "PUT"):
        answer = await door.request(method, PATH, content=body)
        assert (answer.status_code, answer.text) == (422, "That is no subscription of a browser.")
        assert answer.headers["content-type"].startswith("text/plain")


async def test_another_site_subscribes_nobody(sign_in):
    ana, subscription = await a_person(), a_subscription()
    door = await sign_in(ana)
    for method in ("POST", "PUT", "DELETE"):
        answer = await door.request(
            method,
            PATH,
            json=as_json(subscription),
            headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://x.org"},
        )
        assert answer.status_code == 403
    assert await ringing(ana) == []


async def test_the_key_is_for_every_browser(browser):
    answer = await browser.get("/push/key")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain")
    assert len(answer.text) == 87


async def test_signing_out_by_the_form_silences_this_phone_without_any_script(browser, sign_in):
    ana = await a_person()
    await a_login(ana)
    door = await sign_in(ana)
    await door.post(PATH, json=as_json(a_subscription()))
    assert len(await ringing(ana)) == 1
    await door.post("/sign-out")
    assert await ringing(ana) == []


async def test_a_seal_of_a_silenced_phone_tells_nobody_which_it_was():
    device = await a_device(await a_person())
    assert device.endpoint[8:] not in print_of(device.endpoint) and len(print_of(device.endpoint)) == 64


def _of(device: Device) -> notices.Subscription:
    return a_subscription(device.endpoint, p256dh=device.p256dh, auth=device.auth)
