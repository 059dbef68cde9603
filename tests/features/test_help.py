"""A neighbour needs something, and a neighbour comes."""

import asyncio
import json
from datetime import timedelta

import pytest

from app.features.help import rules
from app.features.help.rules import Asking, Twin
from app.features.help.tables import Need, Stage, Taking, What
from app.features.household import rules as household
from app.features.moderation import rules as moderation
from app.features.notices.tables import Notice, Urgency
from app.features.people import rules as people
from app.features.people.tables import Kind
from app.features.skills import rules as skills
from app.features.skills.tables import Category
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.tables import AuditRow
from app.kit.words import kept
from tests.canary import a_photo
from tests.makers import NOON, a_household, a_person, an_area

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def a_need(asker=None, *, now=NOON, **said):
    asker = asker or await a_person(home=await a_household())
    asking = Asking(**{"kind": What.groceries, "words": "Rice and eggs", "details": "Ring twice", **said})
    return await rules.ask_for_help(asking, by=asker, now=now), asker


async def stage(need):
    return (await Need.select(Need.stage).where(Need.id == need).first())["stage"]


async def told(person):
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [str(kept(row["sentence"])) for row in rows]


async def test_somebody_asks_somebody_takes_it_and_it_is_done_and_confirmed():
    need, ana = await a_need()
    ben = await a_person(name="Ben")

    await rules.take(need, by=ben, now=NOON)
    await rules.set_out(need, by=ben, now=NOON + HOUR)
    await rules.complete(need, by=ben, now=NOON + 2 * HOUR)
    await rules.confirm(need, by=ana, now=NOON + 3 * HOUR)

    assert await stage(need) == Stage.confirmed
    assert [each.partition(":")[0] for each in await told(ana)] == [
        "Ben takes it", "Ben is on the way", "Ben says it is done",
    ]  # fmt: skip


async def test_the_private_part_and_the_door_are_shown_from_taking_until_a_day_after():
    home = await a_household(address="3-2-501")
    need, ana = await a_need(await a_person(home=home, phone="+8613800138000"))
    ben, cem = await a_person(), await a_person()

    assert (await rules.whole(need, by=ben, now=NOON)).details == ""
    await rules.take(need, by=ben, now=NOON)
    seen = await rules.whole(need, by=ben, now=NOON)
    assert seen.details == "Ring twice"
    assert [(each.phone, each.addresses) for each in seen.contacts] == [("+8613800138000", ("3-2-501",))]
    assert (await rules.whole(need, by=cem, now=NOON)).contacts == []
    await rules.complete(need, by=ana, now=NOON + HOUR)
    assert (await rules.whole(need, by=ben, now=NOON + 24 * HOUR)).details == "Ring twice"
    late = await rules.whole(need, by=ben, now=NOON + 25 * HOUR)
    assert (late.details, late.contacts, late.known_by) == ("", [], None)


async def test_of_a_hundred_who_take_it_at_once_exactly_one_has_it():
    need, _ = await a_need()
    crowd = [await a_person() for _ in range(100)]

    answers = await asyncio.gather(*[rules.take(need, by=each, now=NOON) for each in crowd], return_exceptions=True)

    assert [type(each) for each in answers if each is not None] == [Taken] * 99
    assert await Taking.count() == 1


async def test_of_a_crowd_that_takes_a_need_for_two_exactly_two_have_it():
    need, _ = await a_need(helpers=2)
    crowd = [await a_person() for _ in range(30)]

    await asyncio.gather(*[rules.take(need, by=each, now=NOON) for each in crowd], return_exceptions=True)

    assert await Taking.count() == 2
    assert await stage(need) == Stage.taken


async def test_whoever_comes_second_hears_who_was_faster_and_where_to_go():
    need, _ = await a_need()
    await rules.take(need, by=await a_person(name="Ben"), now=NOON)
    with pytest.raises(Taken) as refused:
        await rules.take(need, by=await a_person(), now=NOON)
    assert "Ben was a moment faster" in str(refused.value.sentence)
    assert refused.value.way[0] == "/help?show=can"


