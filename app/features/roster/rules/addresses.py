"""Any spelling of an address is one door.

`3-2-501` is `3栋2单元501室` is `３－２－５０１`; `12 Mill Lane` is `Mill Lane 12`.
"""

import re
from dataclasses import dataclass
from string import capwords

from app.features.roster.rules.plain import plain

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}

UNITS = {
    "building": ("号楼", "栋楼", "栋", "幢", "座", "楼", "号", "#"),
    "entrance": ("单元", "门", "梯"),
    "floor": ("层", "楼", "f"),
    "door": ("室", "号", "房", "户"),
}
TITLES = {
    "building": ("building", "bldg", "block", "tower"),
    "entrance": ("entrance", "unit", "stair"),
    "floor": ("floor", "level"),
    "door": ("room", "flat", "apartment", "apt", "door", "no"),
}
RUNGS = {
    2: ("building", "door"),
    3: ("building", "entrance", "door"),
    4: ("building", "entrance", "floor", "door"),
}
STREETS = {
    "ave": "avenue", "av": "avenue", "cl": "close", "cres": "crescent", "ct": "court", "dr": "drive", "gdns": "gardens",
    "gr": "green", "hl": "hill", "la": "lane", "ln": "lane", "pk": "park", "pl": "place", "rd": "road", "sq": "square",
    "st": "street", "ter": "terrace", "wy": "way",
}  # fmt: skip
STREET_WORDS = {*STREETS.values(), "row", "walk", "mews", "rise", "yard", "end", "view", "grove", "bank", "common"}


def _any_of(words: dict[str, tuple[str, ...]]) -> str:
    return "|".join(sorted({re.escape(word) for row in words.values() for word in row}, key=len, reverse=True))


CHINESE_NUMBER = re.compile(rf"[〇零一二两三四五六七八九十]+(?={_any_of(UNITS)}|[-\s])")
PART = re.compile(
    rf"(?:(?P<title>{_any_of(TITLES)})\.?\s*)?(?P<value>[a-z]?\d{{1,5}}[a-z]?|[a-z](?![a-z]))(?:\s*(?P<unit>{_any_of(UNITS)})(?![a-z]))?"
    r"(?P<gap>\s*[-,/.]\s*|\s+)?"
)
NUMBER = r"\d{1,4}[a-z]?(?:-\d{1,4}[a-z]?)?"
STREET = r"[^\W\d_][^\d_,]*[^\W\d_]\.?"
WITHIN = r"(?:(?P<within>(?:flat|apartment|apt|unit)\.?\s*(?:\d{1,4}[a-z]?|[a-z]))\s*,?\s+)?"
NUMBER_FIRST = re.compile(rf"{WITHIN}(?:no\.?\s*)?(?P<number>{NUMBER})[,\s]+(?P<street>{STREET})")
NUMBER_LAST = re.compile(rf"(?P<street>{STREET})[,\s]+(?:no\.?\s*)?(?P<number>{NUMBER})")
HOUSE_NAME = re.compile(rf"(?P<house>{STREET})\s*,\s*(?P<street>{STREET})")
CHINESE_STREET = re.compile(
    r"(?P<street>[^\d\s]{1,20}(?:路|街|巷|弄|里|胡同|道))\s*(?P<number>\d{1,4})\s*(?:号\s*)?(?:(?P<within>\d{1,4})\s*[室户])?"
)


@dataclass(frozen=True)
class Address:
    """`path` is (("building", "3"), ("entrance", "2"), ("floor", "5")), the way to the door; neighbours say `label`."""

    path: tuple[tuple[str, str], ...]
    door: str
    label: str


def read_address(text: str, *, estate: str = "") -> Address | None:
    """None when it cannot be told which door is meant. Some write the `estate`'s own name in front."""
    said = re.sub(r"[‐‑‒–—―−－_]|(?<=\d)~(?=\d)", "-", plain(text)).lower().strip(" ,.;")
    said = re.sub(rf"^{re.escape(plain(estate).lower())}(?:小区|社区|,)?\s*", "", said) if estate else said
    return _in_building(CHINESE_NUMBER.sub(_as_digits, said)) or _in_street(said)


