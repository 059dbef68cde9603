"""Another phone: a signed-in one shows a code, the other a number, the first says which number, and the other is in.

Whoever only photographs the code shows a number that nobody chooses; whoever only finds a phone lying about signed in
has to prove once more who they are before the code is shown.
"""

import secrets
from datetime import datetime, timedelta

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.accounts.rules import Key, Place, Viewer, must_be_fresh
from app.features.accounts.rules.codes import LENGTH, LETTERS, plain
from app.features.accounts.rules.signing_in import fingerprint, may_come_in, open_door
from app.features.accounts.tables import Login, SignIn
from app.features.joining.tables import OtherPhone
from app.features.notices import rules as notices
from app.kit import audit, limits
from app.kit.refusals import Missing, Refusal, Taken, TooOften
from app.kit.words import say

LASTS = timedelta(minutes=10)
TRIES = limits.Limit("phone", 100, timedelta(hours=1))
GONE = say("That code is not valid any more. Make a new one on the phone that is signed in.")
ENDED = say("That was refused, or took too long. Make a new code on the phone that is signed in.")


class Other(Struct):
    """Where it stands, for either phone. `others` are three numbers, of which the other phone shows one."""

    id: int
    person: int
    sign_in: int
    until_at: datetime
    ticket: str
    device: str
    number: int
    others: str
    opened_at: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None

    @property
    def numbers(self) -> list[int]:
        return [int(each) for each in self.others.split()]

    def stands(self, now: datetime) -> bool:
        return self.ended_at is None and self.until_at > now


_OTHER = (
    "SELECT id, person, sign_in, until_at, ticket, device, number, others, opened_at, confirmed_at, ended_at "
    "FROM other_phones WHERE "
)
_one = prepared_sql(_OTHER + "id = {} AND sign_in = {}", Other)
_by_code = prepared_sql(_OTHER + "fingerprint = {}", Other)


async def show_code(by: Viewer, *, now: datetime) -> tuple[int, str]:
    """(its number, the code). Only its print is kept; an older one of this sign-in ends."""
    must_be_fresh(by, now)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    async with writing():
        older = (OtherPhone.sign_in == by.sign_in) & OtherPhone.ended_at.is_null()
        await OtherPhone.update({OtherPhone.ended_at: now}).where(older)
        row = OtherPhone(
            person=by.id, sign_in=by.sign_in, fingerprint=fingerprint(code), until_at=now + LASTS, ticket="", device=""
        )
        await row.save()
        await audit.note("code for another phone", who=by.id, about=f"person:{by.id}", now=now, concerns=by.id)
    return int(row.id), code


async def other_phone(id: int, *, by: Viewer) -> Other:
    """As the sign-in sees it that made the code; Missing for every other."""
    found = await _one.first(id, by.sign_in)
    if found is None or found.person != by.id:
        raise Missing
    return found


async def knocked(code: str, *, network: str, now: datetime) -> Other:
    """As the other phone sees it. A wrong code is counted; a right one is let through whatever others tried."""
    found = await _by_code.first(fingerprint(plain(code)))
    if found is not None and (found.stands(now) or found.opened_at is not None):
        return found
    if await limits.count(TRIES, TRIES.key(network), now) > TRIES.times:
        raise TooOften(say("Too many tries. Please wait an hour."), wait=TRIES.wait(now))
    raise Missing(GONE)


async def knock_with(code: str, *, place: Place, now: datetime) -> str:
    """The ticket for the other phone's cookie: of two phones that come with one code, the first gets it."""
    known, ticket = await knocked(code, network=place.network, now=now), secrets.token_urlsafe(24)
    async with writing():
        row = await held(OtherPhone.objects().where(OtherPhone.id == known.id)).first()
        if row is None or row.opened_at is not None or row.ended_at is not None or row.until_at <= now:
            raise Taken(say("Another phone came with this code first. If that was not you, refuse it."))
        numbers = secrets.SystemRandom().sample(range(10, 100), 3)
        row.ticket, row.device, row.opened_at = fingerprint(ticket), place.device[:120], now
        row.number, row.others = numbers[0], " ".join(map(str, sorted(numbers)))
        await row.save()
    return ticket


async def confirm(id: int, number: int, *, by: Viewer, now: datetime) -> None:
    """The number that the other phone shows lets it in; any other ends it."""
    async with writing():
        row = await _held(id, by, now)
        if row.opened_at is None or row.confirmed_at is not None:
            raise Taken(say("Please look again: nobody waits for this answer."))
        if row.number == number:
            await OtherPhone.update({OtherPhone.confirmed_at: now}).where(OtherPhone.id == id)
            await audit.note("another phone confirmed", who=by.id, about=f"person:{by.id}", now=now, concerns=by.id)
            return
        await OtherPhone.update({OtherPhone.ended_at: now}).where(OtherPhone.id == id)
    raise Refusal(say("That is not the number. To be safe it has ended: make a new code if it was you."))


async def refuse(id: int, *, by: Viewer, now: datetime) -> None:
    async with writing():
        await _held(id, by, now)
        await OtherPhone.update({OtherPhone.ended_at: now}).where(OtherPhone.id == id)
        await audit.note("another phone refused", who=by.id, about=f"person:{by.id}", now=now, concerns=by.id)


async def come_in(code: str, ticket: str, *, place: Place, now: datetime) -> Key:
    """Once, on the phone that showed the number. It counts as having shown what the confirming one has."""
    known = await knocked(code, network=place.network, now=now)
    async with writing():
        row = await held(OtherPhone.objects().where(OtherPhone.id == known.id)).first()
        signed_in = await SignIn.objects().where(SignIn.id == known.sign_in).first()
        login = await Login.objects().where(Login.person == known.person).first()
        if row is None or not is_theirs(known, ticket) or row.ended_at or row.until_at <= now or not signed_in:
            raise Missing(ENDED)
        if row.confirmed_at is None or login is None or not await may_come_in(login, place):
            raise Missing(ENDED)
        await OtherPhone.update({OtherPhone.ended_at: now}).where(OtherPhone.id == row.id)
        key = await open_door(row.person, place=place, now=now, second=signed_in.second_at is not None)
        told = say("Another phone signs in as you now: %(device)s. Not you? Sign it out.", device=place.device)
        await notices.tell(row.person, told, path="/account/sessions", now=now, topic="account")
        return key


def is_theirs(other: Other, ticket: str) -> bool:
    return bool(ticket) and secrets.compare_digest(other.ticket, fingerprint(ticket))


async def _held(id: int, by: Viewer, now: datetime) -> OtherPhone:
    mine = (OtherPhone.id == id) & (OtherPhone.sign_in == by.sign_in)
    row = await held(OtherPhone.objects().where(mine)).first()
    if row is None:
        raise Missing
    if row.ended_at is not None or row.until_at <= now:
        raise Taken(ENDED)
    return row


async def purge(now: datetime) -> None:
    await OtherPhone.delete().where(OtherPhone.until_at < now - timedelta(days=1))
