"""Asking for a thing: what is possible, who hears of it, and what an ask becomes."""

from datetime import timedelta

import pytest

from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Membership
from app.features.sharing import rules
from app.features.sharing.rules import Wish
from app.features.sharing.tables import Audience, Loan, Policy, Stage
from app.features.skills.rules import building_of
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from app.kit.tables import Slot
from tests.makers import a_household, a_person, an_administrator
from tests.sharing import DAY, NOON, TODAY, a_gift, a_loan, a_neighbour, an_item, owner_of


def days(first: int = 0, many: int = 7, **said) -> Wish:
    """So many days, the first so many days from today."""
    return Wish(TODAY + first * DAY, TODAY + (first + many - 1) * DAY, **said)


async def told(person) -> list[str]:
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [row["sentence"] for row in rows]


async def taken() -> dict[str, int]:
    rows = await Slot.select(Slot.owner)
    return {owner: sum(row["owner"] == owner for row in rows) for owner in {row["owner"] for row in rows}}


async def test_an_ask_waits_five_days_for_the_owner_and_takes_no_days_from_anybody():
    item = await an_item()
    ana, ben = await a_neighbour(name="Ana"), await a_neighbour()

    asked = await rules.ask(item.id, days(words=" For the gutter "), by=ana, now=NOON)
    again = await rules.ask(item.id, days(), by=ben, now=NOON)

    assert (asked.stage, again.stage, asked.words, asked.until_at) == (
        "asked",
        "asked",
        "For the gutter",
        NOON + 5 * DAY,
    )
    assert await taken() == {}
    [first, _] = await told(await owner_of(item))
    assert "%(name)s asks for %(what)s" in first
    assert "Ana" in first
    assert await told(ana) == []


async def test_an_ask_for_days_that_are_over_sooner_waits_until_then():
    asked = await rules.ask((await an_item()).id, days(many=1), by=await a_neighbour(), now=NOON)

    assert asked.until_at == NOON + timedelta(hours=4)  # midnight in Shanghai


async def test_what_is_lent_at_once_is_theirs_with_the_days_after_it():
    item = await an_item(policy=Policy.at_once, gap=2)

    lent = await rules.ask(item.id, days(), by=await a_neighbour(), now=NOON)

    assert lent.stage == Stage.accepted
    assert await taken() == {lent.owner: 9}
    assert len(await told(await owner_of(item))) == 1


async def test_with_the_capability_it_is_theirs_at_once_and_without_it_waits():
    item = await an_item(policy=Policy.capability, capability="key training")
    able, other = await a_neighbour(), await a_neighbour()
    await people.grant(able.id, "key training", until=None, by=other.id, now=NOON)

    assert (await rules.ask(item.id, days(20), by=other, now=NOON)).stage == Stage.asked
    assert (await rules.ask(item.id, days(), by=able, now=NOON)).stage == Stage.accepted


async def test_who_asks_for_days_that_are_anothers_stands_in_line_and_sees_when_it_may_be_theirs():
    item = await an_item(policy=Policy.at_once)
    await a_loan(item)

    loans = [await rules.ask(item.id, days(1), by=await a_neighbour(), now=NOON) for _ in range(2)]

    assert [(each.stage, each.in_line) for each in loans] == [(Stage.asked, True)] * 2
    turns = await rules.turns_of(loans, today=TODAY)
    assert [(turns[each.id].place, turns[each.id].expected) for each in loans] == [
        (1, TODAY + 7 * DAY),
        (2, TODAY + 14 * DAY),
    ]


@pytest.mark.parametrize(
    ("wish", "beside", "says"),
    [
        (days(-1), "first", "The first that is possible"),
        (days(0, 15), "last", "14 days at most"),
        (days(181, 1), "first", "half a year ahead"),
        (days(178, 7), "last", "half a year ahead"),
        (Wish(TODAY + DAY, TODAY), "last", "before the first day"),
        (Wish(TODAY), "last", "fill this in"),
        (Wish(), "first", "fill this in"),
    ],
)
async def test_days_that_cannot_be_are_refused_with_what_would_work(wish, beside, says):
    item = await an_item()

    with pytest.raises(Refusal, match=says) as refused:
        await rules.ask(item.id, wish, by=await a_neighbour(), now=NOON)

    assert (refused.value.beside, await Loan.count()) == (beside, 0)


