"""While something is going on Home is the alert; when it is over Home is Home again."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from app.features.alerts import rules
from app.features.alerts.rules import at_hand
from app.features.alerts.tables import Answer, Kind, Level, Lifeline, Said
from app.features.people.tables import Kind as RoleKind
from app.features.people.tables import Membership
from app.kit.clock import now
from app.kit.tables import Picture
from tests.alerting import a_coordinator, an_alert
from tests.canary import a_photo
from tests.makers import NOON, a_household, a_login, a_person, an_area

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
HTMX = {"HX-Request": "true", "HX-Target": "div#home"}


def main(answer):
    return answer.text.partition("<main")[2]


def named(answer):
    return re.findall(r"<button[^>]*>(?:<svg.*?</svg>)?(?:<span>)?([^<]+)", main(answer))


async def test_E35_home_is_the_alert_first_with_two_buttons_and_home_again_when_it_is_over(sign_in):
    home = await a_household()
    ana = await a_person(home=home)
    by = await a_coordinator()
    browser = await sign_in(ana)
    assert "No water" not in (await browser.get("/")).text
    alert = await an_alert(by=by, now=now(), areas=(home.area,))

    answer = await browser.get("/")

    assert re.search(r"<h1>No water, about four hours</h1>", main(answer))
    assert main(answer).index("No water") < main(answer).index("I am safe") < main(answer).index("I need help")
    assert {"I am safe", "I need help"} <= set(named(answer))
    assert "Urgent" in main(answer) and "ends by itself" in main(answer) and "A main burst." in main(answer)
    await rules.all_clear(alert, by=by, now=now())
    assert "I am safe" not in (await browser.get("/")).text


async def test_an_open_home_turns_into_the_alert_and_back_by_the_same_block(sign_in):
    ana = await a_person(home=await a_household())
    by = await a_coordinator()
    browser = await sign_in(ana)
    before = (await browser.get("/")).text
    assert re.search(r'id="home"[^>]*data-channel="person community" hx-get="/" hx-trigger="look"', before)
    alert = await an_alert(by=by, now=now())

    block = (await browser.get("/", headers=HTMX)).text

    assert block.lstrip().startswith('<div id="home"') and "I am safe" in block and "<html" not in block
    await rules.false_alarm(alert, by=by, now=now())
    block = (await browser.get("/", headers=HTMX)).text
    assert block.lstrip().startswith('<div id="home"') and "I am safe" not in block


async def test_it_is_there_for_those_it_went_to_and_for_those_who_lead_and_for_nobody_else(sign_in):
    home = await a_household()
    ana, elsewhere = await a_person(home=home), await a_person(home=await a_household())
    by = await a_coordinator()
    await an_alert(by=by, now=now(), areas=(home.area,))
    for person, shown, asked in ((ana, True, True), (elsewhere, False, False), (by, True, False)):
        answer = await (await sign_in(person)).get("/")
        assert ("No water" in main(answer), "I am safe" in main(answer)) == (shown, asked)


async def test_what_is_real_and_high_stands_first_and_all_are_one_tap_away(sign_in):
    ana = await a_person(home=await a_household())
    said = {"now": now()}
    words = {level: {"zh-Hans": level, "en": f"This is {level}"} for level in Level}
    low = await an_alert(level=Level.notice, headlines=words[Level.notice], **said)
    high = await an_alert(level=Level.urgent, headlines=words[Level.urgent], **said)
    practice = await an_alert(kind=Kind.exercise, level=Level.critical, headlines=words[Level.critical], **said)

    answer = await (await sign_in(ana)).get("/")

    assert "<h1>This is urgent</h1>" in main(answer)
    links = re.findall(r'href="/alerts/(\d+)"', main(answer))
    assert [int(each) for each in links[:2]] == [low, practice] and str(high) in links


async def test_E49_an_exercise_cannot_be_mistaken_on_home(sign_in):
    ana = await a_person(home=await a_household())
    await an_alert(kind=Kind.exercise, now=now())
    answer = await (await sign_in(ana)).get("/")
    assert '<section class="crisis urgent exercise"' in main(answer)
    assert main(answer).index("EXERCISE") < main(answer).index("No water")
    assert re.search(r"<title>\s*EXERCISE · ", answer.text)


async def test_home_as_on_other_days_is_one_tap_away_and_shows_the_way_back(sign_in):
    ana = await a_person(name="Ana", home=await a_household())
    browser = await sign_in(ana)
    await an_alert(now=now())
    assert 'href="/?everyday=1"' in (await browser.get("/")).text
    usual = await browser.get("/?everyday=1")
    assert "Ana</h1>" in main(usual) and re.search(r'<a class="row alarm-row urgent" href="/">', main(usual))
    assert 'hx-get="/?everyday=1"' in usual.text


async def test_suspended_or_about_to_leave_one_sees_it_and_answers(sign_in):
    home = await a_household()
    for state in ("suspended", "leaving"):
        person = await a_person(home=home, state=state)
        alert = await an_alert(now=now(), areas=(home.area,))
        browser = await sign_in(person)
        assert "I am safe" in (await browser.get("/")).text
        answer = await browser.post(f"/alerts/{alert}/roll-call", data={"answer": "safe"}, follow_redirects=False)
        assert answer.status_code == 303
        assert (await rules.recipient_of(alert, person.id)).answer == Answer.safe


async def test_safe_is_one_press_comes_back_to_where_it_was_pressed_and_can_be_undone(sign_in):
    ana = await a_person(home=await a_household())
    alert = await an_alert(now=now())
    browser = await sign_in(ana)
    answer = await browser.post(
        f"/alerts/{alert}/roll-call", data={"answer": "safe", "back": "/"}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    shown = await browser.get("/")
    assert f'action="/alerts/{alert}/roll-call/undo"' in shown.text and "You said so" in main(shown)

    await browser.post(f"/alerts/{alert}/roll-call/undo")

    assert (await rules.recipient_of(alert, ana.id)).answer == ""
    assert "You said so" not in main(await browser.get("/"))


async def test_need_help_is_one_press_and_then_there_is_room_to_say_more(sign_in):
    ana = await a_person(home=await a_household())
    alert = await an_alert(now=now())
    browser = await sign_in(ana)
    here = f"/alerts/{alert}/roll-call"

    answer = await browser.post(here, data={"answer": "help", "back": "/"}, follow_redirects=False)

    assert answer.headers["location"] == f"{here}#more"
    assert (await rules.recipient_of(alert, ana.id)).answer == Answer.help
    assert "What do you need?" in (await browser.get(here)).text
    said = {"answer": "help", "words": "Smoke on the stairs", "what": "transport", "back": "/"}
    answer = await browser.post(here, data=said, files={"photo": ("x.png", a_photo())}, follow_redirects=False)
    assert answer.headers["location"] == "/"
    [picture] = await Picture.objects()
    told = await Said.objects().order_by(Said.id, ascending=False).first()
    assert (told.words, told.photo, picture.page) == ("Smoke on the stairs", picture.token, f"{here}/{ana.id}")
    shown = await browser.get(f"/media/{picture.token}")
    assert shown.status_code == 200 and not Image.open(BytesIO(shown.content)).getexif()
    assert (await (await sign_in(await a_person())).get(f"/media/{picture.token}")).status_code == 404


async def test_what_was_typed_too_long_stays_in_the_form(sign_in):
    ana = await a_person(home=await a_household())
    alert = await an_alert(now=now())
    browser = await sign_in(ana)
    await browser.post(f"/alerts/{alert}/roll-call", data={"answer": "help"})
    answer = await browser.post(f"/alerts/{alert}/roll-call", data={"answer": "help", "words": "x" * 401})
    assert answer.status_code == 422 and "x" * 401 in answer.text and "At most 400 characters" in answer.text


async def test_all_of_us_is_one_press_and_names_them(sign_in):
    home = await a_household()
    ana, ben = await a_person(name="Ana", home=home), await a_person(name="Ben", home=home)
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == ana.id)
    alert = await an_alert(now=now())
    browser = await sign_in(ana)
    shown = main(await browser.get("/"))
    assert "All 2 of us are safe" in shown and "<small>Ana, Ben</small>" in shown

    await browser.post(f"/alerts/{alert}/roll-call", data={"answer": "safe", "person": "household"})

    assert (await rules.recipient_of(alert, ben.id)).answer == Answer.safe
    assert "of us are safe" not in main(await (await sign_in(ben)).get("/"))


async def test_a_steward_says_how_they_know_of_somebody_and_goes_back_to_where_they_were(sign_in):
    area = await an_area()
    ana = await a_person(name="Ana", home=await a_household(area=area))
    steward = await a_person(role=RoleKind.steward, area=area)
    alert = await an_alert(now=now(), areas=(area.id,))
    browser, here = await sign_in(steward), f"/alerts/{alert}/roll-call"
    shown = await browser.get(here, params={"person": ana.id, "back": f"/alerts/{alert}/board"})
    assert "How is Ana?" in shown.text and 'value="paper"' in shown.text and 'value="household"' not in shown.text

    said = {"person": str(ana.id), "answer": "away", "how": "seen", "back": f"/alerts/{alert}/board"}
    answer = await browser.post(here, data=said, follow_redirects=False)

    assert answer.headers["location"] == f"/alerts/{alert}/board"
    row = await rules.recipient_of(alert, ana.id)
    assert (row.answer, row.how, row.answered_by) == (Answer.away, "seen", steward.id)
    for wrong in ({"person": "x"}, {"person": "999999"}, {"person": "²"}, {"person": "9" * 5000}):
        assert (await browser.post(here, data=said | wrong)).status_code == 404
    assert (await browser.post(here, data=said | {"how": "self"})).status_code == 422
    for elsewhere in ("//evil.example", "https://evil.example"):
        answer = await browser.post(here, data=said | {"back": elsewhere}, follow_redirects=False)
        assert answer.headers["location"] == "/"


async def test_after_the_end_the_page_stays_and_takes_nothing(sign_in):
    ana = await a_person(home=await a_household())
    by = await a_coordinator()
    alert = await an_alert(by=by, now=now())
    await rules.all_clear(alert, by=by, now=now())
    browser, here = await sign_in(ana), f"/alerts/{alert}/roll-call"
    answer = await browser.get(here)
    assert answer.status_code == 200 and "No answers are taken any more." in answer.text
    assert 'name="answer"' not in answer.text
    answer = await browser.post(here, data={"answer": "safe"})
    assert answer.status_code == 409 and "This alert is over" in answer.text


async def test_the_bar_counts_doors_and_a_door_has_answered_in_part_while_anybody_in_it_has_not(sign_in):
    area = await an_area()
    homes = [await a_household(area=area) for _ in range(4)]
    people = [[await a_person(home=home) for _ in range(2)] for home in homes]
    alert, at = await an_alert(areas=(area.id,), now=now()), now()
    for person in (*people[0], people[1][0], people[2][0]):
        await rules.answer(alert, person.id, Answer.safe, by=person, now=at)
    await rules.answer(alert, people[2][1].id, Answer.help, by=people[2][1], now=at)

    [news] = await rules.concerning(people[0][0], now=at)
    doors = await rules.doors_of(news, now=at)

    assert (doors.people, doors.homes, doors.safe, doors.help, doors.part, doors.silent) == (8, 4, 1, 1, 1, 1)
    shown = main(await (await sign_in(people[0][0])).get("/"))
    assert "3 of 4 doors" in shown and "Safe 1 · Need help 1 · No answer yet 1 · 1 answered in part" in shown


@pytest.mark.parametrize(("many", "shared"), [(3, True), (4, False)])
async def test_where_thousands_look_they_share_a_count_for_three_seconds(monkeypatch, many, shared):
    monkeypatch.setattr(at_hand, "MANY", many)
    home = await a_household()
    ana, ben, _ = [await a_person(home=home) for _ in range(3)]
    alert = await an_alert(areas=(home.area,))
    [news] = await rules.concerning(ana, now=NOON)
    assert (await rules.doors_of(news, now=NOON)).help == 0

    await rules.answer(alert, ben.id, Answer.help, by=ben, now=NOON)

    assert (await rules.doors_of(news, now=NOON + 2 * SECOND)).help == (0 if shared else 1)
    assert (await rules.doors_of(news, now=NOON + 3 * SECOND)).help == 1


async def test_meeting_points_and_numbers_of_ones_own_area_stand_there(sign_in):
    here, there = await an_area(), await an_area()
    ana = await a_person(home=await a_household(area=here))
    for area, name in ((here.id, "By the pond"), (there.id, "By the gate"), (None, "Fire brigade")):
        await Lifeline.insert(Lifeline(area=area, titles=f'{{"en": "{name}"}}', words='{"en": ""}', phone="119"))
    await an_alert(now=now())
    shown = main(await (await sign_in(ana)).get("/"))
    assert "By the pond" in shown and "Fire brigade" in shown and "By the gate" not in shown
    assert 'href="tel:119"' in shown


async def test_home_in_an_emergency_asks_the_database_little(sign_in, queries):
    ana = await a_person(home=await a_household())
    await a_login(ana)
    await an_alert(now=now())
    browser = await sign_in(ana)
    await browser.get("/")
    queries.clear()
    assert (await browser.get("/")).status_code == 200
    assert len(queries) <= 12, queries
