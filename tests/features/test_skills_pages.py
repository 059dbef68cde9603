"""The pages of neighbours, skills and asks."""

import re

import pytest

from app.features.skills import rules
from app.features.skills.rules.offering import Offer
from app.features.skills.tables import Ask, Category, Offered, Skill, Thanks
from app.kit.clock import now
from tests.makers import a_household, a_login, a_person, an_area

PEOPLE = {"HX-Request": "true", "HX-Target": "section#people"}
STEPS = {"HX-Request": "true", "HX-Target": "section#steps"}


async def a_skill(words: str = "Carpentry", *, by, **said) -> int:
    return await rules.offer(Offer(words, **said), by=by, now=now())


async def an_ask(**people):
    ana = people.get("asker") or await a_person(name="Ana", phone="+8613830166131")
    ben = people.get("helper") or await a_person(name="Ben", phone="+8613308246281")
    ask = await rules.ask(await a_skill(by=ben), rules.Request("My shelf is loose"), by=ana, now=now())
    return ask, ana, ben


async def test_the_directory_is_a_page_and_htmx_gets_the_people_only(sign_in):
    await a_skill(by=await a_person(name="Ben Builder"), category=Category.repairs, emergency=True)
    phone = await sign_in(await a_person())

    page = await phone.get("/neighbours?q=carpentry")
    part = await phone.get("/neighbours?q=carpentry&category=&area=", headers=PEOPLE)

    assert "<html" in page.text
    assert "Ben Builder" in page.text
    assert part.text.lstrip().startswith('<section id="people"')
    assert "Helps in an emergency" in part.text
    assert part.headers["hx-push-url"] == "/neighbours?q=carpentry"


@pytest.mark.parametrize(
    "query",
    [
        "category=nonsense",
        "area=x",
        "area=99999999999999999999",
        "page=-3",
        "page=x",
        "emergency=maybe",
        "q=%00",
        "page=99999",
    ],
)
async def test_an_address_that_somebody_edited_is_read_kindly(sign_in, query):
    phone = await sign_in(await a_person())
    assert (await phone.get(f"/neighbours?{query}")).status_code == 200


async def test_nobody_found_leads_to_asking_everybody_with_the_words_kept(sign_in):
    phone = await sign_in(await a_person())
    page = await phone.get("/neighbours?q=修水管")
    link = re.search(r'href="(/asks/new\?q=[^"]+)"', page.text)[1]
    assert "\n修水管</textarea>" in (await phone.get(link)).text


async def test_filters_stay_chosen_and_pages_keep_them(sign_in):
    home = await a_household(area=await an_area(name="3"))
    await an_area(name="4")
    for _ in range(21):
        await a_skill(by=await a_person(home=home), category=Category.repairs, emergency=True)
    phone = await sign_in(await a_person())
    page = await phone.get(f"/neighbours?category=repairs&area={home.area}&emergency=1")
    assert re.search(r'value="repairs" checked', page.text)
    assert f"?category=repairs&amp;area={home.area}&amp;emergency=1&amp;page=2" in page.text


async def test_a_skill_is_offered_edited_paused_withdrawn_and_taken_back(sign_in):
    ana = await a_person(name="Ana")
    phone = await sign_in(ana)

    said = {"words": "护士", "times": "weekends", "reach": "building", "emergency": "1"}
    made = await phone.post("/skills/new", data=said, follow_redirects=False)
    path = made.headers["location"]
    skill = await Skill.objects().first()
    assert (skill.words, skill.category, skill.lang, skill.emergency) == ("护士", "health", "zh-Hans", True)
    assert "护士" in (await phone.get(path)).text

    assert 'value="护士"' in (await phone.get(f"{path}/edit")).text
    await phone.post(f"{path}/edit", data={"words": "Nurse", "category": "health", "reach": "remote"})
    assert "Nurse" in (await phone.get(f"/neighbours/{ana.id}")).text

    gone = await phone.post(f"{path}/withdrawal")
    assert "Withdrawn." in gone.text
    undo = re.search(rf'action="({path}/\w+)"><input type="hidden" name="_deed"', gone.text)[1]
    assert "Nurse" in (await phone.post(undo)).text
    assert (await Skill.objects().first()).state == Offered.offered