def _in_building(said: str) -> Address | None:
    parts, at = [], 0
    while at < len(said) and (part := PART.match(said, at)):
        parts.append(part)
        at = part.end()
    if at < len(said) or len(parts) not in RUNGS or not all(_parted(part) for part in parts[:-1]):
        return None
    rungs = RUNGS[len(parts)]
    if len(parts) == 3 and _fits(parts[1], "floor"):
        rungs = ("building", "floor", "door")
    if not all(_fits(part, rung, silent=True) for part, rung in zip(parts, rungs, strict=True)):
        return None
    told = {rung: _number(part["value"]) for part, rung in zip(parts, rungs, strict=True)}
    bare = not any(part["unit"] or part["title"] for part in parts)
    return None if _is_half(told, bare) else _at_door(told)


def _is_half(told: dict[str, str], bare: bool) -> bool:
    """`3-2` may be an entrance without its door, `2024-3-2` is a day that a spreadsheet made of something else."""
    entrance_only = bare and len(told) == 2 and len(told["door"]) < 3
    return entrance_only or any(len(name) > 3 or name == "0" for rung, name in told.items() if rung != "door")


def _at_door(told: dict[str, str]) -> Address | None:
    """The floor is what a door of three digits or more says: 501 is on 5, 1104 on 11."""
    door = told.pop("door")
    digits = "".join(char for char in door if char.isdigit())
    if floor := told.get("floor"):
        if len(digits) <= 2:
            door = floor + door.zfill(2)
        elif digits[:-2] != floor:
            return None
    elif len(digits) > 2:
        told["floor"] = digits[:-2]
    if not digits.strip("0"):
        return None
    label = "-".join([*(name for rung, name in told.items() if rung != "floor"), door])
    return Address(tuple(told.items()), door, label)


def _in_street(said: str) -> Address | None:
    if found := CHINESE_STREET.fullmatch(said):
        door = f"{int(found['number'])}号" + (f"{int(found['within'])}室" if found["within"] else "")
        return Address((("street", found["street"]),), door, found["street"] + door)
    if found := NUMBER_FIRST.fullmatch(said) or NUMBER_LAST.fullmatch(said):
        within = capwords((found.groupdict().get("within") or "").replace(".", " "))
        door = f"{within}, {_house(found['number'])}" if within else _house(found["number"])
        return _on(_street(found["street"]), door, " ")
    if found := HOUSE_NAME.fullmatch(said):
        street = _street(found["street"])
        return _on(street, capwords(found["house"]), ", ") if street.split()[-1].lower() in STREET_WORDS else None
    return None


def _on(street: str, door: str, gap: str) -> Address | None:
    if not door.strip("0") or street.lower() in {title for row in TITLES.values() for title in row}:
        return None
    return Address((("street", street),), door, door + gap + street)


def _street(said: str) -> str:
    """`MILL LN.` is Mill Lane; in front of a name, St stays a saint."""
    *before, last = said.replace(".", " ").split()
    return capwords(" ".join([*before, STREETS.get(last, last) if before else last]))


def _house(number: str) -> str:
    return re.sub(r"\b0+(?=\d)", "", number)


def _fits(part: re.Match[str], rung: str, *, silent: bool = False) -> bool:
    said = [part["title"] in TITLES[rung]] if part["title"] else []
    said += [part["unit"] in UNITS[rung]] if part["unit"] else []
    return all(said) if said else silent


def _parted(part: re.Match[str]) -> bool:
    return bool(part["unit"] or part["gap"])


def _number(value: str) -> str:
    return re.sub(r"^([a-z]?)0+(?=\d)", r"\1", value).upper()


def _as_digits(found: re.Match[str]) -> str:
    """三 is 3, 十二 is 12, 二十 is 20; 五〇一 is read sign by sign."""
    signs = found[0]
    if "十" not in signs:
        return "".join(str(DIGITS[sign]) for sign in signs)
    tens, _, ones = signs.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return signs
    return str(DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0))
