"""The list a parish clerk would keep: people made up from a fixed seed, dirt included."""

import csv
import io
from collections.abc import Iterator
from itertools import product
from random import Random

from app.features.demo.places import Place, Who, listed

STREETS = {
    "High Street": 24, "Mill Lane": 18, "Church Road": 16, "Station Road": 30, "Orchard Close": 14, "Brook Street": 20,
    "Chapel Hill": 12,
}  # fmt: skip
FURTHER = [
    f"{tree} {way}"
    for way, tree in product(
        ("Road", "Close", "Avenue", "Lane", "Way", "Drive", "Gardens", "Court"),
        ("Alder", "Ash", "Beech", "Birch", "Cedar", "Cherry", "Elder", "Elm", "Hawthorn", "Hazel", "Holly", "Larch"),
    )
]
HOUSES_FURTHER = 120
FIRST = listed(
    "Alice Amir Anna Ben Beth Callum Chloe Colin Daniel Deepa Diane Edward Ella Emeka Frank George Hannah Harriet "
    "Hugh Imran Iris Jack Jane Jean Joe June Keith Laura Leo Lily Lucy Mei Martin Mary Megan Nadia Nancy Neil Nora "
    "Oliver Omar Owen Patrick Paula Peter Ravi Rose Ruth Sara Simon Sofia Stan Tessa Victor Wendy Yusuf Zoe"
)
LAST = listed(
    "Abbott Adeyemi Ahmed Archer Baker Barnes Bishop Brooks Byrne Chapman Clarke Cole Cooper Dawson Dixon Doyle Ellis "
    "Evans Fisher Fletcher Ford Foster Gill Grant Green Hart Hughes Hunt Irving James Kaur Kelly King Lane Lloyd Long "
    "Mason Mills Moore Murphy Newton North Page Parker Patel Perry Pike Potter Quinn Reid Shah Shaw Stone Swift Thorne "
    "Tucker Wade Walsh Ward Webb West Wood Wright Yates"
)
SKILLS = listed(
    "carpentry/electrician/plumbing/bicycle repairs/first aid/nurse/haircuts/sewing/baking/gardening/dog walking/"
    "lifts to town/maths tutoring/French lessons/piano/choir/photography/computers/printing/bookkeeping/babysitting/"
    "chainsaw/hedge trimming/beekeeping/moving furniture; van/knitting, sewing",
    "/",
)
NEEDS = ("wheelchair", "oxygen at home", "hard of hearing", "dialysis")
Row = list[str]


def roster(place: Place, more: int) -> bytes:
    """As UTF-8 with a byte order mark. `more` people live in streets beyond the seven."""
    # Made up for show, the same each time: nothing here is meant to be hard to guess.
    dice = Random("Millbrook")  # noqa: S311
    numbers = _phones()
    rows = list(_village(place.who, dice, numbers))
    _dirty(rows, {who.name for who in place.who}, dice)
    rows += _further(more, dice, numbers)
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([["Name", "Home", "Mobile", "Talents", "Remarks"], *rows])
    return out.getvalue().encode("utf-8-sig")


def _village(known: tuple[Who, ...], dice: Random, numbers: Iterator[str]) -> Iterator[Row]:
    at_home = {who.address: who for who in known}
    for street, houses in STREETS.items():
        for house in range(1, houses + 1):
            home = f"{house} {street}"
            if who := at_home.get(home):
                yield [who.name, home, next(numbers), "", who.need]
            elif dice.random() < 0.92:
                yield from _household(home, dice, numbers)


def _further(more: int, dice: Random, numbers: Iterator[str]) -> list[Row]:
    rows: list[Row] = []
    for street, house in product(_streets(), range(1, HOUSES_FURTHER + 1)):
        if len(rows) >= more:
            break
        rows += _household(f"{house} {street}", dice, numbers)
    return rows[:more]


def _streets() -> Iterator[str]:
    """As many as it takes: Alder Road, …, then Upper Alder Road."""
    yield from FURTHER
    for before in ("Upper", "Lower", "Old", "New"):
        for street in FURTHER:
            yield f"{before} {street}"


def _household(home: str, dice: Random, numbers: Iterator[str]) -> Iterator[Row]:
    family = dice.choice(LAST)
    size = dice.choices((1, 2, 3, 4), (30, 40, 18, 12))[0]
    for place, first in enumerate(dice.sample(FIRST, size)):
        grown = place < 2
        phone = next(numbers, "") if grown and dice.random() < 0.9 else ""
        skill = dice.choice(SKILLS) if grown and dice.random() < 0.4 else ""
        yield [f"{first} {family}", home, phone, skill, _need(grown, size == 1, dice)]


def _need(grown: bool, alone: bool, dice: Random) -> str:
    if dice.random() > 0.15:
        return ""
    if not grown:
        return "baby"
    return "lives alone" if alone else dice.choice(NEEDS)


def _phones() -> Iterator[str]:
    """The thousand mobiles that Britain keeps for plays and films. Nobody's real phone rings; the rest have none."""
    return (f"07700 900{number:03}" for number in range(1000))


def _dirty(rows: list[Row], spared: set[str], dice: Random) -> None:
    """What spreadsheets and copying do to a list. Those with a story keep their phone."""
    for row in rows:
        house, _, street = row[1].partition(" ")
        turned = (row[1], f"{street} {house}", row[1].upper(), f"{street}, {house}")
        row[1] = dice.choices(turned, (88, 6, 3, 3))[0]
        if row[2] and dice.random() < 0.1:
            row[2] = "+44 " + row[2][1:]
    for row in dice.sample([row for row in rows if row[2].startswith("0") and row[0] not in spared], 6):
        row[2] = dice.choice(("7.7009E+09", row[2][:-2]))
    for row in dice.sample(rows, 5):
        rows.insert(dice.randrange(len(rows)), list(row))
    for _ in range(3):
        rows.insert(dice.randrange(len(rows)), [""] * 5)
