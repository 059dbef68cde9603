"""Coming in, staying in, going out."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from app.config import settings
from app.db import DB
from app.features.accounts import entrance, rules
from app.features.accounts.rules import codes, founding, logins
from app.features.accounts.rules.signing_in import PER_ACCOUNT, PER_PLACE, Place
from app.features.accounts.tables import SignIn
from app.features.admin import rules as admin
from app.features.community import rules as community
from app.features.people import rules as people
from app.features.people.tables import Kind, State
from app.kit.refusals import Missing, NotYours, Refusal, TooOften
from tests.makers import NOON, a_community, a_login, a_person, an_administrator

HERE = Place("192.0.2", loopback=True)
WRONG = "Phone, e-mail or password is not right. Please look again."


async def test_a_neighbour_signs_in_with_the_phone_however_it_is_written():
    ana = await a_person()
    await a_login(ana, "138 1234 5678")
    for typed in ("13812345678", "+86 138-1234-5678", "１３８１２３４５６７８", "0086 13812345678"):
        assert (await rules.sign_in(typed, "three plain words", place=HERE, now=NOON)).person == ana.id


async def test_a_phone_with_a_prefix_newer_than_the_numbering_plan_signs_in_too():
    ana = await a_person()
    await a_login(ana, "17959797114")
    assert (await rules.sign_in("179 5979 7114", "three plain words", place=HERE, now=NOON)).person == ana.id


async def test_an_e_mail_is_the_same_in_capitals():
    ana = await a_person()
    await a_login(ana, "Ana@Example.org")
    assert (await rules.sign_in("ANA@example.ORG", "three plain words", place=HERE, now=NOON)).person == ana.id


async def test_a_wrong_password_and_an_unknown_account_get_one_answer():
    ana = await a_person()
    login = await a_login(ana)
    for typed, password in ((login, "not this one"), ("nobody@example.org", "x"), ("not a login", "x")):
        with pytest.raises(Refusal) as no:
            await rules.sign_in(typed, password, place=HERE, now=NOON)
        assert str(no.value) == WRONG


async def test_guessing_ends_after_a_few_tries_but_only_there_and_only_for_a_while():
    ana, ben = await a_person(), await a_person()
    hers, his = await a_login(ana), await a_login(ben)
    for _ in range(PER_PLACE.times):
        with pytest.raises(Refusal):
            await rules.sign_in(hers, "guess", place=HERE, now=NOON)

    with pytest.raises(TooOften) as enough:
        await rules.sign_in(hers, "three plain words", place=HERE, now=NOON)
    assert 0 < enough.value.wait <= PER_PLACE.span.total_seconds()
    assert await rules.sign_in(his, "three plain words", place=HERE, now=NOON)
    assert await rules.sign_in(hers, "three plain words", place=HERE, now=NOON + timedelta(hours=2))


async def test_guesses_at_one_phone_count_together_however_it_is_written():
    await a_login(await a_person(), "13812345678")
    spellings = ["1" + " " * n + "3812345678" for n in range(PER_PLACE.times)]
    for typed in spellings:
        with pytest.raises(Refusal):
            await rules.sign_in(typed, "guess", place=HERE, now=NOON)

    with pytest.raises(TooOften):
        await rules.sign_in("+86 138-1234-5678", "three plain words", place=HERE, now=NOON)


async def test_guesses_sent_all_at_once_are_counted_each():
    login = await a_login(await a_person())
    guesses = [rules.sign_in(login, "guess", place=HERE, now=NOON) for _ in range(PER_PLACE.times * 3)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(not isinstance(answer, TooOften) for answer in answers) == PER_PLACE.times


async def test_coming_in_from_many_places_uses_up_no_tries():
    login = await a_login(await a_person())
    for n in range(PER_ACCOUNT.times + 1):
        assert await rules.sign_in(login, "three plain words", place=Place(f"198.51.{n}"), now=NOON)


async def test_a_known_phone_is_not_locked_out_by_somebody_elses_guesses():
    ana = await a_person()
    login = await a_login(ana)
    key = await rules.sign_in(login, "three plain words", place=HERE, now=NOON)
    for n in range(40):
        with pytest.raises(Refusal):
            await rules.sign_in(login, "guess", place=Place(f"198.51.{n}"), now=NOON)

    hers = Place("192.0.2", mark=key.mark)
    assert (await rules.sign_in(login, "three plain words", place=hers, now=NOON)).person == ana.id


async def test_a_demo_sign_in_opens_on_loopback_only():
    await a_community()
    ana = await a_person()
    await rules.make_login(ana.id, "demo@example.org", "three plain words", now=NOON, demo=True)
    with pytest.raises(Refusal):
        await rules.sign_in("demo@example.org", "three plain words", place=Place("203.0.113"), now=NOON)
    assert await rules.sign_in("demo@example.org", "three plain words", place=HERE, now=NOON)


async def test_who_is_gone_is_a_stranger_and_who_is_suspended_still_comes_in():
    gone, suspended = await a_person(state=State.gone), await a_person(state=State.suspended)
    with pytest.raises(Refusal):
        await rules.sign_in(await a_login(gone), "three plain words", place=HERE, now=NOON)
    assert await rules.sign_in(await a_login(suspended), "three plain words", place=HERE, now=NOON)


async def test_a_sign_in_slides_for_180_days_and_then_ends():
    ana = await a_person()
    key = await rules.sign_in(await a_login(ana), "three plain words", place=HERE, now=NOON)
    late = NOON + timedelta(days=179)
    assert (await rules.whose(key.token, late))[0].id == ana.id
    assert await rules.whose(key.token, late + timedelta(days=179))
    assert await rules.whose(key.token, late + timedelta(days=179 + 181)) is None


async def test_only_the_fingerprint_of_a_sign_in_is_kept():
    ana = await a_person()
    key = await rules.sign_in(await a_login(ana), "three plain words", place=HERE, now=NOON)
    assert key.token not in str(await SignIn.select())


async def test_nobody_ends_another_persons_sign_in():
    ana, ben = await a_person(), await a_person()
    await rules.sign_in(await a_login(ana), "three plain words", place=HERE, now=NOON)
    [hers] = await rules.sign_ins(ana.id, NOON)
    with pytest.raises(Missing):
        await rules.end(ben.id, hers.id, now=NOON)
    await rules.end(ana.id, hers.id, now=NOON)
    assert await rules.sign_ins(ana.id, NOON) == []


async def test_a_code_sets_a_first_password_once_and_only_with_the_phone_on_file():
    boss, ana = await an_administrator(), await a_person(phone="+8613812345678")
    code = await rules.code_for(ana.id, by=boss, now=NOON)
    assert (await rules.holder(code.upper(), network="a", now=NOON)).id == ana.id

    with pytest.raises(Refusal) as other:
        await rules.redeem(code, login="13900000000", password="three plain words", now=NOON)
    assert other.value.beside == "login"
    assert await rules.redeem(code, login="13812345678", password="three plain words", now=NOON) == ana.id
    with pytest.raises(Missing):
        await rules.redeem(code, login="13812345678", password="three plain words", now=NOON)


async def test_a_right_code_opens_behind_an_address_from_which_others_guessed():
    boss, ana = await an_administrator(), await a_person()
    code = await rules.code_for(ana.id, by=boss, now=NOON)
    for _ in range(codes.TRIES.times * 10):
        with pytest.raises(Missing):
            await rules.holder("wrong", network="estate", now=NOON)
    with pytest.raises(TooOften):
        await rules.holder("wrong", network="estate", now=NOON)
    assert (await rules.holder(code, network="estate", now=NOON)).id == ana.id


async def test_nobody_waits_for_the_database_while_a_password_waits_for_its_turn(monkeypatch):
    async def hashed(password):
        assert not DB.transaction_exists()
        return password

    for place in (codes, founding):
        monkeypatch.setattr(place, "hashed", hashed, raising=False)
    monkeypatch.setattr(logins, "hashed", hashed)
    token = await community.new_set_up_link(NOON)
    said = {**SET_UP, "area_kinds": ["building"], "token": token, "language": "en"}
    assert await rules.found(**said, now=NOON)
    code = await rules.code_for((await a_person()).id, by=None, now=NOON)
    assert await rules.redeem(code, login="ana@example.org", password="three plain words", now=NOON)


async def test_no_code_opens_a_door_to_who_is_gone():
    boss, ana = await an_administrator(), await a_person()
    code = await rules.code_for(ana.id, by=boss, now=NOON)
    await people.settle(ana.id, State.gone, by=boss.id, now=NOON)
    for knock in (
        rules.holder(code, network="a", now=NOON),
        rules.redeem(code, login="ana@example.org", password="three plain words", now=NOON),
        rules.code_for(ana.id, by=boss, now=NOON),
    ):
        with pytest.raises(Missing):
            await knock
    assert await rules.login_of("ana@example.org") is None


async def test_a_code_runs_out_after_two_days_and_a_new_one_ends_the_old():
    boss, ana = await an_administrator(), await a_person()
    old = await rules.code_for(ana.id, by=boss, now=NOON)
    new = await rules.code_for(ana.id, by=boss, now=NOON)
    for code, at in ((old, NOON), (new, NOON + timedelta(hours=49))):
        with pytest.raises(Missing):
            await rules.holder(code, network="a", now=at)


async def test_an_administrator_gives_no_code_for_somebody_with_a_role():
    boss, coordinator = await an_administrator(), await a_person(role=Kind.coordinator)
    with pytest.raises(NotYours):
        await rules.code_for(coordinator.id, by=boss, now=NOON)
    assert await rules.code_for(coordinator.id, by=None, now=NOON)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "password123", "x" * 300])
async def test_a_password_that_everybody_would_guess_is_refused_beside_its_field(password):
    with pytest.raises(Refusal) as no:
        await rules.make_login((await a_person()).id, "a@example.org", password, now=NOON)
    assert no.value.beside == "password"


async def test_two_neighbours_do_not_sign_in_with_one_phone():
    await a_login(await a_person(), "13812345678")
    with pytest.raises(Refusal) as no:
        await a_login(await a_person(), "13812345678")
    assert no.value.status == 409


SET_UP = {
    "name": "百川里",
    "languages": ["zh-Hans", "en"],
    "zone": "Asia/Shanghai",
    "region": "CN",
    "area_kinds": "楼栋\n单元\n楼层",
    "administrator": "林阿姨",
    "login": "13812345678",
    "password": "three plain words",
}


async def test_the_printed_link_makes_the_community_once(browser):
    token = await community.new_set_up_link(NOON)
    assert (await browser.get("/setup?token=wrong")).status_code == 404
    assert "Set up your community" in (await browser.get(f"/setup?token={token}")).text

    answer = await browser.post("/setup", data={**SET_UP, "token": token}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    here = await community.here()
    assert (here.name, here.area_kinds) == ("百川里", ("building", "entrance", "floor"))
    assert "林阿姨" in (await browser.get("/account")).text
    assert (await browser.get(f"/setup?token={token}")).status_code == 404
    assert (await browser.post("/setup", data={**SET_UP, "token": token})).status_code == 404


async def test_a_set_up_with_mistakes_says_them_all_and_keeps_what_was_typed(browser):
    token = await community.new_set_up_link(NOON)
    wrong = {**SET_UP, "token": token, "name": "", "login": "", "password": "three plain words"}
    answer = await browser.post("/setup", data=wrong)
    assert answer.status_code == 422
    assert answer.text.count("Please fill this in.") >= 2
    assert "林阿姨" in answer.text and "three plain words" not in answer.text
    assert await community.here() is None


async def test_a_stranger_gets_the_sign_in_form_at_the_address_they_wanted(browser):
    await a_community()
    answer = await browser.get("/account", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert (answer.status_code, answer.url.path) == (401, "/account")
    assert 'lang="zh-Hans"' in answer.text and 'name="next" value="/account"' in answer.text


ODD = (("//[x", "/"), ("/\\evil.example", "/"), ("/\t/evil.example", "/"), ("/asks?q=%2F%2Fx", "/asks?q=%2F%2Fx"))


async def test_signing_in_on_a_page_leads_back_to_it_and_never_to_another_site(browser):
    login = await a_login(await a_person())
    for wanted, leads in (("/account", "/account"), ("//evil.example", "/"), ("https://evil.example", "/"), *ODD):
        said = {"login": login, "password": "three plain words", "next": wanted}
        answer = await browser.post("/sign-in", data=said, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, leads)


async def test_who_guesses_too_often_is_told_when_to_come_back(browser, sign_in):
    ana = await a_person()
    login = await a_login(ana)
    said = {"login": login, "password": "guess"}
    answers = [await browser.post("/sign-in", data=said) for _ in range(PER_PLACE.times + 1)]
    assert answers[-1].status_code == 429 and int(answers[-1].headers["retry-after"]) > 0

    browser, said = await sign_in(ana), {"old": "guess", "password": "four plain words"}
    answers = [await browser.post("/account/security/password", data=said) for _ in range(logins.CHANGES.times + 1)]
    assert [answer.status_code for answer in answers] == [422] * logins.CHANGES.times + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_signing_out_ends_the_sign_in_itself(sign_in):
    browser = await sign_in(await a_person())
    answer = await browser.post("/sign-out", follow_redirects=False)
    assert answer.headers["clear-site-data"] == '"cache"'
    assert answer.headers["set-cookie"].startswith('key=""; ') and "Max-Age=0" in answer.headers["set-cookie"]
    assert await SignIn.count() == 0


async def test_under_https_a_browser_obeys_when_the_key_is_taken_away(sign_in, monkeypatch):
    browser = await sign_in(await a_person())
    monkeypatch.setattr(entrance, "settings", lambda: replace(settings(), base_url="https://kith.example"))
    answer = await browser.post("/sign-out", follow_redirects=False)
    gone = answer.headers["set-cookie"]
    assert gone.startswith('__Host-key=""; ') and "Secure" in gone and "Path=/;" in gone


@pytest.mark.parametrize(
    ("host", "network"),
    [("203.0.113.9", "203.0.113.0/24"), ("2001:db8::1", "2001:db8::/64"), ("2001:db8:0:0:5::1", "2001:db8::/64")],
)
def test_a_network_is_a_street_and_not_a_door(host, network):
    assert entrance.network_of(host) == network


async def test_settings_are_kept_and_mistakes_are_said_in_the_form(sign_in):
    browser = await sign_in(await a_person(name="Ana"))
    answer = await browser.post("/account/settings", data={"name": "Ana B.", "language": "zh-Hans", "look": "dark"})
    assert 'data-look="dark"' in answer.text and 'lang="zh-Hans"' in answer.text and "Ana B." in answer.text
    answer = await browser.post("/account/settings", data={"name": "", "phone": "12", "language": "en"})
    assert answer.status_code == 422


async def test_all_that_is_wrong_in_the_settings_is_said_at_once(sign_in):
    browser = await sign_in(await a_person(name="Ana"))
    answer = await browser.post("/account/settings", data={"name": "", "phone": "12", "email": "nowhere"})
    assert answer.status_code == 422
    for sentence in ("Please fill this in.", "That phone number cannot be right.", "That is not an e-mail address."):
        assert sentence in answer.text


async def test_whoever_left_is_signed_out_everywhere_and_stays_so_when_they_come_back(sign_in):
    boss, ana = await an_administrator(), await a_person()
    browser = await sign_in(ana)
    await admin.depart(ana.id, by=boss, now=NOON)
    await admin.bring_back(ana.id, by=boss, now=NOON)
    assert (await browser.get("/account")).status_code == 401


async def test_a_pending_neighbour_sees_the_account_and_nothing_else(sign_in):
    browser = await sign_in(await a_person(state=State.pending))
    assert (await browser.get("/account")).status_code == 200
    assert (await browser.get("/account/sessions")).status_code == 200


async def test_a_person_takes_their_data_with_them(sign_in):
    ana = await a_person(name="Ana", phone="+8613812345678")
    answer = await (await sign_in(ana)).get("/account/export")
    data = json.loads(ZipFile(BytesIO(answer.content)).read("data.json"))
    assert data["people"]["person"]["phone"] == "+8613812345678"
    assert answer.headers["cache-control"] == "no-store"
