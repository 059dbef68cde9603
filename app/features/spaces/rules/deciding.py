"""Yes, no, and no longer: a booking is decided by a manager, given back by its booker; and who came says so."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from app.db import writing
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.features.spaces.rules import agenda
from app.features.spaces.rules.door_codes import drop_code
from app.features.spaces.rules.helping import call_off
from app.features.spaces.rules.managers import manages, may_see
from app.features.spaces.rules.reach import Booked, Room, booking_of, held_booking, move, space_of
from app.features.spaces.rules.waiting import offer_next
from app.features.spaces.tables import Did, Stage
from app.kit import slots
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import Sentence, say

EARLY = timedelta(minutes=15)
DONE: dict[Stage, Sentence] = {
    Stage.approved: say("It is approved already."),
    Stage.refused: say("It was refused already."),
    Stage.cancelled: say("It was given back already."),
    Stage.expired: say("Nobody answered in time, so it lapsed."),
    Stage.unused: say("Nobody came, so it was released."),
}


async def approve(booking_id: int, *, by: Neighbour, now: datetime) -> Booked:
    async with writing():
        booked, room = await may_decide(booking_id, by, now)
        await move(booked, Did.approved, by=by.id, now=now, stage=Stage.approved, decided_by=by.id)
        await agenda.wind(await booking_of(booking_id), room)
        await settled(booked, say("Yes: %(space)s, %(when)s", **what(booked, room)), by=by.id, now=now)
        return booked


async def approve_all(booking_ids: Collection[int], *, by: Neighbour, now: datetime) -> tuple[int, int]:
    """Each by itself: how many were approved, and how many were another's deed or out of reach by now."""
    done = 0
    for id in dict.fromkeys(booking_ids):
        with suppress(Refusal):
            await approve(id, by=by, now=now)
            done += 1
    return done, len(set(booking_ids)) - done


async def refuse(booking_id: int, reason: str, *, by: Neighbour, now: datetime) -> Booked:
    """Always with a reason, which the booker reads. The time is free again at once."""
    async with writing():
        booked, room = await may_decide(booking_id, by, now)
        if not reason.strip():
            raise Refusal(say("Please say why: they will read it."), beside="reason")
        said = reason.strip()[:300]
        more: dict[str, Any] = {"decided_by": by.id, "reason": said}
        await move(booked, Did.refused, by=by.id, now=now, words=said, stage=Stage.refused, **more)
        await let_go(booked, room, now=now)
        no = say("No for %(space)s, %(when)s: %(reason)s", reason=said, **what(booked, room))
        await settled(booked, no, by=by.id, now=now)
        return booked


async def cancel(booking_id: int, reason: str = "", *, by: Neighbour, now: datetime) -> Booked:
    """By whoever booked, or by a manager with a reason. What has begun stays as it is."""
    async with writing():
        booked = await held_booking(booking_id)
        room = await space_of(booked.space)
        if not await may_see(by, booked, room):
            raise Missing
        own = by.id in (booked.person, booked.acted_by)
        if not own and not await manages(by, room):
            raise NotYours(say("Whoever booked it gives it back."))
        if not booked.holds:
            raise Taken(DONE[booked.stage])
        if booked.begins_at <= now:
            raise Refusal(say("It has begun. Nothing can be given back any more."))
        if not own and not reason.strip():
            raise Refusal(say("Please say why: they will read it."), beside="reason")
        said = reason.strip()[:300]
        await move(booked, Did.cancelled, by=by.id, now=now, words=said, stage=Stage.cancelled, reason=said)
        await let_go(booked, room, now=now)
        words = say("%(space)s, %(when)s, was cancelled. %(reason)s", reason=said, **what(booked, room))
        await settled(booked, words, by=by.id, now=now)
        return booked


async def come(booking_id: int, *, by: Neighbour, now: datetime) -> None:
    """At the door: we are here. From a quarter before it begins until it ends."""
    async with writing():
        booked = await held_booking(booking_id)
        room = await space_of(booked.space)
        if by.id not in (booked.person, booked.acted_by) and not await manages(by, room):
            raise Missing
        if booked.stage != Stage.approved:
            raise Taken(DONE.get(booked.stage, say("It is not approved yet.")))
        if not is_at_the_door(booked, now):
            raise Refusal(say("One can say that from a quarter of an hour before it begins, until it ends."))
        if booked.came_at is None:
            await move(booked, Did.came, by=by.id, now=now, came_at=now)
            await agenda.wind(await booking_of(booking_id), room)


def is_at_the_door(booked: Booked, now: datetime) -> bool:
    return booked.stage == Stage.approved and booked.begins_at - EARLY <= now < booked.ends_at


async def may_decide(booking_id: int, by: Neighbour, now: datetime) -> tuple[Booked, Room]:
    """One that waits for this manager. Missing for whoever may not see it."""
    only_active(by, now)
    booked = await held_booking(booking_id)
    room = await space_of(booked.space)
    if not await manages(by, room):
        if await may_see(by, booked, room):
            raise NotYours(say("Whoever manages this space decides that."))
        raise Missing
    if booked.stage != Stage.pending:
        raise Taken(DONE[booked.stage])
    if agenda.waits_with_its_series(booked):
        raise Refusal(say("It is one of a repeat: the answer is for all of it."))
    if booked.begins_at <= now:
        raise Refusal(say("Its time has come already."))
    return booked, room


async def let_go(booked: Booked, room: Room, *, now: datetime) -> None:
    """Its time is anybody's again: whoever waits for it is offered it first."""
    await slots.give_back(booked.owner)
    await drop_code(booked.id)
    await call_off(booked.id, now=now)
    await agenda.wind(await booking_of(booked.id), room)
    until = booked.ends_at + timedelta(minutes=room.gap)
    await offer_next(room, slots.quarters(booked.begins_at, until), now=now)


async def settled(booked: Booked, words: Sentence, *, by: int | None, now: datetime) -> None:
    """Managers need not look any more, and those it was for hear it."""
    for nth in ("", ":1", ":2"):
        await notices.withdraw(agenda.asked_key(booked.id) + nth)
    whom = {booked.person, booked.acted_by} - {by, None}
    told: dict[str, Any] = {"path": booked.path, "topic": "bookings", "until": booked.ends_at, "now": now}
    await notices.tell_all([each for each in whom if each is not None], words, **told)


def what(booked: Booked, room: Room) -> dict[str, Any]:
    """For sentences: which space, and when."""
    return {"space": room.name, "when": booked.begins_at}
