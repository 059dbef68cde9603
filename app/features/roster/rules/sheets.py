"""A spreadsheet's bytes become rows of named cells: its encoding, its separator and its headings are found out."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.features.roster.rules.plain import plain
from app.kit.refusals import Refusal
from app.kit.words import say

HEADINGS = {
    "address": "房号 门牌 门牌号 房间号 地址 住址 房屋 房屋地址 住户 "
    "address unit home flat house household apartment door",
    "building": "楼栋 楼号 栋 栋号 幢 幢号 楼 building block",
    "entrance": "单元 单元号 entrance stair",
    "room": "室 室号 房间 room roomnumber",
    "name": "姓名 名字 业主 业主姓名 住户姓名 居民 居民姓名 name fullname resident neighbour neighbor",
    "first": "名 firstname givenname forename",
    "last": "姓 lastname surname familyname",
    "phone": "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 phone phonenumber mobile mobilenumber mobilephone "
    "telephone tel cell contact",
    "skills": "特长 技能 专长 爱好 能帮忙 skills skill talents canhelpwith",
    "needs": "备注 说明 需求 特殊需求 特殊情况 remarks remark needs need notes note specialneeds comments",
}
FIELDS = {heading: field for field, headings in HEADINGS.items() for heading in headings.split()}
LOOK_FOR_HEADINGS_IN = 10


class UnreadableSheet(Refusal):
    """The file as a whole cannot be read; the sentence says what to save it as."""


@dataclass(frozen=True)
class Line:
    """`number` is the row as a spreadsheet counts it, headings included."""

    number: int
    cells: dict[str, str]


def lines(content: bytes) -> Iterator[Line]:
    """Below the headings, which may stand under a title of a few rows. Raises UnreadableSheet."""
    text = decoded(content)
    separator, at, fields = _headings(text)
    reader = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1)
    try:
        for number, row in reader:
            if number > at:
                yield Line(number, {f: row[i] for i, f in fields.items() if i < len(row)})
    except csv.Error:
        raise UnreadableSheet(say("The file breaks off inside a quoted cell. Save it again as CSV.")) from None


def decoded(content: bytes) -> str:
    """UTF-8, UTF-16 and GB18030; the byte order mark decides where there is one."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in content[:1000]:
        little = content[1:1000:2].count(0) > content[0:1000:2].count(0)
        encodings = ["utf-16-le" if little else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableSheet(say("The file is in no encoding we know. Save it as CSV UTF-8."))


def _headings(text: str) -> tuple[str, int, dict[int, str]]:
    """(separator, row of the headings, column → field): the reading that understands most headings."""
    best: tuple[str, int, dict[int, str]] = (",", 0, {})
    for separator in ",\t;|":
        head = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=separator)
        for number, row in zip(range(1, LOOK_FOR_HEADINGS_IN + 1), _readable(head), strict=False):
            fields = _fields(row)
            if len(fields) > len(best[2]):
                best = (separator, number, fields)
    found = set(best[2].values())
    if not found & {"name", "first", "last"} or not found & {"address", "room"}:
        raise UnreadableSheet(
            say("The file needs a row of headings with at least an address (房号) and a name (姓名).")
        )
    return best


def _readable(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Read with the wrong separator, a file may not parse at all: then that separator is not it."""
    try:
        yield from rows
    except csv.Error:
        return


def _fields(row: list[str]) -> dict[int, str]:
    """The first column that bears a heading keeps it."""
    fields: dict[int, str] = {}
    for column, cell in enumerate(row):
        heading = re.sub(r"\(.*?\)|[\s*:：_.-]", "", plain(cell).casefold())
        field = FIELDS.get(heading)
        if field and field not in fields.values():
            fields[column] = field
    return fields