# --- Asking


async def test_the_same_asked_again_at_home_is_joined_and_both_hear_what_becomes_of_it():
    home = await a_household()
    ana, cem, ben = await a_person(home=home), await a_person(home=home, name="Cem"), await a_person(name="Ben")
    need, _ = await a_need(ana)
    same, _ = await a_need(cem, words="Rice, and milk")

    assert same == need and await Need.count() == 1
    await rules.take(need, by=ben, now=NOON)
    assert "Ben takes it: Rice and eggs" in await told(ana)
    assert "Ben takes it: Rice and eggs" in await told(cem)
    seen = await rules.whole(need, by=ben, now=NOON)
    assert [each.words for each in seen.said] == ["Rice, and milk"]
    assert (await rules.whole(need, by=cem, now=NOON)).details == "", "who joined does not read the private part"
    await rules.complete(need, by=ben, now=NOON)
    assert rules.Act.prolong in (await rules.whole(need, by=ana, now=NOON)).acts
    assert rules.Act.prolong not in (await rules.whole(need, by=cem, now=NOON)).acts


async def test_whoever_asks_for_the_same_is_told_so_and_may_say_that_it_is_another():
    ana = await a_person(home=await a_household())
    need, _ = await a_need(ana)
    with pytest.raises(rules.AskedAlready) as already:
        await a_need(ana, twin=Twin.tell)
    assert already.value.need == need and already.value.status == 409
    other, _ = await a_need(ana, twin=Twin.another)
    assert other != need


async def test_of_a_household_that_asks_at_once_one_need_stands():
    home = await a_household()
    family = [await a_person(home=home) for _ in range(8)]
    asked = await asyncio.gather(*[a_need(each) for each in family])
    assert len({need for need, _ in asked}) == 1 and await Need.count() == 1


async def test_a_steward_asks_for_somebody_in_their_building_who_hears_of_it_and_a_stranger_may_not():
    here = await an_area()
    steward = await a_person(role=Kind.steward, area=here, name="Lin")
    mei, ben = await a_person(home=await a_household(area=here)), await a_person()
    asking = Asking(What.parcel, "A parcel")
    need = await rules.ask_for_help(asking, for_whom=mei.id, by=steward, now=NOON)
    assert await told(mei) == ["Lin asked for help on your behalf: A parcel"]
    with pytest.raises(Missing):
        await rules.ask_for_help(asking, for_whom=mei.id, by=ben, now=NOON)
    await rules.take(need, by=ben, now=NOON)
    assert (await rules.whole(need, by=mei, now=NOON)).contacts
    assert not (await rules.whole(need, by=steward, now=NOON)).contacts, "acting for gives no right to read more"


async def test_an_alert_may_ask_for_somebody_without_a_form():
    mei, knocker, area = await a_person(), await a_person(), await an_area()
    need = await rules.ask(
        Asking(What.other, "Did not answer", urgency=Urgency.critical), person=mei.id, acted_by=knocker.id,
        place=area.id, now=NOON,
    )  # fmt: skip
    row = await Need.objects().where(Need.id == need).first()
    assert (row.person, row.acted_by, row.area, row.urgency) == (mei.id, knocker.id, area.id, Urgency.critical)


# --- Who is rung


async def rung(need):
    rows = await Notice.select(Notice.person).where(Notice.key.like(f"need:{need}:call:%"))
    return {row["person"] for row in rows}


