"""A list of our things comes in and goes out: looked over first, never twice, what is wrong in a sentence."""

import asyncio
import csv
import html
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.notices.tables import Notice
from app.features.people.tables import Kind as RoleKind
from app.features.sharing import command
from app.features.sharing.rules.list_bringing import bring_items
from app.features.sharing.rules.list_rows import MOST_ROWS, rows_of
from app.features.sharing.rules.reporting import reportable
from app.features.sharing.tables import Item, ItemKeeper, ItemStep
from app.kit.refusals import NotYours, Refusal
from app.kit.workbooks import Unreadable
from tests.makers import NOON, a_community, a_login, a_person, an_administrator
from tests.rosters import as_csv, as_xlsx
from tests.sharing import DAY, a_neighbour, an_item

HEADINGS = ["物品名称", "类别", "说明", "状况", "配件", "存放地点", "最长天数", "押金", "应急", "管理员"]
LADDER = ["铝合金梯子", "工具", "三米，两人扶", "完好", "防滑垫；说明书", "三号楼门房", "7天", "押金50元", "否", ""]
GENERATOR = ["发电机", "应急", "", "", "", "", "", "", "是", ""]
SMALL = as_csv([HEADINGS, LADDER, GENERATOR, [""] * 10])


def counts(report) -> dict[str, int]:
    return {name: n for name, n in report.counts.items() if n}


async def brought(content, by=None, **how):
    return counts(await bring_items(content, by=by, now=NOON, **how))


async def test_a_list_as_committees_keep_it_comes_in_with_all_that_it_says():
    lin = await an_administrator()

    assert await brought(SMALL, lin) == {"rows": 3, "made": 2, "blank": 1}

    ladder, generator = await Item.objects().order_by(Item.id)
    assert (ladder.name, ladder.category, ladder.condition, ladder.longest) == ("铝合金梯子", "tools", "good", 7)
    assert (ladder.about, ladder.fetch, ladder.deposit) == ("三米，两人扶", "三号楼门房", "押金50元")
    assert json.loads(ladder.parts) == ["防滑垫", "说明书"] and ladder.lang == "zh-Hans" and not ladder.emergency
    assert generator.emergency and generator.category == "safety" and generator.longest == 14
    assert ladder.person is None and ladder.household is None and ladder.label != generator.label
    assert [row["person"] for row in await ItemKeeper.select()] == [lin.id, lin.id]


async def test_the_same_list_again_changes_nothing_and_a_dry_run_writes_nothing():
    lin = await an_administrator()
    assert await brought(SMALL, lin, dry_run=True) == {"rows": 3, "made": 2, "blank": 1}
    assert not await Item.exists()
    await brought(SMALL, lin)
    steps = await ItemStep.count()

    for content in (SMALL, as_csv([HEADINGS, LADDER, GENERATOR, [""] * 10], "utf-8-sig")):
        assert await brought(content, lin) == {"rows": 3, "unchanged": 2, "blank": 1}

    assert (await Item.count(), await ItemStep.count()) == (2, steps)


async def test_what_the_list_says_otherwise_is_changed_and_an_empty_cell_says_nothing():
    lin = await an_administrator()
    await brought(SMALL, lin)

    again = as_csv([["名称", "押金", "说明"], ["铝合金梯子", "无", ""], ["发电机", "", "汽油"]])
    assert await brought(again, lin) == {"rows": 2, "merged": 2}

    ladder, generator = await Item.objects().order_by(Item.id)
    assert (ladder.deposit, ladder.about, generator.about) == ("无", "三米，两人扶", "汽油")


async def test_six_tables_are_six_rows_and_six_things():
    lin = await an_administrator()
    six = as_csv([["名称"], *[["折叠桌"]] * 6])

    assert await brought(six, lin) == {"rows": 6, "made": 6}
    assert await brought(six, lin) == {"rows": 6, "unchanged": 6}
    assert await brought(as_csv([["名称"], *[["折叠桌"]] * 7]), lin) == {"rows": 7, "made": 1, "unchanged": 6}
    assert await brought(as_csv([["名称"], ["折叠桌（大）"]]), lin) == {"rows": 1, "made": 1}


async def test_a_neighbours_own_thing_of_that_name_stays_as_it_is():
    lin = await an_administrator()
    own = await an_item(name="发电机")
    await brought(SMALL, lin)

    assert await Item.count().where(Item.name == "发电机") == 2
    assert (await Item.objects().get(Item.id == own.id)).emergency is False


async def test_a_list_neither_breaks_nor_mends():
    lin = await an_administrator()
    await brought(as_csv([["名称", "状况"], ["梯子", "坏"], ["手电", "完好"]]), lin)

    assert await brought(as_csv([["名称", "状况"], ["梯子", "完好"], ["手电", "坏"]]), lin) == {
        "rows": 2,
        "unchanged": 2,
    }
    assert [row.condition for row in await Item.objects().order_by(Item.id)] == ["broken", "good"]


