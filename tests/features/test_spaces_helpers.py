"""A room and somebody to help, in one request: two answers, and neither loses the other."""

from datetime import timedelta

import pytest

from app.features.notices.tables import Notice
from app.features.skills import rules as skills
from app.features.skills.tables import Ask
from app.features.spaces import rules
from app.features.spaces.tables import BookedHelp, Booking, Policy, Stage
from app.kit.clock import now
from app.kit.words import kept
from tests.makers import NOON
from tests.spacing import a_manager, a_neighbour, a_space

DAY = timedelta(days=1)


async def heard(person) -> list[str]:
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [str(kept(row["sentence"])) for row in rows]


def typed(**said) -> dict[str, str]:
    day = (now() + 3 * DAY).date().isoformat()
    usual = {"day": day, "begins": "14:00", "ends": "16:00", "purpose": "A slide show", "people": "6"}
    return usual | said


async def a_room_and_a_helper(sign_in, **said):
    space, ana, wu = await a_space(**said), await a_neighbour(name="Ana"), await a_neighbour(name="Wu")
    skill = await skills.offer(skills.Offer("Runs the projector"), by=wu, now=NOON)
    phone = await sign_in(ana)
    form = (await phone.get(f"/spaces/{space.slug}/book")).text
    assert f'value="{skill}"' in form and "Runs the projector · Wu" in form
    answer = await phone.post(f"/spaces/{space.slug}/book", data=typed(helper=str(skill)))
    [booking], [ask] = await Booking.objects(), await Ask.objects()
    return phone, answer, booking, ask, ana, wu


async def test_one_form_asks_for_the_room_and_for_the_neighbour(sign_in):
    _, answer, booking, ask, ana, wu = await a_room_and_a_helper(sign_in)

    assert answer.url.path == f"/bookings/{booking.id}" and f"/asks/{ask.id}" in answer.text
    assert (ask.asker, ask.helper, ask.words, ask.times) == (ana.id, wu.id, "A slide show", "14:00–16:00")
    assert ask.on_day == booking.begins_at.date()
    assert (await heard(wu))[-1] == "Ana asks for your help: Runs the projector"


async def test_a_no_of_the_helper_does_not_lose_the_room(sign_in):
    phone, _, booking, ask, _, wu = await a_room_and_a_helper(sign_in, policy=Policy.at_once)

    await skills.decline(ask.id, by=wu, now=now())

    assert (await rules.booking_of(booking.id)).stage == Stage.approved
    assert "They cannot: the room stays yours" in (await phone.get(f"/bookings/{booking.id}")).text


@pytest.mark.parametrize("gone", ["cancelled", "refused", "out of use"])
async def test_when_the_room_is_gone_the_helper_need_not_come(sign_in, gone):
    _, _, booking, ask, ana, wu = await a_room_and_a_helper(sign_in)
    await skills.accept(ask.id, by=wu, now=now())
    manager = await a_manager()
    if gone == "cancelled":
        await rules.cancel(booking.id, by=ana, now=now())
    elif gone == "refused":
        await rules.refuse(booking.id, "Closed", by=manager, now=now())
    else:
        await rules.block_out(booking.space, booking.begins_at, booking.ends_at, {"en": "Paint"}, by=manager, now=now())

    assert (await Ask.objects().first()).stage == "withdrawn"
    assert (await heard(wu))[-1] == "Ana no longer needs help with Runs the projector. Thank you!"


async def test_words_alone_ask_whoever_can(sign_in):
    space, ana = await a_space(), await a_neighbour()
    phone = await sign_in(ana)
    await phone.post(f"/spaces/{space.slug}/book", data=typed(helper_words="Who can tune the piano before?"))
    [ask] = await Ask.objects()
    assert (ask.skill, ask.words) == (None, "Who can tune the piano before?")
    assert await BookedHelp.count() == 1


async def test_a_helper_who_cannot_be_asked_leaves_the_room_as_it_is(sign_in):
    space, ana = await a_space(), await a_neighbour()
    phone = await sign_in(ana)
    answer = await phone.post(f"/spaces/{space.slug}/book", data=typed(helper="999"))
    assert "The room is kept; that helper could not be asked." in answer.text
    own = await skills.offer(skills.Offer("Singing"), by=ana, now=NOON)
    later = typed(helper=str(own), begins="18:00", ends="19:00")
    answer = await phone.post(f"/spaces/{space.slug}/book", data=later)
    assert "the helper was not asked. You offer this yourself." in answer.text
    assert await Booking.count() == 2 and await Ask.count() == 0


async def test_only_whoever_booked_sees_whom_they_asked(sign_in):
    _, _, booking, ask, _, _ = await a_room_and_a_helper(sign_in)
    phone = await sign_in(await a_manager())
    answer = await phone.get(f"/bookings/{booking.id}")
    assert answer.status_code == 200 and f"/asks/{ask.id}" not in answer.text
