"""What becomes of things and loans when somebody leaves, is erased, blocks another, or is reported."""

import asyncio
import json
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from app import house
from app.features.moderation import rules as moderation
from app.features.moderation.tables import Measure, Rule
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import State
from app.features.sharing import rules
from app.features.sharing.rules import ending, kept, parting, reporting
from app.features.sharing.rules.lent import lent, move
from app.features.sharing.rules.reach import note, thing
from app.features.sharing.searches import ItemSearch, ItemSearchAnswer
from app.features.sharing.tables import Did, HandoverCode, Item, ItemKeeper, ItemStep, Loan, LoanStep, Stage
from app.kit import pictures, queue, slots
from app.kit.refusals import Missing, NotYours, Taken
from app.kit.tables import Picture, Slot, Waiting
from app.matters import MATTERS
from tests.kit.test_pictures import uploads  # noqa: F401
from tests.makers import an_administrator
from tests.sharing import DAY, NOON, TODAY, a_household, a_loan, a_neighbour, a_person, an_item, owner_of


async def told(person) -> list[str]:
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [json.loads(row["sentence"])["say"] for row in rows]


async def stage_of(loan) -> str:
    return (await lent(loan.id)).stage


async def days_held() -> int:
    return int(await Slot.count())


async def leaves(person) -> None:
    await people.begin_leaving(person.id, by=person.id, reason="", now=NOON)
    for step_back in house.STEP_BACK:
        await step_back(person.id, now=NOON)


async def is_erased(person) -> None:
    for forget in house.FORGET.values():
        await forget(person.id, now=NOON)


def a_picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "PNG")
    return out.getvalue()


async def a_search(person, **said) -> ItemSearch:
    row = ItemSearch(**{"person": person.id, "words": "A tent", "made_at": NOON, "until_at": NOON + 14 * DAY, **said})
    await row.save()
    return row


# --- Leaving


async def test_what_a_leaver_asked_for_and_was_promised_is_anothers_and_what_is_out_has_to_come_home():
    ben, ladder, drill, tent = await a_neighbour(), await an_item(), await an_item(), await an_item()
    asked = await a_loan(ladder, by=ben, stage=Stage.asked)
    promised = await a_loan(drill, by=ben)
    out = await a_loan(tent, by=ben, stage=Stage.out, days=2)
    await queue.join(ladder.thing, ben.id, slots.days(TODAY, TODAY), {}, now=NOON)
    search = await a_search(ben)
    await leaves(ben)

    assert [await stage_of(each) for each in (asked, promised, out)] == ["withdrawn", "withdrawn", "out"]
    assert await days_held() == 2 and await queue.waits_of(ben.id) == []
    assert len(await told(await owner_of(ladder))) == 1 == len(await told(await owner_of(drill)))
    assert "See that it comes home" in (await told(await owner_of(tent)))[0]
    assert (await ItemSearch.select(ItemSearch.stage).where(ItemSearch.id == search.id).first())["stage"] == "withdrawn"
    assert not (await lent(promised.id)).shows_contact(NOON)


async def test_what_a_leaver_lends_is_out_of_sight_and_those_who_asked_hear_so():
    ladder, ben, cat, dan = await an_item(), await a_neighbour(), await a_neighbour(), await a_neighbour()
    ana = await owner_of(ladder)
    asked = await a_loan(ladder, by=ben, first=TODAY + 60 * DAY, stage=Stage.asked)
    promised = await a_loan(ladder, by=cat, first=TODAY + 30 * DAY)
    out = await a_loan(ladder, by=dan, stage=Stage.out, days=3)
    over = await a_loan(await an_item(by=ana), by=ben, stage=Stage.back, contact_until=NOON + DAY)
    await leaves(ana)

    assert [await stage_of(each) for each in (asked, promised, out)] == ["declined", "declined", "out"]
    assert [len(await told(each)) for each in (ben, cat, dan)] == [1, 1, 1]
    assert await days_held() == 3 and not (await lent(over.id)).shows_contact(NOON)
    with pytest.raises(Missing):
        await rules.item_for(ladder.id, by=await a_neighbour())

    await people.stay(ana.id, by=ana.id, now=NOON + DAY)
    assert await rules.item_for(ladder.id, by=await a_neighbour()), "as it was when they stay after all"


