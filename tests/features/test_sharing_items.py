"""What neighbours put on the board: offered, changed, left to rest, and taken off again."""

import asyncio
import json
from datetime import timedelta

import pytest

from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Kind as RoleKind
from app.features.people.tables import Membership, Person, State
from app.features.sharing import rules
from app.features.sharing.rules import Offer, Owner
from app.features.sharing.rules.lent import lent
from app.features.sharing.rules.reach import thing
from app.features.sharing.tables import Audience, Condition, Item, ItemKeeper, ItemStep, Kind, Policy, Stage
from app.kit import queue
from app.kit.refusals import Missing, NotYours, Refusal, Several, Taken
from tests.makers import a_login, an_administrator, an_area
from tests.sharing import (
    DAY,
    NOON,
    TODAY,
    a_gift,
    a_household,
    a_loan,
    a_neighbour,
    a_person,
    an_item,
    in_line,
    is_offered,
    owner_of,
)

LADDER = Offer(Kind.lend, "Ladder", about="Three metres", parts=("Foot", "Hook"))


def beside(refused) -> set[str]:
    value = refused.value
    return {each.beside for each in value.each} if isinstance(value, Several) else {value.beside}


async def told(person) -> list[str]:
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [json.loads(row["sentence"])["say"] for row in rows]


# --- Offering


async def test_a_ladder_stands_on_the_board_at_once_where_its_owner_lives():
    ana = await a_neighbour()
    ladder = await rules.item_for(await rules.offer(LADDER, by=ana, now=NOON), by=await a_neighbour())

    assert (ladder.name, ladder.part_names, ladder.person) == ("Ladder", ["Foot", "Hook"], ana.id)
    assert ladder.area == await rules_building(ana) and ladder.may_be_had(NOON) and len(ladder.label) == 26
    assert ladder.lang == "en" and not ladder.kept


async def rules_building(person) -> int | None:
    from app.features.skills.rules import building_of

    return await building_of(person.id)


async def test_what_is_wrong_is_said_all_at_once_each_beside_its_field():
    ana = await a_person()
    wrong = Offer(
        Kind.lend, " ", parts=tuple(str(n) for n in range(13)), longest=0, gap=99, audience=Audience.building,
        policy=Policy.capability, capability="flying", condition=Condition.broken,
    )  # fmt: skip
    with pytest.raises(Several) as refused:
        await rules.offer(wrong, by=ana, now=NOON)
    assert beside(refused) == {"name", "parts", "longest", "gap", "audience", "capability", "condition"}
    assert await Item.count() == 0


@pytest.mark.parametrize("days", [-1, 91, None])
async def test_a_gift_says_until_which_day_it_can_be_had(days):
    until = TODAY + days * DAY if days is not None else None
    with pytest.raises(Refusal) as refused:
        await rules.offer(Offer(Kind.give, "Pram", until=until), by=await a_neighbour(), now=NOON)
    assert beside(refused) == {"until"}


async def test_a_gift_can_be_had_through_its_last_day_on_the_clock_of_the_community():
    ana = await a_neighbour()
    pram = await thing(await rules.offer(Offer(Kind.give, "Pram", until=TODAY), by=ana, now=NOON))
    assert pram.until_at.isoformat() == "2026-05-01T16:00:00+00:00", "midnight in Shanghai"
    assert pram.may_be_had(NOON) and not pram.may_be_had(pram.until_at)


async def test_a_household_lends_together_and_every_member_answers_for_it():
    home = await a_household()
    ana, ben, cat = await a_person(home=home), await a_person(home=home), await a_neighbour()
    grill = await rules.offer(LADDER, owner=Owner(household=home.id), by=ana, now=NOON)

    for member in (ana, ben):
        assert (await rules.item_for(grill, by=member)).kept
    assert (await thing(grill)).area == home.area
    with pytest.raises(NotYours):
        await rules.pause(grill, by=cat, now=NOON)
    await rules.pause(grill, by=ben, now=NOON)
    with pytest.raises(Refusal) as refused:
        await rules.offer(LADDER, owner=Owner(household=home.id), by=cat, now=NOON)
    assert beside(refused) == {"owner"}


@pytest.mark.parametrize("role", [RoleKind.administrator, RoleKind.coordinator, RoleKind.space_manager, None])
async def test_what_is_ours_is_offered_by_those_with_a_role_for_all_of_us(role):
    by = await a_person(role=role)
    if role is None:
        with pytest.raises(NotYours):
            await rules.offer(LADDER, owner=Owner(ours=True), by=by, now=NOON)
        return
    area = await an_area()
    tent = await rules.offer(Offer(Kind.lend, "Tent", area=area.id), owner=Owner(ours=True), by=by, now=NOON)
    found = await rules.item_for(tent, by=by)
    assert found.is_ours and found.kept and found.area == area.id
    assert [each.id for each in await rules.keepers_named(tent)] == [by.id]


