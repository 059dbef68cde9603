"""The pocket: what somebody can read without a network, and nobody else's."""

import re
from datetime import date, timedelta

from app.config import ROOT
from app.features.alerts import rules as alerts
from app.features.alerts.tables import Answer, How, Kind, Lifeline, Recipient, Said
from app.features.announcements.tables import Announcement
from app.features.help import rules as needs
from app.features.help.tables import Need, What
from app.features.home import rules
from app.features.people import rules as people
from app.features.people.tables import Audience, Membership
from app.kit.clock import now
from app.kit.languages import language
from app.kit.pocket import InPocket
from tests.alerting import a_coordinator, an_alert
from tests.makers import NOON, a_card, a_household, a_person, an_area

TAGS = ("zh-Hans", "en")
HOUR = timedelta(hours=1)


async def a_need(**more):
    ana = await a_person(name="Ana", home=await a_household(address="3-2-501"), phone="+8613800138000")
    need = await needs.ask_for_help(needs.Asking(What.groceries, "Rice", "Ring twice"), by=ana, now=now())
    return need, ana


async def pocket_of(person, sign_in):
    answer = await (await sign_in(person)).get("/pocket")
    assert answer.status_code == 200
    return {each["path"]: each for each in answer.json()}


async def test_a_pocket_is_its_persons_and_no_cache_keeps_it(sign_in):
    ana = await a_person()
    answer = await (await sign_in(ana)).get("/pocket")
    assert answer.json() == [] and answer.headers["content-type"].startswith("application/json")
    assert answer.headers["kith-person"] == str(ana.id)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_stranger_has_no_pocket(browser):
    assert (await browser.get("/pocket")).status_code == 401


async def test_our_own_card_is_in_our_pocket_and_not_in_the_neighbours_who_may_read_it(sign_in):
    area = await an_area()
    home = await a_household(area=area)
    ana, ben = await a_person(home=home), await a_person(home=await a_household(area=area))
    await a_card(home, ana, open_to={"notes": Audience.building}, notes="The gas tap is left")
    assert "The gas tap is left" in (await pocket_of(ana, sign_in))["/household"]["html"]
    assert "The gas tap is left" not in str(await pocket_of(ben, sign_in))


async def test_a_pinned_announcement_is_there_until_the_end_of_its_last_day_where_it_is_pinned(sign_in):
    here, there = await an_area(name="1"), await an_area(name="2")
    ana, ben = [await a_person(home=await a_household(area=area)) for area in (here, there)]
    row = Announcement(area=here.id, by=ana.id, titles='{"en": "Water off"}', words='{"en": "From nine."}', at=NOON)
    row.pinned_until = date(2099, 1, 2)
    await row.save()
    found = (await pocket_of(ana, sign_in))[f"/announcements/{row.id}"]
    assert found["title"] == "Water off" and "From nine." in found["html"]
    assert found["until"].startswith("2099-01-03T00:00:00")
    assert await pocket_of(ben, sign_in) == {}


async def test_how_to_reach_the_other_side_is_in_the_pockets_of_the_two_and_for_a_day_at_most(sign_in):
    need, ana = await a_need()
    ben, eve = await a_person(name="Ben"), await a_person(name="Eve")
    assert await pocket_of(ben, sign_in) == {}
    await needs.take(need, by=ben, now=now())

    page = (await pocket_of(ben, sign_in))[f"/help/{need}"]
    assert "3-2-501" in page["html"] and "Ring twice" in page["html"] and "data-outbox" in page["html"]
    [mine] = await needs.in_pocket(await people.neighbour(ben.id), now=NOON)
    assert mine.until == NOON + timedelta(days=1)
    assert f"/help/{need}" in await pocket_of(ana, sign_in)
    assert await pocket_of(eve, sign_in) == {}

    await needs.give_back(need, reason="", by=ben, now=now())
    assert await pocket_of(ben, sign_in) == {}


async def test_what_has_had_its_time_is_left_out_and_the_first_to_bring_a_path_has_it():
    ana = await a_person()
    first, second = InPocket("/", "One", "x"), InPocket("/", "Two", "x")
    over, on = InPocket("/a", "Over", "x", until=NOON), InPocket("/b", "On", "x", until=NOON + timedelta(hours=1))

    async def alerts(by, *, now):
        return [over, first]

    async def others(by, *, now):
        return [second, on]

    assert await rules.in_pocket(ana, [alerts, others], now=NOON) == [first, on]


