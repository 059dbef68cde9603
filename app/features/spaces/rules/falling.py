"""A booking falls to something larger: it lets go of its time, and whoever booked hears an apology and other times."""

from datetime import datetime, timedelta

from app.features.notices import rules as notices
from app.features.spaces.rules import agenda
from app.features.spaces.rules.door_codes import drop_code
from app.features.spaces.rules.helping import call_off
from app.features.spaces.rules.instead import instead_of, listed
from app.features.spaces.rules.reach import Booked, Room, booking_of, move
from app.features.spaces.tables import Did, Stage
from app.kit import slots
from app.kit.words import Sentence, say


async def falls(booked: Booked, room: Room, why: Sentence, *, by: int, block: int | None = None, now: datetime) -> None:
    """`block`: the block-out with whose end it returns."""
    said, before = str(why)[:300], booked.stage if block is not None else ""
    await move(
        booked, Did.blocked, by=by, now=now, words=said, stage=Stage.cancelled, reason=said, blocked_by=block,
        before=before,
    )  # fmt: skip
    await slots.give_back(booked.owner)
    await drop_code(booked.id)
    await call_off(booked.id, now=now)
    await agenda.wind(await booking_of(booked.id), room)
    await notices.withdraw(agenda.asked_key(booked.id))


async def say_sorry(booked: Booked, room: Room, why: Sentence, *, by: int, now: datetime) -> None:
    """With other times that are free, where there are any."""
    sorry = say(
        "We are sorry: %(space)s cannot be had %(when)s. %(reason)s", space=room.name, when=booked.begins_at, reason=why
    )
    if times := listed(await instead_of(booked, room, now=now)):
        sorry = say("%(sorry)s · Free instead: %(times)s", sorry=sorry, times=times)
    whom = {each for each in (booked.person, booked.acted_by) if each not in (None, by)}
    until = max(booked.ends_at, now + timedelta(days=1))
    await notices.tell_all(whom, sorry, path=booked.path, topic="bookings", until=until, now=now)
