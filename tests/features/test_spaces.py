"""The room is free, or it says what would work instead; the manager says yes or no; nobody has it twice."""

import asyncio
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.features.notices.tables import Notice
from app.features.people.tables import Deputy, Role
from app.features.people.tables import Kind as RoleKind
from app.features.spaces import rules
from app.features.spaces.rules import Stretch, TimeTaken
from app.features.spaces.rules.opening import Hours, Special
from app.features.spaces.rules.times import moment_of
from app.features.spaces.tables import Booking, BookingStep, Policy, Stage
from app.kit.languages import language
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.tables import Slot
from tests.makers import NOON, a_household, a_person
from tests.spacing import SATURDAY, a_booking, a_manager, a_neighbour, a_space, a_wish, some_equipment

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")


def in_english(refusal: Refusal) -> str:
    return refusal.sentence.spoken(language("en"))


async def stage_of(booked) -> Stage:
    return (await rules.booking_of(booked.id)).stage


async def told(person) -> list[str]:
    return [each["path"] for each in await Notice.select(Notice.path).where(Notice.person == person.id)]


# --- When it is open -------------------------------------------------------------------------------------------------


def test_a_stretch_over_midnight_asks_each_of_its_days():
    hours = Hours({4: [Stretch(18 * 60, 1440)], 5: [Stretch(0, 2 * 60)]}, {})
    friday, saturday = date(2026, 5, 8), SATURDAY

    assert hours.cover(friday, 22 * 60, saturday, 60)
    assert not hours.cover(friday, 22 * 60, saturday, 3 * 60)
    assert not hours.cover(friday, 17 * 60, friday, 19 * 60)


def test_a_day_that_is_not_like_its_weekday_is_closed_or_has_its_own_hours():
    closed = Special(SATURDAY, None, None, "{}")
    late = Special(SATURDAY, 20 * 60, 22 * 60, "{}")
    week = {5: [Stretch(540, 1260)]}

    assert not Hours(week, {SATURDAY: closed}).on(SATURDAY)
    assert Hours(week, {SATURDAY: late}).cover(SATURDAY, 20 * 60, SATURDAY, 21 * 60)


@pytest.mark.parametrize(
    ("day", "minute", "words"),
    [
        (date(2026, 3, 29), 150, "02:30 does not exist on 2026-03-29: the clocks go forward. 03:30 does."),
        (
            date(2026, 10, 25),
            150,
            "02:30 comes twice on 2026-10-25: the clocks go back. Before 02:00 and from 03:00 on all is clear.",
        ),
    ],
)
def test_an_hour_that_is_not_there_or_twice_is_told_with_one_that_is(day, minute, words):
    with pytest.raises(Refusal, match="clocks") as refused:
        moment_of(day, minute, BERLIN)

    assert str(refused.value) == words


def test_the_days_around_a_change_of_clocks_are_as_long_as_they_are():
    def length(day: date) -> timedelta:
        return moment_of(day, 1440, BERLIN) - moment_of(day, 0, BERLIN)

    assert [length(date(2026, 3, day)) for day in (28, 29, 30)] == [timedelta(hours=hours) for hours in (24, 23, 24)]


async def test_hours_are_written_by_whoever_manages_it_and_joined_where_they_touch(database):
    space, manager, neighbour = await a_space(hours=None), await a_manager(), await a_neighbour()
    week = {0: [Stretch(13 * 60, 18 * 60), Stretch(9 * 60, 13 * 60)]}

    with pytest.raises(NotYours):
        await rules.open_on_weekdays(space.id, week, by=neighbour, now=NOON)
    await rules.open_on_weekdays(space.id, week, by=manager, now=NOON)
    assert (await rules.hours_of(space.id, since=SATURDAY)).weekdays == {0: [Stretch(9 * 60, 18 * 60)]}

    for wrong in ([Stretch(600, 600)], [Stretch(600, 1500)], [Stretch(540, 660), Stretch(600, 720)]):
        with pytest.raises(Refusal):
            await rules.open_on_weekdays(space.id, {0: wrong}, by=manager, now=NOON)
    assert (await rules.hours_of(space.id, since=SATURDAY)).weekdays == {0: [Stretch(9 * 60, 18 * 60)]}


