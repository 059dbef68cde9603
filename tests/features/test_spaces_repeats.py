"""A room again and again: one thing with exceptions, looked over before it is sent, and nobody's twice."""

import asyncio
from datetime import date, timedelta

import pytest

from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Membership
from app.features.spaces import jobs, rules
from app.features.spaces.rules import DatesTaken, Every, Reach, Repeat
from app.features.spaces.rules.repeating import days, dues, rule_of, without
from app.features.spaces.series import Series
from app.features.spaces.tables import Booking, Did, Policy, Stage
from app.kit import later
from app.kit.languages import language
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.tables import Slot
from tests.makers import NOON, a_community, a_household, a_person
from tests.spacing import SATURDAY, a_booking, a_manager, a_neighbour, a_space, a_wish, some_equipment

WEEKLY = Repeat(Every.week, times=4)
OVERLAPS = (
    "SELECT count(*) AS found FROM bookings a JOIN bookings b ON a.space = b.space AND a.id < b.id "
    "AND a.begins_at < b.ends_at AND b.begins_at < a.ends_at "
    "WHERE a.stage IN ('pending', 'approved') AND b.stage IN ('pending', 'approved')"
)


def week(nth: int) -> date:
    return SATURDAY + timedelta(weeks=nth)


def in_english(refusal: Refusal) -> str:
    return refusal.sentence.spoken(language("en"))


async def a_repeat(space, *, by, repeat=WEEKLY, choices=None, for_whom=None, now=NOON, **said):
    return await rules.repeat(space.id, a_wish(**said), repeat, choices or {}, for_whom=for_whom, by=by, now=now)


async def told(person) -> list[str]:
    return [each["path"] for each in await Notice.select(Notice.path).where(Notice.person == person.id)]


async def stages(series) -> list[str]:
    return [each.stage for each in await rules.dates_of(series.id)]


async def overlaps() -> int:
    [row] = await Booking.raw(OVERLAPS)
    return int(row["found"])


def a_change(**said) -> rules.Change:
    usual = {"day": SATURDAY, "opens": 16 * 60, "closes": 18 * 60, "people": 6, "purpose": "Reading club"}
    return rules.Change(**{**usual, **said})


async def until(moment) -> None:
    while await later.run_due(jobs.JOBS, moment):
        pass


# --- What a rule means -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repeat", "first", "rule", "found"),
    [
        (Repeat(Every.week, times=3), SATURDAY, "FREQ=WEEKLY;INTERVAL=1;BYDAY=SA;COUNT=3", "0509 0516 0523"),
        (
            Repeat(Every.week, 2, (2, 5), until=date(2026, 5, 30)),
            SATURDAY,
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,SA;UNTIL=20260530",
            "0509 0520 0523",
        ),
        (Repeat(Every.nth, times=3), SATURDAY, "FREQ=MONTHLY;INTERVAL=1;BYDAY=2SA;COUNT=3", "0509 0613 0711"),
        (Repeat(Every.nth, times=2), date(2026, 5, 30), "FREQ=MONTHLY;INTERVAL=1;BYDAY=-1SA;COUNT=2", "0530 0627"),
        (Repeat(Every.month, 3, times=2), SATURDAY, "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=9;COUNT=2", "0509 0809"),
    ],
)
def test_a_repeat_is_a_rule_that_calendars_know(repeat, first, rule, found):
    assert rule_of(repeat, first) == rule
    assert [f"{day:%m%d}" for day in days(rule, first)] == found.split()


@pytest.mark.parametrize(
    ("repeat", "beside"),
    [
        (Repeat(Every.week), "until"),
        (Repeat(Every.week, 0, times=3), "interval"),
        (Repeat(Every.week, times=61), "times"),
        (Repeat(Every.week, until=SATURDAY), "until"),
        (Repeat(Every.week, until=SATURDAY + timedelta(days=367)), "until"),
        (Repeat(Every.week, 2, times=60), "until"),
        (Repeat(Every.week, 1, tuple(range(7)), until=SATURDAY + timedelta(days=100)), "until"),
        (Repeat(Every.week, 1, (9,), times=3), "weekdays"),
    ],
)
def test_what_has_no_end_or_too_many_days_is_refused_beside_its_field(repeat, beside):
    with pytest.raises(Refusal) as refused:
        dues(rule_of(repeat, SATURDAY), SATURDAY)
    assert refused.value.beside == beside


