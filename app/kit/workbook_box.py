"""Runs by itself (app/kit/workbooks.py starts it): a spreadsheet on standard input, its longest sheet as CSV on output.

It imports nothing of ours and may use 512 MB and 45 seconds of a processor; a parser that wants more is ended by the
system. Exit 3: damaged, 4: locked, 5: empty.
"""

import csv
import io
import os
import resource
import sys
from datetime import date, datetime

MEMORY, SECONDS, OUTPUT = 512 * 1024 * 1024, 45, 80 * 1024 * 1024
DAMAGED, LOCKED, EMPTY = 3, 4, 5


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what a parser says of somebody's cells is for nobody
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        book = load_workbook(io.BytesIO(sys.stdin.buffer.read()))
        sheets = [book.get_sheet_by_index(place) for place in range(min(len(book.sheet_names), 20))]
        rows = max((sheet.to_python(skip_empty_area=False) for sheet in sheets), key=len, default=[])
    except PasswordError:
        return LOCKED
    except (CalamineError, OSError, ValueError):
        return DAMAGED
    if not rows:
        return EMPTY
    out = csv.writer(sys.stdout, lineterminator="\n")
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="")  # type: ignore[union-attr]
    left = OUTPUT
    for row in rows:
        cells = [as_people_read_it(cell) for cell in row]
        left -= sum(map(len, cells)) + len(cells)
        if left < 0:
            return 1
        out.writerow(cells)
    return 0


def as_people_read_it(cell: object) -> str:
    """A phone that was typed as a number is its digits, not 1.38E+10 nor 13800138000.0; a day is a day."""
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


if __name__ == "__main__":
    sys.exit(main())
