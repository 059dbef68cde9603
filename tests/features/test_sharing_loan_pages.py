"""The pages of a loan, from the ask on the thing's page to what each side sees of the other."""

import re
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from app.features.people.rules import neighbour
from app.features.people.tables import Membership, Person
from app.features.sharing import rules
from app.features.sharing.rules import Wish
from app.features.sharing.tables import Loan, Policy, Stage
from app.kit.calendars import calendar
from app.kit.clock import now
from app.kit.languages import language
from tests.makers import a_household, a_person
from tests.sharing import DAY, a_gift, a_loan, a_neighbour, an_item, owner_of

PHONE = "+8613800138000"


def day(n: int):
    return now().date() + timedelta(days=n)


async def sent(browser, path, **said):
    return await browser.post(path, data={"_deed": str(uuid4()), **said}, follow_redirects=False)


def reachable(**said):
    return a_neighbour(phone=PHONE, **said)


async def asked(item, first=2, many=3, **said):
    wish = Wish() if item.is_gift else Wish(day(first), day(first + many - 1))
    return await rules.ask(item.id, wish, by=await reachable(**said), now=now())


async def test_from_the_page_of_a_thing_to_its_loan(sign_in):
    item = await an_item()
    browser = await sign_in(await a_neighbour())
    shown = await browser.get(f"/share/{item.id}")
    assert "Ask to borrow" in shown.text
    assert "It is free today." in shown.text

    answer = await sent(browser, f"/share/{item.id}/ask", first=day(2).isoformat(), last=day(3).isoformat(), words="Hi")

    assert answer.status_code == 303
    loan = await browser.get(answer.headers["location"])
    assert "Waits for an answer" in loan.text
    assert "Hi" in loan.text
    assert "No longer needed" in loan.text
    assert "You have asked for it" in (await browser.get(f"/share/{item.id}")).text


async def test_what_was_typed_is_kept_beside_what_is_wrong(sign_in):
    item = await an_item(longest=3)
    browser = await sign_in(await a_neighbour())

    answer = await sent(
        browser, f"/share/{item.id}/ask", first=day(2).isoformat(), last=day(9).isoformat(), words="For the gutter"
    )

    assert answer.status_code == 422
    assert "For the gutter" in answer.text
    assert 'href="#ask-last"' in answer.text
    assert "3 days at most" in answer.text
    assert await Loan.count() == 0
    assert (await sent(browser, f"/share/{item.id}/ask", first="2026-02-31")).status_code == 422


async def test_who_asks_twice_is_led_to_the_first_ask(sign_in):
    item = await an_item()
    browser = await sign_in(await a_neighbour())
    days = {"first": day(2).isoformat(), "last": day(3).isoformat()}
    first = await sent(browser, f"/share/{item.id}/ask", **days)

    again = await sent(browser, f"/share/{item.id}/ask", **days)

    assert again.status_code == 409
    assert f'href="{first.headers["location"]}"' in again.text
    assert "See how it stands" in again.text


async def test_a_gift_is_asked_for_without_days(sign_in):
    gift = await a_gift()
    browser = await sign_in(await a_neighbour())
    shown = await browser.get(f"/share/{gift.id}")
    assert "Ask for it" in shown.text
    assert 'type="date"' not in shown.text

    answer = await sent(browser, f"/share/{gift.id}/ask")

    assert answer.status_code == 303
    assert await Loan.count().where(Loan.stage == Stage.accepted) == 1


async def test_the_owner_is_offered_no_form_for_what_is_theirs(sign_in):
    item = await an_item()
    shown = await (await sign_in(await owner_of(item))).get(f"/share/{item.id}")

    assert "Ask to borrow" not in shown.text
    assert "Who asks for it" in shown.text


async def test_contact_is_for_the_two_from_the_yes_on_and_for_nobody_before(sign_in):
    item = await an_item(by=await reachable())
    loan, owner = await asked(item), await owner_of(item)
    browser = await sign_in(owner)
    before = await browser.get(loan.path)
    assert "tel:" not in before.text
    assert "Accept" in before.text

    answer = await sent(browser, f"{loan.path}/acceptance")
    after = await browser.get(answer.headers["location"])
    assert "tel:+8613800138000" in after.text
    assert f"{loan.path}/answer/undo" in after.text

    borrower = await neighbour(loan.borrower)
    assert "tel:+8613800138000" in (await (await sign_in(borrower)).get(loan.path)).text
    await sent(await sign_in(borrower), f"{loan.path}/calling-off")
    assert "tel:" not in (await (await sign_in(borrower)).get(loan.path)).text
    assert (await (await sign_in(await a_neighbour())).get(loan.path)).status_code == 404


