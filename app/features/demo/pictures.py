"""Pictures for a demo that has no camera: a wall of books above a long table, and things that neighbours lend."""

import random
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw

WALL, WOOD, TABLE, LAMP = "#f2e4cc", "#9c6b3f", "#7a4f2b", "#ffd98a"
SPINES = ("#0b6e5f", "#b5482f", "#d9a441", "#3f5d7d", "#7d4f6d", "#5f7f4f", "#e8dcc4")
WIDTH, HEIGHT, SHELF = 1200, 800, 130


def a_wall_of_books() -> bytes:
    """The same each time."""
    image, dice = Image.new("RGB", (WIDTH, HEIGHT), WALL), random.Random(7)  # noqa: S311
    draw = ImageDraw.Draw(image)
    for bottom in range(SHELF + 30, 4 * SHELF + 31, SHELF):
        at = 40
        while at < WIDTH - 60:
            wide, high = dice.randint(14, 34), dice.randint(70, 110)
            if dice.random() < 0.9:
                draw.rectangle((at, bottom - high, at + wide, bottom), fill=dice.choice(SPINES))
            at += wide + 3
        draw.rectangle((30, bottom, WIDTH - 30, bottom + 14), fill=WOOD)
    draw.rounded_rectangle((120, 640, WIDTH - 120, 690), 18, fill=TABLE)
    for leg in (180, WIDTH - 220):
        draw.rectangle((leg, 690, leg + 40, HEIGHT), fill=TABLE)
    draw.polygon(((540, 560), (660, 560), (630, 500), (570, 500)), fill=LAMP)
    draw.rectangle((594, 560, 606, 640), fill=WOOD)
    return _as_png(image)


def _as_png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


FLOOR, STEEL, RED, BLUE, GREEN, DARK = "#d9c3a0", "#8a98a3", "#b5482f", "#3f5d7d", "#0b6e5f", "#3b332b"
Draw = ImageDraw.ImageDraw


def _ladder(draw: Draw) -> None:
    for left, foot in ((400, 330), (560, 630)):
        draw.line((left, 70, foot, 540), fill=STEEL, width=22)
    for rung in range(6):
        draw.line((395 - rung * 11, 110 + rung * 75, 565 + rung * 11, 110 + rung * 75), fill=DARK, width=14)


def _drill(draw: Draw) -> None:
    draw.rounded_rectangle((300, 200, 620, 310), 40, fill=GREEN)
    draw.polygon(((330, 300), (430, 300), (400, 500), (300, 500)), fill=GREEN)
    draw.rounded_rectangle((270, 480, 440, 540), 16, fill=DARK)
    draw.rectangle((620, 230, 680, 280), fill=DARK)
    draw.rectangle((680, 248, 840, 262), fill=STEEL)


def _pot(draw: Draw) -> None:
    draw.rounded_rectangle((280, 260, 620, 520), 40, fill=RED)
    draw.rounded_rectangle((260, 220, 640, 270), 24, fill=STEEL)
    draw.ellipse((425, 180, 475, 230), fill=DARK)
    for left in (220, 620):
        draw.rounded_rectangle((left, 320, left + 60, 350), 14, fill=DARK)


def _tent(draw: Draw) -> None:
    draw.polygon(((160, 530), (450, 120), (740, 530)), fill=BLUE)
    draw.polygon(((380, 530), (450, 250), (520, 530)), fill=DARK)
    draw.line((450, 120, 450, 70), fill=WOOD, width=12)


def _pram(draw: Draw) -> None:
    draw.pieslice((260, 150, 640, 530), 180, 360, fill=BLUE)
    draw.polygon(((260, 340), (640, 340), (570, 450), (330, 450)), fill=RED)
    draw.line((640, 340, 760, 190), fill=DARK, width=18)
    for left in (320, 500):
        draw.ellipse((left, 440, left + 110, 550), outline=DARK, width=16)


def _bicycle(draw: Draw) -> None:
    for left in (180, 520):
        draw.ellipse((left, 300, left + 230, 530), outline=DARK, width=16)
    draw.line((295, 415, 400, 250, 560, 250, 470, 415, 295, 415), fill=RED, width=16)
    draw.line((470, 415, 400, 250), fill=RED, width=16)
    draw.line((635, 415, 550, 190, 620, 180), fill=RED, width=16)
    draw.rounded_rectangle((360, 220, 450, 250), 12, fill=DARK)


def _torch(draw: Draw) -> None:
    draw.polygon(((560, 180), (840, 80), (840, 520), (560, 420)), fill=LAMP)
    draw.rounded_rectangle((180, 250, 470, 350), 24, fill=DARK)
    draw.polygon(((470, 240), (560, 180), (560, 420), (470, 360)), fill=STEEL)


def _chairs(draw: Draw) -> None:
    for left in (180, 400, 620):
        draw.rounded_rectangle((left, 180, left + 130, 330), 16, fill=WOOD)
        draw.rectangle((left - 10, 360, left + 150, 390), fill=TABLE)
        for leg in (left, left + 120):
            draw.rectangle((leg, 330, leg + 16, 540), fill=TABLE)


THINGS: dict[str, Callable[[Draw], None]] = {
    "ladder": _ladder,
    "drill": _drill,
    "pot": _pot,
    "tent": _tent,
    "pram": _pram,
    "bicycle": _bicycle,
    "torch": _torch,
    "chairs": _chairs,
}


def a_thing(what: str) -> bytes:
    """On the floor, before a wall."""
    image = Image.new("RGB", (900, 600), WALL)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 500, 900, 600), fill=FLOOR)
    THINGS[what](draw)
    return _as_png(image)
