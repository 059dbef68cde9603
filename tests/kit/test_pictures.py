"""Photos: what comes in, what is kept of it, and what is not let in."""

import asyncio
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from PIL import ExifTags, Image

from app.config import ROOT, settings
from app.kit import pictures
from app.kit.drawing import LARGE, MOST_BYTES, SMALL, draw
from app.kit.refusals import Missing, Refusal
from app.kit.tables import Picture
from tests.makers import NOON

RED, BLUE = (200, 30, 30), (30, 30, 200)


def a_photo(width=64, height=48, kind="JPEG", mode="RGB", **said) -> bytes:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), BLUE)
    image.paste(RED, (0, 0, width // 2, height))
    out = BytesIO()
    image.convert(mode).save(out, kind, **said)
    return out.getvalue()


def with_exif(**said) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = said.get("turned", 1)
    exif[ExifTags.Base.Make] = "a camera"
    exif[ExifTags.IFD.GPSInfo] = {ExifTags.GPS.GPSLatitude: (31.0, 14.0, 0.0)}
    return a_photo(exif=exif.tobytes(), comment=b"somebody's kitchen")


def seen(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content)).convert("RGB")


def is_near(pixel, colour) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=True))


def files() -> list[str]:
    return sorted(path.name for path in (settings().data / "uploads").rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def uploads():
    folder = settings().data / "uploads"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


async def keep(upload: bytes, owner: int = 7) -> str:
    return await pictures.keep(upload, owner=owner, page=f"/neighbours/{owner}", words="Ana", now=NOON)


# --- What is kept


@pytest.mark.parametrize(
    ("kind", "mode"),
    [(k, m) for k in ("JPEG", "PNG", "WEBP") for m in ("RGB", "L")] + [("PNG", m) for m in ("RGBA", "P", "LA", "1")]
    + [("JPEG", "CMYK"), ("WEBP", "RGBA")],
)  # fmt: skip
def test_photos_of_every_kind_become_webp_with_a_small_twin(kind, mode):
    drawn = draw(a_photo(2000, 1000, kind, mode))
    assert (drawn.width, drawn.height) == (LARGE, LARGE // 2) == seen(drawn.large).size
    assert seen(drawn.small).size == (SMALL, SMALL // 2)
    assert all(Image.open(BytesIO(each)).format == "WEBP" for each in (drawn.large, drawn.small))
    if mode in ("RGB", "RGBA", "CMYK", "P"):
        left, right = (seen(drawn.large).getpixel((x, 400)) for x in (100, 1500))
        assert is_near(left, RED) and is_near(right, BLUE)


def test_a_small_photo_is_not_blown_up():
    assert draw(a_photo(64, 48)).width == 64


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_photo_stands_upright_however_the_phone_was_held(turned):
    """The camera wrote how it was held; the picture says it by itself afterwards (Exif 2.32, tag 0x0112)."""
    drawn = draw(with_exif(turned=turned))
    stands = turned >= 5
    assert (drawn.width, drawn.height) == ((48, 64) if stands else (64, 48))
    corner = {1: RED, 2: BLUE, 3: BLUE, 4: RED, 5: RED, 6: RED, 7: BLUE, 8: BLUE}[turned]
    assert is_near(seen(drawn.large).getpixel((4, 4)), corner)


def test_where_and_with_what_it_was_taken_is_gone():
    upload = with_exif()
    assert b"a camera" in upload and b"kitchen" in upload
    drawn = draw(upload)
    for content in (drawn.large, drawn.small):
        image = Image.open(BytesIO(content))
        assert dict(image.getexif()) == {} and not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
        assert b"a camera" not in content and b"kitchen" not in content


def test_what_is_clear_becomes_white():
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    out = BytesIO()
    clear.save(out, "PNG")
    assert is_near(seen(draw(out.getvalue()).large).getpixel((5, 5)), (255, 255, 255))


async def test_a_photo_is_kept_found_and_dropped():
    token = await keep(a_photo(2000, 1000))
    assert files() == [f"{token}.small.webp", f"{token}.webp"]
    large, small = await pictures.open(token), await pictures.open(token, small=True)
    assert (large.owner, large.page, large.words) == (7, "/neighbours/7", "Ana")
    assert seen(large.content).size == (1600, 800) and seen(small.content).size == (240, 120)
    row = await Picture.select(Picture.width, Picture.height).first()
    assert row == {"width": 1600, "height": 800}

    await pictures.drop(token)
    assert files() == [] and await Picture.count() == 0
    with pytest.raises(Missing):
        await pictures.open(token)
    await pictures.drop(token)


async def test_only_its_owner_may_read_the_files(uploads):
    token = await keep(a_photo())
    path = uploads / token[:2] / f"{token}.webp"
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("token", ["", "x", "../../../../etc/passwd", "x" * 43, "x" * 44, "a/" + "x" * 41, "\x00" * 43])
async def test_a_made_up_token_opens_and_drops_nothing(token):
    with pytest.raises(Missing):
        await pictures.open(token)
    await pictures.drop(token)


async def test_whoever_is_forgotten_takes_the_pictures_along():
    hers, his = await keep(a_photo(), owner=7), await keep(a_photo(), owner=8)
    assert [row["page"] for row in await pictures.mine(7)] == ["/neighbours/7"]
    await pictures.forget(7, now=NOON)
    assert await pictures.mine(7) == [] and len(await pictures.mine(8)) == 1
    with pytest.raises(Missing):
        await pictures.open(hers)

    later = datetime.now(UTC) + timedelta(days=2)
    await pictures.sweep(datetime.now(UTC))
    assert len(files()) == 4, "what is new may still get its row"
    await pictures.sweep(later)
    assert files() == [f"{his}.small.webp", f"{his}.webp"]


async def test_a_deed_that_fails_leaves_no_file_behind(monkeypatch):
    class Full(Exception):
        pass

    def no_room(*_):
        raise Full

    monkeypatch.setattr(Picture, "insert", no_room)
    with pytest.raises(Full):
        await keep(a_photo())
    assert files() == []


# --- What is not let in

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def a_bomb(width: int, height: int, kind: str = "PNG") -> bytes:
    """Few bytes, many pixels."""
    out = BytesIO()
    Image.new("1" if kind == "PNG" else "L", (width, height)).save(out, kind)
    return out.getvalue()


def a_webp_of(width: int, height: int) -> bytes:
    """A canvas of that size, said in the header and not there."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x1e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00" + size + b"ANIM\x00\x00\x00\x00"


HOSTILE = {
    "nothing": (b"", "choose a photo"),
    "html named .jpg": (HTML, "no photo we can read"),
    "svg": (SVG, "no photo we can read"),
    "gif": (a_photo(kind="GIF"), "no photo we can read"),
    "heic": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64, "HEIC"),
    "avif": (b"\x00\x00\x00\x18ftypavif" + b"\x00" * 64, "HEIC"),
    "cut off": (a_photo(400, 400)[:-900], "damaged"),
    "png cut off": (a_photo(400, 400, "PNG")[:200], "damaged"),
    "webp cut off": (a_photo(400, 400, "WEBP")[:100], "damaged"),
    "a jpeg's beginning and a page": (b"\xff\xd8\xff" + HTML, "damaged"),
    "80 megapixels": (a_bomb(10_000, 8_000), "too many pixels"),
    "80 megapixels of jpeg": (a_bomb(10_000, 8_000, "JPEG"), "too many pixels"),
    "a thread": (a_bomb(60_000, 2), "too many pixels"),
    "a canvas that is not there": (a_webp_of(16_000, 16_000), "too many pixels"),
    "a thousand scans": (a_photo(progressive=True) + b"\xff\xda" * 1000, "too many pixels"),
    "more than 10 MB": (a_photo() + b"\x00" * MOST_BYTES, "10 MB"),
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_is_no_good_photo_is_refused_with_a_sentence_and_nothing_is_stored(what):
    upload, sentence = HOSTILE[what]
    with pytest.raises(Refusal) as no:
        await keep(upload)
    assert sentence in str(no.value) and no.value.beside == "photo"
    assert files() == [] and await Picture.count() == 0


def test_a_picture_that_is_also_a_page_is_only_a_picture_afterwards():
    """The bytes of a polyglot do not survive being drawn anew."""
    assert HTML not in draw(a_photo() + HTML).large
    assert HTML not in draw(a_photo(comment=HTML)).large


@pytest.mark.parametrize(("kind", "size"), [("JPEG", (7600, 7600)), ("PNG", (5500, 4300)), ("WEBP", (4000, 2900))])
def test_the_largest_photo_that_is_let_in_stays_below_200_mb(kind, size, tmp_path):
    if sys.platform != "linux":
        pytest.skip("ru_maxrss counts differently elsewhere")
    (tmp_path / "photo").write_bytes(a_photo(*size, kind, progressive=True))
    script = (
        "import resource, sys; from app.kit.drawing import draw; peak = lambda: resource.getrusage(0).ru_maxrss\n"
        "upload = open(sys.argv[1], 'rb').read(); before = peak(); draw(upload); print((peak() - before) // 1024)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "photo"], cwd=ROOT, env=os.environ, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) < 200


async def test_ten_photos_at_once_are_drawn_one_after_the_other(monkeypatch):
    at_once, most = 0, 0

    def draw_slowly(upload):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        drawn = draw(upload)
        at_once -= 1
        return drawn

    monkeypatch.setattr(pictures, "draw", draw_slowly)
    await asyncio.gather(*[keep(a_photo(600, 400)) for _ in range(10)])
    assert most == 1 and await Picture.count() == 10


WHOLE = [a_photo(40, 30, kind) for kind in ("JPEG", "PNG", "WEBP")] + [with_exif(turned=6), a_photo(progressive=True)]
CHANGE = st.tuples(st.integers(0, 2000), st.sampled_from(["flip", "cut", "drop", "again"]), st.binary(max_size=6))


def changed(upload: bytes, change) -> bytes:
    at, how, by = change
    at %= max(1, len(upload))
    if how == "flip":
        return upload[:at] + by + upload[at + len(by) :]
    if how == "cut":
        return upload[:at]
    if how == "drop":
        return upload[:at] + upload[at + len(by) :]
    return upload[:at] + upload[max(0, at - 40) :]


@given(upload=st.sampled_from(WHOLE), changes=st.lists(CHANGE, min_size=1, max_size=5))
@trying(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_bytes_are_there_is_a_picture_or_a_sentence(upload, changes):
    for change in changes:
        upload = changed(upload, change)
    try:
        drawn = draw(upload)
    except Refusal:
        return
    assert seen(drawn.large).size == (drawn.width, drawn.height)
