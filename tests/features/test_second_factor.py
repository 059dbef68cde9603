"""The second factor: an app's six digits, codes on paper, and the half-open door in between."""

import asyncio
import re
from datetime import timedelta

import pyotp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.features.accounts import rules
from app.features.accounts.rules import Viewer, authenticator, recovery, second
from app.features.accounts.rules.signing_in import Half, Key, Place, open_door
from app.features.accounts.tables import Authenticator, HalfOpen, RecoveryCode, SignIn
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.tables import Kind, State
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from app.kit.tables import AuditRow
from tests.makers import NOON, a_login, a_person, an_administrator

HERE = Place("192.0.2", loopback=True)
PASSWORD = "three plain words"


async def inside(person, now=NOON, *, second=True):
    """The person, looking at a page."""
    key = await open_door(person.id, place=HERE, now=now, second=second)
    return (await rules.whose(key.token, now))[0]


async def with_an_app(person, now=NOON) -> pyotp.TOTP:
    secret, sealed = rules.new_secret(await inside(person, now), now=now)
    app = pyotp.TOTP(secret)
    await rules.add_authenticator(await inside(person, now), sealed, app.at(now), now=now)
    return app


async def half(person, now=NOON) -> str:
    login = await rules.login_of(f"n{person.id}@example.org")
    typed = login.email if login else await a_login(person)
    came = await rules.sign_in(typed, PASSWORD, place=HERE, now=now)
    assert isinstance(came, Half)
    return came.token


async def told(person) -> list[str]:
    return [str(row.sentence) for row in await notices.page_of(person.id)]


async def test_whoever_has_an_app_is_asked_for_its_code_after_the_password():
    ana, later = await a_person(), NOON + timedelta(minutes=1)
    app = await with_an_app(ana)
    token = await half(ana, later)
    key = await rules.come_in_by_code(token, app.at(later), place=HERE, now=later)
    viewer = (await rules.whose(key.token, later))[0]
    assert viewer.second_at == later and rules.is_strong(viewer)


async def test_a_half_open_door_is_no_sign_in_and_shuts_after_five_minutes():
    ana = await a_person()
    app = await with_an_app(ana)
    token = await half(ana)
    assert await rules.whose(token, NOON) is None
    late = NOON + timedelta(minutes=5)
    with pytest.raises(Missing):
        await rules.come_in_by_code(token, app.at(late), place=HERE, now=late)


async def test_the_digits_may_be_typed_apart_and_half_a_minute_early_or_late():
    secret = pyotp.random_base32()
    app = pyotp.TOTP(secret)
    for seconds in (-30, 0, 30):
        code = app.at(NOON + timedelta(seconds=seconds))
        assert authenticator.step_of(secret, f"{code[:3]} {code[3:]}", NOON) is not None
    for seconds in (-60, 60):
        assert authenticator.step_of(secret, app.at(NOON + timedelta(seconds=seconds)), NOON) is None
    for odd in ("", "１２３４５６", "123456789", "x" * 40):
        assert authenticator.step_of(secret, odd, NOON) is None


async def test_the_same_code_of_the_app_twice_at_once_signs_in_once():
    ana, later = await a_person(), NOON + timedelta(minutes=1)
    app = await with_an_app(ana)
    tokens = [await half(ana, later) for _ in range(6)]
    came = [rules.come_in_by_code(token, app.at(later), place=HERE, now=later) for token in tokens]
    answers = await asyncio.gather(*came, return_exceptions=True)
    assert sum(isinstance(answer, Key) for answer in answers) == 1
    assert sum(isinstance(answer, Refusal) for answer in answers) == 5


async def test_of_many_who_type_the_same_code_at_the_same_moment_one_is_right():
    ana = await a_person()
    app = await with_an_app(ana)
    for minute in range(1, 6):
        at = NOON + timedelta(minutes=minute)
        typing = [authenticator.app_fits(ana.id, app.at(at), now=at) for _ in range(12)]
        assert (await asyncio.gather(*typing)).count(True) == 1


async def test_the_same_half_open_door_opens_once_however_many_codes_fit():
    ana, later = await a_person(), NOON + timedelta(minutes=1)
    await with_an_app(ana)
    codes = await rules.new_recovery_codes(await inside(ana), now=NOON)
    token = await half(ana, later)
    came = [rules.come_in_by_code(token, code, place=HERE, now=later) for code in codes[:4]]
    answers = await asyncio.gather(*came, return_exceptions=True)
    assert sum(isinstance(answer, Key) for answer in answers) == 1


