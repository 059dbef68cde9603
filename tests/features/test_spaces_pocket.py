"""One's next bookings without a network, and never the code of a door beyond its hours."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.features.spaces import rules
from app.features.spaces.tables import Policy, Stage, WayIn
from app.kit.clock import now
from app.kit.tables import AuditRow
from tests.makers import NOON, a_person
from tests.spacing import Stretch, a_booking, a_manager, a_neighbour, a_space, a_wish

HOUR = timedelta(hours=1)
CODE = "zz4711"


async def pages_of(person, at):
    return {each.path: each for each in await rules.in_pocket(person, now=at)}


async def a_coded_booking():
    space, manager, ana = await a_space(way_in=WayIn.code), await a_manager(), await a_neighbour(name="Ana")
    booked = await a_booking(space, by=ana)
    await rules.approve(booked.id, by=manager, now=NOON)
    await rules.set_code(booked.id, CODE, by=manager, now=NOON)
    return space, manager, ana, await rules.booking_of(booked.id)


async def looks() -> int:
    return await AuditRow.count().where(AuditRow.did == "door code seen")


async def test_the_next_bookings_are_in_the_pocket_until_the_last_of_them_ends():
    space, ana = await a_space(policy=Policy.at_once, place='{"en": "East door"}'), await a_neighbour()
    soon = await a_booking(space, by=ana)
    later = await a_booking(space, by=ana, opens=18 * 60, closes=19 * 60)
    off = await a_booking(space, by=ana, opens=10 * 60, closes=11 * 60)
    await rules.cancel(off.id, by=ana, now=NOON)

    [page] = (await pages_of(ana, NOON)).values()

    assert page.path == "/bookings" and page.until == later.ends_at
    assert [each.id for each in page.shows["ahead"]] == [soon.id, later.id]
    assert str(page.shows["ahead"][0].place_said) == "East door"
    assert await rules.in_pocket(await a_neighbour(), now=NOON) == []
    assert await rules.in_pocket(ana, now=later.ends_at) == []


async def test_who_has_the_key_is_said():
    lin, ana = await a_person(name="Lin"), await a_neighbour()
    space = await a_space(policy=Policy.at_once, way_in=WayIn.key, key_holder=lin.id)
    await a_booking(space, by=ana)
    [page] = (await pages_of(ana, NOON)).values()
    assert str(page.shows["ahead"][0].way) == "Lin has the key."


@pytest.mark.parametrize(
    ("before", "there"), [(2 * HOUR + timedelta(seconds=1), False), (2 * HOUR, True), (-HOUR, True)]
)
async def test_a_code_is_there_from_two_hours_before_with_its_end_and_each_time_is_noted(before, there):
    _, _, ana, booked = await a_coded_booking()

    pages = await pages_of(ana, booked.begins_at - before)

    assert (booked.path in pages) is there and await looks() == int(there)
    if there:
        assert pages[booked.path].until == booked.ends_at and pages[booked.path].shows["code"].code == CODE
    assert "code" not in pages["/bookings"].shows


async def test_a_code_is_in_nobody_elses_pocket_and_after_the_end_in_none():
    _, manager, ana, booked = await a_coded_booking()
    for person, at in ((manager, booked.begins_at), (await a_neighbour(), booked.begins_at), (ana, booked.ends_at)):
        assert booked.path not in await pages_of(person, at)
    await rules.block_out(
        booked.space, booked.begins_at - HOUR, booked.ends_at, {"en": "Paint"}, by=manager, now=booked.begins_at - HOUR
    )
    assert (await rules.booking_of(booked.id)).stage == Stage.cancelled
    assert await pages_of(ana, booked.begins_at - HOUR / 2) == {}
    assert await looks() == 0


@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
async def test_the_phone_gets_it_as_a_page_in_the_language_of_its_owner(sign_in, tag):
    ana, manager = await a_neighbour(language=tag), await a_manager()
    space = await a_space(policy=Policy.at_once, hours=Stretch(0, 1440), longest=1440, way_in=WayIn.code)
    soon = (now() + HOUR).astimezone(ZoneInfo("Asia/Shanghai"))
    half = soon.hour * 60 + (30 if soon.minute >= 30 else 0)
    wish = a_wish(day=soon.date(), opens=half, closes=min(half + 60, 1440))
    booked = await rules.book(space.id, wish, by=ana, now=now() - 3 * HOUR)
    await rules.set_code(booked.id, CODE, by=manager, now=now() - 3 * HOUR)

    pocket = {each["path"]: each for each in (await (await sign_in(ana)).get("/pocket")).json()}

    assert CODE in pocket[booked.path]["html"] and CODE not in pocket["/bookings"]["html"]
    assert datetime.fromisoformat(pocket[booked.path]["until"]) == booked.ends_at
    assert {"en": "Code of the door", "zh-Hans": "门锁码"}[tag] in pocket["/bookings"]["html"]
    assert CODE not in str((await (await sign_in(manager)).get("/pocket")).json())
