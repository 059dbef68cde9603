"""What only one can have at a time, whoever asks in the same moment."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from app.db import writing
from app.kit import slots
from app.kit.slots import Claim, Faster, days, give_back, moment, quarters, take, used
from app.kit.tables import Slot

SATURDAY = datetime(2026, 5, 2, 6, tzinfo=UTC)


def an_hour(thing: str = "space:1", *, after: int = 0, **said) -> Claim:
    start = quarters(SATURDAY, SATURDAY).start + 4 * after
    return Claim(thing, tuple(range(start, start + 4)), **said)


async def asks(owner: str, *claims: Claim) -> bool:
    try:
        async with writing():
            await take(owner, claims)
    except Faster:
        return False
    return True


def test_a_stretch_of_time_takes_every_quarter_that_it_touches():
    at = datetime(2026, 5, 2, 6, 7, tzinfo=UTC)
    touched = quarters(at, datetime(2026, 5, 2, 6, 31, tzinfo=UTC))

    assert [moment(each) for each in touched] == [datetime(2026, 5, 2, 6, minute, tzinfo=UTC) for minute in (0, 15, 30)]
    assert len(quarters(SATURDAY, datetime(2026, 5, 2, 7, tzinfo=UTC))) == 4


def test_a_loan_takes_its_first_and_its_last_day():
    assert len(days(date(2026, 12, 30), date(2027, 1, 2))) == 4


async def test_who_comes_second_gets_nothing_of_it_and_the_hour_after_is_free(database):
    assert await asks("booking:1", an_hour())
    overlapping = Claim("space:1", tuple(slot + 2 for slot in an_hour().slots))
    assert not await asks("booking:2", overlapping)
    assert await asks("booking:3", an_hour(after=1))
    assert {each.owner for each in await used(["space:1"], range(an_hour().slots[0], an_hour().slots[0] + 100))} == {
        "booking:1",
        "booking:3",
    }

    await give_back("booking:1")
    assert not await asks("booking:2", overlapping), "its second half is somebody's still"
    assert await asks("booking:2", an_hour())


async def test_of_a_set_of_six_chairs_two_can_have_three_and_nobody_a_fourth(database):
    three = an_hour("equipment:1", wanted=3, units=6)
    assert [await asks(f"booking:{each}", three) for each in (1, 2, 3)] == [True, True, False]
    assert not await asks("booking:4", an_hour("equipment:1", wanted=7, units=6, after=9))


async def test_a_room_with_its_projector_is_had_together_or_not_at_all(database):
    assert await asks("booking:1", an_hour("equipment:1"))
    assert not await asks("booking:2", an_hour("space:1"), an_hour("equipment:1"))
    assert await asks("booking:3", an_hour("space:1"))


@pytest.mark.parametrize("units", [1, 3])
async def test_of_forty_who_ask_at_once_as_many_have_it_as_there_are(database, units):
    both = an_hour("space:1", units=units), an_hour("equipment:1", units=units)
    asked = [asks(f"booking:{each}", *(both if each % 2 else reversed(both))) for each in range(40)]
    won = sum(await asyncio.gather(*asked))

    assert 1 <= won <= units
    assert await Slot.count() == won * 8


async def test_who_changes_what_they_have_keeps_what_is_in_both_and_lets_go_of_the_rest(database):
    one, two = Claim("room", (1, 2, 3, 4)), Claim("room", (11, 12))
    await slots.have({"ana:1": [one], "ana:2": [two, Claim("chairs", (11,), 2, 3)]})
    kept = {row["id"] for row in await Slot.select(Slot.id).where(Slot.slot.is_in([3, 4]))}

    await slots.have({"ana:1": [Claim("room", (3, 4, 5))], "ana:2": []})
    rows = await Slot.select().order_by(Slot.slot)
    assert [(row["owner"], row["slot"]) for row in rows] == [("ana:1", 3), ("ana:1", 4), ("ana:1", 5)]
    assert kept < {row["id"] for row in rows}
    await slots.take("ben", [Claim("room", (6,))])
    with pytest.raises(Faster):
        await slots.have({"ana:1": [Claim("room", (5, 6))]})
    assert not await slots.are_free([Claim("room", (6, 7))]) and await slots.are_free([Claim("room", (7,))])


async def test_two_of_ones_own_cannot_have_the_same(database):
    with pytest.raises(Faster):
        await slots.have({"ana:1": [Claim("room", (1, 2))], "ana:2": [Claim("room", (2, 3))]})
    await slots.have({"ana:1": [Claim("week", (1,), 1, 2)], "ana:2": [Claim("week", (1,), 1, 2)]})
    assert {row["unit"] for row in await Slot.select(Slot.unit)} == {0, 1}
