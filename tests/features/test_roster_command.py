"""`kith import residents`, as an operator runs it."""

import json
import tracemalloc

from app.features.roster import command
from app.features.roster.tables import RosterImport
from tests.makers import a_community

LIST = (
    "房号,姓名,手机,特长\n3栋2单元501室,王芳,13800138000,木工 电工\n3-2-502,李强,1.38300E+10,\n,,,\n3-2,谁,,\n".encode(
        "gb18030"
    )
)


def a_file(tmp_path, content: bytes = LIST):
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    return file


async def test_a_dry_run_says_row_by_row_what_would_happen_and_why(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    await a_community()

    assert await command.run(a_file(tmp_path), "The estate's register", dry_run=True) == 0

    assert capsys.readouterr().out.splitlines() == [
        "2  new  3-2-501 王芳  +8613800138000  木工, 电工",
        "3  new  3-2-502 李强  “1.38300E+10” cannot be right as a phone: kept as a note.",
        "4  blank",
        "5  refused  “3-2” is no address that we can read.",
        "4 rows: 2 new, 0 merged, 0 unchanged, 1 refused, 1 blank.",
        "1 phone cannot be right and is kept as a note.",
        "Nothing was written: this was a dry run.",
    ]


async def test_the_real_run_names_only_the_rows_that_need_an_eye(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    await a_community()

    assert await command.run(a_file(tmp_path), "小区名册") == 0

    out = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in out[:2]] == ["3", "5"]
    assert len(out) == 4
    assert "4 行" in out[2]


async def test_for_programs_there_is_one_json_object(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    await a_community()

    assert await command.run(a_file(tmp_path), "The estate's register", as_json=True) == 0

    said = json.loads(capsys.readouterr().out)
    assert said == {
        "rows": 4, "made": 2, "merged": 0, "unchanged": 0, "refused": 1, "blank": 1, "phone_notes": 1,
        "refusals": [{"row": 5, "reason": "“3-2” is no address that we can read."}],
    }  # fmt: skip


async def test_a_file_that_cannot_be_read_is_refused_with_a_reason(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    await a_community()

    assert await command.run(tmp_path / "nowhere.csv", "register") == 1
    assert await command.run(a_file(tmp_path, b"hello\n"), "register") == 1
    assert await command.run(a_file(tmp_path), "  ") == 1

    said = capsys.readouterr()
    assert said.out == ""
    missing, no_list, no_basis = said.err.splitlines()
    assert missing.endswith("nowhere.csv: No such file or directory")
    assert "headings" in no_list
    assert "legal basis" in no_basis


async def test_a_gigabyte_of_one_line_is_refused_before_it_is_read(tmp_path, capsys):
    await a_community()
    file = a_file(tmp_path, b"")
    with file.open("wb") as there:
        there.truncate(1_000_000_000)  # takes no room on the disk
    tracemalloc.start()
    code = await command.run(file, "The estate's register")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert code == 1 and most < 10_000_000
    assert "is larger than any list we take." in capsys.readouterr().err
    assert not await RosterImport.exists()
