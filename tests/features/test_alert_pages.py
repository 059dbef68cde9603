"""Declaring as people see it: kind first, words and blanks, a review, a second person, an update, the last word."""

import re
from datetime import timedelta

import pytest

from app.features.accounts.tables import SignIn
from app.features.alerts import rules
from app.features.alerts.tables import Alert, Category, Kind, Level, Stage, Type
from app.features.notices.tables import Notice
from app.features.people.tables import Kind as Role
from app.features.people.tables import State
from app.kit.clock import now
from tests.alerting import WORDS, a_coordinator, a_plan, an_alert, looking, said, stage
from tests.makers import a_household, a_person, an_administrator, an_area

HOUR = timedelta(hours=1)
HTMX = {"HX-Request": "true"}


def typed(**more):
    """What a coordinator fills in."""
    usual = {
        "kind": "real",
        "level": "notice",
        "category": "water",
        "headline_0": "停水：3 号楼，约四小时",
        "body_0": "物业通知：主管爆裂。请先接好饮用水，下午六点恢复。",
        "headline_1": "No water: building 3, about four hours",
        "body_1": "The management says: a main burst. Please fill what you need. Back by 18:00.",
        "until_at": (now() + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M"),
        "roll_call": "1",
        "again": "5, 15",
        "others": "20",
        "knock": "30",
    }
    return {**usual, **more}


async def an_open_alert(**said):
    return await an_alert(now=now(), **said)


async def a_draft(by, **said):
    plan = a_plan(**{"until_at": now() + 4 * HOUR, **said})
    return await rules.draft(plan, by=by, now=now())


async def alert(id):
    return await Alert.objects().where(Alert.id == id).first()


async def test_E49_the_kind_is_chosen_first_and_alone(sign_in):
    browser = await sign_in(await a_coordinator())

    first = (await browser.get("/alerts/new?template=water")).text
    assert "Is it real?" in first and "<form" not in main(first)
    assert {"real", "exercise", "test"} == set(re.findall(r"/alerts/new\?kind=(\w+)&amp;template=water", first))

    second = (await browser.get("/alerts/new?kind=exercise")).text
    assert 'EXERCISE</span> <span lang="zh-Hans">演练' in second
    assert set(re.findall(r"kind=exercise&(?:amp;)?template=(\w+)", second)) == set(Category)

    form = (await browser.get("/alerts/new?kind=exercise&template=water")).text
    assert "EXERCISE" in form and 'name="kind" value="exercise"' in form
    assert "<title>EXERCISE · " in form


def main(html):
    """Without the terms that somebody new is asked to agree to."""
    whole = html[html.index("<main") : html.index("</main>")]
    return re.sub(r'<section class="note agree".*?</section>', "", whole, flags=re.DOTALL)


async def test_E5_a_template_brings_both_languages_and_is_refused_until_its_blanks_are_filled(sign_in):
    browser = await sign_in(await a_coordinator())
    form = (await browser.get("/alerts/new?kind=real&template=gas")).text
    assert "[meeting point]" in form and "[集合点]" in form
    assert re.search(r'value="critical" checked|value="critical"[^>]*checked', form)
    assert re.search(r'name="again"[^>]*value="3, 8"', form)

    sent = typed(category="gas", **filled_from(Category.gas))
    answer = await browser.post("/alerts/new", data=sent)
    assert answer.status_code == 422 and "There is still a blank to fill in: [" in answer.text
    assert "[集合点]" in answer.text
    assert await Alert.count() == 0


def filled_from(category):
    zh, en = (rules.template_words(category, tag) for tag in ("zh-Hans", "en"))
    return {"headline_0": zh[0], "body_0": zh[1], "headline_1": en[0], "body_1": en[1]}


async def test_E1_E5_what_is_wrong_comes_back_whole_with_the_reason_beside_it(sign_in):
    browser = await sign_in(await a_coordinator())
    answer = await browser.post("/alerts/new", data=typed(headline_1="x" * 161, until_at="soon"))
    assert answer.status_code == 422
    assert "A day and a time, please." in answer.text and "x" * 161 in answer.text

    answer = await browser.post("/alerts/new", data=typed(headline_1="x" * 161, body_0="", source="Bureau"))
    assert answer.status_code == 422
    for words in ("At most 160 characters. These are 161.", "everybody must understand it", "needs both"):
        assert words in answer.text
    answer = await browser.post("/alerts/new", data=typed(again="often"))
    assert answer.status_code == 422 and "Minutes, please" in answer.text


async def test_what_was_ticked_is_what_is_kept(sign_in):
    building = await an_area()
    entrance = await an_area(parent=building.id, kind="entrance")
    floor = await an_area(parent=entrance.id, kind="floor")
    browser = await sign_in(await a_coordinator())
    empty = (await browser.get("/alerts/new?kind=real&template=water")).text
    assert [f'name="areas" value="{each.id}">' in empty for each in (building, entrance, floor)] == [True] * 3
    assert "<details open" not in empty
    more = {"areas": [str(floor.id)], "roles": ["steward"], "skills": ["health"], "tongues": ["zh-Hans"], "needs": "1"}
    answer = await browser.post("/alerts/new", data=typed(**more, public="1", again="3，9"), follow_redirects=False)
    assert answer.status_code == 303

    plan = await rules.plan_of(await Alert.objects().first())
    assert plan.areas == (floor.id,)
    assert plan.whom == rules.Whom(("steward",), ("health",), ("zh-Hans",), needs=True)
    assert (plan.steps, plan.public, plan.texts, plan.roll_call) == (rules.Steps((3, 9), 20, 30), True, False, True)

    edit = (await browser.get(f"{answer.headers['location']}/edit")).text
    assert re.search(rf'name="areas" value="{floor.id}" checked', edit)
    assert edit.count("<details open>") == 2, "what lies deep is in sight when it is chosen"
    assert re.search(r'name="again"[^>]*value="3, 9"', edit)


async def test_E49_an_exercise_sends_no_texts_unless_somebody_chooses_so(sign_in):
    browser = await sign_in(await a_coordinator())
    for kind, ticked in (("exercise", False), ("test", False), ("real", True)):
        form = (await browser.get(f"/alerts/new?kind={kind}&template=water")).text
        assert bool(re.search(r'name="texts"[^>]*checked', form)) == ticked
        assert bool(re.search(r'name="roll_call"[^>]*checked', form)) == (kind != "test")


async def test_E12_the_composer_says_what_is_missing_in_the_order_of_a_good_text(sign_in):
    browser = await sign_in(await a_coordinator())
    poor = typed(headline_1="Water", body_1="Sorry", headline_0="停水", body_0="抱歉")
    answer = (await browser.post("/alerts/preview", data=poor, headers=HTMX)).text
    assert "<html" not in answer and 'id="preview"' in answer
    assert answer.count("who says so, where, what to do, until when") == 2

    good = (await browser.post("/alerts/preview", data=typed(), headers=HTMX)).text
    assert "We do not find" not in good
    at = [good.index(words) for words in ("No water", "The whole community", "Please fill", "until ")]
    assert at == sorted(at)
    relayed = typed(source="市气象台", source_url="https://weather.example.org/1")
    assert "Passed on from 市气象台" in (await browser.post("/alerts/preview", data=relayed, headers=HTMX)).text
    assert await Alert.count() == 0


async def test_E4_the_review_shows_both_texts_and_the_exact_count_before_the_button(sign_in):
    building = await an_area()
    home = await a_household(area=building)
    await a_person(home=home, email="a@example.org")
    await a_person(home=home)
    await a_person(home=await a_household(area=building))
    by = await a_coordinator()
    draft = await a_draft(by, areas=(building.id,), level=Level.urgent)
    page = main((await (await sign_in(by)).get(f"/alerts/{draft}")).text)

    assert "停水：全小区，约四小时" in page and "No water, about four hours" in page
    assert re.search(r"<b>2</b> households.*<b>3</b> people", page, re.DOTALL)
    assert figures(page) == ["0", "0", "3"]
    assert "On the lock screen: No water, about four hours" in page


def figures(page):
    return re.findall(r"<dt>[^<]*</dt><dd>(\d+)</dd>", page)


async def test_E3_the_word_to_type_differs_and_what_is_typed_wrong_is_said_beside_it(sign_in):
    by = await a_coordinator()
    real = await a_draft(by, level=Level.notice)
    exercise = await a_draft(by, level=Level.notice, kind=Kind.exercise)
    browser = await sign_in(by)
    assert "Type “real”" in (await browser.get(f"/alerts/{real}")).text
    assert "Type “exercise”" in (await browser.get(f"/alerts/{exercise}")).text

    answer = await browser.post(f"/alerts/{real}/sending", data={"typed": "exercise"})
    assert answer.status_code == 422 and "Please type the word" in answer.text
    answer = await browser.post(f"/alerts/{real}/sending", data={"typed": "real"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/alerts/{real}")
    assert await stage(real) == Stage.active
    answer = await browser.post(f"/alerts/{real}/sending", data={"typed": "real"})
    assert answer.status_code == 409


async def test_E7_the_same_form_twice_is_one_alert(sign_in):
    browser = await sign_in(await a_coordinator())
    form = (await browser.get("/alerts/new?kind=real&template=other")).text
    deed = re.findall(r'name="_deed" value="([^"]+)"', main(form))[0]
    twice = [await browser.post("/alerts/new", data=typed(_deed=deed), follow_redirects=False) for _ in range(2)]
    assert twice[0].headers["location"] == twice[1].headers["location"]
    assert await Alert.count() == 1


async def test_E3_a_stale_proof_leads_over_the_proof_and_back_and_the_draft_stays(sign_in):
    by = await a_coordinator()
    draft = await a_draft(by, level=Level.notice)
    browser = await sign_in(by)
    await SignIn.update({SignIn.began_at: now() - HOUR, SignIn.proved_at: None}).where(SignIn.person == by.id)

    page = main((await browser.get(f"/alerts/{draft}")).text)
    assert f'href="/account/proof?next=/alerts/{draft}"' in page and "Send alert" not in page
    answer = await browser.post(f"/alerts/{draft}/sending", data={"typed": "real"})
    assert answer.status_code == 403 and f"/account/proof?next=/alerts/{draft}" in answer.text
    assert await stage(draft) == Stage.draft


async def test_a_password_alone_is_told_what_it_lacks_before_it_types(sign_in):
    by = await a_coordinator()
    draft = await a_draft(by, level=Level.urgent)
    browser = await sign_in(by)
    await SignIn.update({SignIn.second_at: None}).where(SignIn.person == by.id)
    page = main((await browser.get(f"/alerts/{draft}")).text)
    assert f'href="/account/proof?next=/alerts/{draft}"' in page
    assert "This needs your second factor." in page and "Send alert" not in page


async def waiting(author, **more):
    draft = await a_draft(author, level=Level.critical, **more)
    await rules.send(draft, WORDS[Kind.real], by=looking(author, now()), now=now())
    return draft


async def test_E2_the_second_person_sees_the_time_left_and_approves_with_the_word(sign_in):
    ana, ben = await a_coordinator(name="Ana"), await a_coordinator(name="Ben")
    draft = await waiting(ana)
    browser = await sign_in(ben)
    page = main((await browser.get(f"/alerts/{draft}")).text)
    assert "Ana asks you to approve it." in page and "data-left=" in page
    assert "Refuse" in page and "Type “real”" in page

    assert (await browser.post(f"/alerts/{draft}/approval", data={"typed": "yes"})).status_code == 422
    await browser.post(f"/alerts/{draft}/approval", data={"typed": "real"})
    assert await stage(draft) == Stage.active
    assert (await alert(draft)).approved_by == ben.id
    assert "Approved by Ben" in (await browser.get(f"/alerts/{draft}")).text


async def test_E2_refused_it_is_a_draft_again(sign_in):
    ana, ben = await a_coordinator(), await a_coordinator(name="Ben")
    draft = await waiting(ana)
    await (await sign_in(ben)).post(f"/alerts/{draft}/refusal")
    assert await stage(draft) == Stage.draft


async def test_E2_its_author_breaks_the_glass_only_after_showing_once_more_who_they_are(sign_in):
    ana, ben = await a_coordinator(name="Ana"), await a_coordinator()
    browser = await sign_in(ana)
    draft = await waiting(ana)
    page = main((await browser.get(f"/alerts/{draft}")).text)
    assert "Nobody answers, and it cannot wait" in page and 'name="typed"' not in page
    assert (await browser.post(f"/alerts/{draft}/sending-alone", data={"typed": "real"})).status_code == 403

    browser = await sign_in(ana)
    assert 'name="typed"' in main((await browser.get(f"/alerts/{draft}")).text)
    await browser.post(f"/alerts/{draft}/sending-alone", data={"typed": "real"})
    assert await stage(draft) == Stage.active and (await alert(draft)).alone
    assert await Notice.exists().where(Notice.person == ben.id)
    assert "Sent without a second person" in (await browser.get(f"/alerts/{draft}")).text


async def test_readers_see_kind_level_what_where_what_to_do_until_when_and_everything_said(sign_in):
    building = await an_area(name="3")
    ana = await a_person(home=await a_household(area=building))
    by = await a_coordinator(name="Lin")
    source = {"source": "City weather office", "source_url": "https://weather.example.org/1"}
    id = await an_open_alert(by=by, areas=(building.id,), kind=Kind.exercise, **source)
    words = {"zh-Hans": "停水到八点", "en": "No water until eight"}
    await rules.update(id, words, words, type=Type.correction, by=by, now=now())

    page = main((await (await sign_in(ana)).get(f"/alerts/{id}")).text)
    for words in ("EXERCISE", "演练", "Urgent", "No water until eight", "until ", "Correction", "Lin"):
        assert words in page
    assert 'href="https://weather.example.org/1"' in page and "Passed on from City weather office" in page
    assert "3" in re.findall(r'class="where".*?</p>', page, re.DOTALL)[0]
    assert "No water, about four hours" in page, "what was said first stays to be read"
    assert "For coordinators" not in page and "all-clear" not in page


@pytest.mark.parametrize("state", [State.suspended, State.leaving])
async def test_who_is_suspended_or_leaving_reads_what_was_told_to_them(sign_in, state):
    home = await a_household()
    ana = await a_person(home=home, state=state)
    id = await an_open_alert(areas=(home.area,))
    other = await an_open_alert(areas=((await a_household()).area,))

    browser = await sign_in(ana)
    assert (await browser.get(f"/alerts/{id}")).status_code == 200
    assert f'href="/alerts/{id}"' in (await browser.get("/alerts")).text
    assert (await browser.get(f"/alerts/{other}")).status_code == 404


async def test_no_draft_is_seen_by_anybody_who_does_not_lead(sign_in):
    home = await a_household()
    draft = await a_draft(await a_coordinator(), headlines={"zh-Hans": "机密停水", "en": "Secret leak"})
    for person in (
        await a_person(home=home),
        await a_person(role=Role.steward, area=await an_area()),
        await a_person(role=Role.space_manager),
    ):
        browser = await sign_in(person)
        for path in (f"/alerts/{draft}", "/alerts", "/"):
            answer = await browser.get(path)
            assert "Secret leak" not in answer.text and "机密停水" not in answer.text
        assert (await browser.get(f"/alerts/{draft}")).status_code == 404
        assert (await browser.get(f"/alerts/{draft}/edit")).status_code in (403, 404)


async def test_active_first_then_drafts_then_what_is_over(sign_in):
    by = await a_coordinator()
    home = await a_household()
    ended = await an_open_alert(by=by, kind=Kind.exercise, areas=(home.area,))
    await rules.all_clear(ended, by=by, now=now())
    draft = await a_draft(by)
    active = await an_open_alert(by=by, areas=(home.area,))

    page = main((await (await sign_in(by)).get("/alerts")).text)
    order = [int(id) for id in re.findall(r'href="/alerts/(\d+)"', page)]
    assert order == [active, draft, ended]
    assert "Declare an emergency" in page
    rows = re.findall(r'<a class="row alert-row (\w+)".*?</a>', page, re.DOTALL)
    assert rows == ["real", "real", "exercise"]

    resident = main((await (await sign_in(await a_person(home=home))).get("/alerts")).text)
    assert re.findall(r'href="/alerts/(\d+)"', resident) == [], "moved in afterwards: nothing was told to them"
    assert "Nothing has happened" in resident and "Declare an emergency" not in resident


async def test_E50_a_false_alarm_is_one_press_and_a_yes(sign_in):
    by = await a_coordinator()
    id = await an_open_alert(by=by)
    browser = await sign_in(by)
    page = main((await browser.get(f"/alerts/{id}")).text)
    assert re.search(rf'action="/alerts/{id}/false-alarm"[^>]*data-confirm=', page)

    answer = await browser.post(f"/alerts/{id}/false-alarm")
    assert await said(id) == [Type.alert, Type.false_alarm]
    assert "False alarm" in answer.text and "That was a false alarm" in answer.text
    assert "For coordinators" not in answer.text


async def test_update_correction_and_all_clear_are_forms_that_keep_what_was_typed(sign_in):
    by = await a_coordinator()
    id = await an_open_alert(by=by)
    browser = await sign_in(by)
    words = {"headline_0": "停水到八点", "body_0": "请再等等", "headline_1": "Until eight", "body_1": "Please wait"}

    wrong = await browser.post(f"/alerts/{id}/update", data={**words, "headline_1": ""})
    assert wrong.status_code == 422 and "停水到八点" in wrong.text
    wrong = await browser.post(f"/alerts/{id}/all-clear", data={**words, "body_1": "x" * 361})
    assert wrong.status_code == 422 and "x" * 361 in wrong.text
    assert await said(id) == [Type.alert]

    until = (now() + timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M")
    await browser.post(f"/alerts/{id}/update", data={**words, "until_at": until})
    await browser.post(f"/alerts/{id}/correction", data=words)
    await browser.post(f"/alerts/{id}/all-clear", data={**words, "headline_1": "It is over, thank you"})
    assert await said(id) == [Type.alert, Type.update, Type.correction, Type.all_clear]
    assert (await browser.post(f"/alerts/{id}/all-clear")).status_code == 409
    page = (await browser.get(f"/alerts/{id}")).text
    assert "It is over, thank you" in page and "All clear" in page


async def test_E51_pressed_alone_the_all_clear_has_words(sign_in):
    by = await a_coordinator()
    id = await an_open_alert(by=by)
    answer = await (await sign_in(by)).post(f"/alerts/{id}/all-clear")
    assert "It is over. You are safe." in answer.text


async def test_an_administrator_reads_everything_and_does_not_speak(sign_in):
    by, admin = await a_coordinator(), await an_administrator()
    id, draft = await an_open_alert(by=by), await a_draft(by)
    browser = await sign_in(admin)
    assert "For coordinators" not in (await browser.get(f"/alerts/{id}")).text
    assert "Send alert" not in (await browser.get(f"/alerts/{draft}")).text
    assert (await browser.post(f"/alerts/{id}/all-clear")).status_code == 403


async def test_drafts_and_approvals_wait_on_home_for_coordinators(sign_in):
    ana, ben = await a_coordinator(), await a_coordinator()
    await a_draft(ana, headlines={"zh-Hans": "演习草稿", "en": "A lift stands still"}, kind=Kind.exercise)
    await waiting(ana)

    home = (await (await sign_in(ben)).get("/")).text
    assert "EXERCISE · A lift stands still" in home and "A critical alert waits for a second person" in home
    resident = (await (await sign_in(await a_person())).get("/")).text
    assert "A lift stands still" not in resident and 'href="/alerts"' in resident


async def test_a_draft_that_is_dropped_is_gone_from_every_list(sign_in):
    by = await a_coordinator()
    draft = await a_draft(by)
    browser = await sign_in(by)
    page = (await browser.post(f"/alerts/{draft}/removal")).text
    assert f"/alerts/{draft}" not in main(page)
    assert (await browser.get(f"/alerts/{draft}/edit")).status_code == 409


async def test_a_draft_is_changed_and_its_kind_is_not(sign_in):
    by = await a_coordinator()
    draft = await a_draft(by)
    browser = await sign_in(by)
    answer = await browser.post(f"/alerts/{draft}/edit", data=typed(), follow_redirects=False)
    assert answer.status_code == 303
    assert (await rules.plan_of(await alert(draft))).headlines["en"] == "No water: building 3, about four hours"
    answer = await browser.post(f"/alerts/{draft}/edit", data=typed(kind="exercise"))
    assert answer.status_code == 422 and (await alert(draft)).kind == Kind.real


async def test_htmx_gets_the_alert_alone(sign_in):
    home = await a_household()
    ana = await a_person(home=home)
    id = await an_open_alert(areas=(home.area,))
    browser = await sign_in(ana)
    block = (await browser.get(f"/alerts/{id}", headers={**HTMX, "HX-Target": "section#alert"})).text
    assert block.lstrip().startswith('<section id="alert"') and "<html" not in block
    block = (await browser.get(f"/alerts/{id}", headers={**HTMX, "HX-Target": "section#review"})).text
    assert block.lstrip().startswith('<div id="review"') and "<html" not in block
    block = (await browser.get("/alerts", headers={**HTMX, "HX-Target": "div#alerts"})).text
    assert block.lstrip().startswith('<div id="alerts"') and f'href="/alerts/{id}"' in block


@pytest.mark.parametrize(("path", "most"), [("/alerts", 2), ("/alerts/{id}", 9), ("/alerts/{draft}", 9)])
async def test_a_page_asks_little_of_the_database(sign_in, queries, path, most):
    """Whoever looks and the community's languages are two of them."""
    building = await an_area()
    by = await a_coordinator()
    ids = {"id": await an_open_alert(by=by, areas=(building.id,)), "draft": await a_draft(by, areas=(building.id,))}
    browser = await sign_in(by)
    await browser.get(path.format(**ids))
    queries.clear()
    await browser.get(path.format(**ids))
    assert len(queries) <= most
