"""Draws a photo anew from whatever bytes came in: upright, at most 1600 px, pixels and nothing else.

What a stranger sends goes through image decoders here and nowhere else: the kind is read from its first bytes, the size
before any pixel is decoded, and whatever goes wrong is a refusal.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image

from app.kit.refusals import Refusal
from app.kit.words import Sentence, say

MOST_BYTES = 10 * 1024 * 1024
LARGE, SMALL = 1600, 240
# A JPEG is read at a fraction of its size; a PNG is decoded whole, a WebP twice over: each stays below 200 MB.
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 24_000_000, "WEBP": 12_000_000}
LONGEST = 20_000
# A progressive JPEG comes in some ten scans. Thousands of empty ones fit into a few KB, and each goes over all pixels.
SCAN, MOST_SCANS = b"\xff\xda", 100
HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Drawn:
    large: bytes
    small: bytes
    width: int
    height: int


def draw(upload: bytes) -> Drawn:
    """The picture as we keep it, or a Refusal beside "photo", whatever the bytes are. Takes seconds at worst."""
    if not upload:
        raise no(say("Please choose a photo."))
    if len(upload) > MOST_BYTES:
        raise no(say("That photo is larger than 10 MB. Please choose a smaller one."))
    if upload[4:8] == b"ftyp" and upload[8:12] in HEIC:
        raise no(say("This kind of photo (HEIC) cannot be read here. Send it as JPEG, please."))
    try:
        with _opened(upload) as image:
            return _redrawn(image)
    except Refusal:
        raise
    except Exception:
        # The decoders raise OSError, SyntaxError, ValueError, struct.error, EOFError and more for a damaged file.
        raise no(say("That photo is damaged. Please choose it again, or another one.")) from None


def _opened(upload: bytes) -> Image.Image:
    """Its header is read, its pixels are not."""
    kind = _kind(upload)
    if kind is None:
        raise no(say("That is no photo we can read. JPEG, PNG and WebP are fine."))
    if kind == "WEBP":
        _fits("WEBP", *_webp_size(upload))  # Pillow makes room for the whole canvas before it tells how large it is
    image = Image.open(BytesIO(upload), formats=[kind])
    _fits(kind, *image.size)
    if kind == "JPEG" and upload.count(SCAN) > MOST_SCANS:
        raise no(say("That photo has too many pixels. Please choose a smaller one."))
    return image


def _kind(upload: bytes) -> str | None:
    if upload.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if upload.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if upload[:4] == b"RIFF" and upload[8:12] == b"WEBP" else None


def _webp_size(upload: bytes) -> tuple[int, int]:
    """From the first chunk (RFC 9649, 2.5 to 2.7)."""
    chunk, body = upload[12:16], upload[20:30]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF


def _fits(kind: str, width: int, height: int) -> None:
    if width * height > MOST_PIXELS[kind] or max(width, height) > LONGEST:
        raise no(say("That photo has too many pixels. Please choose a smaller one."))


def _redrawn(image: Image.Image) -> Drawn:
    image.draft("RGB", (LARGE, LARGE))
    turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    whole = image.convert("RGBA") if image.mode in ("P", "1") else image
    whole.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    large = _on_white(whole if turn is None else whole.transpose(turn))
    small = large.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return Drawn(_webp(large), _webp(small), *large.size)


def _on_white(image: Image.Image) -> Image.Image:
    """A new image that carries pixels and nothing else: no EXIF, no colour profile, no comment."""
    plain = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        plain.paste(clear, mask=clear)
    else:
        plain.paste(image.convert("RGB"))
    return plain


def _webp(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()


def no(sentence: Sentence) -> Refusal:
    return Refusal(sentence, beside="photo")
