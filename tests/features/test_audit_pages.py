"""What was done: officers look through it, each person reads what concerns them, and nobody changes it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.db import DB
from app.features.admin import rules
from app.features.admin.rules import Asked
from app.kit import audit
from app.kit.tables import AuditRow
from tests.makers import NOON, a_person, an_administrator


async def did(words, *, who, concerns=None, at=NOON):
    await audit.note(words, who=who, about="person:1", now=at, concerns=concerns)


@pytest.mark.parametrize("sql", ["UPDATE audit SET who = NULL", "DELETE FROM audit", "TRUNCATE audit"])
async def test_the_database_itself_keeps_the_audit_as_it_is(sql):
    if DB.engine_type == "sqlite" and sql.startswith("TRUNCATE"):
        pytest.skip("SQLite has no TRUNCATE")
    await did("person edited", who=1)
    with pytest.raises(Exception, match="only added to"):
        await DB.run_ddl(sql)
    assert await AuditRow.count() == 1


async def test_it_is_found_by_name_by_number_by_deed_and_by_day():
    ana, ben = await a_person(name="Ana"), await a_person(name="Ben")
    await did("person edited", who=ana.id, concerns=ben.id)
    await did("person let in", who=ben.id, at=NOON + timedelta(days=2))
    await did("person edited", who=None)

    async def found(**wanted):
        return [(row.did, row.who) for row in (await rules.records(Asked(**wanted))).rows]

    assert await found(whom="an") == [("person edited", ana.id)]
    assert await found(whom=str(ben.id)) == [("person let in", ben.id), ("person edited", ana.id)]
    assert await found(did="person let in") == [("person let in", ben.id)]
    assert await found(since=date(2026, 5, 2)) == [("person let in", ben.id)]
    assert await found(until=date(2026, 5, 1)) == [("person edited", None), ("person edited", ana.id)]
    assert await found(whom="nobody") == []


async def test_its_pages_go_on_from_the_last_one_seen():
    for n in range(45):
        await did("person edited", who=n)
    first = await rules.records()
    second = await rules.records(before=first.older)
    third = await rules.records(before=second.older)
    assert [row.who for row in (*first.rows, *second.rows, *third.rows)] == list(range(44, -1, -1))
    assert third.older == 0


async def test_each_reads_what_concerns_them_and_nothing_else(sign_in):
    boss, ana, ben = await an_administrator(name="Zhou"), await a_person(), await a_person(name="Ben Other")
    await did("person looked at", who=boss.id, concerns=ana.id, at=datetime.now(UTC))
    await did("person edited", who=boss.id, concerns=ben.id)

    page = (await (await sign_in(ana)).get("/account/audit")).text
    assert "Person looked at" in page and "Zhou" in page
    assert "Ben Other" not in page and "Person edited" not in page


async def test_filters_stay_in_the_address_of_the_next_page(sign_in):
    boss = await an_administrator()
    for _ in range(21):
        await did("person edited", who=boss.id)
    browser = await sign_in(boss)
    page = (await browser.get(f"/admin/audit?whom={boss.id}&did=person+edited&since=nonsense&before=x")).text
    assert f"whom={boss.id}&amp;did=person+edited" in page.replace("%20", "+") and "before=" in page
