"""Many ask for one room and hour in the same moment, by the form that everybody sends; and what it is that keeps it."""

import asyncio
import re
from uuid import uuid4

import pytest

from app.db import DB
from app.features.accounts.rules.signing_in import Place, open_door
from app.features.spaces import rules
from app.features.spaces.tables import Booking, Policy
from app.kit import slots
from app.kit.clock import now
from app.kit.refusals import Taken
from app.kit.tables import Slot
from app.migrating import execute
from tests.features.test_spaces import OVERLAPS
from tests.features.test_spaces_pages import in_days, typed
from tests.spacing import a_booking, a_neighbour, a_space, some_equipment

INDEX = "CREATE UNIQUE INDEX one_owner_a_slot ON slots (thing, slot, unit)"
TOO_MUCH = (  # of a thing of which there is one
    "SELECT count(*) AS found FROM booked_equipment a JOIN booked_equipment b ON a.equipment = b.equipment "
    "AND a.id < b.id JOIN bookings mine ON mine.id = a.booking JOIN bookings theirs ON theirs.id = b.booking "
    "AND mine.begins_at < theirs.ends_at AND theirs.begins_at < mine.ends_at"
)
OFFERED = re.compile(r'value="\d{4}-\d\d-\d\d \d+ \d+"')


async def overlaps() -> int:
    return sum([int((await Booking.raw(sql))[0]["found"]) for sql in (OVERLAPS, TOO_MUCH)])


def forms(projector: int) -> list[dict[str, str]]:
    """Once; an hour whose pause reaches into it; a repeat, of which the second date may be that one; with a thing."""
    weekly = {"every": "week", "interval": "1", "times": "3", "reviewed": "1"}
    return [
        typed(day=in_days(10).isoformat()),
        typed(day=in_days(10).isoformat(), begins="12:00", ends="14:00"),
        typed(day=in_days(10).isoformat(), **{f"equipment-{projector}": "1"}),
        typed(day=in_days(10).isoformat(), **weekly),
        typed(day=in_days(3).isoformat(), **weekly, **{f"equipment-{projector}": "1"}),
    ]


@pytest.mark.parametrize("first", range(5))
async def test_of_twenty_who_send_their_forms_at_once_one_has_it_and_the_others_are_offered_something(browser, first):
    space, projector = await a_space(policy=Policy.at_once, gap=30), await some_equipment()
    keys = [await open_door((await a_neighbour()).id, place=Place("192.0.2"), now=now()) for _ in range(20)]
    kinds = forms(projector.id)
    kinds = kinds[first:] + kinds[:first]
    sent = [
        browser.post(
            f"/spaces/{space.slug}/book",
            data=kinds[nth % 5] | {"_deed": str(uuid4())},
            headers={"Cookie": f"key={key.token}"},
            follow_redirects=False,
        )
        for nth, key in enumerate(keys)
    ]
    answers = await asyncio.gather(*sent)

    assert sorted(each.status_code for each in answers) == [303] + [409] * 19
    assert all(OFFERED.search(each.text) for each in answers if each.status_code == 409)
    assert await overlaps() == 0
    assert await Booking.count() in (1, 3)


@pytest.fixture
async def all_look_before_anybody_writes(monkeypatch):
    """What everybody sees who looks in the same moment: that it is free."""

    async def nothing(things, within) -> list[slots.Used]:
        return []

    monkeypatch.setattr(slots, "used", nothing)


async def six_ask(space, projector) -> list[object]:
    who = [await a_neighbour() for _ in range(6)]
    asked = [
        a_booking(space, by=person, equipment={projector.id: 1} if nth % 2 else {}, opens=(13 + nth % 2) * 60)
        for nth, person in enumerate(who)
    ]
    return list(await asyncio.gather(*asked, return_exceptions=True))


async def test_who_all_saw_that_it_is_free_are_kept_apart_by_the_index(database, all_look_before_anybody_writes):
    came = await six_ask(await a_space(), await some_equipment())

    assert sum(isinstance(each, rules.Booked) for each in came) == 1
    assert sum(isinstance(each, Taken) for each in came) == 5, came
    assert await overlaps() == 0


@pytest.fixture
async def without_the_index(database):
    async with DB.changing_schema():
        await execute("DROP INDEX one_owner_a_slot")
    yield
    await Slot.delete(force=True)
    async with DB.changing_schema():
        await execute(INDEX)


async def test_a_house_whose_index_is_gone_gives_a_room_to_nobody_rather_than_to_two(without_the_index):
    came = await six_ask(await a_space(), await some_equipment())

    assert not any(isinstance(each, rules.Booked | Taken) for each in came)
    assert await Booking.count() == 0


async def test_without_the_index_and_without_asking_it_they_would_all_have_it(
    without_the_index, all_look_before_anybody_writes, monkeypatch
):
    async def plainly(rows: list[Slot]) -> None:
        await Slot.insert(*rows)

    monkeypatch.setattr(slots, "_put", plainly)
    came = await six_ask(await a_space(), await some_equipment())

    assert all(isinstance(each, rules.Booked) for each in came), came
    assert await overlaps() == 15 + 3


async def test_the_index_of_these_tests_is_the_one_that_the_house_has(database):
    if DB.engine_type == "sqlite":
        [row] = await Slot.raw("SELECT sql FROM sqlite_master WHERE name = 'one_owner_a_slot'")
        assert row["sql"] == INDEX
    else:
        [row] = await Slot.raw("SELECT indexdef FROM pg_indexes WHERE indexname = 'one_owner_a_slot'")
        assert row["indexdef"].replace("public.", "").replace(" USING btree", "") == INDEX
