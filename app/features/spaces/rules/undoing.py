"""A yes or no that slipped out: taken back within seconds, by whoever said it."""

from datetime import datetime, timedelta
from typing import Any

from app.db import writing
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.spaces.rules import agenda
from app.features.spaces.rules.booking import the_zone
from app.features.spaces.rules.deciding import what
from app.features.spaces.rules.managers import manages
from app.features.spaces.rules.reach import booking_of, held_booking, move, space_of
from app.features.spaces.rules.repeat_wish import claims_again
from app.features.spaces.tables import Did, Stage
from app.kit import slots
from app.kit.refusals import Missing, Taken
from app.kit.words import say

UNDO, ON_ITS_WAY = timedelta(seconds=8), timedelta(seconds=4)  # the button's, and its road there and back


async def undo_decision(booking_id: int, *, by: Neighbour, now: datetime) -> None:
    """It waits again as before. After a no the time must still be nobody's: whoever waited may have been offered it."""
    async with writing():
        booked = await held_booking(booking_id)
        room = await space_of(booked.space)
        if not await manages(by, room):
            raise Missing
        if booked.stage not in (Stage.approved, Stage.refused) or booked.decided_by != by.id:
            raise Taken(say("There is nothing of yours to undo here."))
        if now > booked.stage_at + UNDO + ON_ITS_WAY or booked.begins_at <= now:
            raise Taken(say("It is too late to undo that."))
        if booked.stage == Stage.refused:
            claims = await claims_again(booked, room, await the_zone())
            if not await slots.are_free(claims):
                raise Taken(say("That time is another's already. It stays refused."))
            await slots.take(booked.owner, claims)
        again: dict[str, Any] = {"decided_by": None, "reason": ""}
        await move(booked, Did.undone, by=by.id, now=now, stage=Stage.pending, **again)
        await agenda.wind(await booking_of(booking_id), room)
        sorry = say("That answer was a slip: %(space)s, %(when)s, still waits for a yes.", **what(booked, room))
        whom = {booked.person, booked.acted_by} - {by.id, None}
        told: dict[str, Any] = {"path": booked.path, "topic": "bookings", "until": booked.ends_at, "now": now}
        await notices.tell_all([each for each in whom if each is not None], sorry, **told)
