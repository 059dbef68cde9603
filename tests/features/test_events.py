"""Who comes, where there is a place, who does what, and who was there."""

import asyncio
from datetime import date, timedelta

import pytest

from app import house
from app.features.events import rules
from app.features.events.rules import DatesTaken, Full, Needs, PartDraft, Saying
from app.features.events.rules.drafts import also_on
from app.features.events.tables import Again, Event, EventAnswer, EventNeed, Feedback, Kind, Said, Stage
from app.features.moderation import rules as moderation
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Kind as RoleKind
from app.features.people.tables import Membership
from app.features.spaces import rules as spaces
from app.features.spaces.rules import TimeTaken
from app.features.spaces.tables import Booking, Policy
from app.features.spaces.tables import Stage as RoomStage
from app.kit import queue
from app.kit.languages import language
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.tables import AuditRow, Slot
from app.kit.words import kept
from tests.gathering import BEGINS, ENDS, a_draft, an_event, as_it_is, comes
from tests.makers import NOON, a_household, a_person, an_administrator, an_area
from tests.spacing import SATURDAY, a_booking, a_manager, a_neighbour, a_space

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def in_english(refusal: Refusal) -> str:
    return refusal.sentence.spoken(language("en"))


async def told(person) -> list[str]:
    """The words, oldest first."""
    rows = await Notice.select(Notice.sentence, Notice.id).where(Notice.person == person.id).order_by(Notice.id)
    return [kept(row["sentence"]).spoken(language("en")) for row in rows]


async def places(event) -> int:
    return int(await Slot.count().where(Slot.thing == f"event:{event.id}"))


# --- Making one ------------------------------------------------------------------------------------------------------


async def test_an_event_is_at_a_place_in_words_and_for_everybody_unless_somebody_said_otherwise(database):
    event = await an_event()

    assert (event.begins_at, event.ends_at, event.hosted) == (BEGINS, ENDS, True)
    assert (event.public, event.open_to_all, str(event.where), event.left) == (False, True, "Under the plane tree", 5)
    assert [each.id for each in await rules.whats_on(await a_neighbour(), now=NOON)] == [event.id]


@pytest.mark.parametrize(
    ("said", "beside"),
    [
        ({"titles": {"en": "  "}}, "title_0"),
        ({"place": {}}, "place_0"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 501}, "capacity"),
        ({"capacity": 2, "guests": 2}, "guests_each"),
        ({"closes": 14 * 60}, "ends"),
        ({"day": date(2026, 4, 30)}, "day"),
        ({"day": date(2028, 4, 30)}, "day"),
        ({"last": SATURDAY + timedelta(days=9)}, "last"),
        ({"role": "king"}, "role"),
        ({"area": 99}, "area"),
        ({"capability": "orientation"}, "capability"),
        ({"capability": "juggling"}, "capability"),
        ({"valid_days": 0}, "valid_days"),
        ({"space": 99}, "space"),
        ({"parts": tuple(PartDraft({"en": "Tea"}) for _ in range(13))}, "parts_0"),
    ],
)
async def test_what_does_not_fit_is_said_beside_it_and_nothing_is_kept(database, said, beside):
    with pytest.raises(Refusal) as refused:
        await an_event(**said)

    assert refused.value.beside == beside
    assert await Event.count() == await Booking.count() == 0


async def test_an_event_in_a_room_books_it_and_waits_with_it(database):
    space, ana, manager = await a_space(), await a_neighbour(), await a_manager()
    event = await an_event(by=ana, space=space.id)
    booked = await spaces.booking_of(event.booking)

    assert (booked.begins_at, booked.people, booked.purpose, booked.open_to_all) == (BEGINS, 5, "Reading club", True)
    assert event.room_waits and str(event.where).startswith("百川书屋")
    with pytest.raises(TimeTaken):
        await an_event(space=space.id)
    await spaces.approve(event.booking, by=manager, now=NOON)
    assert not (await as_it_is(event)).room_waits


async def test_what_the_room_does_not_allow_stands_beside_the_field_that_means_it(database):
    space, manager = await a_space(), await a_manager()
    with pytest.raises(Refusal) as refused:
        await an_event(space=space.id, capacity=40)
    assert (refused.value.beside, in_english(refused.value)) == ("capacity", "There is room for 12.")

    await spaces.write_house_rules(space.id, {"en": "Leave it clean."}, by=manager, now=NOON)
    with pytest.raises(Refusal) as refused:
        await an_event(space=space.id)
    assert refused.value.beside == "agreed"
    await an_event(space=space.id, agreed=True)