# --- What it allows --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "beside", "words"),
    [
        ({"day": date(2026, 4, 30)}, "day", "That is over already. From today on, please."),
        ({"day": date(2026, 9, 1)}, "day", "One can book up to Tue 30 Jun."),
        ({"opens": 7 * 60, "closes": 9 * 60}, "begins", "It is open 09:00–21:00 that day."),
        ({"opens": 20 * 60, "closes": 22 * 60}, "begins", "It is open 09:00–21:00 that day."),
        ({"closes": 14 * 60}, "ends", "It has to end after it begins."),
        ({"closes": 14 * 60 + 15}, "begins", "Times go by 30 minutes here: 14:00 to 14:30, for example."),
        ({"closes": 19 * 60}, "ends", "At most until 18:00, please."),
        ({"people": 13}, "people", "There is room for 12."),
        ({"people": 0}, "people", "There is room for 12."),
        ({"purpose": "  "}, "purpose", "What is it for? A word or two."),
        ({"version": 3}, "version", "The house rules have changed. Please read them once more."),
    ],
)
async def test_what_a_room_does_not_allow_is_said_beside_it_with_what_would_work(database, wish, beside, words):
    space = await a_space()
    with pytest.raises(Refusal) as refused:
        await a_booking(space, **wish)

    assert (refused.value.beside, in_english(refused.value)) == (beside, words)
    assert await Booking.count() == await Slot.count() == 0


async def test_on_a_closed_day_the_next_open_one_is_named(database):
    space, manager = await a_space(), await a_manager()
    await rules.open_on_day(space.id, SATURDAY, None, {"en": "Spring cleaning"}, by=manager, now=NOON)

    with pytest.raises(Refusal, match="Next: 2026-05-10, 09:00–21:00"):
        await a_booking(space)
    await rules.like_its_weekday(space.id, SATURDAY, by=manager, now=NOON)
    await a_booking(space)


async def test_who_may_not_act_for_somebody_cannot_book_for_them(database):
    space, other = await a_space(), await a_neighbour()
    with pytest.raises(Missing):
        await rules.book(space.id, a_wish(), for_whom=other.id, by=await a_neighbour(), now=NOON)


async def test_a_household_has_its_share_of_a_week_and_hears_why_not_more(database):
    space, home = await a_space(weekly=2), await a_household()
    ana, ben = await a_person(home=home), await a_person(home=home)
    first = await a_booking(space, by=ana, opens=9 * 60, closes=10 * 60)
    await a_booking(space, by=ben, opens=11 * 60, closes=12 * 60)

    with pytest.raises(Taken) as refused:
        await a_booking(space, by=ana, opens=18 * 60, closes=19 * 60)
    assert refused.value.beside == "day" and "its 2 bookings of that week" in in_english(refused.value)
    await a_booking(space, by=ana, day=SATURDAY + timedelta(days=2))
    await rules.cancel(first.id, by=ana, now=NOON)
    await a_booking(space, by=ben, opens=18 * 60, closes=19 * 60)


# --- Who says yes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "who", "stage"),
    [
        (Policy.approval, "neighbour", Stage.pending),
        (Policy.approval, "manager", Stage.approved),
        (Policy.at_once, "neighbour", Stage.approved),
        (Policy.trusted, "neighbour", Stage.pending),
        (Policy.trusted, "able", Stage.approved),
        (Policy.trusted, "short and few", Stage.approved),
    ],
)
async def test_a_room_says_by_itself_who_may_have_it_at_once(database, policy, who, stage):
    space = await a_space(policy=policy, capability="orientation", short=60, few=4)
    by = await a_manager() if who == "manager" else await a_neighbour()
    if who == "able":
        await people_grant(by.id)
    wish = {"closes": 15 * 60, "people": 4} if who == "short and few" else {}

    assert (await a_booking(space, by=by, **wish)).stage == stage


async def people_grant(person: int) -> None:
    from app.features.people.tables import Capability

    await Capability(person=person, kind="orientation", granted_at=NOON, until_on=date(2027, 1, 1)).save()


