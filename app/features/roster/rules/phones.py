"""A phone that can be right becomes E.164; one that cannot stays, as the list had it, for a steward to ask about."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from app.features.roster.rules.plain import plain

DIALLED = re.compile(r"\+?[\d\s().-]+")


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
    """Letters are refused before parsing: phonenumbers would dial them (O is 6, and an extension is dropped)."""
    dialled = re.sub(r"[‐‑‒–—―−]", "-", re.sub(r"\.0+$", "", cell))
    if not DIALLED.fullmatch(dialled):
        return ""
    try:
        number = phonenumbers.parse(dialled, region)
    except NumberParseException:
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if _can_be_right(number) else ""


def _can_be_right(number: PhoneNumber) -> bool:
    """Valid, or as long as a mobile of its country and beginning like one: prefixes are handed out faster than the
    numbering plan in the library learns them (179… is unknown to it), lengths hardly ever change."""
    if phonenumbers.is_valid_number(number):
        return True
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    mobile = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    begins = str(mobile.national_number)[0] if mobile else ""
    return bool(begins) and str(number.national_number).startswith(begins) and _mobile_long(number)


def _mobile_long(number: PhoneNumber) -> bool:
    return phonenumbers.is_possible_number_for_type(number, PhoneNumberType.MOBILE)
