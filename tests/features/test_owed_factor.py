"""A browser that came in by the password before there was a second factor: asked for that, and told why."""

from datetime import timedelta

import pytest

from app.features.accounts import rules
from app.features.accounts.rules.logins import CHANGES
from app.features.accounts.tables import RecoveryCode, SignIn
from app.kit import limits
from app.kit.clock import now
from app.kit.refusals import NotYours
from tests.features.test_second_factor import PASSWORD, inside, with_an_app
from tests.makers import NOON, a_login, a_person

WHY = "This browser has not shown your second factor yet"
BY_PASSWORD, BY_PASSKEY, BY_CODE = (
    'action="/account/proof"',
    'action="/account/proof/passkey"',
    'action="/account/proof/code"',
)


@pytest.fixture
def old_browser(sign_in):
    """Signed in by the password, long before the second factor."""

    async def of(person):
        browser = await sign_in(person)
        await SignIn.update({SignIn.second_at: None}, force=True)
        return browser

    return of


async def test_the_right_password_is_no_proof_where_a_second_factor_is_owed_and_is_not_even_looked_at():
    ana = await a_person(second=True)
    await a_login(ana)
    viewer, later = await inside(ana, second=False), NOON + timedelta(minutes=1)
    for typed in (PASSWORD, "not this one"):
        with pytest.raises(NotYours, match=WHY) as no:
            await rules.prove(viewer, typed, now=later)
        assert no.value.way[0] == "/account/proof"
    assert await limits.counted(CHANGES, CHANGES.key(ana.id), later) == 0
    [row] = await SignIn.select(SignIn.proved_at).where(SignIn.id == viewer.sign_in)
    assert row["proved_at"] is None


async def test_what_it_may_not_change_says_that_the_second_factor_is_wanted():
    viewer = await inside(await a_person(second=True), second=False)
    with pytest.raises(NotYours, match=WHY):
        rules.must_be_fresh(viewer, NOON)


async def test_the_page_offers_only_what_helps_and_says_why(old_browser):
    ana = await a_person()
    await a_login(ana)
    await with_an_app(ana, now())
    browser = await old_browser(ana)
    page = (await browser.get("/account/proof?next=/account/security/login")).text
    assert WHY in page and BY_CODE in page
    assert BY_PASSWORD not in page and BY_PASSKEY not in page

    stale = await browser.post("/account/proof", data={"password": PASSWORD, "next": "/account"})
    assert stale.status_code == 403 and WHY in stale.text and BY_CODE in stale.text
    assert BY_PASSWORD not in stale.text and 'name="next" value="/account"' in stale.text


async def test_whoever_has_a_passkey_alone_is_not_asked_for_a_code_they_cannot_have(old_browser):
    ana = await a_person(second=True)
    browser = await old_browser(ana)
    page = (await browser.get("/account/proof")).text
    assert WHY in page and BY_PASSKEY in page and "No button for your passkey?" in page
    assert BY_PASSWORD not in page and BY_CODE not in page

    await RecoveryCode.insert(RecoveryCode(person=ana.id, fingerprint="0" * 64, made_at=NOON))
    page = (await browser.get("/account/proof")).text
    assert BY_CODE in page and "Recovery code" in page and "No button for your passkey?" not in page


async def test_after_the_code_the_way_is_open_and_the_password_is_offered_again(old_browser):
    ana = await a_person()
    await a_login(ana)
    app = await with_an_app(ana, now() - timedelta(minutes=2))
    browser = await old_browser(ana)
    said = {"code": app.at(now()), "next": "/account/security/login"}
    assert (await browser.post("/account/proof/code", data=said)).url.path == "/account/security/login"
    page = (await browser.get("/account/proof")).text
    assert WHY not in page and BY_PASSWORD in page and BY_CODE in page


async def test_where_letters_go_wants_the_second_factor_too_and_asks_for_no_password(old_browser):
    ana = await a_person(name="Ana", email="ana@example.org", second=True)
    await a_login(ana)
    browser = await old_browser(ana)
    assert 'name="old"' not in (await browser.get("/account")).text
    said = {"name": "Ana", "email": "thief@example.org", "phone": "", "language": "en", "look": "auto"}
    for old in ("", PASSWORD):
        answer = await browser.post("/account/settings", data=said | {"old": old})
        assert answer.status_code == 403 and WHY in answer.text and 'href="/account/proof"' in answer.text
    assert (await browser.post("/account/settings", data=said | {"email": "ana@example.org"})).status_code == 200
