"""A manager's yes from the lock screen: one press, and only for whoever sees there what they say yes to."""

from app.features.notices.tables import By
from app.features.people.tables import Kind
from app.features.spaces import rules
from app.features.spaces.rules import agenda, repeat_agenda
from tests.features.test_ringing import MIDDAY
from tests.ringing import ARoad, a_bell, ring, somebody
from tests.spacing import a_booking, a_space


async def test_whoever_sees_the_words_on_the_lock_screen_can_say_yes_there_and_nobody_else():
    await somebody(role=Kind.space_manager, wishes={"shows_words": True})
    await somebody(role=Kind.space_manager)
    road, bell = ARoad(), a_bell(press=rules.press)
    booked = await a_booking(await a_space(), now=MIDDAY)

    seeing, blind = await ring(road, MIDDAY, bell=bell)

    assert seeing.press and seeing.press.path == f"/bookings/{booked.id}/approval"
    assert blind.press is None and blind.body == "There is news about a booking."
    assert {seeing.by, blind.by} == {By.push}


async def test_the_press_is_for_requests_and_their_reminders_and_for_nothing_else():
    assert rules.press(agenda.asked_key(7) + ":2") == rules.press(agenda.asked_key(7))
    repeat = rules.press(repeat_agenda.asked_key(7))
    assert repeat and repeat.path == "/bookings/repeats/7/approval"
    others = ["waiting:7", "booking:7", "series:7:again", "booking:7:asked:3", "x:7:asked", "booking:7:asked:1:1"]
    assert [rules.press(key) for key in others] == [None] * len(others)
