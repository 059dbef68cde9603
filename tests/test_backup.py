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

from app.backup import backup, restore
from app.config import settings
from app.db import DB, close_database, writing
from app.db.copying import CopyRefused
from app.features.people.tables import Person
from app.kit.web_push import keys
from tests import postgres
from tests.conftest import WORKER
from tests.makers import NOON, a_login, a_person

OURS = {"pictures", "secret"}
ON_SQLITE = DB.engine_type == "sqlite"
PHOTO = b"\xff\xd8 a photo"


@pytest.fixture
def here(tmp_path):
    """Our house with a photo and a secret, in a folder of its own."""
    data = tmp_path / "house"
    data.mkdir(mode=0o700)
    (data / "secret").write_bytes(b"s" * 32)
    (data / "pictures").mkdir()
    (data / "pictures" / "abc.jpg").write_bytes(PHOTO)
    return replace(settings(), data=data, secret_file=data / "secret")


@pytest.fixture
async def elsewhere(tmp_path):
    """`place = await elsewhere()`: from now on we are in an empty place; afterwards back again."""
    kept = DB.path if ON_SQLITE else DB.config
    data = tmp_path / "elsewhere"

    async def move():
        await close_database()
        if ON_SQLITE:
            DB.path = str(data / "kith.db")
        else:
            url = await asyncio.to_thread(postgres.a_database, f"kith_{WORKER}_elsewhere")
            DB.config = {**DB.config, "dsn": url}
        return replace(settings(), data=data, secret_file=data / "secret")

    yield move
    await close_database()
    if ON_SQLITE:
        DB.path = kept
    else:
        DB.config = kept


async def people() -> list[str]:
    return [row["name"] for row in await Person.select(Person.name).order_by(Person.name)]


async def must_be_untouched(place):
    """Nobody has been here."""
    await close_database()
    assert not place.data.exists()
    if not ON_SQLITE:
        assert await DB.fetch("SELECT 1 FROM pg_tables WHERE schemaname = 'public'", ()) == []


