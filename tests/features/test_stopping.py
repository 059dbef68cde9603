"""Every message carries a stop: one press, no sign-in, and it can be taken back."""

import asyncio
import re

import pytest

from app import house
from app.features.notices import rules
from app.features.notices.tables import By, Choice
from app.features.people.tables import Person, State
from app.kit.refusals import Missing, Refusal
from tests.makers import NOON, a_person

ONE_CLICK = "List-Unsubscribe=One-Click"


def token_of(person, topic="asks", by=By.email):
    return rules.stop_path(person.id, topic, by).removeprefix("/stop/")


async def choices_of(person):
    rows = await Choice.select(Choice.topic, Choice.by, Choice.wanted).where(Choice.person == person.id)
    return {(row["topic"], row["by"]): row["wanted"] for row in rows}


async def test_a_link_stops_one_topic_on_one_road_and_brings_it_back(browser):
    ana, ben = await a_person(), await a_person()
    at = rules.stop_path(ana.id, "asks", By.email)

    page = (await browser.get(at)).text
    assert "Stop “Asks and skills” by e-mail" in page and await choices_of(ana) == {}

    stopped = (await browser.post(at, data={"what": "topic"})).text
    assert "“Asks and skills” no longer comes by e-mail." in stopped
    assert await choices_of(ana) == {("asks", "email"): False} and await choices_of(ben) == {}

    again = (await browser.get(at)).text
    assert "no longer comes by e-mail" in again and "Stop “Asks" not in again

    back = (await browser.post(f"{at}/return", data={"done": "asks"})).text
    assert "You get them again." in back and "Stop “Asks and skills” by e-mail" in back
    assert await choices_of(ana) == {("asks", "email"): True}


async def test_all_everyday_messages_stop_on_that_road_and_only_those_come_back_that_stopped_now(browser):
    ana = await a_person()
    at, can_stop = rules.stop_path(ana.id, "asks", By.sms), {n for n, t in house.TOPICS.items() if not t.always}
    await rules.stop(token_of(ana, "roles", By.sms), house.TOPICS, now=NOON)

    page = (await browser.post(at, data={"what": "everything"})).text
    assert "Everyday messages no longer come by text message." in page
    assert await choices_of(ana) == {(name, "sms"): False for name in can_stop}

    [done] = re.findall(r'name="done" value="([\w.]+)"', page)
    await browser.post(f"{at}/return", data={"done": done})
    assert await choices_of(ana) == {(name, "sms"): name != "roles" for name in can_stop}


async def test_a_mail_program_stops_it_with_one_press_from_anywhere_without_a_cookie(browser):
    """RFC 8058, 3.1: no redirect, no cookie, and its own headers."""
    ana = await a_person()
    for way in ({"content": ONE_CLICK, "headers": FORM}, {"files": {"List-Unsubscribe": (None, "One-Click")}}, {}):
        await Choice.delete(force=True)
        del browser.headers["Sec-Fetch-Site"]
        answer = await browser.post(rules.stop_path(ana.id, "asks", By.email), follow_redirects=False, **way)
        browser.headers["Sec-Fetch-Site"] = "same-origin"
        assert answer.status_code == 200 and await choices_of(ana) == {("asks", "email"): False}, way


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_every_other_form_still_has_to_come_from_our_own_pages(browser):
    del browser.headers["Sec-Fetch-Site"]
    assert (await browser.post("/sign-in", data={"login": "a", "password": "b"})).status_code == 403
    browser.headers["Sec-Fetch-Site"] = "cross-site"
    assert (await browser.post("/notices/reading")).status_code == 403


async def test_to_look_stops_nothing(browser):
    ana = await a_person()
    for by in By:
        assert (await browser.get(rules.stop_path(ana.id, "asks", by))).status_code == 200
    assert await choices_of(ana) == {}


async def test_what_concerns_ones_own_door_cannot_be_stopped_and_the_page_says_why(browser):
    ana = await a_person()
    at = rules.stop_path(ana.id, "account", By.email)

    page = (await browser.get(at)).text
    refused = await browser.post(at, data={"what": "topic"})

    assert "“Your account” always comes" in page and "Stop “" not in page
    assert refused.status_code == 422 and await choices_of(ana) == {}
    with pytest.raises(Refusal):
        await rules.stop(token_of(ana, "account"), house.TOPICS, now=NOON)


async def test_the_days_letter_stops_as_a_whole(browser):
    ana = await a_person()
    at = rules.stop_path(ana.id, "", By.email)
    assert "Stop all everyday messages by e-mail" in (await browser.get(at)).text
    await browser.post(at, content=ONE_CLICK, headers=FORM)
    assert set((await choices_of(ana)).values()) == {False}
    assert "Everyday messages no longer come by e-mail." in (await browser.get(at)).text


async def test_it_is_said_in_the_readers_language(browser):
    ana = await a_person()
    browser.headers["Accept-Language"] = "zh-CN"
    page = (await browser.get(rules.stop_path(ana.id, "asks", By.email))).text
    assert "不再通过邮件接收" in page and "Stop" not in page


@pytest.mark.parametrize("made_up", ["x", "", "gAAAAABo", "{}"])
async def test_no_link_can_be_made_up(made_up):
    await a_person()
    with pytest.raises(Missing):
        await rules.stop_of(made_up, house.TOPICS)


async def test_a_link_says_nothing_of_whose_it_is_and_opens_nothing_of_somebody_gone(browser):
    ana = await a_person(name="Quorra Zzyzx")
    at = rules.stop_path(ana.id, "asks", By.email)
    assert "Zzyzx" not in (await browser.get(at)).text and "asks" not in at

    await Person.update({Person.state: State.gone}).where(Person.id == ana.id)
    assert (await browser.get(at)).status_code == 404


async def test_names_of_topics_that_nobody_has_change_nothing():
    ana = await a_person()
    assert await rules.bring_back(token_of(ana), house.TOPICS, ["asks", "nothing", ""], now=NOON) == []
    assert await choices_of(ana) == {}


async def test_ten_presses_at_once_are_one_choice():
    ana = await a_person()
    token = token_of(ana)
    said = await asyncio.gather(*[rules.stop(token, house.TOPICS, now=NOON) for _ in range(10)])
    assert sorted(said) == [[]] * 9 + [["asks"]] and await choices_of(ana) == {("asks", "email"): False}


async def test_no_log_learns_the_link(browser, capfd, caplog):
    ana = await a_person()
    at = rules.stop_path(ana.id, "asks", By.email)
    await browser.get(at)
    await browser.post(at)
    out = capfd.readouterr()
    ours = [record.getMessage() for record in caplog.records if record.name != "httpx"]  # the browser of this test
    assert at.rpartition("/")[2] not in out.out + out.err + str(ours)
