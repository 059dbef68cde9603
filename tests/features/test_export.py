"""Taking one's data along: a ZIP to read and to process, of one's own and nobody else's."""

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from app import house
from app.features.people import rules as people
from app.features.privacy import rules
from app.features.privacy.rules.field_words import FIELDS
from app.features.privacy.rules.words import NOT_FOR_READING, PARTS, TITLES
from app.kit.refusals import TooOften
from app.kit.tables import AuditRow
from tests import canary
from tests.makers import NOON, a_person


async def taken(browser) -> ZipFile:
    answer = await browser.get("/account/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="kith.zip"'
    assert answer.headers["cache-control"] == "no-store" and answer.headers["content-type"] == "application/zip"
    return ZipFile(BytesIO(answer.content))


async def test_all_that_is_kept_is_in_it_twice_for_people_and_for_programs(sign_in):
    ana, _ = await canary.a_whole_life()
    file = await taken(await sign_in(ana))
    data, html = file.read("data.json").decode(), file.read("index.html").decode()
    for word in ("Qanariya", "+8613912345678", "qanariya@example.org", "zzskill", "zzask", "zzthanks", "zzneed"):
        assert word in data and word in html, word
    assert json.loads(data).keys() == house.MINE.keys()
    assert file.testzip() is None


async def test_the_photo_is_a_file_that_the_page_shows(sign_in):
    ana, _ = await canary.a_whole_life()
    file = await taken(await sign_in(ana))
    assert file.read("photos/1.webp")[8:12] == b"WEBP"
    assert 'src="photos/1.webp"' in file.read("index.html").decode()


async def test_names_of_files_are_ours_and_what_people_typed_is_text(sign_in):
    ana = await a_person(name="<script>alert(1)</script>../../etc")
    file = await taken(await sign_in(ana))
    assert sorted(file.namelist()) == ["data.json", "index.html", "style.css"]
    html = file.read("index.html").decode()
    assert "<script>" not in html and "&lt;script&gt;" in html


async def test_it_is_in_the_persons_language_with_words_for_what_machines_call_otherwise(sign_in):
    ana, _ = await canary.a_whole_life()
    await people.edit_person(ana.id, by=ana.id, now=NOON, language="zh-Hans")
    html = (await taken(await sign_in(ana))).read("index.html").decode()
    assert 'lang="zh-Hans"' in html and "您提供的" not in html and "您愿意提供的" not in html
    assert "关于您" in html and "made_at" not in html and "zh-Hans</dd>" not in html


async def test_every_field_of_an_export_has_a_word():
    """A new feature names its fields in app/features/privacy/rules/words.py, or people read the machine's names."""
    ana, ben = await canary.a_whole_life()
    nameless = set()
    for person in (ana, ben):
        for feature, told in (await rules.everything(person.id, house.MINE)).items():
            nameless |= {feature} - TITLES.keys()
            for part, rows in told.items() if isinstance(told, dict) else [(feature, told)]:
                nameless |= {part} - PARTS.keys() - TITLES.keys()
                for row in [rows] if isinstance(rows, dict) else rows or []:
                    nameless |= row.keys() - FIELDS.keys() - NOT_FOR_READING
    assert sorted(nameless) == []


async def test_it_holds_nothing_that_opens_a_door(sign_in):
    ana, _ = await canary.a_whole_life()
    data = (await taken(await sign_in(ana))).read("data.json").decode()
    for key in ('"password"', '"fingerprint"', "argon2"):
        assert key not in data


async def test_ten_a_day_each_of_them_noted():
    ana = await a_person()
    for _ in range(10):
        await rules.may_export(ana.id, by=ana.id, now=NOON)
    with pytest.raises(TooOften):
        await rules.may_export(ana.id, by=ana.id, now=NOON)
    assert await AuditRow.count().where(AuditRow.did == "own data taken along") == 10
    await rules.may_export(ana.id, by=ana.id, now=NOON + timedelta(days=1))
