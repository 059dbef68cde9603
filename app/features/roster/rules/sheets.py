"""A spreadsheet's bytes become rows of named cells: its kind, encoding, separator and headings are found out.

What we guess wrong can be said instead, in a `Reading`.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from msgspec import Struct

from app.features.roster.rules.headings import are_enough, fields_of
from app.kit.refusals import Refusal
from app.kit.words import say
from app.kit.workbooks import Unreadable, as_csv, is_workbook

LOOK_FOR_HEADINGS_IN = 10
HEAD = 20_000  # letters in which headings are looked for
ENCODINGS = {
    "utf-8-sig": "UTF-8", "gb18030": "GB18030 (GBK)", "big5hkscs": "Big5", "utf-16": "UTF-16", "cp1252": "Windows-1252",
}  # fmt: skip
SEPARATORS = {",": say("comma"), "\t": say("tab"), ";": say("semicolon"), "|": say("bar")}
# Files that somebody renamed, by how they begin in small letters.
NO_LISTS = (b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"rar!", b"7z\xbc\xaf", b"{\\rtf", b"<html", b"<!doctype")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")

UnreadableSheet = Unreadable
Known = Callable[[list[str]], tuple[str, ...]]  # the field in each column of a row of headings


class Reading(Struct, frozen=True):
    """How a file is read. Empty: find it out. `headings` is the row they stand in, `columns` the field in each."""

    encoding: str = ""
    separator: str = ""
    headings: int = 0
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """`number` is the row as a spreadsheet counts it, headings included."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A file that could be opened, and how it is read."""

    text: str
    reading: Reading

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(number, cells). Raises UnreadableSheet where it breaks off."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.reading.separator)
        try:
            yield from enumerate(reader, 1)
        except csv.Error:
            raise UnreadableSheet(say("The file breaks off inside a quoted cell. Save it again as CSV.")) from None

    def first(self, number: int) -> list[list[str]]:
        """For people to see whether it was read well."""
        try:
            return [cells for _, cells in islice(self.rows(), number)]
        except Refusal:
            return []


def lines(content: bytes, reading: Reading | None = None) -> Iterator[Line]:
    """Below the headings, which may stand under a title of a few rows. Raises UnreadableSheet."""
    sheet = opened(content, reading)
    known = sheet.reading
    if not are_enough(known.columns):
        raise UnreadableSheet(
            say("The file needs a row of headings with at least an address (房号) and a name (姓名).")
        )
    fields = [(place, field) for place, field in enumerate(known.columns) if field]
    for number, row in sheet.rows():
        if number > known.headings:
            yield Line(number, {field: row[place] for place, field in fields if place < len(row)})


def opened(content: bytes, reading: Reading | None = None, known: Known = fields_of) -> Sheet:
    """Whatever the file is called; `known` knows the headings. Raises UnreadableSheet for what is no list at all."""
    said = reading or Reading()
    if not content.strip():
        raise UnreadableSheet(say("The file is empty."))
    if content[:20].lstrip().lower().startswith(NO_LISTS):
        raise UnreadableSheet(say("That is no list. Save it as CSV or as a spreadsheet."))
    if is_workbook(content):
        text, encoding = as_csv(content).decode(), ""
        said = Reading("", ",", said.headings, said.columns)
    else:
        text, encoding = decoded(content, said.encoding)
    if len(CONTROL.findall(text[:HEAD])) > len(text[:HEAD]) // 100:
        raise UnreadableSheet(say("That is no list. Save it as CSV or as a spreadsheet."))
    separator, headings, columns = _headings(text, said.separator, known)
    return Sheet(text, Reading(encoding, separator, said.headings or headings, said.columns or columns))


def decoded(content: bytes, encoding: str = "") -> tuple[str, str]:
    """(text, encoding): UTF-8, UTF-16 and GB18030 are found out; a byte order mark decides where there is one."""
    for each in [encoding] if encoding in ENCODINGS else _likely(content):
        try:
            return content.decode(each), each.removesuffix("-le").removesuffix("-be")
        except UnicodeDecodeError:
            continue
    raise UnreadableSheet(say("The file is in no encoding we know. Save it as CSV UTF-8."))


def _likely(content: bytes) -> list[str]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    if b"\0" in content[:1000]:
        little = content[1:1000:2].count(0) > content[0:1000:2].count(0)
        return ["utf-16-le" if little else "utf-16-be"]
    return ["utf-8-sig", "gb18030"]


def _headings(text: str, said: str, known: Known) -> tuple[str, int, tuple[str, ...]]:
    """(separator, row of the headings, the field in each column): the reading that understands most headings."""
    best: tuple[str, int, tuple[str, ...]] = (said or ",", 0, ())
    for separator in said or SEPARATORS:
        head = csv.reader(io.StringIO(text[:HEAD], newline=""), delimiter=separator)
        for number, row in zip(range(1, LOOK_FOR_HEADINGS_IN + 1), _readable(head), strict=False):
            fields = known(row)
            if sum(map(bool, fields)) > sum(map(bool, best[2])):
                best = (separator, number, fields)
    return best


def _readable(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Read with the wrong separator, a file may not parse at all: then that separator is not it."""
    try:
        yield from rows
    except csv.Error:
        return
