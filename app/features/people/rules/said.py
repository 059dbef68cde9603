"""What people say about themselves, brought into one shape; a refusal names the field."""

from typing import Any

from app.features.community import rules as community
from app.kit.forms import Mistake, phone
from app.kit.languages import NAMES
from app.kit.refusals import Refusal, Several
from app.kit.words import say

LOOKS = ("auto", "light", "dark")


async def fitting(said: dict[str, Any]) -> dict[str, Any]:
    """Only what was said comes back: phone as E.164 or empty, e-mail in small letters. Raises all refusals together."""
    here = await community.here()
    region, fits, refusals = here.region if here else "CN", dict(said), []
    for field in said.keys() & _READ.keys():
        try:
            fits[field] = _READ[field](said[field], region)
        except Refusal as refusal:
            refusals.append(refusal)
    if refusals:
        raise refusals[0] if len(refusals) == 1 else Several(refusals)
    return fits


def _name(typed: str, region: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise Refusal(say("Please fill this in."), beside="name")
    if not name.isprintable():
        raise Refusal(say("There is a character here that we cannot keep."), beside="name")
    return name


def _phone(typed: str, region: str) -> str:
    try:
        return phone(typed, region) if typed else ""
    except Mistake as mistake:
        raise Refusal(mistake.sentence, beside="phone") from None


def _email(typed: str, region: str) -> str:
    email = typed.strip().lower()
    name, _, host = email.rpartition("@")
    if email and (not name or "." not in host.strip(".") or len(email.split()) != 1):
        raise Refusal(say("That is not an e-mail address."), beside="email")
    return email


def _language(typed: str, region: str) -> str:
    if typed not in ("", *NAMES):
        raise Refusal(say("Please choose one of these."), beside="language")
    return typed


def _look(typed: str, region: str) -> str:
    if typed not in LOOKS:
        raise Refusal(say("Please choose one of these."), beside="look")
    return typed


_READ = {"name": _name, "phone": _phone, "email": _email, "language": _language, "look": _look}
