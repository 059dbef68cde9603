"""What leaves in an export was decided column by column, and no key to any door is in it."""

import json
import stat
from zipfile import ZipFile

import pytest

from app.backup import NotDone
from app.backup.exporting import LEAVES, STAYS, export
from app.features.accounts import rules as accounts
from app.features.accounts.rules.signing_in import Place, open_door
from app.features.accounts.tables import FirstCode, Login, SignIn
from app.kit import audit
from app.piccolo_app import APP_CONFIG
from tests.makers import NOON, a_login, a_person


def test_of_every_column_somebody_decided_whether_it_leaves():
    for table in APP_CONFIG.table_classes:
        name = table._meta.tablename
        decided = LEAVES.get(name, "").split() + STAYS.get(name, "").split()
        columns = [column._meta.name for column in table._meta.columns]
        assert sorted(decided) == sorted(columns), f"{name}: say in app/backup/exporting.py which columns leave"


def test_nothing_is_decided_about_tables_that_are_not_there():
    assert {*LEAVES, *STAYS} == {table._meta.tablename for table in APP_CONFIG.table_classes}


async def test_a_neighbour_leaves_as_one_line_that_any_program_reads(tmp_path):
    ana = await a_person(name="木兰", phone="+8613800000001")
    await audit.note("looked", who=ana.id, about="person:1", now=NOON, fields=["phone"])

    rows = await export(tmp_path / "all.zip", now=NOON)

    with ZipFile(tmp_path / "all.zip") as file:
        [person] = [json.loads(line) for line in file.read("people.jsonl").splitlines()]
        [noted] = [json.loads(line) for line in file.read("audit.jsonl").splitlines()]
        about = json.loads(file.read("about.json"))
    assert person["name"] == "木兰" and person["phone"] == "+8613800000001"
    assert person["made_at"] == "2026-05-01T12:00:00Z" and person["large_text"] is False and person["edited_at"] is None
    assert noted["fields"] == ["phone"]
    assert rows["people"] == 1 and about["rows"] == rows and about["taken_at"] == "2026-05-01T12:00:00+00:00"


async def test_no_key_to_any_door_leaves(tmp_path):
    ana = await a_person()
    await a_login(ana)
    await open_door(ana.id, place=Place("192.0.2"), now=NOON)
    await accounts.code_for(ana.id, by=None, now=NOON)
    keys = [
        *[row["password"] for row in await Login.select(Login.password)],
        *[row["fingerprint"] for row in await SignIn.select(SignIn.fingerprint)],
        *[row["fingerprint"] for row in await FirstCode.select(FirstCode.fingerprint)],
    ]

    await export(tmp_path / "all.zip", now=NOON)

    with ZipFile(tmp_path / "all.zip") as file:
        everything = b"".join(file.read(name) for name in file.namelist()).decode()
    assert len(keys) == 3 and ana.name in everything
    assert [key for key in keys if key in everything] == []


async def test_an_export_is_for_its_owner_only_and_appears_whole_or_not(tmp_path):
    await export(tmp_path / "all.zip", now=NOON)
    with pytest.raises(NotDone, match="cannot be written"):
        await export(tmp_path / "nowhere" / "all.zip", now=NOON)

    assert stat.S_IMODE((tmp_path / "all.zip").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob(".all*")] == []