async def test_those_whose_skill_fits_are_rung_first_then_the_building_then_everybody():
    here, there = await an_area(), await an_area()
    ana = await a_person(home=await a_household(area=here))
    plumber = await a_person(home=await a_household(area=there))
    await skills.offer(skills.Offer("Plumbing", Category.repairs), by=plumber, now=NOON)
    next_door, far = await a_person(home=await a_household(area=here)), await a_person()

    need, _ = await a_need(ana, kind=What.repair, words="The tap drips", urgency=Urgency.soon)
    assert await rung(need) == {plumber.id}
    await rules.tick(need, now=NOON + timedelta(minutes=14))
    assert await rung(need) == {plumber.id}
    await rules.tick(need, now=NOON + timedelta(minutes=15))
    assert await rung(need) == {plumber.id, next_door.id}
    await rules.tick(need, now=NOON + HOUR)
    assert await rung(need) == {plumber.id, next_door.id, far.id}
    await rules.take(need, by=far, now=NOON + HOUR)
    assert await rung(need) == set(), "nobody is asked for what is taken"


async def all_rung(**said):
    need, _ = await a_need(urgency=Urgency.urgent, **said)
    for minutes in (3, 10):
        await rules.tick(need, now=NOON + timedelta(minutes=minutes))
    return await rung(need)


async def test_a_helpers_own_limits_hold():
    """Noon in UTC is eight in the evening here."""
    busy, mornings, pets, silent, free = [await a_person() for _ in range(5)]
    limits = [(busy, 1), (mornings, 3, (), 8, 12), (pets, 3, (What.pet,)), (silent, 0), (free, 3, (), 19, 6)]
    for person, *said in limits:
        await rules.set_limits(rules.Limits(*said), by=person, now=NOON)
    await rules.take((await a_need())[0], by=busy, now=NOON)

    assert await all_rung() & {person.id for person, *_ in limits} == {free.id}
    another, _ = await a_need()
    with pytest.raises(Refusal) as refused:
        await rules.take(another, by=busy, now=NOON)
    assert refused.value.way[0] == "/help/limits"


async def test_of_two_needs_taken_at_once_a_helper_with_one_hand_free_gets_one():
    ben, needs = await a_person(), [(await a_need())[0] for _ in range(6)]
    await rules.set_limits(rules.Limits(1), by=ben, now=NOON)
    await asyncio.gather(*[rules.take(each, by=ben, now=NOON) for each in needs], return_exceptions=True)
    assert await Taking.count() == 1


async def test_a_neighbour_whom_the_asker_blocks_is_not_rung_and_finds_nothing():
    ana, ben = await a_person(home=await a_household()), await a_person()
    await moderation.block(ben.id, by=ana, now=NOON)
    need, _ = await a_need(ana, urgency=Urgency.urgent)
    await rules.tick(need, now=NOON + HOUR)
    assert await rung(need) == set()
    with pytest.raises(Missing):
        await rules.take(need, by=ben, now=NOON)
    assert need not in [each.id for each in (await rules.board(ben, now=NOON)).open]


# --- Safety


async def test_company_is_for_vetted_helpers_and_a_home_is_for_grown_ups():
    ben, kid = await a_person(), await a_person(of_age_on=NOON.date() - 300 * DAY)
    need, _ = await a_need(kind=What.company)
    with pytest.raises(NotYours):
        await rules.take(need, by=ben, now=NOON)
    repair, _ = await a_need(kind=What.repair)
    with pytest.raises(NotYours):
        await rules.take(repair, by=kid, now=NOON)
    parcel, _ = await a_need(kind=What.parcel)
    await rules.take(parcel, by=kid, now=NOON)

    await people.grant(ben.id, "vetted helper", until=None, by=kid.id, now=NOON)
    await rules.take(need, by=ben, now=NOON)
    assert await stage(need) == Stage.taken


async def test_two_go_together_and_neither_sees_the_door_before_the_other_is_found():
    ben, cem = await a_person(name="Ben"), await a_person()
    need, ana = await a_need(kind=What.other, helpers=2)
    await rules.take(need, by=ben, now=NOON)
    half = await rules.whole(need, by=ben, now=NOON)
    assert (half.need.stage, half.details, half.contacts) == (Stage.open, "", [])
    await rules.take(need, by=cem, now=NOON)
    for each in (ben, cem):
        seen = await rules.whole(need, by=each, now=NOON)
        assert seen.details == "Ring twice" and seen.known_by is not None
    assert len((await rules.whole(need, by=ana, now=NOON)).contacts) == 2
    await rules.give_back(need, by=cem, now=NOON)
    assert (await rules.whole(need, by=ben, now=NOON)).contacts == []


