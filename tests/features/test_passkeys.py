"""Passkeys: what a phone signs opens the door once, for its owner, at this house."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from app.config import settings
from app.features.accounts import rules
from app.features.accounts.rules import passkeys
from app.features.accounts.rules.signing_in import Half, Key, Place, open_door
from app.features.accounts.tables import Challenge, Passkey
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.tables import State
from app.kit.clock import now as today
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from tests.makers import NOON, a_login, a_person, an_administrator
from tests.phone_key import PhoneKey

HERE = Place("192.0.2", loopback=True)
PASSWORD = "three plain words"


@pytest.fixture(autouse=True)
def a_house_with_a_name(monkeypatch):
    """Passkeys belong to a name; the tests' own house is reached by a number."""
    monkeypatch.setattr(passkeys, "settings", lambda: replace(settings(), base_url="http://localhost:8000"))


async def inside(person, now=NOON):
    key = await open_door(person.id, place=HERE, now=now, second=True)
    return (await rules.whose(key.token, now))[0]


async def options(person, now=NOON) -> str:
    return await rules.options_to_add(await inside(person, now), login="ana@example.org", place="百川里", now=now)


async def with_a_passkey(person, now=NOON, **phone) -> PhoneKey:
    key = PhoneKey(**phone)
    await rules.add_passkey(await inside(person, now), key.made(await options(person, now)), name="Phone", now=now)
    return key


async def come_in(key: PhoneKey, place=HERE, asked=None) -> Key:
    signed = key.signed(await rules.options_to_show(asked, now=NOON))
    return await rules.come_in_by_passkey("", signed, place=place, now=NOON)


async def test_a_passkey_alone_opens_the_door_and_counts_as_both():
    ana = await a_person()
    await a_login(ana)
    key = await with_a_passkey(ana)
    came = await rules.come_in_by_passkey(
        "", key.signed(await rules.options_to_show(None, now=NOON)), place=HERE, now=NOON
    )
    viewer = (await rules.whose(came.token, NOON))[0]
    assert viewer.id == ana.id and rules.is_strong(viewer)
    [kept] = await rules.passkeys_of(ana.id)
    assert (kept.name, kept.used_at) == ("Phone", NOON)


async def test_after_the_password_it_is_asked_for_and_only_the_persons_own_will_do():
    ana, ben = await a_person(), await a_person()
    hers, his = await with_a_passkey(ana), await with_a_passkey(ben)
    came = await rules.sign_in(await a_login(ana), PASSWORD, place=HERE, now=NOON)
    assert isinstance(came, Half)
    signed = his.signed(await rules.options_for_half(came.token, now=NOON))
    with pytest.raises(Refusal):
        await rules.come_in_by_passkey(came.token, signed, place=HERE, now=NOON)
    signed = hers.signed(await rules.options_for_half(came.token, now=NOON))
    assert (await rules.come_in_by_passkey(came.token, signed, place=HERE, now=NOON)).person == ana.id


async def test_one_answer_opens_once_even_when_sent_many_times_at_once():
    ana = await a_person()
    await a_login(ana)
    signed = (await with_a_passkey(ana)).signed(await rules.options_to_show(None, now=NOON))
    came = [rules.come_in_by_passkey("", signed, place=HERE, now=NOON) for _ in range(6)]
    answers = await asyncio.gather(*came, return_exceptions=True)
    assert sum(isinstance(answer, Key) for answer in answers) == 1
    assert await Challenge.count() == 0


async def test_what_we_asked_for_is_good_for_five_minutes():
    ana = await a_person()
    await a_login(ana)
    signed = (await with_a_passkey(ana)).signed(await rules.options_to_show(None, now=NOON))
    with pytest.raises(Refusal):
        await rules.come_in_by_passkey("", signed, place=HERE, now=NOON + timedelta(minutes=5))


async def test_what_was_asked_of_one_is_not_answered_by_another_nor_as_a_strangers():
    ana, ben = await a_person(), await a_person()
    await a_login(ana)
    key = await with_a_passkey(ana)
    for asked in (ben.id, ana.id):
        signed = key.signed(await rules.options_to_show(asked, now=NOON))
        with pytest.raises(Refusal):
            await rules.come_in_by_passkey("", signed, place=HERE, now=NOON)
    made = PhoneKey().made(await options(ana))
    with pytest.raises(Refusal):
        await rules.add_passkey(await inside(ben), made, name="x", now=NOON)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://localhost:9000"},
        {"origin": "https://evil.example", "host": "evil.example"},
        {"verified": False},
    ],
    ids=["another port", "another house", "nobody looked who holds it"],
)
async def test_an_answer_for_elsewhere_or_by_nobody_in_particular_is_refused(wrong):
    ana = await a_person()
    await a_login(ana)
    key = await with_a_passkey(ana)
    with pytest.raises(Refusal):
        await with_a_passkey(ana, **wrong)
    odd = replace(key, **wrong)
    with pytest.raises(Refusal):
        await rules.come_in_by_passkey(
            "", odd.signed(await rules.options_to_show(None, now=NOON)), place=HERE, now=NOON
        )


async def test_a_copy_of_a_key_lags_behind_and_is_refused():
    ana = await a_person()
    await a_login(ana)
    key = await with_a_passkey(ana)
    copy = replace(key)
    for phone, comes_in in ((key, True), (key, True), (copy, False)):
        try:
            assert await come_in(phone)
            assert comes_in
        except Refusal:
            assert not comes_in


async def test_somebody_elses_signature_under_my_name_is_refused():
    ana = await a_person()
    await a_login(ana)
    key, thief = await with_a_passkey(ana), PhoneKey()
    thief.id = key.id
    with pytest.raises(Refusal):
        await come_in(thief)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "1", '{"id": 1}', "\x00", '{"response": {}}', "[" * 3000])