async def test_who_is_a_child_or_not_let_in_offers_nothing():
    child = await a_person(of_age_on=TODAY + 365 * DAY)
    for by in (child, await a_person(state=State.pending), await a_person(state=State.suspended)):
        with pytest.raises(NotYours):
            await rules.offer(LADDER, by=by, now=NOON)


async def test_sixty_things_are_enough_also_when_they_come_at_once(monkeypatch):
    monkeypatch.setattr("app.features.sharing.rules.offering.MOST", 3)
    ana = await a_neighbour()
    answers = await asyncio.gather(*[rules.offer(LADDER, by=ana, now=NOON) for _ in range(6)], return_exceptions=True)
    assert sum(isinstance(each, int) for each in answers) == 3 == await Item.count()
    assert sum(isinstance(each, Refusal) for each in answers) == 3


async def test_what_is_ours_does_not_count_among_ones_own(monkeypatch):
    monkeypatch.setattr("app.features.sharing.rules.offering.MOST", 1)
    boss = await an_administrator()
    for owner in (Owner(ours=True), Owner(ours=True), rules.MINE):
        await rules.offer(LADDER, owner=owner, by=boss, now=NOON)
    with pytest.raises(Refusal):
        await rules.offer(LADDER, by=boss, now=NOON)


# --- Changing


async def test_its_owner_changes_it_and_whether_it_is_lent_stays():
    ladder = await an_item()
    ana = await owner_of(ladder)
    await rules.edit(ladder.id, Offer(Kind.give, "Long ladder", longest=3, until=TODAY), by=ana, now=NOON)
    changed = await thing(ladder.id)
    assert (changed.name, changed.kind, changed.edited_at) == ("Long ladder", Kind.lend, NOON)


async def test_a_broken_thing_is_not_mended_by_writing_so():
    ladder = await an_item(condition=Condition.broken)
    await rules.edit(ladder.id, LADDER, by=await owner_of(ladder), now=NOON)
    assert (await thing(ladder.id)).condition == Condition.broken


async def test_a_gift_whose_day_has_passed_can_still_be_reworded():
    pram = await a_gift(until_at=NOON - 10 * DAY)
    was = rules.last_day(pram.until_at, (await rules_zone()))
    await rules.edit(pram.id, Offer(Kind.give, "Old pram", until=was), by=await owner_of(pram), now=NOON)
    assert (await thing(pram.id)).name == "Old pram"


async def rules_zone():
    from app.features.spaces.rules.booking import the_zone

    return await the_zone()


# --- Resting, going, coming back


async def test_what_is_paused_keeps_its_loans():
    ladder = await an_item()
    loan = await a_loan(ladder)
    await rules.pause(ladder.id, by=await owner_of(ladder), now=NOON)
    assert not (await thing(ladder.id)).may_be_had(NOON)
    assert (await lent(loan.id)).stage == Stage.accepted
    await rules.offer_again(ladder.id, by=await owner_of(ladder), now=NOON)
    assert (await thing(ladder.id)).may_be_had(NOON)


@pytest.mark.parametrize("stage", [Stage.accepted, Stage.out])
async def test_nothing_leaves_the_board_while_it_is_promised_or_with_somebody(stage):
    ladder = await an_item()
    await a_loan(ladder, stage=stage)
    with pytest.raises(Taken):
        await rules.take_off(ladder.id, by=await owner_of(ladder), now=NOON)
    assert (await thing(ladder.id)).state == "offered"


async def test_whoever_had_asked_or_waits_hears_that_it_is_gone():
    ladder, ben, cat = await an_item(), await a_neighbour(), await a_neighbour()
    ana = await owner_of(ladder)
    loan = await a_loan(ladder, by=ben, stage=Stage.asked)
    await in_line(ladder, by=cat, days=1)
    await rules.take_off(ladder.id, by=ana, now=NOON)

    assert (await lent(loan.id)).stage == Stage.declined
    gone = "It is not on the board any more: %(item)s"
    assert await told(ben) == [gone] == await told(cat) and await told(ana) == []
    assert await queue.waits_of(cat.id) == []
    assert (await rules.item_for(ladder.id, by=ben)).name == "Ladder", "whoever asked goes on seeing it"
    with pytest.raises(Missing):
        await rules.item_for(ladder.id, by=await a_neighbour())


