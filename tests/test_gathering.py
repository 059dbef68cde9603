"""What many come with in the same moment is done for all of them at once, and nobody's trouble is another's."""

import asyncio

import pytest

from app.db import gathering
from app.db.gathering import CROWD, MOST, PAUSE, Gathering


class Desk:
    """Doubles numbers for all who wait; of those who bring a 13 it cannot, and 0 breaks it for everybody."""

    def __init__(self):
        self.rounds = []
        self.at_work, self.go_on = asyncio.Event(), asyncio.Event()
        self.go_on.set()
        self.gathering = Gathering(self.double)

    async def double(self, numbers):
        self.rounds.append(numbers)
        self.at_work.set()
        await self.go_on.wait()
        if 0 in numbers:
            raise ZeroDivisionError
        return [ValueError("not that one") if number == 13 else number * 2 for number in numbers]

    async def come(self, *numbers):
        return await asyncio.gather(*[self.gathering.bring(number) for number in numbers], return_exceptions=True)


async def test_who_comes_in_the_same_moment_is_served_together_and_each_takes_their_own_home():
    desk = Desk()

    assert await desk.come(1, 2, 3) == [2, 4, 6]
    assert desk.rounds == [[1, 2, 3]]


async def test_who_comes_while_the_desk_is_at_work_is_served_after_that_and_not_from_it():
    desk = Desk()
    desk.go_on.clear()
    first = asyncio.create_task(desk.come(1))
    await desk.at_work.wait()
    late = asyncio.create_task(desk.come(2, 3))
    await asyncio.sleep(0)
    desk.go_on.set()

    assert await first == [2]
    assert await late == [4, 6]
    assert desk.rounds == [[1], [2, 3]]


async def test_one_who_cannot_be_served_is_told_so_and_the_others_are_served():
    one, other, third = await Desk().come(1, 13, 3)

    assert (one, third) == (2, 6)
    assert isinstance(other, ValueError)


async def test_where_all_of_it_breaks_everybody_hears_it_and_the_next_are_served():
    desk = Desk()

    assert [type(each) for each in await desk.come(1, 0)] == [ZeroDivisionError] * 2
    assert await desk.come(4) == [8]


async def test_who_gives_up_waiting_takes_nothing_from_the_others():
    desk = Desk()
    desk.go_on.clear()
    leaves, stays = asyncio.create_task(desk.come(1)), asyncio.create_task(desk.come(2))
    await desk.at_work.wait()
    leaves.cancel()
    desk.go_on.set()

    assert await stays == [4]
    with pytest.raises(asyncio.CancelledError):
        await leaves


async def test_nobody_waits_for_a_clock_unless_they_come_behind_a_crowd(monkeypatch):
    waited = []

    async def note(seconds):
        waited.append(seconds)

    desk = Desk()
    monkeypatch.setattr(gathering.asyncio, "sleep", note)
    await desk.come(*range(1, CROWD))
    assert waited == []
    await desk.come(*range(1, CROWD + 1))
    await desk.come(1)

    assert waited == [PAUSE]


async def test_thousands_are_served_in_their_order_by_the_hundred():
    desk = Desk()

    assert await desk.come(*range(20, 20 + 3 * MOST)) == [number * 2 for number in range(20, 20 + 3 * MOST)]
    assert [len(round) for round in desk.rounds] == [MOST] * 3


async def test_another_loop_finds_nobody_at_the_desk():
    desk = Desk()
    desk.go_on.clear()
    left = asyncio.create_task(desk.come(1))
    await desk.at_work.wait()
    desk.go_on = asyncio.Event()
    desk.go_on.set()

    assert await asyncio.to_thread(lambda: asyncio.run(desk.come(2))) == [4]
    left.cancel()
