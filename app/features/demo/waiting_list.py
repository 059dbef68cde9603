"""A list that the committee has sent and not yet decided about: what an administrator finds on the desk."""

import csv
import io
from datetime import datetime

from app.features.demo.places import Place
from app.features.roster import rules as roster
from app.features.roster.rules.bringing import decide

NEWCOMERS = {
    "estate": ("新住户.csv", [["8-2-601", "梁晓雯", "15409990001"], ["8-2-601", "梁一凡", ""], ["3-2", "缺门号", ""]]),
    "village": ("newcomers.csv", [["2 Alder Road", "Nell Ashby", "07700 900999"], ["Alder", "No Number", ""]]),
}


async def send_a_list(place: Place, *, by: int, now: datetime) -> None:
    """Read and decided, as the worker would; it waits for a yes, for a day."""
    name, rows = NEWCOMERS["estate" if place.region == "CN" else "village"]
    out = io.StringIO()
    csv.writer(out).writerows([["房号", "姓名", "手机"] if place.region == "CN" else ["Home", "Name", "Mobile"], *rows])
    made = await roster.upload(
        out.getvalue().encode("utf-8-sig"), name=name, basis=place.basis, whole=False, by=by, now=now
    )
    row = await roster.one_upload(made)
    await roster.read(made, roster.reading_of(row), by=by, now=now)
    await decide(made, now=now)
