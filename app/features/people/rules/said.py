"""What people say about themselves, brought into one shape; a refusal names the field."""

from typing import Any

from app.features.community import rules as community
from app.kit.forms import Mistake, phone
from app.kit.languages import NAMES
from app.kit.refusals import Refusal
from app.kit.words import say

LOOKS = ("auto", "light", "dark")


async def fitting(said: dict[str, Any]) -> dict[str, Any]:
    """Only what was said comes back: phone as E.164 or empty, e-mail in small letters."""
    fits = dict(said)
    if "name" in said:
        fits["name"] = _name(said["name"])
    if said.get("phone"):
        fits["phone"] = await _phone(said["phone"])
    if said.get("email"):
        fits["email"] = _email(said["email"])
    if said.get("language", "") not in ("", *NAMES):
        raise Refusal(say("Please choose one of these."), beside="language")
    if said.get("look", "auto") not in LOOKS:
        raise Refusal(say("Please choose one of these."), beside="look")
    return fits


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise Refusal(say("Please fill this in."), beside="name")
    if not name.isprintable():
        raise Refusal(say("There is a character here that we cannot keep."), beside="name")
    return name


async def _phone(typed: str) -> str:
    here = await community.here()
    try:
        return phone(typed, here.region if here else "CN")
    except Mistake as mistake:
        raise Refusal(mistake.sentence, beside="phone") from None


def _email(typed: str) -> str:
    email = typed.strip().lower()
    name, _, host = email.rpartition("@")
    if not name or "." not in host.strip(".") or len(email.split()) != 1:
        raise Refusal(say("That is not an e-mail address."), beside="email")
    return email
