"""The community sets its clock to another zone: what neighbours mean by "Saturday at two" stays Saturday at two."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app import house
from app.features.community import rules as community
from app.features.events import rules as events
from app.features.notices.tables import Notice
from app.features.spaces import rules
from app.features.spaces.rules import Every, Repeat
from app.features.spaces.rules.times import same_hour
from app.features.spaces.tables import BlockOut, DoorCode, Policy, Stage, WayIn
from app.kit.tables import Later, Slot
from app.kit.tables import Waiting as Line
from tests.features.test_spaces_over_time import Life, must_hold
from tests.gathering import a_draft
from tests.makers import NOON, a_community, a_person
from tests.spacing import SATURDAY, a_booking, a_manager, a_neighbour, a_space, a_wish, some_equipment

SHANGHAI, HELSINKI = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Helsinki")


async def set_the_clock(zone: str, *, now=NOON, by: int | None = None) -> None:
    here = await community.here()
    by = by or (await a_person()).id
    await community.change(
        name=here.name, languages=list(here.languages), zone=zone, region=here.region,
        area_kinds=list(here.area_kinds), by=by, now=now, hours=house.KEEP_THE_HOURS,
    )  # fmt: skip


async def slots_of(owner: str) -> list[int]:
    return sorted(row["slot"] for row in await Slot.select(Slot.slot).where(Slot.owner == owner))


async def test_saturday_at_two_stays_saturday_at_two_with_all_that_belongs_to_it():
    manager = await a_manager()
    projector, room = await some_equipment(units=2), await a_space(gap=30, weekly=2, way_in=WayIn.code)
    first = await a_booking(room, equipment={projector.id: 1})
    second = await a_booking(room, opens=17 * 60, closes=18 * 60, equipment={projector.id: 2})
    await rules.approve(second.id, by=manager, now=NOON)
    await rules.set_code(second.id, "1234", by=manager, now=NOON)

    await set_the_clock("Europe/Helsinki")

    there = await rules.booking_of(first.id)
    assert there.begins_at == datetime(2026, 5, 9, 11, tzinfo=UTC)
    assert rules.from_to(there, HELSINKI) == (SATURDAY, 14 * 60, SATURDAY, 16 * 60)
    assert there.sequence > first.sequence
    await must_hold(Life(HELSINKI, [room], [], manager, projector), "the clock")
    assert len(await slots_of(second.owner)) == 6 + 2 * 4 + 1  # the room and its pause, two projectors, one of the week
    [code] = await DoorCode.select()
    assert code["until_at"] == datetime(2026, 5, 9, 15, tzinfo=UTC)
    tick = await Later.select().where(Later.key == f"booking:{second.id}").first()
    assert tick["run_at"] == datetime(2026, 5, 8, 14, tzinfo=UTC)


async def test_each_who_booked_is_told_once_that_their_hours_stay():
    manager, ana = await a_manager(), await a_neighbour()
    room = await a_space(policy=Policy.at_once)
    for hour in (9, 12, 15):
        await a_booking(room, by=ana, opens=hour * 60, closes=hour * 60 + 60)

    await set_the_clock("Europe/Helsinki", by=manager.id)
    await set_the_clock("Europe/Helsinki", by=manager.id)  # saved once more: nothing is set

    assert await Notice.count().where((Notice.person == ana.id) & (Notice.path == "/bookings")) == 1
    assert not await Notice.count().where((Notice.person == manager.id) & (Notice.path == "/bookings"))


async def test_a_repeat_stays_at_its_hour_through_summer_and_winter():
    ana, room = await a_neighbour(), await a_space(policy=Policy.at_once)
    series = await rules.repeat(room.id, a_wish(), Repeat(Every.week, times=40), {}, by=ana, now=NOON)

    await set_the_clock("Europe/Helsinki")

    dates = await rules.dates_of(series.id)
    walls = [rules.from_to(each, HELSINKI) for each in dates]
    assert [day for day, *_ in walls] == [SATURDAY + timedelta(weeks=nth) for nth in range(40)]
    assert {(opens, closes) for _, opens, _, closes in walls} == {(14 * 60, 16 * 60)}
    assert {each.begins_at.hour for each in dates} == {11, 12}
    assert (await rules.series_of(series.id)).sequence == series.sequence + 1, "its rule means other moments now"
    await must_hold(Life(HELSINKI, [room], [], None, None), "the clock")


async def test_what_has_begun_stays_where_it_is_and_who_would_meet_it_is_told_with_other_times():
    """From Shanghai to Helsinki six o'clock comes five hours later: from Helsinki to Shanghai it came already."""
    await a_community(zone="Europe/Helsinki")
    ana, ben, room = await a_neighbour(), await a_neighbour(), await a_space(policy=Policy.at_once)
    runs = await a_booking(room, by=ana, opens=9 * 60, closes=10 * 60)
    meets = await a_booking(room, by=ben, opens=14 * 60, closes=15 * 60)
    during = runs.begins_at + timedelta(minutes=30)

    await set_the_clock("Asia/Shanghai", now=during)

    assert (await rules.booking_of(runs.id)).begins_at == runs.begins_at
    fell = await rules.booking_of(meets.id)
    assert fell.begins_at == runs.begins_at and fell.stage == Stage.cancelled
    [sorry] = await Notice.select().where((Notice.person == ben.id) & (Notice.path == fell.path))
    assert "Free instead" in sorry["sentence"]
    assert not await Notice.count().where(Notice.person == ana.id)
    await must_hold(Life(SHANGHAI, [room], [], None, None), "the clock")