async def test_an_event_for_an_area_or_a_role_is_found_by_those_it_is_for_and_by_its_host(database):
    here, there = await an_area(), await an_area()
    ana = await a_person(home=await a_household(area=here))
    ben = await a_person(home=await a_household(area=there))
    lin = await a_manager()
    ours, theirs = await an_event(by=ben, area=here.id), await an_event(by=ana, role=RoleKind.space_manager)

    async def finds(who):
        return [each.id for each in await rules.whats_on(who, now=NOON)]

    assert (await finds(ana), await finds(ben), await finds(lin)) == (
        [ours.id, theirs.id], [ours.id], [theirs.id]
    )  # fmt: skip
    with pytest.raises(Missing):
        await rules.event_for(theirs.id, by=ben)
    with pytest.raises(Missing):
        await comes(ours, by=lin)
    await comes(theirs, by=lin)


# --- On several dates ------------------------------------------------------------------------------------------------


def test_a_month_later_is_the_same_weekday_of_the_month_and_the_last_stays_the_last():
    assert also_on(date(2026, 5, 9), "month", 3) == [date(2026, 5, 9), date(2026, 6, 13), date(2026, 7, 11)]
    assert also_on(date(2026, 5, 30), "month", 3) == [date(2026, 5, 30), date(2026, 6, 27), date(2026, 7, 25)]
    assert also_on(SATURDAY, "two weeks", 2) == [SATURDAY, date(2026, 5, 23)]
    assert also_on(SATURDAY, "", 9) == also_on(SATURDAY, "week", 1) == [SATURDAY]


async def test_dates_of_one_form_are_events_of_their_own_and_the_rest_is_called_off_in_one_act(database):
    space, ana, ben = await a_space(policy=Policy.at_once), await a_neighbour(), await a_neighbour()
    ids = await rules.make(a_draft(space=space.id), also_on(SATURDAY, "week", 4), by=ana, now=NOON)
    events = [await rules.event_for(id, by=ana) for id in ids]
    assert {each.series for each in events} == {ids[0]} and len({each.booking for each in events}) == 4
    assert len(await rules.others_of(events[1], by=ben, now=NOON)) == 3

    for each in events:
        await comes(each, by=ben)
    assert await rules.cancel(ids[1], "I am moving", rest=True, by=ana, now=NOON) == 3
    assert [(await as_it_is(each)).stage for each in events] == [Stage.planned, *[Stage.cancelled] * 3]
    assert await Booking.count().where(Booking.stage == RoomStage.approved) == 1
    assert sum("cancelled. I am moving" in words for words in await told(ben)) == 3