def test_of_the_31st_the_months_that_lack_it_are_named_with_their_last_day():
    first = date(2026, 8, 31)
    found = dues(rule_of(Repeat(Every.month, until=date(2027, 3, 31)), first), first)
    assert [f"{each.day:%m%d}{'' if each.why is None else ' lacks it'}" for each in found] == [
        "0831", "0930 lacks it", "1031", "1130 lacks it", "1231", "0131", "0228 lacks it", "0331",
    ]  # fmt: skip
    assert str(found[1].why) == "That month has no day 31: its last is 2026-09-30."


def test_a_rule_that_is_cut_ends_the_day_before():
    rule = rule_of(WEEKLY, SATURDAY)
    assert days(without(rule, week(2)), SATURDAY) == [week(0), week(1)]


# --- Looked over, and sent -------------------------------------------------------------------------------------------


async def test_a_repeat_is_one_thing_with_a_booking_and_slots_for_each_date(database):
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour()
    series = await a_repeat(space, by=ana)

    dates = await rules.dates_of(series.id)
    assert [each.due_on for each in dates] == [week(nth) for nth in range(4)]
    assert {row["owner"] for row in await Slot.select(Slot.owner)} == {each.owner for each in dates}
    assert await told(manager) == [series.path]
    assert (await rules.my_bookings(ana, now=NOON))[0][0].id == dates[0].id
    assert len((await rules.my_bookings(ana, now=NOON))[0]) == 1
    rooms = await rules.spaces()
    assert await rules.to_decide(manager, rooms, now=NOON) == []
    assert [each.many for each in await rules.repeats_to_decide(manager, rooms, now=NOON)] == [4]


async def test_conflicts_are_listed_before_it_is_sent_and_each_has_another_time_near_that_day(database):
    space, manager, ana = await a_space(policy=Policy.at_once), await a_manager(), await a_neighbour()
    await a_booking(space, day=week(1))
    await rules.open_on_day(space.id, week(2), None, {}, by=manager, now=NOON)

    planned = await rules.look_over(space.id, a_wish(), WEEKLY, {}, by=ana, now=NOON)
    assert [each.due for each in planned.unsettled] == [week(1), week(2)]
    taken, closed = planned.unsettled
    assert str(taken.why) == "That time is taken."
    assert (taken.instead[0].day, taken.instead[0].opens) == (week(1), 12 * 60)
    assert "It is closed that day. Next:" in str(closed.why)
    assert closed.instead[0].day == week(2) + timedelta(days=1)
    assert await Booking.count() == 1

    with pytest.raises(DatesTaken):
        await a_repeat(space, by=ana)
    assert (await Booking.count(), await Series.count()) == (1, 0)
    series = await a_repeat(space, by=ana, choices={week(1): taken.instead[0], week(2): None})
    dates = await rules.dates_of(series.id)
    assert [each.due_on for each in dates] == [week(0), week(1), week(3)]
    assert rules.left_out(series, dates) == [week(2)]
    assert (series.stage, await overlaps()) == (Stage.approved, 0)


async def test_hours_that_the_clocks_skip_or_repeat_are_said_with_what_is_there_instead(database):
    await a_community(zone="Europe/Helsinki")
    space, ana = await a_space(hours=rules.Stretch(0, 1440), policy=Policy.at_once), await a_neighbour()
    nightly = a_wish(day=date(2026, 6, 28), opens=210, closes=240)
    every = Repeat(Every.month, 1, until=date(2027, 4, 28))
    planned = await rules.look_over(space.id, nightly, every, {}, by=ana, now=NOON)
    assert [each.due for each in planned.unsettled] == [date(2027, 3, 28)]
    [clocks] = planned.unsettled
    assert str(clocks.why) == "03:30 does not exist on 2027-03-28: the clocks go forward. 04:30 does."
    assert clocks.instead[0].day == date(2027, 3, 28)

    evenings = await a_repeat(space, by=ana, opens=18 * 60, closes=20 * 60, repeat=Repeat(Every.month, times=8))
    begins = [each.begins_at.hour for each in await rules.dates_of(evenings.id)]
    assert begins == [15, 15, 15, 15, 15, 15, 16, 16]  # 18:00 on the wall, summer and winter