async def test_what_was_taken_over_stays_at_its_moment_and_what_falls_to_it_returns_with_its_end():
    await a_community(zone="Asia/Shanghai")
    manager, ana, room = await a_manager(), await a_neighbour(), await a_space(policy=Policy.at_once, gap=15)
    booked = await a_booking(room, by=ana)
    begins = datetime(2026, 5, 9, 12, tzinfo=UTC)  # 20:00 in Shanghai, 15:00 in Helsinki
    reason = {"en": "A shelter"}
    until = begins + timedelta(hours=2)
    await rules.take_over(room.id, begins, until, reason, origin="alert:7", by=manager.id, now=NOON)

    await set_the_clock("Europe/Helsinki")

    assert (await rules.booking_of(booked.id)).stage == Stage.cancelled
    assert (await BlockOut.select(BlockOut.begins_at).first())["begins_at"] == begins
    await must_hold(Life(HELSINKI, [room], [], manager, None), "the clock")

    await rules.give_back_all("alert:7", by=manager.id, now=NOON)
    assert (await rules.booking_of(booked.id)).stage == Stage.approved
    await must_hold(Life(HELSINKI, [room], [], manager, None), "the end")


async def test_repairs_are_moved_with_the_wall_clock_and_keep_the_pauses_beside_them():
    await a_community(zone="Asia/Shanghai")
    manager, room = await a_manager(), await a_space(policy=Policy.at_once, gap=30)
    booked = await a_booking(room)  # until four, its pause until half past
    begins = booked.ends_at
    block = await rules.block_out(room.id, begins, begins + timedelta(hours=2), {"en": "Paint"}, by=manager, now=NOON)

    await set_the_clock("Europe/Helsinki")

    [row] = await BlockOut.select()
    assert row["begins_at"] == datetime(2026, 5, 9, 13, tzinfo=UTC)
    assert (await rules.booking_of(booked.id)).stage == Stage.approved
    assert len(await slots_of(f"block:{block}")) == 6
    await must_hold(Life(HELSINKI, [room], [], manager, None), "the clock")