async def test_nobody_asks_for_their_own_but_a_keeper_borrows_what_is_everybodys_at_once():
    item, keeper = await an_item(), await a_neighbour()
    ours = await an_item(keepers=[keeper, await a_neighbour()])

    with pytest.raises(Refusal, match="yours already"):
        await rules.ask(item.id, days(), by=await owner_of(item), now=NOON)

    assert (await rules.ask(ours.id, days(), by=keeper, now=NOON)).stage == Stage.accepted


async def test_nobody_asks_for_what_they_do_not_see_or_what_is_not_there():
    building = await an_item(audience=Audience.building)
    home = await a_household()
    inside = await a_neighbour()
    await Membership.insert(Membership(person=inside.id, household=home.id, since_on=TODAY))

    with pytest.raises(Missing):
        await rules.ask(building.id, days(), by=await a_neighbour(), now=NOON)
    with pytest.raises(Taken, match="at the moment"):
        await rules.ask((await an_item(condition="broken")).id, days(), by=await a_neighbour(), now=NOON)
    with pytest.raises(Taken, match="at the moment"):
        await rules.ask((await an_item(state="paused")).id, days(), by=await a_neighbour(), now=NOON)
    with pytest.raises(NotYours):
        await rules.ask((await an_item()).id, days(), by=await a_person(state="suspended"), now=NOON)
    assert await building_of(inside.id)


async def test_whom_another_asks_for_is_told_and_the_owner_hears_their_name():
    item = await an_item()
    home = await a_household()
    ana, grandma = await a_person(name="Ana", home=home), await a_person(name="Grandma", home=home)
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == ana.id)

    asked = await rules.ask(item.id, days(for_whom=grandma.id), by=ana, now=NOON)

    assert (asked.borrower, asked.acted_by) == (grandma.id, ana.id)
    [mine], [theirs] = await told(grandma), await told(await owner_of(item))
    assert "asked for you" in mine
    assert "Ana" in mine
    assert "Grandma" in theirs
    with pytest.raises(Missing):
        await rules.ask(item.id, days(20, for_whom=ana.id), by=await a_neighbour(), now=NOON)


async def test_nobody_asks_twice_for_the_same_days_and_is_led_to_the_first_ask():
    item, ana = await an_item(), await a_neighbour()
    first = await rules.ask(item.id, days(), by=ana, now=NOON)

    with pytest.raises(Taken, match="already") as refused:
        await rules.ask(item.id, days(3), by=ana, now=NOON)

    assert refused.value.way[0] == first.path
    assert (await rules.ask(item.id, days(7), by=ana, now=NOON)).stage == Stage.asked


async def test_nobody_asks_for_everything_in_one_day():
    item, ana = await an_item(), await a_neighbour()
    for nth in range(20):
        await rules.ask(item.id, days(nth, 1), by=ana, now=NOON)

    with pytest.raises(TooOften):
        await rules.ask(item.id, days(30, 1), by=ana, now=NOON)

    assert (await rules.ask(item.id, days(30, 1), by=ana, now=NOON + DAY)).stage == Stage.asked


async def test_a_gift_is_whoevers_asks_first_and_the_next_waits():
    gift = await a_gift()
    ana, ben = await a_neighbour(), await a_neighbour()

    first, second = [await rules.ask(gift.id, wish, by=by, now=NOON) for wish, by in ((days(), ana), (Wish(), ben))]

    assert (first.stage, second.in_line) == (Stage.accepted, True)
    assert [(row["thing"], row["slot"], row["owner"]) for row in await Slot.select()] == [
        (f"gift:{gift.id}", 0, first.owner)
    ]


async def test_of_a_gift_the_owner_chooses_and_the_others_are_told():
    gift = await a_gift(first_come=False)
    who = [await a_neighbour() for _ in range(3)]
    asks = [await rules.ask(gift.id, Wish(), by=each, now=NOON) for each in who]

    await rules.accept(asks[1].id, by=await owner_of(gift), now=NOON)

    assert [(await rules.lent(each.id)).in_line for each in asks] == [True, False, True]
    assert [len(await told(each)) for each in who] == [1, 1, 1]
    assert "Promised to somebody else" in (await told(who[0]))[0]


async def test_what_is_everybodys_and_has_no_keeper_waits_for_the_administrators():
    admin = await an_administrator()
    ours = await an_item(keepers=[await a_person(state="suspended")])

    asked = await rules.ask(ours.id, days(), by=await a_neighbour(), now=NOON)

    assert len(await told(admin)) == 1
    assert (await rules.accept(asked.id, by=admin, now=NOON)).stage == Stage.accepted
