"""The second step at the door: the password was right, now the passkey, the app or a code from the paper."""

from datetime import datetime, timedelta
from typing import Any

from app.db import held, writing
from app.features.accounts.rules.authenticator import app_fits
from app.features.accounts.rules.factors import Factors, factors_of
from app.features.accounts.rules.passkeys import NO, options_to_show, owner_of
from app.features.accounts.rules.proving import note_proof
from app.features.accounts.rules.recovery import spend_recovery_code
from app.features.accounts.rules.sign_ins import Viewer
from app.features.accounts.rules.signing_in import (
    Key,
    Place,
    fingerprint,
    is_known,
    may_come_in,
    open_door,
    say_wait,
)
from app.features.accounts.tables import HalfOpen, Login
from app.kit import limits
from app.kit.refusals import Missing, Refusal, TooOften
from app.kit.words import say

TRIES = limits.Limit("second", 10, timedelta(minutes=15))
TOO_LATE = say("That took longer than five minutes. Please sign in again.")


async def waits_for(token: str, *, now: datetime) -> tuple[int, Factors]:
    """Who stands in the half-open door, and what they can show. Raises Missing when it has shut."""
    row = await _open(token, now).first()
    if row is None:
        raise Missing(TOO_LATE)
    return row.person, await factors_of(row.person)


async def come_in_by_code(token: str, code: str, *, place: Place, now: datetime) -> Key:
    """Six digits of the app, or a recovery code. Raises Refusal beside "code", TooOften, Missing."""
    person, _ = await waits_for(token, now=now)
    await _fits(person, code, place=place, now=now)
    return await _step_in(token, person, place=place, now=now)


async def come_in_by_passkey(token: str, answer: str, *, place: Place, now: datetime) -> Key:
    """As the second step, or (without a token) as the only one: a passkey is both what one has and who one is."""
    if token:
        person, _ = await waits_for(token, now=now)
        await owner_of(answer, asked=person, now=now)
        return await _step_in(token, person, place=place, now=now)
    person = await owner_of(answer, asked=None, now=now)
    login = await Login.objects().where(Login.person == person).first()
    if login is None or not await may_come_in(login, place):
        raise Refusal(NO)
    return await open_door(person, place=place, now=now, second=True)


async def options_for_half(token: str, *, now: datetime) -> str:
    """JSON for the browser of whoever stands in the half-open door. Raises Missing."""
    person, _ = await waits_for(token, now=now)
    return await options_to_show(person, now=now)


async def show_code(of: Viewer, code: str, *, place: Place, now: datetime) -> None:
    """In a sign-in that began without it."""
    await _fits(of.id, code, place=place, now=now)
    await note_proof(of, now=now, second=True)


async def show_passkey(of: Viewer, answer: str, *, now: datetime) -> None:
    await owner_of(answer, asked=of.id, now=now)
    await note_proof(of, now=now, second=True)


async def _fits(person: int, code: str, *, place: Place, now: datetime) -> None:
    """A try is counted before it is looked at. A known device counts for itself: who learnt the password and guesses
    elsewhere does not lock the owner out."""
    known = bool(place.mark) and await is_known(person, place.mark)
    key = TRIES.key(person, place.mark if known else "")
    if await limits.count(TRIES, key, now) > TRIES.times:
        raise TooOften(say_wait(TRIES.wait(now)), wait=TRIES.wait(now))
    if not (await app_fits(person, code, now=now) or await spend_recovery_code(person, code, now=now)):
        raise Refusal(say("That code does not fit, or was used already. Please look again."), beside="code")
    await limits.forget(key)


async def _step_in(token: str, person: int, *, place: Place, now: datetime) -> Key:
    """The half-open door opens once."""
    login = await Login.objects().where(Login.person == person).first()
    if login is None or not await may_come_in(login, place):
        raise Missing(TOO_LATE)
    async with writing():
        if await held(_open(token, now)).first() is None:
            raise Missing(TOO_LATE)
        await HalfOpen.delete().where(HalfOpen.fingerprint == fingerprint(token))
        return await open_door(person, place=place, now=now, second=True)


def _open(token: str, now: datetime) -> Any:
    return HalfOpen.objects().where((HalfOpen.fingerprint == fingerprint(token)) & (HalfOpen.until_at > now))
