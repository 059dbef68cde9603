"""A backup is whole or not there; a restore is whole or did nothing."""

import asyncio
import json
import shutil
import stat
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from app.backup import NotDone, backup, restore
from app.config import settings
from app.db import DB, writing
from app.features.people.tables import Person
from tests import postgres
from tests.conftest import ENGINE, WORKER
from tests.makers import NOON, a_login, a_person

OURS = {"pictures", "secret"}
PHOTO = b"\xff\xd8 a photo"


@pytest.fixture
def here(tmp_path):
    """Our house with a photo and a secret, in a folder of its own."""
    data = tmp_path / "house"
    data.mkdir(mode=0o700)
    (data / "secret").write_bytes(b"s" * 32)
    (data / "pictures").mkdir()
    (data / "pictures" / "abc.jpg").write_bytes(PHOTO)
    url = f"sqlite:///{DB.path}" if ENGINE == "sqlite" else settings().database_url
    return replace(settings(), data=data, database_url=url, secret_file=data / "secret")


@pytest.fixture
def elsewhere(tmp_path):
    """An empty place on the same engine."""
    data = tmp_path / "elsewhere"
    url = f"sqlite:///{data / 'kith.db'}"
    if ENGINE == "postgres":
        url = postgres.a_database(f"kith_{WORKER}_elsewhere")
    return replace(settings(), data=data, database_url=url, secret_file=data / "secret")


async def people_of(known) -> list[str]:
    if ENGINE == "sqlite":
        import sqlite3

        with sqlite3.connect(known.database_url.removeprefix("sqlite:///")) as db:
            return [name for (name,) in db.execute("SELECT name FROM people ORDER BY name")]
    import asyncpg

    db = await asyncpg.connect(known.database_url)
    try:
        return [row["name"] for row in await db.fetch("SELECT name FROM people ORDER BY name")]
    finally:
        await db.close()


async def must_be_untouched(place):
    """Nobody has been here."""
    assert not place.data.exists()
    if ENGINE == "postgres":
        import asyncpg

        db = await asyncpg.connect(place.database_url)
        try:
            assert await db.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
        finally:
            await db.close()