async def test_whoever_waits_goes_on_waiting_for_the_same_hour_and_an_offer_stays_theirs():
    ana, ben, room = await a_neighbour(), await a_neighbour(), await a_space(policy=Policy.at_once)
    booked = await a_booking(room, by=ana)
    id = await rules.wait_for(room.id, a_wish(), by=ben, now=NOON)
    await set_the_clock("Europe/Helsinki")
    await rules.cancel(booked.id, by=ana, now=NOON)
    assert (await Line.select().first())["offered_until"] is not None
    await set_the_clock("Asia/Shanghai")

    await must_hold(Life(SHANGHAI, [room], [], None, None), "the clock")
    mine = await rules.accept(id, by=ben, now=NOON)
    assert rules.from_to(mine, SHANGHAI) == (SATURDAY, 14 * 60, SATURDAY, 16 * 60)


async def test_an_event_goes_with_its_room_and_one_elsewhere_stays_at_its_hour():
    host, room = await a_manager(), await a_space(policy=Policy.at_once)
    [inside] = await events.make(a_draft(space=room.id), by=host, now=NOON)
    [outside] = await events.make(a_draft(space=None, place={"en": "The gate"}), by=host, now=NOON)

    await set_the_clock("Europe/Helsinki")

    for id in (inside, outside):
        event = await events.event_for(id, by=host)
        assert event.begins_at.astimezone(HELSINKI).hour == a_draft().opens // 60
        booked = await rules.booking_of(event.booking) if event.booking else event
        assert (booked.begins_at, booked.ends_at) == (event.begins_at, event.ends_at)


async def test_an_hour_that_the_new_clock_leaves_out_is_given_up_with_an_apology():
    """29 March 2026 in Helsinki: three becomes four."""
    await a_community(zone="Asia/Shanghai")
    february = datetime(2026, 2, 20, tzinfo=UTC)
    room = await a_space(policy=Policy.at_once, hours=rules.Stretch(0, 24 * 60))
    night = date(2026, 3, 29)
    gone, half, next_one = [
        await a_booking(room, now=february, day=night, opens=opens, closes=closes)
        for opens, closes in ((180, 240), (150, 180), (240, 300))
    ]

    await set_the_clock("Europe/Helsinki", now=february)

    assert (await rules.booking_of(gone.id)).stage == Stage.cancelled
    assert (await rules.booking_of(half.id)).ends_at == (await rules.booking_of(next_one.id)).begins_at
    await must_hold(Life(HELSINKI, [room], [], None, None), "the clock")


@pytest.mark.parametrize("zones", [(SHANGHAI, HELSINKI), (HELSINKI, SHANGHAI), (HELSINKI, ZoneInfo("Asia/Kathmandu"))])
def test_what_comes_later_comes_later_by_any_clock(zones):
    moments = [datetime(2026, 3, 27, tzinfo=UTC) + timedelta(minutes=15 * nth) for nth in range(400)]
    moments += [datetime(2026, 10, 23, tzinfo=UTC) + timedelta(minutes=15 * nth) for nth in range(200)]

    there = [same_hour(at, *zones) for at in moments]

    if zones[0] is SHANGHAI:
        assert there == sorted(there)
    walls = [at.astimezone(zones[0]).replace(tzinfo=None, fold=0) for at in moments]
    assert all(
        at.astimezone(zones[1]).replace(tzinfo=None, fold=0) >= wall for at, wall in zip(there, walls, strict=True)
    )


async def test_while_the_clock_is_set_ten_ask_for_one_hour_and_nobody_has_it_twice():
    await a_community(zone="Asia/Shanghai")
    room = await a_space(policy=Policy.at_once)
    asking = [await a_neighbour() for _ in range(10)]
    moved = await a_booking(room, opens=9 * 60, closes=10 * 60)

    await asyncio.gather(
        *[rules.book(room.id, a_wish(), by=each, now=NOON) for each in asking[:5]],
        set_the_clock("Europe/Helsinki"),
        *[rules.book(room.id, a_wish(), by=each, now=NOON) for each in asking[5:]],
        return_exceptions=True,
    )

    assert rules.from_to(await rules.booking_of(moved.id), HELSINKI)[1] == 9 * 60
    await must_hold(Life(HELSINKI, [room], [], None, None), "the clock")
