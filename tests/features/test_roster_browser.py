"""A list comes in through the browser: looked at, read, decided, brought in. What is no list is told in a sentence."""

import io
import json
import os
import re
import shutil
import zipfile
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import house
from app.config import settings as known
from app.features.people.tables import Person
from app.features.roster import rules
from app.features.roster.rules import bringing, import_residents
from app.features.roster.rules.report import Report
from app.features.roster.tables import RosterImport, Stage, Upload
from app.kit import clock, later
from app.kit.refusals import Refusal, Taken
from tests.makers import a_community, a_person, an_administrator
from tests.rosters import HEADINGS, as_csv, as_xlsx, rows_of, the_roster

BASIS = "Register of the committee"
SMALL = as_csv(
    [HEADINGS, ["3-2-501", "王芳", "13800138000", "木工", ""], ["3-2", "谁", "", "", ""], ["=1+1", "@sum", "", "", ""]]
)


@pytest.fixture(autouse=True)
def folder():
    """Where lists lie while they are on their way in: empty."""
    shutil.rmtree(known().data / "rosters", ignore_errors=True)
    return known().data / "rosters"


def a_file(content: bytes, name: str = "名册.csv"):
    return {"file": (name, content, "application/octet-stream")}


async def work() -> None:
    """What a worker would do."""
    while await later.run_due(house.JOBS, clock.now() + timedelta(seconds=1)):
        pass


async def sent(browser, content: bytes, name: str = "名册.csv", **said) -> str:
    """The upload's page, read and decided."""
    answer = await browser.post("/admin/roster", data={"basis": BASIS, **said}, files=a_file(content, name))
    path = answer.url.path
    assert re.fullmatch(r"/admin/roster/\d+", path), answer.text
    columns = re.findall(r'<option value="(\w+)" selected>', answer.text)
    await browser.post(f"{path}/reading", data={"column": columns[:5], "headings": "1"})
    await work()
    return path


async def brought(browser, content: bytes, name: str = "名册.csv") -> dict[str, int]:
    path = await sent(browser, content, name)
    assert "Nothing has been written yet." in (await browser.get(path)).text
    assert not await RosterImport.exists()
    await browser.post(f"{path}/import")
    await work()
    assert "It is in" in (await browser.get(path)).text
    row = await Upload.objects().order_by(Upload.id, ascending=False).first()
    return json.loads(row.counts)


@pytest.mark.parametrize("name", ["名册.csv", "名册.xlsx"])
async def test_the_estates_roster_through_the_browser_gives_what_the_command_line_gives(sign_in, name):
    content = the_roster()
    if name.endswith("xlsx"):
        content = as_xlsx(rows_of(content))
    browser = await sign_in(await an_administrator())

    counts = await brought(browser, content, name)

    assert counts == {
        "rows": 1368, "made": 1350, "merged": 13, "unchanged": 0, "refused": 0, "blank": 5, "phone_notes": 12
    }  # fmt: skip
    assert await Person.count() == 1350 + 1
    assert list((known().data / "rosters").glob("*")) == []


async def test_phones_that_were_typed_as_numbers_are_phones(sign_in):
    rows = [HEADINGS, ["3-2-501", "王芳", "13800138000", "", ""]]
    await brought(await sign_in(await an_administrator()), as_xlsx(rows, numbers=True), "a.xlsx")
    assert (await Person.objects().where(Person.name == "王芳").first()).phone == "+8613800138000"


async def test_the_report_says_row_by_row_why_and_refused_rows_can_be_mended_without_a_formula_in_them(sign_in):
    browser = await sign_in(await an_administrator())
    path = await sent(browser, SMALL)

    page = (await browser.get(path)).text
    assert "3-2-501 王芳" in page and "is no address that we can read." in page
    assert "王芳" not in (await browser.get(f"{path}?what=refused")).text
    lines = (await browser.get(f"{path}/refused.csv")).content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("1,Why it was refused,房号,姓名") and "谁" in lines[1]
    assert "'=1+1,'@sum" in lines[2]