async def test_a_recovery_code_twice_at_once_opens_once_and_its_owner_hears_of_it():
    ana = await a_person()
    await with_an_app(ana)
    [code, *rest] = await rules.new_recovery_codes(await inside(ana), now=NOON)
    tokens = [await half(ana) for _ in range(6)]
    came = [rules.come_in_by_code(token, code.upper(), place=HERE, now=NOON) for token in tokens]
    answers = await asyncio.gather(*came, return_exceptions=True)
    assert sum(isinstance(answer, Key) for answer in answers) == 1
    assert (await rules.factors_of(ana.id)).codes == len(rest) == 7
    assert "One of your recovery codes was used." in await told(ana)


async def test_new_recovery_codes_end_the_old_and_only_prints_are_kept():
    ana = await a_person()
    await with_an_app(ana)
    old = await rules.new_recovery_codes(await inside(ana), now=NOON)
    new = await rules.new_recovery_codes(await inside(ana), now=NOON)
    assert len(set(new)) == recovery.CODES
    kept = str(await RecoveryCode.select()) + str(await Authenticator.select())
    assert not [code for code in [*old, *new] if code in kept]
    assert not await recovery.spend_recovery_code(ana.id, old[0], now=NOON)
    assert not await recovery.spend_recovery_code((await a_person()).id, new[0], now=NOON)
    assert await recovery.spend_recovery_code(ana.id, new[0], now=NOON)


async def test_recovery_codes_stand_in_for_something():
    with pytest.raises(Refusal):
        await rules.new_recovery_codes(await inside(await a_person()), now=NOON)


async def test_guessing_the_second_factor_ends_and_does_not_lock_out_the_owners_own_phone():
    ana = await a_person()
    app, typed = await with_an_app(ana), await a_login(ana)
    mark = (await open_door(ana.id, place=HERE, now=NOON)).mark
    token = await half(ana)
    for _ in range(second.TRIES.times):
        with pytest.raises(Refusal):
            await rules.come_in_by_code(token, "000000", place=Place("203.0.113"), now=NOON)
    with pytest.raises(TooOften):
        await rules.come_in_by_code(token, "000000", place=Place("203.0.113"), now=NOON)

    hers, later = Place("198.51.100", mark=mark), NOON + timedelta(minutes=1)
    came = await rules.sign_in(typed, PASSWORD, place=hers, now=later)
    assert await rules.come_in_by_code(came.token, app.at(later), place=hers, now=later)