async def test_a_no_without_a_reason_comes_back_and_with_one_is_read(sign_in):
    item = await an_item()
    loan = await asked(item)
    browser = await sign_in(await owner_of(item))
    refused = await sent(browser, f"{loan.path}/refusal")
    assert refused.status_code == 422
    assert "Please say why" in refused.text

    assert (await sent(browser, f"{loan.path}/refusal", reason="It leaks")).status_code == 303

    shown = await (await sign_in(await neighbour(loan.borrower))).get(loan.path)
    assert "It leaks" in shown.text
    assert "Declined" in shown.text


async def test_other_days_are_proposed_and_agreed_to(sign_in):
    item = await an_item(longest=3)
    loan = await asked(item)
    browser = await sign_in(await owner_of(item))
    wrong = await sent(browser, f"{loan.path}/proposal", first=day(10).isoformat(), last=day(20).isoformat())
    assert wrong.status_code == 422
    await a_loan(item, first=day(30), days=2)
    taken = await sent(browser, f"{loan.path}/proposal", first=day(30).isoformat(), last=day(31).isoformat())
    assert taken.status_code == 409
    assert "next that are free" in taken.text

    await sent(browser, f"{loan.path}/proposal", first=day(10).isoformat(), last=day(12).isoformat())
    browser = await sign_in(await neighbour(loan.borrower))
    assert "Agree" in (await browser.get(loan.path)).text
    await sent(browser, f"{loan.path}/agreement")

    assert (await rules.lent(loan.id)).first_on == day(10)


async def test_who_waits_sees_their_place_and_takes_other_days_or_their_turn(sign_in):
    item = await an_item(policy=Policy.at_once)
    held, ben, mei = await asked(item), await asked(item), await asked(item)
    browser = await sign_in(await neighbour(mei.borrower))
    shown = await browser.get(mei.path)
    assert "You are number 2 in line" in shown.text
    assert "Ask for these days" in shown.text
    assert (await sent(browser, f"{mei.path}/offer")).status_code == 409
    other = await sent(browser, f"{mei.path}/days", first=day(5).isoformat(), last=day(7).isoformat())
    assert other.status_code == 303
    assert "Agreed" in (await browser.get(mei.path)).text

    await rules.call_off(held.id, by=await neighbour(held.borrower), now=now())
    browser = await sign_in(await neighbour(ben.borrower))
    assert "Your turn" in (await browser.get("/loans")).text
    assert "I would like it" in (await browser.get(ben.path)).text
    await sent(browser, f"{ben.path}/offer")
    assert (await rules.lent(ben.id)).stage == Stage.accepted


async def test_loans_says_first_what_waits_for_me_and_offers_a_first_step(sign_in):
    item = await an_item()
    ben, _ = await asked(item, name="Ben Asks"), await asked(item, 20)
    owner = await owner_of(item)
    shown = (await (await sign_in(owner)).get("/loans")).text
    assert shown.index("Waiting for you") < shown.index("Ben Asks") < shown.index("What you borrow")
    assert "Find something" in shown
    assert "Offer something" in shown

    await rules.accept(ben.id, by=owner, now=now())
    shown = (await (await sign_in(owner)).get("/loans")).text
    assert shown.index("What you lend") < shown.index("Ben Asks")


async def test_the_line_of_others_is_on_nobodys_list(sign_in):
    item = await an_item(policy=Policy.at_once)
    await asked(item, name="Ben Has It")
    await asked(item, name="Mei Waits")
    shown = (await (await sign_in(await owner_of(item))).get("/loans")).text

    assert "Ben Has It" in shown
    assert "Mei Waits" not in shown