async def test_a_helper_asks_a_housemate_along():
    home = await a_household()
    ben, eva, far = await a_person(home=home, name="Ben"), await a_person(home=home), await a_person()
    need, _ = await a_need(kind=What.other, helpers=2, words="A sofa")
    await rules.take(need, by=ben, now=NOON)
    await rules.invite(need, eva.id, by=ben, now=NOON)
    assert await told(eva) == ["Ben asks you along: A sofa. Two go together."]
    with pytest.raises(Refusal):
        await rules.invite(need, far.id, by=ben, now=NOON)


async def test_both_sides_see_the_same_word_and_others_none():
    need, ana = await a_need()
    ben, cem = await a_person(), await a_person()
    await rules.take(need, by=ben, now=NOON, pick=lambda most: 2)
    words = [(await rules.whole(need, by=each, now=NOON)).known_by for each in (ana, ben, cem)]
    assert str(words[0]) == str(words[1]) == "竹篮 · bamboo basket" and words[2] is None


async def test_each_look_at_phone_and_door_is_noted_for_its_owner():
    need, ana = await a_need()
    ben = await a_person()
    await rules.take(need, by=ben, now=NOON)
    await rules.whole(need, by=ben, now=NOON)
    await rules.whole(need, by=ana, now=NOON)
    looks = (
        await AuditRow.select(AuditRow.who, AuditRow.concerns, AuditRow.fields)
        .where(AuditRow.did == "need looked at")
        .order_by(AuditRow.id)
    )
    assert [(row["who"], row["concerns"], json.loads(row["fields"])) for row in looks] == [
        (ben.id, ana.id, ["need_contact", "need_details"]), (ana.id, ben.id, ["need_contact"]),
    ]  # fmt: skip
    assert [str(each) for look in (await household.looks(ana.id)).rows for each in look.seen] == [
        "your phone and door, for whoever takes your need", "the private part of your need",
    ]  # fmt: skip


async def test_a_question_is_for_all_while_it_is_open_and_for_the_two_sides_once_it_is_taken():
    need, ana = await a_need()
    ben, cem = await a_person(name="Ben"), await a_person()
    await rules.speak(need, "Which shop?", by=ben, now=NOON)
    await rules.speak(need, "The corner one", by=ana, now=NOON)
    assert "Ben writes about “Rice and eggs”" in await told(ana)
    await rules.take(need, by=ben, now=NOON)
    await rules.speak(need, "Door 5, please", by=ana, now=NOON)
    assert [each.words for each in (await rules.whole(need, by=cem, now=NOON)).said] == [
        "Which shop?",
        "The corner one",
    ]
    assert [each.words for each in (await rules.whole(need, by=ben, now=NOON)).said][-1] == "Door 5, please"
    with pytest.raises(Taken):
        await rules.speak(need, "And me?", by=cem, now=NOON)


# --- Money


async def test_a_sum_is_agreed_before_a_receipt_stays_within_it_and_both_say_that_it_is_settled():
    need, ana = await a_need(sum_cents=5000)
    ben = await a_person()
    await rules.take(need, by=ben, now=NOON)
    await rules.set_out(need, by=ben, now=NOON)
    with pytest.raises(Refusal) as refused:
        await rules.hand_in(need, 5001, a_photo(), by=ben, now=NOON)
    assert refused.value.beside == "spent"
    await rules.hand_in(need, 4250, a_photo(), by=ben, now=NOON)
    await rules.complete(need, by=ben, now=NOON)

    with pytest.raises(Refusal):
        await rules.confirm(need, by=ana, now=NOON)
    await rules.settle(need, by=ana, now=NOON)
    with pytest.raises(Refusal):
        await rules.confirm(need, by=ana, now=NOON)
    await rules.settle(need, by=ben, now=NOON)
    await rules.confirm(need, by=ana, now=NOON)
    assert await stage(need) == Stage.confirmed