async def test_the_manager_is_asked_and_says_yes_and_the_booker_hears_it(database):
    space, ana = await a_space(), await a_neighbour()
    area = (await a_household()).area
    near, far = await a_manager(), await a_person(role=RoleKind.space_manager, area=await area_of(area))
    booked = await a_booking(space, by=ana)
    assert (await told(near), await told(far)) == ([booked.path], []), "those of another building are not asked"

    await rules.approve(booked.id, by=near, now=NOON)
    assert await stage_of(booked) == Stage.approved
    assert (await told(near), await told(ana)) == ([], [booked.path]), "what is decided waits for nobody any more"
    with pytest.raises(Taken, match="approved already"):
        await rules.approve(booked.id, by=near, now=NOON)


async def area_of(area_id: int):
    from app.features.community.tables import Area

    return await Area.objects().get(Area.id == area_id)


async def test_a_no_has_a_reason_and_the_hour_is_free_again(database):
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour()
    booked = await a_booking(space, by=ana)

    with pytest.raises(Refusal, match="say why"):
        await rules.refuse(booked.id, " ", by=manager, now=NOON)
    with pytest.raises(Missing):
        await rules.refuse(booked.id, "no", by=await a_neighbour(), now=NOON)
    with pytest.raises(NotYours):
        await rules.approve(booked.id, by=ana, now=NOON)
    await rules.refuse(booked.id, "The floor is being waxed", by=manager, now=NOON)

    assert (await rules.booking_of(booked.id)).reason == "The floor is being waxed"
    assert await told(ana) == [booked.path]
    await a_booking(space)


async def test_what_nobody_answers_is_nudged_passed_on_to_the_deputy_and_lapses(database):
    space, ana, manager = await a_space(hold_hours=72), await a_neighbour(), await a_manager()
    deputy = await a_deputy(manager)
    booked = await a_booking(space, by=ana)
    with pytest.raises(TimeTaken):
        await a_booking(space)

    seen = []
    for hours in (23, 24, 47, 48, 71, 72, 90):
        await rules.tick(booked.id, now=NOON + timedelta(hours=hours))
        seen.append((len(await told(manager)), len(await told(deputy)), await stage_of(booked)))
    waits = [(count, after, Stage.pending) for count, after in ((1, 0), (2, 0), (2, 0), (3, 1), (3, 1))]
    assert seen == [*waits, (0, 0, Stage.expired), (0, 0, Stage.expired)]
    assert await told(ana) == [booked.path]
    await a_booking(space, now=NOON + timedelta(hours=90))


async def a_deputy(manager):
    deputy = await a_person()
    role = await Role.select(Role.id).where(Role.person == manager.id).first()
    await Deputy(role=role["id"], person=deputy.id, named_by=manager.id, since_at=NOON).save()
    return deputy


