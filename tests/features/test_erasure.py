"""After an erasure nothing of somebody is left anywhere, and an old backup does not bring them back."""

from datetime import timedelta

from app import house
from app.config import settings
from app.db import DB
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.tables import Person
from app.features.privacy import rules
from app.features.privacy.rules.erasing import erase
from app.features.skills import rules as skills
from app.kit.tables import AuditRow, Picture
from tests import canary
from tests.makers import NOON, a_login, a_person

DAY = timedelta(days=1)


async def left_and_erased(person) -> None:
    await rules.leave(
        person, sign_in=0, password="three plain words", reason="zzleaving", step_back=house.STEP_BACK, now=NOON + DAY
    )
    await house.erase_due(NOON + 32 * DAY)


async def test_the_canary_sings_before():
    """So that silence afterwards means something."""
    ana, _ = await canary.a_whole_life()
    heard = {word for _, word in await canary.found_in_tables()}
    await rules.leave(
        ana, sign_in=0, password="three plain words", reason="zzleaving", step_back=house.STEP_BACK, now=NOON
    )
    assert heard | {word for _, word in await canary.found_in_tables()} == set(canary.WORDS)


async def test_after_an_erasure_no_word_of_theirs_is_left_in_any_table_or_file():
    ana, _ = await canary.a_whole_life()
    token = ana.photo
    assert list((settings().data / "uploads").rglob(f"{token}*"))

    await left_and_erased(ana)

    assert await canary.found_in_tables() == set()
    assert not list((settings().data / "uploads").rglob(f"{token}*"))
    assert await Picture.count().where(Picture.owner == ana.id) == 0


async def test_the_files_of_the_database_are_overwritten_too():
    ana, _ = await canary.a_whole_life()
    await left_and_erased(ana)
    if DB.engine_type == "sqlite":
        assert canary.found_in_files() == set()


async def test_what_others_own_stays_theirs():
    ana, ben = await canary.a_whole_life()
    await left_and_erased(ana)
    kept = await skills.mine(ben.id)
    assert {"My shelf is loose", "Another shelf", "A third shelf"} == {row["words"] for row in kept["asks"]}
    asked = next(row["id"] for row in kept["asks"] if row["words"] == "My shelf is loose")
    assert (await skills.whole(asked, by=ben, now=NOON + 40 * DAY)).contact is None
    assert not [told for told in await notices.page_of(ben.id) if "Qanariya" in str(told.sentence)]


async def test_the_audit_says_that_somebody_was_erased_and_nothing_about_them():
    ana, _ = await canary.a_whole_life()
    await left_and_erased(ana)
    [row] = await AuditRow.select().where(AuditRow.did == "person erased")
    assert (row["concerns"], row["fields"]) == (ana.id, "[]")


async def test_their_export_is_empty_afterwards_but_for_what_they_did():
    ana, _ = await canary.a_whole_life()
    await left_and_erased(ana)
    told = await rules.everything(ana.id, {name: mine for name, mine in house.MINE.items() if name != "audit"})
    assert not any(word in str(told) for word in canary.WORDS)


async def test_an_old_backup_brings_nobody_back_and_takes_nobody_new_away():
    ana, ben = await a_person(name="Ana"), await a_person(name="Ben")
    await erase(ana.id, house.FORGET, now=NOON)
    assert (settings().data / rules.ERASED).stat().st_mode & 0o077 == 0

    await Person.update(name="Ana", state="active").where(Person.id == ana.id)  # the backup of the day before
    assert await rules.erase_again(house.FORGET, now=NOON + DAY) == 1
    assert (await people.neighbour(ana.id)).name == ""

    # an older backup still, in which her number was not given yet: somebody new has it now
    await Person.update(name="Cat", made_at=NOON + 5 * DAY).where(Person.id == ana.id)
    assert await rules.erase_again(house.FORGET, now=NOON + 6 * DAY) == 0
    assert [(await people.neighbour(each.id)).name for each in (ana, ben)] == ["Cat", "Ben"]


async def test_a_list_kept_elsewhere_is_added_to_the_one_that_came_back(tmp_path):
    ana = await a_person(name="Ana")
    made_at = (await Person.select(Person.made_at).where(Person.id == ana.id).first())["made_at"]
    (tmp_path / "newer.txt").write_text(f"{ana.id} {made_at.isoformat()}\n")
    rules.add_to_list(tmp_path / "newer.txt")
    await house.erase_due(NOON)
    assert (await people.neighbour(ana.id)).name == ""
    (settings().data / rules.ERASED).unlink()


async def test_the_list_of_the_erased_only_grows():
    ana = await a_person()
    await a_login(ana)
    file = settings().data / rules.ERASED
    before = file.read_text() if file.exists() else ""
    file.write_text(before + "999 2020-01-01T00:00:00+00:00\nnot a line of ours\n")
    await erase(ana.id, house.FORGET, now=NOON)
    lines = file.read_text().splitlines()
    assert "999 2020-01-01T00:00:00+00:00" in lines and any(line.startswith(f"{ana.id} ") for line in lines)
    file.unlink()