def rewritten(file: Path, **parts: bytes | None) -> Path:
    """The same backup, some parts of it other bytes, or (None) missing."""
    other = file.with_name("other.zip")
    with ZipFile(file) as old, ZipFile(other, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = parts.get(name.partition(".")[0], old.read(name))
            if content is not None:
                new.writestr(name, content)
    return other


def with_manifest(file: Path, **said) -> Path:
    with ZipFile(file) as old:
        manifest = json.loads(old.read("manifest.json"))
    return rewritten(file, manifest=json.dumps(manifest | said).encode())


async def test_a_house_that_burnt_down_stands_again_elsewhere(here, elsewhere, tmp_path):
    await a_login(await a_person(name="Ana"))
    await a_person(name="木兰")

    taken = await backup(here, tmp_path / "kith.zip", now=NOON)
    back = await restore(elsewhere, tmp_path / "kith.zip")

    assert await people_of(elsewhere) == ["Ana", "木兰"]
    assert elsewhere.secret_file.read_bytes() == b"s" * 32
    assert (elsewhere.data / "pictures" / "abc.jpg").read_bytes() == PHOTO
    assert back == taken
    assert taken.engine == ENGINE and taken.taken_at == "2026-05-01T12:00:00+00:00"
    assert len(taken.migrations) >= 3


async def test_a_restored_house_goes_on_counting_where_it_was(here, elsewhere, tmp_path):
    """A new neighbour does not get the number of somebody who is there already."""
    ana = await a_person(name="Ana")
    await backup(here, tmp_path / "kith.zip", now=NOON)
    await restore(elsewhere, tmp_path / "kith.zip")

    columns = "name, language, phone, email, photo, made_at"
    sql = f"INSERT INTO people ({columns}) VALUES ('Bo', 'en', '', '', '', '2026-05-01 12:00:00+00:00') RETURNING id"
    if ENGINE == "sqlite":
        import sqlite3

        with sqlite3.connect(elsewhere.database_url.removeprefix("sqlite:///")) as db:
            bo = db.execute(sql).fetchone()[0]
    else:
        import asyncpg

        db = await asyncpg.connect(elsewhere.database_url)
        bo = await db.fetchval(sql)
        await db.close()

    assert bo > ana.id


async def test_nobody_else_on_the_machine_reads_a_backup_or_a_restored_house(here, elsewhere, tmp_path):
    await backup(here, tmp_path / "kith.zip", now=NOON)
    await restore(elsewhere, tmp_path / "kith.zip")

    for path in (tmp_path / "kith.zip", elsewhere.data, *elsewhere.data.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


async def test_a_backup_is_of_one_moment_and_waits_for_nobody_who_writes(here, elsewhere, tmp_path):
    await a_person(name="Ana")

    async with writing():
        await Person.insert(Person(name="Half way in", language="en", made_at=NOON))
        await asyncio.wait_for(
            asyncio.to_thread(asyncio.run, backup(here, tmp_path / "kith.zip", now=NOON)), timeout=20
        )
    await restore(elsewhere, tmp_path / "kith.zip")

    assert await people_of(elsewhere) == ["Ana"]
    assert await people_of(here) == ["Ana", "Half way in"]


async def test_a_backup_holds_neither_the_one_before_it_nor_what_is_half_written(here, tmp_path):
    await backup(here, here.data / "monday.zip", now=NOON)
    (here.data / ".half").write_bytes(b"?")
    await backup(here, here.data / "tuesday.zip", now=NOON)

    with ZipFile(here.data / "tuesday.zip") as file:
        names = {name for name in file.namelist() if not name.startswith("database.")}
    assert names == {"secret", "data/pictures/abc.jpg", "manifest.json"}
    assert {path.name for path in here.data.iterdir()} == {*OURS, ".half", "monday.zip", "tuesday.zip"}


async def test_a_backup_that_fails_leaves_the_one_before_it_alone(here, tmp_path):
    file = tmp_path / "kith.zip"
    await backup(here, file, now=NOON)
    before = file.read_bytes()
    gone = replace(here, database_url=f"{here.database_url}_is_gone")

    with pytest.raises(NotDone):
        await backup(gone, file, now=NOON)

    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("there", ["a file", "a database", "a secret"])
async def test_a_house_that_is_lived_in_is_not_built_over(here, elsewhere, tmp_path, there):
    await backup(here, tmp_path / "kith.zip", now=NOON)
    if there == "a file":
        elsewhere.data.mkdir()
        (elsewhere.data / "letter").write_text("keep me")
    elif there == "a database":
        elsewhere = replace(elsewhere, database_url=here.database_url)
    else:
        elsewhere = replace(elsewhere, secret_file=here.secret_file)

    with pytest.raises(NotDone, match=r"into an empty place only"):
        await restore(elsewhere, tmp_path / "kith.zip")

    assert [path.name for path in elsewhere.data.rglob("*")] == (["letter"] if there == "a file" else [])
    assert here.secret_file.read_bytes() == b"s" * 32


@pytest.mark.parametrize("part", ["database", "secret", "data/pictures/abc"])
@pytest.mark.parametrize("harm", ["another byte", "cut off", "missing"])
async def test_a_damaged_backup_is_refused_and_nothing_is_half_done(here, elsewhere, tmp_path, part, harm):
    await backup(here, tmp_path / "kith.zip", now=NOON)
    with ZipFile(tmp_path / "kith.zip") as file:
        [name] = [each for each in file.namelist() if each.partition(".")[0] == part]
        content = file.read(name)
    harmed = {"another byte": content[:-1] + bytes([content[-1] ^ 1]), "cut off": content[:-1], "missing": None}[harm]

    with pytest.raises(NotDone, match=r"[Bb]ackup"):
        await restore(elsewhere, rewritten(tmp_path / "kith.zip", **{part: harmed}))

    await must_be_untouched(elsewhere)


@pytest.mark.parametrize("at", [0.1, 0.5, 0.99])
async def test_a_file_that_rotted_on_the_disk_is_refused(here, elsewhere, tmp_path, at):
    await a_person(name="Ana")
    file = tmp_path / "kith.zip"
    await backup(here, file, now=NOON)
    with ZipFile(file) as whole:
        [database] = [part for part in whole.infolist() if part.filename.startswith("database.")]
    content = bytearray(file.read_bytes())
    place = database.header_offset + 100 + int((database.compress_size - 400) * at)
    content[place : place + 64] = bytes(255 - each for each in content[place : place + 64])
    file.write_bytes(content)

    with pytest.raises(NotDone):
        await restore(elsewhere, file)

    await must_be_untouched(elsewhere)


async def test_a_file_that_was_not_copied_to_its_end_is_refused(here, elsewhere, tmp_path):
    file = tmp_path / "kith.zip"
    await backup(here, file, now=NOON)
    file.write_bytes(file.read_bytes()[:-1])

    with pytest.raises(NotDone):
        await restore(elsewhere, file)

    await must_be_untouched(elsewhere)


async def test_rows_that_went_missing_are_noticed_before_anything_is_in_place(here, elsewhere, tmp_path):
    await a_person(name="Ana")
    taken = await backup(here, tmp_path / "kith.zip", now=NOON)
    [table] = [name for name in taken.rows if name.endswith("people")]

    with pytest.raises(NotDone, match="the rows its manifest counts"):
        await restore(elsewhere, with_manifest(tmp_path / "kith.zip", rows=taken.rows | {table: 2}))

    await must_be_untouched(elsewhere)


async def test_a_backup_of_a_newer_kith_another_engine_or_another_format_says_so(here, elsewhere, tmp_path):
    file = tmp_path / "kith.zip"
    taken = await backup(here, file, now=NOON)
    other = "postgres" if ENGINE == "sqlite" else "sqlite"

    with pytest.raises(NotDone, match="newer Kith"):
        await restore(elsewhere, with_manifest(file, migrations=[*taken.migrations, "2027-01-01T00:00:00:000000"]))
    with pytest.raises(NotDone, match=f"is of {other}; KITH_DATABASE_URL names {ENGINE}"):
        await restore(elsewhere, with_manifest(file, engine=other))
    with pytest.raises(NotDone, match="format 2"):
        await restore(elsewhere, with_manifest(file, format=2))

    await must_be_untouched(elsewhere)


@pytest.mark.parametrize("name", ["data/../../evil", "/etc/evil", "data//evil", "evil"])
async def test_a_part_that_wants_to_lie_outside_the_house_is_refused(here, elsewhere, tmp_path, name):
    file = tmp_path / "kith.zip"
    taken = await backup(here, file, now=NOON)
    nothing = {"name": name, "bytes": 0, "sha256": sha256(b"").hexdigest()}
    other = with_manifest(file, parts=[*taken.parts, nothing])
    with ZipFile(other, "a") as more:
        more.writestr(name, b"")

    with pytest.raises(NotDone):
        await restore(elsewhere, other)

    await must_be_untouched(elsewhere)


async def test_an_interrupted_restore_is_told_from_a_house_that_is_lived_in(here, elsewhere, tmp_path):
    await backup(here, tmp_path / "kith.zip", now=NOON)
    (elsewhere.data / ".restoring").mkdir(parents=True)

    with pytest.raises(NotDone, match="was interrupted"):
        await restore(elsewhere, tmp_path / "kith.zip")
    shutil.rmtree(elsewhere.data / ".restoring")
    await restore(elsewhere, tmp_path / "kith.zip")

    assert not (elsewhere.data / ".restoring").exists()


@pytest.mark.skipif(ENGINE != "sqlite", reason="on PostgreSQL the database has no folder")
async def test_what_was_put_in_its_place_is_taken_away_again_when_the_database_finds_none(here, elsewhere, tmp_path):
    await backup(here, tmp_path / "kith.zip", now=NOON)
    nowhere = replace(elsewhere, database_url=f"sqlite:///{tmp_path}/no-such-folder/kith.db")

    with pytest.raises(NotDone, match="no-such-folder"):
        await restore(nowhere, tmp_path / "kith.zip")

    await must_be_untouched(elsewhere)


async def test_a_file_that_is_no_backup_is_told_so(elsewhere, tmp_path):
    (tmp_path / "letter.zip").write_text("Dear Ana")
    with ZipFile(tmp_path / "photos.zip", "w") as file:
        file.writestr("photo.jpg", PHOTO)

    for name, reason in (("letter.zip", "not a backup"), ("photos.zip", "not a backup"), ("none.zip", "not there")):
        with pytest.raises(NotDone, match=reason):
            await restore(elsewhere, tmp_path / name)
    await must_be_untouched(elsewhere)
