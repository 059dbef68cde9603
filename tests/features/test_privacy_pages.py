"""What is kept, who runs this, and the terms: to be read by everybody."""

import pytest

from app import house
from app.features.accounts import rules as accounts
from app.features.people import rules as people
from app.features.people.rules import consents
from app.features.people.rules.consents import Purpose
from app.features.people.tables import Person
from tests.makers import a_community, a_person, an_administrator

SETTINGS = {"name": "百川里", "languages": "en", "zone": "Asia/Shanghai", "region": "CN", "area_kinds": "building"}


async def test_the_notice_says_every_line_of_the_list(browser):
    await a_community()
    text = (await browser.get("/privacy", headers={"Accept-Language": "en"})).text
    for each in house.KEPT:
        assert (str(each.what) in text) == each.personal, each.what
    assert "180 days after you last came by" in text and "a year after it ended" in text
    for link in ("/account/export", "/account/privacy", "/account/leaving", "/about"):
        assert f'href="{link}"' in text


async def test_strangers_read_how_to_reach_the_community_and_not_who_its_administrators_are(browser, sign_in):
    boss = await an_administrator(name="Zhou Canary")
    await (await sign_in(boss)).post("/admin/community", data={**SETTINGS, "contact": "Office, Mondays from nine"})
    assert "Zhou Canary" in (await browser.get("/about")).text
    browser.cookies.clear()
    text = (await browser.get("/about")).text
    assert "Office, Mondays from nine" in text and "Zhou Canary" not in text


async def test_a_page_before_there_is_a_community_is_a_page_too(browser):
    for path in ("/privacy", "/about"):
        assert (await browser.get(path)).status_code == 200


async def test_whoever_has_not_agreed_is_asked_on_every_page_and_comes_back_to_where_they_were(sign_in):
    ana = await a_person()
    browser = await sign_in(ana)
    asked = "Please read the terms of this community and agree to them."
    assert asked in (await browser.get("/neighbours")).text
    back = await browser.post("/about/terms/acceptance", data={"next": "/neighbours"}, follow_redirects=False)
    assert back.headers["location"] == "/neighbours"
    assert asked not in (await browser.get("/neighbours")).text
    assert await people.has_consented(ana.id, "terms")


@pytest.mark.parametrize("elsewhere", ["//example.org", "https://example.org", "/\\example.org", ""])
async def test_agreeing_leads_nowhere_else(sign_in, elsewhere):
    browser = await sign_in(await a_person())
    back = await browser.post("/about/terms/acceptance", data={"next": elsewhere}, follow_redirects=False)
    assert back.headers["location"] == "/"


async def test_new_terms_are_asked_for_anew_and_block_nothing(sign_in, monkeypatch):
    ana = await a_person()
    browser = await sign_in(ana)
    await browser.post("/about/terms/acceptance", data={"next": "/"})
    monkeypatch.setitem(consents.PURPOSES, "terms", Purpose(consents.PURPOSES["terms"].words, "2099-01-01"))
    for path in ("/account", "/account/leaving", "/neighbours"):
        answer = await browser.get(path)
        assert answer.status_code == 200 and "agree to them" in answer.text
    assert (await browser.get("/account/export")).status_code == 200


async def test_whoever_makes_the_community_has_agreed(sign_in):
    from app.features.community import rules as community
    from tests.makers import NOON

    token = await community.new_set_up_link(NOON)
    said = {"name": "百川里", "languages": ["en"], "zone": "Asia/Shanghai", "region": "CN", "area_kinds": ["building"]}
    person = await accounts.found(
        token,
        **said,
        administrator="Lin",
        login="lin@example.org",
        password="three plain words",
        language="en",
        now=NOON,
    )
    assert await people.has_consented(person, "terms")


async def test_the_page_of_erasures_asks_for_a_reason(sign_in):
    boss, ana = await an_administrator(), await a_person(name="Ana")
    browser = await sign_in(boss)
    page = f"/admin/people/{ana.id}/erasure"
    assert (await browser.post(page, data={"reason": ""})).status_code == 422
    done = await browser.post(page, data={"reason": "Asked at the office"})
    assert done.status_code == 200 and "Asked at the office" in done.text
    assert (await Person.select(Person.state).where(Person.id == ana.id).first())["state"] == "leaving"
    assert "Leaving" in (await browser.get(f"/admin/people/{ana.id}")).text
