"""Lists of residents for tests: the estate's real one, and what a committee makes of it later."""

import csv
import io
from dataclasses import dataclass, field

import pytest
from openpyxl import Workbook

from app.config import ROOT
from app.features.roster.rules.reading import Resident, read_residents

FILE = ROOT.parent / "shared" / "data" / "residents-zh-gb18030.csv"
HEADINGS = ["房号", "姓名", "手机", "特长", "备注"]
Row = list[str]


def the_roster() -> bytes:
    if not FILE.exists():
        pytest.skip("the estate's roster lies beside the repository, in shared/data")
    return FILE.read_bytes()


def rows_of(content: bytes) -> list[Row]:
    return list(csv.reader(io.StringIO(content.decode("gb18030"), newline="")))


def as_csv(rows: list[Row], encoding: str = "gb18030") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: list[Row], *, numbers: bool = False) -> bytes:
    """As people's programs write it; with `numbers`, phones are typed as numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("住户")
    for row in rows:
        sheet.append([int(cell) if numbers and cell.isdecimal() and len(cell) == 11 else cell or None for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass
class Later:
    """The committee's list of a later year, and what has changed in it."""

    rows: list[Row] = field(default_factory=list)
    moved: list[tuple[str, str, str]] = field(default_factory=list)  # name, from, to
    new: list[str] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)  # name, door


def a_later_list(content: bytes, *, moved: int = 40, new: int = 30, gone: int = 20) -> Later:
    """Whole families move, children without a phone too; others leave one by one; the rest stays where it was."""
    residents = {(each.address.label, each.name): each for each in read(content)}
    homes: dict[str, list[Resident]] = {}
    for each in residents.values():
        homes.setdefault(each.address.label, []).append(each)
    later, moving = Later(), set[str]()
    for door, family in homes.items():
        names = {each.name for each in family}
        with_phone = [each for each in family if each.phone.number]
        if with_phone and len(names) == len(family) and len(later.moved) + len(family) <= moved and len(family) > 1:
            to = f"9-{len(moving) // 4 + 1}-{101 + len(moving) % 4}"
            later.moved += [(each.name, door, to) for each in family]
            moving.add(door)
    staying = [each for each in residents.values() if each.address.label not in moving]
    leaving = staying[:: len(staying) // gone][:gone]
    later.gone = [(each.name, each.address.label) for each in leaving]
    later.new = [f"新居民{n:02}" for n in range(new)]
    later.rows = [HEADINGS, *(as_row(each) for each in staying if each not in leaving)]
    later.rows += [as_row(residents[door, name], to) for name, door, to in later.moved]
    later.rows += [[f"10-1-{101 + n}", name, f"1390000{n:04}", "", ""] for n, name in enumerate(later.new)]
    return later


def read(content: bytes) -> list[Resident]:
    return [row for row in read_residents(content, region="CN") if isinstance(row, Resident)]


def as_row(resident: Resident, door: str = "") -> Row:
    phone = resident.phone.number.removeprefix("+86") or resident.phone.note
    return [door or resident.address.label, resident.name, phone, " ".join(resident.skills), "、".join(resident.needs)]