async def test_mistakes_are_said_beside_their_fields_and_what_was_typed_is_kept(sign_in):
    phone = await sign_in(await a_person())
    answer = await phone.post(
        "/skills/new", data={"words": "", "details": "I bring my own drill", "category": "nonsense"}
    )
    assert answer.status_code == 422
    assert 'id="f-words-wrong"' in answer.text
    assert 'id="f-category-wrong"' in answer.text
    assert "I bring my own drill" in answer.text


async def test_from_asking_to_thanks_without_javascript(sign_in):
    ana, ben = await a_person(name="Ana", phone="+8613830166131"), await a_person(name="Ben", phone="+8613308246281")
    skill = await a_skill(by=ben)

    phone = await sign_in(ana)
    assert "Ask for this skill" in (await phone.get(f"/neighbours/{ben.id}")).text
    assert "Ask for this skill" in (await phone.get(f"/skills/{skill}")).text
    asked = await phone.post(f"/skills/{skill}/ask", data={"words": "My shelf is loose", "times": "evenings"})
    path = asked.url.path
    assert "My shelf is loose" in asked.text
    assert "13308246281" not in asked.text

    phone = await sign_in(ben)
    assert path in (await phone.get("/asks")).text
    accepted = await phone.post(f"{path}/acceptance")
    assert "tel:+8613830166131" in accepted.text
    assert "tel:+8613830166131" in (await phone.get(f"/neighbours/{ana.id}")).text

    phone = await sign_in(ana)
    assert "tel:+8613308246281" in (await phone.get(path)).text
    await phone.post(f"{path}/completion")
    empty = await phone.post(f"{path}/thanks", data={"thanks": " "})
    assert (empty.status_code, await Thanks.count()) == (422, 0)
    assert "It stands again!" in (await phone.post(f"{path}/thanks", data={"thanks": "It stands again!"})).text

    phone = await sign_in(await a_person())
    page = await phone.get(f"/neighbours/{ben.id}")
    assert "It stands again!" in page.text
    assert "13308246281" not in page.text


async def test_who_answers_has_read_what_was_told_about_it(sign_in):
    ask, _, ben = await an_ask()
    await an_ask(helper=ben)
    phone = await sign_in(ben)
    assert 'data-unread="2"' in (await phone.get(f"/asks/{ask}")).text
    assert 'data-unread="1"' in (await phone.post(f"/asks/{ask}/acceptance")).text


async def test_the_helper_can_look_who_asks_and_those_who_were_called_see_only_the_name(sign_in):
    ask, ana, ben = await an_ask()
    phone = await sign_in(ben)
    assert f'href="/neighbours/{ana.id}"' in (await phone.get(f"/asks/{ask}")).text
    assert (await phone.get(f"/neighbours/{ana.id}")).status_code == 200
    to_all, _ = await rules.ask_anybody(rules.Request("Who can fix a tap?"), by=await a_person(name="Cat"), now=now())
    page = (await phone.get(f"/asks/{to_all}")).text
    assert "Cat" in page and 'class="row" href="/neighbours/' not in page


async def test_whoever_asks_hears_that_the_other_does_not_sign_in_yet(sign_in):
    ben = await a_person(name="Ben")
    path = f"/skills/{await a_skill(by=ben)}/ask"
    phone = await sign_in(await a_person())
    assert "Ben does not use this app yet" in (await phone.get(path)).text
    await a_login(ben)
    assert "does not use this app yet" not in (await phone.get(path)).text


async def test_htmx_gets_the_steps_only(sign_in):
    ask, _, ben = await an_ask()
    answer = await (await sign_in(ben)).post(f"/asks/{ask}/acceptance", headers=STEPS)
    assert answer.text.lstrip().startswith('<section id="steps"')
    assert "Agreed. Here is how to reach each other." in answer.text


