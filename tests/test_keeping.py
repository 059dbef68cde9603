"""One list says what is kept and how long: every table stands in it, and what has had its time is really gone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from piccolo.columns import JSON, Boolean, Column, Date, ForeignKey, Timestamptz
from piccolo.table import Table, sort_table_classes

from app import house
from app.db import DB
from app.kit.keeping import Keeping
from app.piccolo_app import APP_CONFIG
from tests.makers import NOON

TABLES = {table._meta.tablename: table for table in APP_CONFIG.table_classes}
NOT_OURS = {"migration"}
ENDING = [each for each in house.KEPT if each.lasts]
# Columns that may be empty, and from which a span is counted.
COUNTED_FROM = {
    "roles": {"ended_at"},
    "capabilities": {"until_on"},
    "asks": {"settled_at"},
    "later": {"done_at"},
    "key_holdings": {"ended_at"},
    "deputies": {"ended_at"},
    "reports": {"closed_at"},
    "needs": {"settled_at"},
    "need_guests": {"ended_at"},
    "alerts": {"ended_at"},
    "waiting": {"ended_at"},
    "items": {"gone_at"},
}
OLD, YOUNG = 1, 2


async def tables_there() -> set[str]:
    """Those of the database itself, search included, without what SQLite puts behind a search table."""
    if DB.engine_type == "sqlite":
        rows = await DB.fetch("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'", ())
        found = {row["name"] for row in rows}
        search = {row["name"] for row in await DB.fetch("SELECT name FROM sqlite_master WHERE sql LIKE '%fts5%'", ())}
        return {name for name in found if not any(name.startswith(f"{each}_") for each in search)} - NOT_OURS
    rows = await DB.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'", ())
    others = {row["name"] for row in rows if row["name"].startswith("test_")}  # of tests in the same database
    return {row["name"] for row in rows} - NOT_OURS - others


async def test_every_table_stands_in_the_list_once():
    listed = [name for each in house.KEPT for name in each.tables]
    there = await tables_there()
    assert sorted(there - set(listed)) == [], (
        "name these tables in a Keeping: KEPT in the feature's rules, then app/house.py"
    )
    assert sorted(set(listed) - there) == [], "a Keeping names tables that are not there"
    assert sorted(name for name in set(listed) if listed.count(name) > 1) == [], "these stand in more than one Keeping"


def test_what_ends_has_a_purge_and_what_is_personal_says_what_for():
    for each in house.KEPT:
        assert not each.lasts or each.purge, f"{each.tables}: a span needs a purge"
        assert str(each.what) and str(each.why), each.tables


def test_the_words_of_the_list_are_said_once():
    """Two lines that read alike would tell nobody apart what they stand for."""
    said = [str(each.what) for each in house.KEPT]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("keeping", ENDING, ids=lambda each: each.tables[0])
async def test_what_has_had_its_time_goes_and_what_is_younger_stays(keeping: Keeping):
    assert keeping.lasts and keeping.purge
    now = NOON + timedelta(days=2000)
    for number, at in ((OLD, now - keeping.lasts - timedelta(days=1)), (YOUNG, now - keeping.lasts / 2)):
        for table in needed(keeping):
            await table.insert(a_row(table, number, at))

    await keeping.purge(now)
    await house.erase_due(now)  # some rows go with their whole person

    for name in keeping.tables:
        assert [row["id"] for row in await TABLES[name].select(TABLES[name]._meta.primary_key)] == [YOUNG], name


def needed(keeping: Keeping) -> list[type[Table]]:
    """Its tables and what they point at, the pointed at first."""
    found: set[type[Table]] = set()
    ahead = [TABLES[name] for name in keeping.tables]
    while ahead:
        table = ahead.pop()
        if table not in found:
            found.add(table)
            ahead += [each._foreign_key_meta.resolved_references for each in table._meta.foreign_key_columns]
    return sort_table_classes(list(found))


def a_row(table: type[Table], number: int, at: datetime) -> Table:
    return table(**{column._meta.name: a_value(table, column, number, at) for column in table._meta.columns})


def a_value(table: type[Table], column: Column, number: int, at: datetime) -> Any:
    counted = column._meta.name in COUNTED_FROM.get(table._meta.tablename, ())
    if isinstance(column, ForeignKey):
        return None if column._foreign_key_meta.resolved_references is table else number
    if column._meta.primary_key:
        return number
    if isinstance(column, (Timestamptz, Date)) and column._meta.params["null"] and not counted:
        return None
    if (table._meta.tablename, column._meta.name) == ("people", "state"):
        return "pending"
    if (table._meta.tablename, column._meta.name) == ("needs", "spent_cents"):
        return 0  # no money is owed
    plain = {Boolean: True, Date: at.date(), Timestamptz: at, JSON: "{}"}
    return plain.get(type(column), f"x{number}" if issubclass(column.value_type, str) else number)


async def test_a_purge_that_fails_holds_up_no_other(monkeypatch):
    done = []

    async def fails(now):
        raise OSError

    async def works(now):
        done.append(now)

    line = house.KEPT[0]
    kept = (
        Keeping(line.what, line.why, (), timedelta(1), fails),
        Keeping(line.what, line.why, (), timedelta(1), works),
    )
    monkeypatch.setattr(house, "KEPT", kept)
    with pytest.raises(ExceptionGroup):
        await house.tidy(datetime(2026, 1, 1, tzinfo=UTC))
    assert len(done) == 1
