"""A thing changes hands: what goes along, a code for a minute, or both sides' word; and never into two hands."""

import asyncio
import json
from datetime import timedelta

import pytest

from app.db import Clash, writing
from app.features.notices.tables import Notice
from app.features.people.rules import neighbour
from app.features.sharing import rules
from app.features.sharing.rules import Back, Goes
from app.features.sharing.rules.codes import TRIES, shown_code
from app.features.sharing.rules.lent import lent, steps_of
from app.features.sharing.rules.reach import thing
from app.features.sharing.tables import Condition, Did, HandoverCode, Item, ItemStep, Loan, Stage, State
from app.kit import slots
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.tables import Picture, Slot
from app.kit.words import kept
from tests.kit.test_pictures import HTML, a_photo, files, uploads  # noqa: F401
from tests.sharing import DAY, NOON, TODAY, a_gift, a_loan, a_neighbour, a_person, an_item, owner_of

LADDER = json.dumps(["Ladder", "Rope", "Hook"])
SECOND = timedelta(seconds=1)


async def an_agreed_loan(**said):
    item = await an_item(parts=LADDER)
    loan = await a_loan(item, **said)
    return loan, await owner_of(item), await neighbour(loan.borrower)


async def the_code(loan, by, now=NOON) -> str:
    await rules.show_code(loan.id, by=by, now=now)
    shown = await shown_code(loan.id, by=by, now=now)
    assert shown is not None
    return shown.code


async def steps(loan) -> list[str]:
    return [each.did for each in await steps_of(loan.id)]


async def told(person) -> list[str]:
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [str(kept(row["sentence"])) for row in rows]


async def test_a_code_that_the_keeper_shows_and_the_borrower_types_hands_it_over(database):
    loan, keeper, ana = await an_agreed_loan()
    code = await the_code(loan, keeper)
    assert len(code) == 6 and code.isdigit()
    await rules.type_code(loan.id, f" {code[:3]} {code[3:]}", by=ana, now=NOON + 59 * SECOND)

    now = await lent(loan.id)
    assert (now.stage, now.handed_at) == (Stage.out, NOON + 59 * SECOND)
    assert json.loads(now.parts_out) == ["Ladder", "Rope", "Hook"] and now.condition_out == "good"
    assert await steps(loan) == [Did.handed]
    assert [row["did"] for row in await ItemStep.select(ItemStep.did)] == [Did.handed]
    assert [row["by"] for row in await ItemStep.select(ItemStep.by)] == [None], "neighbours do not read who has it"
    assert await HandoverCode.count() == 0
    assert await told(keeper) == ["Handed over: Ladder, until 2026-05-07."] and await told(ana) == []


async def test_the_borrower_may_be_the_one_who_shows(database):
    loan, keeper, ana = await an_agreed_loan()
    await rules.type_code(loan.id, await the_code(loan, ana), by=keeper, now=NOON)
    assert (await lent(loan.id)).stage == Stage.out


async def test_a_code_is_good_once_and_for_a_minute(database):
    loan, keeper, ana = await an_agreed_loan()
    code = await the_code(loan, keeper)
    with pytest.raises(Refusal, match="lives for a minute"):
        await rules.type_code(loan.id, code, by=ana, now=NOON + 60 * SECOND)
    assert await shown_code(loan.id, by=keeper, now=NOON + 60 * SECOND) is None
    code = await the_code(loan, keeper, NOON + 61 * SECOND)
    await rules.type_code(loan.id, code, by=ana, now=NOON + 62 * SECOND)
    with pytest.raises(Taken, match="handed over already"):
        await rules.type_code(loan.id, code, by=ana, now=NOON + 63 * SECOND)


async def test_a_new_code_puts_the_old_one_out(database):
    loan, keeper, ana = await an_agreed_loan()
    old = await the_code(loan, keeper)
    new = await the_code(loan, keeper, NOON + SECOND)
    with pytest.raises(Refusal, match="not the code"):
        await rules.type_code(loan.id, old, by=ana, now=NOON + SECOND)
    await rules.type_code(loan.id, new, by=ana, now=NOON + SECOND)