async def test_keepers_are_named_by_name_phone_or_e_mail_and_told_once():
    lin, ana = await an_administrator(), await a_neighbour(name="安娜")
    ben, cara = await a_neighbour(name="Ben"), await a_neighbour(name="安娜", of_age_on=NOON.date() + 9 * DAY)
    await a_login(ana), await a_login(ben, "ben@example.org"), await a_login(cara)
    table = [["名称", "管理员"], ["梯子", "安娜"], ["手电", "安娜、ben@example.org"], ["桌子", "BEN@example.org"]]

    assert await brought(as_csv(table), lin) == {"rows": 3, "made": 3}

    kept = {(row["item"], row["person"]) for row in await ItemKeeper.select()}
    first = min(item for item, _ in kept)
    assert kept == {(first, ana.id), (first + 1, ana.id), (first + 1, ben.id), (first + 2, ben.id)}
    assert {row["person"] for row in await Notice.select()} == {ana.id, ben.id}
    assert await Notice.count() == 2
    assert await brought(as_csv(table), lin) == {"rows": 3, "unchanged": 3}


async def test_a_keeper_whom_nobody_knows_or_two_are_called_is_refused_with_a_reason():
    lin = await an_administrator()
    for _ in range(2):
        await a_login(await a_neighbour(name="王芳"))
    await a_neighbour(name="谁")  # does not sign in

    report = await bring_items(as_csv([["名称", "管理员"], ["梯子", "王芳"], ["桌子", "谁"]]), by=lin, now=NOON)

    two, nobody = [str(each.why[0]) for each in report.outcomes]
    assert "More than one neighbour is called 王芳" in two and "No neighbour here is called 谁" in nobody
    assert not await Item.exists()


async def test_only_administrators_learn_whose_a_phone_or_e_mail_is():
    keeper, ben = await a_person(role=RoleKind.space_manager), await a_neighbour()
    await a_login(ben, "ben@example.org")

    assert await brought(as_csv([["名称", "管理员"], ["梯子", "ben@example.org"]]), keeper) == {"rows": 1, "refused": 1}


async def test_what_others_keep_is_changed_by_them_or_by_an_administrator():
    manager, lin = await a_person(role=RoleKind.space_manager), await an_administrator()
    await brought(SMALL, lin)
    change = as_csv([["名称", "押金"], ["铝合金梯子", "无"], ["发电机", ""]])

    assert await brought(change, manager) == {"rows": 2, "refused": 1, "unchanged": 1}
    assert await brought(change, lin) == {"rows": 2, "merged": 1, "unchanged": 1}


async def test_a_resident_brings_in_no_list():
    with pytest.raises(NotYours):
        await bring_items(SMALL, by=await a_neighbour(), now=NOON)


async def test_two_who_bring_the_same_list_at_once_bring_it_once():
    officers = [await an_administrator() for _ in range(5)]

    reports = await asyncio.gather(*[brought(SMALL, each) for each in officers])

    assert await Item.count() == 2
    assert sorted(each.get("made", 0) for each in reports) == [0, 0, 0, 0, 2]


@pytest.mark.parametrize(
    ("heading", "cell", "words"),
    [
        ("类别", "宇宙飞船", "“宇宙飞船” is no category. We have: Tools, Garden and balcony"),
        ("状况", "还行吧", "is no condition. We have: Like new, In good order"),
        ("最长天数", "永远", "Longest loan in days: a number from 1 to 90."),
        ("最长天数", "0", "a number from 1 to 90."),
        ("间隔天数", "99", "a number from 0 to 14."),
        ("应急", "也许", "Useful in an emergency: yes or no."),
        ("说明", "很" * 601, "About it: at most 600 characters."),
        ("配件", "；".join(map(str, range(13))), "At most 12 things"),
    ],
)
async def test_a_row_that_is_wrong_says_why_and_the_others_come_in(heading, cell, words):
    lin = await an_administrator()

    report = await bring_items(as_csv([["名称", heading], ["梯子", cell], ["桌子", ""]]), by=lin, now=NOON)

    assert counts(report) == {"rows": 2, "made": 1, "refused": 1}
    [refusal] = report.as_json()["refusals"]
    assert refusal["row"] == 2 and words in refusal["reason"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"hello\nworld\n", "headings"),
        (as_csv([["类别"], ["工具"]]), "at least the name"),
        (b'name,about\nLadder,"never closed' + b"x" * 200_000, "breaks off"),
        (b"\x89PNG\r\n\x1a\n", "no list"),
        (b"%PDF-1.7", "no list"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"name\n\xff\xfe\xff\n", "no encoding"),
        (b"name\n" + b"Ladder\n" * (MOST_ROWS + 1), "too long"),
    ],
)
async def test_a_file_that_is_no_such_list_gets_a_sentence_and_nothing_is_stored(content, words):
    with pytest.raises(Unreadable) as refusal:
        await bring_items(content, by=await an_administrator(), now=NOON)

    assert words in str(refusal.value.sentence) and not await Item.exists()