def rewritten(file: Path, **parts: bytes | None) -> Path:
    """The same backup, some parts of it other bytes, or (None) missing."""
    other = file.with_name("other.zip")
    with ZipFile(file) as old, ZipFile(other, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = parts.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return other


def with_manifest(file: Path, **said) -> Path:
    with ZipFile(file) as old:
        manifest = json.loads(old.read("manifest.json"))
    return rewritten(file, **{"manifest.json": json.dumps(manifest | said).encode()})


async def test_a_house_that_burnt_down_stands_again_elsewhere(here, elsewhere, tmp_path):
    await a_login(await a_person(name="Ana"))
    await a_person(name="木兰")

    taken = await backup(here, tmp_path / "kith.zip", now=NOON)
    place = await elsewhere()
    back = await restore(place, tmp_path / "kith.zip")

    assert await people() == ["Ana", "木兰"]
    assert place.secret_file.read_bytes() == b"s" * 32
    assert (place.data / "pictures" / "abc.jpg").read_bytes() == PHOTO
    assert back == taken
    assert taken.engine == DB.engine_type and taken.taken_at == "2026-05-01T12:00:00+00:00"
    assert len(taken.migrations) >= 3


async def test_phones_that_subscribed_are_still_ours_after_a_restore(here, elsewhere, tmp_path):
    public = keys.written(keys.key(here.vapid_file))
    await backup(here, tmp_path / "kith.zip", now=NOON)

    place = await elsewhere()
    await restore(place, tmp_path / "kith.zip")

    assert keys.written(keys.key(place.vapid_file)) == public
    assert stat.S_IMODE(place.vapid_file.stat().st_mode) == 0o600


async def test_a_restored_house_goes_on_counting_where_it_was(here, elsewhere, tmp_path):
    """A new neighbour does not get the number of somebody who is there already."""
    ana = await a_person(name="Ana")
    await backup(here, tmp_path / "kith.zip", now=NOON)

    await restore(await elsewhere(), tmp_path / "kith.zip")

    assert (await a_person(name="Bo")).id == ana.id + 1


async def test_nobody_else_on_the_machine_reads_a_backup_or_a_restored_house(here, elsewhere, tmp_path):
    await backup(here, tmp_path / "kith.zip", now=NOON)
    place = await elsewhere()
    await restore(place, tmp_path / "kith.zip")

    for path in (tmp_path / "kith.zip", place.data, *place.data.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


async def test_a_backup_is_of_one_moment_and_waits_for_nobody_who_writes(here, elsewhere, tmp_path):
    await a_person(name="Ana")

    async with writing():
        await Person.insert(Person(name="Half way in", language="en", made_at=NOON))
        meanwhile = backup(here, tmp_path / "kith.zip", now=NOON)
        elsewhere_in_town = asyncio.get_running_loop().run_in_executor(None, asyncio.run, meanwhile)
        await asyncio.wait_for(elsewhere_in_town, timeout=20)

    assert await people() == ["Ana", "Half way in"]
    await restore(await elsewhere(), tmp_path / "kith.zip")
    assert await people() == ["Ana"]


async def test_a_backup_holds_neither_the_one_before_it_nor_what_is_half_written(here, tmp_path):
    await backup(here, here.data / "monday.zip", now=NOON)
    (here.data / ".half").write_bytes(b"?")
    await backup(here, here.data / "tuesday.zip", now=NOON)

    with ZipFile(here.data / "tuesday.zip") as file:
        assert set(file.namelist()) == {"database", "secret", "data/pictures/abc.jpg", "manifest.json"}
    assert {path.name for path in here.data.iterdir()} == {*OURS, ".half", "monday.zip", "tuesday.zip"}


async def test_a_backup_that_fails_leaves_the_one_before_it_alone(here, elsewhere, tmp_path):
    file = tmp_path / "kith.zip"
    await backup(here, file, now=NOON)
    before = file.read_bytes()

    place = await elsewhere()
    with pytest.raises(CopyRefused, match="There is nothing to back up"):
        await backup(place, file, now=NOON)

    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("there", ["a file", "a secret"])
async def test_a_house_that_is_lived_in_is_not_built_over(here, elsewhere, tmp_path, there):
    await backup(here, tmp_path / "kith.zip", now=NOON)
    place = await elsewhere()
    if there == "a file":
        place.data.mkdir()
        (place.data / "letter").write_text("keep me")
    else:
        place = replace(place, secret_file=here.secret_file)

    with pytest.raises(CopyRefused, match="into an empty place only"):
        await restore(place, tmp_path / "kith.zip")

    assert [path.name for path in place.data.rglob("*")] == (["letter"] if there == "a file" else [])
    assert here.secret_file.read_bytes() == b"s" * 32


async def test_a_database_that_is_lived_in_is_not_written_over(here, tmp_path):
    await a_person(name="Ana")
    await backup(here, tmp_path / "kith.zip", now=NOON)
    await a_person(name="Bo")
    place = replace(here, data=tmp_path / "new", secret_file=tmp_path / "new" / "secret")

    with pytest.raises(CopyRefused, match="empty"):
        await restore(place, tmp_path / "kith.zip")

    assert await people() == ["Ana", "Bo"]
    assert not place.data.exists()


@pytest.mark.parametrize("part", ["database", "secret", "data/pictures/abc.jpg"])
@pytest.mark.parametrize("harm", ["another byte", "cut off", "missing"])
async def test_a_damaged_backup_is_refused_and_nothing_is_half_done(here, elsewhere, tmp_path, part, harm):
    await backup(here, tmp_path / "kith.zip", now=NOON)
    with ZipFile(tmp_path / "kith.zip") as file:
        content = file.read(part)
    harmed = {"another byte": content[:-1] + bytes([content[-1] ^ 1]), "cut off": content[:-1], "missing": None}[harm]

    place = await elsewhere()
    with pytest.raises(CopyRefused, match=r"[Bb]ackup"):
        await restore(place, rewritten(tmp_path / "kith.zip", **{part: harmed}))

    await must_be_untouched(place)


@pytest.mark.parametrize("at", [0.1, 0.5, 0.99])
async def test_a_file_that_rotted_on_the_disk_is_refused(here, elsewhere, tmp_path, at):
    await a_person(name="Ana")
    file = tmp_path / "kith.zip"
    await backup(here, file, now=NOON)
    with ZipFile(file) as whole:
        database = whole.getinfo("database")
    content = bytearray(file.read_bytes())
    begin = database.header_offset + 100 + int((database.compress_size - 400) * at)
    content[begin : begin + 64] = bytes(255 - each for each in content[begin : begin + 64])
    file.write_bytes(content)

    place = await elsewhere()
    with pytest.raises(CopyRefused):
        await restore(place, file)

    await must_be_untouched(place)


async def test_a_file_that_was_not_copied_to_its_end_is_refused(here, elsewhere, tmp_path):
    file = tmp_path / "kith.zip"
    await backup(here, file, now=NOON)
    file.write_bytes(file.read_bytes()[:-1])

    place = await elsewhere()
    with pytest.raises(CopyRefused):
        await restore(place, file)

    await must_be_untouched(place)


async def test_rows_that_went_missing_are_noticed_and_what_was_put_in_its_place_is_taken_away(
    here, elsewhere, tmp_path
):
    await a_person(name="Ana")
    taken = await backup(here, tmp_path / "kith.zip", now=NOON)

    place = await elsewhere()
    with pytest.raises(CopyRefused, match="people has 1 rows; 2 were written"):
        await restore(place, with_manifest(tmp_path / "kith.zip", rows=taken.rows | {"people": 2}))

    await must_be_untouched(place)


async def test_a_backup_of_a_newer_kith_another_engine_or_another_format_says_so(here, elsewhere, tmp_path):
    file = tmp_path / "kith.zip"
    taken = await backup(here, file, now=NOON)
    other = "postgres" if ON_SQLITE else "sqlite"

    place = await elsewhere()
    with pytest.raises(CopyRefused, match="newer Kith"):
        await restore(place, with_manifest(file, migrations=[*taken.migrations, "2027-01-01T00:00:00:000000"]))
    with pytest.raises(CopyRefused, match=f"is of {other}; KITH_DATABASE_URL names {DB.engine_type}"):
        await restore(place, with_manifest(file, engine=other))
    with pytest.raises(CopyRefused, match="format 2"):
        await restore(place, with_manifest(file, format=2))

    await must_be_untouched(place)


@pytest.mark.parametrize("name", ["data/../../evil", "/etc/evil", "data//evil", "evil"])
async def test_a_part_that_wants_to_lie_outside_the_house_is_refused(here, elsewhere, tmp_path, name):
    file = tmp_path / "kith.zip"
    taken = await backup(here, file, now=NOON)
    nothing = {"name": name, "bytes": 0, "sha256": sha256(b"").hexdigest()}
    other = with_manifest(file, parts=[*taken.parts, nothing])
    with ZipFile(other, "a") as more:
        more.writestr(name, b"")

    place = await elsewhere()
    with pytest.raises(CopyRefused):
        await restore(place, other)

    await must_be_untouched(place)


async def test_an_interrupted_restore_is_told_from_a_house_that_is_lived_in(here, elsewhere, tmp_path):
    await backup(here, tmp_path / "kith.zip", now=NOON)
    place = await elsewhere()
    (place.data / ".restoring-x").mkdir(parents=True)

    with pytest.raises(CopyRefused, match="was interrupted"):
        await restore(place, tmp_path / "kith.zip")
    shutil.rmtree(place.data / ".restoring-x")
    await restore(place, tmp_path / "kith.zip")

    assert [path.name for path in place.data.glob(".restoring*")] == []


@pytest.mark.skipif(not ON_SQLITE, reason="on PostgreSQL the database has no folder")
async def test_a_database_that_cannot_lie_where_it_should_undoes_the_rest(here, elsewhere, tmp_path):
    await backup(here, tmp_path / "kith.zip", now=NOON)
    place = await elsewhere()
    DB.path = str(tmp_path / "kith.zip" / "kith.db")

    with pytest.raises(CopyRefused, match=r"kith\.zip"):
        await restore(place, tmp_path / "kith.zip")

    assert not place.data.exists()


async def test_a_file_that_is_no_backup_is_told_so(elsewhere, tmp_path):
    (tmp_path / "letter.zip").write_text("Dear Ana")
    with ZipFile(tmp_path / "photos.zip", "w") as file:
        file.writestr("photo.jpg", PHOTO)

    place = await elsewhere()
    for name, reason in (("letter.zip", "not a backup"), ("photos.zip", "not a backup"), ("none.zip", "not there")):
        with pytest.raises(CopyRefused, match=reason):
            await restore(place, tmp_path / name)
    await must_be_untouched(place)
