"""A list of residents comes in, on both engines."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from app.db import DB
from app.features.community import rules as community
from app.features.community.tables import Area
from app.features.people import rules as people
from app.features.people.tables import Household, Membership, Person
from app.features.roster.rules import forget, import_residents, mine, purge
from app.features.roster.tables import ClaimedNeed, PhoneNote, RosterImport, RosterRow
from app.features.skills.rules.directory import Wanted, neighbours
from app.features.skills.tables import Skill
from app.kit.refusals import Refusal
from app.kit.tables import AuditRow

NOON = datetime(2026, 5, 4, 4, tzinfo=UTC)
BASIS = "Residents' committee, register of the estate, meeting of 3 March"
LIST = """房号,姓名,手机,特长,备注
1-1-101,王芳,13800138000,木工 电工,
１－１－１０１,李强,1.38300E+10,,独居老人、透析
1栋1单元101室,王芳,+86 138 0013 8000,木工 电工,
,,,,
12-2-1104,赵敏,,护士,婴儿
1-2,谁,,,
""".encode("gb18030")


async def estate(**said) -> None:
    told = {"name": "百川里", "languages": ["zh-Hans", "en"], "zone": "Asia/Shanghai", "region": "CN"}
    told |= {"area_kinds": ["building", "entrance", "floor"]}
    await community.found(**(told | said), now=NOON)


async def bring(content: bytes, **said) -> dict:
    return (await import_residents(content, **({"basis": BASIS, "by": None, "now": NOON} | said))).as_json()


async def everything() -> dict[str, list]:
    tables = (Area, Household, Person, Membership, Skill, ClaimedNeed, PhoneNote, RosterRow)
    return {table.__name__: await table.select().order_by(table.id) for table in tables}


async def test_a_list_brings_doors_people_skills_and_claimed_needs():
    await estate()

    report = await bring(LIST)

    assert report == {
        "rows": 6, "made": 3, "merged": 1, "unchanged": 0, "refused": 1, "blank": 1, "phone_notes": 1,
        "refusals": [{"row": 7, "reason": "“1-2” is no address that we can read."}],
    }  # fmt: skip
    kept = await everything()
    assert [(area["kind"], area["name"], area["sort"]) for area in kept["Area"]] == [
        ("building", "1", 1), ("building", "12", 12), ("entrance", "1", 1), ("entrance", "2", 2),
        ("floor", "1", 1), ("floor", "11", 11),
    ]  # fmt: skip
    assert [(home["address"], home["door"]) for home in kept["Household"]] == [
        ("1-1-101", "101"),
        ("12-2-1104", "1104"),
    ]
    line = await community.line_to(kept["Household"][1]["area"])
    assert [(area.kind, area.name) for area in line] == [("building", "12"), ("entrance", "2"), ("floor", "11")]
    assert [(p["name"], p["phone"], p["state"]) for p in kept["Person"]] == [
        ("王芳", "+8613800138000", "active"), ("李强", "", "active"), ("赵敏", "", "active"),
    ]  # fmt: skip
    assert [(m["person"], m["household"]) for m in kept["Membership"]] == [(1, 1), (2, 1), (3, 2)]
    assert [(s["person"], s["words"], s["lang"], s["from_roster"], s["emergency"]) for s in kept["Skill"]] == [
        (1, "木工", "zh-Hans", True, False), (1, "电工", "zh-Hans", True, False), (3, "护士", "zh-Hans", True, False),
    ]  # fmt: skip
    assert [(n["person"], n["words"], n["confirmed_at"]) for n in kept["ClaimedNeed"]] == [
        (2, "独居老人", None), (2, "透析", None), (3, "婴儿", None),
    ]  # fmt: skip
    assert [(note["person"], note["words"]) for note in kept["PhoneNote"]] == [(2, "1.38300E+10")]


async def test_the_same_list_again_changes_nothing():
    await estate()
    await bring(LIST)
    before = await everything()

    again = await bring(LIST)

    assert {key: again[key] for key in ("made", "merged", "unchanged", "refused", "blank")} == {
        "made": 0, "merged": 1, "unchanged": 3, "refused": 1, "blank": 1,
    }  # fmt: skip
    assert await everything() == before


async def test_a_dry_run_says_the_same_and_writes_nothing():
    await estate()
    empty = await everything()

    said = await bring(LIST, dry_run=True)

    assert await everything() == empty
    assert not await RosterImport.exists()
    assert not await AuditRow.exists()
    assert said == await bring(LIST)


async def test_an_import_is_recorded_with_its_basis_and_no_personal_value_reaches_the_audit():
    await estate()

    await bring(LIST, by=9)

    (came,) = await RosterImport.select()
    assert (came["by"], came["basis"], len(came["file_fingerprint"])) == (9, BASIS, 64)
    assert json.loads(came["counts"])["made"] == 3
    noted = await AuditRow.select()
    assert [(row["did"], row["who"], row["about"]) for row in noted] == [
        ("roster imported", 9, f"roster_import:{came['id']}")
    ]
    assert not any(value in str(noted) for value in ("王芳", "13800138000", "透析", "1-1-101"))


async def test_what_people_changed_since_stays_as_they_left_it():
    await estate()
    await bring(LIST)
    await people.edit_person(1, by=1, now=NOON, name="王小芳", phone="+8613911112222")
    await Skill.delete().where(Skill.words == "电工")
    await ClaimedNeed.delete().where(ClaimedNeed.words == "透析")
    changed = await everything()

    again = await bring(LIST)

    assert (again["made"], again["unchanged"]) == (0, 3)
    assert await everything() == changed


async def test_a_later_list_adds_what_is_new_and_brings_nothing_back():
    await estate()
    await bring(LIST)
    await ClaimedNeed.delete().where(ClaimedNeed.words == "透析")
    later = "备注,电话,姓名,地址,特长\n透析、轮椅,13600136000,李强,1-1-101,理发\n".encode("utf-16")

    report = await bring(later)

    assert (report["made"], report["merged"], report["unchanged"]) == (0, 1, 0)
    assert (await Person.select(Person.phone).where(Person.name == "李强"))[0]["phone"] == "+8613600136000"
    assert {row["words"] for row in await ClaimedNeed.select().where(ClaimedNeed.person == 2)} == {"独居老人", "轮椅"}
    assert [row["words"] for row in await Skill.select().where(Skill.person == 2)] == ["理发"]
    (told,) = await AuditRow.select().where(AuditRow.did == "roster added")
    assert (told["concerns"], json.loads(told["fields"])) == (2, ["phone"])


async def test_somebody_erased_is_not_brought_back_by_the_old_list():
    await estate()
    await bring(LIST)
    await forget(2, now=NOON)
    await people.forget(2, now=NOON)

    again = await bring(LIST)

    assert (again["made"], again["unchanged"]) == (0, 3)
    assert not await ClaimedNeed.exists().where(ClaimedNeed.person == 2)
    assert not await RosterRow.exists().where(RosterRow.person == 2)
    assert await Person.count().where(Person.name == "李强") == 0


async def test_claimed_needs_that_nobody_confirmed_are_gone_after_ninety_days_for_good():
    await estate()
    await bring(LIST)
    await ClaimedNeed.update({ClaimedNeed.confirmed_at: NOON}).where(ClaimedNeed.words == "婴儿")

    await purge(NOON + timedelta(days=89))
    assert await ClaimedNeed.count() == 3
    await purge(NOON + timedelta(days=91))
    await bring(LIST, now=NOON + timedelta(days=92))

    assert [row["words"] for row in await ClaimedNeed.select()] == ["婴儿"]


async def test_what_a_list_said_about_somebody_is_in_their_export():
    await estate()
    await bring(LIST)

    told = await mine(2)

    assert {need["words"] for need in told["claimed_needs"]} == {"独居老人", "透析"}
    assert told["claimed_needs"][0]["basis"] == BASIS
    assert [note["words"] for note in told["phone_notes"]] == ["1.38300E+10"]


@pytest.mark.parametrize(("words", "found"), [("木工", ["王芳"]), ("电工", ["王芳"]), ("护士", ["赵敏"]), ("理发", [])])
async def test_those_whom_a_list_brings_are_found_by_what_they_can(words: str, found: list[str]):
    await estate()
    await bring(LIST)

    hits = await neighbours(Wanted(words), by=await people.neighbour(1))

    assert [hit.name for hit in hits] == found


async def test_a_village_of_streets_comes_in_as_streets():
    await estate(name="Millbrook", languages=["en"], zone="Europe/London", region="GB", area_kinds=["street"])
    content = b"Name,Home,Phone,Skills\nAna Lima,12 Mill Lane,07700 900123,dog walking\nBen Cole,Mill Lane 12,,\n"

    report = await bring(content)

    assert report["made"] == 2
    assert [(area["kind"], area["name"]) for area in await Area.select()] == [("street", "Mill Lane")]
    assert [home["address"] for home in await Household.select()] == ["12 Mill Lane"]
    assert (await Person.select().order_by(Person.id))[0]["phone"] == "+447700900123"


async def test_areas_take_the_communitys_own_kinds():
    await estate(area_kinds=["building", "entrance"])
    await bring(LIST)

    assert {area["kind"] for area in await Area.select()} == {"building", "entrance"}


async def test_areas_and_households_that_stand_already_are_used():
    await estate()
    building = await community.add_area(parent=None, kind="building", name="1", by=1, now=NOON)
    entrance = await community.add_area(parent=building, kind="entrance", name="1", by=1, now=NOON)
    await people.add_household(area=entrance, door="101", address="1-1-101", by=1, now=NOON)

    await bring(LIST)

    assert await Household.count() == 2
    assert await Area.count().where((Area.kind == "building") & (Area.name == "1")) == 1


@pytest.mark.parametrize("basis", ["", "   ", "b" * 401])
async def test_without_a_legal_basis_in_words_nothing_comes_in(basis: str):
    await estate()

    with pytest.raises(Refusal) as refusal:
        await bring(LIST, basis=basis)

    assert refusal.value.beside == "basis"
    assert not await Person.exists()


async def test_an_operator_may_bring_the_list_in_before_the_first_day():
    assert (await bring(LIST))["made"] == 3
    await estate()
    assert (await bring(LIST))["unchanged"] == 3


async def test_a_list_that_breaks_half_way_leaves_nothing_behind(monkeypatch):
    await estate()
    empty = await everything()

    async def breaks(*_, **__) -> None:
        raise ConnectionError("the disk is full")

    monkeypatch.setattr("app.features.roster.rules.importing.audit.note", breaks)
    with pytest.raises(ConnectionError):
        await bring(LIST)

    assert await everything() == empty
    assert not await RosterImport.exists()


async def test_two_who_bring_the_same_list_at_once_bring_it_once():
    import asyncio

    await estate()
    reports = await asyncio.gather(bring(LIST), bring(LIST), bring(LIST))

    assert sorted(report["made"] for report in reports) == [0, 0, 3]
    assert await Person.count() == 3, DB.engine_type
