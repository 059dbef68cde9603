"""The code of a door: for whoever booked, for its hours, and noted."""

from datetime import timedelta

import pytest

from app.features.spaces import rules
from app.features.spaces.rules.keeping import purge
from app.features.spaces.tables import DoorCode, Policy, WayIn
from app.kit.refusals import Missing, Refusal
from app.kit.tables import AuditRow
from tests.makers import NOON
from tests.spacing import a_booking, a_manager, a_neighbour, a_space


async def looks() -> int:
    return await AuditRow.count().where(AuditRow.did == "door code seen")


async def test_it_is_seen_from_two_hours_before_until_the_end_by_whoever_booked_and_each_look_is_noted(database):
    space, ana, manager = (
        await a_space(policy=Policy.at_once, way_in=WayIn.code),
        await a_neighbour(),
        await a_manager(),
    )
    booked = await a_booking(space, by=ana)
    with pytest.raises(Missing):
        await rules.set_code(booked.id, "4711", by=ana, now=NOON)
    with pytest.raises(Refusal):
        await rules.set_code(booked.id, " ", by=manager, now=NOON)
    await rules.set_code(booked.id, "0815", by=manager, now=NOON)
    await rules.set_code(booked.id, "4711", by=manager, now=NOON)

    seen = []
    for at in (
        booked.begins_at - timedelta(hours=2, minutes=1),
        booked.begins_at - timedelta(hours=2),
        booked.ends_at - timedelta(minutes=1),
        booked.ends_at,
    ):
        found = await rules.look_at_code(booked, by=ana, now=at)
        seen.append(found and found.code)
    assert seen == [None, "4711", "4711", None] and await looks() == 2
    for other in (manager, await a_neighbour()):
        assert await rules.look_at_code(booked, by=other, now=booked.begins_at) is None


async def test_it_goes_with_the_booking_and_after_its_end(database):
    space, ana, manager = (
        await a_space(policy=Policy.at_once, way_in=WayIn.code),
        await a_neighbour(),
        await a_manager(),
    )
    first, second = await a_booking(space, by=ana), await a_booking(space, by=ana, opens=17 * 60, closes=18 * 60)
    for each in (first, second):
        await rules.set_code(each.id, "4711", by=manager, now=NOON)
    await rules.cancel(first.id, by=ana, now=NOON)
    assert await DoorCode.count() == 1
    await purge(second.ends_at + timedelta(minutes=1))
    assert await DoorCode.count() == 0


async def test_a_room_that_is_open_needs_none(database):
    space, manager = await a_space(policy=Policy.at_once), await a_manager()
    booked = await a_booking(space)
    with pytest.raises(Refusal, match="needs no code"):
        await rules.set_code(booked.id, "4711", by=manager, now=NOON)