async def test_a_heading_that_nobody_knows_is_mapped_by_hand_and_a_mistake_keeps_what_was_chosen(sign_in):
    browser = await sign_in(await an_administrator())
    content = as_csv([["где", "кто"], ["3-2-501", "Ana"]], "utf-8")
    answer = await browser.post("/admin/roster", data={"basis": BASIS}, files=a_file(content))
    path = answer.url.path

    refused = await browser.post(f"{path}/reading", data={"column": ["-", "name"], "headings": "1"})
    assert refused.status_code == 422 and "Say which column is the address" in refused.text
    assert '<option value="name" selected>' in refused.text
    await browser.post(f"{path}/reading", data={"column": ["address", "name"], "headings": "1"})
    await work()
    assert "3-2-501 Ana" in (await browser.get(path)).text


async def test_another_encoding_is_looked_at_before_anything_is_read(sign_in):
    browser = await sign_in(await an_administrator())
    content = as_csv([["門牌", "姓名"], ["3-2-501", "陳大文"]], "big5")
    path = (await browser.post("/admin/roster", data={"basis": BASIS}, files=a_file(content))).url.path
    page = await browser.post(f"{path}/reading", data={"encoding": "big5hkscs", "separator": ",", "again": "1"})
    assert "陳大文" in page.text


def a_bomb(lying: bool = False) -> bytes:
    """A spreadsheet whose one sheet unpacks to 250 MB; `lying` says in the header that it is small."""
    whole, out = as_xlsx([HEADINGS]), io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bomb,
    ):
        for name in source.namelist():
            with bomb.open(name, "w") as file:
                before, end, after = source.read(name).partition(b"</sheetData>")
                file.write(before)
                for _ in range(250 if end else 0):
                    file.write((b'<row><c t="inlineStr"><is><t>' + b"a" * 1000 + b"</t></is></c></row>") * 1000)
                file.write(end + after)
    content = bytearray(out.getvalue())
    if lying:
        at = content.rindex(b"xl/worksheets/sheet1.xml") - 46 + 24
        content[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(content)


def far_corners() -> bytes:
    """Two cells, as far from each other as a sheet goes."""
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    book.active["A1"], book.active["XFD1048576"] = "房号", "x"
    book.save(out)
    return out.getvalue()


NO_LIST = "That is no list. Save it as CSV or as a spreadsheet."
HOSTILE = {
    "a bomb": (a_bomb, "unpacks to more than any list"),
    "a bomb that lies about its size": (lambda: a_bomb(lying=True), "."),
    "two cells in far corners": (far_corners, "unpacks to more than any list"),
    "a PDF named .csv": (lambda: b"%PDF-1.7\n" + os.urandom(3000), NO_LIST),
    "a web page named .xls": (lambda: b"<html><table><tr><td>x</table>", NO_LIST),
    "nothing": (lambda: b"", "The file is empty."),
    "blanks": (lambda: b" \n\n ", "The file is empty."),
    "half a zip": (lambda: as_xlsx([HEADINGS] * 500)[:2000], "damaged"),
    "an old workbook of noughts": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, "damaged"),
    "noise": (lambda: bytes(range(256)) * 300, "."),
    "noughts": (lambda: b"\0" * 100_000, NO_LIST),
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_is_no_list_gets_a_sentence_and_leaves_nothing_behind(sign_in, what):
    make, sentence = HOSTILE[what]
    browser = await sign_in(await an_administrator())

    answer = await browser.post("/admin/roster", data={"basis": BASIS}, files=a_file(make(), "list.csv"))

    assert answer.status_code == 422 and sentence in answer.text and BASIS in answer.text
    assert not await Upload.exists() and not list((known().data / "rosters").glob("*"))
    assert (await browser.get("/admin/roster")).status_code == 200


@pytest.mark.parametrize("what", ["mixed encodings", "NUL bytes within", "16,384 columns", "formulas", "one long line"])
async def test_a_strange_list_is_read_as_far_as_it_goes_and_never_breaks_the_house(sign_in, what):
    content = {
        "mixed encodings": SMALL + "3-2-502,李强,,,\n".encode() + "ü".encode("latin-1"),
        "NUL bytes within": as_csv([HEADINGS, ["3-2-501", "王\0芳", "", "", ""]]),
        "16,384 columns": as_csv([HEADINGS + [str(n) for n in range(16_379)], ["3-2-501", "王芳"]]),
        "formulas": as_csv([HEADINGS, ["=HYPERLINK(1)", "@cmd", "+1", "-2", "\t="]]),
        "one long line": b"a" * 5_000_000,
    }[what]
    browser = await sign_in(await an_administrator())
    answer = await browser.post("/admin/roster", data={"basis": BASIS}, files=a_file(content))
    assert answer.status_code in (200, 422)
    assert await Person.count() == 1


async def test_a_row_of_headings_at_the_end_of_the_world_is_taken_as_far_down(sign_in):
    browser = await sign_in(await an_administrator())
    path = (await browser.post("/admin/roster", data={"basis": BASIS}, files=a_file(SMALL))).url.path
    await browser.post(f"{path}/reading", data={"column": ["address", "name"], "headings": str(2**63 - 1)})
    await work()
    await browser.post(f"{path}/mapping")
    assert (await browser.get(path)).status_code == 200
    assert not await Person.exists().where(Person.name == "王芳")


async def test_what_is_larger_than_ten_megabytes_is_refused_at_the_door(sign_in):
    browser = await sign_in(await an_administrator())
    answer = await browser.post("/admin/roster", data={"basis": BASIS}, files=a_file(b"a," * 6_000_000))
    assert answer.status_code == 413 and "too large" in answer.text


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda tail: "房号,姓名\n".encode("gb18030") + tail))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_the_bytes_are_there_is_a_report_or_a_refusal(content):
    told = None
    with suppress(Refusal):
        told = await import_residents(content, basis=BASIS, by=None, now=clock.now(), dry_run=True)
    assert told is None or isinstance(told, Report)