async def test_equipment_and_the_share_of_a_week_count_for_each_date(database):
    space, ana = await a_space(policy=Policy.at_once, weekly=1), await a_neighbour()
    projector = await some_equipment()
    other = await a_space(policy=Policy.at_once)
    await a_booking(other, day=week(1), equipment={projector.id: 1})
    await a_booking(space, by=ana, day=week(2) - timedelta(days=1))

    planned = await rules.look_over(space.id, a_wish(equipment={projector.id: 1}), WEEKLY, {}, by=ana, now=NOON)
    beamer, full = planned.unsettled
    assert (beamer.due, str(beamer.why)) == (week(1), "Not enough of it is free then.")
    assert (beamer.instead[0].opens, beamer.instead[0].day) == (12 * 60, week(1))
    assert full.due == week(2) and "booking of that week" in str(full.why)

    twice_a_week = Repeat(Every.week, 1, (5, 6), times=4)
    twice = await rules.look_over(space.id, a_wish(day=week(4)), twice_a_week, {}, by=ana, now=NOON)
    assert [each.due for each in twice.unsettled] == [week(nth) + timedelta(days=1) for nth in (4, 5)]


async def test_the_first_day_keeps_to_the_horizon_and_the_rest_may_reach_a_year(database):
    space, ana = await a_space(ahead=20, policy=Policy.at_once), await a_neighbour()
    with pytest.raises(Refusal) as refused:
        await a_repeat(space, by=ana, day=week(4))
    assert refused.value.beside == "day"
    series = await a_repeat(space, by=ana, repeat=Repeat(Every.week, times=50))
    assert len(await rules.dates_of(series.id)) == 50


@pytest.mark.parametrize("singly", [0, 1, 6])
async def test_of_many_who_send_overlapping_repeats_at_once_no_date_is_had_twice(database, singly):
    """Beside some who book once."""
    space, projector = await a_space(policy=Policy.at_once, gap=30, weekly=1), await some_equipment()
    who = [await a_neighbour() for _ in range(8 + singly)]
    asking = [
        a_repeat(
            space, by=person, equipment={projector.id: 1} if nth % 2 else {}, repeat=Repeat(Every.week, times=6),
            opens=(14 + nth % 2) * 60, closes=(16 + nth % 2) * 60, day=week(nth % 2),
        )
        for nth, person in enumerate(who[:8])
    ]  # fmt: skip
    once = [a_booking(space, by=person, day=week(nth)) for nth, person in enumerate(who[8:])]
    answers = await asyncio.gather(*asking, *once, return_exceptions=True)

    assert all(isinstance(each, (rules.Repeated, rules.Booked, Taken)) for each in answers), answers
    assert any(isinstance(each, rules.Repeated | rules.Booked) for each in answers)
    assert await overlaps() == 0
    for series in answers:
        if isinstance(series, rules.Repeated):
            assert len(await rules.dates_of(series.id)) == 6
    owners = {row["owner"] for row in await Slot.select(Slot.owner)}
    assert owners == {f"booking:{row['id']}" for row in await Booking.select(Booking.id)}


async def test_what_was_taken_meanwhile_is_said_and_nothing_is_half_sent(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    planned = await rules.look_over(space.id, a_wish(), WEEKLY, {}, by=ana, now=NOON)
    assert not planned.unsettled
    await a_booking(space, day=week(3))
    with pytest.raises(DatesTaken) as taken:
        await a_repeat(space, by=ana)
    assert [each.due for each in taken.value.plan.unsettled] == [week(3)]
    assert taken.value.status == 409 and await Series.count() == 0


# --- Whose capability ------------------------------------------------------------------------------------------------


async def test_a_capability_is_asked_of_whoever_will_be_in_the_room(database):
    home = await a_household()
    space = await a_space(policy=Policy.trusted, capability="orientation")
    son = await a_person(home=home)
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == son.id)
    mother = await a_person(home=home)
    boss = await a_manager()
    await people.grant(son.id, "orientation", until=None, by=boss.id, now=NOON)

    assert (await rules.book(space.id, a_wish(), by=son, now=NOON)).stage == Stage.approved
    typed = await rules.book(space.id, a_wish(day=week(1)), for_whom=mother.id, by=son, now=NOON)
    assert typed.stage == Stage.pending
    await people.grant(mother.id, "orientation", until=None, by=boss.id, now=NOON)
    typed = await rules.book(space.id, a_wish(day=week(2)), for_whom=mother.id, by=son, now=NOON)
    assert (typed.stage, typed.person, typed.acted_by) == (Stage.approved, mother.id, son.id)
    series = await a_repeat(space, by=son, for_whom=mother.id, day=week(3))
    assert (series.stage, (await told(mother)).count(series.path)) == (Stage.approved, 1)


# --- A manager's answer ----------------------------------------------------------------------------------------------


