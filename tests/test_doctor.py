"""The doctor finds what is wrong, changes nothing, and says what to do."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from piccolo.apps.migrations.tables import Migration

from app import doctor
from app.config import settings
from app.db import DB
from app.kit import audit, later
from app.kit.clock import now
from app.kit.secret import secret
from app.kit.tables import Later


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.setattr("app.kit.ways.knock", lambda *_: "no connection")  # the world outside is as it is
    data = tmp_path / "house"
    data.mkdir(mode=0o700)
    secret(data / "secret")
    return replace(settings(), data=data, secret_file=data / "secret", base_url="http://127.0.0.1:8000")


@pytest.fixture
def built(tmp_path, monkeypatch):
    (tmp_path / "root/build/static").mkdir(parents=True)
    (tmp_path / "root/build/static/manifest.json").write_text("{}")
    monkeypatch.setattr(doctor, "ROOT", tmp_path / "root")


async def complaints(known, at=None) -> list[str]:
    """Now, unless told otherwise: PostgreSQL has a clock of its own, and the doctor compares."""
    said: list[str] = []
    code = await doctor.examine(known, at or now(), said.append)
    wrong = [line.removeprefix("! ") for line in said if line.startswith("!")]
    assert code == int(bool(wrong)) and all(line[0] in "✓!·" for line in said)
    return wrong


@pytest.mark.usefixtures("built")
async def test_a_healthy_house_has_nothing_to_complain_of(here):
    assert await complaints(here) == []


@pytest.mark.usefixtures("built")
async def test_what_others_on_the_machine_may_read_is_told_with_its_cure(here):
    here.data.chmod(0o755)
    here.secret_file.chmod(0o640)
    here.vapid_file.touch(0o644)

    assert await complaints(here) == [
        f"Data folder: others on this machine may look into it; chmod 700 {here.data}",
        f"Secret: others on this machine may look into it; chmod 600 {here.secret_file}",
        f"Push key: others on this machine may look into it; chmod 600 {here.vapid_file}",
    ]


@pytest.mark.usefixtures("built")
async def test_addresses_that_cannot_work_are_told(here):
    [plain] = await complaints(replace(here, base_url="http://kith.example.org"))
    [proxied] = await complaints(replace(here, base_url="https://kith.example.org", trusted_proxies=()))

    assert "not https" in plain
    assert "KITH_TRUSTED_PROXIES" in proxied
    assert await complaints(replace(here, base_url="https://kith.example.org", trusted_proxies=("127.0.0.1/32",))) == []


@pytest.mark.usefixtures("built")
async def test_jobs_that_wait_too_long_show_that_no_worker_lives(here):
    await later.at(now() - timedelta(minutes=4), "ring", key="a")
    assert await complaints(here) == []

    await later.at(now() - timedelta(minutes=6), "ring", key="b")
    [late] = await complaints(here)
    assert late.startswith("Worker: 1 jobs are more than five minutes late")

    await Later.update({Later.leased_until: now() + timedelta(minutes=1)}).where(Later.key == "b")
    assert await complaints(here) == []


@pytest.mark.usefixtures("built")
async def test_a_job_that_was_given_up_today_is_told(here):
    await later.at(now(), "ring", key="a")
    await Later.update({Later.done_at: now(), Later.trouble: "OSError in ring, line 7"}).where(Later.key == "a")

    assert [words.partition(";")[0] for words in await complaints(here)] == [
        "Worker: gave up ring (OSError in ring, line 7)"
    ]
    await Later.update({Later.done_at: now() - timedelta(days=2)}).where(Later.key == "a")
    assert await complaints(here) == []


@pytest.mark.usefixtures("built")
async def test_a_clock_that_went_back_is_told(here):
    hour = now() + timedelta(hours=1)
    await audit.note("looked", who=None, about="x", now=hour)

    assert any(f"somebody did something at {hour:%Y-%m-%d %H:%M}" in words for words in await complaints(here))
    assert any("before this program was written" in words for words in await complaints(here, now().replace(year=1970)))


@pytest.mark.usefixtures("built")
async def test_a_database_behind_or_ahead_of_this_kith_is_told(here):
    newest = (await Migration.select(Migration.name).order_by(Migration.name, ascending=False).first())["name"]
    try:
        await Migration.update({Migration.name: "2099-01-01T00:00:00:000000"}).where(Migration.name == newest)
        assert [words.partition(";")[0] for words in await complaints(here)] == ["Migrations: 1 wait"]
        await Migration.insert(Migration(name=newest, app_name="app"))
        assert ["newer Kith (2099" in words for words in await complaints(here)] == [True]
    finally:
        await Migration.delete().where(Migration.name.like("2099%") | (Migration.name == newest))
        await Migration.insert(Migration(name=newest, app_name="app"))


async def test_missing_looks_and_a_missing_folder_are_told(here, tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "ROOT", tmp_path)

    looks, folder = await complaints(replace(here, data=tmp_path / "none"))

    assert looks == "Pages: run python -m app.build_static"
    assert folder == f"Data folder: {tmp_path / 'none'} is not there; kith migrate makes it"


@pytest.mark.skipif(DB.engine_type != "sqlite", reason="a file that can be damaged")
@pytest.mark.usefixtures("built")
async def test_a_damaged_file_is_told_and_a_missing_one_is_not_made(here):
    with sqlite3.connect(DB.path) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        db.execute("INSERT INTO thanks (ask, giver, helper, words, lang, at) VALUES (9, 9, 9, '', '', '2026-05-01')")
    [astray] = await complaints(here)
    assert astray == "Database: thanks row 1 points at no row of people" or astray.startswith("Database: thanks row 1")

    DB.path = f"{DB.path}-none"
    [missing] = await complaints(here)
    assert missing == f"Database: {DB.path} is not there; kith migrate makes it"
