"""Knocking: somebody opens a poster and asks to be let in. They get a sign-in and wait, and learn about nobody."""

import secrets
from datetime import datetime, timedelta

from msgspec import Struct

from app.db import writing
from app.features.accounts import rules as accounts
from app.features.accounts.rules.codes import LETTERS
from app.features.accounts.rules.logins import account_of, keep_login
from app.features.accounts.rules.passwords import hashed
from app.features.joining.rules.claiming import must_agree
from app.features.joining.rules.posters import Hung, invitation
from app.features.joining.tables import Newcomer
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.tables import Kind, State
from app.kit import audit, limits
from app.kit.refusals import Missing, TooOften
from app.kit.words import say

TOKEN = 14  # 69 bits: it opens a page for neighbours, and does nothing
FROM_HERE = limits.Limit("knock", 10, timedelta(hours=1))
# Forty households that scan one poster through the Wi-Fi of one hall, three of each, and some who type it twice.
ONE_PLACE = limits.Limit("poster-here", 150, timedelta(days=1))
A_POSTER = limits.Limit("poster", 600, timedelta(days=1))  # who really asked; four such halls
CLOSED = say("This invitation has ended. Ask the committee or your steward for a new one.")


class Knock(Struct):
    """`door` as neighbours say it: kept as words, and compared with nothing while the stranger waits for an answer."""

    name: str
    door: str
    login: str
    password: str
    terms: bool = False
    old_enough: bool = False


async def knock(code: str, asked: Knock, *, network: str, language: str, now: datetime) -> int:
    """Gives back the person, who is pending and signs in. Raises Missing for a poster that has ended, or TooOften.

    Tries are counted by network with account and with poster, never by network alone: a whole building scans one poster
    at one evening. Nobody alone can use up a poster for the others.
    """
    hung = await invitation(code, now)
    if hung is None:
        raise Missing(CLOSED)
    must_agree(asked.terms, asked.old_enough)
    await accounts.normal(asked.login)
    await _count(hung, network, await account_of(asked.login), now)
    kept = await hashed(asked.password)
    async with writing():
        await _one_more_asks(hung, now)
        person = await people.add_person(name=asked.name, language=language, state=State.pending, now=now)
        await keep_login(person, asked.login, kept, now=now)
        await people.consent(person, "terms", by=person, now=now)
        door, token = " ".join(asked.door.split()), new_token()
        row = Newcomer(person=person, poster=hung.id, area=hung.area, door=door, token=token, asked_at=now)
        await Newcomer.insert(row)
        await audit.note("asked to be let in", who=person, about=f"area:{hung.area}", now=now, concerns=person)
        await _tell_officers(person, hung.area, now)
    return person


def new_token() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(TOKEN))


async def _count(hung: Hung, network: str, account: str, now: datetime) -> None:
    """Tries are counted, whether or not they succeed: who tries out phones soon waits."""
    for limit, key in ((FROM_HERE, FROM_HERE.key(network, account)), (ONE_PLACE, ONE_PLACE.key(network, hung.id))):
        if await limits.count(limit, key, now) > limit.times:
            raise TooOften(say("Too many tries. Please wait an hour."), wait=limit.wait(now))


async def _one_more_asks(hung: Hung, now: datetime) -> None:
    """In the transaction of the ask: one that comes to nothing is not counted."""
    if await limits.count(A_POSTER, A_POSTER.key(hung.id), now) > A_POSTER.times:
        raise TooOften(
            say("Very many have asked by this poster today. Please come back tomorrow."), wait=A_POSTER.wait(now)
        )


async def _tell_officers(person_id: int, area_id: int, now: datetime) -> None:
    """The stewards around the poster; where there is none, the administrators."""
    officers = await people.stewards_around(area_id) or await people.officers(Kind.administrator)
    told, path = say("A new neighbour asks to be let in."), f"/welcomes/{person_id}"
    await notices.tell_all(officers, told, path=path, now=now, topic="account", key=f"newcomer:{person_id}")
