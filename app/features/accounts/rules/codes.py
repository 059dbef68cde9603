"""First codes: with one a person sets the first password; from the command line also a new one. 84 bits."""

import secrets
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from app.db import held, one_of, writing
from app.features.accounts.rules.factors import take_all
from app.features.accounts.rules.letters import tell_them
from app.features.accounts.rules.logins import keep_login, normal
from app.features.accounts.rules.passwords import hashed
from app.features.accounts.rules.shutting import shut_all
from app.features.accounts.rules.signing_in import fingerprint
from app.features.accounts.tables import FirstCode, Login
from app.features.people.rules import Neighbour, neighbour
from app.features.people.tables import Kind, Person, State
from app.kit import audit, limits
from app.kit.refusals import Missing, NotYours, Refusal, TooOften
from app.kit.words import say

LASTS = timedelta(hours=48)
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 17
TRIES = limits.Limit("code", 10, timedelta(hours=1))
KNOWN = say("They have signed in before: what they need is a new password.")
GONE = say("That code is not valid any more. Ask whoever gave it to you for a new one.")


Also = Callable[[int], Awaitable[None]]


async def code_for(person_id: int, *, by: Neighbour | None, now: datetime) -> str:
    """17 letters out of 31: 84 bits. `by` is None for the command line, which resets officers and everybody else."""
    person = await neighbour(person_id)
    if person.state == State.gone:
        raise Missing
    if by is not None and await Login.exists().where(Login.person == person_id):
        raise Refusal(KNOWN, way=(f"/neighbours/{person_id}/reset", say("A new password for them")))
    if by is not None and person.is_a(*Kind) and by.id != person_id:
        raise NotYours(say("Whoever holds a role gets a first code from the command line: kith user reset-code."))
    made = await codes_for([person_id], by=by.id if by else None, lasts=LASTS, now=now)
    return made[person_id]


async def codes_for(people: Iterable[int], *, by: int | None, lasts: timedelta, now: datetime) -> dict[int, str]:
    """One each, whatever they had before ends. Whoever calls has made sure that these people may have one."""
    made = {person: "".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for person in people}
    async with writing():
        await FirstCode.delete().where(one_of(FirstCode.person, list(made)) & FirstCode.spent_at.is_null())
        for person, code in made.items():
            row = FirstCode(person=person, fingerprint=fingerprint(code), made_by=by, until_at=now + lasts)
            await FirstCode.insert(row)
            await audit.note("code given", who=by, about=f"person:{person}", now=now, concerns=person)
    return made


def plain(code: str) -> str:
    """As people type it: capitals, spaces and dashes do not matter."""
    return "".join(letter for letter in code.lower() if letter in LETTERS)


async def holder(code: str, *, network: str, now: datetime) -> Neighbour:
    """Whose code that is; looking spends nothing. Raises Missing, or TooOften for whoever keeps guessing.

    A right code is let through whatever others on its network tried: an estate shares one address.
    """
    row = await _valid(code, now).first()
    person = await neighbour(row.person) if row else None
    if person is not None and person.state != State.gone:
        return person
    if await limits.count(TRIES, TRIES.key(network), now) > TRIES.times * 10:
        raise TooOften(say("Too many tries. Please wait an hour."), wait=TRIES.wait(now))
    raise Missing(GONE)


def _valid(code: str, now: datetime) -> Any:
    same = FirstCode.fingerprint == fingerprint(plain(code))
    return FirstCode.objects().where(same & FirstCode.spent_at.is_null() & (FirstCode.until_at > now))


async def redeem(code: str, *, login: str, password: str, now: datetime, also: Also | None = None) -> int:
    """Sets the password and spends the code, both or neither; ends every sign-in there was. Gives back the person.

    `also` is what a higher feature does with it, in the same transaction.

    Where a phone or e-mail is on file, the one typed must be it: a code alone opens nothing. The command line's code
    also takes away a second factor, which may be what was lost.
    """
    row = await _valid(code, now).first()
    if row is None:
        raise Missing(GONE)
    await _is_theirs(row.person, login, row.fingerprint, now)
    kept = await hashed(password)
    async with writing():
        again = await held(_valid(code, now)).first()
        if again is None:
            raise Missing(GONE)
        await FirstCode.update({FirstCode.spent_at: now}).where(FirstCode.id == again.id)
        await shut_all(row.person, now=now)
        if again.made_by is None:
            await take_all(row.person)
        if await Login.exists().where(Login.person == row.person):
            told = say("Your password was set anew, and all your sign-ins were ended.")
            await tell_them(row.person, told, now=now)
        await keep_login(row.person, login, kept, now=now)
        if also is not None:
            await also(row.person)
    return int(row.person)


async def _is_theirs(person_id: int, login: str, code: str, now: datetime) -> None:
    """Ten guesses of the phone on file, each counted before it is looked at, and the code waits an hour."""
    number, email = await normal(login)
    person = await Person.objects().where(Person.id == person_id).first()
    if person is None or person.state == State.gone:
        raise Missing(GONE)
    known = await Login.objects().where(Login.person == person_id).first()
    on_file = {person.phone, person.email, known and known.phone, known and known.email} - {"", None}
    key = TRIES.key(code)
    if await limits.count(TRIES, key, now) > TRIES.times:
        raise TooOften(say("Too many tries. Please wait an hour."), wait=TRIES.wait(now))
    if on_file and (number or email) not in on_file:
        raise Refusal(say("That is not the phone or e-mail we have on file for you."), beside="login")