async def test_nonsense_is_no_answer(answer):
    with pytest.raises(Refusal):
        await rules.come_in_by_passkey("", answer, place=HERE, now=NOON)
    with pytest.raises(Refusal):
        await rules.add_passkey(await inside(await a_person()), answer, name="x", now=NOON)


async def test_every_piece_of_an_answer_may_be_missing_or_of_another_kind():
    ana = await a_person()
    await a_login(ana)
    key = await with_a_passkey(ana)
    whole = json.loads(key.signed(await rules.options_to_show(None, now=NOON)))
    fresh = json.loads(PhoneKey().made(await options(ana)))
    viewer = await inside(ana)
    for odd in (None, 7, "", "!!!!", "AA", [], {}):
        for place in ((), ("response",)):
            for name in whole if not place else whole["response"]:
                broken = json.loads(json.dumps(whole))
                (broken["response"] if place else broken)[name] = odd
                if name in ("userHandle", "clientExtensionResults", "type"):
                    continue  # of no weight, or optional
                with pytest.raises(Refusal):
                    await rules.come_in_by_passkey("", json.dumps(broken), place=HERE, now=NOON)
            for name in fresh if not place else fresh["response"]:
                broken = json.loads(json.dumps(fresh))
                (broken["response"] if place else broken)[name] = odd
                if name in ("clientExtensionResults",):
                    continue
                with pytest.raises(Refusal):
                    await rules.add_passkey(viewer, json.dumps(broken), name="x", now=NOON)


async def test_a_demos_passkey_opens_on_loopback_only_and_who_is_gone_stays_out():
    ana, boss = await a_person(), await an_administrator()
    await a_login(ana, demo=True)
    key = await with_a_passkey(ana)
    with pytest.raises(Refusal):
        await come_in(key, Place("203.0.113"))
    await people.settle(ana.id, State.gone, by=boss.id, now=NOON)
    with pytest.raises(Refusal):
        await come_in(key)


async def test_nobody_removes_anothers_and_what_is_removed_opens_nothing():
    ana, ben = await a_person(), await a_person()
    await a_login(ana)
    key = await with_a_passkey(ana)
    [kept] = await rules.passkeys_of(ana.id)
    with pytest.raises(Missing):
        await rules.remove_passkey(kept.id, by=await inside(ben), now=NOON)
    await rules.remove_passkey(kept.id, by=await inside(ana), now=NOON)
    with pytest.raises(Refusal):
        await come_in(key)
    assert [str(row.sentence) for row in await notices.page_of(ana.id)] == [
        "A passkey was removed from your account: Phone",
        "A passkey was added to your account: Phone",
    ]


async def test_there_is_an_end_to_how_many(monkeypatch):
    monkeypatch.setattr(passkeys, "MOST", 2)
    ana = await a_person()
    for _ in range(2):
        await with_a_passkey(ana)
    with pytest.raises(Taken):
        await with_a_passkey(ana)


async def test_the_browser_is_asked_to_look_who_holds_the_phone_and_told_nothing_of_our_numbers():
    ana = await a_person(name="Ana")
    first = await with_a_passkey(ana)
    asked = json.loads(await options(ana))
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "preferred"
    assert asked["rp"]["id"] == "localhost" and asked["user"]["name"] == "ana@example.org"
    assert len(asked["user"]["id"]) > 40 and asked["user"]["id"] == json.loads(await options(ana))["user"]["id"]
    assert len(asked["excludeCredentials"]) == 1
    assert json.loads(await rules.options_to_show(None, now=NOON)).get("allowCredentials", []) == []
    assert len(json.loads(await rules.options_to_show(ana.id, now=NOON))["allowCredentials"]) == 1
    assert bytes(first.id).hex() not in str(await Passkey.select(Passkey.name))


@pytest.mark.parametrize(
    ("address", "works"),
    [
        ("https://kith.example.org", True),
        ("http://localhost:8000", True),
        ("http://kith.example.org", False),
        ("https://192.0.2.7", False),
        ("https://[2001:db8::1]", False),
        ("http://127.0.0.1:8000", False),
    ],
)
def test_passkeys_are_offered_only_where_they_can_work(monkeypatch, address, works):
    monkeypatch.setattr(passkeys, "settings", lambda: replace(settings(), base_url=address))
    assert rules.passkeys_work() is works


async def test_an_old_sign_in_adds_none():
    viewer, late = await inside(await a_person()), NOON + timedelta(hours=1)
    with pytest.raises(NotYours):
        await rules.options_to_add(viewer, login="", place="百川里", now=late)


async def test_from_the_first_page_to_the_last(browser, sign_in):
    """As the page's own script does it: options, the phone's answer, the form."""
    ana, key = await a_person(name="Ana"), PhoneKey()
    await a_login(ana)
    phone = await sign_in(ana)
    asked = await phone.post("/account/security/passkeys/options")
    assert asked.headers["cache-control"] == "no-store"
    said = {"name": "Ana's phone", "answer": key.made(asked.text)}
    assert (await phone.post("/account/security/passkeys", data=said)).url.path == "/account/security/recovery"
    shown = (await phone.get("/account/security")).text
    assert "Ana&#39;s phone" in shown and "You have no recovery codes" in shown

    browser.cookies.clear()
    asked = await browser.post("/sign-in/passkey/options")
    wrong = await browser.post("/sign-in/passkey", data={"answer": "{}", "next": "/account"})
    assert wrong.status_code == 422 and "could not be checked" in wrong.text
    said = {"answer": key.signed(asked.text), "next": "/account"}
    assert (await browser.post("/sign-in/passkey", data=said)).url.path == "/account"
    assert (await Passkey.select(Passkey.used_at))[0]["used_at"] <= today()
