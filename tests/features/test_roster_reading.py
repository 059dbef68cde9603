"""What the importer understands of a list, before anything is written."""

from contextlib import suppress

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.features.roster.rules.addresses import read_address
from app.features.roster.rules.phones import read_phone
from app.features.roster.rules.plain import person_name, several
from app.features.roster.rules.reading import Blank, Refused, Resident, read_residents
from app.features.roster.rules.sheets import UnreadableSheet
from app.features.skills.rules import category_of

FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")
HEADINGS = "房号,姓名,手机,特长,备注\n"


def rows(text: str, encoding: str = "utf-8", region: str = "CN") -> list[Blank | Refused | Resident]:
    return list(read_residents(text.encode(encoding), region=region))


def only(text: str, **how: str) -> Resident:
    (row,) = rows(text, **how)
    assert isinstance(row, Resident)
    return row


small = st.integers(min_value=1, max_value=99)
floors = st.integers(min_value=1, max_value=60)
on_floor = st.integers(min_value=1, max_value=20)


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    signs = "〇一二三四五六七八九"
    return ((signs[tens] if tens > 1 else "") + "十" if tens else "") + (signs[ones] if ones else "")


@given(small, small, floors, on_floor)
def test_every_spelling_of_a_door_is_that_door(building: int, entrance: int, floor: int, place: int):
    door = f"{floor}{place:02}"
    spoken = f"{building}-{entrance}-{door}"
    spellings = [
        spoken,
        spoken.translate(FULL_WIDTH),
        f"  {spoken}\u3000",
        f"{spoken.translate(FULL_WIDTH)}室",
        f"{building:02}-{entrance:02}-{door}",
        f"{building} - {entrance} - {door}",
        f"{building}—{entrance}—{door}",
        f"{building}/{entrance}/{door}",
        f"{building} {entrance} {door}",
        f"{building}栋{entrance}单元{door}室",
        f"{building}栋{entrance}单元{door}",
        f"{building}号楼{entrance}单元{door}室",
        f"{building}幢{entrance}门{door}室",
        f"{building}#{entrance}-{door}",
        f"{building}栋{entrance}单元{floor}层{door}室",
        f"{building}栋{entrance}单元{floor}楼{place:02}",
        f"{building}-{entrance}-{floor}-{door}",
        f"{chinese(building)}栋{chinese(entrance)}单元{door}室",
        f"Building {building}, Entrance {entrance}, Room {door}",
        f"building {building} unit {entrance} flat {door}",
        f"百川里{spoken}",
        f"百川里小区{building}栋{entrance}单元{door}室",
    ]

    doors = {read_address(spelling, estate="百川里") for spelling in spellings}

    (address,) = doors
    assert address is not None
    assert address.label == spoken
    assert address.path == (("building", str(building)), ("entrance", str(entrance)), ("floor", str(floor)))
    assert address.door == door


street_words = st.sampled_from(["Mill", "Church", "St Mary's", "Upper Hill", "Old Post Office"])
street_ends = st.sampled_from([("Lane", "Ln."), ("Road", "Rd"), ("Street", "St"), ("Close", "Cl")])


@given(st.integers(1, 300), st.sampled_from(["", "a", "b"]), street_words, street_ends)
def test_a_village_door_is_the_same_whether_its_number_stands_first_or_last(
    number: int, letter: str, words: str, ends: tuple[str, str]
):
    door, (end, short) = f"{number}{letter}", ends
    spellings = [
        f"{door} {words} {end}",
        f"{words} {end} {door}",
        f"{words} {end}, {door}",
        f"No. {door} {words} {end}",
        f"{door}, {words} {short}",
        f"{words} {end} {door}".upper(),
        f"  {door}  {words.lower()} {end.lower()} ",
    ]

    doors = {read_address(spelling) for spelling in spellings}

    (address,) = doors
    assert address is not None
    assert (address.path, address.door) == ((("street", f"{words} {end}"),), door)
    assert address.label == f"{door} {words} {end}"


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("3栋501", "3-501"),
        ("A座1204室", "A-1204"),
        ("12-2-501a", "12-2-501A"),
        ("Flat 2, 12 Mill Lane", "Flat 2, 12 Mill Lane"),
        ("Rose Cottage, Mill Lane", "Rose Cottage, Mill Lane"),
        ("12-14 High Street", "12-14 High Street"),
        ("人民路12号", "人民路12号"),
        ("人民路 12 号 3 室", "人民路12号3室"),
    ],
)
def test_doors_without_entrances_and_houses_with_names_are_read(said: str, label: str):
    address = read_address(said)

    assert address is not None
    assert address.label == label


