"""Spreadsheets (.xlsx, .xls, .ods) become CSV in a box: a process of its own with little memory and little time.

Whatever a stranger packed into the file (a bomb, a cell in row one million, a trap for the parser) meets the walls of
the box, and not us.
"""

import subprocess
import sys

from app.config import ROOT
from app.kit.refusals import Refusal
from app.kit.words import Sentence, say

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECONDS = 60
MOST_CSV = 64 * 1024 * 1024
BOX = ROOT / "app" / "kit" / "workbook_box.py"

TOO_MUCH = say("This spreadsheet unpacks to more than any list we take. Save the one sheet as CSV.")
WHY: dict[int, Sentence] = {
    3: say("This spreadsheet is damaged. Open it, save it again, and send that."),
    4: say("This spreadsheet is locked with a password. Save it without one."),
    5: say("There is no sheet with anything in it."),
}


class Unreadable(Refusal):
    """The file as a whole cannot be read; the sentence says what to do about it."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence, beside="file")


def is_workbook(content: bytes) -> bool:
    return content.startswith((ZIP, OLE))


def as_csv(content: bytes) -> bytes:
    """The longest of its sheets as CSV in UTF-8, rows where they stand. Raises Unreadable; takes seconds at worst."""
    try:
        done = subprocess.run(  # noqa: S603 (our own program; what is untrusted is its input)
            [sys.executable, "-I", str(BOX)], input=content, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(TOO_MUCH) from None
    if done.returncode or len(done.stdout) > MOST_CSV:
        raise Unreadable(WHY.get(done.returncode, TOO_MUCH))
    return done.stdout