def not_(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


async def test_after_a_few_wrong_tries_the_right_code_is_of_no_use_either(database):
    loan, keeper, ana = await an_agreed_loan()
    code = await the_code(loan, keeper)
    for _ in range(TRIES):
        with pytest.raises(Refusal, match="not the code") as wrong:
            await rules.type_code(loan.id, not_(code), by=ana, now=NOON)
        assert wrong.value.beside == "code"
    with pytest.raises(Refusal, match="wrong too often"):
        await rules.type_code(loan.id, code, by=ana, now=NOON)
    assert await shown_code(loan.id, by=keeper, now=NOON) is None, "it is not shown any more either"
    await rules.type_code(loan.id, await the_code(loan, keeper, NOON + SECOND), by=ana, now=NOON + SECOND)


async def test_many_who_guess_at_once_have_no_more_tries_than_one(database):
    loan, keeper, ana = await an_agreed_loan()
    code = await the_code(loan, keeper)
    guesses = [rules.type_code(loan.id, not_(code), by=ana, now=NOON) for _ in range(20)]
    said = [str(each) for each in await asyncio.gather(*guesses, return_exceptions=True)]
    assert sum("not the code" in each for each in said) <= TRIES
    with pytest.raises(Refusal, match="wrong too often"):
        await rules.type_code(loan.id, code, by=ana, now=NOON)


async def test_the_database_keeps_the_fingerprint_and_shows_it_to_nobody_else(database):
    loan, keeper, ana = await an_agreed_loan()
    code = await the_code(loan, keeper)
    [row] = await HandoverCode.select()
    assert code not in row["code"] and len(row["code"]) == 64
    assert await shown_code(loan.id, by=ana, now=NOON) is None


async def test_the_side_that_shows_it_does_not_type_it_and_a_stranger_spoils_nothing(database):
    loan, keeper, ana = await an_agreed_loan()
    code, mallory = await the_code(loan, keeper), await a_neighbour()
    with pytest.raises(NotYours, match="other side"):
        await rules.type_code(loan.id, code, by=keeper, now=NOON)
    for _ in range(TRIES + 1):
        with pytest.raises(Missing):
            await rules.type_code(loan.id, "000000", by=mallory, now=NOON)
    with pytest.raises(Missing):
        await rules.show_code(loan.id, by=mallory, now=NOON)
    await rules.type_code(loan.id, code, by=ana, now=NOON)


async def test_both_say_so_without_a_code(database):
    loan, keeper, ana = await an_agreed_loan()
    assert await rules.confirm(loan.id, by=keeper, now=NOON) is False
    assert await rules.confirm(loan.id, by=keeper, now=NOON) is False, "twice the same is one word"
    assert (await lent(loan.id)).stage == Stage.accepted
    assert await told(ana) == [f"{keeper.name} says that you have Ladder. Is that so?"]
    assert await rules.confirm(loan.id, by=ana, now=NOON) is True
    assert (await lent(loan.id)).stage == Stage.out


async def test_another_list_makes_a_word_void(database):
    loan, keeper, ana = await an_agreed_loan()
    await rules.confirm(loan.id, by=keeper, now=NOON)
    await rules.tick_off(loan.id, Goes(("Hook", "Ladder", "A hammer"), Condition.worn), by=ana, now=NOON)
    assert await rules.confirm(loan.id, by=ana, now=NOON) is False
    assert await rules.confirm(loan.id, by=keeper, now=NOON) is True
    now = await lent(loan.id)
    assert json.loads(now.parts_out) == ["Ladder", "Hook"] and now.condition_out == "worn"


async def test_a_code_is_good_for_the_list_under_which_it_was_shown_and_for_no_other(database):
    loan, keeper, ana = await an_agreed_loan()
    whole = Goes(("Ladder", "Rope", "Hook"))
    code = await the_code(loan, keeper)
    for _ in range(2):
        await rules.tick_off(loan.id, whole, by=ana, now=NOON)
        assert await shown_code(loan.id, by=keeper, now=NOON), "the same list once more changes nothing"
    await rules.tick_off(loan.id, Goes(("Ladder",), Condition.worn), by=ana, now=NOON)
    assert await shown_code(loan.id, by=keeper, now=NOON) is None
    with pytest.raises(Refusal, match="There is no code now"):
        await rules.type_code(loan.id, code, by=ana, now=NOON)
    assert (await lent(loan.id)).stage == Stage.accepted


async def test_both_type_the_code_at_once_and_it_changes_hands_once(database):
    loan, keeper, ana = await an_agreed_loan()
    code = await the_code(loan, keeper)
    typing = [rules.type_code(loan.id, code, by=ana, now=NOON) for _ in range(2)]
    said = await asyncio.gather(*typing, rules.confirm(loan.id, by=keeper, now=NOON), return_exceptions=True)
    assert sum(each is None for each in said[:2]) == 1
    assert sum(isinstance(each, Taken) for each in said[:2]) == 1, said
    assert await steps(loan) == [Did.handed] and len(await ItemStep.select()) == 1


async def test_both_say_so_at_once_and_it_changes_hands(database):
    loan, keeper, ana = await an_agreed_loan()
    both = [rules.confirm(loan.id, by=each, now=NOON) for each in (keeper, ana)]
    assert sorted(await asyncio.gather(*both)) == [False, True]
    assert await steps(loan) == [Did.handed]


async def test_a_gift_is_given_and_gone_with_the_handover(database):
    gift = await a_gift()
    loan = await a_loan(gift)
    keeper, ana = await owner_of(gift), await neighbour(loan.borrower)
    await rules.type_code(loan.id, await the_code(loan, keeper), by=ana, now=NOON)
    now = await lent(loan.id)
    assert (now.stage, now.contact_until) == (Stage.given, NOON + timedelta(hours=24))
    assert (await thing(gift.id)).state == State.gone
    assert await told(keeper) == ["Given away: Pram."]
    with pytest.raises(Taken):
        await rules.bring_back(loan.id, Back(), by=ana, now=NOON)


async def test_what_somebody_else_still_has_is_handed_to_nobody(database):
    item = await an_item()
    keeper, first = await owner_of(item), await a_loan(item, first=TODAY - 9 * DAY, days=7, stage=Stage.out)
    late = await a_loan(item)
    with pytest.raises(Taken, match="Somebody else still has it") as still:
        await rules.confirm(late.id, by=keeper, now=NOON)
    assert still.value.way and still.value.way[0] == first.path
    with pytest.raises(Taken, match="Somebody else still has it") as still:
        await rules.confirm(late.id, by=await neighbour(late.borrower), now=NOON)
    assert still.value.way is None, "who has it is not for the next"
    with pytest.raises(Taken, match="Somebody else still has it"):
        await rules.show_code(late.id, by=keeper, now=NOON)

    ana = await neighbour(first.borrower)
    await rules.bring_back(first.id, Back(), by=ana, now=NOON)
    await rules.type_code(late.id, await the_code(late, keeper), by=await neighbour(late.borrower), now=NOON)
    assert (await lent(first.id)).stage == Stage.back, "it went on from here, so it had come home"
    assert (await lent(late.id)).stage == Stage.out


async def test_the_index_keeps_it_out_of_two_hands_whatever_a_rule_says(database):
    item = await an_item()
    await a_loan(item, stage=Stage.out, days=2)
    second = Loan(item=item.id, borrower=(await a_neighbour()).id, stage=Stage.out, stage_at=NOON, asked_at=NOON)
    with pytest.raises(Clash):
        async with writing():
            await Loan.insert(second)


async def test_it_may_go_early_while_the_days_before_are_nobodys(database):
    item = await an_item()
    keeper = await owner_of(item)
    loan = await a_loan(item, first=TODAY + 3 * DAY, days=2)
    ana = await neighbour(loan.borrower)
    await rules.confirm(loan.id, by=keeper, now=NOON)
    assert await rules.confirm(loan.id, by=ana, now=NOON)
    taken = (await slots.taken([item.thing], slots.days(TODAY, TODAY + 9 * DAY)))[item.thing]
    assert taken == set(slots.days(TODAY, TODAY + 4 * DAY))
    assert (await lent(loan.id)).due_on == TODAY + 4 * DAY


async def test_it_does_not_go_early_into_days_that_are_anothers(database):
    item = await an_item()
    keeper, other = await owner_of(item), await a_loan(item, days=2)
    loan = await a_loan(item, first=TODAY + 3 * DAY, days=2)
    await rules.confirm(loan.id, by=keeper, now=NOON)
    with pytest.raises(Taken, match="It is yours from 2026-05-04 on"):
        await rules.confirm(loan.id, by=await neighbour(loan.borrower), now=NOON)
    assert await Slot.count().where(Slot.owner == other.owner) == 2
    assert (await lent(loan.id)).stage == Stage.accepted


async def test_after_its_days_it_is_asked_for_anew(database):
    loan, keeper, _ = await an_agreed_loan(days=2)
    with pytest.raises(Taken, match="Its days are over"):
        await rules.show_code(loan.id, by=keeper, now=NOON + 2 * DAY)


async def test_only_what_is_agreed_changes_hands(database):
    item = await an_item()
    loan = await a_loan(item, stage=Stage.asked)
    for act in (rules.show_code, rules.confirm):
        with pytest.raises(Refusal):
            await act(loan.id, by=await owner_of(item), now=NOON)


async def test_how_it_looks_is_for_the_two_sides_alone(database, uploads):  # noqa: F811
    loan, keeper, ana = await an_agreed_loan()
    await rules.add_loan_photo(loan.id, a_photo(), "No scratches", by=keeper, now=NOON)
    assert await rules.may_see_loan_photo(ana, loan.path) and await rules.may_see_loan_photo(keeper, loan.path)
    for other in (await a_neighbour(), await a_person(state="suspended")):
        assert not await rules.may_see_loan_photo(other, loan.path)
    for page in ("/loans/999", "/loans/", "/loans/x", f"{loan.path}/handover"):
        assert not await rules.may_see_loan_photo(ana, page)
    with pytest.raises(Missing):
        await rules.add_loan_photo(loan.id, a_photo(), "Mine", by=await a_neighbour(), now=NOON)


@pytest.mark.parametrize(
    ("upload", "words", "beside"), [(HTML, "It", "photo"), (a_photo(), " ", "photo_words"), (b"", "It", "photo")]
)
async def test_of_what_is_no_photo_nothing_is_kept(database, uploads, upload, words, beside):  # noqa: F811
    loan, keeper, _ = await an_agreed_loan()
    with pytest.raises(Refusal) as no:
        await rules.add_loan_photo(loan.id, upload, words, by=keeper, now=NOON)
    assert no.value.beside == beside and await Picture.count() == 0 and files() == []


async def test_a_photo_goes_until_it_has_changed_hands_and_stays_then(database, uploads):  # noqa: F811
    loan, keeper, ana = await an_agreed_loan()
    gone = await rules.add_loan_photo(loan.id, a_photo(), "Blurred", by=keeper, now=NOON)
    with pytest.raises(Missing):
        await rules.remove_loan_photo(loan.id, gone, by=ana, now=NOON)
    await rules.remove_loan_photo(loan.id, gone, by=keeper, now=NOON)
    stays = await rules.add_loan_photo(loan.id, a_photo(), "No scratches", by=keeper, now=NOON)
    await rules.type_code(loan.id, await the_code(loan, keeper), by=ana, now=NOON + SECOND)
    with pytest.raises(Taken, match="both of you go by it"):
        await rules.remove_loan_photo(loan.id, stays, by=keeper, now=NOON + 2 * SECOND)
    assert await Picture.count() == 1


async def test_a_things_keeper_is_its_household_or_its_keepers(database):
    keeper = await a_neighbour()
    item = await an_item(keepers=[keeper])
    loan = await a_loan(item)
    await rules.confirm(loan.id, by=keeper, now=NOON)
    assert await rules.confirm(loan.id, by=await neighbour(loan.borrower), now=NOON)
    assert (await Item.select(Item.state).first())["state"] == State.offered
