"""What people agreed to, purpose by purpose, each by the version of its words; it can be taken back at any time."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.people.tables import Consent, Person
from app.kit import audit
from app.kit.refusals import Missing
from app.kit.words import Sentence, say


class Purpose(Struct, frozen=True):
    """`version` is the day its words were last changed: older consents do not cover the new words."""

    words: Sentence
    version: str


PURPOSES: dict[str, Purpose] = {
    "terms": Purpose(say("The terms of this community"), "2026-11-28"),
    "needs": Purpose(
        say("Keeping your special needs, so that your steward and helpers find you in an emergency"), "2026-11-28"
    ),
    "push": Purpose(
        say(
            "Letting your phones ring: the push service of each browser (Google, Mozilla, Apple or Microsoft, which "
            "may stand abroad) carries what we send, sealed, and learns when your phone is told something"
        ),
        "2026-11-28",
    ),
}


class Given(Struct):
    purpose: str
    version: str
    given_by: int | None
    given_at: datetime
    withdrawn_at: datetime | None


_given = prepared_sql(
    "SELECT purpose, version, given_by, given_at, withdrawn_at FROM consents WHERE person = {} ORDER BY id", Given
)


async def consent(person_id: int, purpose: str, *, by: int, now: datetime) -> None:
    """To today's words. Saying it again renews nothing; to new words, or from other lips (a child that has come of age
    speaks for itself), it replaces the one before."""
    version = PURPOSES[purpose].version
    async with writing():
        if await held(Person.objects().where(Person.id == person_id)).first() is None:
            raise Missing
        standing = _standing(person_id, purpose)
        if await Consent.exists().where(standing & (Consent.version == version) & (Consent.given_by == by)):
            return
        await Consent.update({Consent.withdrawn_at: now}).where(standing)
        row = Consent(person=person_id, purpose=purpose, version=version, given_by=by, given_at=now)
        await Consent.insert(row)
        await audit.note(
            "consent given", who=by, about=f"person:{person_id}", now=now, concerns=person_id, fields=[purpose]
        )


async def withdraw_consent(person_id: int, purpose: str, *, by: int, now: datetime) -> bool:
    """False where there was none. Whoever kept something by it lets it go in the same transaction."""
    async with writing():
        ended = Consent.update({Consent.withdrawn_at: now}).where(_standing(person_id, purpose)).returning(Consent.id)
        if not await ended:
            return False
        await audit.note(
            "consent withdrawn", who=by, about=f"person:{person_id}", now=now, concerns=person_id, fields=[purpose]
        )
        return True


async def has_consented(person_id: int, purpose: str) -> bool:
    """To the words as they are today."""
    return any(
        each.purpose == purpose and each.withdrawn_at is None and each.version == PURPOSES[purpose].version
        for each in await _given(person_id)
    )


async def consents_of(person_id: int) -> list[Given]:
    """Standing and withdrawn ones, in the order in which they were given."""
    return list(await _given(person_id))


async def hand_over_consents(person_id: int, *, to: int) -> None:
    """Two rows were one person. What the other had agreed to already stays as it stands; the rest goes with them."""
    async with writing():
        stand = [each.purpose for each in await _given(to) if each.withdrawn_at is None]
        theirs = Consent.person == person_id
        for purpose in stand:
            await Consent.delete().where(theirs & (Consent.purpose == purpose) & Consent.withdrawn_at.is_null())
        await Consent.update({Consent.person: to}).where(theirs)


def _standing(person_id: int, purpose: str) -> Any:
    return (Consent.person == person_id) & (Consent.purpose == purpose) & Consent.withdrawn_at.is_null()