async def an_upload(by: int) -> int:
    await a_community()
    made = await rules.upload(SMALL, name="x.csv", basis=BASIS, whole=False, by=by, now=clock.now())
    row = await rules.one_upload(made)
    await rules.read(made, rules.reading_of(row), by=by, now=clock.now())
    return made


async def test_of_two_who_press_one_brings_it_in_and_a_worker_that_comes_twice_does_it_once():
    lin = await a_person()
    made = await an_upload(lin.id)
    await work()
    await rules.bring(made, [], by=lin.id, now=clock.now())
    with pytest.raises(Taken):
        await rules.bring(made, [], by=lin.id, now=clock.now())

    await bringing.bring(made, now=clock.now())
    await bringing.bring(made, now=clock.now())

    assert await RosterImport.count() == 1 and (await rules.one_upload(made)).stage == Stage.done


async def test_a_worker_that_dies_in_the_middle_has_done_nothing_and_the_next_one_does_all(monkeypatch):
    lin = await a_person()
    made = await an_upload(lin.id)
    await work()
    await rules.bring(made, [], by=lin.id, now=clock.now())

    async def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bringing, "_advance", dies)
        with pytest.raises(KeyboardInterrupt):
            await bringing.bring(made, now=clock.now())
    assert await Person.count() == 1 and not await RosterImport.exists()

    await work()
    assert await Person.count() == 2 and (await rules.one_upload(made)).stage == Stage.done


async def test_a_cancelled_list_is_deleted_and_one_that_nobody_decides_goes_after_a_day(folder):
    lin = await a_person()
    first, second = await an_upload(lin.id), await an_upload(lin.id)
    await rules.cancel(first, by=lin.id, now=clock.now())
    await work()
    token = (await rules.one_upload(second)).token
    assert {path.name.partition(".")[0] for path in folder.glob("*")} == {token}

    for path in folder.glob("*"):
        os.utime(path, (0, 0))
    await rules.purge_uploads(clock.now() + timedelta(hours=25))
    assert list(folder.glob("*")) == [] and (await rules.one_upload(second)).stage == Stage.cancelled


async def test_a_list_that_waits_is_on_the_administrators_home(sign_in):
    lin = await an_administrator()
    await an_upload(lin.id)
    await work()
    assert "It has been read and waits for your yes" in (await (await sign_in(lin)).get("/")).text
