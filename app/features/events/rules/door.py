"""At the door: a host presses once for each who comes; who was at an orientation may at once do what it is for."""

from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.community import rules as community
from app.features.events.rules.answers import Came, answer_by_id, answer_of
from app.features.events.rules.drafts import may_grant
from app.features.events.rules.places import take_places
from app.features.events.rules.reach import Gathering, event_for, held_event, hosted, hosts_of, may_see
from app.features.events.rules.telling import TOPIC
from app.features.events.rules.waiting import leave_place, offer_next, place_in_line
from app.features.events.tables import EventAnswer, Said
from app.features.moderation import rules as moderation
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.features.spaces import rules as spaces
from app.kit import slots
from app.kit.queue import Ended
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import say

EARLY, LATE = timedelta(minutes=30), timedelta(hours=12)


def is_open(event: Gathering, now: datetime) -> bool:
    """From half an hour before it begins until twelve hours after its end: hosts forget to press."""
    return event.takes_place and event.begins_at - EARLY <= now < event.ends_at + LATE


async def check_in(event_id: int, answer_id: int, *, by: Neighbour, now: datetime) -> Came:
    """Pressed twice it is done once. Who had said nothing, or perhaps, takes a place now, if one is left."""
    async with writing():
        event = await _at_the_door(event_id, by, now)
        came = await answer_by_id(event_id, answer_id)
        if came.came_at is None:
            await _let_in(event, came, now)
        return came


async def check_out(event_id: int, answer_id: int, *, by: Neighbour, now: datetime) -> None:
    """A slip of the thumb: what being there gave them is as it was before. A nameless one goes altogether."""
    async with writing():
        event = await _at_the_door(event_id, by, now)
        came = await answer_by_id(event_id, answer_id)
        if came.came_at is None:
            raise Taken(say("They are not checked in."))
        if came.person is None:
            await slots.give_back(came.owner)
            await EventAnswer.delete().where(EventAnswer.id == came.id)
            await offer_next(event, now=now)
            return
        await _ungrant(event, came, now)
        await EventAnswer.update(
            {EventAnswer.came_at: None, EventAnswer.capability: None, EventAnswer.had_until: None}
        ).where(EventAnswer.id == came.id)


async def walk_in(event_id: int, name: str, *, by: Neighbour, now: datetime) -> None:
    """Somebody who had not said that they come: a neighbour by their name, or without a name anybody at all."""
    async with writing():
        event = await _at_the_door(event_id, by, now)
        person = await _named(event, name.strip(), by) if name.strip() else None
        came = await answer_of(event_id, person) if person is not None else None
        if came is not None and came.came_at is not None:
            raise Taken(say("They are checked in already."), beside="name")
        if came is None:
            row = EventAnswer(event=event_id, person=person, said=Said.door, at=now)
            await row.save()
            came = await answer_by_id(event_id, row.id)
        await _let_in(event, came, now)


async def stand_at_the_door(event_id: int, *, by: Neighbour, now: datetime) -> None:
    """By somebody who comes without having said so: the host sees their name on the list."""
    only_active(by, now)
    async with writing():
        await event_for(event_id, by=by)
        event = await held_event(event_id, by=by.id)
        if not is_open(event, now):
            raise Refusal(say("The door opens half an hour before it begins."))
        if await answer_of(event_id, by.id) is None:
            await EventAnswer(event=event_id, person=by.id, said=Said.door, at=now).save()
        elif event.mine == Said.no:
            await EventAnswer.update({EventAnswer.said: Said.door}).where(
                (EventAnswer.event == event_id) & (EventAnswer.person == by.id)
            )


async def _at_the_door(event_id: int, by: Neighbour, now: datetime) -> Gathering:
    event = await hosted(event_id, by=by)
    if not is_open(event, now):
        raise Refusal(say("One checks in from half an hour before it begins until twelve hours after its end."))
    return event


async def _let_in(event: Gathering, came: Came, now: datetime) -> None:
    values: dict[Any, Any] = {EventAnswer.came_at: now}
    if came.said != Said.yes:
        if came.person is not None and (waits := await place_in_line(event, came.person)):
            await leave_place(waits, Ended.taken, now=now)
        await take_places(event, came.owner, 1)
        values |= {EventAnswer.said: Said.yes, EventAnswer.guests: 0}
    await EventAnswer.update(values).where(EventAnswer.id == came.id)
    if event.capability and came.person is not None:
        await _grant(event, came, now)
    await _open_the_room(event, now)


async def _grant(event: Gathering, came: Came, now: datetime) -> None:
    """By a host who may grant it at this hour. Whoever has it for longer keeps that."""
    if came.person is None:
        return
    granter = await _who_grants(event, now)
    if granter is None:
        return
    day = await community.today(now)
    until = day + timedelta(days=event.valid_days)
    has = await people.capabilities_of(came.person, day)
    able = next((each for each in has if each.kind == event.capability), None)
    if able is not None and (able.until_on is None or able.until_on >= until):
        return
    made = await people.grant(came.person, event.capability, until=until, by=granter, now=now)
    had: date | None = able.until_on if able else None
    await EventAnswer.update({EventAnswer.capability: made, EventAnswer.had_until: had}).where(
        EventAnswer.id == came.id
    )
    words = say(
        "You were there: %(what)s is yours until %(day)s.", what=people.CAPABILITIES[event.capability], day=until
    )
    key = f"event:{event.id}:granted:{came.id}"
    await notices.tell(came.person, words, path=event.path, topic=TOPIC, key=key, now=now)


async def _ungrant(event: Gathering, came: Came, now: datetime) -> None:
    row = await held(EventAnswer.select(EventAnswer.had_until).where(EventAnswer.id == came.id)).first()
    granter = await _who_grants(event, now)
    if came.capability is None or came.person is None or row is None:
        return
    by = granter or (await hosts_of(event.id))[0]
    try:
        await people.revoke(came.capability, by=by, now=now)
    except Missing:
        return  # it has run out or was ended meanwhile
    if row["had_until"] is not None and row["had_until"] >= await community.today(now):
        await people.grant(came.person, event.capability, until=row["had_until"], by=by, now=now)
    await notices.withdraw(f"event:{event.id}:granted:{came.id}", person_id=came.person)


async def _who_grants(event: Gathering, now: datetime) -> int | None:
    for host in await hosts_of(event.id):
        if may_grant(await people.neighbour(host, now=now), event.capability):
            return host
    return None


async def _open_the_room(event: Gathering, now: datetime) -> None:
    """Somebody came: the room is not released for want of people."""
    if event.booking is None or event.room_stage != "approved":
        return
    booked = await spaces.booking_of(event.booking)
    if booked.came_at is None and spaces.is_at_the_door(booked, now):
        await spaces.come(event.booking, by=await people.neighbour(booked.person, now=now), now=now)


class _Id(Struct):
    id: int


_by_name = prepared_sql("SELECT id FROM people WHERE name = {} AND state = 'active' ORDER BY id LIMIT 3", _Id)


async def _named(event: Gathering, name: str, by: Neighbour) -> int:
    """A name is for every neighbour; whoever bears the same one says so on their own phone."""
    found = [each.id for each in await _by_name(name) if not await moderation.blocks_between(by.id, each.id)]
    if len(found) > 1:
        raise Refusal(
            say("Several neighbours bear that name. Let them say on their own phone that they are at the door."),
            beside="name",
        )
    if not found or not await may_see(event, await people.neighbour(found[0])):
        raise Refusal(
            say("Nobody here bears that name, or it is not for them. Let them in without a name."), beside="name"
        )
    return found[0]
