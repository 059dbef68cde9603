"""Answers to an ask: yes, no, other days, no longer; and what each of them does to the others who asked."""

from datetime import timedelta

import pytest

from app.features.people.rules import neighbour
from app.features.people.tables import Person
from app.features.sharing import rules
from app.features.sharing.jobs import JOBS
from app.features.sharing.tables import LoanStep, Policy, Stage
from app.kit import later
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.tables import Waiting
from tests.features.test_sharing_asking import days, taken, told
from tests.makers import a_household, a_person
from tests.sharing import DAY, NOON, TODAY, a_loan, a_neighbour, an_item, owner_of

SECOND = timedelta(seconds=1)


async def asked(item, wish=None, **said):
    return await rules.ask(item.id, wish or days(), by=await a_neighbour(**said), now=NOON)


async def borrower_of(loan):
    return await neighbour(loan.borrower)


async def now_of(*loans):
    return [await rules.lent(each.id) for each in loans]


async def test_a_yes_takes_the_days_and_whoever_else_asked_for_some_of_them_waits_in_line():
    item = await an_item(gap=1)
    ben, mei, tom = await asked(item), await asked(item, days(7)), await asked(item, days(8))
    owner = await owner_of(item)

    await rules.accept(ben.id, by=owner, now=NOON)

    ben, mei, tom = await now_of(ben, mei, tom)
    assert (ben.stage, mei.in_line, tom.waits(NOON)) == (Stage.accepted, True, True)
    assert await taken() == {ben.owner: 8}
    assert "says yes" in (await told(await borrower_of(ben)))[0]
    [moved] = await told(await borrower_of(mei))
    assert "number %(n)s in the waiting line" in moved
    assert "2026-05-09" in moved  # from when it may be theirs
    assert await told(await borrower_of(tom)) == []
    with pytest.raises(Taken, match="agreed already"):
        await rules.accept(ben.id, by=owner, now=NOON)
    with pytest.raises(Taken, match="waiting line"):
        await rules.accept(mei.id, by=owner, now=NOON)


async def test_only_the_owner_says_yes_and_a_third_sees_nothing():
    item = await an_item()
    loan = await asked(item)

    with pytest.raises(NotYours):
        await rules.accept(loan.id, by=await borrower_of(loan), now=NOON)
    with pytest.raises(Missing):
        await rules.accept(loan.id, by=await a_neighbour(), now=NOON)


async def test_no_yes_to_somebody_who_was_suspended_or_for_what_is_broken():
    item = await an_item()
    loan, owner = await asked(item), await owner_of(item)
    await Person.update({Person.state: "suspended"}).where(Person.id == loan.borrower)
    with pytest.raises(Taken, match="active"):
        await rules.accept(loan.id, by=owner, now=NOON)
    await Person.update({Person.state: "active"}).where(Person.id == loan.borrower)

    broken = await an_item(by=owner, condition="broken")
    other = await a_loan(broken, stage=Stage.asked)
    with pytest.raises(Taken, match="at the moment"):
        await rules.accept(other.id, by=owner, now=NOON)


async def test_a_no_has_a_reason_which_they_read():
    item = await an_item()
    loan, owner = await asked(item), await owner_of(item)
    with pytest.raises(Refusal, match="say why"):
        await rules.decline(loan.id, " ", by=owner, now=NOON)

    await rules.decline(loan.id, "I paint my own walls", by=owner, now=NOON)

    [loan] = await now_of(loan)
    assert (loan.stage, loan.reason) == (Stage.declined, "I paint my own walls")
    assert "I paint my own walls" in (await told(await borrower_of(loan)))[0]
    with pytest.raises(Taken, match="over"):
        await rules.accept(loan.id, by=owner, now=NOON)


async def test_other_days_are_agreed_to_while_they_are_free():
    item = await an_item()
    loan, owner = await asked(item), await owner_of(item)
    first, last = TODAY + 10 * DAY, TODAY + 12 * DAY

    await rules.propose(loan.id, first, last, by=owner, now=NOON)
    agreed = await rules.agree_to(loan.id, by=await borrower_of(loan), now=NOON + DAY)

    assert (agreed.stage, agreed.first_on, agreed.due_on, agreed.proposed_first) == (Stage.accepted, first, last, None)
    assert await taken() == {loan.owner: 3}
    assert "other days" in (await told(await borrower_of(loan)))[0]
    assert "Agreed with" in (await told(owner))[-1]