async def test_a_household_goes_on_lending_while_somebody_lives_there():
    home = await a_household()
    ana, ben = await a_person(home=home), await a_person(home=home)
    grill, cat = await an_item(household=home.id, by=ana), await a_neighbour()
    loan = await a_loan(grill, by=cat, stage=Stage.asked)
    await leaves(ana)
    assert await stage_of(loan) == "asked" and await rules.item_for(grill.id, by=cat)
    await leaves(ben)
    assert await stage_of(loan) == "declined" and len(await told(cat)) == 1


@pytest.mark.parametrize("who_acts", ["leave", "block each other"])
async def test_two_who_lend_to_each_other_go_at_the_same_moment_and_neither_waits_for_the_other(who_acts):
    ana, ben = await a_neighbour(), await a_neighbour()
    ladder, drill = await an_item(by=ana), await an_item(by=ben)
    loans = [await a_loan(ladder, by=ben), await a_loan(drill, by=ana)]
    if who_acts == "leave":
        await asyncio.gather(*(parting.step_back(each.id, now=NOON) for each in (ana, ben)))
    else:
        await asyncio.gather(parting.part_ways(ana.id, ben.id, now=NOON), parting.part_ways(ben.id, ana.id, now=NOON))

    assert {await stage_of(each) for each in loans} <= {"withdrawn", "declined"} and await days_held() == 0
    assert await LoanStep.count() == 2, "each ended once"


async def test_what_has_ended_while_somebody_waited_for_it_does_not_end_again(monkeypatch):
    loan, hold = await a_loan(await an_item(), stage=Stage.asked), ending.hold_items

    async def meanwhile(items):
        await hold(items)
        await Loan.update({Loan.stage: Stage.declined}).where(Loan.id == loan.id)

    monkeypatch.setattr(ending, "hold_items", meanwhile)
    await parting.step_back(loan.borrower, now=NOON)
    assert await stage_of(loan) == "declined" and await LoanStep.count() == 0


# --- Erasure


async def test_what_somebody_lent_goes_with_its_loans_lines_days_and_photos():
    ladder, ben, cat = await an_item(name="Zzladder"), await a_neighbour(), await a_neighbour()
    ana = await owner_of(ladder)
    await rules.add_photo(ladder.id, a_picture(), "A ladder", by=ana, now=NOON)
    loan = await a_loan(ladder, by=ben, stage=Stage.out)
    await pictures.keep(a_picture(), owner=ben.id, page=loan.path, words="As it went", now=NOON)
    await HandoverCode.insert(HandoverCode(loan=loan.id, shown_by=ana.id, code="x", until_at=NOON))
    await queue.join(ladder.thing, cat.id, slots.days(TODAY, TODAY), {}, now=NOON)
    await note(ladder.id, Did.damaged, by=ben.id, now=NOON, words="A rung")
    await is_erased(ana)

    for table in (Item, Loan, LoanStep, ItemStep, HandoverCode, Picture, Waiting):
        assert await table.count() == 0, table
    assert await days_held() == 0
    assert not [each for each in await Notice.select() if "Zzladder" in each["sentence"]]


async def test_what_somebody_borrowed_goes_and_what_never_came_home_rests_and_its_owner_is_told():
    ladder, drill, ben = await an_item(), await an_item(), await a_neighbour()
    out = await a_loan(ladder, by=ben, stage=Stage.out, words="For the roof")
    await a_loan(drill, by=ben, stage=Stage.back)
    await is_erased(ben)

    assert await Loan.count() == 0 == await days_held()
    assert (await thing(ladder.id)).state == "paused" and (await thing(drill.id)).state == "offered"
    assert "It rests until you offer it again" in (await told(await owner_of(ladder)))[-1] and out


async def test_what_is_a_households_stays_without_the_name_of_whoever_wrote_it():
    home = await a_household()
    ana, ben = await a_person(home=home), await a_person(home=home)
    grill = await an_item(household=home.id, by=ana)
    await note(grill.id, Did.edited, by=ana.id, now=NOON, words="zz")
    loan = await a_loan(grill, stage=Stage.declined, reason="zzreason")
    await move(loan, Did.declined, by=ana.id, now=NOON, words="zzreason")
    await leaves(ana)
    await is_erased(ana)

    assert (await thing(grill.id)).by is None and (await rules.item_for(grill.id, by=ben)).kept
    assert [(row["by"], row["words"]) for row in await ItemStep.select()] == [(None, "")]
    assert (await lent(loan.id)).reason == "" and await LoanStep.count().where(LoanStep.words != "") == 0
    await leaves(ben)
    await is_erased(ben)
    assert await Item.count() == 0, "nobody lives there any more"


