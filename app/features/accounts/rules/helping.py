"""Resetting for a neighbour: face to face, by their steward or an administrator; for an officer, by two of them."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.db import held, writing
from app.features.accounts.rules import letters
from app.features.accounts.rules.factors import factors_of
from app.features.accounts.rules.resetting import Road, new_code, phones_of
from app.features.accounts.rules.strength import must_not_be_overdue
from app.features.accounts.tables import Login, ResetAsk
from app.features.notices import rules as notices
from app.features.notices.tables import Urgency
from app.features.people import rules as people
from app.features.people.rules import Neighbour, neighbour
from app.features.people.tables import Kind, Person, State
from app.kit import audit, limits
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from app.kit.words import Sentence, say

LENGTH, LASTS = 10, timedelta(minutes=10)
ASK_LASTS = timedelta(hours=24)
HELPED = limits.Limit("helped", 5, timedelta(days=1))
NO_SIGN_IN = say("They have no sign-in yet. Their first code comes on a slip, from an administrator.")
TWO = say("Whoever holds a role, or has lost the second factor too, is reset by two administrators.")
ALONE = say("There is one administrator only: use the command line, kith user reset-code.")


@dataclass(frozen=True)
class Handed:
    """What is shown once: the code to say, and (where no phone is on file) the number for the slip on paper."""

    code: str
    slip: str
    until: datetime


@dataclass(frozen=True)
class Standing:
    """What may be done about somebody, and by whom."""

    person: Neighbour
    signs_in: bool
    has_second: bool
    has_phone: bool
    takes_two: bool
    asked: ResetAsk | None
    administrators: int


async def standing(person_id: int, *, by: Neighbour, now: datetime) -> Standing:
    """Raises Missing for whoever is no steward of theirs and no administrator."""
    person = await neighbour(person_id)
    if not await may_reset(by, person):
        must_not_be_overdue(by, Kind.administrator)
        raise Missing
    return Standing(
        person=person,
        signs_in=await Login.exists().where(Login.person == person_id),
        has_second=(await factors_of(person_id)).any,
        has_phone=bool(await phones_of(person_id)),
        takes_two=person.is_a(*Kind),
        asked=await _open_ask(person_id, now),
        administrators=len(await people.officers(Kind.administrator)),
    )


async def may_reset(by: Neighbour, person: Neighbour) -> bool:
    """Nobody for themselves: there is the sign-in page for that."""
    if person.id == by.id or person.state == State.gone or not by.is_active:
        return False
    return by.is_a(Kind.administrator) or await people.steward_reaches(by, person.id)


async def reset_for(person_id: int, *, by: Neighbour, now: datetime) -> Handed:
    """For a neighbour without a role. Their second factor stays: one alone never opens what two pieces keep shut."""
    known = await standing(person_id, by=by, now=now)
    if known.takes_two:
        raise NotYours(TWO)
    # Each code takes five guesses of a phone's last digits; without a limit, codes enough would find them.
    if await limits.count(HELPED, HELPED.key(person_id), now) > HELPED.times:
        raise TooOften(say("They had five codes today. Please go on tomorrow."), wait=HELPED.wait(now))
    async with writing():
        return await _hand(known, Road.steward, by=by, now=now)


async def ask_for_two(person_id: int, *, by: Neighbour, now: datetime) -> None:
    """The first of two administrators. The other ones hear of it, and the person too."""
    known = await _for_administrators(person_id, by, now)
    if known.administrators - known.person.is_a(Kind.administrator) < 2:
        raise Refusal(ALONE)
    async with writing():
        await held(Person.objects().where(Person.id == person_id)).first()
        if await _open_ask(person_id, now):
            raise Taken(say("Somebody asked for it already. Another administrator may say yes now."))
        await _end(person_id, now)
        row = ResetAsk(person=person_id, asked_by=by.id, asked_at=now, until_at=now + ASK_LASTS)
        await ResetAsk.insert(row)
        await _note(say("reset asked for"), person_id, by, now)
        others = set(await people.officers(Kind.administrator)) - {by.id, person_id}
        words = say("%(by)s asks that %(name)s be reset. Say yes if you know why.", by=by.name, name=known.person.name)
        await notices.tell_all(
            others, words, path=_page(person_id), now=now, topic="account", urgency=Urgency.soon, until=row.until_at
        )
        asked = say("%(by)s asked that your password and second factor be reset.", by=by.name)
        await letters.tell_them(person_id, asked, now=now)


async def confirm(person_id: int, *, by: Neighbour, now: datetime) -> Handed:
    """The second of two: neither who asked nor whom it is for. Of many who say yes at once, one gets the code."""
    known = await _for_administrators(person_id, by, now)
    async with writing():
        ask = await held(_asks(person_id, now)).first()
        if ask is None:
            raise Taken(say("Nobody asks for that now: somebody was faster, or the day is over."))
        if ask.asked_by == by.id:
            raise NotYours(say("You asked for it. Another administrator has to say yes."))
        done: dict[Any, Any] = {ResetAsk.ended_at: now, ResetAsk.confirmed_by: by.id}
        await ResetAsk.update(done).where(ResetAsk.id == ask.id)
        await _note(say("reset confirmed"), person_id, by, now)
        return await _hand(known, Road.officers, by=by, now=now)


async def take_back(person_id: int, *, by: Neighbour, now: datetime) -> None:
    """By any administrator: it was a mistake, or it looks wrong."""
    await _for_administrators(person_id, by, now)
    async with writing():
        if await held(_asks(person_id, now)).first() is None:
            raise Taken(say("Nobody asks for that now: somebody was faster, or the day is over."))
        await _end(person_id, now)
        await _note(say("reset taken back"), person_id, by, now)
        await letters.tell_them(person_id, say("Nobody asks any more that you be reset."), now=now)


async def _for_administrators(person_id: int, by: Neighbour, now: datetime) -> Standing:
    known = await standing(person_id, by=by, now=now)
    if not by.is_a(Kind.administrator):
        raise NotYours(TWO)
    if not known.takes_two and not known.has_second:
        raise Refusal(say("One of you is enough for them."))
    return known


async def _hand(known: Standing, road: Road, *, by: Neighbour, now: datetime) -> Handed:
    if not known.signs_in:
        raise Refusal(NO_SIGN_IN)
    person = known.person.id
    slip = "" if known.has_phone else f"{secrets.randbelow(10**6):06}"
    code = await new_code(person, road, length=LENGTH, lasts=LASTS, by=by.id, now=now, slip=slip)
    await letters.tell_them(person, _told(by), now=now)
    return Handed(code, slip, now + LASTS)


def _told(by: Neighbour) -> Sentence:
    return say("%(by)s made a code with which your password can be set anew, good for ten minutes.", by=by.name)


async def _open_ask(person_id: int, now: datetime) -> ResetAsk | None:
    found: ResetAsk | None = await _asks(person_id, now).first()
    return found


def _asks(person_id: int, now: datetime) -> Any:
    open_one = (ResetAsk.person == person_id) & ResetAsk.ended_at.is_null() & (ResetAsk.until_at > now)
    return ResetAsk.objects().where(open_one)


async def _end(person_id: int, now: datetime) -> None:
    await ResetAsk.update({ResetAsk.ended_at: now}).where((ResetAsk.person == person_id) & ResetAsk.ended_at.is_null())


async def _note(did: Sentence, person_id: int, by: Neighbour, now: datetime) -> None:
    await audit.note(did.words, who=by.id, about=f"person:{person_id}", now=now, concerns=person_id)


def _page(person_id: int) -> str:
    return f"/neighbours/{person_id}/reset"
