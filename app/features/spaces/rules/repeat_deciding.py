"""Yes or no to a repeat: all of its dates in one press, and one answer to whoever asked."""

from datetime import date, datetime
from typing import Any

from app.db import writing
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.features.spaces.rules import agenda, repeat_agenda
from app.features.spaces.rules.deciding import DONE, let_go
from app.features.spaces.rules.managers import manages
from app.features.spaces.rules.reach import Booked, Room, booking_of, space_of
from app.features.spaces.rules.series import Repeated, held_series, move_dates, move_series, series_of
from app.features.spaces.series import Series
from app.features.spaces.tables import Booking, Did, Stage
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import Sentence, say, say_n


async def approve_series(series_id: int, *, by: Neighbour, now: datetime) -> Repeated:
    async with writing():
        series, room, dates = await _waiting(series_id, by, now)
        await move_series(series, Did.approved, by=by.id, now=now, stage=Stage.approved, decided_by=by.id)
        await move_dates(dates, Stage.approved, now=now, decided_by=by.id)
        blocked = _blocked(series) & (Booking.before == Stage.pending)
        await Booking.update({Booking.before: Stage.approved}).where(blocked)
        for each in dates:
            await agenda.wind(await booking_of(each.id), room)
        await repeat_agenda.wind(await series_of(series.id), room)
        yes = say_n(
            "Yes: %(space)s, once, %(when)s", "Yes: %(space)s, %(n)s times, the first %(when)s", len(dates),
            space=room.name, when=dates[0].begins_at,
        )  # fmt: skip
        await settled(series, yes, by=by.id, now=now)
        return series


async def refuse_series(series_id: int, reason: str, *, by: Neighbour, now: datetime) -> Repeated:
    """Always with a reason, which the booker reads. All of its time is free again at once."""
    async with writing():
        series, room, dates = await _waiting(series_id, by, now)
        if not reason.strip():
            raise Refusal(say("Please say why: they will read it."), beside="reason")
        said = reason.strip()[:300]
        more: dict[str, Any] = {"decided_by": by.id, "reason": said}
        await move_series(series, Did.refused, by=by.id, now=now, words=said, stage=Stage.refused, **more)
        await forget_blocked(series)
        await end_dates(series, dates, room, Stage.refused, now=now, **more)
        no = say_n(
            "No for %(space)s, once, %(when)s: %(reason)s", "No for %(space)s, %(n)s times from %(when)s: %(reason)s",
            len(dates), space=room.name, when=dates[0].begins_at, reason=said,
        )  # fmt: skip
        await settled(series, no, by=by.id, now=now)
        return series


async def sees_series(by: Neighbour, series: Repeated, room: Room) -> bool:
    """Whoever asked, for whom it was asked, and who manages the space."""
    return by.id in (series.person, series.acted_by) or await manages(by, room)


async def end_dates(
    series: Repeated, dates: list[Booked], room: Room, stage: Stage, *, now: datetime, **more: Any
) -> None:
    """These let go of their time, and the clock of the repeat is wound anew."""
    await move_dates(dates, stage, now=now, **more)
    for each in dates:
        await let_go(each, room, now=now)
    await repeat_agenda.wind(await series_of(series.id), room)


async def forget_blocked(series: Repeated, since: date | None = None) -> None:
    """What a block-out cancelled before does not return to a repeat that ended."""
    gone = _blocked(series)
    if since is not None:
        gone &= Booking.due_on >= since
    await Booking.update({Booking.blocked_by: None, Booking.before: ""}).where(gone)


async def settled(series: Repeated, words: Sentence, *, by: int | None, now: datetime) -> None:
    """Managers need not look any more, and those it was for hear it once."""
    await withdraw(series)
    await tell_those_it_is_for(series, words, by=by, now=now)


async def withdraw(series: Repeated) -> None:
    """No question about it is open any more."""
    await Series.update({Series.asked_again_at: None}).where(Series.id == series.id)
    for nth in ("", ":1", ":2"):
        await notices.withdraw(repeat_agenda.asked_key(series.id) + nth)
    await notices.withdraw(repeat_agenda.again_key(series.id))


async def tell_those_it_is_for(
    series: Repeated, words: Sentence, *, by: int | None, now: datetime, key: str | None = None
) -> None:
    whom = sorted(each for each in {series.person, series.acted_by} - {by, None} if each is not None)
    await notices.tell_all(whom, words, path=series.path, topic="bookings", now=now, key=key)


async def _waiting(series_id: int, by: Neighbour, now: datetime) -> tuple[Repeated, Room, list[Booked]]:
    """One that waits for this manager, with those of its dates that do."""
    only_active(by, now)
    series, dates = await held_series(series_id)
    room = await space_of(series.space)
    if not await manages(by, room):
        if await sees_series(by, series, room):
            raise NotYours(say("Whoever manages this space decides that."))
        raise Missing
    if series.stage != Stage.pending:
        raise Taken(DONE[series.stage])
    waiting = [each for each in dates if each.stage == Stage.pending and not each.apart and each.begins_at > now]
    if not waiting:
        raise Refusal(say("Its time has come already."))
    return series, room, waiting


def _blocked(series: Repeated) -> Any:
    return (Booking.series == series.id) & Booking.blocked_by.is_not_null() & (Booking.stage == Stage.cancelled)
