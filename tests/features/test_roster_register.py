"""Who is who in a list: somebody new, somebody met already, or nobody at all."""

from hypothesis import given
from hypothesis import strategies as st

from app.features.roster.rules.reading import read_residents
from app.features.roster.rules.register import Register, Someone
from app.features.roster.rules.report import Outcome, Report, What

HEADINGS = "房号,姓名,手机,特长,备注\n"


def taken(register: Register, *rows: str) -> list[Outcome]:
    return [register.take(row) for row in read_residents((HEADINGS + "\n".join(rows)).encode(), region="CN")]


def what(*rows: str) -> list[What]:
    return [outcome.what for outcome in taken(Register(b"secret"), *rows)]


def test_a_row_pasted_twice_is_one_person_however_it_is_spelled():
    register = Register(b"secret")

    outcomes = taken(
        register,
        "3-2-501,王芳,13800138000,木工,轮椅",
        "３－２－５０１,王　芳,+86 138 0013 8000,木工,轮椅",
        "3栋2单元501室,王芳,,电工,",
    )

    assert [outcome.what for outcome in outcomes] == [What.made, What.merged, What.merged]
    (someone,) = register.everyone
    assert (someone.new_phone, someone.skills, someone.needs) == ("+8613800138000", ["木工", "电工"], ["轮椅"])
    assert str(outcomes[1].why[0]) == "Pasted twice: the same as row 2."
    assert str(outcomes[2].why[0]) == "The same person as in row 2: same door, same name."


def test_the_phone_that_one_of_two_pasted_rows_has_is_kept_whichever_comes_first():
    for rows in (("3-2-501,王芳,", "3-2-501,王芳,13800138000"), ("3-2-501,王芳,13800138000", "3-2-501,王芳,")):
        register = Register(b"secret")
        taken(register, *rows)
        assert [someone.new_phone for someone in register.everyone] == ["+8613800138000"]


def test_two_of_one_name_behind_one_door_with_two_phones_are_two_people():
    register = Register(b"secret")

    outcomes = taken(register, "3-2-501,王芳,13800138000", "3-2-501,王芳,13900139000")

    assert [outcome.what for outcome in outcomes] == [What.made, What.made]
    assert str(outcomes[1].why[0]) == "The same name behind the same door, but another phone: another person."


def test_a_family_that_shares_a_phone_stays_a_family():
    assert what("3-2-501,王芳,13800138000", "3-2-501,王小明,13800138000") == [What.made, What.made]


def test_one_name_and_phone_at_two_doors_is_one_person_with_two_homes():
    register = Register(b"secret")

    outcomes = taken(register, "3-2-501,王芳,13800138000", "5-1-101,王芳,13800138000")

    assert [outcome.what for outcome in outcomes] == [What.made, What.merged]
    (someone,) = register.everyone
    assert [home.label for home in someone.homes] == ["3-2-501", "5-1-101"]


def test_the_same_name_at_two_doors_is_two_neighbours():
    assert what("3-2-501,王芳,", "5-1-101,王芳,") == [What.made, What.made]
    assert what("3-2-501,王芳,13800138000", "5-1-101,王芳,13900139000") == [What.made, What.made]


def test_a_list_adds_a_phone_to_somebody_we_know_and_never_replaces_what_they_edited():
    known = Someone("王芳", id=7, doors={"3-2-501"})
    edited = Someone("李强", "+8613900139000", id=8, edited=True, doors={"3-2-502"})
    shy = Someone("赵敏", "", id=9, edited=True, doors={"3-2-503"})
    register = Register(b"secret", [known, edited, shy])

    outcomes = taken(register, "3-2-501,王芳,13800138000", "3-2-502,李强,13700137000", "3-2-503,赵敏,13600136000")

    assert [outcome.what for outcome in outcomes] == [What.merged, What.unchanged, What.unchanged]
    assert [someone.new_phone for someone in register.everyone] == ["+8613800138000", "", ""]


def test_what_somebody_took_away_does_not_come_back_with_another_row_about_them():
    known = Someone("王芳", "+8613800138000", id=7, doors={"3-2-501"})
    told_before = Register(b"secret").sealed("need", 7, "透析")
    register = Register(b"secret", [known], {told_before: 7})

    outcomes = taken(register, "3-2-501,王芳,13800138000,木工,透析")

    assert [outcome.what for outcome in outcomes] == [What.merged]
    assert (known.skills, known.needs) == (["木工"], [])


def test_a_row_about_somebody_erased_since_brings_nobody_back():
    first = Register(b"secret")
    taken(first, "3-2-501,王芳,13800138000,木工,透析")
    seals = dict.fromkeys(first.everyone[0].seals)

    again = Register(b"secret", [], seals)

    assert [outcome.what for outcome in taken(again, "3-2-501,王芳,13800138000,木工,透析")] == [What.unchanged]
    assert again.everyone == []


names = st.sampled_from(["王芳", "李强", " 王　芳"])
doors = st.sampled_from(["3-2-501", "3栋2单元501室", "３－２－５０２", "", "501"])
phones = st.sampled_from(["", "13800138000", "+86 138 0013 8000", "13900139000", "1.38300E+10"])
cells = st.sampled_from(["", "木工", "木工 电工", "护士"])
any_row = st.one_of(st.just(",,,,"), st.builds(lambda *row: ",".join(row), doors, names, phones, cells, cells))


@given(st.lists(any_row, max_size=12))
def test_the_same_list_again_changes_nothing(rows: list[str]):
    first = Register(b"secret")
    before = Report(taken(first, *rows)).counts
    seals: dict[str, int | None] = {}
    for number, someone in enumerate(first.everyone, 1):
        facts = [("skill", words) for words in someone.skills] + [("need", words) for words in someone.needs]
        facts += [("phone", words) for words in someone.notes]
        seals |= dict.fromkeys([*someone.seals, *(first.sealed(kind, number, words) for kind, words in facts)], number)
    known = [
        Someone(someone.name, someone.new_phone, number, doors=set(someone.doors), knows=set(someone.knows))
        for number, someone in enumerate(first.everyone, 1)
    ]

    again = Register(b"secret", known, seals)
    after = Report(taken(again, *rows)).counts

    assert before["rows"] == sum(count for name, count in before.items() if name != "rows")
    assert after == before | {"made": 0, "unchanged": before["made"]}
    assert len(again.everyone) == len(first.everyone)
    assert not any(s.new_phone or s.homes or s.skills or s.needs or s.notes or s.seals for s in again.everyone)
