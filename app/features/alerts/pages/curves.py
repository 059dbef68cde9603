"""Pictures of a report as lines of SVG: where to draw, in the units of the picture. The template gives them words."""

from collections.abc import Sequence

from msgspec import Struct

from app.features.alerts.rules.after import Exercise, Figures
from app.features.alerts.rules.figures import Curve

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 40, 352, 10, 166
SPANS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880)
SHORTEST = 10


class Tick(Struct):
    at: float
    value: int


class Dot(Struct):
    x: float
    y: float


class Line(Struct):
    """`path` is what SVG calls `d`; `dots` where something was measured."""

    name: str
    path: str
    dots: list[Dot] = []


class Picture(Struct):
    lines: list[Line]
    across: list[Tick]
    up: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM


def by_minute(figures: Figures) -> Picture:
    """How many of a hundred doors were reached, and had answered, in each minute; as far as something happened."""
    last = max((at for curve in (figures.reached, figures.answered) for at, _ in curve), default=0)
    span = max(SHORTEST, min(figures.minutes, last + max(2, last // 10)))
    lines = [Line(name, _stairs(getattr(figures, name), figures.homes, span)) for name in ("reached", "answered")]
    return Picture(lines, _ticks(span, LEFT, RIGHT), _ticks(100, BOTTOM, TOP, 25))


def over_time(compared: Sequence[Exercise]) -> Picture:
    """Minutes until 50, 90 and 99 % had answered, from one exercise to the next; a gap where they never did."""
    known = [minutes for each in compared for minutes in each.answered_in if minutes is not None]
    most = max([SHORTEST, *known])
    lines = [
        Line(f"to-{share}", *_broken([each.answered_in[place] for each in compared], most))
        for place, share in enumerate((50, 90, 99))
    ]
    return Picture(lines, _numbered(len(compared)), _ticks(most, BOTTOM, TOP))


def shares(compared: Sequence[Exercise]) -> Picture:
    """How many of a hundred doors answered at all."""
    line = Line("answered", *_broken([each.answered for each in compared], 100))
    return Picture([line], _numbered(len(compared)), _ticks(100, BOTTOM, TOP, 25))


def _stairs(curve: Curve, whole: int, span: int) -> str:
    """Flat until the next minute in which somebody came: "M40 166 H52.5 V80 …"."""
    drawn = [f"M{LEFT} {BOTTOM}"]
    for at, n in curve:
        drawn.append(f"H{_put(min(at, span), span, LEFT, RIGHT)} V{_put(n, whole or 1, BOTTOM, TOP)}")
    return " ".join([*drawn, f"H{RIGHT}"])


def _broken(values: Sequence[int | None], most: int) -> tuple[str, list[Dot]]:
    drawn, dots, pen = [], [], "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        dot = Dot(_place(place, len(values)), _put(min(value, most), most, BOTTOM, TOP))
        dots.append(dot)
        drawn.append(f"{pen}{dot.x} {dot.y}")
        pen = "L"
    return " ".join(drawn), dots


def _numbered(n: int) -> list[Tick]:
    return [Tick(_place(place, n), place + 1) for place in range(n)]


def _place(place: int, n: int) -> float:
    return _put(2 * place + 1, 2 * n, LEFT, RIGHT)


def _ticks(span: int, begin: float, end: float, step: int = 0) -> list[Tick]:
    """At most six of them, at round numbers."""
    step = step or next((each for each in SPANS if span <= 6 * each), SPANS[-1])
    return [Tick(_put(value, span, begin, end), value) for value in range(0, span + 1, step)]


def _put(value: float, most: float, begin: float, end: float) -> float:
    return round(begin + (end - begin) * value / most, 1)
