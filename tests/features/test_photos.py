"""A face beside a name: chosen, shown to neighbours, changed, removed."""

import json
import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from app.features.people import rules as people
from app.features.people.tables import Kind, State
from app.kit import pictures
from app.kit.clock import now
from app.kit.drawing import MOST_BYTES
from app.kit.tables import AuditRow, Picture
from tests.kit.test_pictures import HTML, a_photo, seen, uploads  # noqa: F401
from tests.makers import a_person, an_administrator


async def send(browser, upload: bytes, name="me.jpg", **fields):
    return await browser.post("/account/photo", files={"photo": (name, upload, "image/jpeg")}, data=fields)


async def photo_of(person) -> str:
    return (await people.neighbour(person.id)).photo


async def with_photo(sign_in, **said):
    ana = await a_person(name="Ana", **said)
    await send(await sign_in(ana), a_photo(800, 600))
    return ana, await photo_of(ana)


async def test_a_neighbour_chooses_a_photo_and_it_stands_beside_the_name(sign_in):
    ana = await a_person()
    browser = await sign_in(ana)
    page = await send(browser, a_photo(2000, 1000))
    [small] = set(re.findall(r'src="(/media/[\w-]{43}/small)"', page.text))
    answer = await browser.get(small)
    assert answer.status_code == 200 and seen(answer.content).size == (240, 120)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"].startswith("private")
    assert "content-encoding" not in answer.headers
    assert seen((await browser.get(small.removesuffix("/small"))).content).size == (1600, 800)
    [row] = await AuditRow.select(AuditRow.did, AuditRow.fields)
    assert row == {"did": "person edited", "fields": '["photo"]'}


async def test_a_new_photo_takes_the_place_of_the_old_and_a_removed_one_is_gone(sign_in, browser):
    _, old = await with_photo(sign_in)
    await send(browser, a_photo(30, 30))
    assert (await browser.get(f"/media/{old}")).status_code == 404
    [row] = await Picture.select(Picture.token, Picture.width)
    assert row["width"] == 30

    page = await browser.post("/account/photo/removal")
    assert "/media/" not in page.text and await Picture.count() == 0
    assert (await browser.get(f"/media/{row['token']}")).status_code == 404


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [(b"", "Please choose a photo."), (HTML, "no photo we can read"), (a_photo()[:-60], "damaged")],
)
async def test_what_is_no_photo_is_said_beside_the_field_and_the_old_one_stays(sign_in, browser, upload, sentence):
    ana, old = await with_photo(sign_in)
    page = await send(browser, upload)
    assert page.status_code == 422 and sentence in page.text
    assert await photo_of(ana) == old and (await browser.get(f"/media/{old}")).status_code == 200
    assert (await browser.post("/account/photo", data={"photo": "words"})).status_code == 422


async def test_a_photo_may_be_larger_than_a_form_and_not_larger_than_10_mb(sign_in):
    ana = await a_person()
    browser = await sign_in(ana)
    noise = a_photo(400, 300) + b"\x00" * (1024 * 1024)
    assert (await send(browser, noise)).status_code == 200 and await photo_of(ana)
    too_large = await send(browser, a_photo() + b"\x00" * (MOST_BYTES + 100 * 1024))
    assert too_large.status_code == 413 and "10 MB" in too_large.text


async def test_the_same_photo_sent_twice_is_one_photo(sign_in):
    browser = await sign_in(await a_person())
    key = {"_deed": "0b3c9f6e-8f0a-4c1d-9a53-0e6a4f0c7d11"}
    for _ in range(2):
        assert (await send(browser, a_photo(), **key)).status_code == 200
    assert await Picture.count() == 1


@pytest.mark.parametrize(
    ("looking", "status"),
    [
        ({}, 200),
        ({"state": State.pending}, 404),
        ({"state": State.suspended}, 404),
        ({"role": Kind.administrator}, 200),
        (None, 401),
    ],
)
async def test_a_photo_is_for_neighbours_who_are_in(sign_in, browser, looking, status):
    _, token = await with_photo(sign_in)
    browser.cookies.clear()
    if looking is not None:
        await sign_in(await a_person(**looking))
    for path in (f"/media/{token}", f"/media/{token}/small"):
        assert (await browser.get(path)).status_code == status


async def test_who_is_suspended_is_seen_by_themselves_and_by_the_desk(sign_in, browser):
    boss = await an_administrator()
    ana, token = await with_photo(sign_in)
    await people.settle(ana.id, State.suspended, by=boss.id, now=now(), reason="noise")
    for person, status in ((ana, 200), (boss, 200), (await a_person(), 404)):
        await sign_in(person)
        assert (await browser.get(f"/media/{token}")).status_code == status


async def test_a_picture_of_a_page_that_no_feature_answers_for_is_its_owners_alone(sign_in, browser):
    ana = await a_person()
    token = await pictures.keep(a_photo(), owner=ana.id, page="/attic/3", words="", now=now())
    for person, status in ((ana, 200), (await an_administrator(), 404)):
        await sign_in(person)
        assert (await browser.get(f"/media/{token}")).status_code == status


async def test_the_desk_removes_a_photo_that_must_not_stand(sign_in, browser):
    ana, token = await with_photo(sign_in)
    await sign_in(await an_administrator())
    assert token in (await browser.get(f"/admin/people/{ana.id}")).text
    await browser.post(f"/admin/people/{ana.id}/photo/removal")
    assert await photo_of(ana) == "" and await Picture.count() == 0


async def test_an_export_lists_the_pictures(sign_in, browser):
    ana, _ = await with_photo(sign_in)
    content = (await browser.get("/account/export")).content
    [picture] = json.loads(ZipFile(BytesIO(content)).read("data.json"))["pictures"]
    assert (picture["page"], picture["width"]) == (f"/neighbours/{ana.id}", 800)
