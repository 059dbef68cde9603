"""What is put off until later is done once, whoever does it and whoever dies."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from app.db import writing
from app.kit import later
from app.kit.tables import Later

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Stumbled(Exception):
    pass


class Notebook:
    """Jobs that write down what they did."""

    def __init__(self, *, trouble: int = 0) -> None:
        self.did: list[str] = []
        self.trouble = trouble
        self.jobs = {"note": self.note}

    async def note(self, *, now: datetime, words: str = "") -> None:
        await asyncio.sleep(0)
        if self.trouble:
            self.trouble -= 1
            raise RuntimeError("the pencil broke over Wu Mei's letter")
        self.did.append(words)


async def row(key: str) -> dict:
    return await Later.select().where(Later.key == key).first()


async def test_it_is_done_at_its_moment_and_not_before():
    book = Notebook()
    await later.at(NOON, "note", key="a", words="noon")

    assert await later.run_due(book.jobs, NOON - MINUTE) == 0
    assert await later.run_due(book.jobs, NOON) == 1
    assert await later.run_due(book.jobs, NOON + MINUTE) == 0
    assert book.did == ["noon"]


async def test_asking_twice_under_one_key_does_it_once_even_after_it_was_done():
    book = Notebook()
    for _ in range(2):
        await later.at(NOON, "note", key="a", words="once")
    await later.run_due(book.jobs, NOON)
    await later.at(NOON, "note", key="a", words="twice")
    await later.run_due(book.jobs, NOON)

    assert book.did == ["once"]


async def test_again_moves_it_and_brings_new_words():
    book = Notebook()
    await later.at(NOON, "note", key="a", words="early")
    await later.at(NOON + MINUTE, "note", key="a", again=True, words="late")

    await later.run_due(book.jobs, NOON)
    assert book.did == []
    await later.run_due(book.jobs, NOON + MINUTE)
    assert book.did == ["late"]


async def test_what_was_called_off_is_not_done_and_may_be_asked_anew():
    book = Notebook()
    await later.at(NOON, "note", key="a", words="never")
    await later.cancel("a")
    await later.run_due(book.jobs, NOON)
    await later.at(NOON, "note", key="a", words="after all")
    await later.run_due(book.jobs, NOON)

    assert book.did == ["after all"]


async def test_a_deed_that_is_taken_back_leaves_nothing_to_do():
    async def stumble():
        async with writing():
            await later.at(NOON, "note", key="a")
            raise Stumbled

    with pytest.raises(Stumbled):
        await stumble()

    assert await row("a") is None


async def test_trouble_with_one_does_not_touch_the_others():
    book = Notebook(trouble=1)
    for n in range(3):
        await later.at(NOON + n * timedelta(seconds=1), "note", key=str(n), words=str(n))

    await later.run_due(book.jobs, NOON + MINUTE)

    assert len(book.did) == 2


async def test_trouble_waits_longer_each_time_and_then_gives_up(caplog):
    book, now, waited = Notebook(trouble=99), NOON, []
    await later.at(now, "note", key="a")

    while (await later.run_due(book.jobs, now)) and (there := await row("a"))["done_at"] is None:
        waited.append(there["run_at"] - now)
        now = there["run_at"]

    assert tuple(waited) == later.WAITS
    assert (await row("a"))["tries"] == later.GIVES_UP
    assert "gave up note (a)" in caplog.text


async def test_the_row_names_the_kind_of_trouble_and_not_what_was_said():
    await later.at(NOON, "note", key="a")
    await later.run_due(Notebook(trouble=1).jobs, NOON)

    assert (await row("a"))["trouble"].startswith("RuntimeError in note")
    assert "Wu Mei" not in (await row("a"))["trouble"]


async def test_a_job_that_nobody_here_knows_waits_for_a_worker_who_does():
    book = Notebook()
    await later.at(NOON, "note", key="a", words="known")
    await later.run_due({}, NOON)
    await later.run_due(book.jobs, NOON + 2 * MINUTE)

    assert book.did == ["known"]


async def test_a_worker_that_dies_loses_its_lease_and_the_row_comes_back():
    book, dying = Notebook(), asyncio.Event()

    async def die(*, now: datetime, words: str) -> None:
        dying.set()
        await asyncio.Event().wait()

    await later.at(NOON, "note", key="a", words="in the end")
    worker = asyncio.create_task(later.run_due({"note": die}, NOON))
    await dying.wait()
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)

    assert await later.run_due(book.jobs, NOON + later.LEASE) == 0
    assert await later.run_due(book.jobs, NOON + later.LEASE + MINUTE) == 1
    assert book.did == ["in the end"]


async def test_whoever_is_long_at_work_keeps_the_lease_and_marks_the_row_at_the_end(monkeypatch):
    monkeypatch.setattr(later, "RENEWED", 0.01)
    book = Notebook()

    async def be_long(*, now: datetime, words: str) -> None:
        leased_until = (await row("a"))["leased_until"]
        for _ in range(1000):
            if (await row("a"))["leased_until"] > leased_until:
                break
            await asyncio.sleep(0.01)
        assert await later.run_due(book.jobs, leased_until) == 0

    await later.at(NOON, "note", key="a", words="once")
    assert await later.run_due({"note": be_long}, NOON) == 1

    assert ((await row("a"))["done_at"], book.did) == (NOON, [])


async def test_a_row_that_kills_every_worker_does_not_come_back_for_ever(caplog):
    book = Notebook()
    await later.at(NOON, "note", key="a")
    await Later.update({Later.tries: later.GIVES_UP}).where(Later.key == "a")

    await later.run_due(book.jobs, NOON)

    assert book.did == []
    assert (await row("a"))["done_at"] == NOON
    assert "its workers died" in caplog.text


async def test_a_job_may_put_itself_off_again():
    async def again(*, now: datetime) -> None:
        await later.at(now + MINUTE, "again", key="a", again=True)

    await later.at(NOON, "again", key="a")
    await later.run_due({"again": again}, NOON)

    there = await row("a")
    assert (there["run_at"], there["done_at"], there["leased_until"]) == (NOON + MINUTE, None, None)


async def test_a_job_that_hangs_is_ended_before_its_lease(monkeypatch):
    monkeypatch.setattr(later, "PATIENCE", timedelta(milliseconds=20))

    async def hang(*, now: datetime) -> None:
        await asyncio.Event().wait()

    await later.at(NOON, "hang", key="a")
    await later.run_due({"hang": hang}, NOON)

    assert (await row("a"))["trouble"].startswith("TimeoutError")


async def test_four_workers_at_once_do_every_row_once():
    book = Notebook()
    async with writing():
        for n in range(120):
            await later.at(NOON, "note", key=f"n{n}", words=str(n))

    taken = await asyncio.gather(*[later.run_due(book.jobs, NOON, at_most=500) for _ in range(4)])

    assert sum(taken) == 120
    assert Counter(book.did) == Counter(str(n) for n in range(120))


async def test_no_more_than_asked_for_at_a_time():
    book = Notebook()
    async with writing():
        for n in range(30):
            await later.at(NOON, "note", key=f"n{n}")

    assert await later.run_due(book.jobs, NOON, at_most=12) == 12
    assert await later.is_due(NOON)


async def test_done_rows_are_kept_a_month():
    book = Notebook()
    await later.at(NOON, "note", key="done")
    await later.at(NOON + timedelta(days=90), "note", key="to do")
    await later.run_due(book.jobs, NOON)

    await later.purge(NOON + timedelta(days=29))
    assert await row("done")
    await later.purge(NOON + timedelta(days=31))
    assert await row("done") is None
    assert await row("to do")
