"""Who answers for a thing that several have, and whose phone and door a borrower sees."""

import json
from datetime import timedelta

import pytest

from app.features.moderation.tables import Block
from app.features.notices.tables import Notice
from app.features.people.rules import neighbour
from app.features.people.tables import Person, State
from app.features.sharing import rules
from app.features.sharing.rules import Wish
from app.features.sharing.rules.contacts import contact_in, host_of
from app.features.sharing.rules.lent import lent, move
from app.features.sharing.tables import Did, Item, Policy, Stage
from app.kit.refusals import Missing
from tests.makers import an_administrator
from tests.sharing import DAY, NOON, TODAY, a_household, a_loan, a_neighbour, a_person, an_item

HOUR = timedelta(hours=1)
YOUNG = TODAY + 3000 * DAY


async def blocks(one, other) -> None:
    await Block.insert(Block(person=one.id, blocked=other.id, at=NOON))


async def told(person) -> list[str]:
    return [json.loads(row["sentence"])["say"] for row in await Notice.select().where(Notice.person == person.id)]


async def a_family(*members, **said):
    """A household with a grill that anybody has at once, offered by nobody who is known any more."""
    home = await a_household()
    there = [await a_person(home=home, **each) for each in members]
    return [await an_item(household=home.id, policy=Policy.at_once, **said), *there]


async def test_a_familys_thing_shows_a_grown_up_who_is_here_and_never_a_child_or_somebody_suspended():
    grill, kid, gone, ana = await a_family({"of_age_on": YOUNG}, {"state": State.suspended}, {})
    ben = await a_neighbour()

    loan = await rules.ask(grill.id, Wish(TODAY, TODAY + DAY), by=ben, now=NOON)

    seen = await contact_in(loan, by=ben, now=NOON)
    assert (loan.stage, await host_of(loan), seen.name) == (Stage.accepted, ana.id, ana.name)
    assert [len(await told(each)) for each in (kid, gone, ana)] == [0, 0, 1], "nor are they rung with a name"


async def test_a_child_answers_for_nothing_that_the_family_lends():
    grill, kid, _ = await a_family({"of_age_on": YOUNG}, {})
    loan = await a_loan(grill, stage=Stage.asked)
    assert not (await rules.item_for(grill.id, by=kid)).kept
    with pytest.raises(Missing):
        await rules.loan_for(loan.id, by=kid)
    mine = await rules.my_loans(kid, now=NOON)
    assert mine.waiting == mine.lending == mine.over == [], "nor reads who borrows it"

    await Person.update({Person.of_age_on: TODAY}).where(Person.id == kid.id)
    grown = await rules.my_loans(await neighbour(kid.id), now=NOON)
    assert [each.id for each in grown.waiting] == [loan.id]


async def test_where_nobody_had_to_say_yes_whoever_offered_it_is_reached_else_somebody_across_no_block():
    grill, ana, cat = await a_family({}, {})
    ben = await a_neighbour()
    loan = await a_loan(grill, by=ben)
    assert await host_of(loan) == ana.id
    await blocks(ana, ben)
    assert await host_of(loan) == cat.id

    tent, _, eve = await a_family({}, {})
    await Item.update({Item.by: eve.id}).where(Item.id == tent.id)
    assert await host_of(await a_loan(tent, by=ben)) == eve.id


@pytest.mark.parametrize(
    ("stage", "shown"),
    [(Stage.accepted, False), (Stage.out, True), (Stage.back, False), (Stage.given, False), (Stage.expired, False)],
)
async def test_across_a_block_neither_reads_how_to_reach_the_other_unless_the_thing_has_to_come_home(stage, shown):
    """Of a person's own, and of what is ours where that keeper said yes."""
    ana, ben = await a_neighbour(), await a_neighbour()
    for item in (await an_item(by=ana), await an_item(keepers=[await a_neighbour(), ana])):
        loan = await a_loan(item, by=ben, stage=stage, contact_until=None if shown else NOON + DAY)
        await move(loan, Did.accepted, by=ana.id, now=NOON)
        assert await contact_in(loan, by=ben, now=NOON) and await contact_in(loan, by=ana, now=NOON)
        await blocks(ana, ben)
        for one in (ana, ben):
            assert bool(await contact_in(await lent(loan.id), by=one, now=NOON + HOUR)) == shown
        await Block.delete(force=True)


async def test_an_ask_for_what_lost_its_only_keeper_is_found_where_administrators_look():
    gone, boss = await a_person(state=State.suspended), await an_administrator()
    loan = await a_loan(await an_item(keepers=[gone]), stage=Stage.asked)

    assert [each.id for each in (await rules.my_loans(boss, now=NOON)).waiting] == [loan.id]
    assert (await rules.my_loans(await a_neighbour(), now=NOON)).waiting == []
