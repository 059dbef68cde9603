"""What broke: whoever would have it next is told, somebody is asked to mend it, and then it is lent again."""

from datetime import timedelta

import pytest

from app.features.notices.tables import Notice
from app.features.people.rules import neighbour
from app.features.sharing import jobs, rules
from app.features.sharing.rules import Back
from app.features.sharing.rules.lent import lent
from app.features.sharing.rules.reach import thing
from app.features.sharing.tables import Condition, Did, ItemStep, Stage
from app.features.skills import rules as skills
from app.features.skills.tables import Ask, Category
from app.kit import later
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.tables import Slot
from app.kit.words import kept
from tests.makers import an_administrator
from tests.sharing import DAY, NOON, TODAY, a_loan, a_neighbour, an_item, in_line, is_offered, owner_of

HOUR = timedelta(hours=1)
RUNG = "A rung is broken"


async def something_like_it():
    """Another ladder, free on all days."""
    other = await an_item(name="Long ladder")
    await rules.index_items([other.id])
    return other


async def told(person_id) -> list[tuple[str, str]]:
    rows = await Notice.select().where(Notice.person == person_id).order_by(Notice.id)
    return [(str(kept(row["sentence"])), row["path"]) for row in rows]


async def history(item) -> list[str]:
    return [row["did"] for row in await ItemStep.select().where(ItemStep.item == item.id).order_by(ItemStep.id)]


async def two_ahead(item):
    """One who has days, and one who asks for some."""
    agreed = await a_loan(item, first=TODAY + 10 * DAY)
    return agreed, await a_loan(item, first=TODAY + 20 * DAY, stage=Stage.asked)


async def test_those_who_would_have_it_next_are_told_and_keep_their_days(database):
    item, other = await an_item(), await something_like_it()
    keeper, (agreed, asked) = await owner_of(item), await two_ahead(item)
    assert await rules.broke(item.id, RUNG, by=keeper, now=NOON) == 2
    assert (await thing(item.id)).condition == Condition.broken and await history(item) == [Did.broke]
    for each in (agreed, asked):
        [(words, path)] = await told(each.borrower)
        assert words.startswith("Ladder is broken.") and words.endswith("On your days this is free: Long ladder.")
        assert path == other.path
    assert (await lent(agreed.id)).stage == Stage.accepted and await Slot.count().where(Slot.owner == agreed.owner) == 7
    with pytest.raises(Taken):
        await rules.broke(item.id, RUNG, by=keeper, now=NOON)


async def test_where_nothing_like_it_is_free_the_word_leads_to_the_loan(database):
    item = await an_item()
    agreed, _ = await two_ahead(item)
    await rules.broke(item.id, RUNG, by=await owner_of(item), now=NOON)
    [(words, path)] = await told(agreed.borrower)
    assert words == "Ladder is broken. You hear when it is mended, or if it cannot be in time." and path == agreed.path


async def test_it_comes_back_broken_and_the_next_hears_of_it(database):
    item = await an_item()
    keeper, loan = await owner_of(item), await a_loan(item, stage=Stage.out)
    agreed, _ = await two_ahead(item)
    waits = await in_line(item, first=TODAY + DAY)
    ana = await neighbour(loan.borrower)
    await rules.bring_back(loan.id, Back((), Condition.broken, RUNG), by=ana, now=NOON)
    assert await told(agreed.borrower) == [], "not before its keeper has looked"
    await rules.confirm_back(loan.id, by=keeper, now=NOON)
    assert (await thing(item.id)).condition == Condition.broken
    assert len(await told(agreed.borrower)) == 1
    assert not await is_offered(waits), "what is broken is offered to nobody"
    assert await history(item) == [Did.returned, Did.broke]
    assert (await ItemStep.select().where(ItemStep.did == Did.broke).first())["words"] == RUNG


async def test_days_go_only_when_the_keeper_says_so(database):
    item = await an_item()
    keeper, (agreed, asked) = await owner_of(item), await two_ahead(item)
    waits = await in_line(item, first=agreed.first_on)
    with pytest.raises(Refusal):
        await rules.let_days_go(item.id, "", by=keeper, now=NOON)
    await rules.broke(item.id, RUNG, by=keeper, now=NOON)
    assert await rules.let_days_go(item.id, "No spare part", by=keeper, now=NOON) == 2
    for each in (agreed, asked):
        now = await lent(each.id)
        assert (now.stage, now.reason) == (Stage.declined, "No spare part")
        assert not now.shows_contact(NOON)
        assert (await told(each.borrower))[-1][0].startswith("Ladder cannot be mended in time.")
    assert await Slot.count() == 0 and not await is_offered(waits)


