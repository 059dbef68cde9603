"""Letting in, suspending, lifting, going: a deed of people/, and the person hears of it in the same transaction.

People stands below the doorbell, so it cannot ring; this desk stands above both.
"""

from datetime import datetime, timedelta

from app.db import writing
from app.features.accounts import rules as accounts
from app.features.moderation import rules as moderation
from app.features.moderation.tables import Rule
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import State
from app.kit.words import Sentence, say

STATES: dict[State, Sentence] = {
    State.pending: say("Waiting to be let in"),
    State.active: say("Active"),
    State.suspended: say("Suspended"),
    State.leaving: say("Leaving"),
    State.gone: say("Gone"),
}


async def let_in(person_id: int, *, by: Neighbour, now: datetime) -> None:
    async with writing():
        await people.welcome(person_id, by=by.id, now=now)
        await _tell(person_id, say("You have been let in. Welcome!"), path="/", now=now)


async def make_wait(person_id: int, *, by: Neighbour, now: datetime) -> None:
    """Letting them in was a slip: what they were told is taken back, unread."""
    async with writing():
        await people.settle(person_id, State.pending, by=by.id, now=now)
        await notices.withdraw(_key(person_id), person_id=person_id)


async def suspend(
    person_id: int, *, reason: str, by: Neighbour, now: datetime, rule: Rule = Rule.other, days: int = 7
) -> None:
    """With an end: moderation keeps the decision, which the person can appeal."""
    await moderation.suspend(person_id, reason=reason, rule=rule, span=timedelta(days=days), by=by, now=now)


async def lift(person_id: int, *, by: Neighbour, now: datetime) -> None:
    await moderation.lift(person_id, by=by, now=now)


async def depart(person_id: int, *, by: Neighbour, now: datetime) -> None:
    """Roles, households and sign-ins end with it. Nobody is told: there is nobody left to read it."""
    async with writing():
        await people.settle(person_id, State.gone, by=by.id, now=now)
        await accounts.end_others(person_id, besides=0, by=by.id, now=now)
        await notices.withdraw(_key(person_id), person_id=person_id)


async def bring_back(person_id: int, *, by: Neighbour, now: datetime) -> None:
    async with writing():
        await people.settle(person_id, State.active, by=by.id, now=now)
        await _tell(person_id, say("Welcome back."), path="/", now=now)


async def _tell(person_id: int, sentence: Sentence, *, path: str, now: datetime) -> None:
    """The newest word on somebody's standing replaces the one before: both together would contradict each other."""
    await notices.withdraw(_key(person_id), person_id=person_id)
    await notices.tell(person_id, sentence, path=path, now=now, topic="account", key=_key(person_id))


def _key(person_id: int) -> str:
    return f"standing:{person_id}"