async def test_what_is_ours_stays_and_administrators_answer_for_it():
    boss, ben = await an_administrator(), await a_neighbour()
    tent = await an_item(keepers=(ben,))
    await is_erased(ben)
    assert await ItemKeeper.count() == 0 and (await rules.item_for(tent.id, by=boss)).kept


async def test_what_somebody_looked_for_and_what_they_said_to_others_goes():
    ana, ben = await a_neighbour(), await a_neighbour()
    hers, his = await a_search(ana), await a_search(ben, acted_by=ana.id)
    for search, by in ((hers, ben), (his, ana)):
        await ItemSearchAnswer.insert(ItemSearchAnswer(search=search.id, person=by.id, words="I have", at=NOON))
    await is_erased(ana)
    [left] = await ItemSearch.select(ItemSearch.id, ItemSearch.acted_by)
    assert left == {"id": his.id, "acted_by": None} and await ItemSearchAnswer.count() == 0


async def test_after_a_year_nothing_of_a_loan_is_left_and_the_thing_keeps_what_happened_without_names():
    ladder = await an_item()
    loan, out = await a_loan(ladder, stage=Stage.back), await a_loan(ladder, stage=Stage.out, first=TODAY)
    await note(ladder.id, Did.damaged, by=loan.borrower, now=NOON, words="A rung", loan=loan.id)
    for purge in (kept.purge_loans, kept.purge_items):
        await purge(NOON + 366 * DAY)
    assert [row["id"] for row in await Loan.select(Loan.id)] == [out.id]
    assert [(row["by"], row["words"]) for row in await ItemStep.select()] == [(None, "A rung")]


async def test_a_thing_that_has_been_gone_for_a_year_goes_with_its_photos_and_one_that_is_out_does_not():
    ladder, other = await an_item(), await an_item(state="gone", gone_at=NOON)
    ana = await owner_of(ladder)
    await rules.add_photo(ladder.id, a_picture(), "A ladder", by=ana, now=NOON)
    await rules.take_off(ladder.id, by=ana, now=NOON)
    await a_loan(other, stage=Stage.out)
    await kept.purge_items(NOON + 366 * DAY)
    assert [row["id"] for row in await Item.select(Item.id)] == [other.id] and await Picture.count() == 0


# --- Blocks


async def test_a_block_ends_what_is_asked_and_promised_and_not_what_is_out():
    ladder, ben = await an_item(), await a_neighbour()
    ana = await owner_of(ladder)
    loans = [
        await a_loan(ladder, by=ben, first=TODAY + n * 30 * DAY, stage=stage, days=2)
        for n, stage in enumerate((Stage.out, Stage.accepted, Stage.asked))
    ]
    await queue.join(ladder.thing, ben.id, slots.days(TODAY, TODAY), {}, now=NOON)
    await moderation.block(ben.id, by=ana, part_ways=house.PART_WAYS, now=NOON)

    assert [await stage_of(each) for each in loans] == ["out", "withdrawn", "withdrawn"]
    assert await days_held() == 2 and await queue.waits_of(ben.id) == []
    assert len(await told(ben)) == 2 and await told(ana) == []


# --- Reports


async def test_what_officers_take_away_is_seen_by_its_owner_alone_and_comes_back_as_it_stood():
    ladder, ben = await an_item(), await a_neighbour()
    ana = await owner_of(ladder)
    asked = await a_loan(ladder, by=ben, stage=Stage.asked)
    out = await a_loan(ladder, by=await a_neighbour(), stage=Stage.out, first=TODAY)
    seen = await rules.reportable(ladder.id, kind="item", by=ben, now=NOON)
    assert (seen.author, seen.path) == (ana.id, ladder.path) and seen.words.startswith("Ladder")

    await rules.take_away(ladder.id, kind="item", now=NOON)
    assert await stage_of(asked) == "declined" and await stage_of(out) == "out"
    with pytest.raises(Missing):
        await rules.item_for(ladder.id, by=ben)
    with pytest.raises(NotYours):
        await rules.offer_again(ladder.id, by=ana, now=NOON)

    await rules.give_back(ladder.id, kind="item", now=NOON + DAY)
    assert (await rules.item_for(ladder.id, by=ben)).may_be_had(NOON)


async def test_what_its_owner_took_off_meanwhile_does_not_come_back():
    ladder = await an_item()
    await rules.take_away(ladder.id, kind="item", now=NOON)
    await rules.take_off(ladder.id, by=await owner_of(ladder), now=NOON)
    await rules.give_back(ladder.id, kind="item", now=NOON + DAY)
    assert (await thing(ladder.id)).state == "gone"


