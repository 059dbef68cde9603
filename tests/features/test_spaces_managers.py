"""Managers between two other jobs: a question before the answer, several at once, and a slip taken back."""

from datetime import timedelta

import pytest

from app.features.notices.tables import Notice
from app.features.spaces import rules
from app.features.spaces.tables import Booking, BookingStep, Policy, Stage
from app.kit import slots
from app.kit.clock import now
from app.kit.languages import language
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.tables import Slot
from app.kit.words import kept
from tests.makers import NOON
from tests.spacing import a_booking, a_manager, a_neighbour, a_space, a_wish

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


async def heard(person) -> list[str]:
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [kept(row["sentence"]).spoken(language("en")) for row in rows]


async def a_request(**said):
    space, manager, ana = await a_space(**said), await a_manager(), await a_neighbour(name="Ana")
    return space, manager, ana, await a_booking(space, by=ana)


async def test_a_manager_asks_and_whoever_booked_answers_and_both_hear_it_once():
    space, manager, ana, booked = await a_request()

    await rules.ask_booker(booked.id, "Do you bring food?", by=manager, now=NOON)
    assert (await heard(ana))[-1].endswith("Do you bring food?")
    assert (await rules.open_question(booked.id)).words == "Do you bring food?"
    await rules.answer_manager(booked.id, "Only tea.", by=ana, now=NOON)

    assert (await heard(manager))[-1] == f"Ana answers about Bookhouse {space.slug[10:]}: Only tea."
    assert await rules.open_question(booked.id) is None
    steps = await BookingStep.select(BookingStep.did, BookingStep.words).order_by(BookingStep.id)
    assert [tuple(each.values()) for each in steps][1:] == [("question", "Do you bring food?"), ("answer", "Only tea.")]
    assert (await rules.booking_of(booked.id)).stage == Stage.pending
    assert len(await heard(ana)) == 1 and len(await heard(manager)) == 2


async def test_only_managers_ask_only_the_booker_answers_and_only_what_was_asked():
    _, manager, ana, booked = await a_request()
    ben = await a_neighbour()
    with pytest.raises(NotYours):
        await rules.ask_booker(booked.id, "Food?", by=ana, now=NOON)
    with pytest.raises(Missing):
        await rules.ask_booker(booked.id, "Food?", by=ben, now=NOON)
    with pytest.raises(Taken):
        await rules.answer_manager(booked.id, "Tea.", by=ana, now=NOON)
    await rules.ask_booker(booked.id, "Food?", by=manager, now=NOON)
    with pytest.raises(Missing):
        await rules.answer_manager(booked.id, "Tea.", by=ben, now=NOON)
    for words in (" ", "x" * 301):
        with pytest.raises(Refusal) as refused:
            await rules.answer_manager(booked.id, words, by=ana, now=NOON)
        assert refused.value.beside == "words"
    await rules.approve(booked.id, by=manager, now=NOON)
    with pytest.raises(Taken):
        await rules.answer_manager(booked.id, "Tea.", by=ana, now=NOON)


async def test_a_talk_has_an_end():
    _, manager, ana, booked = await a_request()
    for _nth in range(6):
        await rules.ask_booker(booked.id, "And?", by=manager, now=NOON)
        await rules.answer_manager(booked.id, "Yes.", by=ana, now=NOON)
    with pytest.raises(Refusal):
        await rules.ask_booker(booked.id, "And?", by=manager, now=NOON)


async def test_a_yes_that_slipped_out_is_taken_back_within_seconds_and_its_time_stays_kept():
    space, manager, ana, booked = await a_request()
    held = {each.slot for each in await slots.used([f"space:{space.id}"], range(2**31 - 1))}
    await rules.approve(booked.id, by=manager, now=NOON)

    await rules.undo_decision(booked.id, by=manager, now=NOON + 8 * SECOND)

    now_held = await rules.booking_of(booked.id)
    assert (now_held.stage, now_held.decided_by) == (Stage.pending, None)
    assert {each.slot for each in await slots.used([f"space:{space.id}"], range(2**31 - 1))} == held
    assert "was a slip" in (await heard(ana))[-1]
    await rules.approve(booked.id, by=manager, now=NOON + DAY)
    assert (await rules.booking_of(booked.id)).stage == Stage.approved


async def test_a_no_that_slipped_out_takes_its_time_again_unless_somebody_has_it():
    space, manager, _, booked = await a_request()
    held = await Slot.count()
    await rules.refuse(booked.id, "Closed", by=manager, now=NOON)
    assert await Slot.count() == 0
    await rules.undo_decision(booked.id, by=manager, now=NOON + 5 * SECOND)
    assert await Slot.count() == held and (await rules.booking_of(booked.id)).reason == ""

    await rules.refuse(booked.id, "Closed", by=manager, now=NOON)
    other = await a_booking(space)
    with pytest.raises(Taken):
        await rules.undo_decision(booked.id, by=manager, now=NOON + 5 * SECOND)
    assert (await rules.booking_of(booked.id)).stage == Stage.refused
    assert {each["owner"] for each in await Slot.select(Slot.owner)} == {other.owner}


