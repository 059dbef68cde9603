"""A roster's rows, read: who lives behind which door, what they can do, what somebody wrote about them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.features.roster.rules.addresses import Address, read_address
from app.features.roster.rules.phones import Phone, read_phone
from app.features.roster.rules.plain import person_name, plain, several
from app.features.roster.rules.sheets import Reading, lines
from app.kit.words import Sentence, say

NO_PHONE = Phone()
LONGEST_NAME = 80
LONGEST_ADDRESS = 120


@dataclass(frozen=True)
class Blank:
    number: int


@dataclass(frozen=True)
class Refused:
    number: int
    reason: Sentence


@dataclass(frozen=True)
class Resident:
    number: int
    address: Address
    name: str
    phone: Phone = NO_PHONE
    skills: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


Row = Blank | Refused | Resident


def read_residents(content: bytes, *, region: str, estate: str = "", reading: Reading | None = None) -> Iterator[Row]:
    """Raises UnreadableSheet when there is no reading a single row."""
    for line in lines(content, reading):
        yield _row(line.number, line.cells, region, estate)


def _row(number: int, cells: dict[str, str], region: str, estate: str) -> Row:
    said = {field: cell for field, cell in cells.items() if plain(cell)}
    if not said:
        return Blank(number)
    where, name = _where(said), _name(said)
    address = _address(said, where, estate)
    reason = _refused_place(where, address) or _refused_name(name)
    if reason or address is None:
        return Refused(number, reason or say("No address: we do not know which door."))
    phone = read_phone(said.get("phone", ""), region=region)
    return Resident(number, address, name, phone, several(said.get("skills", "")), several(said.get("needs", "")))


def _refused_place(where: str, address: Address | None) -> Sentence | None:
    if not where:
        return say("No address: we do not know which door.")
    if address is None:
        return say("“%(address)s” is no address that we can read.", address=where[:LONGEST_ADDRESS])
    if len(address.label) > LONGEST_ADDRESS or len(address.door) > 40 or any(len(n) > 60 for _, n in address.path):
        return say("The address is too long.")
    return None


def _refused_name(name: str) -> Sentence | None:
    if not name:
        return say("No name.")
    if len(name) > LONGEST_NAME:
        return say("The name is too long.")
    if re.search(r"[、,;/&|]", name):
        return say("More than one name in the row: each person needs a row of their own.")
    if not any(char.isalpha() for char in name):
        return say("“%(name)s” is no name.", name=name)
    return None


def _address(said: dict[str, str], where: str, estate: str) -> Address | None:
    """Some lists name the building in its own column and once more in the address."""
    alone = read_address(said.get("address", ""), estate=estate)
    if alone and alone.path[0] == ("building", plain(said.get("building", "")).rstrip("号楼栋幢座#")):
        return alone
    return read_address(where, estate=estate)


def _where(said: dict[str, str]) -> str:
    """One column, or building, entrance and room in columns of their own."""
    if "building" not in said and "entrance" not in said:
        return plain(said.get("address", said.get("room", "")))
    return "-".join(plain(said[field]) for field in ("building", "entrance", "address", "room") if field in said)


def _name(said: dict[str, str]) -> str:
    if "name" in said:
        return person_name(said["name"])
    first, last = person_name(said.get("first", "")), person_name(said.get("last", ""))
    return person_name(last + " " + first if not (last + first).isascii() else first + " " + last)