async def test_within_a_moment_it_all_comes_back_with_those_who_had_asked_and_waited():
    ladder, ben, cat = await an_item(), await a_neighbour(), await a_neighbour()
    ana = await owner_of(ladder)
    loan = await a_loan(ladder, by=ben, stage=Stage.asked)
    before = await a_loan(ladder, by=ben, first=TODAY + 30 * DAY, stage=Stage.declined, now=NOON - DAY)
    waits = await in_line(ladder, by=cat, days=1)
    await rules.take_off(ladder.id, by=ana, now=NOON)
    await rules.put_back(ladder.id, by=ana, now=NOON + timedelta(seconds=5))

    assert (await lent(loan.id)).stage == Stage.asked and (await lent(before.id)).stage == Stage.declined
    assert len(await queue.waits_of(cat.id)) == 1
    assert await told(ben) == [] and await is_offered(waits)
    assert (await thing(ladder.id)).may_be_had(NOON)


async def test_what_was_given_away_does_not_come_back():
    pram = await a_gift(state="gone", gone_at=NOON)
    await a_loan(pram, stage=Stage.given)
    with pytest.raises(Taken):
        await rules.put_back(pram.id, by=await owner_of(pram), now=NOON)


async def test_of_ten_who_tap_at_once_one_takes_it_off_and_each_is_told_once():
    ladder, ben = await an_item(), await a_neighbour()
    await a_loan(ladder, by=ben, stage=Stage.asked)
    ana = await owner_of(ladder)
    answers = await asyncio.gather(
        *[rules.take_off(ladder.id, by=ana, now=NOON) for _ in range(10)], return_exceptions=True
    )
    assert answers.count(None) == 1 and sum(isinstance(each, Taken) for each in answers) == 9
    assert len(await told(ben)) == 1


async def test_what_belongs_to_somebody_who_is_not_here_is_out_of_sight_until_they_come_back():
    ladder, ben = await an_item(), await a_neighbour()
    await Person.update({Person.state: State.suspended}).where(Person.id == ladder.person)
    with pytest.raises(Missing):
        await rules.item_for(ladder.id, by=ben)
    assert not (await thing(ladder.id)).may_be_had(NOON)
    await Person.update({Person.state: State.active}).where(Person.id == ladder.person)
    assert await rules.item_for(ladder.id, by=ben)

    home = await a_household()
    await a_person(home=home)
    grill = await an_item(household=home.id)
    assert await rules.item_for(grill.id, by=ben)
    await Membership.update({Membership.until_on: TODAY}).where(Membership.household == home.id)
    with pytest.raises(Missing):
        await rules.item_for(grill.id, by=ben)


# --- Keepers of what is ours


async def test_keepers_are_added_and_told_and_the_last_one_stays():
    boss, ben = await an_administrator(), await a_neighbour(name="Ben")
    await a_login(ben)
    tent = await rules.offer(Offer(Kind.lend, "Tent"), owner=Owner(ours=True), by=boss, now=NOON)
    with pytest.raises(Refusal):
        await rules.drop_keeper(tent, boss.id, by=boss, now=NOON)

    [found] = await rules.might_keep(tent, "ben", by=boss, now=NOON)
    await rules.add_keeper(tent, found.id, by=boss, now=NOON)
    assert len(await told(ben)) == 1 and (await rules.item_for(tent, by=ben)).kept
    assert await rules.might_keep(tent, "ben", by=boss, now=NOON) == []
    with pytest.raises(Taken):
        await rules.add_keeper(tent, ben.id, by=boss, now=NOON)

    await rules.drop_keeper(tent, boss.id, by=ben, now=NOON)
    assert [each.id for each in await rules.keepers_named(tent)] == [ben.id]
    with pytest.raises(Refusal):
        await rules.drop_keeper(tent, ben.id, by=ben, now=NOON)


async def test_what_came_in_by_a_list_is_kept_by_administrators_until_somebody_answers_for_it():
    boss, ben = await an_administrator(), await a_neighbour()
    pump = await an_item(keepers=(ben,), name="Pump")
    await ItemKeeper.delete().where(ItemKeeper.item == pump.id)
    with pytest.raises(NotYours):
        await rules.add_keeper(pump.id, ben.id, by=ben, now=NOON)
    await rules.add_keeper(pump.id, ben.id, by=boss, now=NOON)
    assert (await rules.item_for(pump.id, by=ben)).kept


async def test_a_thing_of_ones_own_has_no_keepers_to_add():
    ladder = await an_item()
    with pytest.raises(Missing):
        await rules.add_keeper(ladder.id, (await a_neighbour()).id, by=await owner_of(ladder), now=NOON)


# --- What it has been through


async def test_its_keepers_read_what_it_has_been_through_and_nobody_else_does():
    ladder, ben = await an_item(), await a_neighbour(name="Ben")
    ana = await owner_of(ladder)
    await a_loan(ladder, by=ben, stage=Stage.back, returned_at=NOON + 3 * DAY, damage="A rung is loose")
    await rules.edit(ladder.id, LADDER, by=ana, now=NOON + 4 * DAY)

    seen = await rules.history_of(await rules.item_for(ladder.id, by=ana), by=ana)
    assert [str(each.what) for each in seen] == ["Changed", "Came back", "Lent"]
    assert [str(each.who) for each in seen] == [ana.name, "Ben", "Ben"] and seen[1].words == "A rung is loose"
    assert await rules.history_of(await rules.item_for(ladder.id, by=ben), by=ben) == []


