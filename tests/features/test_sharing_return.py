"""Home again: the keeper's word, the borrower's word, and the clock's; then thanks, and a little longer in touch."""

import asyncio
import json
from datetime import timedelta

import pytest

from app.features.moderation import rules as moderation
from app.features.notices.tables import Notice
from app.features.people.rules import neighbour
from app.features.sharing import jobs, rules
from app.features.sharing.rules import Back
from app.features.sharing.rules.lent import lent, steps_of
from app.features.sharing.rules.reach import thing
from app.features.sharing.tables import Condition, Did, ItemStep, Loan, Stage
from app.kit import later, slots
from app.kit.refusals import Refusal, Taken
from app.kit.words import kept
from tests.sharing import DAY, NOON, TODAY, a_gift, a_loan, a_neighbour, an_item, in_line, is_offered, owner_of

PARTS = json.dumps(["Ladder", "Rope"])
WHOLE = Back(("Ladder", "Rope"))
SECOND = timedelta(seconds=1)


async def out(**said):
    """A week from today on, handed over with both its parts."""
    item = await an_item(parts=PARTS, **{key: said.pop(key) for key in ("gap",) if key in said})
    usual = {"stage": Stage.out, "parts_out": PARTS, "condition_out": Condition.good}
    loan = await a_loan(item, **{**usual, **said})
    return item, loan, await owner_of(item), await neighbour(loan.borrower)


async def days_of(loan) -> set[int]:
    used = await slots.used([loan.thing], slots.days(TODAY - 30 * DAY, TODAY + 60 * DAY))
    return {each.slot for each in used if each.owner == loan.owner}


async def told(person) -> list[str]:
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [str(kept(row["sentence"])) for row in rows]


async def test_the_keepers_word_is_final_at_once(database):
    _, loan, keeper, ana = await out()
    assert await rules.bring_back(loan.id, WHOLE, by=keeper, now=NOON) is True
    now = await lent(loan.id)
    assert (now.stage, now.returned_at, now.contact_until) == (Stage.back, NOON, NOON + timedelta(hours=24))
    assert await told(ana) == ["Back again: Ladder. Thank you!"] and await told(keeper) == []
    [row] = await ItemStep.select()
    assert (row["did"], row["loan"], row["by"]) == (Did.returned, loan.id, keeper.id)


async def test_days_after_today_are_given_back_and_the_line_is_offered_them(database):
    item, loan, keeper, _ = await out()
    waits = await in_line(item, first=TODAY + 3 * DAY)
    await rules.bring_back(loan.id, WHOLE, by=keeper, now=NOON + 2 * DAY)
    assert await days_of(loan) == set(slots.days(TODAY, TODAY + 2 * DAY))
    assert await is_offered(waits)


async def test_the_days_after_it_that_are_nobodys_come_along(database):
    _, loan, keeper, _ = await out(gap=2)
    await rules.bring_back(loan.id, WHOLE, by=keeper, now=NOON + 2 * DAY)
    assert await days_of(loan) == set(slots.days(TODAY, TODAY + 4 * DAY))


async def test_on_the_last_day_there_is_nothing_to_offer(database):
    item, loan, keeper, _ = await out()
    waits = await in_line(item, first=TODAY + 6 * DAY, days=1)
    await rules.bring_back(loan.id, WHOLE, by=keeper, now=NOON + 6 * DAY)
    assert await days_of(loan) == set(slots.days(TODAY, TODAY + 6 * DAY)) and not await is_offered(waits)