@pytest.mark.parametrize(
    "said",
    ["", "501", "3501", "3-2", "3栋2单元", "3-2-0", "0-2-501", "3-2--101", "2024-3-2", "3栋2单元5层601", "Building 5",
     "somewhere near the gate", "12", "-", "3-2-501-7-8"],
)  # fmt: skip
def test_what_may_be_any_door_is_no_address(said: str):
    assert read_address(said) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers_and_none_is_made_longer_than_it_was(text: str):
    address = read_address(text)
    phone = read_phone(text, region="CN")

    assert address is None or (address.path and address.door and address.label)
    assert len(phone.note) <= 80


mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(mobiles)
@example("17923597220")
def test_every_spelling_of_a_mobile_is_that_mobile(digits: str):
    parts = digits[:3], digits[3:7], digits[7:]
    spellings = [
        digits,
        digits.translate(FULL_WIDTH),
        "+86 " + " ".join(parts),
        "+86" + digits,
        "86" + digits,
        "0086 " + digits,
        "-".join(parts),
        "＋８６ " + " ".join(parts),
        f"'{digits}",
        f"{digits}.0",
        f"\u202d{digits}\u202c",
        f" {digits}\u3000",
    ]

    assert {read_phone(spelling, region="CN") for spelling in spellings} == {read_phone("+86" + digits, region="CN")}
    assert read_phone(digits, region="CN").number == "+86" + digits


@given(mobiles, st.integers(1, 5), st.integers(0, 10))
def test_a_mobile_that_lost_digits_is_kept_as_it_stood(digits: str, lost: int, at: int):
    left = digits[: at + 1] + digits[at + 1 + lost :]
    if len(left) == len(digits):
        return

    phone = read_phone(left, region="CN")

    # What remains of a mobile may happen to be somebody's landline: then it is dialled as written, never filled up.
    assert (phone.number, phone.note) in {("", left), ("+86" + left, ""), ("+86" + left.removeprefix("86"), "")}


@given(st.text(alphabet="0123456789+- ().Ee转", max_size=24), st.sampled_from(["CN", "GB", "DE"]))
@example("30000", "DE")
@example("1.77396E+10", "CN")
@example("1380013800O", "CN")
@example("13800138000 转 8", "CN")
def test_a_phone_is_dialable_or_a_note_and_never_both(text: str, region: str):
    phone = read_phone(text, region=region)

    if phone.number:
        digits = "".join(char for char in text if char.isdigit())
        assert phone.note == ""
        number = phonenumbers.parse(phone.number)
        assert phonenumbers.is_possible_number(number)
        assert str(number.national_number) in digits
    elif text.strip("' "):
        assert phone.note


@pytest.mark.parametrize(
    "text",
    [
        "1.77396E+10",
        "1582985186",
        "1380013800O",
        "138001380001",
        "问她女儿",
        "13800138000转8",
        "13800138000 ext 8",
        "1380013TAXI",
    ],
)
def test_a_number_nobody_can_dial_stays_in_the_lists_own_words(text: str):
    phone = read_phone(text, region="CN")

    assert (phone.number, phone.note) == ("", text)


def test_of_two_numbers_in_a_cell_the_first_good_one_rings_and_the_other_is_noted():
    phone = read_phone("1380013800、13800138001；13800138002", region="CN")

    assert phone.number == "+8613800138001"
    assert phone.note == "1380013800, 13800138002"


def test_a_phone_without_its_country_belongs_to_the_communitys():
    assert read_phone("07700 900123", region="GB").number == "+447700900123"
    assert read_phone("020 7946 0018", region="GB").number == "+442079460018"
    assert read_phone("+86 138 0013 8000", region="GB").number == "+8613800138000"