async def test_too_late_or_by_another_nothing_is_undone():
    _, manager, ana, booked = await a_request()
    with pytest.raises(Taken):
        await rules.undo_decision(booked.id, by=manager, now=NOON)
    await rules.approve(booked.id, by=manager, now=NOON)
    with pytest.raises(Missing):
        await rules.undo_decision(booked.id, by=ana, now=NOON)
    with pytest.raises(Taken):
        await rules.undo_decision(booked.id, by=await a_manager(), now=NOON)
    with pytest.raises(Taken):
        await rules.undo_decision(booked.id, by=manager, now=NOON + timedelta(minutes=1))
    assert (await rules.booking_of(booked.id)).stage == Stage.approved


async def test_several_are_approved_at_once_and_what_others_decided_stays():
    space, manager, ana, first = await a_request()
    second = await a_booking(space, by=ana, opens=17 * 60, closes=18 * 60)
    third = await a_booking(space, by=ana, opens=19 * 60, closes=20 * 60)
    await rules.refuse(third.id, "Closed", by=await a_manager(), now=NOON)
    ids = [first.id, second.id, third.id, second.id, 999]
    assert await rules.approve_all(ids, by=manager, now=NOON) == (2, 2)
    stages = [(await rules.booking_of(each.id)).stage for each in (first, second, third)]
    assert stages == [Stage.approved, Stage.approved, Stage.refused]
    assert sum(each.startswith("Yes:") for each in await heard(ana)) == 2


async def test_a_request_says_what_is_known_of_whoever_asks_who_else_wants_it_and_what_lies_close():
    space, _, ana, booked = await a_request()
    ben = await a_neighbour()
    await rules.wait_for(space.id, a_wish(), by=ben, now=NOON)
    near = await a_booking(space, by=ben, opens=17 * 60, closes=18 * 60)
    await a_booking(space, by=ben, opens=20 * 60, closes=21 * 60)
    for stage in (Stage.approved, Stage.approved, Stage.unused, Stage.cancelled):
        over = {"space": space.id, "person": ana.id, "asked_at": NOON, "stage_at": NOON, "stage": stage}
        await Booking(begins_at=NOON - 9 * DAY, ends_at=NOON - 8 * DAY, **over).save()

    record = (await rules.records_of([ana.id, ben.id], now=NOON))[ana.id]
    assert (record.had, record.unused, record.off) == (2, 1, 1)
    assert (await rules.records_of([ben.id], now=NOON))[ben.id] == rules.Record(ben.id, 0, 0, 0)
    assert [each.id for each in await rules.beside(booked)] == [near.id]
    assert await rules.others_waiting(booked, await rules.space_of(space.id)) == 1


async def a_request_to_come(**said):
    space, manager, ana = await a_space(**said), await a_manager(), await a_neighbour(name="Ana")
    day = (now() + 3 * DAY).date()
    return space, manager, ana, await rules.book(space.id, a_wish(day=day), by=ana, now=now())


async def test_on_the_pages_question_answer_and_undo_are_one_press_each(sign_in):
    _, manager, ana, booked = await a_request_to_come()
    at = f"/bookings/{booked.id}"
    phone = await sign_in(manager)
    assert "asks for the first time" in (await phone.get(at)).text
    answer = await phone.post(f"{at}/question", data={"words": ""})
    assert answer.status_code == 422 and "Please fill this in." in answer.text
    assert (
        "You wait for an answer to: Do you bring food?"
        in (await phone.post(f"{at}/question", data={"words": "Do you bring food?"})).text
    )

    phone = await sign_in(ana)
    assert "They ask you" in (await phone.get(at)).text
    assert "Only tea." in (await phone.post(f"{at}/answer", data={"words": "Only tea."})).text

    phone = await sign_in(manager)
    done = await phone.post(f"{at}/approval")
    assert f'action="{at}/decision/undo"' in done.text
    assert "Your answer" in (await phone.post(f"{at}/decision/undo")).text
    assert (await rules.booking_of(booked.id)).stage == Stage.pending


async def test_the_queue_approves_all_that_are_ticked(sign_in):
    space, manager, ana, first = await a_request_to_come()
    second = await rules.book(
        space.id, a_wish(day=first.begins_at.date(), opens=18 * 60, closes=19 * 60), by=ana, now=now()
    )
    phone = await sign_in(manager)
    queue = (await phone.get("/manage/bookings")).text
    assert queue.count('name="chosen"') == 2 and "asks for the first time" in queue
    assert "tick what you mean" in (await phone.post("/manage/bookings/approval")).text
    answer = await phone.post("/manage/bookings/approval", data={"chosen": [str(first.id), str(second.id)]})
    assert "2 approved" in answer.text and "Nothing waits for you" in answer.text


async def test_what_rings_a_managers_phone_opens_the_page_with_the_one_button(sign_in):
    """The push leads to the request; one press there, and whoever booked is told."""
    _, manager, ana, booked = await a_request_to_come(policy=Policy.approval)
    [told] = await Notice.objects().where(Notice.person == manager.id)
    phone = await sign_in(manager)
    text = (await phone.get(told.path)).text
    assert text.count(f'action="/bookings/{booked.id}/approval"') == 1
    await phone.post(f"/bookings/{booked.id}/approval")
    assert (await heard(ana))[-1].startswith("Yes:")