async def test_the_borrowers_word_asks_the_keeper_and_the_days_stay_until_then(database):
    item, loan, keeper, ana = await out()
    waits = await in_line(item, first=TODAY + 3 * DAY)
    assert await rules.bring_back(loan.id, WHOLE, by=ana, now=NOON) is False
    now = await lent(loan.id)
    assert (now.stage, now.returned_at, now.said_back) == (Stage.out, NOON, True) and not await is_offered(waits)
    assert await told(keeper) == [f"{ana.name} says that it is back: Ladder. Please look at it and confirm."]

    await rules.confirm_back(loan.id, by=keeper, now=NOON + DAY)
    now = await lent(loan.id)
    assert (now.stage, now.returned_at) == (Stage.back, NOON), "it came when the borrower said"
    assert await days_of(loan) == {TODAY.toordinal()} and await is_offered(waits)
    assert [each.did for each in await steps_of(loan.id)] == [Did.returned, Did.returned]
    assert await ItemStep.count() == 1


async def test_after_three_days_it_counts_by_itself(database):
    item, loan, keeper, ana = await out()
    waits = await in_line(item, first=TODAY + 5 * DAY)
    await rules.bring_back(loan.id, WHOLE, by=ana, now=NOON)
    await later.run_due(jobs.JOBS, NOON + 3 * DAY - SECOND)
    await rules.count_back(loan.id, now=NOON + 3 * DAY - SECOND)
    assert (await lent(loan.id)).stage == Stage.out
    await later.run_due(jobs.JOBS, NOON + 3 * DAY)
    assert (await lent(loan.id)).stage == Stage.back and await is_offered(waits)
    await rules.count_back(loan.id, now=NOON + 4 * DAY)
    assert [each.by for each in await steps_of(loan.id)] == [ana.id, None], "the clock counts it once"
    with pytest.raises(Taken, match="back already"):
        await rules.bring_back(loan.id, WHOLE, by=keeper, now=NOON + 4 * DAY)


async def test_what_the_keeper_does_not_have_is_out_as_before(database):
    item, loan, keeper, ana = await out()
    waits = await in_line(item, first=TODAY + 5 * DAY)
    await rules.bring_back(loan.id, Back(("Ladder",), Condition.worn, "A scratch"), by=ana, now=NOON)
    await rules.deny_back(loan.id, by=keeper, now=NOON + SECOND)
    now = await lent(loan.id)
    assert (now.stage, now.returned_at, now.damage, now.condition_back) == (Stage.out, None, "", "")
    assert await told(ana) == [f"{keeper.name} does not have Ladder yet. Please talk to each other."]
    await later.run_due(jobs.JOBS, NOON + 4 * DAY)
    await rules.count_back(loan.id, now=NOON + 4 * DAY)
    await rules.count_back(999, now=NOON + 4 * DAY)
    assert (await lent(loan.id)).stage == Stage.out and not await is_offered(waits)


async def test_the_other_side_does_not_confirm_for_the_keeper(database):
    _, loan, keeper, ana = await out()
    with pytest.raises(Taken, match="Nobody has said"):
        await rules.confirm_back(loan.id, by=keeper, now=NOON)
    await rules.bring_back(loan.id, WHOLE, by=ana, now=NOON)
    for act in (rules.confirm_back, rules.deny_back):
        with pytest.raises(Refusal):
            await act(loan.id, by=ana, now=NOON)
    with pytest.raises(Taken, match="You have said that it is back"):
        await rules.bring_back(loan.id, WHOLE, by=ana, now=NOON)


async def test_the_keepers_own_look_stands_above_the_borrowers_word(database):
    item, loan, keeper, ana = await out()
    await rules.bring_back(loan.id, WHOLE, by=ana, now=NOON)
    await rules.bring_back(loan.id, Back(("Ladder",), Condition.worn, "A rung is loose"), by=keeper, now=NOON + DAY)
    now = await lent(loan.id)
    assert (now.condition_back, now.damage, json.loads(now.parts_back)) == ("worn", "A rung is loose", ["Ladder"])
    assert (await thing(item.id)).condition == Condition.worn