@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: ("name,about\n" + text).encode("utf-8")))
)
def test_whatever_is_sent_is_read_or_refused(content):
    try:
        rows = list(rows_of(content))
    except Refusal:
        return
    assert all(row.why or row.name or row.is_blank for row in rows)


async def test_a_spreadsheet_is_read_too():
    assert await brought(as_xlsx([HEADINGS, LADDER, GENERATOR]), await an_administrator()) == {"rows": 2, "made": 2}


async def test_on_the_page_a_list_is_looked_over_row_by_row_and_then_comes_in(sign_in):
    browser = await sign_in(await an_administrator())
    table = as_csv([HEADINGS, LADDER, ["飞船", "宇宙", *[""] * 8], ["=1+1", "", *[""] * 8]])

    looked = await browser.post("/share/import/preview", files={"file": ("物品.csv", table, "text/csv")})

    assert looked.status_code == 200 and not await Item.exists()
    assert "2 new, 0 changed, 0 unchanged, 1 refused" in looked.text
    assert "Row 3 · “宇宙” is no category." in looked.text
    typed = re.search(r'name="list" value="([^"]*)"', looked.text)[1]

    done = await browser.post("/share/import", data={"list": html.unescape(typed)})

    assert done.url.path == "/share/labels" and "The list is in: 2 new, 0 changed." in done.text
    assert {row["name"] for row in await Item.select(Item.name)} == {"铝合金梯子", "=1+1"}


async def test_on_the_page_a_file_that_is_no_list_is_refused_beside_its_field(sign_in):
    browser = await sign_in(await an_administrator())
    for files in ({"file": ("a.csv", b"\x89PNG\r\n\x1a\n", "text/csv")}, {"other": ("a.csv", b"x", "text/csv")}):
        answer = await browser.post("/share/import/preview", files=files)
        assert answer.status_code == 422 and 'id="f-file-wrong"' in answer.text
    assert (await browser.post("/share/import", data={"list": ""})).status_code == 422
    assert (await browser.post("/share/import", data={"list": "nonsense"})).status_code == 422


async def test_what_somebody_keeps_goes_out_as_a_list_that_comes_in_unchanged(sign_in):
    lin = await an_administrator(language="zh-Hans")
    await brought(SMALL, lin)
    await brought(as_csv([["名称", "说明"], ["=cmd|' /C calc'!A0", "@sum(1)"], ["＝全角", "-1"]]), lin)
    await an_item(name="a neighbour's")
    browser = await sign_in(lin)

    answer = await browser.get("/share/items.csv")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.headers["content-disposition"] == 'attachment; filename="items.csv"'
    assert len(rows) == 5 and len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "＝"))]
    assert "a neighbour's" not in answer.text
    assert await brought(answer.content, lin) == {"rows": 4, "unchanged": 4}


async def test_the_command_counts_for_programs_and_refuses_in_a_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    await a_community()
    file = tmp_path / "items.csv"
    file.write_bytes(as_csv([["名称", "类别"], ["梯子", "工具"], ["飞船", "宇宙"], ["", ""]]))

    assert await command.run(file, dry_run=True, as_json=True) == 0
    assert not await Item.exists()
    assert await command.run(file, as_json=True) == 0
    assert await command.run(file, dry_run=True) == 0
    assert await command.run(tmp_path / "nowhere.csv") == 1

    said = capsys.readouterr()
    dry, real, *lines = said.out.splitlines()
    assert json.loads(dry) == json.loads(real)
    known = json.loads(real)
    assert {**known, "refusals": len(known["refusals"])} == {
        "rows": 3, "made": 1, "merged": 0, "unchanged": 0, "refused": 1, "blank": 1, "refusals": 1,
    }  # fmt: skip
    assert known["refusals"][0]["row"] == 3 and "no category" in known["refusals"][0]["reason"]
    assert lines[0] == "2  unchanged  梯子" and lines[-1] == "Nothing was written: this was a dry run."
    assert said.err.strip().endswith("nowhere.csv: No such file or directory")


async def test_what_came_in_by_a_list_can_be_reported_like_anything_else(sign_in):
    """Whoever brought it answers for the words; by the command line nobody did: then a keeper, or an administrator."""
    lin, chen, neighbour = await an_administrator(), await a_person(), await a_neighbour()
    await brought(as_csv([HEADINGS, LADDER]), await a_person(role=RoleKind.coordinator))
    await brought(as_csv([HEADINGS, GENERATOR]))
    ladder, generator = await Item.objects().order_by(Item.id)

    assert (await reportable(ladder.id, by=neighbour, now=NOON)).author == ladder.by
    assert (await reportable(generator.id, by=neighbour, now=NOON)).author == lin.id
    await ItemKeeper.insert(ItemKeeper(item=generator.id, person=chen.id))
    assert (await reportable(generator.id, by=neighbour, now=NOON)).author == chen.id
    page = await (await sign_in(neighbour)).get(f"/share/{generator.id}")
    assert f"/reports/new?about=item:{generator.id}" in page.text