@pytest.mark.parametrize("many", [1, 12])
async def test_the_list_asks_the_database_as_often_for_twelve_as_for_one(sign_in, queries, many):
    me = await a_neighbour()
    for nth in range(many):
        await a_loan(await an_item(by=me), stage=Stage.asked, now=now(), first=day(nth))
    browser = await sign_in(me)
    await browser.get("/loans")
    queries.clear()

    assert (await browser.get("/loans")).status_code == 200

    assert len(queries) <= 10, queries


async def test_home_says_what_waits_and_the_pocket_has_the_running_loans_with_contact():
    item = await an_item(by=await reachable(name="Olga"), fetch="Cellar, door 3")
    loan, owner = await asked(item), await owner_of(item)
    assert [line.path for line in (await rules.on_home(owner, now=now())).waits] == [loan.path]
    assert await rules.in_pocket(owner, now=now()) == []

    await rules.accept(loan.id, by=owner, now=now())

    borrower = await neighbour(loan.borrower)
    [mine] = await rules.in_pocket(borrower, now=now())
    assert (mine.path, mine.shows["contact"].phone, mine.shows["lent"].fetch) == (loan.path, PHONE, "Cellar, door 3")
    assert mine.until <= now() + DAY
    assert [line.path for line in (await rules.on_home(borrower, now=now())).waits] == [loan.path]


async def test_the_pocket_is_one_that_a_page_can_show(sign_in):
    item = await an_item(by=await reachable(), policy=Policy.at_once, fetch="Cellar", parts='["Case"]')
    loan = await asked(item)
    pages = (await (await sign_in(await neighbour(loan.borrower))).get("/pocket")).json()

    [page] = [each for each in pages if each["path"] == loan.path]
    assert "Cellar" in page["html"]
    assert "Case" in page["html"]
    assert "tel:" in page["html"]


async def test_an_agreed_loan_stands_in_both_calendars_as_whole_days_until_it_is_called_off():
    item = await an_item(policy=Policy.at_once)
    loan = await asked(item)
    owner, borrower = await owner_of(item), await neighbour(loan.borrower)
    for person in (owner, borrower):
        [entry] = await rules.in_calendar(person, now=now())
        assert (entry.days, entry.off, entry.path) == (True, False, loan.path)
        assert (entry.ends_at - entry.begins_at) == timedelta(days=3)
    assert await rules.in_calendar(await a_neighbour(), now=now()) == []

    await rules.call_off(loan.id, by=borrower, now=now())

    [entry] = await rules.in_calendar(owner, now=now())
    assert entry.off


async def test_whole_days_are_written_without_hours(sign_in):
    item = await an_item(policy=Policy.at_once)
    loan = await asked(item)
    entries = await rules.in_calendar(await neighbour(loan.borrower), now=now())
    written = calendar(
        entries, name="Mine", zone=ZoneInfo("Asia/Shanghai"), tongue=language("en"), base_url="https://x"
    ).decode()

    assert f"DTSTART;VALUE=DATE:{day(2):%Y%m%d}" in written
    assert f"DTEND;VALUE=DATE:{day(5):%Y%m%d}" in written


async def test_whoever_acts_for_another_sees_the_loan_and_not_the_phone(sign_in):
    item = await an_item(by=await reachable(), policy=Policy.at_once)
    home = await a_household()
    ana, grandma = await a_person(name="Ana", home=home), await a_person(name="Grandma", home=home, phone=PHONE)
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == ana.id)
    browser = await sign_in(ana)
    assert "Grandma" in (await browser.get(f"/share/{item.id}")).text
    said = {"first": day(2).isoformat(), "last": day(3).isoformat(), "for_whom": str(grandma.id)}

    answer = await sent(browser, f"/share/{item.id}/ask", **said)

    shown = (await browser.get(answer.headers["location"])).text
    assert "typed by Ana" in shown
    assert "tel:" not in shown
    assert "tel:+8613800138000" in (await (await sign_in(grandma)).get(answer.headers["location"])).text


async def test_every_page_speaks_chinese_without_a_hole(sign_in):
    item = await an_item(policy=Policy.at_once)
    loan, waits = await asked(item), await asked(item)
    await Person.update({Person.language: "zh-Hans"}).where(Person.id.is_in([loan.borrower, waits.borrower]))
    for each in (loan, waits):
        shown = await (await sign_in(await neighbour(each.borrower))).get(each.path)
        assert shown.status_code == 200
        assert not re.search(r"%\(\w+\)s", shown.text)
