"""A repeat is given back, all that is to come or the rest from a day on, in one act; and that is undone in one."""

from datetime import date, datetime, timedelta

from app.db import writing
from app.features.people.rules import Neighbour
from app.features.spaces.rules import agenda, repeat_agenda
from app.features.spaces.rules.booking import the_zone
from app.features.spaces.rules.claiming import claims_of, units_of
from app.features.spaces.rules.deciding import DONE
from app.features.spaces.rules.fitting import Wish
from app.features.spaces.rules.planning import owned_by_others, take_of
from app.features.spaces.rules.reach import Booked, Room, booking_of, space_of
from app.features.spaces.rules.repeat_deciding import (
    end_dates,
    forget_blocked,
    sees_series,
    tell_those_it_is_for,
    withdraw,
)
from app.features.spaces.rules.repeat_wish import wish_like
from app.features.spaces.rules.repeating import Due
from app.features.spaces.rules.repeats import tell_of
from app.features.spaces.rules.series import Repeated, held_series, move_dates, move_series, series_of
from app.features.spaces.rules.times import wall_of
from app.features.spaces.tables import Did, Stage
from app.kit import slots
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.slots import Claim, Faster
from app.kit.words import say, say_n

UNDO = timedelta(minutes=10)  # the page offers it for seconds; a slow signal may need longer


async def cancel_series(
    series_id: int, reason: str = "", *, since: date | None = None, by: Neighbour, now: datetime
) -> Repeated:
    """By whoever booked, or by a manager with a reason; `since` is a day of the rule. What has begun stays as it is."""
    async with writing():
        series, dates = await held_series(series_id)
        room = await space_of(series.space)
        await _must_be_theirs(series, room, by)
        own = by.id in (series.person, series.acted_by)
        ahead = [each for each in dates if each.holds and each.begins_at > now]
        gone = [each for each in ahead if since is None or (each.due_on or date.max) >= since]
        if not gone:
            raise Taken(DONE.get(series.stage, say("Nothing of it is to come any more.")))
        if not own and not reason.strip():
            raise Refusal(say("Please say why: they will read it."), beside="reason")
        said, all_of_it = reason.strip()[:300], len(gone) == len(ahead)
        stage = Stage.cancelled if all_of_it else None
        await move_series(series, Did.cancelled, by=by.id, now=now, words=said, stage=stage, ended_at=now)
        await forget_blocked(series, since)
        for before in (Stage.pending, Stage.approved):
            some = [each for each in gone if each.stage == before]
            await end_dates(series, some, room, Stage.cancelled, now=now, reason=said, before=before)
        words = say_n(
            "%(space)s was cancelled once: %(when)s. %(reason)s",
            "%(space)s was cancelled %(n)s times, the first %(when)s. %(reason)s",
            len(gone),
            space=room.name,
            when=gone[0].begins_at,
            reason=said,
        )
        if all_of_it:
            await withdraw(series)
        await tell_those_it_is_for(series, words, by=by.id, now=now)
        return series


async def return_series(series_id: int, *, by: Neighbour, now: datetime) -> tuple[int, int]:
    """The last act of giving back is taken back, by whoever may: how many dates returned, and how many somebody else
    has by now."""
    async with writing():
        series, dates = await held_series(series_id)
        room = await space_of(series.space)
        await _must_be_theirs(series, room, by)
        if series.ended_at is None or now > series.ended_at + UNDO:
            raise Taken(say("That cannot be taken back any more. Please ask anew."))
        gone = [each for each in dates if _went_at(each, series.ended_at) and each.begins_at > now]
        back = await _free_again(gone, series, room)
        if not back:
            raise Taken(say("Somebody else has that time by now. Please ask anew."))
        try:
            await slots.have(back)
        except Faster:
            raise Taken(say("Somebody was faster. Please look again.")) from None
        returned = [each for each in gone if each.owner in back]
        for before in (Stage.pending, Stage.approved):
            await move_dates(
                [each for each in returned if each.before == before], before, now=now, before="", reason=""
            )
        waits = any(each.before == Stage.pending and not each.apart for each in returned)
        stage = Stage.pending if waits else Stage.approved
        await move_series(series, Did.restored, by=by.id, now=now, stage=stage, ended_at=None)
        for each in returned:
            await agenda.wind(await booking_of(each.id), room)
        again = await series_of(series.id)
        await repeat_agenda.wind(again, room)
        if stage == Stage.pending and by.id in (series.person, series.acted_by):
            await tell_of(again, room, returned[0].begins_at, len(returned), by=by, now=now)
        elif by.id not in (series.person, series.acted_by):
            words = say("%(space)s is yours again after all: %(when)s", space=room.name, when=returned[0].begins_at)
            await tell_those_it_is_for(series, words, by=by.id, now=now)
        return len(returned), len(gone) - len(returned)


async def confirm(series_id: int, *, by: Neighbour, now: datetime) -> None:
    """It is still needed: nobody asks for another eight weeks."""
    async with writing():
        series, _ = await held_series(series_id)
        if by.id not in (series.person, series.acted_by):
            raise Missing
        if series.stage != Stage.approved:
            raise Taken(DONE.get(series.stage, say("It is not approved yet.")))
        if series.asked_again_at is not None:
            await move_series(series, Did.confirmed, by=by.id, now=now, confirmed_at=now, asked_again_at=None)
            await withdraw(series)
            await repeat_agenda.wind(await series_of(series.id), await space_of(series.space))


async def _must_be_theirs(series: Repeated, room: Room, by: Neighbour) -> None:
    if not await sees_series(by, series, room):
        raise Missing


def _went_at(booked: Booked, ended_at: datetime) -> bool:
    return booked.stage == Stage.cancelled and booked.stage_at == ended_at and bool(booked.before)


async def _free_again(gone: list[Booked], series: Repeated, room: Room) -> dict[str, list[Claim]]:
    """What each of them would take, of those that can have all of it."""
    if not gone:
        return {}
    zone = await the_zone()
    wish = await wish_like(gone[0], zone)
    units = await units_of(room, wish)
    days = sorted(wall_of(each.begins_at, zone)[0] for each in gone)
    taken = await owned_by_others(room, wish, [Due(day) for day in days], series.household, (), zone)
    found = {}
    for each in gone:
        there = Wish(wall_of(each.begins_at, zone)[0], 0, 0, equipment=wish.equipment)
        claims = claims_of(room, there, units, each.begins_at, each.ends_at, series.household)
        try:
            take_of(claims, taken, owner=each.owner)
        except Faster:
            continue
        found[each.owner] = claims
    return found
