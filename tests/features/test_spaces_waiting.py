"""Whoever waits for a room is offered it in turn; and what was taken over returns."""

import asyncio
from datetime import timedelta

import pytest

from app.features.notices.tables import Notice
from app.features.spaces import rules
from app.features.spaces.tables import Booking, Policy, Stage
from app.kit import queue
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.tables import Slot
from app.kit.tables import Waiting as Line
from tests.makers import NOON
from tests.spacing import SATURDAY, a_booking, a_manager, a_neighbour, a_space, a_wish, some_equipment


async def told(person) -> list[str]:
    return [each["path"] for each in await Notice.select(Notice.path).where(Notice.person == person.id)]


async def a_line(space, many: int = 2, **said) -> list:
    """Neighbours who wait for it, one minute after the other, with their places."""
    who = []
    for nth in range(many):
        person = await a_neighbour()
        waits = await rules.wait_for(space.id, a_wish(**said), by=person, now=NOON + timedelta(minutes=nth))
        who.append((person, waits))
    return who


async def test_who_waits_is_offered_it_in_turn_and_what_nobody_takes_goes_on(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    booked = await a_booking(space, by=ana)
    (ben, first), (mei, second) = await a_line(space)
    assert [await queue.place_of(await queue.one(each)) for each in (first, second)] == [1, 2]

    await rules.cancel(booked.id, by=ana, now=NOON)
    assert (await told(ben), await told(mei)) == (["/bookings"], [])
    with pytest.raises(Taken):
        await a_booking(space)
    with pytest.raises(Taken, match="offer is over"):
        await rules.accept(second, by=mei, now=NOON)

    await rules.lapse(first, now=NOON + timedelta(hours=3))
    assert (await queue.one(first)).ended_at is None
    await rules.lapse(first, now=NOON + timedelta(hours=4))
    assert ((await queue.one(first)).ended, await told(ben), await told(mei)) == ("lapsed", [], ["/bookings"])

    mine = await rules.accept(second, by=mei, now=NOON + timedelta(hours=5))
    assert (mine.person, mine.begins_at, mine.stage) == (mei.id, booked.begins_at, Stage.approved)
    assert {row["owner"] for row in await Slot.select(Slot.owner)} == {mine.owner}


async def test_no_to_an_offer_asks_the_next_and_the_last_no_leaves_it_free(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    booked = await a_booking(space, by=ana)
    (ben, first), (mei, second) = await a_line(space)
    await rules.cancel(booked.id, by=ana, now=NOON)
    with pytest.raises(Missing):
        await rules.leave(first, by=mei, now=NOON)
    await rules.leave(first, by=ben, now=NOON)
    assert await told(mei) == ["/bookings"]
    await rules.leave(second, by=mei, now=NOON)
    assert await Slot.count() == 0
    await a_booking(space)


async def test_one_waits_once_for_what_is_taken_and_for_nothing_that_is_free(database):
    space = await a_space()
    with pytest.raises(Refusal, match="It is free"):
        await a_line(space)
    await a_booking(space)
    [(ben, _)] = await a_line(space, 1)
    with pytest.raises(Taken, match="already"):
        await rules.wait_for(space.id, a_wish(), by=ben, now=NOON)
    with pytest.raises(Refusal, match="There is room"):
        await rules.wait_for(space.id, a_wish(people=40), by=await a_neighbour(), now=NOON)
    assert await Line.count() == 1


async def test_an_offer_is_as_it_was_asked_for_and_fails_whole(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    projector = await some_equipment()
    booked = await a_booking(space, by=ana)
    [(ben, waits)] = await a_line(space, 1, equipment={projector.id: 1}, purpose="Film")
    elsewhere = await a_space(policy=Policy.at_once)
    other = await a_booking(elsewhere, by=ana, equipment={projector.id: 1})
    await rules.cancel(booked.id, by=ana, now=NOON)
    with pytest.raises(Taken, match="Not enough"):
        await rules.accept(waits, by=ben, now=NOON)
    assert (await queue.one(waits)).offered(NOON), "the offer stands"
    await rules.cancel(other.id, by=ana, now=NOON)
    assert (await rules.accept(waits, by=ben, now=NOON)).purpose == "Film"


async def test_waiting_is_over_when_its_time_has_come(database):
    space = await a_space()
    booked = await a_booking(space)
    [(_, waits)] = await a_line(space, 1)
    await rules.lapse(waits, now=booked.begins_at)
    assert (await queue.one(waits)).ended == "over"


async def test_of_many_who_accept_and_lapse_at_once_one_thing_happens(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    booked = await a_booking(space, by=ana)
    [(ben, waits)] = await a_line(space, 1)
    await rules.cancel(booked.id, by=ana, now=NOON)
    late = NOON + timedelta(hours=4)
    deeds = [rules.accept(waits, by=ben, now=NOON) if nth % 2 else rules.lapse(waits, now=late) for nth in range(12)]
    came = await asyncio.gather(*deeds, return_exceptions=True)

    won = [each for each in came if isinstance(each, rules.Booked)]
    assert len(won) <= 1 and all(each is None or isinstance(each, rules.Booked | Taken) for each in came)
    live = await Booking.count().where(Booking.stage == Stage.approved)
    assert live == len(won) and (await queue.one(waits)).ended == ("taken" if won else "lapsed")


async def test_what_was_taken_over_returns_when_it_ends_early_where_nobody_has_it(database):
    space, ana, ben = await a_space(), await a_neighbour(), await a_neighbour()
    waits = await a_booking(space, by=ana)
    manager = await a_manager()
    sure = await a_booking(space, by=ben, opens=17 * 60, closes=18 * 60)
    await rules.approve(sure.id, by=manager, now=NOON)
    day = waits.begins_at - timedelta(hours=3), sure.ends_at + timedelta(hours=3)
    await rules.take_over(space.id, *day, {"en": "A shelter tonight"}, origin="alert:7", by=manager.id, now=NOON)
    for each, who in ((waits, ana), (sure, ben)):
        assert (await rules.booking_of(each.id)).reason == "A shelter tonight"
        assert each.path in await told(who)
    with pytest.raises(Taken):
        await a_booking(space)

    await rules.give_back_all("alert:7", by=manager.id, now=NOON)
    stages = [(await rules.booking_of(each.id)).stage for each in (waits, sure)]
    assert stages == [Stage.pending, Stage.approved]
    with pytest.raises(Taken):
        await a_booking(space)
    await rules.give_back_all("alert:7", by=manager.id, now=NOON)


async def test_a_block_out_of_another_space_is_not_ended_by_way_of_ones_own(database):
    mine, other, manager = await a_space(), await a_space(), await a_manager()
    begins = NOON + timedelta(days=3)
    block = await rules.block_out(other.id, begins, begins + timedelta(hours=2), {"en": "Paint"}, by=manager, now=NOON)
    with pytest.raises(Missing):
        await rules.end_block_out(mine.id, block, by=manager, now=NOON)
    assert await Slot.count() == 8


async def test_what_returns_after_a_take_over_has_its_projector_and_its_share_of_the_week_or_does_not_return(database):
    space, other, boss = await a_space(weekly=1), await a_space(), await a_manager()
    projector, ana, ben = await some_equipment(), await a_neighbour(), await a_neighbour()
    booked = await a_booking(space, by=ana, equipment={projector.id: 1})
    later_on = await a_booking(space, by=ben, day=SATURDAY + timedelta(days=7), equipment={projector.id: 1})

    async def taken_over(each, while_taken=None):
        over = (each.begins_at, each.ends_at, {"en": "A shelter"})
        await rules.take_over(space.id, *over, origin="alert:1", by=boss.id, now=NOON)
        if while_taken is not None:
            await while_taken
        await rules.give_back_all("alert:1", by=boss.id, now=NOON)
        return (await rules.booking_of(each.id)).stage

    assert await taken_over(booked) == Stage.pending
    theirs = await Slot.select(Slot.thing).where(Slot.owner == booked.owner)
    assert {row["thing"].partition(":")[0] for row in theirs} == {"space", "equipment", "week"}
    film = a_booking(other, day=SATURDAY + timedelta(days=7), equipment={projector.id: 1})
    assert await taken_over(later_on, film) == Stage.cancelled
