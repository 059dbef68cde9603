"""Handing over, renewing and bringing back, as people do it on their phones, without JavaScript."""

import json
import re
from datetime import timedelta

import pytest

from app.features.people.rules import neighbour
from app.features.sharing import rules
from app.features.sharing.rules import Back
from app.features.sharing.rules.lent import lent
from app.features.sharing.tables import Condition, Loan, Stage
from app.features.skills.tables import Ask
from app.kit.clock import now
from app.kit.tables import Picture
from tests.kit.test_pictures import HTML, a_photo, uploads  # noqa: F401
from tests.sharing import DAY, a_gift, a_loan, a_neighbour, an_item, owner_of

PARTS = json.dumps(["Ladder", "Rope"])


def today():
    return now().date()


async def agreed(stage=Stage.accepted, **said):
    item = await an_item(parts=PARTS, about="Long enough for the lamp")
    usual = {"first": today() - DAY, "days": 5, "stage": stage, "now": now() - timedelta(hours=2)}
    if stage == Stage.out:
        usual |= {"parts_out": PARTS, "condition_out": Condition.good}
    loan = await a_loan(item, **{**usual, **said})
    return item, loan, await owner_of(item), await neighbour(loan.borrower)


async def test_a_handover_by_code_from_the_first_tick_to_the_last_digit(sign_in):
    _, loan, keeper, ana = await agreed()
    phone = await sign_in(keeper)
    page = (await phone.get(loan.path)).text
    assert f'href="{loan.path}/handover"' in page and "Hand it over" in page
    answer = await phone.post(f"{loan.path}/handover/list", data={"parts": ["Ladder"], "condition": "worn"})
    assert answer.status_code == 200 and "Kept: what goes along" in answer.text
    assert re.search(r'value="Rope"(?! checked)', answer.text) and 'value="Ladder" id="f-parts" checked' in answer.text

    answer = await phone.post(f"{loan.path}/handover/code")
    [code] = re.findall(r"<strong>(\d{3} \d{3})</strong>", answer.text)
    assert '<svg class="qr"' in answer.text and '<noscript><meta http-equiv="refresh"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert code in (await phone.get(f"{loan.path}/handover")).text, "it is still there when the page is looked at again"

    phone = await sign_in(ana)
    page = (await phone.get(f"{loan.path}/handover", params={"code": code.replace(" ", "")})).text
    assert code not in page and f'value="{code.replace(" ", "")}"' in page, (
        "a scanned code is filled in, and sent by a press"
    )
    assert (await lent(loan.id)).stage == Stage.accepted
    wrong = await phone.post(f"{loan.path}/handover", data={"code": "12"})
    assert wrong.status_code == 422 and "not the code" in wrong.text and 'value="12"' in wrong.text
    answer = await phone.post(f"{loan.path}/handover", data={"code": code})
    assert answer.url.path == loan.path and "It has changed hands." in answer.text and "Due on" in answer.text
    done = (await phone.get(f"{loan.path}/handover")).text
    assert "It has changed hands." in done and "refresh" not in done


async def test_the_code_goes_into_a_field_that_the_browser_does_not_keep(sign_in):
    _, loan, _, ana = await agreed()
    page = (await (await sign_in(ana)).get(f"{loan.path}/handover")).text
    [field] = re.findall(r'<input id="f-code"[^>]*>', page)
    assert "data-unkept" in field and 'autocomplete="one-time-code"' in field and 'inputmode="numeric"' in field


async def test_both_say_so_on_their_own_phones(sign_in):
    _, loan, keeper, ana = await agreed()
    answer = await (await sign_in(keeper)).post(f"{loan.path}/handover/word")
    assert "It counts as soon as the other side says so too." in answer.text
    phone = await sign_in(ana)
    assert "The other side says: I have given it." in (await phone.get(loan.path)).text
    answer = await phone.post(f"{loan.path}/handover/word")
    assert "It has changed hands." in answer.text and answer.url.path == loan.path