async def test_dates_that_do_not_go_are_all_named_before_anything_is_kept_and_can_be_left_out(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    for weeks in (1, 3):
        await a_booking(space, day=SATURDAY + timedelta(weeks=weeks))
    dates = also_on(SATURDAY, "week", 4)
    with pytest.raises(DatesTaken) as refused:
        await rules.make(a_draft(space=space.id), dates, by=ana, now=NOON)
    assert refused.value.days == [dates[1], dates[3]] and await Event.count() == 0

    ids = await rules.make(a_draft(space=space.id), dates, leave_out=True, by=ana, now=NOON)
    assert len(ids) == 2 and await Booking.count().where(Booking.person == ana.id) == 2


# --- Coming ----------------------------------------------------------------------------------------------------------


async def test_yes_with_guests_takes_places_and_no_gives_them_back(database):
    event, ben = await an_event(), await a_neighbour()
    await comes(event, by=ben, guests=2)
    assert ((await as_it_is(event)).coming, await places(event)) == (3, 3)
    await comes(event, by=ben, guests=1)
    assert ((await as_it_is(event)).coming, await places(event)) == (2, 2)
    await comes(event, by=ben, said=Said.maybe)
    assert ((await as_it_is(event)).coming, await places(event)) == (0, 0)
    with pytest.raises(Refusal) as refused:
        await comes(event, by=ben, guests=3)
    assert refused.value.beside == "guests"


async def test_where_no_place_is_left_one_is_told_how_many_are_and_keeps_what_one_had(database):
    event, ben = await an_event(), await comes(await an_event())
    await comes(event, by=ben)
    await comes(event, guests=2)
    with pytest.raises(Full) as refused:
        await comes(event, by=ben, guests=2)
    assert (refused.value.beside, in_english(refused.value)) == ("guests", "Only 2 places are left.")
    await comes(event, by=ben, guests=1)
    with pytest.raises(Full) as refused:
        await comes(event)
    assert in_english(refused.value) == "No place is left for one more."
    assert await places(event) == 5


async def test_of_forty_who_say_yes_at_once_as_many_come_as_there_are_places(database):
    event, who = await an_event(), [await a_neighbour() for _ in range(40)]
    asked = [comes(event, by=each, guests=nth % 2) for nth, each in enumerate(who)]
    came = await asyncio.gather(*asked, return_exceptions=True)

    assert all(isinstance(each, Full) for each in came if isinstance(each, Exception))
    after = await as_it_is(event)
    assert after.coming == await places(event) == 5


async def test_of_twelve_who_say_yes_at_once_to_twelve_places_nobody_is_sent_away(database):
    event, who = await an_event(capacity=12), [await a_neighbour() for _ in range(12)]
    await asyncio.gather(*[comes(event, by=each) for each in who])

    assert await places(event) == 12


async def test_who_is_at_home_in_ones_household_is_answered_for_and_told(database):
    home = await a_household()
    mum, kid = await a_person(home=home, name="Mum"), await a_person(home=home)
    event = await an_event()
    with pytest.raises(Missing):
        await comes(event, by=mum, for_whom=kid.id)
    await Membership.update({Membership.may_answer_for: True}).where(Membership.person == mum.id)
    await comes(event, by=mum, for_whom=kid.id, shown=True)
    assert await told(kid) == ["Mum answered for you: Reading club"]
    assert not await rules.who_comes(event, by=mum, now=NOON), "whoever acts for others shows nobody"


async def test_a_child_reads_along_and_does_not_answer(database):
    event = await an_event()
    with pytest.raises(NotYours):
        await comes(event, by=await a_neighbour(of_age_on=date(2031, 1, 1)))


async def test_who_comes_is_a_number_and_the_faces_of_those_who_let_it_be_seen(database):
    event, eva = await an_event(), await a_neighbour(name="Eva")
    await comes(event, by=eva, shown=True)
    dan = await comes(event)
    assert [each.name for each in await rules.who_comes(event, by=dan, now=NOON)] == ["Eva"]
    await moderation.block(dan.id, by=eva, now=NOON)
    assert not await rules.who_comes(event, by=dan, now=NOON)


async def test_a_host_and_whom_they_block_do_not_meet_at_it(database):
    ana = await a_neighbour()
    event = await an_event(by=ana)
    ben = await comes(event)
    await moderation.block(ben.id, by=ana, part_ways=house.PART_WAYS, now=NOON)
    assert await places(event) == 0 and not await rules.whats_on(ben, now=NOON)
    for deed in (rules.event_for(event.id, by=ben), comes(event, by=ben)):
        with pytest.raises(Missing):
            await deed


# --- Waiting ---------------------------------------------------------------------------------------------------------


async def a_full_event(**said):
    """With one place, and who has it."""
    event = await an_event(capacity=1, guests=0, **said)
    return event, await comes(event)


async def a_line(event, many=2):
    who = [await a_neighbour() for _ in range(many)]
    return [
        (each, await rules.wait_for(event.id, 0, by=each, now=NOON + timedelta(minutes=n)))
        for n, each in enumerate(who)
    ]


async def test_who_waits_is_offered_a_place_in_turn_and_what_nobody_takes_goes_on(database):
    event, ana = await a_full_event()
    (ben, first), (mei, second) = await a_line(event)
    await comes(event, by=ana, said=Said.no)
    assert (len(await told(ben)), len(await told(mei)), await places(event)) == (1, 0, 1)
    with pytest.raises(Full):
        await comes(event)

    await rules.lapse(first, now=NOON + 11 * HOUR)
    assert (await queue.one(first)).ended_at is None
    await rules.lapse(first, now=NOON + 13 * HOUR)
    assert (await queue.one(first)).ended == "lapsed"
    assert (len(await told(ben)), len(await told(mei))) == (0, 1)
    await comes(event, by=mei, now=NOON + 14 * HOUR)
    assert ((await queue.one(second)).ended, (await as_it_is(event)).coming, await places(event)) == ("taken", 1, 1)


async def test_whoever_leaves_the_line_lets_the_next_go_before(database):
    event, ana = await a_full_event()
    (ben, first), (mei, _) = await a_line(event)
    await comes(event, by=ana, said=Said.no)
    await rules.leave_line(event.id, by=ben, now=NOON)
    assert (await queue.one(first)).ended == "declined" and len(await told(mei)) == 1


async def test_more_places_are_offered_at_once_and_fewer_than_are_taken_there_cannot_be(database):
    host = await a_neighbour()
    event, _ = await a_full_event(by=host)
    (ben, _), (mei, _) = await a_line(event)
    await rules.change(event.id, a_draft(capacity=2, guests=0), by=host, now=NOON)
    assert (len(await told(ben)), len(await told(mei)), await places(event)) == (1, 0, 2)
    with pytest.raises(Refusal) as refused:
        await rules.change(event.id, a_draft(capacity=1, guests=0), by=host, now=NOON)
    assert refused.value.beside == "capacity"


async def test_after_fewer_places_nobody_stands_on_one_that_is_gone(database):
    host = await a_neighbour()
    event = await an_event(by=host, capacity=10)
    early = [await comes(event) for _ in range(6)]
    for each in early[:4]:
        await comes(event, by=each, said=Said.no)
    await rules.change(event.id, a_draft(capacity=3), by=host, now=NOON)
    await comes(event)
    with pytest.raises(Full):
        await comes(event)
    assert await places(event) == 3


async def test_one_waits_only_for_what_is_full_and_no_longer_than_until_it_begins(database):
    event = await an_event(guests=2)
    with pytest.raises(Refusal, match="simply say yes"):
        await rules.wait_for(event.id, 0, by=await a_neighbour(), now=NOON)
    await comes(event, guests=2)
    ben = await a_neighbour()
    waits = await rules.wait_for(event.id, 2, by=ben, now=NOON)
    with pytest.raises(Taken, match="already"):
        await rules.wait_for(event.id, 2, by=ben, now=NOON)
    await rules.lapse(waits, now=BEGINS)
    assert (await queue.one(waits)).ended == "over"


# --- Changing and calling off ----------------------------------------------------------------------------------------


async def test_another_time_is_told_once_to_all_it_concerns_and_other_words_to_nobody(database):
    ana = await a_neighbour()
    event = await an_event(by=ana, capacity=1, guests=0)
    ben, mei, wu = await comes(event), await comes(event, said=Said.maybe), await comes(event, said=Said.no)
    [(dan, _)] = await a_line(event, 1)
    new = a_draft(capacity=1, guests=0, words={"en": "Bring a chair"})
    await rules.change(event.id, new, by=ana, now=NOON)
    assert not any([await told(each) for each in (ben, mei, wu, dan, ana)])

    await rules.change(event.id, a_draft(capacity=1, guests=0, opens=15 * 60), by=ana, now=NOON)
    await rules.change(event.id, a_draft(capacity=1, guests=0, opens=15 * 60), by=ana, now=NOON)
    for each in (ben, mei, dan):
        [words] = await told(each)
        assert words.startswith("Reading club has changed: ")
    assert not await told(wu) and not await told(ana)


async def test_a_new_time_takes_the_room_along_or_nothing_changes(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    event = await an_event(by=ana, space=space.id)
    await a_booking(space, opens=17 * 60, closes=18 * 60)
    with pytest.raises(TimeTaken):
        await rules.change(event.id, a_draft(space=space.id, opens=17 * 60, closes=18 * 60), by=ana, now=NOON)
    assert (await spaces.booking_of(event.booking)).stage == RoomStage.approved

    await rules.change(event.id, a_draft(space=space.id, opens=15 * 60, closes=17 * 60), by=ana, now=NOON)
    after = await as_it_is(event)
    assert (await spaces.booking_of(after.booking)).begins_at == after.begins_at == BEGINS + HOUR
    assert (await spaces.booking_of(event.booking)).stage == RoomStage.cancelled


async def test_only_a_host_changes_it_and_nobody_what_has_begun(database):
    ana, ben = await a_neighbour(), await a_neighbour()
    event = await an_event(by=ana)
    for deed in (rules.change(event.id, a_draft(), by=ben, now=NOON), rules.cancel(event.id, "No", by=ben, now=NOON)):
        with pytest.raises(NotYours):
            await deed
    with pytest.raises(Refusal, match="say why"):
        await rules.cancel(event.id, " ", by=ana, now=NOON)
    with pytest.raises(Refusal, match="has begun"):
        await rules.cancel(event.id, "Rain", by=ana, now=BEGINS)


async def test_calling_off_frees_the_room_ends_the_line_and_is_told_once(database):
    space, ana = await a_space(policy=Policy.at_once), await a_neighbour()
    event = await an_event(by=ana, space=space.id, capacity=1, guests=0)
    ben = await comes(event)
    [(mei, waits)] = await a_line(event, 1)
    await rules.cancel(event.id, "Rain", by=ana, now=NOON)
    with pytest.raises(Taken):
        await rules.cancel(event.id, "Rain", by=ana, now=NOON)

    assert (await queue.one(waits)).ended == "over"
    assert (await spaces.booking_of(event.booking)).stage == RoomStage.cancelled
    for each in (ben, mei):
        [words] = await told(each)
        assert words.endswith("is cancelled. Rain")
    await a_booking(space)
    with pytest.raises(Taken):
        await comes(event, by=ben)


async def test_an_event_falls_with_its_room_and_stands_again_with_it_each_told_once(database):
    space, ana, manager = await a_space(), await a_neighbour(), await a_manager()
    event = await an_event(by=ana, space=space.id)
    ben = await comes(event)
    around = BEGINS - HOUR, ENDS + HOUR
    await spaces.take_over(space.id, *around, {"en": "A shelter"}, origin="alert:7", by=manager.id, now=NOON)
    for _ in range(2):
        await rules.look_at_rooms(NOON)
    assert (await as_it_is(event)).stage == Stage.fell
    with pytest.raises(Taken):
        await comes(event)

    await spaces.give_back_all("alert:7", by=manager.id, now=NOON)
    for _ in range(2):
        await rules.look_at_rooms(NOON)
    assert (await as_it_is(event)).takes_place
    lost, back = await told(ben)
    assert lost.endswith("has lost its room. Its hosts look for another.") and back.endswith("takes place after all.")


async def test_a_room_that_was_refused_can_be_exchanged_for_another_place(database):
    space, ana, manager = await a_space(), await a_neighbour(), await a_manager()
    event = await an_event(by=ana, space=space.id)
    ben = await comes(event)
    await spaces.refuse(event.booking, "The floor is wet", by=manager, now=NOON)
    await rules.look_at_rooms(NOON)
    await rules.change(event.id, a_draft(), by=ana, now=NOON)
    after = await as_it_is(event)
    assert after.takes_place and after.space is None and after.coming == 1
    assert len(await told(ben)) == 2
    await rules.look_at_rooms(NOON)
    assert (await as_it_is(event)).takes_place


# --- Time ------------------------------------------------------------------------------------------------------------


async def test_the_day_before_those_who_come_are_reminded_once_and_asked_once_how_it_was(database):
    event = await an_event()
    ben, mei = await comes(event), await comes(event, said=Said.maybe)
    for at in (BEGINS - 25 * HOUR, BEGINS - DAY, BEGINS - 20 * HOUR, BEGINS, ENDS, ENDS + HOUR):
        await rules.tick(event.id, now=at)
    tomorrow, how = await told(ben)
    assert tomorrow.startswith("Tomorrow: Reading club") and how.startswith("How was it? Reading club")
    assert not await told(mei)


async def test_a_new_time_reminds_anew_and_what_is_called_off_reminds_nobody(database):
    ana = await a_neighbour()
    event, other = await an_event(by=ana), await an_event(by=ana)
    ben = await comes(event)
    await comes(other, by=ben)
    await rules.tick(event.id, now=BEGINS - DAY)
    await rules.change(event.id, a_draft(day=SATURDAY + 7 * DAY), by=ana, now=BEGINS - DAY)
    await rules.tick(event.id, now=BEGINS + 6 * DAY)
    await rules.cancel(other.id, "Rain", by=ana, now=NOON)
    await rules.tick(other.id, now=BEGINS - DAY)
    assert sum(words.startswith("Tomorrow") for words in await told(ben)) == 2


# --- Needs -----------------------------------------------------------------------------------------------------------


NUTS = Needs(diet="No nuts", access="A ramp")


async def test_needs_are_read_by_hosts_alone_each_look_is_noted_and_they_go_three_days_after(
    database,
):
    ana = await a_neighbour()
    event = await an_event(by=ana)
    with pytest.raises(Refusal) as refused:
        await comes(event, needs=NUTS)
    assert refused.value.beside == "agrees"
    ben = await comes(event, needs=NUTS, agrees=True)
    for other in (await comes(event), await an_administrator()):
        with pytest.raises(NotYours):
            await rules.needs_of(event.id, by=other, now=NOON)
    [needed] = await rules.needs_of(event.id, by=ana, now=NOON)
    assert (needed.person, needed.diet, needed.access, needed.care) == (ben.id, "No nuts", "A ramp", "")
    [look] = await AuditRow.select().where(AuditRow.concerns == ben.id)
    assert (look["did"], look["who"], look["fields"]) == ("event looked at", ana.id, '["event_needs"]')

    await house.tidy(ENDS + 3 * DAY - HOUR)
    assert await EventNeed.count() == 1
    assert not await rules.needs_of(event.id, by=ana, now=ENDS + 3 * DAY)
    await house.tidy(ENDS + 3 * DAY + HOUR)
    assert await EventNeed.count() == 0


async def test_needs_go_with_an_empty_form_and_with_a_no(database):
    event = await an_event()
    ben, mei = await comes(event, needs=NUTS, agrees=True), await comes(event, needs=NUTS, agrees=True)
    assert (await rules.my_needs(event.id, by=ben, now=NOON))["diet"] == "No nuts"
    await comes(event, by=ben)
    await comes(event, by=mei, said=Said.no)
    assert await EventNeed.count() == 0


# --- Roles to fill ---------------------------------------------------------------------------------------------------


async def test_of_ten_who_take_a_role_for_two_at_once_two_have_it(database):
    event = await an_event(capacity=20, parts=(PartDraft({"en": "Bring tea"}, 2),))
    who = [await comes(event) for _ in range(10)]
    [part] = await rules.parts_of(event.id)
    took = await asyncio.gather(
        *[rules.take_part(event.id, part.id, by=each, now=NOON) for each in who], return_exceptions=True
    )
    assert sum(each is None for each in took) == 2
    assert all(isinstance(each, Taken) for each in took if each is not None)
    [part] = await rules.parts_of(event.id)
    assert part.left == 0 and len(part.hands) == 2


async def test_a_role_is_for_those_who_come_and_is_free_again_when_they_do_not(database):
    event = await an_event(parts=(PartDraft({"en": "Lead"}, 1),))
    [part] = await rules.parts_of(event.id)
    ben = await a_neighbour()
    with pytest.raises(Refusal, match="come first"):
        await rules.take_part(event.id, part.id, by=ben, now=NOON)
    await comes(event, by=ben)
    await rules.take_part(event.id, part.id, by=ben, now=NOON)
    with pytest.raises(Taken):
        await rules.take_part(event.id, part.id, by=ben, now=NOON)
    await comes(event, by=ben, said=Said.no)
    mei = await comes(event)
    await rules.take_part(event.id, part.id, by=mei, now=NOON)
    await rules.return_part(event.id, part.id, by=mei, now=NOON)
    with pytest.raises(Missing):
        await rules.return_part(event.id, part.id, by=mei, now=NOON)
    assert await Slot.count().where(Slot.thing == f"part:{part.id}") == 0


async def test_a_host_adds_roles_and_takes_them_off_and_whoever_had_one_is_told(database):
    ana = await a_neighbour()
    event = await an_event(by=ana)
    ben = await comes(event)
    with pytest.raises(NotYours):
        await rules.add_part(event.id, PartDraft({"en": "Sing"}), by=ben, now=NOON)
    await rules.add_part(event.id, PartDraft({"en": "Sing"}), by=ana, now=NOON)
    [part] = await rules.parts_of(event.id)
    await rules.take_part(event.id, part.id, by=ben, now=NOON)
    await rules.drop_part(event.id, part.id, by=ana, now=NOON)
    assert await told(ben) == ["“Sing” is not needed any more: Reading club"]
    assert await Slot.count().where(Slot.thing == f"part:{part.id}") == 0


# --- At the door -----------------------------------------------------------------------------------------------------


async def answer_id(event, person) -> int:
    return (await rules.answer_of(event.id, person.id)).id


async def test_a_host_checks_in_with_one_press_and_a_second_changes_nothing(database):
    ana = await a_neighbour()
    event = await an_event(by=ana)
    ben = await comes(event)
    id = await answer_id(event, ben)
    with pytest.raises(NotYours):
        await rules.check_in(event.id, id, by=ben, now=BEGINS)
    with pytest.raises(Refusal, match="half an hour before"):
        await rules.check_in(event.id, id, by=ana, now=BEGINS - HOUR)
    for at in (BEGINS, BEGINS + HOUR):
        await rules.check_in(event.id, id, by=ana, now=at)
    assert (await rules.answer_of(event.id, ben.id)).came_at == BEGINS
    await rules.check_out(event.id, id, by=ana, now=BEGINS)
    assert (await rules.answer_of(event.id, ben.id)).came_at is None


async def test_who_walks_in_has_a_place_while_there_is_one_with_or_without_a_name(database):
    ana, wu = await a_neighbour(), await a_neighbour(name="Wu Lan")
    event = await an_event(by=ana, capacity=3, guests=0)
    await rules.walk_in(event.id, "", by=ana, now=BEGINS)
    await rules.walk_in(event.id, "Wu Lan", by=ana, now=BEGINS)
    with pytest.raises(Taken, match="already"):
        await rules.walk_in(event.id, "Wu Lan", by=ana, now=BEGINS)
    with pytest.raises(Refusal, match="Nobody here"):
        await rules.walk_in(event.id, "Li Si", by=ana, now=BEGINS)
    ben = await a_neighbour()
    await rules.stand_at_the_door(event.id, by=ben, now=BEGINS)
    await rules.check_in(event.id, await answer_id(event, ben), by=ana, now=BEGINS)
    with pytest.raises(Full):
        await rules.walk_in(event.id, "", by=ana, now=BEGINS)
    assert ((await as_it_is(event)).coming, await places(event)) == (3, 3)

    [nameless] = await EventAnswer.select(EventAnswer.id).where(EventAnswer.person.is_null())
    await rules.check_out(event.id, nameless["id"], by=ana, now=BEGINS)
    assert await places(event) == 2 and (await rules.answer_of(event.id, wu.id)).came_at


async def test_of_two_who_bear_one_name_a_host_guesses_none(database):
    ana = await a_neighbour()
    event = await an_event(by=ana)
    for _ in range(2):
        await a_neighbour(name="Li Na")
    with pytest.raises(Refusal, match="Several neighbours"):
        await rules.walk_in(event.id, "Li Na", by=ana, now=BEGINS)


async def test_somebody_who_comes_can_be_asked_to_host_and_then_stands_at_the_door(database):
    ana = await a_neighbour()
    event = await an_event(by=ana)
    ben, mei = await comes(event), await a_neighbour()
    with pytest.raises(Refusal):
        await rules.add_host(event.id, mei.id, by=ana, now=NOON)
    await rules.add_host(event.id, ben.id, by=ana, now=NOON)
    await rules.check_in(event.id, await answer_id(event, ben), by=ben, now=BEGINS)


async def test_the_first_who_comes_keeps_the_room_from_being_released(database):
    space, ana = await a_space(policy=Policy.at_once, release=30), await a_neighbour()
    event = await an_event(by=ana, space=space.id)
    ben = await comes(event)
    await rules.check_in(event.id, await answer_id(event, ben), by=ana, now=BEGINS)
    await spaces.tick(event.booking, now=BEGINS + timedelta(minutes=31))
    assert (await spaces.booking_of(event.booking)).stage == RoomStage.approved


# --- An orientation opens doors --------------------------------------------------------------------------------------


async def test_who_was_at_an_orientation_may_book_the_room_at_once_and_nobody_else(database):
    space = await a_space(policy=Policy.trusted, capability="orientation")
    lin = await a_manager()
    event = await an_event(by=lin, kind=Kind.orientation, capability="orientation", valid_days=365)
    ben, mei = await comes(event), await comes(event)
    later = ENDS + HOUR
    wish = {"day": SATURDAY + 2 * DAY}
    assert (await a_booking(space, by=ben, now=NOON, **wish)).stage == RoomStage.pending

    await rules.check_in(event.id, await answer_id(event, ben), by=lin, now=BEGINS)
    [able] = await people.capabilities_of(ben.id, SATURDAY)
    assert (able.kind, able.until_on) == ("orientation", SATURDAY + 365 * DAY)
    assert "Orientation is yours until" in (await told(ben))[-1]
    assert (await a_booking(space, by=ben, now=later, day=SATURDAY + 3 * DAY)).stage == RoomStage.approved
    assert (await a_booking(space, by=mei, now=later, day=SATURDAY + 4 * DAY)).stage == RoomStage.pending
    far = later + 366 * DAY
    assert not await people.capabilities_of(ben.id, far.date())


async def test_only_whoever_may_grant_it_names_a_capability_and_grants_while_they_may(database):
    for who, capability, may in (
        (await a_neighbour(), "orientation", False),
        (await a_manager(), "orientation", True),
        (await a_manager(), "first aid", False),
        (await an_administrator(), "first aid", True),
    ):
        assert rules.may_grant(who, capability) is may

    lin = await a_manager()
    event = await an_event(by=lin, capability="orientation")
    ben = await comes(event)
    [role] = await people.roles_of(lin.id)
    await people.end_role(role.id, by=lin.id, now=NOON)
    await rules.check_in(event.id, await answer_id(event, ben), by=await people.neighbour(lin.id), now=BEGINS)
    assert not await people.capabilities_of(ben.id, SATURDAY)


async def test_being_there_shortens_nothing_and_a_slip_at_the_door_leaves_all_as_it_was(database):
    lin = await a_manager()
    event = await an_event(by=lin, capability="orientation", valid_days=30)
    ben, mei, wu = await comes(event), await comes(event), await comes(event)
    await people.grant(ben.id, "orientation", until=None, by=lin.id, now=NOON)
    await people.grant(mei.id, "orientation", until=SATURDAY + DAY, by=lin.id, now=NOON)

    async def untils(who):
        return [each.until_on for each in await people.capabilities_of(who.id, SATURDAY)]

    for who in (ben, mei, wu):
        await rules.check_in(event.id, await answer_id(event, who), by=lin, now=BEGINS)
    after = SATURDAY + 30 * DAY
    assert [await untils(who) for who in (ben, mei, wu)] == [[None], [after], [after]]
    for who in (ben, mei, wu):
        await rules.check_out(event.id, await answer_id(event, who), by=lin, now=BEGINS)
    assert [await untils(who) for who in (ben, mei, wu)] == [[None], [SATURDAY + DAY], []]
    assert not [words for words in await told(wu) if "is yours until" in words]


# --- Afterwards ------------------------------------------------------------------------------------------------------


async def test_what_is_said_afterwards_is_read_from_five_on_and_never_by_name(database):
    ana = await a_neighbour()
    event = await an_event(by=ana, capacity=20)
    who = [await comes(event) for _ in range(6)]
    for each in who[:5]:
        await rules.check_in(event.id, await answer_id(event, each), by=ana, now=BEGINS)
    for nth, each in enumerate(who[:4]):
        await rules.say_how(event.id, Again.yes, f"Word {9 - nth}", by=each, now=ENDS)
    found = await rules.heard(event.id)
    assert (found.many, found.enough, found.words) == (4, False, [])
    with pytest.raises(Taken):
        await rules.say_how(event.id, Again.no, "", by=who[0], now=ENDS)
    for stranger in (who[5], ana, await a_neighbour()):
        with pytest.raises(Missing):
            await rules.say_how(event.id, Again.no, "", by=stranger, now=ENDS)
    await rules.say_how(event.id, Again.no, "", by=who[4], now=ENDS)
    found = await rules.heard(event.id)
    assert found.again == {"yes": 4, "perhaps": 0, "no": 1}
    assert found.words == ["Word 6", "Word 7", "Word 8", "Word 9"]
    with pytest.raises(Missing):
        await rules.say_how(event.id, Again.no, "", by=who[0], now=ENDS + 15 * DAY)


# --- Leaving, reporting, keeping -------------------------------------------------------------------------------------


async def test_who_leaves_gives_back_their_place_and_what_they_host_is_called_off(database):
    ana = await a_neighbour()
    hers, other = await an_event(by=ana), await an_event(capacity=1, guests=0)
    ben = await comes(hers)
    await comes(other, by=ana)
    [(mei, _)] = await a_line(other, 1)
    await rules.step_back(ana.id, now=NOON)
    assert (await as_it_is(hers)).stage == Stage.cancelled and len(await told(ben)) == 1
    assert len(await told(mei)) == 1 and await places(other) == 1


async def test_a_reported_event_that_officers_take_away_is_seen_by_its_host_alone(database):
    ana = await a_neighbour()
    event = await an_event(by=ana)
    ben = await comes(event)
    found = await rules.reportable(event.id, by=ben, now=NOON)
    assert (found.author, found.path) == (ana.id, f"/events/{event.id}") and "Reading club" in found.words
    await rules.take_away(event.id, now=NOON)
    assert not await rules.whats_on(ben, now=NOON) and not await rules.whats_on(ana, now=NOON)
    assert (await rules.event_for(event.id, by=ana)).taken
    with pytest.raises(Missing):
        await rules.event_for(event.id, by=ben)
    with pytest.raises(NotYours):
        await rules.cancel(event.id, "No", by=ana, now=NOON)
    await rules.give_back(event.id, now=NOON)
    assert (await rules.event_for(event.id, by=ben)).takes_place


async def test_saying_yes_to_a_stranger_of_an_event_is_missing_and_feedback_knows_no_event_of_others(database):
    with pytest.raises(Missing):
        await rules.answer(99, Saying(Said.yes), by=await a_neighbour(), now=NOON)
    with pytest.raises(Missing):
        await rules.public_event((await an_event()).id)
    assert (await rules.public_event((await an_event(public=True)).id)).public
    assert await Feedback.count() == 0