async def test_the_pocket_speaks_the_readers_language(sign_in):
    titles = []
    for tag in TAGS:
        somebody = await a_person(language=tag)
        await needs.ask_for_help(needs.Asking(What.groceries, "Rice"), by=somebody, now=now())
        titles += [each["title"] for each in (await pocket_of(somebody, sign_in)).values()]
    assert titles == [language(tag).gettext("Groceries") for tag in TAGS] and titles[0] != titles[1]


async def test_a_form_that_waited_on_a_phone_is_told_where_its_deed_led_and_again_the_same(sign_in):
    ana = await a_person(home=await a_household())
    browser = await sign_in(ana)
    said = {"_deed": "7b0f6b1e-3f0d-4c7e-9a53-0c6a1f0c0a01", "kind": "groceries", "words": "Rice"}
    for _ in range(2):
        answer = await browser.post("/help/new", data=said, headers={"Kith-Person": str(ana.id)})
        assert answer.status_code == 200 and answer.headers["kith-location"].startswith("/help/")
        assert "location" not in answer.headers
    assert await Need.count() == 1
    plain = await browser.post("/help/new", data=said, follow_redirects=False)
    assert plain.status_code == 303 and plain.headers["location"] == answer.headers["kith-location"]


async def test_what_waited_for_one_is_never_sent_as_another(sign_in, browser):
    ana, ben = await a_person(), await a_person()
    said = {"kind": "groceries", "words": "Rice"}
    answer = await (await sign_in(ben)).post("/help/new", data=said, headers={"Kith-Person": str(ana.id)})
    assert answer.status_code == 401 and await Need.count() == 0
    browser.cookies.clear()
    answer = await browser.post("/help/new", data=said, headers={"Kith-Person": str(ana.id)})
    assert answer.status_code == 401 and await Need.count() == 0


async def test_the_alert_comes_first_in_both_languages_with_what_to_do_and_how_to_answer(sign_in):
    home = await a_household()
    ana = await a_person(home=home)
    await Lifeline(titles='{"en": "The east gate"}', words='{"en": "Under the lamp"}').save()
    await Lifeline(titles='{"en": "The keeper"}', phone="+8613800138000").save()
    await needs.ask_for_help(needs.Asking(What.groceries, "Rice"), by=ana, now=now())
    alert = await an_alert(now=now(), areas=(home.area,))

    answer = await (await sign_in(ana)).get("/pocket")
    first = answer.json()[0]

    assert first["path"] == "/" and first["title"] == "No water, about four hours"
    for words in (
        "停水：全小区，约四小时",
        "主管爆裂",
        "A main burst.",
        "Urgent",
        "The east gate",
        "Under the lamp",
        "tel:+8613800138000",
    ):
        assert words in first["html"], words
    forms = re.findall(r"<form[^>]*>", first["html"])
    assert len(forms) == 3 and all(
        f'action="/alerts/{alert}/roll-call"' in each and "data-outbox" in each for each in forms
    )
    assert all(f">{words}<" in first["html"] for words in ("I am safe", "I need help", "I am not here"))
    assert first["html"].count('name="_deed"') == len(forms)
    assert f"/help/{(await Need.objects().first()).id}" in [each["path"] for each in answer.json()]


async def test_an_exercise_says_so_first_and_last_in_both_languages(sign_in):
    ana = await a_person(home=await a_household())
    await an_alert(now=now(), kind=Kind.exercise)
    page = (await pocket_of(ana, sign_in))["/"]
    assert page["title"].startswith("EXERCISE") and "EXERCISE" in page["html"] and "演练" in page["html"]


async def test_an_alert_that_is_over_leaves_the_pocket_and_the_numbers_stay(sign_in):
    ana, by = await a_person(home=await a_household()), await a_coordinator()
    alert = await an_alert(now=now(), by=by)
    assert "No water" in str(await pocket_of(ana, sign_in))
    await alerts.all_clear(alert, by=by, now=now())
    assert "No water" not in str(await pocket_of(ana, sign_in)) and "/" not in await pocket_of(ana, sign_in)
    await Lifeline(titles='{"en": "The east gate"}').save()
    assert "The east gate" in (await pocket_of(ana, sign_in))["/"]["html"]