async def test_what_is_missing_and_what_happened_to_it_are_said(database):
    _, loan, keeper, ana = await out()
    await rules.bring_back(loan.id, Back(("Ladder",), Condition.worn, "A scratch"), by=ana, now=NOON)
    [word] = await told(keeper)
    assert "Missing: Rope." in word and "Damage: “A scratch”" in word
    await rules.confirm_back(loan.id, by=keeper, now=NOON)
    assert "Missing: Rope." in (await told(ana))[-1]
    kept_in_history = {row["did"]: row["words"] for row in await ItemStep.select()}
    assert kept_in_history == {Did.returned: "Rope", Did.damaged: "A scratch"}


async def test_two_who_say_that_it_is_back_at_once(database):
    item, loan, keeper, ana = await out()
    waits = await in_line(item, first=TODAY + 3 * DAY)
    saying = [rules.bring_back(loan.id, WHOLE, by=each, now=NOON) for each in (keeper, ana, keeper)]
    said = await asyncio.gather(*saying, return_exceptions=True)
    assert sum(each is True for each in said) == 1
    assert all(each in (True, False) or isinstance(each, Taken) for each in said), said
    assert (await lent(loan.id)).stage == Stage.back
    assert await ItemStep.count().where(ItemStep.did == Did.returned) == 1 and await is_offered(waits)


async def test_whoever_is_thankful_says_so_once_and_neighbours_read_it(database):
    item, loan, keeper, ana = await out()
    with pytest.raises(Refusal):
        await rules.thank(loan.id, "Lovely", by=ana, now=NOON)
    await rules.bring_back(loan.id, WHOLE, by=keeper, now=NOON)
    with pytest.raises(Refusal):
        await rules.thank(loan.id, "Lovely", by=keeper, now=NOON)
    thanking = [rules.thank(loan.id, "Lovely", by=ana, now=NOON) for _ in range(3)]
    said = await asyncio.gather(*thanking, return_exceptions=True)
    assert sorted(str(each) for each in said) == ["None", *["You have said thank you already."] * 2]

    reader = await a_neighbour()
    [thanks] = await rules.thanks_for(item.id, reader=reader.id)
    assert (thanks.words, thanks.name, thanks.lang) == ("Lovely", ana.name, "en")
    await moderation.block(ana.id, by=reader, now=NOON)
    assert await rules.thanks_for(item.id, reader=reader.id) == []
    assert (await told(keeper))[-1] == f"{ana.name} thanks you: “Lovely”"


async def test_contact_stays_a_day_and_a_week_more_when_both_want_it(database):
    _, loan, keeper, ana = await out()
    await rules.bring_back(loan.id, WHOLE, by=keeper, now=NOON)
    await rules.prolong(loan.id, by=ana, now=NOON)
    assert (await lent(loan.id)).contact_until == NOON + DAY
    with pytest.raises(Refusal):
        await rules.prolong(loan.id, by=ana, now=NOON)
    await rules.prolong(loan.id, by=keeper, now=NOON + DAY - SECOND)
    now = await lent(loan.id)
    assert now.contact_until == NOON + 8 * DAY and now.shows_contact(NOON + 8 * DAY - SECOND)
    assert not now.shows_contact(NOON + 8 * DAY)


async def test_after_the_day_nobody_prolongs_it(database):
    _, loan, keeper, ana = await out()
    await rules.bring_back(loan.id, WHOLE, by=keeper, now=NOON)
    with pytest.raises(Refusal):
        await rules.prolong(loan.id, by=ana, now=NOON + DAY)


async def test_who_got_a_gift_says_thanks_and_does_not_bring_it_back(database):
    gift = await a_gift()
    loan = await a_loan(gift, stage=Stage.given)
    ana = await neighbour(loan.borrower)
    await rules.thank(loan.id, "她很喜欢", by=ana, now=NOON)
    [thanks] = await rules.thanks_for(gift.id, reader=ana.id)
    assert thanks.lang == "zh-Hans"
    assert (await Loan.select(Loan.stage).first())["stage"] == Stage.given
