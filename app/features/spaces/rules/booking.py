"""Asking for a room: what waits for a manager holds its time like what has been allowed. Nobody has it twice."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.db import writing
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.features.spaces.rules import agenda
from app.features.spaces.rules.claiming import claims_of, full_week, units_of
from app.features.spaces.rules.finding import Free, nearest
from app.features.spaces.rules.fitting import Wish, moments, must_fit
from app.features.spaces.rules.house_rules import newest_version
from app.features.spaces.rules.managers import managers, manages
from app.features.spaces.rules.opening import hours_of
from app.features.spaces.rules.reach import Booked, Room, booking_of, move, space_of
from app.features.spaces.tables import BookedEquipment, Booking, Did, Policy, Stage
from app.kit import slots
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.slots import Faster
from app.kit.words import Sentence, say

TRIES = 4  # others may be faster with one unit of several


class TimeTaken(Taken):
    """Somebody has the room, or what was to go with it, or took it in this moment. `free` are the nearest times."""

    def __init__(self, sentence: Sentence, free: list[Free], *, beside: str = "begins") -> None:
        super().__init__(sentence, beside=beside)
        self.free = free


async def book(space_id: int, wish: Wish, *, for_whom: int | None = None, by: Neighbour, now: datetime) -> Booked:
    """At once, or waiting for a manager, as the space has it. Raises Refusal for what it does not allow, TimeTaken."""
    only_active(by, now)
    person, room = for_whom or by.id, await space_of(space_id)
    if room.closed_at is not None or not await people.may_act_for(by, person):
        raise Missing
    zone = await the_zone()
    begins, ends = moments(wish, zone)
    hours = await hours_of(room.id, since=now.astimezone(zone).date() - timedelta(days=1))
    must_fit(room, hours, wish, today=now.astimezone(zone).date(), begins=begins, now=now)
    if wish.version != await newest_version(room.id):
        raise Refusal(say("The house rules have changed. Please read them once more."), beside="version")
    home = next(iter(await people.stays_of(person)), None)
    kept = Booking(
        space=room.id,
        person=person,
        acted_by=by.id if by.id != person else None,
        household=home.household if home else None,
        begins_at=begins,
        ends_at=ends,
        people=wish.people,
        purpose=wish.purpose.strip(),
        open_to_all=wish.open_to_all,
        version=wish.version,
        stage=Stage.approved if await is_at_once(room, wish, person, by=by, now=now) else Stage.pending,
        asked_at=now,
        stage_at=now,
    )
    for tries_left in reversed(range(TRIES)):
        try:
            return await _kept(kept, room, wish, by=by, now=now)
        except Faster as faster:
            if not tries_left or not faster.thing.startswith("equipment:"):
                raise await _why_not(faster.thing, room, wish, zone=zone, now=now) from None
    raise AssertionError


async def _kept(kept: Booking, room: Room, wish: Wish, *, by: Neighbour, now: datetime) -> Booked:
    fresh = Booking(**{name: value for name, value in kept.to_dict().items() if name != "id"})
    async with writing():
        await fresh.save()
        booked = await booking_of(fresh.id)
        known = await units_of(room, wish)
        during = booked.begins_at, booked.ends_at
        await slots.take(booked.owner, claims_of(room, wish, known, *during, booked.household))
        for equipment, units in wish.equipment.items():
            await BookedEquipment(booking=booked.id, equipment=equipment, units=units).save()
        did = Did.at_once if booked.stage == Stage.approved else Did.asked
        await move(booked, did, by=by.id, now=now)
        await agenda.wind(booked, room)
        await _tell_of(booked, room, by, now)
        return booked


async def is_at_once(room: Room, wish: Wish, person: int, *, by: Neighbour, now: datetime) -> bool:
    """A capability is asked of whoever will be in the room, not of whoever types for them; a manager may type for
    anybody what they could approve a minute later."""
    if room.policy == Policy.at_once or await manages(by, room):
        return True
    if room.policy != Policy.trusted:
        return False
    if wish.minutes <= room.short and wish.people <= room.few:
        return True
    able = await people.capabilities_of(person, now.date())
    return bool(room.capability) and any(each.kind == room.capability for each in able)


async def _why_not(thing: str, room: Room, wish: Wish, *, zone: ZoneInfo, now: datetime) -> Refusal:
    if thing.startswith("week:"):
        return Taken(full_week(room), beside="day")
    hours = await hours_of(room.id, since=now.astimezone(zone).date() - timedelta(days=8))
    free = await nearest(room, hours, wish, units=await units_of(room, wish), zone=zone, now=now)
    begins, ends = moments(wish, zone)
    held = slots.quarters(begins, ends + timedelta(minutes=room.gap))
    if thing.startswith("equipment:") and not await slots.used([room.thing], held):
        return TimeTaken(say("Not enough of it is free then."), free, beside=thing.replace(":", "-"))
    return TimeTaken(say("That time is taken. These are free:") if free else say("That time is taken."), free)


async def _tell_of(booked: Booked, room: Room, by: Neighbour, now: datetime) -> None:
    told: dict[str, Any] = {"path": booked.path, "topic": "bookings", "until": booked.ends_at, "now": now}
    words: dict[str, Any] = {"name": by.name, "space": room.name, "when": booked.begins_at}
    if booked.stage == Stage.pending:
        asks = say("%(name)s asks for %(space)s: %(when)s", **words)
        await notices.tell_all(await managers(room, now=now), asks, key=agenda.asked_key(booked.id), **told)
    if booked.person != by.id:
        await notices.tell(booked.person, say("%(name)s asked for %(space)s for you: %(when)s", **words), **told)


async def the_zone() -> ZoneInfo:
    """The community's own clock."""
    here = await community.here()
    if here is None:
        raise Missing
    return here.clock
