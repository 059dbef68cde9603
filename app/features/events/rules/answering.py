"""Yes, perhaps or no, with guests and needs: places are scarce, and nobody has one twice."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import writing
from app.features.events.rules.answers import Came, answer_of
from app.features.events.rules.parts import give_back_parts
from app.features.events.rules.places import places_of, take_places
from app.features.events.rules.reach import Gathering, event_for, held_event
from app.features.events.rules.telling import TOPIC
from app.features.events.rules.waiting import leave_place, offer_next, place_in_line
from app.features.events.tables import EventAnswer, EventNeed, Said
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.kit import slots
from app.kit.queue import Ended
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say

NEEDS_LAST = timedelta(days=3)


class Needs(Struct, frozen=True):
    diet: str = ""
    access: str = ""
    care: str = ""

    @property
    def any(self) -> bool:
        return any(each.strip() for each in (self.diet, self.access, self.care))


class Saying(Struct, frozen=True):
    said: Said
    guests: int = 0
    shown: bool = False
    needs: Needs = Needs()
    agrees: bool = False


async def answer(event_id: int, saying: Saying, *, for_whom: int | None = None, by: Neighbour, now: datetime) -> Came:
    """Raises Full where no place is left. An offer that one has is taken with it."""
    only_active(by, now)
    person = for_whom or by.id
    if not await people.may_act_for(by, person):
        raise Missing
    async with writing():
        await event_for(event_id, by=by)
        event = await held_event(event_id, by=by.id)
        _must_fit(event, saying, own=person == by.id, now=now)
        if (waits := await place_in_line(event, person)) and saying.said != Said.maybe:
            await leave_place(waits, Ended.taken if saying.said == Said.yes else Ended.declined, now=now)
        before = await answer_of(event_id, person)
        if before is not None and before.came_at is not None:
            raise Taken(say("You were checked in already. Have a good time."))
        kept = await _keep(event, before, saying, person, by, now)
        await _keep_places(event, kept)
        if kept.said != Said.yes:
            await give_back_parts(event_id, person)
        await _keep_needs(event, kept, saying, own=person == by.id)
        await offer_next(event, now=now)
        if person != by.id:
            words = say("%(name)s answered for you: %(title)s", name=by.name, title=event.title)
            told: dict[str, Any] = {"path": event.path, "topic": TOPIC, "until": event.ends_at, "now": now}
            await notices.tell(person, words, **told)
        return kept


def _must_fit(event: Gathering, saying: Saying, *, own: bool, now: datetime) -> None:
    if not event.takes_place:
        raise Taken(say("It does not take place."))
    if event.begins_at <= now:
        raise Refusal(say("It has begun. Whoever hosts it lets people in at the door."))
    if saying.said == Said.yes and not 0 <= saying.guests <= event.guests:
        most = event.guests
        words = say("Between 0 and %(n)s, please.", n=most) if most else say("Everybody comes by themselves here.")
        raise Refusal(words, beside="guests")
    if saying.needs.any and not own:
        raise NotYours(say("What somebody needs, they say themselves."))
    if saying.needs.any and not saying.agrees:
        raise Refusal(say("Please tick that the hosts may read it, or leave it out."), beside="agrees")


async def _keep(
    event: Gathering, before: Came | None, saying: Saying, person: int, by: Neighbour, now: datetime
) -> Came:
    coming = saying.said == Said.yes
    values: dict[Any, Any] = {
        "said": saying.said,
        "guests": saying.guests if coming else 0,
        "shown": saying.shown and coming and person == by.id,
        "acted_by": by.id if person != by.id else None,
        "at": now,
    }
    if before is None:
        await EventAnswer(event=event.id, person=person, **values).save()
    else:
        await EventAnswer.update(values).where(EventAnswer.id == before.id)
    kept = await answer_of(event.id, person)
    if kept is None:
        raise Missing
    return kept


async def _keep_places(event: Gathering, kept: Came) -> None:
    wanted = 1 + kept.guests if kept.said == Said.yes else 0
    if await places_of(event, kept.owner) == wanted:
        return
    await slots.give_back(kept.owner)
    if wanted:
        await take_places(event, kept.owner, wanted)


async def _keep_needs(event: Gathering, kept: Came, saying: Saying, *, own: bool) -> None:
    """Said anew each time; an empty form, a no, or three days after the end deletes them."""
    if not own and kept.said == Said.yes:
        return
    await EventNeed.delete().where(EventNeed.answer == kept.id)
    if kept.said == Said.yes and saying.needs.any:
        needs = saying.needs
        await EventNeed.insert(
            EventNeed(
                answer=kept.id,
                diet=needs.diet.strip()[:200],
                access=needs.access.strip()[:200],
                care=needs.care.strip()[:200],
                until_at=event.ends_at + NEEDS_LAST,
            )
        )


async def withdraw_answer(event: Gathering, kept: Came, *, now: datetime) -> None:
    """Of somebody who leaves, or who parts ways with a host: held by the caller."""
    await slots.give_back(kept.owner)
    if kept.person is not None:
        await give_back_parts(event.id, kept.person)
    await EventAnswer.delete().where(EventAnswer.id == kept.id)
    await offer_next(event, now=now)
