"""What time does to a repeat: managers are nudged once for all of it, it lapses whole, and whoever repeats is asked
every eight weeks whether it is still needed. As with a single booking, a tick looks at how things stand and may run
twice.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from app.db import writing
from app.features.notices import rules as notices
from app.features.spaces.rules.managers import deputies, managers
from app.features.spaces.rules.reach import Booked, Room, space_of
from app.features.spaces.rules.repeat_agenda import Due, again_key, agenda, asked_key, released_at, wind
from app.features.spaces.rules.repeat_deciding import end_dates, forget_blocked, settled, tell_those_it_is_for, withdraw
from app.features.spaces.rules.series import Repeated, held_series, move_series, series_of
from app.features.spaces.rules.ticking import AT_ONCE
from app.features.spaces.series import Series
from app.features.spaces.tables import Did, Stage
from app.kit.refusals import Missing
from app.kit.words import say, say_n


async def tick_series(series_id: int, *, now: datetime) -> None:
    async with writing():
        try:
            series, dates = await held_series(series_id)
        except Missing:
            return
        room = await space_of(series.space)
        for _ in range(AT_ONCE):
            ahead = await agenda(series, room)
            if not ahead or ahead[0][0] > now:
                break
            await HAPPENS[ahead[0][1]](series, dates, room, now)
            series, dates = await held_series(series_id)
        await wind(series, room)


async def _nudge(series: Repeated, dates: list[Booked], room: Room, now: datetime) -> None:
    passed_on = series.nudged >= 1
    whom = set(await managers(room, now=now)) | (set(await deputies(room, now=now)) if passed_on else set())
    did = Did.passed_on if passed_on else Did.nudged
    await move_series(series, did, by=None, now=now, nudged=series.nudged + 1)
    first = next(each for each in dates if each.holds)
    waits = say("Still waiting for a yes or no: %(space)s, %(when)s", space=room.name, when=first.begins_at)
    told: dict[str, Any] = {"path": series.path, "topic": "bookings", "now": now}
    await notices.tell_all(sorted(whom), waits, key=f"{asked_key(series.id)}:{series.nudged + 1}", **told)


async def _lapse(series: Repeated, dates: list[Booked], room: Room, now: datetime) -> None:
    gone = [each for each in dates if each.stage == Stage.pending and not each.apart]
    await move_series(series, Did.expired, by=None, now=now, stage=Stage.expired)
    await forget_blocked(series)
    await end_dates(series, gone, room, Stage.expired, now=now)
    words = say_n(
        "Nobody answered for %(space)s, once, %(when)s. It lapsed; please ask again.",
        "Nobody answered for %(space)s, %(n)s times from %(when)s. It lapsed; please ask again.",
        len(gone), space=room.name, when=gone[0].begins_at,
    )  # fmt: skip
    await settled(series, words, by=None, now=now)


async def _ask_again(series: Repeated, dates: list[Booked], room: Room, now: datetime) -> None:
    await move_series(series, Did.asked_again, by=None, now=now, asked_again_at=now)
    asks = say(
        "Do you still need %(space)s? Say yes until %(until)s, else what is to come is released.",
        space=room.name, until=released_at(await series_of(series.id)),
    )  # fmt: skip
    await tell_those_it_is_for(series, asks, by=None, now=now, key=again_key(series.id))


async def _release(series: Repeated, dates: list[Booked], room: Room, now: datetime) -> None:
    gone = [each for each in dates if each.holds and each.begins_at > now]
    if not gone:  # the clock came late, and the last of it has begun
        await Series.update({Series.confirmed_at: now}).where(Series.id == series.id)
        return await withdraw(series)
    await move_series(series, Did.released, by=None, now=now, stage=Stage.expired)
    await forget_blocked(series)
    await end_dates(series, gone, room, Stage.expired, now=now)
    words = say_n(
        "Nobody said that %(space)s is still needed, so %(when)s was released.",
        "Nobody said that %(space)s is still needed, so it was released %(n)s times, the first %(when)s.",
        len(gone), space=room.name, when=gone[0].begins_at,
    )  # fmt: skip
    await settled(series, words, by=None, now=now)


HAPPENS: dict[Due, Callable[[Repeated, list[Booked], Room, datetime], Awaitable[None]]] = {
    Due.nudge: _nudge,
    Due.lapse: _lapse,
    Due.ask_again: _ask_again,
    Due.release: _release,
}
