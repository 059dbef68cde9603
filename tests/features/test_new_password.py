"""Whoever changes the password shuts out everybody who knew the old one, and stays in where they are."""

from datetime import timedelta

import pytest

from app.features.accounts import rules
from app.features.accounts.rules.resetting import Road, new_code
from app.features.accounts.rules.signing_in import Place, half_open, open_door
from app.features.accounts.tables import HalfOpen, ResetCode, SignIn
from app.features.notices import rules as notices
from app.kit.refusals import Missing, Refusal
from tests.makers import NOON, a_login, a_person

HERE = Place("192.0.2", loopback=True)
OLD, NEW = "three plain words", "four quite plain words"


async def told(person) -> list[str]:
    return [str(row.sentence) for row in await notices.page_of(person.id)]


async def a_code(person, road=Road.letter) -> str:
    return await new_code(person.id, road, length=10, lasts=timedelta(hours=1), by=None, now=NOON)


async def open_everything(person) -> int:
    """Two browsers, a half-open door and a code by each road. Gives back the sign-in of the first browser."""
    key, _ = [await open_door(person.id, place=HERE, now=NOON) for _ in range(2)]
    await half_open(person.id, now=NOON)
    for road in Road:
        await a_code(person, road)
    return (await rules.whose(key.token, NOON))[0].sign_in


async def what_is_open(person) -> list[int]:
    return [await table.count().where(table.person == person.id) for table in (SignIn, HalfOpen, ResetCode)]


async def test_a_changed_password_ends_all_that_was_open_but_the_browser_that_changed_it():
    ana, ben = await a_person(), await a_person()
    typed, hers = await a_login(ana), await open_everything(ana)
    await open_everything(ben)
    await rules.change_password(ana.id, OLD, NEW, besides=hers, now=NOON)

    assert await what_is_open(ana) == [1, 0, 0] and await SignIn.exists().where(SignIn.id == hers)
    assert await what_is_open(ben) == [2, 1, 3]
    assert await told(ana) == ["Your password was changed, and all your other sign-ins were ended."]
    assert await rules.sign_in(typed, NEW, place=HERE, now=NOON)


async def test_a_letter_that_was_on_its_way_opens_nothing_after_that():
    ana = await a_person()
    await a_login(ana)
    letter = await a_code(ana)
    await rules.change_password(ana.id, OLD, NEW, besides=0, now=NOON)
    with pytest.raises(Missing):
        await rules.reset(letter, password="five other quite plain words", piece="", now=NOON)


async def test_a_wrong_old_password_ends_nothing():
    ana = await a_person()
    await a_login(ana)
    hers = await open_everything(ana)
    with pytest.raises(Refusal):
        await rules.change_password(ana.id, "not this one", NEW, besides=hers, now=NOON)
    assert await what_is_open(ana) == [2, 1, 3] and await told(ana) == []


async def test_a_reset_ends_the_codes_of_the_other_roads_too():
    ana = await a_person(phone="+8613812345678")
    await a_login(ana, "13812345678")
    await open_everything(ana)
    letter = await a_code(ana)
    await rules.reset(letter, password=NEW, piece="", now=NOON)
    assert await SignIn.count() == await HalfOpen.count() == 0
    assert await ResetCode.count().where(ResetCode.spent_at.is_null()) == 0


async def test_the_page_says_that_the_other_browsers_are_signed_out(sign_in):
    ana = await a_person()
    await a_login(ana)
    browser = await sign_in(ana)
    mine = browser.cookies["key"]
    await sign_in(ana)
    said = {"old": OLD, "password": NEW}
    page = await browser.post("/account/security/password", data=said)
    assert page.url.path == "/account/security" and "All other browsers are signed out." in page.text

    browser.cookies.set("key", mine)
    assert (await browser.get("/account")).status_code == 401
