"""An officer lets a newcomer in, at a door that they confirm, or turns them away and says why."""

from datetime import datetime, timedelta
from typing import Any

from app.db import held, writing
from app.features.community import rules as community
from app.features.joining.rules.reach import kept_by
from app.features.joining.rules.vouching import said_why, tell_standing
from app.features.joining.rules.waiting import Waiter, waiter
from app.features.joining.tables import Newcomer
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.rules.leaving import note_return
from app.features.people.rules.neighbour import administrators
from app.features.people.tables import Person, State
from app.kit import audit
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import say

SLIP = timedelta(days=1)


async def let_in(person_id: int, *, address: str, by: Neighbour, now: datetime) -> None:
    """The door is confirmed with it. For whom neighbours let in already, it is the door alone."""
    async with writing():
        who = await _still_open(person_id, by)
        home = await people.household_at(address)
        if not (await kept_by(by)).has((await people.household(home)).area):
            raise Refusal(say("That door is not in your area. Ask an administrator."), beside="address")
        if home not in {stay.household for stay in await people.stays_of(person_id)}:
            await people.join(person_id, home, on=await community.today(now), by=by.id, now=now)
        if who.state == State.pending:
            await people.welcome(person_id, by=by.id, now=now)
            await tell_standing(person_id, say("You have been let in. Welcome!"), path="/", now=now)
        await _settle(person_id, welcomed_at=now, welcomed_by=by.id, reason="")
        await notices.withdraw(f"newcomer:{person_id}")


async def make_wait(person_id: int, *, by: Neighbour, now: datetime) -> None:
    """Letting them in was a slip of one's own, seen within a day: as it was before, what they were told taken back."""
    async with writing():
        await administrators()  # as whoever shuts somebody out: roles first, then people
        who = await waiter(person_id, by=by)
        if who.state != State.active or who.welcomed_at is None or who.welcomed_by != by.id:
            raise Missing
        if who.welcomed_at < now - SLIP or (await people.neighbour(person_id, now=now)).roles:
            raise Taken(say("They are in already. An administrator can suspend them."))
        since = await community.today(who.welcomed_at)
        for stay in await people.stays_of(person_id):
            if stay.since_on >= since:
                await people.leave(stay.membership, on=await community.today(now), by=by.id, now=now)
        if who.vouched_at is None:
            await people.settle(person_id, State.pending, by=by.id, now=now)
            await notices.withdraw(f"standing:{person_id}", person_id=person_id)
        await _settle(person_id, welcomed_at=None, welcomed_by=None)


async def turn_away(person_id: int, *, reason: str, by: Neighbour, now: datetime) -> None:
    """They stay outside and read why; what they typed is forgotten after 30 days."""
    async with writing():
        why = said_why(reason)
        who = await _still_open(person_id, by)
        if not who.waits:
            raise Taken(say("They are in already. An administrator can suspend them."))
        await _settle(person_id, turned_away_at=now, reason=why)
        told = say("You were not let in. Why: %(reason)s", reason=why)
        await tell_standing(person_id, told, path="/waiting", now=now)
        await notices.withdraw(f"newcomer:{person_id}")
        await audit.note("turned away", who=by.id, about=f"person:{person_id}", now=now, concerns=person_id)


async def look_again(person_id: int, *, by: Neighbour, now: datetime) -> None:
    """Turning away was a mistake: they wait again, even where they were about to be forgotten."""
    async with writing():
        await held(Person.objects().where(Person.id == person_id))
        who = await waiter(person_id, by=by)
        if who.state != State.pending or who.turned_away_at is None:
            raise Missing
        await note_return(person_id)
        await _settle(person_id, turned_away_at=None, reason="")
        await notices.withdraw(f"standing:{person_id}", person_id=person_id)
        await audit.note(
            "put back among those who wait", who=by.id, about=f"person:{person_id}", now=now, concerns=person_id
        )


async def _still_open(person_id: int, by: Neighbour) -> Waiter:
    """Held: of two officers at once, the first."""
    await waiter(person_id, by=by)
    await held(Person.objects().where(Person.id == person_id))
    who = await waiter(person_id, by=by)
    if not (who.waits or who.needs_home):
        raise Taken(say("Somebody was faster. Please look again."))
    return who


async def _settle(person_id: int, **said: Any) -> None:
    await Newcomer.update(**said).where(Newcomer.person == person_id)
