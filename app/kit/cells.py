"""Tables that people open in a spreadsheet: there no cell of ours is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

# Spreadsheets of Chinese and Japanese take the wide ones for formulas too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """A byte order mark tells spreadsheets that it is UTF-8."""
    out = io.StringIO()
    csv.writer(out).writerows([guarded(str(cell)) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def unguarded(cell: str) -> str:
    """As it was before we, or whoever sends it, guarded it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
