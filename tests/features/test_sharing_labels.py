"""A printed label opens a page with what makes sense now, tells a stranger nothing, and does nothing by itself."""

import asyncio
import re

import pytest

from app.db import Clash, writing
from app.features.moderation import rules as moderation
from app.features.people.tables import Kind as RoleKind
from app.features.sharing.rules import labels, sense
from app.features.sharing.rules.labels import code_of, new_label
from app.features.sharing.rules.sense import Sense
from app.features.sharing.tables import Audience, Condition, Item, Loan, Stage, State
from app.kit.clock import now
from app.kit.refusals import Missing, NotYours, Refusal
from tests.sharing import DAY, NOON, TODAY, a_gift, a_household, a_loan, a_neighbour, a_person, an_item, owner_of


async def sense_of(item, by, at=NOON):
    found = await sense.seen(item.label, by=by, now=at)
    return found.sense, found.loan


async def test_whoever_finds_a_free_thing_can_ask_to_borrow_it():
    assert await sense_of(await an_item(), await a_neighbour()) == (Sense.ask, None)
    assert await sense_of(await a_gift(), await a_neighbour()) == (Sense.want, None)


async def test_through_a_loan_the_label_says_to_each_side_what_comes_next():
    item, ben, other = await an_item(), await a_neighbour(), await a_neighbour()
    ana = await owner_of(item)
    asked = await a_loan(item, by=ben, stage=Stage.asked)
    assert await sense_of(item, ben) == (Sense.asked, asked.id)
    assert await sense_of(item, ana) == (Sense.home, None)
    assert await sense_of(item, other) == (Sense.ask, None)

    await Loan.update({Loan.stage: Stage.accepted}).where(Loan.id == asked.id)
    assert await sense_of(item, ben) == await sense_of(item, ana) == (Sense.hand_over, asked.id)

    await Loan.update({Loan.stage: Stage.out}).where(Loan.id == asked.id)
    assert await sense_of(item, ben) == (Sense.give_back, asked.id)
    assert await sense_of(item, ana) == (Sense.take_back, asked.id)
    found = await sense.seen(item.label, by=other, now=NOON)
    assert (found.sense, found.loan, found.until) == (Sense.lent, None, TODAY + 6 * DAY)

    await Loan.update({Loan.stage: Stage.back}).where(Loan.id == asked.id)
    assert [(await sense_of(item, each))[0] for each in (ben, ana, other)] == [Sense.ask, Sense.home, Sense.ask]


async def test_days_that_are_promised_for_later_leave_it_free_today():
    item = await an_item()
    await a_loan(item, first=TODAY + DAY)

    assert await sense_of(item, await a_neighbour()) == (Sense.ask, None)
    assert await sense_of(item, await a_neighbour(), NOON + DAY) == (Sense.lent, None)


async def test_an_ask_that_ran_out_is_no_ask_any_more():
    item, ben = await an_item(), await a_neighbour()
    await a_loan(item, by=ben, stage=Stage.asked)

    assert await sense_of(item, ben, NOON + 6 * DAY) == (Sense.ask, None)


async def test_what_is_broken_is_mended_by_its_keeper_and_borrowed_by_nobody():
    item = await an_item(condition=Condition.broken)

    assert await sense_of(item, await owner_of(item)) == (Sense.mend, None)
    assert await sense_of(item, await a_neighbour()) == (Sense.broken, None)


async def test_what_rests_is_not_to_be_had():
    item = await an_item(state=State.paused)

    assert await sense_of(item, await a_neighbour()) == (Sense.not_now, None)


async def test_a_label_opens_nothing_for_those_whom_the_thing_is_not_for():
    building, mine = await an_item(audience=Audience.building), await an_item()
    mallory = await a_neighbour()
    await moderation.block(mine.person, by=mallory, now=NOON)

    for label in (building.label, mine.label, await new_label(), "", "x" * 500):
        with pytest.raises(Missing):
            await sense.seen(label, by=mallory, now=NOON)


async def test_the_code_is_typed_however_people_type():
    item, ben = await an_item(), await a_neighbour()
    code = code_of(item.label)
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4} [2-9A-HJKMNP-Z]{4}", code)

    for typed in (code, code.lower(), code.replace(" ", ""), code.replace(" ", "-"), f"  {code} ", item.label):
        assert await labels.scanned(typed, by=ben) == f"/q/{item.label}"
        assert (await labels.labelled(typed, by=ben)).id == item.id
    for typed in (code[:-1], code + "2", item.label[:-1], ""):
        with pytest.raises(Refusal):
            await labels.scanned(typed, by=ben)


async def test_a_camera_reads_labels_and_handovers_of_ours_and_leads_nowhere_else():
    item, ben = await an_item(), await a_neighbour()

    assert await labels.scanned(f"https://kith.example.org/q/{item.label}", by=ben) == f"/q/{item.label}"
    assert (
        await labels.scanned("https://k.example/loans/7/handover?code=123456", by=ben)
        == "/loans/7/handover?code=123456"
    )
    for text in (
        "https://evil.example/",
        f"https://evil.example/q/{item.label}x/..//evil",
        "//evil.example/loans/7/handover?code=1&next=//evil",
        "WIFI:S:estate;P:secret;;",
        "javascript:alert(1)",
        "\x00",
    ):
        with pytest.raises(Refusal) as refusal:
            await labels.scanned(text, by=ben)
        assert refusal.value.beside == "code"


