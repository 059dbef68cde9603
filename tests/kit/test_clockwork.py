"""What comes round comes round once a span, however many workers there are, and whatever went wrong last time."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from app.kit import clock, later
from app.kit.clockwork import RETRY, every, turns, wind
from app.kit.tables import Later
from app.working import work

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Bell:
    """Rings, and remembers when."""

    def __init__(self, *, broken: int = 0) -> None:
        self.rang: list[datetime] = []
        self.broken = broken

    async def ring(self, now: datetime) -> None:
        await asyncio.sleep(0)
        self.rang.append(now)
        if self.broken:
            self.broken -= 1
            raise RuntimeError("the rope tore")


def the_bell(bell: Bell, span: timedelta = HOUR):
    return (every(span, bell.ring, "bell"),)


async def pass_the_day(clockwork, *, workers: int = 1, hours: int = 6) -> None:
    for n in range(hours * 4):
        now = NOON + n * 15 * MINUTE
        await asyncio.gather(*[later.run_due(turns(clockwork), now) for _ in range(workers)])


async def test_it_comes_round_once_a_span_with_three_workers():
    bell = Bell()
    await asyncio.gather(*[wind(the_bell(bell), NOON) for _ in range(3)])

    await pass_the_day(the_bell(bell), workers=3)

    assert bell.rang == [NOON + n * HOUR for n in range(6)]


async def test_trouble_brings_it_back_soon_and_then_in_its_span():
    bell = Bell(broken=1)
    await wind(the_bell(bell), NOON)
    await later.run_due(turns(the_bell(bell)), NOON)
    await later.run_due(turns(the_bell(bell)), NOON + RETRY)

    assert bell.rang == [NOON, NOON + RETRY]
    assert await next_turn() == NOON + RETRY + HOUR


async def test_what_was_given_up_comes_back_when_a_worker_starts():
    bell = Bell()
    await wind(the_bell(bell), NOON)
    await Later.update({Later.done_at: NOON, Later.tries: later.GIVES_UP}).where(Later.key == "every bell")

    await wind(the_bell(bell), NOON + DAY)
    await later.run_due(turns(the_bell(bell)), NOON + DAY)

    assert bell.rang == [NOON + DAY]


async def test_a_span_made_shorter_holds_from_today():
    bell = Bell()
    await wind(the_bell(bell, DAY), NOON)
    await later.run_due(turns(the_bell(bell, DAY)), NOON)

    await wind(the_bell(bell, HOUR), NOON + MINUTE)
    assert await next_turn() == NOON + MINUTE


async def test_a_worker_that_starts_again_does_not_ring_again():
    bell = Bell()
    await wind(the_bell(bell), NOON)
    await later.run_due(turns(the_bell(bell)), NOON)

    await wind(the_bell(bell), NOON + MINUTE)
    await later.run_due(turns(the_bell(bell)), NOON + MINUTE)

    assert bell.rang == [NOON]


def test_a_job_is_named_after_its_place_and_must_take_the_time():
    assert every(HOUR, later.purge).name == "kit.later.purge"
    assert every(HOUR, partial(later.purge), "sweep").key == "every sweep"

    async def forgetful() -> None: ...

    with pytest.raises(TypeError):
        every(HOUR, forgetful)


async def test_a_worker_does_new_work_soon_and_stops_when_told():
    bell, done, stop = Bell(), asyncio.Event(), asyncio.Event()

    async def note(*, now: datetime, words: str) -> None:
        assert words == "now"
        done.set()

    worker = asyncio.create_task(work({"note": note}, the_bell(bell), stop))
    await asyncio.sleep(0.2)
    await later.at(clock.now(), "note", key="a", words="now")
    await asyncio.wait_for(done.wait(), 30)
    stop.set()
    await asyncio.wait_for(worker, 30)

    assert len(bell.rang) == 1


async def test_what_is_under_way_is_finished_before_a_worker_stops():
    begun, stop, finished = asyncio.Event(), asyncio.Event(), []

    async def slow(*, now: datetime) -> None:
        begun.set()
        await asyncio.sleep(0.2)
        finished.append(now)

    await later.at(NOON, "slow", key="a")
    worker = asyncio.create_task(work({"slow": slow}, (), stop))
    await begun.wait()
    stop.set()
    await asyncio.wait_for(worker, 30)

    assert len(finished) == 1
    assert not await later.is_due(clock.now())


async def test_a_database_that_is_away_for_a_moment_does_not_end_the_worker(monkeypatch, caplog):
    monkeypatch.setattr("app.working.TROUBLE", 0.01)
    stop, done, is_due = asyncio.Event(), asyncio.Event(), later.is_due
    answers = iter([OSError("away")])

    async def sometimes(now: datetime) -> bool:
        for trouble in answers:
            raise trouble
        return await is_due(now)

    async def note(*, now: datetime) -> None:
        done.set()

    monkeypatch.setattr(later, "is_due", sometimes)
    await later.at(NOON, "note", key="a")
    with caplog.at_level(logging.ERROR):
        worker = asyncio.create_task(work({"note": note}, (), stop))
        await asyncio.wait_for(done.wait(), 30)
    stop.set()
    await asyncio.wait_for(worker, 30)

    assert "the worker rests" in caplog.text


async def next_turn() -> datetime:
    return (await Later.select(Later.run_at).where(Later.key == "every bell").first())["run_at"]
