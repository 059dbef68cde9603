import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from app import build_static
from app.kit.languages import NAMES
from app.kit.static_files import NotBuilt, Shelf, shell_handlers
from app.kit.templates import template_config


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    build_static.build()
    return Shelf()


@pytest.fixture
def ask(shelf: Shelf):
    looks = template_config((), asset=shelf.url)
    with TestClient(Litestar(shell_handlers(shelf), template_config=looks)) as client:
        client.headers["accept-encoding"] = "identity"
        yield client.request


def test_a_file_comes_in_the_smallest_coding_the_browser_takes(ask, shelf):
    url = shelf.url("css/kith.css")

    plain = ask("GET", url)
    small = ask("GET", url, headers={"Accept-Encoding": "gzip, deflate, br"})
    older = ask("GET", url, headers={"Accept-Encoding": "gzip"})
    wary = ask("GET", url, headers={"Accept-Encoding": "br;q=0, gzip;q=0.5"})

    assert "Content-Encoding" not in plain.headers
    assert (small.headers["Content-Encoding"], older.headers["Content-Encoding"]) == ("br", "gzip")
    assert wary.headers["Content-Encoding"] == "gzip"
    assert small.text == older.text == plain.text
    assert int(small.headers["Content-Length"]) < int(older.headers["Content-Length"]) < len(plain.content)
    assert small.headers["Vary"] == "Accept-Encoding"
    assert small.headers["ETag"] != older.headers["ETag"]
    assert small.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert small.headers["Content-Type"] == "text/css; charset=utf-8"


def test_a_browser_that_has_the_file_is_told_so(ask, shelf):
    url = shelf.url("js/htmx.js")
    tag = ask("GET", url).headers["ETag"]

    again = ask("GET", url, headers={"If-None-Match": f'"another", W/{tag}'})
    changed = ask("GET", url, headers={"If-None-Match": '"another"'})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_head_says_what_get_would_and_nothing_else_is_answered(ask, shelf):
    url = shelf.url("icons.svg")

    head, get = ask("HEAD", url), ask("GET", url)

    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(get.content))
    assert ask("POST", url).status_code == 405
    assert ask("GET", "/static/css/kith.css").status_code == 404
    assert ask("GET", "/static/../pyproject.toml").status_code == 404
    assert ask("GET", "/static/%2e%2e/manifest.json").status_code == 404


def test_the_worker_is_stamped_with_files_that_are_there(ask, shelf):
    answer = ask("GET", "/sw.js")

    shell = json.loads(answer.text.split("const SHELL = ", 1)[1].split(";\n", 1)[0])
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert 'const STAMP = "";' not in answer.text
    assert shelf.url("css/kith.css") in shell
    assert {f"/offline?lang={tag}" for tag in NAMES} <= set(shell)
    assert all(ask("GET", path).status_code == 200 for path in shell)


def test_another_style_sheet_makes_another_worker(ask, shelf, monkeypatch):
    before = ask("GET", "/sw.js").text
    monkeypatch.setitem(shelf.files, "css/kith.css", "css/kith.fresh.css")

    after = ask("GET", "/sw.js").text

    assert _stamp(before) != _stamp(after)


def _stamp(script: str) -> str:
    return script.split('const STAMP = "', 1)[1].split('"', 1)[0]


def test_the_manifest_speaks_the_readers_language_and_its_pictures_are_as_large_as_it_says(ask):
    chinese = ask("GET", "/manifest.webmanifest", params={"lang": "zh-Hans"})
    english = ask("GET", "/manifest.webmanifest", params={"lang": "en"}).json()

    assert chinese.headers["Content-Type"] == "application/manifest+json"
    assert (chinese.json()["lang"], english["lang"]) == ("zh-Hans", "en")
    assert {"any", "maskable", "monochrome"} == {each["purpose"] for each in english["icons"]}
    for each in english["icons"]:
        content = ask("GET", each["src"]).content
        if each["type"] == "image/png":
            size = int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
            assert each["sizes"] == "{}x{}".format(*size)


def test_the_offline_page_is_nobodys_and_each_language_has_its_own(ask):
    pages = {tag: ask("GET", "/offline", params={"lang": tag}).text for tag in NAMES}

    for tag, page in pages.items():
        assert f'<html lang="{tag}"' in page
        assert 'data-viewer=""' in page


def test_building_again_changes_nothing_and_two_at_once_agree(tmp_path: Path):
    with ThreadPoolExecutor(4) as builders:
        answers = list(builders.map(build_static.build, [tmp_path / "static"] * 4))
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "static").rglob("*")}

    again = build_static.build(tmp_path / "static")

    assert all(answer == again for answer in answers)
    assert times == {path: path.stat().st_mtime_ns for path in (tmp_path / "static").rglob("*")}


def test_what_is_no_longer_wanted_is_swept_and_what_is_missing_is_made(tmp_path: Path):
    built = tmp_path / "static"
    files = build_static.build(built)
    (built / files["css/kith.css"]).unlink()
    (built / "css" / "kith.0123456789ab.css").write_text("yesterday")

    build_static.build(built)

    assert not (built / "css" / "kith.0123456789ab.css").exists()
    sheet = (built / files["css/kith.css"]).read_bytes()
    assert brotli.decompress((built / f"{files['css/kith.css']}.br").read_bytes()) == sheet
    assert gzip.decompress((built / f"{files['css/kith.css']}.gz").read_bytes()) == sheet


def test_without_a_build_the_operator_hears_the_command(tmp_path: Path):
    with pytest.raises(NotBuilt, match=r"python -m app\.build_static"):
        Shelf(tmp_path)