async def test_neighbours_who_can_mend_things_are_asked_with_one_tap_and_once(database):
    item, mender = await an_item(), await a_neighbour()
    await skills.offer(skills.Offer(words="I mend ladders", category=Category.repairs), by=mender, now=NOON)
    await skills.refresh_all()
    keeper = await owner_of(item)
    with pytest.raises(Refusal, match="not marked as broken"):
        await rules.ask_repair(item.id, "Who can mend it?", by=keeper, now=NOON)
    await rules.broke(item.id, RUNG, by=keeper, now=NOON)
    words = str(rules.repair_words(item, await rules.care_of(item, now=NOON)))
    assert words == f"Who can mend this: Ladder? {RUNG}"
    ask, rung = await rules.ask_repair(item.id, words, by=keeper, now=NOON)
    assert rung == 1 and [path for _, path in await told(mender.id)] == [f"/asks/{ask}"]
    with pytest.raises(Taken, match="asked already"):
        await rules.ask_repair(item.id, words, by=keeper, now=NOON)
    await rules.mended(item.id, by=keeper, now=NOON)
    await rules.broke(item.id, "Again", by=keeper, now=NOON)
    await rules.ask_repair(item.id, words, by=keeper, now=NOON)
    assert await Ask.count() == 2
    broke, asked, mended = Did.broke, Did.repair_asked, Did.mended
    assert await history(item) == [broke, asked, mended, broke, asked]


async def test_mended_it_can_be_had_again_and_those_who_waited_hear_that_all_stands(database):
    item = await an_item()
    keeper, (agreed, _) = await owner_of(item), await two_ahead(item)
    waits = await in_line(item)
    await rules.broke(item.id, RUNG, by=keeper, now=NOON)
    assert not (await thing(item.id)).may_be_had(NOON)
    await rules.mended(item.id, by=keeper, now=NOON)
    assert (await thing(item.id)).may_be_had(NOON) and await is_offered(waits)
    assert (await told(agreed.borrower))[-1] == ("Ladder is mended. All stands as it was.", agreed.path)
    with pytest.raises(Refusal):
        await rules.mended(item.id, by=keeper, now=NOON)


async def test_whoever_was_offered_it_when_it_broke_is_offered_it_first_when_it_is_mended(database):
    item = await an_item()
    keeper, ben, mei = await owner_of(item), await in_line(item), await in_line(item)
    await rules.offer_next(item.id, now=NOON)
    assert await is_offered(ben)
    assert await rules.broke(item.id, RUNG, by=keeper, now=NOON + HOUR) == 2
    for each in (ben, mei):
        only = [("Ladder is broken. You keep your place in the waiting line.", each.path)]
        assert await told(each.borrower) == only and not await is_offered(each)
    assert await Slot.count() == 0
    await later.run_due(jobs.JOBS, NOON + 25 * HOUR)
    assert (await lent(ben.id)).in_line

    await rules.mended(item.id, by=keeper, now=NOON + 26 * HOUR)
    assert (await is_offered(ben), await is_offered(mei)) == (True, False)
    assert "It is your turn" in (await told(ben.borrower))[-1][0]
    await rules.take_offer(ben.id, by=await neighbour(ben.borrower), now=NOON + 27 * HOUR)
    assert (await lent(ben.id)).waits(NOON + 27 * HOUR)


async def test_broken_for_good_whoever_waits_waits_until_their_last_day(database):
    item = await an_item()
    waits = await in_line(item)
    await rules.offer_next(item.id, now=NOON)
    await rules.broke(item.id, RUNG, by=await owner_of(item), now=NOON)
    await later.run_due(jobs.JOBS, NOON + 2 * DAY)
    assert (await lent(waits.id)).stage == Stage.expired


async def test_what_comes_home_good_while_it_is_marked_as_broken_stays_so_until_it_is_mended(database):
    item = await an_item()
    keeper, loan = await owner_of(item), await a_loan(item, stage=Stage.out)
    waits = await in_line(item, first=TODAY + DAY)
    await rules.broke(item.id, RUNG, by=keeper, now=NOON)
    await rules.bring_back(loan.id, Back(), by=keeper, now=NOON)
    assert (await thing(item.id)).condition == Condition.broken and not await is_offered(waits)


async def test_only_who_answers_for_it_says_that_it_is_broken(database):
    item, ana = await an_item(), await a_neighbour()
    for act, words in (
        (rules.broke, (RUNG,)),
        (rules.let_days_go, ("",)),
        (rules.ask_repair, (RUNG,)),
        (rules.mended, ()),
    ):
        with pytest.raises(NotYours):
            await act(item.id, *words, by=ana, now=NOON)
        with pytest.raises(Missing):
            await act(999, *words, by=ana, now=NOON)
    ours = await an_item(keepers=[ana])
    await rules.broke(ours.id, RUNG, by=ana, now=NOON)
    await rules.mended(ours.id, by=await an_administrator(), now=NOON)