async def test_who_booked_is_reminded_a_day_before_and_once(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    booked = await a_booking(space, by=ana)
    day_before = booked.begins_at - timedelta(hours=24)
    for at in (day_before - timedelta(minutes=1), day_before, day_before + timedelta(hours=3)):
        await rules.tick(booked.id, now=at)

    assert await told(ana) == [booked.path]
    late = await a_booking(space, by=ana, opens=18 * 60, closes=19 * 60, now=day_before + timedelta(hours=5))
    await rules.tick(late.id, now=late.begins_at - timedelta(hours=1))
    assert await told(ana) == [booked.path], "what was booked for the same day reminds nobody"


async def test_who_moves_a_booking_after_the_reminder_is_reminded_of_the_new_day(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    booked = await a_booking(space, by=ana, day=SATURDAY + timedelta(days=7))
    for later_by in (0, 4):
        day = SATURDAY + timedelta(days=7 + later_by)
        if later_by:
            moved = rules.Change(day, 14 * 60, 16 * 60, 6, "Reading club")
            await rules.change(
                booked.id, rules.Reach.this, moved, {}, by=ana, now=booked.begins_at - timedelta(hours=20)
            )
        await rules.tick(booked.id, now=booked.begins_at + timedelta(days=later_by, hours=-23))

    told = await Notice.select(Notice.sentence).where(Notice.person == ana.id)
    assert sum("Tomorrow" in each["sentence"] for each in told) == 2


async def test_where_nobody_comes_the_hour_is_free_again(database):
    space, ana = await a_space(policy=Policy.at_once, release=20), await a_neighbour()
    came, missed = await a_booking(space, by=ana), await a_booking(space, opens=17 * 60, closes=19 * 60)
    with pytest.raises(Refusal, match="quarter of an hour before"):
        await rules.come(came.id, by=ana, now=came.begins_at - timedelta(minutes=16))
    await rules.come(came.id, by=ana, now=came.begins_at - timedelta(minutes=15))
    with pytest.raises(Missing):
        await rules.come(missed.id, by=ana, now=missed.begins_at)

    for each in (came, missed):
        await rules.tick(each.id, now=each.begins_at + timedelta(minutes=20))
    assert (await stage_of(came), await stage_of(missed)) == (Stage.approved, Stage.unused)
    await a_booking(space, opens=18 * 60, closes=19 * 60, now=missed.begins_at + timedelta(minutes=21))


async def test_the_booker_gives_it_back_before_it_begins_and_a_manager_with_a_reason(database):
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour()
    booked = await a_booking(space, by=ana)
    with pytest.raises(Missing):
        await rules.cancel(booked.id, by=await a_neighbour(), now=NOON)
    with pytest.raises(Refusal, match="say why"):
        await rules.cancel(booked.id, by=manager, now=NOON)
    with pytest.raises(Refusal, match="has begun"):
        await rules.cancel(booked.id, by=ana, now=booked.begins_at)

    await rules.cancel(booked.id, by=ana, now=NOON)
    with pytest.raises(Taken, match="given back"):
        await rules.cancel(booked.id, by=ana, now=NOON)
    steps = await BookingStep.select(BookingStep.did, BookingStep.by).order_by(BookingStep.id)
    assert steps == [{"did": "asked", "by": ana.id}, {"did": "cancelled", "by": ana.id}]


# --- Looked at -------------------------------------------------------------------------------------------------------


async def looked_at(space, by, *, many=1) -> list[rules.DayOfRoom]:
    room = await rules.space_of(space.id)
    hours = {room.id: await rules.hours_of(room.id, since=SATURDAY)}
    return (await rules.days_of([room], hours, SATURDAY, many, by=by, zone=SHANGHAI))[room.id]


async def test_a_day_shows_what_is_free_and_to_others_no_more_than_that_it_is_taken(database):
    space, ana, ben, manager = await a_space(), await a_neighbour(), await a_neighbour(), await a_manager()
    await a_booking(space, by=ana, purpose="A secret birthday")
    [day] = await looked_at(space, ben)
    assert day.free == [Stretch(9 * 60, 14 * 60), Stretch(16 * 60, 21 * 60)] and round(day.taken, 2) == 0.17
    assert [(bar.purpose, bar.name, bar.booking) for bar in day.bars] == [("", "", None)]

    for who in (ana, manager):
        [day] = await looked_at(space, who)
        assert day.bars[0].purpose == "A secret birthday"


async def test_what_is_open_to_all_says_what_it_is_for_once_it_is_approved(database):
    space, manager, ben = await a_space(), await a_manager(), await a_neighbour()
    booked = await a_booking(space, purpose="Salon", open_to_all=True)
    assert [bar.purpose for bar in (await looked_at(space, ben))[0].bars] == [""]
    await rules.approve(booked.id, by=manager, now=NOON)
    assert [(bar.purpose, bar.name) for bar in (await looked_at(space, ben))[0].bars] == [("Salon", "")]


async def test_what_waits_for_a_manager_stands_oldest_first_and_for_nobody_else(database):
    space, manager, ana = await a_space(), await a_manager(), await a_neighbour()
    second = await a_booking(space, by=ana, now=NOON + timedelta(minutes=5))
    first = await a_booking(space, by=ana, opens=9 * 60, closes=10 * 60)
    rooms = await rules.spaces()

    assert [each.id for each in await rules.to_decide(manager, rooms, now=NOON)] == [first.id, second.id]
    assert await rules.to_decide(ana, rooms, now=NOON) == []
    ahead, behind = await rules.my_bookings(ana, now=NOON)
    assert ([each.id for each in ahead], behind) == ([first.id, second.id], [])


async def test_for_twelve_with_a_projector_on_saturday_finds_what_is_free_and_else_the_nearest(database):
    small, busy, free = await a_space(capacity=4), await a_space(), await a_space()
    projector = await some_equipment(space=busy.id)
    await a_booking(busy)
    rooms = await rules.spaces()

    found = await rules.find(a_wish(people=12), rooms, zone=SHANGHAI, now=NOON)
    assert [(each.room.id, each.free) for each in found] == [(free.id, True), (busy.id, False)]
    assert small.id not in {each.room.id for each in found}
    assert [each.opens for each in found[1].instead] == [12 * 60, 16 * 60, 11 * 60 + 30]

    [only] = await rules.find(a_wish(people=12, equipment={projector.id: 1}), rooms, zone=SHANGHAI, now=NOON)
    assert only.room.id == busy.id


# --- Nobody has it twice ---------------------------------------------------------------------------------------------


async def test_who_comes_second_is_offered_the_nearest_free_times(database):
    space = await a_space(gap=30)
    await a_booking(space)
    with pytest.raises(TimeTaken) as taken:
        await a_booking(space, opens=15 * 60, closes=17 * 60)

    assert [(each.day, each.opens // 30 / 2) for each in taken.value.free] == [
        (SATURDAY, 16.5),
        (SATURDAY, 17.0),
        (SATURDAY, 17.5),
    ]
    for each in taken.value.free[:1]:
        await a_booking(space, day=each.day, opens=each.opens, closes=each.closes)


async def test_equipment_goes_with_one_room_at_a_time_and_is_free_when_it_is_given_back(database):
    here, there, projector = await a_space(), await a_space(), await some_equipment()
    ana = await a_neighbour()
    first = await a_booking(here, by=ana, equipment={projector.id: 1})
    with pytest.raises(Taken, match="Not enough") as refused:
        await a_booking(there, equipment={projector.id: 1})
    assert refused.value.beside == f"equipment-{projector.id}"
    assert await Booking.count() == 1, "the room was not kept without it"

    await rules.cancel(first.id, by=ana, now=NOON)
    await a_booking(there, equipment={projector.id: 1})
    foreign = await some_equipment(space=here.id)
    with pytest.raises(Missing):
        await a_booking(there, opens=17 * 60, closes=18 * 60, equipment={foreign.id: 1})


OVERLAPS = (
    "SELECT count(*) AS found FROM bookings a JOIN bookings b ON a.space = b.space AND a.id < b.id "
    "AND a.begins_at < b.ends_at AND b.begins_at < a.ends_at "
    "WHERE a.stage IN ('pending', 'approved') AND b.stage IN ('pending', 'approved')"
)


async def all_at_once(space, *, many: int = 60) -> list[object]:
    """Neighbours who ask for the same and for overlapping hours in one moment."""
    chairs = await some_equipment(units=4)
    who = [await a_neighbour() for _ in range(6)]
    asked = [
        a_booking(
            space,
            by=who[nth % 6],
            opens=(13 + nth % 3) * 60,
            closes=(15 + nth % 3) * 60,
            equipment={chairs.id: 1 + nth % 3} if nth % 2 else {},
        )
        for nth in range(many)
    ]
    return list(await asyncio.gather(*asked, return_exceptions=True))


async def test_of_sixty_who_ask_at_once_one_has_the_hour_and_the_others_hear_what_is_free(database):
    space = await a_space()
    came = await all_at_once(space)
    won = [each for each in came if isinstance(each, rules.Booked)]
    lost = [each for each in came if not isinstance(each, rules.Booked)]

    assert 1 <= len(won) <= 2, "13 to 15 and 15 to 17 do not overlap"
    assert all(isinstance(each, Taken) for each in lost), [each for each in lost if not isinstance(each, Taken)]
    assert any(isinstance(each, TimeTaken) and each.free for each in lost)
    assert await overlaps() == 0
    assert {row["owner"] for row in await Slot.select(Slot.owner)} == {each.owner for each in won}


async def overlaps() -> int:
    [row] = await Booking.raw(OVERLAPS)
    return int(row["found"])


def test_the_moment_a_week_begins_is_its_monday():
    from app.features.spaces.rules.times import week_of

    assert [week_of(SATURDAY + timedelta(days=nth)).day for nth in (0, 1, 2)] == [4, 4, 11]


def test_noon_is_what_the_dates_above_mean():
    assert datetime(2026, 5, 1, 12).date().weekday() == 4 and SATURDAY.weekday() == 5
