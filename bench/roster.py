"""A list of 100,000 residents comes in by the job that the worker runs: seconds and peak memory, from CSV and .xlsx, on
each engine. ROWS makes it shorter.
"""

import asyncio
import csv
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests import postgres

ROWS = int(os.environ.get("ROWS", "100000"))
GOAL_SECONDS, GOAL_MB = 60, 500
KB = 1024


def main() -> int:
    wrong = False
    print(f"{ROWS} rows  {'engine':>10} {'decided s':>10} {'in s':>8} {'worker MB':>10} {'spreadsheet MB':>15}")
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files().items():
            path = Path(folder) / name
            path.write_bytes(content)
            for engine in ("sqlite", "postgres"):
                said = in_a_fresh_process(path, engine)
                print(
                    f"{name:<11} {engine:>9} {said['decided']:10.1f} {said['brought']:8.1f} {said['mb']:10.0f} "
                    f"{said['box']:15.0f}"
                )
                wrong = wrong or said["brought"] > GOAL_SECONDS or said["mb"] > GOAL_MB or said["made"] != ROWS
    return int(wrong)


def files() -> dict[str, bytes]:
    from openpyxl import Workbook

    rows = [["房号", "姓名", "手机", "特长", "备注"], *(a_row(number) for number in range(ROWS))]
    text, book, sheet = io.StringIO(), Workbook(write_only=True), io.BytesIO()
    csv.writer(text).writerows(rows)
    page = book.create_sheet("名册")
    for row in rows:
        page.append(row)
    book.save(sheet)
    return {"list.csv": text.getvalue().encode("gb18030"), "list.xlsx": sheet.getvalue()}


def a_row(number: int) -> list[str]:
    """Households of three, a skill for every third, a need for every tenth."""
    home, family = divmod(number, 3)
    door = f"{home // 400 + 1}-{home // 100 % 4 + 1}-{home % 100 // 4 + 1}0{home % 4 + 1}"
    name = "王李张刘陈"[number % 5] + chr(0x4E00 + number % 5000) + chr(0x4E00 + number // 5000)
    phone = f"1540{number:07}" if family < 2 else ""
    return [door, name, phone, "木工 电工" if family == 0 else "", "独居老人" if number % 10 == 0 else ""]


def in_a_fresh_process(path: Path, engine: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as data:
        url = f"sqlite:///{data}/kith.db" if engine == "sqlite" else postgres.a_database("bench_roster")
        env = os.environ | {"KITH_DATA": data, "KITH_DATABASE_URL": url}
        command = [sys.executable, "-m", "bench.roster", str(path)]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=600)
    return dict(json.loads(done.stdout.splitlines()[-1]))


async def bring(path: Path) -> dict[str, float]:
    """What the worker does, and what it takes."""
    from app.db import close_database, open_database
    from app.features.roster import rules
    from app.features.roster.rules import bringing
    from app.kit.clock import now
    from app.migrating import migrate
    from tests.makers import an_administrator

    await migrate()
    await open_database()
    lin = await an_administrator()
    content = await asyncio.to_thread(path.read_bytes)
    made = await rules.upload(content, name=path.name, basis="bench", whole=True, by=lin.id, now=now())
    await rules.read(made, rules.reading_of(await rules.one_upload(made)), by=lin.id, now=now())
    began = time.perf_counter()
    await bringing.decide(made, now=now())
    decided = time.perf_counter()
    await rules.bring(made, [], by=lin.id, now=now())
    await bringing.bring(made, now=now())
    brought = time.perf_counter()
    counts = json.loads((await rules.one_upload(made)).counts)
    await close_database()
    peak, box = (resource.getrusage(who).ru_maxrss / KB for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"decided": decided - began, "brought": brought - decided, "mb": peak, "box": box, "made": counts["made"]}


if __name__ == "__main__":
    if len(sys.argv) == 2:
        print(json.dumps(asyncio.run(bring(Path(sys.argv[1])))))
    else:
        sys.exit(main())