async def test_a_photo_of_how_it_looks_is_seen_by_the_two(sign_in, uploads):  # noqa: F811
    _, loan, keeper, ana = await agreed()
    phone = await sign_in(keeper)
    sent = {"files": {"photo": ("ladder.jpg", a_photo(), "image/jpeg")}, "data": {"photo_words": "No scratches"}}
    answer = await phone.post(f"{loan.path}/photos", **sent)
    assert answer.status_code == 200 and 'alt="No scratches"' in answer.text
    [at] = re.findall(r'src="(/media/[\w-]{43})"', answer.text)
    assert (await (await sign_in(ana)).get(at)).status_code == 200
    assert (await (await sign_in(await a_neighbour())).get(at)).status_code == 404

    phone = await sign_in(ana)
    sent["files"] = {"photo": ("ladder.jpg", HTML, "image/jpeg")}
    answer = await phone.post(f"{loan.path}/photos", **sent)
    assert answer.status_code == 422 and "no photo we can read" in answer.text and "No scratches" in answer.text
    assert await Picture.count() == 1


async def test_one_tap_renews_and_eight_seconds_undo_it(sign_in):
    _, loan, _, ana = await agreed(Stage.out)
    phone = await sign_in(ana)
    assert "Keep it until" in (await phone.get(loan.path)).text
    answer = await phone.post(f"{loan.path}/renewal")
    assert "It is yours until" in answer.text and f"{loan.path}/renewal/undo" in answer.text
    assert (await lent(loan.id)).due_on == loan.due_on + 5 * DAY
    answer = await phone.post(f"{loan.path}/renewal/undo")
    assert "As before: it is due on" in answer.text and (await lent(loan.id)).due_on == loan.due_on


async def test_where_it_cannot_be_renewed_the_page_says_why_and_has_no_button(sign_in):
    item, loan, _, ana = await agreed(Stage.out)
    await a_loan(item, first=loan.due_on + 2 * DAY, days=2)
    page = (await (await sign_in(ana)).get(loan.path)).text
    assert "Somebody has it from" in page and "/renewal" not in page


async def test_the_borrower_brings_it_back_and_the_keeper_confirms_with_one_press(sign_in):
    _, loan, keeper, ana = await agreed(Stage.out)
    phone = await sign_in(ana)
    page = (await phone.get(f"{loan.path}/return")).text
    assert page.count('type="checkbox"') == 2 and "What happened to it?" in page
    said = {"parts": ["Ladder"], "condition": "worn", "damage": "A scratch"}
    answer = await phone.post(f"{loan.path}/return", data=said)
    assert "you are not reminded any more" in answer.text and "Missing: Rope" in answer.text
    assert "They look at it now." in answer.text and "/renewal" not in answer.text

    phone = await sign_in(keeper)
    page = (await phone.get(loan.path)).text
    assert "Is it back?" in page and "A scratch" in page and "Missing: Rope" in page
    answer = await phone.post(f"{loan.path}/return/confirmation")
    assert "It is back. They have been told." in answer.text and "Back again" in answer.text
    assert (await lent(loan.id)).stage == Stage.back


async def test_a_refused_return_keeps_what_was_typed(sign_in):
    _, loan, _, ana = await agreed(Stage.out)
    said = {"condition": "", "damage": "The rope is gone", "parts": ["Ladder"]}
    answer = await (await sign_in(ana)).post(f"{loan.path}/return", data=said)
    assert answer.status_code == 422 and "The rope is gone" in answer.text
    assert 'value="Ladder" id="f-parts" checked' in answer.text and 'value="Rope" checked' not in answer.text
    assert (await lent(loan.id)).returned_at is None


async def test_the_keeper_says_that_it_is_not_here(sign_in):
    _, loan, keeper, ana = await agreed(Stage.out)
    await rules.bring_back(loan.id, Back(), by=ana, now=now())
    answer = await (await sign_in(keeper)).post(f"{loan.path}/return/denial")
    assert "They have been told." in answer.text and (await lent(loan.id)).returned_at is None


async def test_thanks_stand_on_the_things_page_and_contact_is_prolonged(sign_in):
    item, loan, keeper, ana = await agreed(Stage.out)
    await rules.bring_back(loan.id, Back(("Ladder", "Rope")), by=keeper, now=now())
    phone = await sign_in(ana)
    empty = await phone.post(f"{loan.path}/thanks", data={"thanks": ""})
    assert empty.status_code == 422
    answer = await phone.post(f"{loan.path}/thanks", data={"thanks": "It saved my Sunday"})
    assert "Your thanks are on its page now." in answer.text
    assert "They have been told." in (await phone.post(f"{loan.path}/prolongation")).text
    page = (await (await sign_in(await a_neighbour())).get(item.path)).text
    assert "It saved my Sunday" in page and ana.name in page