async def test_what_should_have_ended_is_on_the_phone_for_a_day_and_says_that_it_may_be_over():
    ana = await a_person(home=await a_household())
    await an_alert(until_at=NOON + HOUR)
    [page] = await alerts.in_pocket(ana, now=NOON)
    assert page.until == NOON + HOUR + timedelta(days=1)
    assert page.shows["news"].until_at == NOON + HOUR and await alerts.in_pocket(ana, now=NOON + HOUR) == []


async def test_a_pocket_has_the_answers_of_those_one_may_answer_for_and_of_nobody_else(sign_in):
    home = await a_household()
    ana, ben = await a_person(name="Ana", home=home), await a_person(name="Ben Zzyzx", home=home)
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == ana.id)
    eve = await a_person(name="Eve", home=await a_household())
    by = await a_coordinator()
    alert = await an_alert(now=now(), by=by)
    await alerts.answer(alert, ben.id, Answer.help, words="zzyzx stairs", by=ben, now=now())

    assert "Ben Zzyzx" in (await pocket_of(ana, sign_in))["/"]["html"]
    assert "Needs help" in (await pocket_of(ben, sign_in))["/"]["html"]
    for each in (eve, by):
        assert "Zzyzx" not in str(await pocket_of(each, sign_in))
    for each in (ana, ben, eve, by):
        assert "zzyzx stairs" not in (await pocket_of(each, sign_in))["/"]["html"]


async def test_whoever_may_not_write_is_warned_all_the_same_and_has_nothing_else_in_the_pocket(sign_in):
    home = await a_household()
    ana = await a_person(home=home, state="suspended")
    ben = await a_person(home=home)
    await a_card(home, ben, notes="The gas tap is left")
    await an_alert(now=now())
    assert list(await pocket_of(ben, sign_in)) == ["/", "/household"]
    assert list(await pocket_of(ana, sign_in)) == ["/"]


async def test_an_answer_that_waited_is_kept_once_with_the_moment_it_was_given(sign_in):
    ana = await a_person(home=await a_household())
    began = now()
    alert = await an_alert(now=began - HOUR)
    browser, said = await sign_in(ana), {"_deed": "7b0f6b1e-3f0d-4c7e-9a53-0c6a1f0c0a02", "answer": "safe", "back": "/"}
    for age in ("600", "660"):
        headers = {"Kith-Person": str(ana.id), "Kith-Age": age}
        answer = await browser.post(f"/alerts/{alert}/roll-call", data=said, headers=headers)
        assert answer.headers["kith-location"] == "/" and answer.headers["kith-answer"] == str(ana.id)
    row = await Recipient.objects().where((Recipient.alert == alert) & (Recipient.person == ana.id)).first()
    assert row.answer == Answer.safe and row.how == How.self and await Said.count() == 1
    assert timedelta(minutes=9) < now() - row.answered_at < timedelta(minutes=12)


async def test_every_answer_to_what_waited_says_that_it_is_ours(sign_in):
    """What does not say so (a proxy, a café's sign-in page) takes nothing out of the outbox."""
    ana = await a_person(home=await a_household())
    browser, mine = await sign_in(ana), {"Kith-Person": str(ana.id)}
    answers = {
        422: await browser.post("/help/new", data={"words": "x"}, headers=mine),
        404: await browser.post("/help/99/words", data={"said": "x"}, headers=mine),
        405: await browser.post("/about", data={}, headers=mine),
        413: await browser.post("/help/new", data={"words": "x" * 300_000}, headers=mine),
        403: await browser.post("/help/new", data={"words": "x"}, headers=mine | {"Sec-Fetch-Site": "cross-site"}),
        401: await browser.post("/help/new", data={"words": "x"}, headers={"Kith-Person": "0"}),
    }
    for status, answer in answers.items():
        assert (answer.status_code, "kith-answer" in answer.headers) == (status, True)
        assert "kith-location" not in answer.headers
    assert "kith-answer" not in (await browser.post("/help/new", data={"words": "x"})).headers


def test_every_form_that_may_wait_has_its_own_number_so_that_it_is_done_once():
    forms = [
        (path.name, form)
        for path in ROOT.glob("app/**/templates/*.html")
        for form in re.findall(r"<form[^\n]*data-outbox[^\n]*\n?[^\n]*", path.read_text())
    ]
    assert len(forms) >= 8
    assert [name for name, form in forms if "once()" not in form] == []
