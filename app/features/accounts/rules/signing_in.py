"""Signing in: one answer and one length of time for everything that is wrong, and limits that lock out no estate."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.db import writing
from app.features.accounts.rules.factors import factors_of
from app.features.accounts.rules.logins import account_of, login_of
from app.features.accounts.rules.passwords import fits
from app.features.accounts.tables import HalfOpen, KnownDevice, Login, SignIn
from app.features.people.tables import Person, State
from app.kit import limits
from app.kit.refusals import Refusal, TooOften
from app.kit.words import Sentence, say

PER_ACCOUNT = limits.Limit("sign-in", 30, timedelta(hours=1))
PER_PLACE = limits.Limit("sign-in-here", 8, timedelta(minutes=15))
KNOWN = limits.Limit("sign-in-known", 20, timedelta(minutes=15))
HALF_OPEN = timedelta(minutes=5)


@dataclass(frozen=True)
class Place:
    """Where somebody knocks from: the network, what the browser calls itself, and the mark of an earlier visit."""

    network: str
    device: str = ""
    mark: str = ""
    loopback: bool = False


@dataclass(frozen=True)
class Key:
    """For the browser's two cookies: the sign-in, and the mark by which this device is known later."""

    token: str
    mark: str
    person: int


@dataclass(frozen=True)
class Half:
    """For the browser's cookie: the password was right, and a second factor has yet to be shown."""

    token: str


def fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def sign_in(typed: str, password: str, *, place: Place, now: datetime) -> Key | Half:
    """Half for whoever has a second factor. Raises Refusal (the same for a wrong password and an unknown account) or
    TooOften.

    A try is counted before the password is looked at: a thousand sent at once are a thousand tries.
    """
    login = await login_of(typed)
    known = bool(login and place.mark and await is_known(login.person, place.mark))
    tries = _tries(await account_of(typed), place, known)
    for limit, key in tries:
        if await limits.counted(limit, key, now) >= limit.times or await limits.count(limit, key, now) > limit.times:
            wait = limit.wait(now)
            raise TooOften(say_wait(wait), wait=wait)
    right = await fits(login.password if login else None, password)
    if login is None or not right or not await may_come_in(login, place):
        raise Refusal(say("Phone, e-mail or password is not right. Please look again."), beside="password")
    for limit, key in tries[1:]:
        await limits.take_back(limit, key, now)
    await limits.forget(tries[0][1])
    if (await factors_of(login.person)).any:
        return await half_open(login.person, now=now)
    return await open_door(login.person, place=place, now=now)


def say_wait(wait: int) -> Sentence:
    return say("Too many tries. Please wait %(minutes)s minutes, or ask your steward.", minutes=-(-wait // 60))


def _tries(account: str, place: Place, known: bool) -> list[tuple[limits.Limit, str]]:
    """A device this person once signed in on counts for itself: others' failures do not lock it out."""
    if known:
        return [(KNOWN, KNOWN.key(account, place.mark))]
    return [(PER_PLACE, PER_PLACE.key(place.network, account)), (PER_ACCOUNT, PER_ACCOUNT.key(account))]


async def is_known(person: int, mark: str) -> bool:
    row = (KnownDevice.person == person) & (KnownDevice.fingerprint == fingerprint(mark))
    return bool(await KnownDevice.exists().where(row))


async def may_come_in(login: Login, place: Place) -> bool:
    """Demo sign-ins open on loopback only; who is gone is a stranger."""
    person = await Person.select(Person.state).where(Person.id == login.person).first()
    return bool(person and person["state"] != State.gone and (place.loopback or not login.demo))


async def half_open(person: int, *, now: datetime) -> Half:
    token = secrets.token_urlsafe(32)
    async with writing():
        row = HalfOpen(person=person, fingerprint=fingerprint(token), until_at=now + HALF_OPEN)
        await HalfOpen.insert(row)
    return Half(token)


async def open_door(person: int, *, place: Place, now: datetime, second: bool = False) -> Key:
    """A fresh token for the browser's cookie; never one the browser chose. `second`: a second factor was shown."""
    token, mark = secrets.token_urlsafe(32), place.mark or secrets.token_urlsafe(24)
    async with writing():
        row = SignIn(
            person=person,
            fingerprint=fingerprint(token),
            device=place.device[:120],
            began_at=now,
            seen_at=now,
            second_at=now if second else None,
        )
        await SignIn.insert(row)
        if not await is_known(person, mark):
            await KnownDevice.insert(KnownDevice(person=person, fingerprint=fingerprint(mark), seen_at=now))
    return Key(token, mark, person)
