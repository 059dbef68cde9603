"""The administrator sees which roads are set up, and looks which of them answer when asked to look."""

from dataclasses import replace

import pytest

from app.addresses import Smtp
from app.config import from_env, settings
from app.features.admin.pages import roads as pages
from app.features.notices.tables import PushService
from app.kit import ways
from app.kit.clock import now
from tests.makers import a_person, an_administrator


@pytest.fixture
def knocks(monkeypatch):
    """The world outside: Apple answers, nobody else does. Gives back who was knocked at."""
    asked: list[str] = []

    def knock(url, *_):
        asked.append(url)
        return "" if "apple" in url else "no connection"

    monkeypatch.setattr(ways, "knock", knock)
    return asked


async def test_nobody_is_asked_before_the_button_is_pressed(sign_in, knocks):
    browser = await sign_in(await an_administrator())

    page = (await browser.get("/admin/roads")).text

    assert knocks == [] and "Set up" in page and "Out of reach" not in page
    assert "Not set up. The setting is KITH_SMTP_URL." in page and "Look which of them answer" in page


async def test_the_button_says_who_answers_and_why_others_do_not(sign_in, knocks, monkeypatch):
    browser = await sign_in(await an_administrator())
    smtp = Smtp("mail.example.org", 587, False, "", "", "kith@example.org")
    monkeypatch.setattr(pages, "settings", lambda: replace(settings(), smtp=smtp))
    monkeypatch.setattr("app.kit.mail.why_not", lambda *_: "")

    page = (await browser.get("/admin/roads?look=1")).text

    assert len(knocks) == 4
    assert page.count("Out of reach") == 3 and page.count("nobody opens there") == 3
    assert page.count("Answers") == 2 and "mail.example.org:587" in page
    assert "No push service answers" not in page


async def test_where_no_push_service_is_in_reach_the_page_says_what_that_means(sign_in, monkeypatch):
    monkeypatch.setattr(ways, "knock", lambda *_: "timeout")
    browser = await sign_in(await an_administrator())
    page = (await browser.get("/admin/roads?look=1")).text
    assert "No push service answers" in page and "KITH_PUSH_PROXY" in page


async def test_no_key_stands_on_the_page(sign_in, knocks, monkeypatch):
    known = from_env(
        {
            "KITH_SMS_WEBHOOK": "https://s3cret-s3cret-s3cret@sms.example.org/s3cret",
            "KITH_WECOM_URL": "wechat://corp1d:s3cret@1000002",
            "KITH_NOTIFY_URLS": "wecombot://s3cret-s3cret",
        }
    )
    monkeypatch.setattr(pages, "settings", lambda: known)
    browser = await sign_in(await an_administrator())
    for path in ("/admin/roads", "/admin/roads?look=1"):
        page = (await browser.get(path)).text
        assert "s3cret" not in page and "https://sms.example.org" in page and "One robot is set up." in page


async def test_it_is_for_administrators(sign_in, knocks):
    browser = await sign_in(await a_person())
    assert (await browser.get("/admin/roads?look=1")).status_code == 403 and knocks == []


async def test_a_service_that_refuses_all_we_send_is_named_until_it_takes_a_push_again(sign_in):
    browser = await sign_in(await an_administrator())
    await PushService.insert(PushService(origin="https://push.example", alarm_at=now(), alarm="403"))
    assert "https://push.example" in (await browser.get("/admin/roads")).text

    await PushService.update({PushService.alarm_at: None}, force=True)
    assert "https://push.example" not in (await browser.get("/admin/roads")).text


async def test_a_road_that_refuses_all_we_send_is_named_with_its_setting(sign_in):
    home = await sign_in(await an_administrator())
    await PushService.insert(PushService(origin="sms", alarm_at=now(), alarm="401"))

    words = (await home.get("/admin/roads")).text

    assert "with 401. Look at KITH_SMS_WEBHOOK" in words and "KITH_CONTACT" not in words
