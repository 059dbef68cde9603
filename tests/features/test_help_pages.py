"""Needs as people see and send them."""

import re

from app.features.help.rules import Asking, ask_for_help, take
from app.features.help.tables import Need, Stage, Taking, What
from app.features.notices.tables import Urgency
from app.features.people.tables import Kind
from app.kit.clock import now
from tests.canary import a_photo
from tests.makers import a_household, a_person

HTMX = {"HX-Request": "true", "HX-Target": "section#need"}


async def a_need(**said):
    ana = await a_person(name="Ana", home=await a_household(address="3-2-501"), phone="+8613800138000")
    asking = Asking(**{"kind": What.groceries, "words": "Rice and eggs", "details": "Ring twice", **said})
    return await ask_for_help(asking, by=ana, now=now()), ana


def typed(words, answer):
    return re.search(rf"<textarea[^>]*>\s*{words}</textarea>", answer.text)


async def test_asking_leads_to_the_need(sign_in):
    ana = await a_person(home=await a_household())
    browser = await sign_in(ana)
    said = {"kind": "groceries", "words": "Rice", "sum": "12,5", "for_whom": "household", "two": "1"}
    answer = await browser.post("/help/new", data=said, follow_redirects=False)
    assert answer.status_code == 303 and re.fullmatch(r"/help/\d+", answer.headers["location"])
    need = await Need.objects().first()
    assert (need.sum_cents, need.whole_household, need.helpers, need.person) == (1250, True, 2, ana.id)


async def test_a_form_that_is_wrong_keeps_what_was_typed_and_says_what_is_wrong_beside_it(sign_in):
    browser = await sign_in(await a_person())
    answer = await browser.post("/help/new", data={"words": "Rice", "sum": "much", "kind": "groceries"})
    assert answer.status_code == 422
    assert typed("Rice", answer) and "A sum of money, please" in answer.text
    answer = await browser.post("/help/new", data={"words": "Rice"})
    assert answer.status_code == 422 and "Please fill this in." in answer.text


async def test_the_same_again_shows_what_stands_and_asks_whether_it_is_another(sign_in):
    need, ana = await a_need()
    browser = await sign_in(ana)
    said = {"kind": "groceries", "words": "Milk"}
    answer = await browser.post("/help/new", data=said)
    assert answer.status_code == 409 and f'href="/help/{need}"' in answer.text and typed("Milk", answer)
    answer = await browser.post("/help/new", data=said | {"twin": "another"}, follow_redirects=False)
    assert answer.status_code == 303 and await Need.count() == 2


async def test_taking_shows_phone_and_door_and_can_be_undone(sign_in):
    need, _ = await a_need()
    browser = await sign_in(await a_person())
    before = (await browser.get(f"/help/{need}")).text
    assert "I take it" in before and "3-2-501" not in before and "Ring twice" not in before
    answer = await browser.post(f"/help/{need}/taking", data={"hours": "3"})
    assert answer.status_code == 200 and "3-2-501" in answer.text and "Ring twice" in answer.text
    assert f'action="/help/{need}/return"' in answer.text
    await browser.post(f"/help/{need}/return")
    assert "3-2-501" not in (await browser.get(f"/help/{need}")).text


async def test_whoever_comes_second_gets_a_page_that_says_so_and_leads_on(sign_in):
    need, _ = await a_need()
    await take(need, by=await a_person(name="Quick"), now=now())
    browser = await sign_in(await a_person())
    answer = await browser.post(f"/help/{need}/taking")
    assert answer.status_code == 409
    assert "Quick was a moment faster" in answer.text and 'href="/help?show=can"' in answer.text


async def test_htmx_gets_the_block_and_others_the_page(sign_in):
    need, _ = await a_need()
    browser = await sign_in(await a_person())
    block = (await browser.get(f"/help/{need}", headers=HTMX)).text
    assert block.lstrip().startswith('<section id="need"') and "<html" not in block
    board = (await browser.get("/help?show=can", headers={"HX-Request": "true", "HX-Target": "div#needs"})).text
    assert board.lstrip().startswith('<div id="needs"') and "Rice and eggs" in board


async def test_the_list_on_paper_names_no_door_and_no_phone(sign_in):
    await a_need(urgency=Urgency.urgent)
    page = (await (await sign_in(await a_person())).get("/help/print")).text
    assert "Rice and eggs" in page and "Urgent !" in page
    assert "3-2-501" not in page and "138" not in page and "Ring twice" not in page