async def test_guesses_at_the_digits_sent_all_at_once_are_counted_each():
    ana = await a_person()
    await with_an_app(ana)
    token = await half(ana)
    guesses = [rules.come_in_by_code(token, f"{n:06}", place=HERE, now=NOON) for n in range(40)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(not isinstance(answer, TooOften) for answer in answers) == second.TRIES.times


async def test_who_has_left_meanwhile_does_not_come_in():
    boss, ana = await an_administrator(), await a_person()
    app = await with_an_app(ana)
    token, later = await half(ana), NOON + timedelta(minutes=1)
    await people.settle(ana.id, State.gone, by=boss.id, now=NOON)
    with pytest.raises(Missing):
        await rules.come_in_by_code(token, app.at(later), place=HERE, now=later)


async def test_what_was_offered_to_one_is_no_use_to_another_nor_tomorrow():
    ana, ben = await inside(await a_person()), await inside(await a_person())
    _, sealed = rules.new_secret(ana, now=NOON)
    for of, at in ((ben, NOON), (ana, NOON + timedelta(minutes=16))):
        with pytest.raises(Missing):
            rules.offered(sealed, of, now=at)
    with pytest.raises(Missing):
        rules.offered("anything", ana, now=NOON)


async def test_the_secret_is_not_kept_in_clear():
    app = await with_an_app(await a_person())
    assert app.secret not in str(await Authenticator.select())


async def test_one_app_each_also_when_two_are_added_at_once():
    ana = await inside(await a_person())
    offers = [rules.new_secret(ana, now=NOON) for _ in range(4)]
    adding = [rules.add_authenticator(ana, sealed, pyotp.TOTP(secret).at(NOON), now=NOON) for secret, sealed in offers]
    answers = await asyncio.gather(*adding, return_exceptions=True)
    assert answers.count(None) == 1 and sum(isinstance(answer, Taken) for answer in answers) == 3


async def test_what_opens_the_door_is_changed_only_by_whoever_showed_a_moment_ago_that_it_is_them():
    ana = await a_person()
    await a_login(ana)
    viewer, late = await inside(ana), NOON + timedelta(minutes=20)
    secret, sealed = rules.new_secret(viewer, now=late)
    code = pyotp.TOTP(secret).at(late)
    assert not rules.is_fresh(viewer, late)
    for deed in (
        rules.add_authenticator(viewer, sealed, code, now=late),
        rules.remove_authenticator(viewer, now=late),
        rules.new_recovery_codes(viewer, now=late),
        rules.remove_passkey(1, by=viewer, now=late),
        rules.change_login(viewer, "ana@example.org", now=late),
    ):
        with pytest.raises(NotYours) as no:
            await deed
        assert no.value.way

    with pytest.raises(Refusal):
        await rules.prove(viewer, "not this one", now=late)
    await rules.prove(viewer, PASSWORD, now=late)
    [row] = await SignIn.select(SignIn.proved_at).where(SignIn.id == viewer.sign_in)
    assert row["proved_at"] == late


async def test_an_officer_keeps_one_second_factor_even_when_two_are_removed_at_once():
    officers = [await an_administrator() for _ in range(6)]
    removing = []
    for boss in officers:
        await with_an_app(boss)
        viewer = await inside(boss)
        [key] = await rules.passkeys_of(boss.id)
        removing += [rules.remove_authenticator(viewer, now=NOON), rules.remove_passkey(key.id, by=viewer, now=NOON)]
    answers = await asyncio.gather(*removing, return_exceptions=True)
    assert answers.count(None) == 6 and sum(isinstance(answer, Refusal) for answer in answers) == 6
    assert all([(await rules.factors_of(boss.id)).any for boss in officers])


async def test_a_resident_takes_the_last_one_away_and_the_paper_is_worth_nothing():
    ana = await a_person()
    await with_an_app(ana)
    await rules.new_recovery_codes(await inside(ana), now=NOON)
    await rules.remove_authenticator(await inside(ana), now=NOON)
    assert await RecoveryCode.count() == 0
    assert isinstance(await rules.sign_in(await a_login(ana), PASSWORD, place=HERE, now=NOON), Key)
    assert "The authenticator app was removed from your account." in await told(ana)


async def test_every_change_is_noted_without_a_value():
    ana = await a_person()
    await with_an_app(ana)
    await rules.new_recovery_codes(await inside(ana), now=NOON)
    await rules.remove_authenticator(await inside(ana), now=NOON)
    rows = await AuditRow.select(AuditRow.did, AuditRow.fields).where(AuditRow.concerns == ana.id).order_by(AuditRow.id)
    assert [row["did"] for row in rows] == [
        "authenticator app added", "recovery codes made", "authenticator app removed"
    ]  # fmt: skip
    assert {row["fields"] for row in rows} == {"[]"}


async def test_an_export_tells_of_the_factors_and_holds_no_secret():
    ana = await a_person(role=Kind.coordinator)
    app = await with_an_app(ana)
    kept = await rules.mine(ana.id)
    assert kept["passkeys"][0]["name"] == "A phone" and len(kept["authenticator_apps"]) == 1
    assert app.secret not in str(kept) and "sealed" not in str(kept) and "public_key" not in str(kept)


steps = st.lists(
    st.tuples(st.sampled_from(["app", "old", "paper", "wait", "wrong"]), st.integers(0, 7)), min_size=1, max_size=12
)


@given(steps)
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_is_tried_each_code_opens_once_and_never_backwards(sweep, tries):
    """The model: steps of the app only go up, papers go one by one."""
    await sweep()
    ana, at, fits = await a_person(), NOON, rules.show_code
    app = await with_an_app(ana)
    papers = await rules.new_recovery_codes(await inside(ana), now=NOON)
    viewer, used, last = await inside(ana), set(), int(NOON.timestamp()) // 30
    for what, n in tries:
        step = int(at.timestamp()) // 30
        code, should = {
            "app": (app.at(at), step > last),
            "old": (app.at(at - timedelta(seconds=30)), step - 1 > last),
            "paper": (papers[n], n not in used),
            "wait": ("", False),
            "wrong": ("no code", False),
        }[what]
        try:
            await fits(viewer, code, place=HERE, now=at)
            opened = True
        except Refusal:
            opened = False
        assert opened is should
        if opened and what == "paper":
            used.add(n)
        elif opened:
            last = step if what == "app" else step - 1
        at += timedelta(seconds=30 * n) if what == "wait" else timedelta()


async def test_the_second_step_on_pages(browser):
    ana = await a_person()
    app, typed = await with_an_app(ana), await a_login(ana)
    said = {"login": typed, "password": PASSWORD, "next": "/account"}
    answer = await browser.post("/sign-in", data=said)
    assert answer.url.path == "/sign-in/second" and "One more step" in answer.text
    assert 'name="next" value="/account"' in answer.text
    assert (await browser.get("/account")).status_code == 401

    wrong = await browser.post("/sign-in/second", data={"code": "000000", "next": "/account"})
    assert wrong.status_code == 422 and "That code does not fit" in wrong.text
    from app.kit.clock import now

    right = await browser.post("/sign-in/second", data={"code": app.at(now()), "next": "//evil.example"})
    assert right.url.path == "/" and (await browser.get("/account")).status_code == 200
    assert await HalfOpen.count() == 0


async def test_an_app_is_added_and_its_codes_are_printed_without_javascript(sign_in):
    from app.kit.clock import now

    browser = await sign_in(await a_person(name="Ana"))
    page = (await browser.get("/account/security/authenticator")).text
    [sealed] = re.findall(r'name="sealed" value="([^"]+)"', page)
    [secret] = re.findall(r"secret=(\w+)", page)
    wrong = await browser.post("/account/security/authenticator", data={"sealed": sealed, "code": "000000"})
    assert wrong.status_code == 422 and f"secret={secret}" in wrong.text  # the app that scanned it need not scan again

    data = {"sealed": sealed, "code": pyotp.TOTP(secret).at(now())}
    page = await browser.post("/account/security/authenticator", data=data)
    assert page.url.path == "/account/security/recovery"
    codes = re.findall(r'<li class="code" lang="en">([^<]+)</li>', (await browser.post(page.url.path)).text)
    assert len(codes) == 8
    assert codes[0] not in (await browser.get("/account/security/recovery")).text
    assert "8 codes are left." in (await browser.get("/account/security")).text


async def test_after_a_while_the_page_asks_again_who_it_is_and_comes_back(sign_in):
    ana = await a_person()
    await a_login(ana)
    browser = await sign_in(ana)
    await SignIn.update({SignIn.began_at: NOON}, force=True)
    page = await browser.get("/account/security/authenticator")
    assert page.url.path == "/account/proof" and 'value="/account/security/authenticator"' in page.text
    said = {"password": PASSWORD, "next": "/account/security/authenticator"}
    assert (await browser.post("/account/proof", data=said)).url.path == "/account/security/authenticator"


async def test_where_letters_go_is_not_changed_by_whoever_found_the_phone_open(sign_in):
    ana = await a_person(name="Ana", email="ana@example.org")
    await a_login(ana)
    browser = await sign_in(ana)
    await SignIn.update({SignIn.began_at: NOON}, force=True)
    said = {"name": "Ana", "email": "thief@example.org", "phone": "", "language": "en", "look": "auto"}
    answer = await browser.post("/account/settings", data=said)
    assert answer.status_code == 422 and "type your password too" in answer.text
    assert 'value="thief@example.org"' in answer.text
    assert (await browser.post("/account/settings", data=said | {"old": "wrong"})).status_code == 422
    assert (await browser.post("/account/settings", data=said | {"email": "ana@example.org"})).status_code == 200
    assert (await browser.post("/account/settings", data=said | {"old": PASSWORD})).status_code == 200
    assert "How you can be reached was changed." in await told(ana)


def test_a_browser_that_never_showed_the_second_factor_is_never_fresh_by_the_password_alone():
    """Signed in before there was one: with the password alone it adds no key of its own."""
    at = {"proved_at": NOON, "has_second": True}
    weak = Viewer(1, "Ana", State.active, "en", "", frozenset(), None, **at)
    assert not rules.is_fresh(weak, NOON) and rules.is_fresh(replace(weak, second_at=NOON), NOON)
    with pytest.raises(NotYours):
        rules.must_be_fresh(weak, NOON)
