"""A phone that can be right becomes E.164; one that cannot stays, as the list had it, for a steward to ask about."""

import re
from dataclasses import dataclass

from app.features.roster.rules.plain import plain
from app.kit.phones import e164


@dataclass(frozen=True)
class Phone:
    """`number` can be dialled; `note` is what nobody can dial. Both only where one cell held two numbers."""

    number: str = ""
    note: str = ""


def read_phone(text: str, *, region: str) -> Phone:
    """Never guesses: digits that a spreadsheet lost (`1.38300E+10`, ten of eleven) are not coming back."""
    cell = plain(text).strip("'\"` ")
    whole = _number(cell, region)
    if whole or not cell:
        return Phone(whole)
    pieces = [piece.strip() for piece in re.split(r"[/、,;|]", cell)]
    good = next(((piece, number) for piece in pieces if (number := _number(piece, region))), None)
    if good is None:
        return Phone(note=cell[:80])
    others = dict.fromkeys(piece for piece in pieces if piece and _number(piece, region) != good[1])
    return Phone(good[1], ", ".join(others)[:80])


def _number(cell: str, region: str) -> str:
    """A spreadsheet's ".0" is not dialled."""
    return e164(re.sub(r"\.0+$", "", cell), region)