async def test_a_manager_answers_a_whole_repeat_in_one_press_and_one_notice_says_so(database):
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour()
    series = await a_repeat(space, by=ana)
    [first, *_] = await rules.dates_of(series.id)
    with pytest.raises(Refusal, match="answer is for all of it"):
        await rules.approve(first.id, by=manager, now=NOON)
    with pytest.raises(NotYours):
        await rules.approve_series(series.id, by=ana, now=NOON)
    with pytest.raises(Missing):
        await rules.approve_series(series.id, by=await a_neighbour(), now=NOON)

    await rules.approve_series(series.id, by=manager, now=NOON)
    assert await stages(series) == ["approved"] * 4
    assert (await told(ana), await told(manager)) == ([series.path], [])
    with pytest.raises(Taken):
        await rules.approve_series(series.id, by=manager, now=NOON)


async def test_of_many_who_answer_a_repeat_or_give_it_back_at_once_one_is_heard(database):
    space, ana = await a_space(), await a_neighbour()
    managers = [await a_manager() for _ in range(4)]
    series = await a_repeat(space, by=ana)
    answers = await asyncio.gather(
        *[rules.approve_series(series.id, by=each, now=NOON) for each in managers[:2]],
        *[rules.refuse_series(series.id, "Choir", by=each, now=NOON) for each in managers[2:]],
        rules.tick_series(series.id, now=NOON + timedelta(hours=73)),
        return_exceptions=True,
    )
    assert all(each is None or isinstance(each, (rules.Repeated, Taken)) for each in answers), answers
    stands = (await rules.series_of(series.id)).stage
    assert set(await stages(series)) == {stands}
    quiet = (Did.nudged, Did.passed_on)
    outcomes = [each.did for each in await rules.series_steps(series.id) if each.did not in quiet]
    assert len(outcomes) == 2 and await told(ana) == [series.path]
    assert await Slot.count() == (32 if stands == Stage.approved else 0)


async def test_a_no_to_a_repeat_says_why_once_and_frees_every_date(database):
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour()
    series = await a_repeat(space, by=ana)
    with pytest.raises(Refusal, match="say why"):
        await rules.refuse_series(series.id, " ", by=manager, now=NOON)
    await rules.refuse_series(series.id, "Choir", by=manager, now=NOON)
    assert (await stages(series), await told(ana), await Slot.count()) == (["refused"] * 4, [series.path], 0)


async def test_managers_are_nudged_once_for_all_of_it_and_it_lapses_whole(database):
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour()
    series = await a_repeat(space, by=ana, day=week(1))
    await until(NOON + timedelta(hours=25))
    assert await told(manager) == [series.path] * 2
    await until(NOON + timedelta(hours=49))
    assert await told(manager) == [series.path] * 3
    await until(NOON + timedelta(hours=73))
    assert (await stages(series), await told(ana), await told(manager)) == (["expired"] * 4, [series.path], [])
    assert await Slot.count() == 0


async def test_of_a_repeat_that_nobody_answered_in_time_only_the_date_that_came_lapses(database):
    space, manager, ana = await a_space(hold_hours=400), await a_manager(), await a_neighbour()
    series = await a_repeat(space, by=ana)
    [first, *_] = await rules.dates_of(series.id)
    await until(first.begins_at)
    assert await stages(series) == ["expired", "pending", "pending", "pending"]
    await rules.approve_series(series.id, by=manager, now=first.begins_at)
    assert await stages(series) == ["expired", "approved", "approved", "approved"]


# --- Still needed? ---------------------------------------------------------------------------------------------------


async def test_every_eight_weeks_the_booker_is_asked_and_what_nobody_confirms_is_released_with_a_notice(database):
    space, ana, ben = await a_space(policy=Policy.at_once), await a_neighbour(), await a_neighbour()
    kept = await a_repeat(space, by=ana, repeat=Repeat(Every.week, times=20))
    lost = await a_repeat(space, by=ben, opens=17 * 60, closes=18 * 60, repeat=Repeat(Every.week, times=20))
    seven, eight = NOON + timedelta(weeks=7), NOON + timedelta(weeks=8)
    await until(seven)
    assert [each.id for each in await rules.to_confirm(ana, now=seven)] == [kept.id]
    assert (await told(ben)).count(lost.path) == 1
    with pytest.raises(Missing):
        await rules.confirm(kept.id, by=ben, now=seven)
    await rules.confirm(kept.id, by=ana, now=seven)
    assert (await told(ana)).count(kept.path) == 0

    await until(eight)
    assert (await stages(kept)).count("approved") == 20
    held = [each for each in await rules.dates_of(lost.id) if each.holds]
    assert [each.due_on for each in held] == [week(nth) for nth in range(7)]  # up to that day
    assert ((await told(ben)).count(lost.path), (await rules.series_of(lost.id)).stage) == (1, Stage.expired)
    with pytest.raises(Taken):
        await rules.confirm(lost.id, by=ben, now=eight)
    await until(seven + timedelta(weeks=7))
    assert (await told(ana)).count(kept.path) == 1


