"""Phone numbers as people write them become E.164, or nothing: never a guess."""

import re
from functools import cache
from unicodedata import normalize

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

SHORT = re.compile(r"[1-9]\d{2,5}", re.ASCII)
DIALLED = re.compile(r"\+?[\d\s().-]+")


def e164(text: str, region: str) -> str:
    """ "" for what nobody can dial. `region` (ISO 3166) is where a number without a country code belongs.

    Letters are refused before parsing: phonenumbers would dial them (O is 6, and an extension is dropped).
    """
    dialled = re.sub(r"[‐‑‒–—―−]", "-", normalize("NFKC", text).strip())
    if not DIALLED.fullmatch(dialled):
        return ""
    try:
        number = _parsed(dialled, region)
    except NumberParseException:
        return ""
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164)) if can_be_right(number) else ""


def public_number(text: str, region: str) -> str:
    """What the public may dial: 119 or 95598 as it stands, or any other number as E.164. "" for what nobody can."""
    short = re.sub(r"[\s-]", "", normalize("NFKC", text))
    return short if SHORT.fullmatch(short) else e164(text, region)


def _parsed(dialled: str, region: str) -> PhoneNumber:
    """China once dialled abroad by 17900 and 00, and 17900001000 is a mobile of today: abroad is + or 00 for us."""
    number = phonenumbers.parse(dialled, region)
    home = phonenumbers.country_code_for_region(region)
    if number.country_code != home and not dialled.startswith(("+", "00")):
        return phonenumbers.parse(f"+{home}{dialled}")
    return number


def dialled(number: str) -> str:
    """E.164 in groups, as people read it out: +86 138 0013 8000."""
    try:
        known = phonenumbers.parse(number)
    except NumberParseException:
        return number
    return str(phonenumbers.format_number(known, PhoneNumberFormat.INTERNATIONAL))


def can_be_right(number: PhoneNumber) -> bool:
    """Valid, or as long as a mobile of its country and beginning like one: prefixes are handed out faster than the
    numbering plan in the library learns them (179… is unknown to it), lengths hardly ever change."""
    if phonenumbers.is_valid_number(number):
        return True
    begins = _mobiles_begin(number.country_code or 0)
    return bool(begins) and str(number.national_number).startswith(begins) and _mobile_long(number)


@cache
def _mobiles_begin(country: int) -> str:
    """The first digit of a mobile there: a list of 100,000 asks for the same country again and again."""
    region = phonenumbers.region_code_for_country_code(country)
    mobile = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    return str(mobile.national_number)[0] if mobile else ""


def _mobile_long(number: PhoneNumber) -> bool:
    return bool(phonenumbers.is_possible_number_for_type(number, PhoneNumberType.MOBILE))
