"""What a room looks like: shown by those who manage it, seen by neighbours, and nothing of where it was taken."""

import re
from io import BytesIO

import pytest
from PIL import Image

from app.features.people.tables import State
from app.features.spaces import rules
from app.features.spaces.tables import Space
from app.kit import pictures
from app.kit.refusals import Missing, NotYours, Refusal
from app.kit.tables import Picture
from tests.kit.test_pictures import HTML, a_photo, uploads  # noqa: F401
from tests.makers import NOON, a_person
from tests.spacing import a_manager, a_neighbour, a_space

SHOWS = "A long table, books all around"


def with_a_place() -> bytes:
    """As a camera writes it: where, when and by what."""
    image, out, exif = Image.new("RGB", (900, 600), "teal"), BytesIO(), Image.Exif()
    exif[0x010F] = "Zzyzxphone"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


async def send(phone, space, upload, words=SHOWS):
    files, said = {"photo": ("room.jpg", upload, "image/jpeg")}, {"photo_words": words}
    return await phone.post(f"/manage/spaces/{space.id}/photos", files=files, data=said)


async def test_a_manager_adds_a_photo_and_neighbours_see_it_on_the_list_and_the_page_with_its_words(sign_in):
    space = await a_space()
    answer = await send(await sign_in(await a_manager()), space, with_a_place())
    assert answer.status_code == 200 and SHOWS in answer.text

    phone = await sign_in(await a_neighbour())
    page, listed = (await phone.get(f"/spaces/{space.slug}")).text, (await phone.get("/spaces")).text
    [large], [small] = (
        re.findall(r'src="(/media/[\w-]{43})"', page),
        re.findall(r'src="(/media/[\w-]{43}/small)"', listed),
    )
    assert f'alt="{SHOWS}"' in page and f'alt="{SHOWS}"' in listed and small == f"{large}/small"
    for path in (large, small):
        content = (await phone.get(path)).content
        assert content[8:12] == b"WEBP" and b"Zzyzxphone" not in content and b"EXIF" not in content


async def test_who_is_no_neighbour_sees_no_photo_and_of_a_closed_space_only_who_manages_it(sign_in):
    space, manager = await a_space(), await a_manager()
    token = await rules.add_photo(space.id, a_photo(), SHOWS, by=manager, now=NOON)
    at = f"/media/{token}"
    assert (await (await sign_in(await a_person(state=State.suspended))).get(at)).status_code == 404
    await Space.update({Space.closed_at: NOON}).where(Space.id == space.id)
    assert (await (await sign_in(await a_neighbour())).get(at)).status_code == 404
    assert (await (await sign_in(manager)).get(at)).status_code == 200


@pytest.mark.parametrize(
    ("upload", "words", "sentence"),
    [
        (HTML, SHOWS, "no photo we can read"),
        (a_photo(), " ", "Please say what it shows"),
        (b"", SHOWS, "choose a photo"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(sign_in, upload, words, sentence):
    space = await a_space()
    answer = await send(await sign_in(await a_manager()), space, upload, words)
    assert answer.status_code == 422 and sentence in answer.text
    assert await Picture.count() == 0


async def test_only_managers_add_and_remove_and_only_what_is_of_that_space(sign_in):
    space, other, manager, ana = await a_space(), await a_space(), await a_manager(), await a_neighbour()
    token = await rules.add_photo(space.id, a_photo(), SHOWS, by=manager, now=NOON)
    with pytest.raises(NotYours):
        await rules.add_photo(space.id, a_photo(), SHOWS, by=ana, now=NOON)
    with pytest.raises(NotYours):
        await rules.remove_photo(space.id, token, by=ana, now=NOON)
    with pytest.raises(Missing):
        await rules.remove_photo(other.id, token, by=manager, now=NOON)
    phone = await sign_in(manager)
    answer = await phone.post(f"/manage/spaces/{space.id}/photos/{token}/removal")
    assert "The photo is gone." in answer.text and await Picture.count() == 0
    assert (await phone.get(f"/media/{token}")).status_code == 404


async def test_six_are_enough():
    space, manager = await a_space(), await a_manager()
    for _ in range(6):
        await rules.add_photo(space.id, a_photo(), SHOWS, by=manager, now=NOON)
    with pytest.raises(Refusal):
        await rules.add_photo(space.id, a_photo(), SHOWS, by=manager, now=NOON)
    assert len((await rules.photos_of([space.id, 99]))[space.id]) == 6


async def test_a_photo_of_a_room_stays_when_whoever_took_it_leaves():
    space, manager = await a_space(), await a_manager()
    await rules.add_photo(space.id, a_photo(), SHOWS, by=manager, now=NOON)
    await pictures.forget(manager.id, now=NOON)
    assert len((await rules.photos_of([space.id]))[space.id]) == 1