async def test_another_time_is_proposed_and_refused_empty(sign_in):
    ask, ana, ben = await an_ask()
    phone = await sign_in(ben)
    assert (await phone.post(f"/asks/{ask}/proposal", data={"when": ""})).status_code == 422
    assert "Saturday at ten" in (await phone.post(f"/asks/{ask}/proposal", data={"when": "Saturday at ten"})).text
    phone = await sign_in(ana)
    agreed = (await phone.post(f"/asks/{ask}/acceptance")).text
    assert "Agreed time" in agreed and "Saturday at ten" in agreed and "Proposed time" not in agreed
    home = (await phone.get("/")).text
    assert "Saturday at ten" in home and "Agreed" in home


async def test_a_time_that_one_helper_proposed_is_not_the_next_ones():
    ana, ben = await a_person(), await a_person()
    ask, _ = await rules.ask_anybody(rules.Request("Who can fix a tap?"), by=ana, now=now())
    await rules.accept(ask, by=ben, now=now())
    await Ask.update({Ask.proposed: "Saturday at ten", Ask.proposed_by: ben.id}).where(Ask.id == ask)
    await rules.decline(ask, by=ben, now=now())
    assert await Ask.select(Ask.stage, Ask.proposed).where(Ask.id == ask) == [{"stage": "open", "proposed": ""}]


async def test_home_asks_for_the_answer_that_somebody_waits_for(sign_in):
    _, _, ben = await an_ask()
    assert '<span class="chip soon">Answer</span>' in (await (await sign_in(ben)).get("/")).text


async def test_whoever_comes_second_reads_what_happened_and_where_to_go_on(sign_in):
    ana, ben, cat = await a_person(), await a_person(), await a_person()
    ask, _ = await rules.ask_anybody(rules.Request("Who can fix a tap?"), by=ana, now=now())
    await rules.accept(ask, by=ben, now=now())
    phone = await sign_in(cat)
    answer = await phone.post(f"/asks/{ask}/acceptance")
    assert answer.status_code == 409
    assert "a moment faster" in answer.text
    assert "A neighbour is on it already" in (await phone.get(f"/asks/{ask}")).text


async def test_who_can_is_asked_on_a_page(sign_in):
    ben = await a_person(name="Ben")
    await a_skill("Plumbing, dripping taps", by=ben, category=Category.repairs)
    phone = await sign_in(await a_person(name="Ana"))
    answer = await phone.post("/asks/new", data={"words": "Who can fix my dripping tap?"})
    assert "One neighbour was asked." in answer.text
    phone = await sign_in(ben)
    assert "Who can fix my dripping tap?" in (await phone.get("/")).text
    assert "They have been told" in (await phone.post(f"{answer.url.path}/refusal")).text
    assert "dripping tap" not in (await phone.get("/asks")).text


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_every_page_speaks_both_languages_and_counts_its_queries(sign_in, queries, language):
    home = await a_household()
    ana = await a_person(name="Ana", language=language, home=home, phone="+8613830166131")
    ask, ana, ben = await an_ask(asker=ana)
    await rules.accept(ask, by=ben, now=now())
    skill = (await Ask.select(Ask.skill).where(Ask.id == ask).first())["skill"]
    phone = await sign_in(ana)
    most = {
        "/neighbours": 5,
        "/neighbours?q=carpentry": 3,
        f"/neighbours/{ben.id}": 12,
        "/skills/new": 1,
        f"/skills/{skill}": 2,
        f"/skills/{skill}/ask": 3,
        "/asks": 5,
        "/asks/new": 2,
        f"/asks/{ask}": 9,
    }
    for path, number in most.items():
        queries.clear()
        page = await phone.get(path)
        assert (path, page.status_code) == (path, 200)
        assert len(queries) <= number, (path, len(queries))
        assert f'<html lang="{language}"' in page.text
        assert page.text.count("<h1") == 1