async def test_other_days_that_are_anothers_are_refused_with_the_next_that_are_free():
    item = await an_item()
    loan, owner = await asked(item), await owner_of(item)
    await a_loan(item, first=TODAY + 10 * DAY)

    with pytest.raises(Taken, match="next that are free") as refused:
        await rules.propose(loan.id, TODAY + 12 * DAY, TODAY + 13 * DAY, by=owner, now=NOON)
    assert refused.value.sentence.values["days"].values["first"] == TODAY + 17 * DAY
    with pytest.raises(Refusal, match="days at most"):
        await rules.propose(loan.id, TODAY + 20 * DAY, TODAY + 40 * DAY, by=owner, now=NOON)

    await rules.propose(loan.id, TODAY + 20 * DAY, TODAY + 21 * DAY, by=owner, now=NOON)
    await a_loan(item, first=TODAY + 19 * DAY)
    with pytest.raises(Taken, match="next that are free"):
        await rules.agree_to(loan.id, by=await borrower_of(loan), now=NOON)


async def test_who_was_proposed_other_days_keeps_them_when_the_first_go_to_another():
    item = await an_item()
    ben, mei, owner = await asked(item), await asked(item), await owner_of(item)
    await rules.propose(mei.id, TODAY + 10 * DAY, TODAY + 12 * DAY, by=owner, now=NOON)

    await rules.accept(ben.id, by=owner, now=NOON)

    [mei] = await now_of(mei)
    assert (mei.in_line, mei.proposed_first) == (False, TODAY + 10 * DAY)
    assert (await rules.agree_to(mei.id, by=await borrower_of(mei), now=NOON)).stage == Stage.accepted


async def test_days_that_are_over_are_promised_to_nobody_and_waited_for_by_nobody():
    """Other days had been proposed, and the ask waits on for those."""
    item = await an_item()
    mei, owner = await asked(item, days(0, 1)), await owner_of(item)
    await rules.propose(mei.id, TODAY + 10 * DAY, TODAY + 12 * DAY, by=owner, now=NOON)
    tom = await rules.ask(item.id, days(9), by=await a_neighbour(), now=NOON + 2 * DAY)

    await rules.accept(tom.id, by=owner, now=NOON + 2 * DAY)

    [mei] = await now_of(mei)
    assert mei.waits(NOON + 2 * DAY)
    with pytest.raises(Taken, match="days are over"):
        await rules.accept(mei.id, by=owner, now=NOON + 2 * DAY)
    with pytest.raises(Taken, match="next that are free"):
        await rules.agree_to(mei.id, by=await borrower_of(mei), now=NOON + 2 * DAY)


async def test_who_needs_it_no_longer_says_so_and_the_owner_hears_it():
    item = await an_item()
    loan = await asked(item)

    await rules.withdraw(loan.id, by=await borrower_of(loan), now=NOON)

    assert (await now_of(loan))[0].stage == Stage.withdrawn
    [only] = await told(await owner_of(item))
    assert "No longer needed" in only
    assert (await asked(item)).waits(NOON)


@pytest.mark.parametrize(("side", "stage"), [("borrower", Stage.withdrawn), ("owner", Stage.declined)])
async def test_either_side_calls_it_off_and_the_days_are_free_and_contact_ends(side, stage):
    item = await an_item(policy=Policy.at_once)
    loan = await asked(item)
    owner, borrower = await owner_of(item), await borrower_of(loan)
    assert await rules.contact_in(loan, by=owner, now=NOON)
    assert await rules.contact_in(loan, by=borrower, now=NOON)

    await rules.call_off(loan.id, "The rain", by=owner if side == "owner" else borrower, now=NOON)

    [loan] = await now_of(loan)
    assert (loan.stage, await taken()) == (stage, {})
    assert await rules.contact_in(loan, by=owner, now=NOON) is None
    assert "The rain" in (await told(borrower if side == "owner" else owner))[-1]