async def test_a_repeat_that_ends_soon_is_asked_about_by_nobody(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    series = await a_repeat(space, by=ana, repeat=Repeat(Every.week, times=7))
    await until(NOON + timedelta(weeks=9))
    assert (await told(ana)).count(series.path) == 0


# --- Given back, and taken back --------------------------------------------------------------------------------------


async def test_the_rest_is_given_back_in_one_act_and_returns_in_one(database):
    space, manager, ana = await a_space(policy=Policy.at_once, weekly=1), await a_manager(), await a_neighbour()
    series = await a_repeat(space, by=ana)
    with pytest.raises(Missing):
        await rules.cancel_series(series.id, by=await a_neighbour(), now=NOON)
    await rules.cancel_series(series.id, since=week(2), by=ana, now=NOON)
    assert await stages(series) == ["approved", "approved", "cancelled", "cancelled"]
    assert (await rules.series_of(series.id)).stage == Stage.approved
    await a_booking(space, day=week(3))

    assert await rules.return_series(series.id, by=ana, now=NOON + timedelta(seconds=8)) == (1, 1)
    assert await stages(series) == ["approved", "approved", "approved", "cancelled"]
    with pytest.raises(Taken):
        await rules.return_series(series.id, by=ana, now=NOON + timedelta(seconds=9))
    with pytest.raises(Refusal, match="say why"):
        await rules.cancel_series(series.id, by=manager, now=NOON)
    await rules.cancel_series(series.id, "Flood", by=manager, now=NOON)
    assert (await told(ana)).count(series.path) == 1
    assert (await rules.series_of(series.id)).stage == Stage.cancelled
    with pytest.raises(Taken):
        await rules.return_series(series.id, by=manager, now=NOON + timedelta(minutes=11))


async def test_what_a_block_out_took_from_a_repeat_returns_only_to_a_repeat_that_still_is(database):
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour()
    one = await a_repeat(space, by=ana)
    two = await a_repeat(space, by=ana, opens=17 * 60, closes=18 * 60)
    begins = (await rules.dates_of(one.id))[1].begins_at
    block = await rules.block_out(space.id, begins, begins + timedelta(hours=5), {"en": "Paint"}, by=manager, now=NOON)
    await rules.approve_series(one.id, by=manager, now=NOON)
    await rules.cancel_series(two.id, by=ana, now=NOON)
    await rules.end_block_out(space.id, block, by=manager, now=NOON)
    assert await stages(one) == ["approved"] * 4
    assert await stages(two) == ["cancelled"] * 4


# --- Changed ---------------------------------------------------------------------------------------------------------


async def test_one_date_is_moved_by_itself_and_goes_its_own_way(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    series = await a_repeat(space, by=ana)
    _, second, *_ = await rules.dates_of(series.id)
    sunday = week(1) + timedelta(days=1)
    await rules.change(second.id, Reach.this, a_change(day=sunday), {}, by=ana, now=NOON)

    moved = await rules.booking_of(second.id)
    assert (moved.due_on, moved.apart, moved.sequence) == (week(1), True, 1)
    assert (moved.begins_at - second.begins_at) == timedelta(days=1, hours=2)
    assert len(await Slot.select().where(Slot.owner == moved.owner)) == 8
    manager = await a_manager()
    with pytest.raises(NotYours):
        await rules.change(second.id, Reach.this, a_change(), {}, by=manager, now=NOON)


async def test_this_and_what_follows_becomes_a_repeat_of_its_own(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    series = await a_repeat(space, by=ana)
    dates = await rules.dates_of(series.id)
    path = await rules.change(dates[2].id, Reach.following, a_change(purpose="Chess"), {}, by=ana, now=NOON)

    other = await rules.series_of(int(path.rsplit("/", 1)[1]))
    assert other.id != series.id
    assert [each.due_on for each in await rules.dates_of(series.id)] == [week(0), week(1)]
    after = await rules.dates_of(other.id)
    assert [(each.id, each.purpose) for each in after] == [(each.id, "Chess") for each in dates[2:]]
    assert [each.begins_at - before.begins_at for each, before in zip(after, dates[2:], strict=True)] == [
        timedelta(hours=2)
    ] * 2
    assert days((await rules.series_of(series.id)).rule, SATURDAY) == [week(0), week(1)]
    assert days(other.rule, other.first) == [week(2), week(3)]
    assert await overlaps() == 0


async def test_all_that_is_to_come_is_moved_and_a_conflict_is_chosen_about_first(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    series = await a_repeat(space, by=ana)
    await a_booking(space, opens=16 * 60, closes=18 * 60, day=week(2))
    [first, *_] = await rules.dates_of(series.id)
    later_on = a_change(opens=15 * 60, closes=17 * 60)
    planned = await rules.look_over_change(first.id, Reach.all, later_on, {}, by=ana, now=NOON)
    assert [each.due for each in planned.unsettled] == [week(2)]
    with pytest.raises(DatesTaken):
        await rules.change(first.id, Reach.all, later_on, {}, by=ana, now=NOON)
    choices = {week(2): None}
    await rules.change(first.id, Reach.all, later_on, choices, by=ana, now=NOON)

    dates = await rules.dates_of(series.id)
    assert await stages(series) == ["approved", "approved", "cancelled", "approved"]
    assert {each.ends_at - each.begins_at for each in dates} == {timedelta(hours=2)}
    assert (await rules.series_of(series.id)).opens == 15 * 60
    for each in dates:
        assert await Slot.count().where(Slot.owner == each.owner) == (8 if each.holds else 0)


async def test_new_hours_ask_the_manager_anew_and_other_words_do_not(database):
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour()
    series = await a_repeat(space, by=ana)
    await rules.approve_series(series.id, by=manager, now=NOON)
    [first, *_] = await rules.dates_of(series.id)
    same = a_change(opens=14 * 60, closes=16 * 60, purpose="Poems")
    await rules.change(first.id, Reach.all, same, {}, by=ana, now=NOON)
    assert (await stages(series), await told(manager)) == (["approved"] * 4, [])

    await rules.change(first.id, Reach.all, a_change(), {}, by=ana, now=NOON)
    assert (await stages(series), await told(manager)) == (["pending"] * 4, [series.path])
    await rules.approve_series(series.id, by=manager, now=NOON)
    await rules.change(first.id, Reach.this, a_change(day=SATURDAY + timedelta(days=1)), {}, by=ana, now=NOON)
    assert (await rules.booking_of(first.id)).stage == Stage.pending
    assert (await stages(series)).count("approved") == 3
    assert await told(manager) == [f"/bookings/{first.id}"]
    await rules.approve(first.id, by=manager, now=NOON)
    assert await stages(series) == ["approved"] * 4


async def test_of_two_who_change_into_the_same_hours_at_once_one_does(database):
    space = await a_space(policy=Policy.at_once)
    ana, ben = await a_neighbour(), await a_neighbour()
    one = await a_repeat(space, by=ana, opens=9 * 60, closes=11 * 60)
    two = await a_repeat(space, by=ben, opens=18 * 60, closes=20 * 60)
    first, other = (await rules.dates_of(one.id))[0], (await rules.dates_of(two.id))[0]
    noon = a_change(opens=12 * 60, closes=14 * 60)
    answers = await asyncio.gather(
        rules.change(first.id, Reach.all, noon, {}, by=ana, now=NOON),
        rules.change(other.id, Reach.all, noon, {}, by=ben, now=NOON),
        return_exceptions=True,
    )
    assert sorted(isinstance(each, Taken) for each in answers) == [False, True], answers
    assert await overlaps() == 0


# --- Kept ------------------------------------------------------------------------------------------------------------


async def test_who_is_forgotten_leaves_no_repeat_and_no_slot_behind(database):
    space, ana = await a_space(), await a_neighbour()
    await a_repeat(space, by=ana)
    assert len((await rules.mine(ana.id))["booking_series"]) == 1
    await rules.forget(ana.id, now=NOON)
    assert await Series.count() == await Booking.count() == await Slot.count() == 0


async def test_who_leaves_gives_back_what_was_to_come(database):
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour()
    series = await a_repeat(space, by=ana)
    await rules.step_back(ana.id, now=NOON)
    assert (await stages(series), (await rules.series_of(series.id)).stage) == (["cancelled"] * 4, Stage.cancelled)
    assert await told(manager) == []
