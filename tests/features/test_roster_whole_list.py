"""A later list shows who is new, who moved and who is gone, and guesses nobody."""

from app.features.people import rules as people
from app.features.people.tables import Membership, Person, State
from app.features.roster.rules import import_residents
from app.features.roster.rules.importing import Way
from app.features.roster.rules.report import Report, What
from tests.makers import NOON, a_community, a_login
from tests.rosters import HEADINGS, a_later_list, as_csv, the_roster

BASIS = "The committee's register"
WHOLE = Way(whole=True)


async def bring(rows, way: Way | None = WHOLE, **said) -> Report:
    await a_community()
    content = rows if isinstance(rows, bytes) else as_csv([HEADINGS, *rows])
    return await import_residents(content, basis=BASIS, by=None, now=NOON, way=way, **said)


async def doors() -> dict[str, list[str]]:
    """Who lives where today."""
    homes = await Membership.select(
        Membership.person.name.as_alias("name"), Membership.household.address.as_alias("door")
    ).where(Membership.until_on.is_null())
    found: dict[str, list[str]] = {}
    for home in homes:
        found.setdefault(home["name"], []).append(home["door"])
    return found


async def test_forty_moved_thirty_new_twenty_gone_is_shown_as_exactly_that():
    content = the_roster()
    await bring(content)
    later = a_later_list(content)

    shown = await bring(as_csv(later.rows), dry_run=True)

    assert (len(later.moved), len(later.new), len(later.gone)) == (40, 30, 20)
    told = shown.as_json()
    assert (told["moved"], told["made"], told["gone"], told["refused"]) == (40, 30, 20, 0)
    assert {(each.row.name, each.row.address.label) for each in shown.outcomes if each.moved} == {
        (name, to) for name, _, to in later.moved
    }
    assert {each.row.name for each in shown.outcomes if each.what == What.made} == set(later.new)
    assert {(each.name, *each.doors) for each in shown.gone} == set(later.gone)

    brought = (await bring(as_csv(later.rows), Way(whole=True, let_go=lambda gone: True))).as_json()
    assert brought == told
    again = (await bring(as_csv(later.rows))).as_json()
    assert (again["moved"], again["made"], again["gone"], again["merged"]) == (0, 0, 0, 0)


async def test_a_family_moves_with_its_child_and_lives_at_one_door_only():
    await bring([["1-1-101", "王芳", "13800138000", "", ""], ["1-1-101", "王小乐", "", "", "婴儿"]])
    report = await bring([["2-1-202", "王芳", "13800138000", "", ""], ["2-1-202", "王小乐", "", "", "婴儿"]])

    assert report.as_json() | {"refusals": 0} == {
        "rows": 2, "made": 0, "merged": 2, "unchanged": 0, "refused": 0, "blank": 0, "moved": 2, "gone": 0,
        "phone_notes": 0, "refusals": 0,
    }  # fmt: skip
    assert await doors() == {"王芳": ["2-1-202"], "王小乐": ["2-1-202"]}
    assert await Person.count() == 2


async def test_a_child_alone_is_not_guessed_at():
    await bring([["1-1-101", "王小乐", "", "", ""]])
    report = await bring([["2-1-202", "王小乐", "", "", ""]])
    assert (report.moved, report.counts["made"], [each.name for each in report.gone]) == (0, 1, ["王小乐"])


async def test_a_list_that_is_not_whole_says_of_nobody_that_they_are_gone():
    await bring([["1-1-101", "王芳", "13800138000", "", ""], ["1-1-102", "李强", "13800138001", "", ""]])
    report = await bring([["2-1-202", "王芳", "13800138000", "", ""]], None)
    assert report.gone == [] and report.moved == 0
    assert (await doors())["王芳"] == ["1-1-101", "2-1-202"]  # one person with two homes


async def test_who_signs_in_is_never_thrown_out_by_a_list_but_hears_of_it():
    await bring([["1-1-101", "王芳", "13800138000", "", ""], ["1-1-102", "李强", "13800138001", "", ""]])
    fang, qiang = await Person.objects().order_by(Person.id)
    await a_login(await people.neighbour(fang.id))

    report = await bring([["3-1-101", "赵敏", "", "", ""]], Way(whole=True, let_go=lambda gone: True))

    assert [(each.name, each.signs_in) for each in report.gone] == [("王芳", True), ("李强", False)]
    assert (await people.neighbour(fang.id)).state == State.active and (await people.stays_of(fang.id)) == []
    assert (await people.neighbour(qiang.id)).state == State.gone


async def test_what_a_person_edited_stays_as_they_want_it():
    await bring([["1-1-101", "王芳", "13800138000", "木工", ""]])
    fang = await Person.objects().first()
    await people.edit_person(fang.id, by=fang.id, now=NOON, name="王芳芳", phone="13900139000")

    report = await bring([["1-1-101", "王芳", "13800138000", "木工", ""]])

    assert (report.counts["unchanged"], report.gone) == (1, [])
    kept = await Person.objects().first()
    assert (kept.name, kept.phone) == ("王芳芳", "+8613900139000")


async def test_whoever_was_added_by_hand_is_not_missed_by_a_list():
    await bring([["1-1-101", "王芳", "13800138000", "", ""]])
    home = await people.household_at("1-1-101")
    added = await people.add_person(name="新来的", now=NOON)
    await people.join(added, home, on=NOON.date(), by=None, now=NOON)
    assert (await bring([["1-1-101", "王芳", "13800138000", "", ""]])).gone == []