async def test_a_receipt_is_seen_by_the_two_sides_and_a_picture_by_all_who_see_the_need():
    need, ana = await a_need(sum_cents=5000)
    ben, cem = await a_person(), await a_person()
    await rules.show(need, a_photo(), "The shelf", by=ana, now=NOON)
    await rules.take(need, by=ben, now=NOON)
    await rules.set_out(need, by=ben, now=NOON)
    await rules.hand_in(need, 100, a_photo(), by=ben, now=NOON)
    sees = {
        who: (
            await rules.may_see_photo(each, f"/help/{need}"),
            await rules.may_see_photo(each, f"/help/{need}/receipt"),
        )
        for who, each in (("ana", ana), ("ben", ben), ("cem", cem))
    }
    assert sees == {"ana": (True, True), "ben": (True, True), "cem": (True, False)}


# --- When somebody goes, or is in the way


async def test_what_a_helper_who_leaves_had_taken_is_open_again():
    need, ana = await a_need()
    ben = await a_person()
    await rules.take(need, by=ben, now=NOON)
    await rules.step_back(ben.id, now=NOON)
    assert await stage(need) == Stage.open
    assert (await told(ana))[-1] == "The helper cannot after all. We ask others: Rice and eggs"


async def test_a_block_ends_what_the_two_have_open_without_saying_why():
    need, ana = await a_need()
    ben = await a_person()
    await rules.take(need, by=ben, now=NOON)
    await moderation.block(ben.id, by=ana, part_ways=[rules.part_ways], now=NOON)
    assert await stage(need) == Stage.open
    with pytest.raises(Missing):
        await rules.whole(need, by=ben, now=NOON)


async def test_officers_take_a_reported_need_from_the_board_and_give_it_back():
    need, ana = await a_need()
    ben = await a_person()
    found = await rules.reportable(need, by=ben, now=NOON)
    assert (found.author, found.words, found.path) == (ana.id, "Rice and eggs", f"/help/{need}")
    await rules.take_away(need, kind="need", now=NOON)
    assert (await rules.board(ben, now=NOON)).open == []
    await rules.give_back_reported(need, kind="need", now=NOON)
    assert [each.id for each in (await rules.board(ben, now=NOON)).open] == [need]


async def test_the_board_shows_the_most_urgent_first_and_then_the_oldest():
    old, _ = await a_need(now=NOON - DAY)
    new, _ = await a_need()
    soon, _ = await a_need(urgency=Urgency.soon)
    urgent, _ = await a_need(urgency=Urgency.urgent)
    company, _ = await a_need(kind=What.company, urgency=Urgency.urgent, now=NOON - DAY)
    board = await rules.board(await a_person(), now=NOON)
    assert [each.id for each in board.can] == [urgent, soon, old, new]
    assert [each.id for each in board.others] == [company], "for vetted helpers"


async def test_home_shows_the_most_urgent_few_that_one_can_take_and_none_of_ones_own():
    me, blocked = await a_person(), await a_person()
    new, _ = await a_need()
    old, _ = await a_need(now=NOON - DAY)
    urgent, _ = await a_need(urgency=Urgency.urgent)
    await a_need(kind=What.company, urgency=Urgency.urgent)
    await a_need(me, urgency=Urgency.urgent)
    helped, _ = await a_need(urgency=Urgency.urgent)
    await rules.take(helped, by=me, now=NOON)
    await a_need(blocked, urgency=Urgency.urgent)
    await moderation.block(blocked.id, by=me, part_ways=[rules.part_ways], now=NOON)

    async def near():
        return [line.path for line in (await rules.on_home(me, now=NOON)).near]

    assert await near() == [f"/help/{each}" for each in (urgent, old, new)]
    await rules.set_limits(rules.Limits(kinds=(What.company,)), by=me, now=NOON)
    assert await near() == [], "for vetted helpers"
