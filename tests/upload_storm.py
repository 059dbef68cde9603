"""Five hundred uploads, broken, hostile or huge, sent through the form for a thing to a house that runs by itself."""

import random
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import httpx
from PIL import Image

SEED, MANY = 8311, 500
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'
# Stand for more bytes than a photo may have, and for more than a form may: made when they are sent.
LARGE, HUGE = b"<large>", b"<huge>"
MEGABYTE = 1024 * 1024


def a_photo(width=200, height=150, kind="JPEG", **said) -> bytes:
    out = BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(out, kind, **said)
    return out.getvalue()


def a_png_of(width: int, height: int) -> bytes:
    """Few bytes, many pixels: black and white, all the same, and really there."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    packed, row = zlib.compressobj(9), b"\x00" * (1 + -(-width // 8))
    rows = b"".join(packed.compress(row) for _ in range(height)) + packed.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def a_jpeg_of(width: int, height: int) -> bytes:
    """What its header says (SOF0: height, then width) is more than there is."""
    photo = a_photo()
    at = photo.index(b"\xff\xc0") + 5
    return photo[:at] + struct.pack(">HH", height, width) + photo[at + 4 :]


def the_worst() -> list[bytes]:
    photo = a_photo()
    return [
        b"",
        HTML,
        SVG,
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64,
        b"GIF89a" + b"\x00" * 60,
        a_png_of(10_000, 8_000),
        a_jpeg_of(10_000, 8_000),
        a_jpeg_of(7_000, 7_000),
        a_png_of(60_000, 2),
        b"RIFF\x1e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00" + b"\x7f\x3e\x00" * 2 + b"ANIM\x00\x00\x00\x00",
        a_photo(progressive=True) + b"\xff\xda" * 2000,
        b"\xff\xd8\xff" + HTML,
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 300,
        photo[:-900],
        photo + LARGE,
        photo + HUGE,
        b"PK\x03\x04" + photo,
    ]


def bent(photo: bytes, dice: random.Random) -> bytes:
    """A byte or a stretch of it is another, gone, or there twice."""
    for _ in range(dice.randint(1, 6)):
        at, by = dice.randrange(max(1, len(photo))), dice.randbytes(dice.randint(1, 8))
        how = dice.choice(("flip", "cut", "drop", "again"))
        if how == "flip":
            photo = photo[:at] + by + photo[at + len(by) :]
        elif how == "cut":
            photo = photo[: at + 12]
        elif how == "drop":
            photo = photo[:at] + photo[at + len(by) :]
        else:
            photo = photo[:at] + photo[max(0, at - 60) :]
    return photo


def made(content: bytes) -> bytes:
    for name, many in ((LARGE, 10), (HUGE, 20)):
        if content.endswith(name):
            return content + b"\x00" * (many * MEGABYTE)
    return content


def uploads() -> Iterator[bytes]:
    """The same each time, one by one: each of the worst comes several times, among the bent."""
    dice = random.Random(SEED)
    whole = [a_photo(kind=kind) for kind in ("JPEG", "PNG", "WEBP")] + [a_photo(progressive=True)]
    worst = the_worst() * 3
    order = [*worst, *[None] * (MANY - len(worst))]
    dice.shuffle(order)
    for content in order:
        yield bent(dice.choice(whole), dice) if content is None else content


async def storm(client: httpx.AsyncClient) -> tuple[Counter[int], list[str]]:
    """The answers by their status, and what is a fault: no answer of ours, or one that lost what was typed."""
    answers, faults, dice = Counter[int](), list[str](), random.Random(SEED)
    kinds = ("image/jpeg", "image/png", "text/html", "image/svg+xml", "application/octet-stream")
    names = ("x.jpg", "x.png", "../../x.jpg", "x.svg", "图.heic", "x" * 300 + ".jpg")
    for nth, content in enumerate(uploads()):
        sent = {"photo": (dice.choice(names), made(content), dice.choice(kinds))}
        said = {"name": "", "category": "tools", "about": f"Typed {nth}", "photo_words": "A thing"}
        try:
            answer = await client.post("/share/new", data=said, files=sent)
        except httpx.TransportError as trouble:
            answers[413] += 1  # the house hung up on what is far too large, before it was all sent
            if not content.endswith(HUGE):
                faults.append(f"{nth}: {trouble!r} to {content[:20]!r}")
            continue
        answers[answer.status_code] += 1
        if answer.status_code not in (413, 422):
            faults.append(f"{nth}: {answer.status_code} to {content[:20]!r} ({len(content)})")
        elif answer.status_code == 422 and f"Typed {nth}" not in answer.text:
            faults.append(f"{nth}: what was typed is gone, {content[:20]!r}")
    return answers, faults


def most_memory(house: int) -> int:
    """What the largest process of a house ever had, in MB."""
    return max(_peak(Path("/proc") / str(pid)) for pid in (house, *_children(house)))


def _children(house: int) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended while we looked
            if int(path.read_text().rpartition(")")[2].split()[1]) == house:
                yield int(path.parent.name)


def _peak(process: Path) -> int:
    """Not what `getrusage` says: that begins with whoever started it."""
    [line] = [each for each in (process / "status").read_text().splitlines() if each.startswith("VmHWM")]
    return int(line.split()[1]) // 1024
