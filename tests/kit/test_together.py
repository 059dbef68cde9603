"""Fifty boards stand open: what is dear is reckoned once for all who ask together, and never too old for anybody."""

import asyncio

import pytest

from app.db import DB, writing
from app.kit.together import Together


class Count:
    """Reckons slowly; of `written`, each reckoning sees what stood there when it began."""

    def __init__(self):
        self.written = self.begun = 0
        self.going_on = asyncio.Event()
        self.go_on = asyncio.Event()

    async def reckon(self):
        self.begun += 1
        seen = self.written
        self.going_on.set()
        await self.go_on.wait()
        return seen


async def asked(together, count, key="board"):
    task = asyncio.create_task(together.ask(key, count.reckon))
    await asyncio.sleep(0)
    return task


async def test_many_who_ask_at_once_are_answered_by_one_reckoning():
    together, count = Together(0), Count()
    count.go_on.set()

    assert await asyncio.gather(*[together.ask("board", count.reckon) for _ in range(50)]) == [0] * 50
    assert count.begun == 1


async def test_what_was_written_before_one_asked_is_in_the_answer_though_one_was_under_way():
    together, count = Together(0), Count()
    early = await asked(together, count)
    await count.going_on.wait()
    count.written = 7
    late = [await asked(together, count) for _ in range(3)]
    count.go_on.set()

    assert await early == 0
    assert await asyncio.gather(*late) == [7, 7, 7]
    assert count.begun == 2


async def test_the_next_is_begun_only_after_a_pause_and_then_holds_everything():
    together, count = Together(0.2), Count()
    count.go_on.set()
    await together.ask("board", count.reckon)
    late = await asked(together, count)
    count.written = 3

    assert await late == 3
    assert count.begun == 2


async def test_different_questions_do_not_wait_for_each_other():
    together, slow, quick = Together(60), Count(), Count()
    waiting = await asked(together, slow, "one")
    quick.go_on.set()

    assert await together.ask("another", quick.reckon) == 0
    waiting.cancel()


async def test_whoever_goes_away_takes_nothing_from_the_others():
    together, count = Together(0), Count()
    leaves, stays = await asked(together, count), await asked(together, count)
    leaves.cancel()
    count.go_on.set()

    assert await stays == 0


async def test_a_reckoning_that_fails_fails_for_those_who_waited_and_for_nobody_after_them():
    together, count = Together(0), Count()
    count.go_on.set()

    async def broken():
        raise LookupError

    with pytest.raises(LookupError):
        await together.ask("board", broken)
    assert await together.ask("board", count.reckon) == 0


async def test_it_is_reckoned_outside_of_the_transaction_of_whoever_asks():
    together = Together(0)

    async def reckon():
        return DB.transaction_exists()

    async with writing():
        assert DB.transaction_exists()
        assert not await together.ask("board", reckon)
