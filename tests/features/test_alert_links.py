"""A letter about an alert leads to a page that answers once, for one person, and shows nobody anything else."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app import house
from app.config import settings
from app.db import DB
from app.features.alerts import rules
from app.features.alerts.rules.answer_links import first_name
from app.features.alerts.tables import Answer, How, Kind, Level, Said
from app.features.help.tables import Need
from app.features.notices.rules import posting
from app.features.notices.tables import By, GroupPost, Wishes
from app.features.people.tables import Kind as RoleKind
from app.kit.clock import now
from app.kit.refusals import Missing, Taken
from app.kit.tables import Deed
from tests.alerting import a_coordinator, a_plan, an_alert, run
from tests.makers import NOON, a_household, a_login, a_person
from tests.ringing import ARoad, a_device, ring

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BASE = "https://kith.example"
BELL = house.bell(replace(settings(), base_url=BASE))


def token_of(alert, person, at=NOON):
    return rules.link_path(alert, person.id, at).removeprefix("/answer/")


async def somebody_called(at=NOON, **said):
    """Ana, and an alert that went to her."""
    ana = await a_person(name="Ana Zzyzx", home=await a_household(address="9-9-999"), phone="+8613800138000")
    return ana, await an_alert(now=at, **said)


async def counts(alert, person):
    row = await rules.recipient_of(alert, person.id)
    return (row.answer, row.how)


@pytest.mark.parametrize("by", [By.email, By.sms, By.wecom])
async def test_E43_letters_lead_to_the_link_of_their_reader_and_pushes_to_the_alert(by, monkeypatch):
    ana = await a_person(home=await a_household(), phone="+8613800138000", email="ana@example.org")
    ben = await a_person(home=await a_household())
    await Wishes.insert(Wishes(person=ana.id, wecom="ana"))
    await a_login(ben)
    await a_device(ben.id)
    letters, phones = ARoad(by), ARoad(By.push)
    bell = replace(BELL, roads=frozenset({by, By.push}))

    alert = await an_alert()
    [letter] = [each for each in await ring(letters, NOON, bell=bell) if each.to]
    [push] = await ring(phones, NOON, bell=bell)

    assert letter.url == f"{BASE}/answer/{token_of(alert, ana)}"
    assert push.url == f"{BASE}/alerts/{alert}"
    assert (await rules.open_link(token_of(alert, ana), now=NOON)).person == ana.id


async def test_who_is_asked_to_approve_is_led_to_the_alert_on_every_road():
    ben = await a_person(role=RoleKind.coordinator, phone="+8613800138000")
    by = await a_coordinator()
    alert = await rules.draft(a_plan(level=Level.critical), by=by, now=NOON)
    await rules.send(alert, "real", by=by, now=NOON)
    [letter] = await ring(ARoad(By.sms), NOON, bell=replace(BELL, roads=frozenset({By.sms})))
    assert (letter.to, letter.url) == ("+8613800138000", f"{BASE}/alerts/{alert}") and ben.is_active


async def test_E41_a_group_is_led_to_the_alert_and_to_nobodys_link(monkeypatch):
    known = replace(settings(), notify_urls=("https://robot.example/x",))
    monkeypatch.setattr(posting, "settings", lambda: known)
    alert = await an_alert()
    assert [row["path"] for row in await GroupPost.select(GroupPost.path)] == [f"/alerts/{alert}"]


async def test_looking_spends_nothing_and_an_answer_spends_it():
    ana, alert = await somebody_called()
    token = token_of(alert, ana)
    for _ in range(3):
        assert (await rules.open_link(token, now=NOON)).takes_answer

    await rules.answer_by_link(token, Answer.help, words="Smoke", now=NOON + MINUTE)

    assert await counts(alert, ana) == (Answer.help, How.link)
    assert (await Need.objects().first()).words == "Smoke"
    assert not (await rules.open_link(token, now=NOON + MINUTE)).takes_answer
    with pytest.raises(Taken):
        await rules.answer_by_link(token, Answer.safe, now=NOON + 2 * MINUTE)
    newer = token_of(alert, ana, NOON + 5 * MINUTE)
    await rules.answer_by_link(newer, Answer.safe, now=NOON + 6 * MINUTE)
    assert await counts(alert, ana) == (Answer.safe, How.link)


async def test_of_many_who_press_one_link_at_once_one_answers():
    ana, alert = await somebody_called()
    presses = [rules.answer_by_link(token_of(alert, ana), Answer.safe, now=NOON + MINUTE) for _ in range(10)]
    answers = await asyncio.gather(*presses, return_exceptions=True)
    assert sum(each is None for each in answers) == 1
    assert sum(isinstance(each, Taken) for each in answers) == 9
    assert await Said.count() == 1


async def test_a_slip_by_the_link_is_undone_and_the_link_is_whole_again():
    ana, alert = await somebody_called()
    token = token_of(alert, ana)
    await rules.answer_by_link(token, Answer.help, now=NOON + MINUTE)

    await rules.undo_by_link(token, now=NOON + MINUTE + timedelta(seconds=5))

    assert await counts(alert, ana) == ("", "")
    await rules.answer_by_link(token, Answer.safe, now=NOON + 2 * MINUTE)
    assert await counts(alert, ana) == (Answer.safe, How.link)


async def test_it_ends_with_the_alert_or_after_two_days():
    by = await a_coordinator()
    ana, alert = await somebody_called(by=by)
    long = await an_alert(by=by, until_at=NOON + timedelta(days=9))

    await rules.answer_by_link(token_of(long, ana), Answer.safe, now=NOON + 48 * HOUR)
    with pytest.raises(Missing):
        await rules.open_link(token_of(long, ana), now=NOON + 48 * HOUR + MINUTE)
    await rules.all_clear(alert, by=by, now=NOON + MINUTE)
    assert (await rules.open_link(token_of(alert, ana), now=NOON + MINUTE)).over
    with pytest.raises(Taken):
        await rules.answer_by_link(token_of(alert, ana), Answer.safe, now=NOON + 2 * MINUTE)


async def test_no_other_token_opens_anything():
    ana, alert = await somebody_called()
    ben = await a_person()
    good = token_of(alert, ana)
    changed = [good[:place] + ("a" if letter != "a" else "b") + good[place + 1 :] for place, letter in enumerate(good)]
    for wrong in (*changed, "", "x", good[:-8], good * 2, "é" * 32, token_of(alert, ben), token_of(alert + 1, ana)):
        with pytest.raises(Missing):
            await rules.open_link(wrong, now=NOON)
    typed = " ".join(good[place : place + 4] for place in range(0, len(good), 4)).upper()
    assert (await rules.open_link(typed, now=NOON)).person == ana.id


async def test_the_page_shows_the_alert_and_two_buttons_and_nobodys_door_phone_or_family_name(browser):
    ana, alert = await somebody_called(now())
    answer = await browser.get(f"/answer/{token_of(alert, ana, now())}")
    assert answer.status_code == 200
    assert "No water, about four hours" in answer.text
    for button in ("I am safe", "I need help"):
        assert f"<span>{button}</span></button>" in answer.text
    assert not [each for each in ("Zzyzx", "9-9-999", "13800138000", "138 0013 8000") if each in answer.text]
    assert answer.headers["cache-control"] == "no-store"


async def test_pressed_without_a_sign_in_it_answers_and_nothing_keeps_or_logs_the_link(browser, sign_in, capfd, caplog):
    ana, alert = await somebody_called(now())
    token = token_of(alert, ana, now())
    assert "_deed" not in (await browser.get(f"/answer/{token}")).text
    answer = await browser.post(f"/answer/{token}", data={"answer": "help", "words": "Smoke"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/answer/{token}")
    assert "You have answered by this link already" in (await browser.get(f"/answer/{token}")).text
    await browser.post(f"/answer/{token}/undo", data={"_deed": "0" * 36})
    await sign_in(ana)
    await browser.post(f"/answer/{token}", data={"answer": "safe"})
    await browser.post(f"/answer/{token}/undo", data={"_deed": "11111111-1111-4111-8111-111111111111"})

    assert await counts(alert, ana) == ("", "")
    told = capfd.readouterr()
    ours = [record.getMessage() for record in caplog.records if record.name != "httpx"]  # the browser of this test
    assert token not in told.out + told.err + str(ours)
    assert await Deed.count() == 0
    tables = await DB.fetch(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if DB.engine_type == "sqlite"
        else "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
        (),
    )
    kept = [str(await DB.fetch(f'SELECT * FROM "{row["name"]}"', ())) for row in tables]
    assert not [each for each in kept if token in each]


async def test_after_the_end_the_page_says_what_was_said_last(browser):
    by = await a_coordinator()
    ana, alert = await somebody_called(now(), by=by)
    await rules.all_clear(alert, by=by, now=now())
    answer = await browser.get(f"/answer/{token_of(alert, ana, now())}")
    assert "It is over. You are safe." in answer.text and "No answers are taken any more." in answer.text
    assert "<button" not in re.sub(r"data-dismiss.*", "", answer.text.partition("<main")[2])


async def test_an_exercise_says_so_before_all_else_on_the_page_too(browser):
    ana, alert = await somebody_called(now(), kind=Kind.exercise)
    main = (await browser.get(f"/answer/{token_of(alert, ana, now())}")).text.partition("<main")[2]
    assert 0 < main.index("EXERCISE") < main.index("No water")


async def test_the_code_can_be_typed(browser):
    ana, alert = await somebody_called(now())
    token = token_of(alert, ana, now())
    assert "Code" in (await browser.get("/answer")).text
    answer = await browser.get("/answer", params={"code": f"{token[:8]} {token[8:]}"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/answer/{token}")


FIRST = [("Ana Zzyzx", "Ana"), ("Ana", "Ana"), ("王小明", "小明"), ("王明", "明"), ("欧阳小明", "小明"), ("", "")]


@pytest.mark.parametrize(("name", "first"), FIRST)
def test_only_what_friends_call_them_is_shown(name, first):
    assert first_name(name) == first


async def test_whoever_was_reached_by_the_link_is_reminded_no_more():
    ana, alert = await somebody_called()
    await rules.answer_by_link(token_of(alert, ana), Answer.safe, now=NOON)
    await run(NOON)
    letters = ARoad(By.sms)
    assert await ring(letters, NOON, bell=replace(BELL, roads=frozenset({By.sms}))) == []
