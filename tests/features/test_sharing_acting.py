"""Who borrows hears of all that another does for them, on the days of where they live."""

import json
from datetime import UTC, datetime

import pytest

from app.features.notices.tables import Notice
from app.features.people.tables import Membership
from app.features.sharing import rules
from app.features.sharing.rules import Back, Wish
from app.features.sharing.rules.list_bringing import bring_items
from app.features.sharing.tables import Stage
from tests.makers import a_login, an_administrator
from tests.rosters import as_csv
from tests.sharing import DAY, NOON, TODAY, a_household, a_loan, a_person, an_item

BIRTHDAY = TODAY + DAY
NIGHT = datetime(2026, 5, 1, 17, tzinfo=UTC)  # one o'clock on their birthday here, and still the day before in UTC


async def two_at_home(**said):
    """The first may answer for the second."""
    home = await a_household()
    ana, grandma = await a_person(name="Ana", home=home), await a_person(name="Grandma", home=home, **said)
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == ana.id)
    return ana, grandma


async def told(person) -> list[str]:
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [json.loads(row["sentence"])["say"] for row in rows]


async def renews(loan, ana):
    await rules.renew(loan.id, by=ana, now=NOON)


async def slips(loan, ana):
    await rules.renew(loan.id, by=ana, now=NOON)
    await Notice.delete(force=True)
    await rules.undo_renewal(loan.id, by=ana, now=NOON)


async def brings_it_back(loan, ana):
    await rules.bring_back(loan.id, Back(), by=ana, now=NOON)


async def thanks(loan, ana):
    await rules.thank(loan.id, "A fine ladder", by=ana, now=NOON)


async def stays_in_touch(loan, ana):
    await rules.prolong(loan.id, by=ana, now=NOON)


@pytest.mark.parametrize(
    ("stage", "does", "hears"),
    [
        (Stage.out, renews, "%(name)s keeps it longer: %(what)s, until %(day)s."),
        (Stage.out, slips, "That was a slip: %(what)s is due on %(day)s, as before."),
        (Stage.out, brings_it_back, "%(name)s says that it is back: %(what)s."),
        (Stage.back, thanks, "%(name)s said thank you for you: “%(said)s”"),
        (Stage.back, stays_in_touch, "%(name)s asked for you to stay in touch for seven days more."),
    ],
)
async def test_whoever_borrows_hears_what_a_housemate_says_in_their_name(stage, does, hears):
    ana, grandma = await two_at_home()
    loan = await a_loan(
        await an_item(), by=grandma, acted_by=ana.id, stage=stage, contact_until=NOON + DAY if stage == "back" else None
    )
    await does(loan, ana)
    assert await told(grandma) == [hears]
    assert await told(ana) == []


async def test_from_midnight_of_their_birthday_a_thing_is_asked_for_in_the_name_of_a_child_who_is_one_no_more():
    ana, kid = await two_at_home(of_age_on=BIRTHDAY)
    wish = Wish(BIRTHDAY, BIRTHDAY + DAY, for_whom=kid.id)
    assert (await rules.ask((await an_item()).id, wish, by=ana, now=NIGHT)).borrower == kid.id


async def test_from_midnight_of_their_birthday_they_can_keep_what_is_ours():
    kid = await a_person(name="Kid Lin", of_age_on=BIRTHDAY)
    await a_login(kid)
    content = as_csv([["物品名称", "管理员"], ["梯子", "Kid Lin"]])
    assert (await bring_items(content, by=await an_administrator(), now=NIGHT)).counts["made"] == 1