async def test_names_in_a_history_are_not_read_across_a_block_and_not_of_those_who_left():
    from app.features.moderation import rules as moderation

    ladder, ben = await an_item(), await a_neighbour(name="Ben")
    ana = await owner_of(ladder)
    await a_loan(ladder, by=ben, stage=Stage.back)
    await moderation.block(ana.id, by=ben, now=NOON)
    [lent_to] = await rules.history_of(await rules.item_for(ladder.id, by=ana), by=ana)
    assert str(lent_to.who) == "A neighbour"

    await moderation.unblock(ana.id, by=ben)
    await Person.update({Person.name: ""}).where(Person.id == ben.id)
    [lent_to] = await rules.history_of(await rules.item_for(ladder.id, by=ana), by=ana)
    assert str(lent_to.who) == "A former neighbour"


# --- Its pages


async def test_a_form_that_is_refused_keeps_what_was_typed_and_one_that_is_right_leads_to_the_thing(sign_in):
    phone = await sign_in(await a_neighbour())
    said = {
        "kind": "lend",
        "category": "tools",
        "name": "",
        "about": "Three metres long",
        "longest": "500",
        "parts": "Foot\nHook",
    }
    answer = await phone.post("/share/new", data=said)
    assert answer.status_code == 422 and "Three metres long" in answer.text and "Please fill this in." in answer.text

    answer = await phone.post("/share/new", data={**said, "name": "Ladder"})
    assert answer.status_code == 422 and "From 1 to 90, please." in answer.text and 'value="500"' in answer.text

    answer = await phone.post("/share/new", data={**said, "name": "Ladder", "longest": "7"})
    assert answer.status_code == 200 and "It is on the board." in answer.text and "Foot, Hook" in answer.text


@pytest.mark.parametrize("owner", ["household", "-1", "99", "ours", "9" * 20])
async def test_nobody_offers_what_is_not_theirs(sign_in, owner):
    phone = await sign_in(await a_neighbour())
    answer = await phone.post("/share/new", data={"name": "Ladder", "category": "tools", "owner": owner})
    assert answer.status_code in (403, 422) and await Item.count() == 0


async def test_the_whole_road_on_the_page_with_its_way_back(sign_in):
    ladder = await an_item()
    phone = await sign_in(await owner_of(ladder))
    page = await phone.post(f"{ladder.path}/pause")
    assert "Paused." in page.text and f'action="{ladder.path}/offer"' in page.text
    page = await phone.post(f"{ladder.path}/removal")
    assert "Taken off the board." in page.text and f"{ladder.path}/return" in page.text
    page = await phone.post(f"{ladder.path}/return")
    assert "It is on the board again." in page.text
    page = await phone.get(f"{ladder.path}/edit")
    assert 'value="Ladder"' in page.text
    page = await phone.post(f"{ladder.path}/edit", data={"name": "Long ladder", "category": "tools", "longest": "3"})
    assert "Saved." in page.text and "Long ladder" in page.text


async def test_a_third_neighbour_reads_the_page_and_not_with_whom_it_is(sign_in):
    ladder, ben = await an_item(), await a_neighbour(name="Ben Borrower")
    await a_loan(ladder, by=ben, stage=Stage.out)
    page = (await (await sign_in(await a_neighbour())).get(ladder.path)).text
    assert "Ladder" in page and "Ben Borrower" not in page and "You answer for it" not in page


async def test_the_page_of_an_item_asks_the_database_so_often_whoever_looks(sign_in, queries):
    ladder = await an_item()
    for _ in range(5):
        await a_loan(ladder, stage=Stage.back)
    asked = []
    for person in (await a_neighbour(), await owner_of(ladder)):
        phone = await sign_in(person)
        await phone.get(ladder.path)
        queries.clear()
        assert (await phone.get(ladder.path)).status_code == 200
        asked.append(len(queries))
    assert max(asked) <= 12, asked


async def test_every_step_is_noted_once():
    ana = await a_neighbour()
    ladder = await rules.offer(LADDER, by=ana, now=NOON)
    await rules.edit(ladder, LADDER, by=ana, now=NOON)
    await rules.take_off(ladder, by=ana, now=NOON)
    await rules.put_back(ladder, by=ana, now=NOON)
    rows = await ItemStep.select(ItemStep.did).where(ItemStep.item == ladder).order_by(ItemStep.id)
    assert [row["did"] for row in rows] == ["offered", "edited", "withdrew", "undone"]
    assert (await people.neighbour(ana.id)).is_active
