"""In an emergency a coordinator takes shared rooms: in the open, with an apology, and only as long as it lasts."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.features.alerts import rules as alerts
from app.features.alerts.rules import measures, rooms
from app.features.alerts.rules.measures import Measured, Power
from app.features.alerts.tables import Measure
from app.features.notices.tables import Notice
from app.features.spaces import rules
from app.features.spaces.tables import BlockOut, Policy, Stage
from app.kit.clock import now
from app.kit.languages import language
from app.kit.refusals import Several, Taken
from app.kit.words import kept
from tests.alerting import a_coordinator, an_alert, run
from tests.makers import NOON
from tests.spacing import Stretch, a_booking, a_manager, a_neighbour, a_space, a_wish, some_equipment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROUND_THE_CLOCK = Stretch(0, 24 * 60)


async def heard(person, tag="en") -> list[str]:
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [kept(row["sentence"]).spoken(language(tag)) for row in rows]


async def about(person, space, tag="en") -> list[str]:
    return [each for each in await heard(person, tag) if space.slug.rpartition("-")[2] in each]


def a_measure(*spaces, until=NOON + 30 * HOUR, **said) -> Measured:
    usual = {"power": Power.room, "words": "A shelter", "reason": "The river rises"}
    return Measured(**{**usual, "until_at": until, "spaces": tuple(each.id for each in spaces), **said})


async def a_taken_room():
    """From Friday evening until Saturday night; Ana had it on Saturday afternoon, approved."""
    space, manager, ana, by = await a_space(), await a_manager(), await a_neighbour(), await a_coordinator()
    booked = await a_booking(space, by=ana)
    await rules.approve(booked.id, by=manager, now=NOON)
    alert = await an_alert(by=by, until_at=NOON + 200 * HOUR)
    until = booked.ends_at + 5 * HOUR
    measure = await measures.take_measure(alert, a_measure(space, until=until), by=by, now=NOON)
    return space, ana, booked, by, alert, measure


async def test_whoever_booked_is_told_once_with_an_apology_the_reason_and_other_free_times():
    space, ana, booked, _, _, _ = await a_taken_room()

    [yes, sorry] = await about(ana, space)
    assert yes.startswith("Yes:") and sorry.startswith("We are sorry:") and "The river rises" in sorry
    assert sorry.endswith("Free instead: Sun 10 May 14:00–16:00, Sun 10 May 13:30–15:30, Sun 10 May 14:30–16:30")
    assert "抱歉" in (await about(ana, space, "zh-Hans"))[1]
    assert (await rules.booking_of(booked.id)).stage == Stage.cancelled
    with pytest.raises(Taken):
        await a_booking(space)


async def test_when_the_measure_ends_what_still_lies_ahead_returns_and_is_told_once():
    space, ana, booked, by, _, measure = await a_taken_room()

    await measures.end_measure(measure, by=by, now=NOON + HOUR)

    assert (await rules.booking_of(booked.id)).stage == Stage.approved
    assert [each.split(":")[0] for each in await about(ana, space)][2:] == [
        f"Bookhouse {space.slug[10:]} is yours again after all"
    ]
    with pytest.raises(Taken):
        await a_booking(space)


@pytest.mark.parametrize("end", [alerts.all_clear, alerts.false_alarm])
async def test_when_the_alert_ends_its_rooms_are_given_back_and_nobody_is_told_twice(end):
    space, ana, booked, by, alert, _ = await a_taken_room()

    await end(alert, by=by, now=NOON + HOUR)
    await run(NOON + HOUR)
    await rooms.give_back_rooms_of(alert, now=NOON + 2 * HOUR)

    assert (await rules.booking_of(booked.id)).stage == Stage.approved
    assert len(await about(ana, space)) == 3


async def test_when_the_alert_runs_out_its_rooms_come_back_too_and_what_is_over_stays_off():
    space, ana, booked, *_ = await a_taken_room()

    await run(NOON + 201 * HOUR)

    assert (await BlockOut.objects().first()).ended_at == NOON + 201 * HOUR
    assert (await rules.booking_of(booked.id)).stage == Stage.cancelled
    assert len(await about(ana, space)) == 2


async def test_a_room_that_is_out_of_use_for_two_reasons_returns_with_the_last_of_them():
    space, ana, booked, by, alert, first = await a_taken_room()
    again = a_measure(space, until=booked.ends_at + HOUR, reason="The pump is there")
    second = await measures.take_measure(alert, again, by=by, now=NOON)

    await measures.end_measure(first, by=by, now=NOON + HOUR)
    assert (await rules.booking_of(booked.id)).stage == Stage.cancelled
    with pytest.raises(Taken):
        await a_booking(space, by=ana)
    await measures.end_measure(second, by=by, now=NOON + 2 * HOUR)

    assert (await rules.booking_of(booked.id)).stage == Stage.approved
    assert len(await about(ana, space)) == 3


async def test_what_went_with_a_room_returns_with_it_or_the_booking_stays_off():
    space, ana, by = await a_space(policy=Policy.at_once), await a_neighbour(), await a_coordinator()
    projector = await some_equipment()
    booked = await a_booking(space, by=ana, equipment={projector.id: 1})
    alert = await an_alert(by=by, until_at=NOON + 200 * HOUR)
    first = await measures.take_measure(alert, a_measure(space, until=NOON + 199 * HOUR), by=by, now=NOON)
    await measures.end_measure(first, by=by, now=NOON)
    elsewhere = await a_space(policy=Policy.at_once)
    with pytest.raises(Taken):
        await a_booking(elsewhere, equipment={projector.id: 1})

    second = await measures.take_measure(alert, a_measure(space, until=NOON + 199 * HOUR), by=by, now=NOON)
    await a_booking(elsewhere, equipment={projector.id: 1})
    await measures.end_measure(second, by=by, now=NOON)

    assert (await rules.booking_of(booked.id)).stage == Stage.cancelled


async def test_a_measure_that_takes_rooms_says_which():
    by = await a_coordinator()
    alert = await an_alert(by=by, until_at=NOON + 200 * HOUR)
    with pytest.raises(Several) as refused:
        await measures.take_measure(alert, a_measure(), by=by, now=NOON)
    assert [each.beside for each in refused.value.each] == ["spaces"]
    assert await BlockOut.count() == 0 and await Measure.count() == 0


def chosen(space, **said) -> dict[str, str]:
    usual = {"power": "room", "words": "A shelter", "reason": "The river rises", "spaces": str(space.id), "hours": "24"}
    return usual | said


async def a_booking_today(space, by):
    """Within the next day, whatever the hour is now."""
    day = (now() + 12 * HOUR).astimezone(ZoneInfo("Asia/Shanghai")).date()
    wish = a_wish(day=day, opens=0, closes=23 * 60, purpose="A secret birthday")
    return await rules.book(space.id, wish, by=by, now=now() - DAY)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", ("One booking falls", "Take the measure all the same")),
        ("zh-Hans", ("会取消 1 个预约", "仍然采取这项措施")),
    ],
)
async def test_a_coordinator_sees_which_bookings_fall_before_saying_yes(sign_in, tag, words):
    by = await a_coordinator(language=tag)
    alert = await an_alert(by=by, now=now(), until_at=now() + 3 * DAY)
    space = await a_space(hours=ROUND_THE_CLOCK, longest=1440, policy=Policy.at_once)
    booked = await a_booking_today(space, ana := await a_neighbour(name="Ana Secret"))
    phone = await sign_in(by)
    assert f'value="{space.id}"' in (await phone.get(f"/alerts/{alert}/measures/new")).text

    first = await phone.post(f"/alerts/{alert}/measures/new", data=chosen(space))

    assert first.status_code == 200 and all(each in first.text for each in words)
    assert "secret" not in first.text.lower() and await Measure.count() == 0
    assert (await rules.booking_of(booked.id)).stage == Stage.approved

    known = re.search(r'name="known" value="([^"]*)"', first.text)[1]
    taken = await phone.post(f"/alerts/{alert}/measures/new", data=chosen(space, known=known))

    assert re.search(r"/measures/\d+$", taken.url.path) and f"/spaces/{space.slug}" in taken.text
    assert (await rules.booking_of(booked.id)).stage == Stage.cancelled
    phone = await sign_in(ana)
    assert "The river rises" in (await phone.get(f"/bookings/{booked.id}")).text


async def test_a_booking_that_came_meanwhile_is_shown_before_it_falls_too(sign_in):
    by = await a_coordinator()
    alert = await an_alert(by=by, now=now(), until_at=now() + 3 * DAY)
    space = await a_space(hours=ROUND_THE_CLOCK, longest=1440, policy=Policy.at_once)
    await a_booking_today(space, await a_neighbour())
    phone = await sign_in(by)
    answer = await phone.post(f"/alerts/{alert}/measures/new", data=chosen(space, known="99999"))
    assert "One booking falls" in answer.text and await Measure.count() == 0


async def test_a_room_that_nobody_booked_is_taken_at_once(sign_in):
    by = await a_coordinator()
    alert = await an_alert(by=by, now=now(), until_at=now() + 3 * DAY)
    space = await a_space()
    phone = await sign_in(by)
    answer = await phone.post(f"/alerts/{alert}/measures/new", data=chosen(space))
    assert re.search(r"/measures/\d+$", answer.url.path) and await BlockOut.count() == 1
    answer = await phone.post(f"{answer.url.path}/end")
    assert "given back" in answer.text