async def test_a_lost_label_is_renewed_and_the_old_one_leads_nowhere():
    item, ben = await an_item(), await a_neighbour()
    with pytest.raises(NotYours):
        await labels.renew_label(item.id, by=ben, now=NOON)

    await labels.renew_label(item.id, by=await owner_of(item), now=NOON)

    with pytest.raises(Missing):
        await sense.seen(item.label, by=ben, now=NOON)
    [new] = await Item.select(Item.label)
    assert (await sense.seen(new["label"], by=ben, now=NOON)).thing.id == item.id


async def test_no_two_labels_begin_with_the_same_letters():
    item, other = await an_item(), await an_item()

    with pytest.raises(Clash):
        async with writing():
            await Item.update({Item.label: item.label[:8] + "z" * 18}).where(Item.id == other.id)


async def test_ten_who_renew_at_once_leave_one_label_that_works():
    item = await an_item()
    ana = await owner_of(item)
    await asyncio.gather(*[labels.renew_label(item.id, by=ana, now=NOON) for _ in range(10)])

    [kept] = await Item.select(Item.label)
    assert (await labels.labelled(kept["label"], by=ana)).id == item.id


async def test_everybody_prints_the_labels_of_what_they_answer_for():
    home = await a_household()
    ana, ben = await a_person(home=home), await a_person(home=home)
    chief = await a_person(role=RoleKind.administrator)
    own, _ = await an_item(by=ana, name="b"), await an_item(household=home.id, name="A")
    ours, bare = await an_item(keepers=[ana], name="c"), await an_item(person=None, name="D")
    gone = await an_item(by=ana, state=State.gone)

    async def names(by):
        return [each.name for each in await labels.kept_things(by=by, limit=10)]

    assert await names(ana) == ["A", "b", "c"]
    assert await names(ben) == ["A"]
    assert await names(chief) == ["c", "D"]
    chosen = await labels.chosen_things([own.id, ours.id, bare.id, gone.id], by=ana)
    assert [each.name for each in chosen] == ["b", "c"]


async def test_a_stranger_learns_nothing_from_a_label_and_comes_back_to_it(browser):
    item = await an_item(name="Ana's drill")
    for label in (item.label, await new_label()):
        answer = await browser.get(f"/q/{label}")
        assert answer.status_code == 401
        assert "drill" not in answer.text and f'value="/q/{label}"' in answer.text
        assert (await owner_of(item)).name not in answer.text


async def test_scanning_does_nothing_and_shows_the_one_act(sign_in):
    item, ben = await an_item(), await a_neighbour()
    loan = await a_loan(item, by=ben, stage=Stage.out, first=now().date())
    browser = await sign_in(ben)

    page = await browser.get(f"/q/{item.label}")

    assert f'href="/loans/{loan.id}/return"' in page.text
    assert page.text.count("<h1") == 1 and page.text.count('class="acts main-act"') == 1
    assert (await Loan.select(Loan.stage).first())["stage"] == Stage.out


async def test_third_neighbours_hear_until_when_it_is_lent_and_not_to_whom(sign_in):
    item = await an_item()
    loan = await a_loan(item, first=now().date(), stage=Stage.out)
    browser = await sign_in(await a_neighbour())

    page = await browser.get(f"/q/{item.label}")

    assert "It is lent until" in page.text and loan.borrower_name not in page.text


async def test_the_code_field_leads_to_the_thing_and_keeps_what_was_wrong(sign_in):
    item = await an_item()
    browser = await sign_in(await a_neighbour())

    there = await browser.get("/share/scan", params={"code": code_of(item.label)}, follow_redirects=False)
    wrong = await browser.get("/share/scan", params={"code": "7k3m 9qx<b>"})

    assert (there.status_code, there.headers["location"]) == (303, f"/q/{item.label}")
    assert wrong.status_code == 422 and 'value="7k3m 9qx&lt;b&gt;"' in wrong.text and "No label here" in wrong.text


async def test_a_sheet_has_a_picture_the_name_and_the_code_of_each_and_no_owner(sign_in):
    ana = await a_neighbour(name="Ana Secret")
    one, two = await an_item(by=ana, name="Drill"), await an_item(by=ana, name="Tent")
    foreign = await an_item()
    browser = await sign_in(ana)

    whole = (await browser.get("/share/labels/sheet")).text
    some = (await browser.get(f"/share/labels/sheet?item={one.id}&item={foreign.id}&item=x")).text

    assert whole.count('class="qr"') == 2 and some.count('class="qr"') == 1
    assert code_of(one.label) in some and code_of(two.label) in whole and code_of(foreign.label) not in some
    assert "Ana Secret" not in re.search(r'<ul class="sheet">.*?</ul>', whole, re.S)[0]


async def test_the_pages_of_labels_ask_the_database_little(sign_in, queries):
    ana = await a_neighbour()
    items = [await an_item(by=ana) for _ in range(12)]
    browser = await sign_in(ana)
    await browser.get("/share/labels")
    for path, most in (("/share/labels", 2), ("/share/labels/sheet", 2), (f"/q/{items[0].label}", 4)):
        queries.clear()
        assert (await browser.get(path)).status_code == 200
        assert len(queries) <= most + 5, (path, queries)


async def test_a_new_label_is_made_after_a_press(sign_in):
    item = await an_item()
    browser = await sign_in(await owner_of(item))

    page = await browser.post(f"/share/{item.id}/label/renewal")

    assert page.status_code == 200 and item.label not in page.text and "leads nowhere any more" in page.text


async def test_a_handovers_code_that_was_scanned_stays_while_the_page_looks_again(sign_in):
    ben = await a_neighbour()
    loan = await a_loan(await an_item(), by=ben, first=now().date())
    browser = await sign_in(ben)

    page = await browser.get(f"/loans/{loan.id}/handover?code=123456")

    assert f'hx-get="/loans/{loan.id}/handover?code=123456"' in page.text
