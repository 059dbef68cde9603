"""A prepared query answers what the same query written out answers, with attributes instead of keys."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from piccolo.columns import JSON, Boolean, Date, ForeignKey, Integer, Serial, Timestamptz, Varchar
from piccolo.table import Table, create_db_tables

from app.db import DB, Clash, held, one_of, prepared, prepared_sql, writing

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True, params=["asked of a reader", "answered in the loop"])
def way(request, monkeypatch):
    """SQLite answers quick queries without its converters, in the loop: the rows are the same."""
    if request.param == "answered in the loop":
        if DB.engine_type != "sqlite":
            pytest.skip("PostgreSQL has one way")
        monkeypatch.setattr("app.db.quick.TRUSTED", -1_000)


class Kind(StrEnum):
    lane = "lane"
    tower = "tower"


class Street(Table, tablename="test_street"):
    id: Serial
    name = Varchar(length=50, unique=True)
    kind = Varchar(length=10, default=Kind.lane)


class Door(Table, tablename="test_door"):
    id: Serial
    street = ForeignKey(Street, null=False)
    number = Integer()
    open = Boolean(default=False)
    at = Timestamptz(null=True, default=None)
    on = Date(null=True, default=None)
    notes = JSON(null=False, default="[]")


class DoorRow(msgspec.Struct, frozen=True):
    number: int
    open: bool
    at: datetime | None
    on: date | None
    notes: list[str]
    id: int


@pytest.fixture(autouse=True)
async def street(database):
    await create_db_tables(Street, Door, if_not_exists=True)
    street = Street(name="Well Lane")
    await street.save()
    for number in range(1, 6):
        notes = ["梯子", "drill"] if number == 2 else []
        at, on = NOON + timedelta(hours=number), date(2026, 11, number)
        await Door(street=street.id, number=number, open=number % 2 == 0, at=at, on=on, notes=notes).save()
    return street


COLUMNS = (Door.id, Door.number, Door.open, Door.at, Door.on, Door.notes)
doors_after = prepared(
    lambda street, at, most: (
        Door.select(*COLUMNS).where(Door.street == street, Door.at > at).order_by(Door.number).limit(most)
    ),
    DoorRow,
)


async def test_it_says_what_the_same_query_says(street):
    rows = await doors_after(street.id, NOON + timedelta(hours=1), 2)

    plain = await (
        Door.select(*COLUMNS)
        .where(Door.street == street.id, Door.at > NOON + timedelta(hours=1))
        .order_by(Door.number)
        .limit(2)
        .output(load_json=True)
    )
    assert [msgspec.structs.asdict(row) for row in rows] == plain
    assert rows[0] == DoorRow(
        number=2, open=True, at=NOON + timedelta(hours=2), on=date(2026, 11, 2), notes=["梯子", "drill"], id=rows[0].id
    )


async def test_each_call_brings_its_own_values(street):
    assert [row.number for row in await doors_after(street, NOON, 99)] == [1, 2, 3, 4, 5]
    assert [row.number for row in await doors_after(street, NOON + timedelta(hours=4), 99)] == [5]
    assert await doors_after(street.id + 1, NOON, 99) == []
    assert (await doors_after.first(street, NOON, 99)).number == 1
    assert await doors_after.first(street.id + 1, NOON, 99) is None


async def test_pages_are_turned_with_limit_and_offset(street):
    page = prepared(lambda offset, n: Door.select(*COLUMNS).order_by(Door.number).limit(n).offset(offset), DoorRow)

    assert [row.number for row in await page(2, 2)] == [3, 4]
    assert [row.number for row in await page(4, 2)] == [5]


async def test_a_list_takes_one_place_however_long(street):
    some = prepared(lambda numbers: Door.select(*COLUMNS).where(one_of(Door.number, numbers)), DoorRow)

    assert sorted(row.number for row in await some([1, 3, 99])) == [1, 3]
    assert await some([]) == []
    assert len(await Door.select(Door.id).where(one_of(Door.number, {4, 5}))) == 2


async def test_joins_and_words_are_part_of_it(street):
    class Named(msgspec.Struct):
        street: str
        kind: Kind
        number: int

    named = prepared(
        lambda like, kind: (
            Door.select(Door.street.name.as_alias("street"), Door.street.kind.as_alias("kind"), Door.number)
            .where(Door.street.name.like(like), Door.street.kind == kind)
            .order_by(Door.number)
        ),
        Named,
    )

    assert (await named("Well%", Kind.lane))[0] == Named("Well Lane", Kind.lane, 1)
    assert await named("Well%", Kind.tower) == []


async def test_text_with_places_serves_what_cannot_be_said_in_columns(street):
    class Summary(msgspec.Struct):
        doors: int
        any_open: bool
        latest: datetime
        average: float

    summary = prepared_sql(
        """WITH mine AS (SELECT * FROM test_door WHERE street = {0} AND number >= {1})
        SELECT count(*) AS doors, EXISTS (SELECT 1 FROM mine WHERE open AND street = {0}) AS any_open,
        max(at) AS latest, avg(number) AS average FROM mine""",
        Summary,
    )

    assert await summary.first(street.id, 3) == Summary(3, True, NOON + timedelta(hours=5), 4.0)


async def test_each_engine_may_have_its_own_words(street):
    numbers = prepared_sql(
        {
            "sqlite": "SELECT number FROM test_door WHERE number % {} = 0 ORDER BY number",
            "postgres": "SELECT number FROM test_door WHERE mod(number, {}) = 0 ORDER BY number",
        },
        Number,
    )

    assert [row.number for row in await numbers(2)] == [2, 4]


class Number(msgspec.Struct):
    number: int


async def test_inside_a_deed_it_sees_what_the_deed_wrote_and_outside_it_does_not(street):
    at_night = prepared(lambda at: held(Door.select(Door.number).where(Door.at == at)), Number)

    async with writing():
        await Door(street=street.id, number=77, at=NOON).save()
        inside = await at_night(NOON)
        await Door.delete().where(Door.number == 77)

    assert inside == [Number(77)]
    assert await doors_after(street, NOON - timedelta(seconds=1), 99) == await doors_after(street, NOON, 99)


async def test_a_prepared_write_gives_back_what_it_made_and_may_clash():
    class Made(msgspec.Struct):
        id: int

    make = prepared_sql("INSERT INTO test_street (name, kind) VALUES ({}, {}) RETURNING id", Made)

    made = await make.first("Mill Lane", Kind.tower)
    assert (await Street.objects().get(Street.id == made.id)).kind == Kind.tower
    with pytest.raises(Clash):
        await in_a_deed(make, "Mill Lane", Kind.tower)


async def in_a_deed(query: Any, *values: Any) -> None:
    async with writing():
        await query(*values)


async def test_a_query_that_looks_at_its_arguments_is_refused(street):
    wrong = prepared(lambda most: Door.select(Door.number).limit(most + 1), Number)
    short = prepared(lambda: Door.select(Door.id), Number)

    with pytest.raises(ValueError, match="argument 1 is lost"):
        await wrong(3)
    with pytest.raises(TypeError, match="takes 3 values, not 1"):
        await doors_after(street.id)
    with pytest.raises(TypeError, match="Number wants number; the query gives id"):
        await short()