async def test_a_yes_that_slipped_out_is_taken_back_for_all_whom_it_moved():
    item = await an_item()
    ben, mei, owner = await asked(item), await asked(item), await owner_of(item)
    await rules.accept(ben.id, by=owner, now=NOON)
    with pytest.raises(Missing):
        await rules.undo_answer(ben.id, by=await borrower_of(ben), now=NOON)

    await rules.undo_answer(ben.id, by=owner, now=NOON + 8 * SECOND)

    assert [(each.stage, each.until_at) for each in await now_of(ben, mei)] == [(Stage.asked, NOON + 5 * DAY)] * 2
    assert await taken() == {}
    assert await Waiting.count().where(Waiting.ended_at.is_null()) == 0
    [slip] = await told(await borrower_of(ben))
    assert "slip" in slip
    assert await told(await borrower_of(mei)) == []
    await rules.accept(mei.id, by=owner, now=NOON + 20 * SECOND)
    assert [each.stage for each in await now_of(ben, mei)] == [Stage.asked, Stage.accepted]


async def test_a_no_is_taken_back_within_seconds_and_not_later():
    item = await an_item()
    loan, owner = await asked(item), await owner_of(item)
    await rules.decline(loan.id, "No", by=owner, now=NOON)
    with pytest.raises(Taken, match="too late"):
        await rules.undo_answer(loan.id, by=owner, now=NOON + 13 * SECOND)

    await rules.undo_answer(loan.id, by=owner, now=NOON + SECOND)

    [loan] = await now_of(loan)
    assert (loan.stage, loan.reason) == (Stage.asked, "")
    with pytest.raises(Taken, match="nothing of yours"):
        await rules.undo_answer(loan.id, by=owner, now=NOON + SECOND)


async def test_nobody_undoes_what_another_keeper_said():
    one, two = await a_neighbour(), await a_neighbour()
    item = await an_item(keepers=[one, two])
    loan = await asked(item)
    await rules.accept(loan.id, by=one, now=NOON)

    with pytest.raises(Taken, match="nothing of yours"):
        await rules.undo_answer(loan.id, by=two, now=NOON)


async def test_of_a_household_each_member_answers_and_one_of_them_is_reached():
    home = await a_household()
    ana, ben = await a_person(home=home), await a_person(home=home)
    item = await an_item(household=home.id)
    loan = await asked(item)
    assert len(await told(ana)) == len(await told(ben)) == 1

    await rules.accept(loan.id, by=ben, now=NOON)

    [loan] = await now_of(loan)
    assert (await rules.contact_in(loan, by=await borrower_of(loan), now=NOON)).name == ben.name
    assert (await rules.contact_in(loan, by=ben, now=NOON)).name == loan.borrower_name
    assert await rules.contact_in(loan, by=ana, now=NOON) is None
    assert await told(ana) == []


async def test_an_ask_that_nobody_answers_runs_out():
    item = await an_item()
    loan = await asked(item)
    await later.run_due(JOBS, NOON + 4 * DAY)
    assert (await now_of(loan))[0].stage == Stage.asked

    await later.run_due(JOBS, NOON + 5 * DAY)

    assert (await now_of(loan))[0].stage == Stage.expired
    assert len(await told(await borrower_of(loan))) == 1
    assert await told(await owner_of(item)) == []


async def test_what_was_promised_and_never_handed_over_ends_with_its_last_day():
    item = await an_item(policy=Policy.at_once)
    loan = await asked(item)
    await later.run_due(JOBS, NOON + 6 * DAY)
    assert (await now_of(loan))[0].stage == Stage.accepted

    await later.run_due(JOBS, NOON + 7 * DAY)

    [loan] = await now_of(loan)
    assert (loan.stage, await taken()) == (Stage.expired, {})
    assert "Nobody handed it over" in (await told(await owner_of(item)))[-1]


async def test_the_timeline_says_what_happened_and_what_comes():
    item = await an_item()
    loan, owner = await asked(item, name="Ben"), await owner_of(item)
    await rules.accept(loan.id, by=owner, now=NOON)
    [loan] = await now_of(loan)

    rows = rules.timeline(loan, await rules.steps_of(loan.id), rules.Side.keeper, turn=None, reader=owner.id, now=NOON)

    assert [str(each.title) for each in rows] == [
        "Ben asked for it", "You said yes", "Agree when to meet, and hand it over", "It comes back",
    ]  # fmt: skip
    assert await LoanStep.count() == 2
