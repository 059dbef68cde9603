"""Changing how somebody is reached and what they sign in with: resets go there, so they hear of it."""

from datetime import datetime
from typing import Any

from app.db import writing
from app.features.accounts.rules.letters import Reader, reader, tell_them
from app.features.accounts.rules.logins import normal
from app.features.accounts.rules.proving import must_be_fresh
from app.features.accounts.rules.sign_ins import Viewer
from app.features.accounts.tables import Login
from app.features.community import rules as community
from app.features.people import rules as people
from app.kit import audit
from app.kit.phones import e164
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import Sentence, say


async def change_contact(person_id: int, *, by: int, now: datetime, **said: Any) -> None:
    """Name, phone, e-mail, language and look, by the person or at the desk. Told when phone or e-mail changed."""
    async with writing():
        before, old = await _known(person_id), await people.contact(person_id)
        await people.edit_person(person_id, by=by, now=now, **said)
        new = await people.contact(person_id)
        if (old.phone, old.email) != (new.phone, new.email):
            await _tell(person_id, say("How you can be reached was changed."), before, now)


async def reaches_elsewhere(person_id: int, *, phone: str, email: str) -> bool:
    """Would that change where letters and resets go? A phone written in another way is the same phone."""
    known = await people.contact(person_id)
    here = await community.here()
    same_phone = phone == known.phone or e164(phone, here.region if here else "CN") == known.phone
    return not same_phone or email.strip().lower() != known.email


async def change_login(of: Viewer, typed: str, *, now: datetime) -> None:
    """Raises Taken when somebody else comes in with that phone or e-mail."""
    must_be_fresh(of, now)
    number, email = await normal(typed)
    async with writing():
        before = await _known(of.id)
        same = (Login.phone == number) if number else (Login.email == email)
        if await Login.exists().where(same & (Login.person != of.id)):
            raise Taken(say("Somebody signs in with that already. Use another, or ask your steward."), beside="login")
        changed: dict[Any, Any] = {Login.phone: number, Login.email: email}
        if not await Login.update(changed).where(Login.person == of.id).returning(Login.id):
            raise Refusal(say("You have no password yet."), beside="login")
        await audit.note("sign-in changed", who=of.id, about=f"person:{of.id}", now=now, concerns=of.id)
        await _tell(of.id, say("What you sign in with was changed."), before, now)


async def signs_in_with(person_id: int) -> str:
    """The phone or e-mail; empty for whoever has no sign-in."""
    login = await Login.select(Login.phone, Login.email).where(Login.person == person_id).first()
    return (login["phone"] or login["email"] or "") if login else ""


async def _known(person_id: int) -> Reader:
    found = await reader(person_id)
    if found is None:
        raise Missing
    return found


async def _tell(person_id: int, sentence: Sentence, before: Reader, now: datetime) -> None:
    """By every road, and at the address they had before."""
    after = await _known(person_id)
    await tell_them(person_id, sentence, now=now, also_to=before.address if before.address != after.address else "")