def test_several_skills_in_a_cell_are_several_skills():
    assert several("木工、电工；护士,会计/木工") == ("木工", "电工", "护士", "会计")
    assert several("木工 电工") == ("木工", "电工")
    assert several("dog walking, First aid\nfirst aid") == ("dog walking", "First aid")


def test_a_name_padded_to_line_up_is_the_name():
    assert person_name("王　芳") == person_name(" 王芳\u3000") == "王芳"
    assert person_name("  Ana   Lima ") == "Ana Lima"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_list_is_read_as_its_spreadsheet_saved_it(encoding: str, separator: str):
    text = (HEADINGS + "3-2-501,龙䶮,13800138000,木工,轮椅\n").replace(",", separator)

    resident = only(text, encoding=encoding)

    assert (resident.number, resident.address.label, resident.name) == (2, "3-2-501", "龙䶮")
    assert (resident.phone.number, resident.skills, resident.needs) == ("+8613800138000", ("木工",), ("轮椅",))


def test_english_headings_in_any_order_and_a_title_above_them():
    text = "Mill Lane and Church Road\n\nRemarks,Mobile (optional),Full name,Talents,Home\n"
    text += '"lives alone; wheelchair",07700 900123,Ana Lima,"Dog walking, first aid",Mill Lane 12\n'

    resident = only(text, region="GB")

    assert resident.number == 4
    assert (resident.address.label, resident.name) == ("12 Mill Lane", "Ana Lima")
    assert resident.skills == ("Dog walking", "first aid")
    assert resident.needs == ("lives alone", "wheelchair")


def test_building_entrance_and_room_may_stand_in_columns_of_their_own():
    assert only("楼栋,单元,房号,姓名\n3栋,2单元,501,王芳\n").address.label == "3-2-501"
    assert only("楼栋,单元,室号,姓名\n3,2,501,王芳\n").address.label == "3-2-501"
    assert only("楼栋,房号,姓名\n3号楼,3-2-501,王芳\n").address.label == "3-2-501"


def test_surname_and_first_name_in_two_columns_are_one_name():
    assert only("address,last name,first name\n12 Mill Lane,Lima,Ana\n").name == "Ana Lima"
    assert only("房号,名,姓\n3-2-501,芳,王\n").name == "王芳"


def test_a_refused_row_says_why_and_the_others_come_in():
    text = (
        HEADINGS + ",王芳,,,\n3-2,李强,,,\n3-2-501,,,,\n3-2-501,王芳、李强,,,\n3-2-501,12,,,\n,,,,\n3-2-501,王芳,,,\n"
    )

    read = rows(text)

    assert [type(row) for row in read] == [Refused] * 5 + [Blank, Resident]
    assert [str(row.reason) for row in read if isinstance(row, Refused)] == [
        "No address: we do not know which door.",
        "“3-2” is no address that we can read.",
        "No name.",
        "More than one name in the row: each person needs a row of their own.",
        "“12” is no name.",
    ]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xff\xff\xff", "姓名,手机\n王芳,1\n".encode(), b"\x89PNG\r\n\x1a\n\0\0\0"]
)
def test_a_file_that_is_no_list_of_residents_is_refused_as_a_whole(content: bytes):
    with pytest.raises(UnreadableSheet):
        list(read_residents(content, region="CN"))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes):
    with suppress(UnreadableSheet):
        list(read_residents(content, region="CN"))


KNOWN_SKILLS = {
    "repairs": "木工/水管维修/修自行车/carpentry",
    "digital": "修电脑/编程/无人机/无线电",
    "health": "护士/急救证/量血压/First aid",
    "languages": "英语辅导/Mandarin",
    "teaching": "退休教师/maths",
    "paperwork": "会计/打印复印/法律咨询",
    "care": "照看孩子/babysitting",
    "nature": "遛狗/Dog walking",
    "transport": "开车接送/Lifts to the station",
    "cooking": "做饭/bread baking",
    "arts": "书法/Painting",
    "hands": "缝纫/理发",
    "other": "careful listener/吹牛",
}


@pytest.mark.parametrize(("category", "words"), [(c, w) for c, line in KNOWN_SKILLS.items() for w in line.split("/")])
def test_a_skill_stands_in_the_category_its_words_tell(category: str, words: str):
    assert category_of(words) == category