async def test_a_picture_is_added_with_words_and_shown(sign_in):
    need, ana = await a_need()
    browser = await sign_in(ana)
    files = {"photo": ("shelf.png", a_photo(), "image/png")}
    answer = await browser.post(f"/help/{need}/photo", data={"photo_words": "The shelf"}, files=files)
    assert answer.status_code == 200 and 'alt="The shelf"' in answer.text
    token = (await Need.select(Need.photo).first())["photo"]
    assert (await (await sign_in(await a_person())).get(f"/media/{token}")).status_code == 200
    answer = await (await sign_in(ana)).post(f"/help/{need}/photo", data={"photo_words": "x"}, files={"photo": b"no"})
    assert answer.status_code == 422


async def test_a_receipt_above_the_agreed_sum_is_refused_beside_its_field(sign_in):
    need, _ = await a_need(sum_cents=2000)
    ben = await a_person()
    browser = await sign_in(ben)
    await browser.post(f"/help/{need}/taking")
    await browser.post(f"/help/{need}/way")
    files = {"photo": ("receipt.png", a_photo(), "image/png")}
    answer = await browser.post(f"/help/{need}/receipt", data={"spent": "20.01"}, files=files)
    assert answer.status_code == 422 and "More than was agreed" in answer.text
    answer = await browser.post(f"/help/{need}/receipt", data={"spent": "19.99"}, files=files)
    assert answer.status_code == 200 and "19.99" in answer.text


async def test_a_stranger_asks_by_the_form_and_follows_it_by_the_code(browser, sign_in):
    boss = await a_person(role=Kind.administrator)
    said = {"kind": "medicine", "words": "Tablets for my mother", "name": "Mei", "phone": "138 0013 8000", "door": "5"}
    refused = await browser.post("/help/ask", data=said)
    assert refused.status_code == 422 and "Without this we may not keep" in refused.text
    shown = await browser.post("/help/ask", data=said | {"agrees": "1"})
    code = re.search(r'class="code" lang="en">([^<]+)<', shown.text)[1]
    assert "Waits for an officer" in shown.text

    typed = await browser.get("/help/by", params={"code": code})
    assert typed.status_code == 200 and "Tablets for my mother" in typed.text
    path = typed.url.path
    need = (await Need.select(Need.id).first())["id"]
    await (await sign_in(boss)).post(f"/help/{need}/admission")
    assert await Need.exists().where(Need.stage == Stage.open)
    browser.cookies.clear()
    for _ in range(2):
        assert (await browser.get(path)).status_code == 200
    assert await Need.exists().where(Need.stage == Stage.open), "looking does nothing"
    ended = await browser.post(f"{path}/withdrawal")
    assert "No longer needed" in ended.text and await Need.exists().where(Need.stage == Stage.withdrawn)


async def test_limits_are_set_and_shown_again(sign_in):
    browser = await sign_in(await a_person())
    await browser.post("/help/limits", data={"most": "1", "kinds": ["pet"], "from_hour": "8", "to_hour": "20"})
    page = (await browser.get("/help/limits")).text
    assert 'value="pet" id' not in page and re.search(r'value="pet"[^>]* checked', page)
    assert not re.search(r'value="groceries"[^>]* checked', page)
    assert (await browser.post("/help/limits", data={"most": "44"})).status_code == 422


async def test_a_need_can_be_reported_calmly(sign_in):
    need, _ = await a_need()
    browser = await sign_in(await a_person())
    link = re.search(r'href="(/reports/new\?about=need:\d+)"', (await browser.get(f"/help/{need}")).text)[1]
    page = await browser.get(link)
    assert page.status_code == 200 and "Rice and eggs" in page.text and "Ring twice" not in page.text


async def test_home_says_what_waits_and_what_one_could_do(sign_in):
    need, ana = await a_need()
    ben = await a_person(name="Ben")
    assert "Rice and eggs" in (await (await sign_in(ben)).get("/")).text
    await take(need, by=ben, now=now())
    assert "You help: Rice and eggs" in (await (await sign_in(ben)).get("/")).text
    assert "Ben has taken it" in (await (await sign_in(ana)).get("/")).text
    assert await Taking.count() == 1


async def test_words_that_are_missing_are_asked_for_beside_their_field(sign_in):
    need, _ = await a_need()
    browser = await sign_in(await a_person())
    answer = await browser.post(f"/help/{need}/words", data={"said": " "})
    assert answer.status_code == 422 and 'id="f-said-wrong"' in answer.text