async def test_a_post_that_is_taken_away_comes_back_unless_its_time_is_over():
    ana, ben = await a_neighbour(), await a_neighbour()
    search, short = await a_search(ana), await a_search(ana, until_at=NOON + timedelta(hours=1))
    assert (await rules.reportable(search.id, kind="search", by=ben, now=NOON)).author == ana.id
    for each in (search, short):
        await rules.take_away(each.id, kind="search", now=NOON)
        with pytest.raises(Missing):
            await rules.reportable(each.id, kind="search", by=ben, now=NOON)
        await rules.give_back(each.id, kind="search", now=NOON + DAY)
    stages = await ItemSearch.select(ItemSearch.stage).order_by(ItemSearch.id)
    assert [row["stage"] for row in stages] == ["open", "expired"]
    assert reporting.search_path(search.id) == f"/share/wanted/{search.id}"


async def thanked_for(ladder, words):
    loan = await a_loan(ladder, by=await a_neighbour(name="Mei"), stage=Stage.back, first=TODAY)
    ana = await people.neighbour(loan.borrower)
    await rules.thank(loan.id, words, by=ana, now=NOON)
    return loan, ana


async def test_thanks_that_are_reported_and_taken_stand_nowhere_until_they_are_given_back(sign_in):
    ladder, reader = await an_item(), await a_neighbour()
    loan, ana = await thanked_for(ladder, "Buy at my shop")
    keeper = await owner_of(ladder)
    about = f"/reports/new?about=loan:{loan.id}"
    assert about in (await (await sign_in(reader)).get(ladder.path)).text
    assert about not in (await (await sign_in(ana)).get(ladder.path)).text, "nobody reports their own words"
    seen = await rules.reportable(loan.id, kind="loan", by=reader, now=NOON)
    assert (seen.author, seen.words, seen.path) == (ana.id, "Buy at my shop", ladder.path)

    await MATTERS["loan"].take_away(loan.id, kind="loan", now=NOON)
    phone = await sign_in(keeper)
    for path in (ladder.path, loan.path, "/notices"):
        assert "my shop" not in (await phone.get(path)).text
    with pytest.raises(Missing):
        await rules.reportable(loan.id, kind="loan", by=reader, now=NOON)
    with pytest.raises(Taken, match="thank you already"):
        await rules.thank(loan.id, "Buy there", by=ana, now=NOON)

    await MATTERS["loan"].give_back(loan.id, kind="loan", now=NOON + DAY)
    for path in (ladder.path, loan.path):
        assert "my shop" in (await phone.get(path)).text


async def test_thanks_are_reported_by_whoever_may_read_them_alone():
    ladder, reader = await an_item(), await a_neighbour()
    loan, ana = await thanked_for(ladder, "Buy at my shop")
    for by in (await a_neighbour(state=State.suspended), await a_neighbour(state=State.pending)):
        with pytest.raises(Missing):
            await rules.reportable(loan.id, kind="loan", by=by, now=NOON)
    await moderation.block(ana.id, by=reader, now=NOON)
    with pytest.raises(Missing):
        await rules.reportable(loan.id, kind="loan", by=reader, now=NOON)


async def test_a_neighbour_reports_a_thing_on_its_page_and_officers_take_it_away(sign_in):
    ladder, ben, boss = await an_item(), await a_neighbour(), await an_administrator()
    page = await (await sign_in(ben)).get(ladder.path)
    assert f"/reports/new?about=item:{ladder.id}" in page.text
    said = {"rule": Rule.selling, "words": "It is for sale", "now": NOON}
    report = await moderation.report("item", ladder.id, MATTERS, by=ben, **said)
    ruling = moderation.Ruling(Measure.taken, Rule.selling, "No selling")
    await moderation.decide(report, ruling, MATTERS, by=boss, now=NOON)
    assert (await thing(ladder.id)).state == "taken"


async def test_own_export_has_both_sides_of_their_loans():
    ladder, ben = await an_item(about="Three metres"), await a_neighbour()
    await a_loan(ladder, by=ben, words="For the roof")
    hers, his = await rules.mine(ladder.person), await rules.mine(ben.id)
    assert hers["items"][0]["details"] == "Three metres" and hers["lent"][0]["name"] == "Ladder"
    assert "For the roof" not in str(hers) and his["borrowed"][0]["words"] == "For the roof"
