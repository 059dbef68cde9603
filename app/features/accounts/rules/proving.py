"""Showing once more that it is you: before what opens the door is changed, and for what needs a second factor."""

from datetime import datetime, timedelta
from typing import Any

from app.features.accounts.rules.logins import CHANGES
from app.features.accounts.rules.passwords import fits
from app.features.accounts.rules.sign_ins import Viewer
from app.features.accounts.tables import Login, SignIn
from app.kit import limits
from app.kit.refusals import NotYours, Refusal, TooOften
from app.kit.words import say

FRESH = timedelta(minutes=5)
TO_FINISH = timedelta(minutes=15)  # from opening the form to sending it: there is an app to fetch and a code to scan
AGAIN = say("Please show once more that it is you.")
NOT_ENOUGH = say("This browser has not shown your second factor yet, and the password alone is not enough here.")
WAY = ("/account/proof", say("Show that it is you"))


def is_fresh(of: Viewer, now: datetime) -> bool:
    """Signed in, or shown anew, within five minutes; with the second factor where there is one."""
    return now - of.proved_at <= FRESH and not owes_second(of)


def must_be_fresh(of: Viewer, now: datetime) -> None:
    if owes_second(of):
        raise NotYours(NOT_ENOUGH, way=WAY)
    if now - of.proved_at > TO_FINISH:
        raise NotYours(AGAIN, way=WAY)


def owes_second(of: Viewer) -> bool:
    """A browser that came in by the password before there was a second factor: the password alone adds no other key."""
    return of.has_second and of.second_at is None and not of.demo


async def prove(of: Viewer, password: str, *, now: datetime, beside: str = "password") -> None:
    """By the password, which is not looked at where a second factor is owed. A try is counted before it is looked at,
    and a right one clears the count.
    """
    if owes_second(of):
        raise NotYours(NOT_ENOUGH, way=WAY)
    login = await Login.objects().where(Login.person == of.id).first()
    key = CHANGES.key(of.id)
    if await limits.count(CHANGES, key, now) > CHANGES.times:
        raise TooOften(say("Too many tries. Please wait an hour."), wait=CHANGES.wait(now))
    if login is None or not await fits(login.password, password):
        raise Refusal(say("That is not your password now."), beside=beside)
    await limits.forget(key)
    await note_proof(of, now=now)


async def note_proof(of: Viewer, *, now: datetime, second: bool = False) -> None:
    shown: dict[Any, datetime] = {SignIn.proved_at: now} | ({SignIn.second_at: now} if second else {})
    await SignIn.update(shown).where(SignIn.id == of.sign_in)
