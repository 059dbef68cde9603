"""Knocking: somebody opens a poster and asks to be let in. They get a sign-in and wait, and learn about nobody."""

import secrets
import unicodedata
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
from app.kit.words import Sentence, say

TOKEN = 14  # 69 bits: it opens a page for neighbours, and does nothing
FROM_HERE = limits.Limit("knock", 10, timedelta(hours=1))
# A meeting in the hall: 40 households behind one Wi-Fi, three people of each, one in four of whom tries twice: 150. A
# poster takes in two such meetings a day; so no single network, whatever it tries, uses up what hangs there for all.
AT_POSTER = limits.Limit("knock-poster", 150, timedelta(days=1))
A_POSTER = limits.Limit("poster", 300, timedelta(days=1))
FULL = say("Too many have asked by this poster today. Come back tomorrow, or ask your steward for a new one.")
CLOSED = say("This invitation has ended. Ask the committee or your steward for a new one.")


class Knock(Struct):
    """`door` as neighbours say it, in whatever width it was typed: compared with nothing while the stranger waits."""

    name: str
    door: str
    login: str
    password: str
    terms: bool = False
    old_enough: bool = False


async def knock(code: str, asked: Knock, *, network: str, language: str, now: datetime) -> int:
    """Gives back the person, who is pending and signs in. Raises Missing for a poster that has ended, or TooOften.

    Tries are counted by network with account and with poster, never by network alone; a poster counts who got through.
    """
    hung = await invitation(code, now)
    if hung is None:
        raise Missing(CLOSED)
    must_agree(asked.terms, asked.old_enough)
    await accounts.normal(asked.login)
    await _count_try(hung, network, await account_of(asked.login), now)
    kept = await hashed(asked.password)
    async with writing():
        await _count(A_POSTER, A_POSTER.key(hung.id), FULL, now)  # and nothing was counted, if what follows fails
        person = await people.add_person(name=asked.name, language=language, state=State.pending, now=now)
        await keep_login(person, asked.login, kept, now=now)
        await people.consent(person, "terms", by=person, now=now)
        door, token = " ".join(unicodedata.normalize("NFKC", asked.door).split()), new_token()
        row = Newcomer(person=person, poster=hung.id, area=hung.area, door=door, token=token, asked_at=now)
        await Newcomer.insert(row)
        await audit.note("asked to be let in", who=person, about=f"area:{hung.area}", now=now, concerns=person)
        await _tell_officers(person, hung.area, now)
    return person


def new_token() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(TOKEN))


async def _count_try(hung: Hung, network: str, account: str, now: datetime) -> None:
    """Whether or not it succeeds: who tries out phones soon waits. A full poster costs nobody a hash."""
    await _count(FROM_HERE, FROM_HERE.key(network, account), say("Too many tries. Please wait an hour."), now)
    await _count(AT_POSTER, AT_POSTER.key(network, hung.id), FULL, now)
    if await limits.counted(A_POSTER, A_POSTER.key(hung.id), now) >= A_POSTER.times:
        raise TooOften(FULL, wait=A_POSTER.wait(now))


async def _count(limit: limits.Limit, key: str, why: Sentence, now: datetime) -> None:
    if await limits.count(limit, key, now) > limit.times:
        raise TooOften(why, wait=limit.wait(now))


async def _tell_officers(person_id: int, area_id: int, now: datetime) -> None:
    """The stewards around the poster; where there is none, the administrators."""
    officers = await people.stewards_around(area_id) or await people.officers(Kind.administrator)
    told, path = say("A new neighbour asks to be let in."), f"/welcomes/{person_id}"
    await notices.tell_all(officers, told, path=path, now=now, topic="account", key=f"newcomer:{person_id}")