async def test_a_stranger_to_the_loan_finds_nothing(sign_in):
    _, loan, _, _ = await agreed(Stage.out)
    phone = await sign_in(await a_neighbour())
    for path in ("", "/handover", "/return"):
        assert (await phone.get(f"{loan.path}{path}")).status_code == 404
    for deed in ("/handover", "/handover/code", "/handover/word", "/return/confirmation", "/renewal", "/prolongation"):
        assert (await phone.post(f"{loan.path}{deed}", data={"code": "123456"})).status_code == 404
    assert (await lent(loan.id)).stage == Stage.out


async def test_the_pages_of_what_is_not_at_that_point_are_not_there(sign_in):
    item = await an_item()
    asked = await a_loan(item, stage=Stage.asked, first=today(), now=now())
    phone = await sign_in(await owner_of(item))
    assert (await phone.get(f"{asked.path}/handover")).status_code == 404
    assert (await phone.get(f"{asked.path}/return")).status_code == 404
    gift = await a_loan(await a_gift(), stage=Stage.given)
    phone = await sign_in(await neighbour(gift.borrower))
    assert (await phone.get(f"{gift.path}/return")).status_code == 404
    assert (await phone.get(gift.path)).status_code == 200


async def test_a_keeper_marks_it_broken_asks_for_a_mender_lets_days_go_and_puts_it_back(sign_in):
    item = await an_item()
    keeper, coming = await owner_of(item), await a_loan(item, first=today() + 3 * DAY, now=now())
    phone = await sign_in(keeper)
    assert "It is broken" in (await phone.get(item.path)).text
    assert (await phone.post(f"{item.path}/damage", data={"damage": ""})).status_code == 422
    answer = await phone.post(f"{item.path}/damage", data={"damage": "A rung is broken"})
    assert "One neighbour who would have it next was told." in answer.text and "A rung is broken" in answer.text
    assert "Ask who can mend it" in answer.text and "One neighbour would have it next" in answer.text
    answer = await phone.post(f"{item.path}/repair")
    assert answer.url.path == "/asks/1" and "Who can mend this: Ladder? A rung is broken" in answer.text
    assert (await Ask.select(Ask.category).first())["category"] == "repairs"
    answer = await phone.post(f"{item.path}/damage/days", data={"reason": "No spare part"})
    assert "One loan was called off." in answer.text
    assert (await Loan.select(Loan.stage).where(Loan.id == coming.id).first())["stage"] == Stage.declined
    answer = await phone.post(f"{item.path}/repair/end")
    assert "It can be had again." in answer.text and "Ask who can mend it" not in answer.text


async def test_others_see_that_it_is_broken_and_not_what_its_keeper_does(sign_in):
    item = await an_item()
    await rules.broke(item.id, "A rung is broken", by=await owner_of(item), now=now())
    page = (await (await sign_in(await a_neighbour())).get(item.path)).text
    assert "It can be had again when it is mended." in page
    for words in ("A rung is broken", "/repair", "/damage"):
        assert words not in page


async def test_in_chinese_dates_are_spoken_and_every_page_has_one_heading(sign_in):
    _, loan, _, ana = await agreed(Stage.out)
    phone = await sign_in(ana)
    for path in (loan.path, f"{loan.path}/return", f"{loan.path}/handover"):
        page = (await phone.get(path, headers={"Accept-Language": "zh"})).text
        assert page.count("<h1") == 1


@pytest.mark.parametrize(
    ("stage", "path", "most"),
    [(Stage.accepted, "", 12), (Stage.accepted, "/handover", 12), (Stage.out, "", 14), (Stage.out, "/return", 14)],
)
async def test_the_pages_ask_little_of_the_database(sign_in, queries, stage, path, most):
    _, loan, _, ana = await agreed(stage)
    phone = await sign_in(ana)
    await phone.get(f"{loan.path}{path}")
    queries.clear()
    assert (await phone.get(f"{loan.path}{path}")).status_code == 200
    assert len(queries) <= most, (len(queries), queries)
