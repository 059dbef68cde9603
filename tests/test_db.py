"""The door for writes keeps its promises, on whichever engine we run."""

import asyncio

import pytest
from piccolo.columns import ForeignKey, Integer, Serial, Varchar
from piccolo.table import Table, create_db_tables

from app.db import DB, Clash, first_in_transaction, held, turn, writing


class Shelf(Table, tablename="test_shelf"):
    id: Serial
    name = Varchar(length=50)
    many = Integer(default=0)


class Book(Table, tablename="test_book"):
    id: Serial
    shelf = ForeignKey(Shelf, null=False)
    title = Varchar(length=50, unique=True)


@pytest.fixture(autouse=True)
async def shelves(database):
    await create_db_tables(Shelf, Book, if_not_exists=True)


class Stumbled(Exception):
    pass


async def write_and_stumble(*deeds):
    async with writing():
        for deed in deeds:
            await deed()
        raise Stumbled


async def a_shelf(name="top", many=0) -> Shelf:
    shelf = Shelf(name=name, many=many)
    await shelf.save()
    return shelf


async def count_of(shelf: Shelf) -> int:
    return (await Shelf.select(Shelf.many).where(Shelf.id == shelf.id).first())["many"]


async def test_what_is_written_together_is_kept_together_or_not_at_all():
    with pytest.raises(Stumbled):
        await write_and_stumble(lambda: a_shelf("one"), lambda: a_shelf("two"))

    assert await Shelf.count() == 0


async def test_a_deed_inside_a_deed_shares_its_fate():
    async def inner():
        async with writing():
            await a_shelf()

    with pytest.raises(Stumbled):
        await write_and_stumble(inner)

    assert await Shelf.count() == 0


async def test_of_twenty_who_add_one_at_once_none_is_lost():
    shelf = await a_shelf()

    async def add_one():
        async with writing():
            row = await held(Shelf.objects().where(Shelf.id == shelf.id)).first()
            row.many += 1
            await row.save()

    await asyncio.gather(*[add_one() for _ in range(20)])

    assert await count_of(shelf) == 20


async def test_an_id_is_never_given_twice():
    await a_shelf()
    last = await a_shelf()
    await Shelf.delete().where(Shelf.id == last.id)

    assert (await a_shelf()).id == last.id + 1


async def test_two_with_the_same_title_clash():
    shelf = await a_shelf()
    await Book(shelf=shelf.id, title="Kin").save()

    with pytest.raises(Clash):
        async with writing():
            await Book(shelf=shelf.id, title="Kin").save()


async def test_a_book_on_no_shelf_is_an_error_but_not_a_clash():
    with pytest.raises(Exception, match=r"(?i)foreign key") as broken:
        async with writing():
            await Book(shelf=999, title="Lost").save()

    assert not isinstance(broken.value, Clash)


async def test_after_a_clash_the_house_goes_on_as_before():
    shelf = await a_shelf()

    async def a_book():
        await Book(shelf=shelf.id, title="Kin").save()

    for _ in range(15):
        with pytest.raises(Clash):
            await write_and_stumble(a_book, a_book)

    assert await Book.count() == 0


async def test_what_comes_first_in_a_deed_comes_once_and_shares_its_fate():
    async def claim():
        await a_shelf("claimed")

    async def see():
        async with writing():
            assert await Shelf.count() == 1

    first_in_transaction.set(claim)
    with pytest.raises(Stumbled):
        await write_and_stumble(see, see)
    assert await Shelf.count() == 0

    for _ in range(2):
        async with writing():
            await see()
    assert await Shelf.count() == 1


async def test_what_only_comes_before_a_deed_takes_nothing_of_it_along():
    async def claim():
        await a_shelf("claimed")

    first_in_transaction.set(claim)
    async with writing(deed=False):
        pass
    assert await Shelf.count() == 0
    async with writing():
        pass
    assert await Shelf.count() == 1


async def test_a_clash_of_what_comes_first_is_told_as_it_is():
    clash = Clash("a twin is under way")

    async def claim():
        raise clash

    first_in_transaction.set(claim)
    with pytest.raises(Clash) as told:
        async with writing():
            pytest.fail("the deed may not begin")

    assert told.value is clash


async def test_rows_that_others_hold_are_left_out_of_a_shared_queue():
    if DB.engine_type == "sqlite":
        pytest.skip("on SQLite only one writes at a time, so nobody else holds anything")
    shelves = [await a_shelf() for _ in range(3)]
    mine, theirs = asyncio.Event(), asyncio.Event()

    async def hold_the_first():
        async with writing():
            await held(Shelf.objects().where(Shelf.id == shelves[0].id)).first()
            mine.set()
            await theirs.wait()

    other = asyncio.create_task(hold_the_first())
    await mine.wait()
    async with writing():
        free = await held(Shelf.select(Shelf.id).order_by(Shelf.id), skip_locked=True)
    theirs.set()
    await other

    assert [row["id"] for row in free] == [shelves[1].id, shelves[2].id]


async def test_tasks_gathered_inside_one_deed_write_in_it():
    async def five_at_once():
        await asyncio.gather(*[a_shelf(str(number)) for number in range(5)])
        assert await Shelf.count() == 5

    with pytest.raises(Stumbled):
        await write_and_stumble(five_at_once)

    assert await Shelf.count() == 0


async def test_a_task_that_outlives_its_deed_never_writes_into_somebody_elses():
    gone_on = asyncio.Event()

    async def late():
        await gone_on.wait()
        await a_shelf("late")

    async def let_it_go_on():
        gone_on.set()
        await asyncio.sleep(0.02)

    async with writing():
        task = asyncio.create_task(late())
    with pytest.raises(Stumbled):
        await write_and_stumble(let_it_go_on)
    await task

    assert await Shelf.count() == 1


async def test_neighbours_who_hang_up_at_any_moment_leave_no_half_deed_and_no_closed_door():
    shelf = await a_shelf()

    async def add_two():
        async with writing():
            await Shelf.update({Shelf.many: Shelf.many + 1}).where(Shelf.id == shelf.id)
            await Shelf.update({Shelf.many: Shelf.many + 1}).where(Shelf.id == shelf.id)

    for moment in range(150):
        tasks = [asyncio.create_task(add_two()) for _ in range(3)]
        await asyncio.sleep(moment % 25 * 0.0002)
        tasks[moment % 3].cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(answer is None or isinstance(answer, asyncio.CancelledError) for answer in answers)

    assert await count_of(shelf) % 2 == 0
    async with asyncio.timeout(30):
        async with writing():
            await a_shelf("still open")


async def test_who_waits_too_long_for_a_deed_that_hangs_is_told_and_the_next_gets_in(monkeypatch):
    if DB.engine_type != "sqlite":
        pytest.skip("on PostgreSQL nobody waits for others' deeds as such")
    monkeypatch.setattr(turn, "LONGEST_WAIT", 0.05)
    end = asyncio.Event()

    async def hang():
        async with writing():
            await end.wait()

    hanging = asyncio.create_task(hang())
    await asyncio.sleep(0)
    with pytest.raises(TimeoutError):
        await write_and_stumble()
    end.set()
    await hanging
    await a_shelf()


async def test_a_second_event_loop_in_the_same_process_waits_its_turn():
    shelf = await a_shelf()

    async def add(times):
        for _ in range(times):
            async with writing():
                row = await held(Shelf.objects().where(Shelf.id == shelf.id)).first()
                row.many += 1
                await row.save()

    await asyncio.gather(add(20), asyncio.to_thread(asyncio.run, add(20)))

    assert await count_of(shelf) == 40
