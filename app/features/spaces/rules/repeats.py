"""Asking for a room again and again: looked over first, then sent as one thing, each date of it nobody's twice.

How far ahead: its first day keeps to what the space allows, the rest may reach a year. Whoever repeats is asked every
eight weeks whether it is still needed, so no room is held by a wish of long ago; and a club that had to ask anew every
sixty days would be the hundred requests that a repeat spares the managers.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.db import writing
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.features.spaces.rules import agenda, repeat_agenda
from app.features.spaces.rules.booking import TRIES, is_at_once, the_zone
from app.features.spaces.rules.claiming import claims_of
from app.features.spaces.rules.fitting import Wish, moments, must_be_ahead, must_suit
from app.features.spaces.rules.house_rules import newest_version
from app.features.spaces.rules.managers import managers
from app.features.spaces.rules.planning import Choices, DatesTaken, Plan, plan
from app.features.spaces.rules.reach import Room, owner_of, space_of
from app.features.spaces.rules.repeating import Due, Repeat, days, dues, rule_of
from app.features.spaces.rules.series import Repeated, closes_of, dates_of, move_series, series_of, wish_on
from app.features.spaces.series import Series
from app.features.spaces.tables import BookedEquipment, Booking, Did, Stage
from app.kit import slots
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.slots import Claim, Faster
from app.kit.words import say, say_n


async def look_over(
    space_id: int,
    wish: Wish,
    repeat: Repeat,
    choices: Choices,
    *,
    for_whom: int | None = None,
    by: Neighbour,
    now: datetime,
) -> Plan:
    """Each of its days before anything is sent. Raises Refusal for what is wrong on every day."""
    only_active(by, now)
    person, room, zone = for_whom or by.id, await space_of(space_id), await the_zone()
    if room.closed_at is not None or not await people.may_act_for(by, person):
        raise Missing
    must_suit(room, wish)
    rule, found = _days(wish, repeat)
    first = wish_on(found[0].day, wish.opens, closes_of(wish), wish)
    today = now.astimezone(zone).date()
    must_be_ahead(room, first, today=today, begins=_beginning(first, zone), now=now)
    if wish.version != await newest_version(room.id):
        raise Refusal(say("The house rules have changed. Please read them once more."), beside="version")
    household = await household_of(person)
    return await plan(room, wish, rule, found, choices, household=household, zone=zone, now=now)


async def repeat(
    space_id: int,
    wish: Wish,
    repeat: Repeat,
    choices: Choices,
    *,
    for_whom: int | None = None,
    by: Neighbour,
    now: datetime,
) -> Repeated:
    """All that was chosen, or nothing: raises DatesTaken with what was taken meanwhile."""
    for _ in range(TRIES):
        planned = await look_over(space_id, wish, repeat, choices, for_whom=for_whom, by=by, now=now)
        if planned.unsettled:
            raise DatesTaken(planned)
        if not planned.wishes:
            raise Refusal(say("Every day is left out. At least one, please."), beside="dates")
        try:
            return await _kept(await space_of(space_id), wish, planned, for_whom or by.id, by, now)
        except Faster:
            continue  # the next look says which
    raise Taken(say("Somebody was faster. Please look again."))


async def _kept(room: Room, wish: Wish, planned: Plan, person: int, by: Neighbour, now: datetime) -> Repeated:
    zone, household = await the_zone(), await household_of(person)
    stage = Stage.approved if await is_at_once(room, wish, person, by=by, now=now) else Stage.pending
    async with writing():
        row = Series(
            space=room.id, person=person, acted_by=by.id if by.id != person else None, household=household,
            rule=planned.rule, first=days(planned.rule, wish.day)[0], opens=wish.opens, closes=closes_of(wish),
            people=wish.people, purpose=wish.purpose.strip(), open_to_all=wish.open_to_all, version=wish.version,
            stage=stage, asked_at=now, stage_at=now, confirmed_at=now,
        )  # fmt: skip
        await row.save()
        series = await series_of(row.id)
        wishes = planned.wishes
        first = min(moments(each, zone)[0] for each in wishes.values())
        wanted = await _rows(series, room, wishes, planned.known, zone)
        await slots.have(wanted)
        await move_series(series, Did.at_once if stage == Stage.approved else Did.asked, by=by.id, now=now)
        for booked in await dates_of(series.id):
            await agenda.wind(booked, room)
        await repeat_agenda.wind(series, room)
        await tell_of(series, room, first, len(wishes), by=by, now=now)
    return series


async def _rows(
    series: Repeated, room: Room, wishes: Mapping[date, Wish], units: Mapping[int, int], zone: ZoneInfo
) -> dict[str, list[Claim]]:
    """A booking for each; gives back what each of them takes."""
    fresh = {due: _booking(series, due, wish, zone) for due, wish in wishes.items()}
    made = await Booking.insert(*fresh.values()).returning(Booking.id, Booking.due_on)
    ids = {row["due_on"]: row["id"] for row in made}
    things = [
        BookedEquipment(booking=ids[due], equipment=id, units=many)
        for due, wish in wishes.items()
        for id, many in wish.equipment.items()
    ]
    for start in range(0, len(things), slots.AT_ONCE):
        await BookedEquipment.insert(*things[start : start + slots.AT_ONCE])
    return {
        owner_of(ids[due]): claims_of(room, wish, units, *moments(wish, zone), series.household)
        for due, wish in wishes.items()
    }


def _booking(series: Repeated, due: date, wish: Wish, zone: ZoneInfo) -> Booking:
    begins, ends = moments(wish, zone)
    return Booking(
        space=series.space, person=series.person, acted_by=series.acted_by, household=series.household,
        begins_at=begins, ends_at=ends, people=series.people, purpose=series.purpose, open_to_all=series.open_to_all,
        version=series.version, stage=series.stage, asked_at=series.asked_at, stage_at=series.stage_at,
        series=series.id, due_on=due,
    )  # fmt: skip


async def tell_of(series: Repeated, room: Room, first: datetime, many: int, *, by: Neighbour, now: datetime) -> None:
    """One notice for all of it."""
    told: dict[str, Any] = {"path": series.path, "topic": "bookings", "now": now}
    words: dict[str, Any] = {"name": by.name, "space": room.name, "when": first}
    if series.stage == Stage.pending:
        asks = say_n(
            "%(name)s asks for %(space)s once, as a repeat: %(when)s",
            "%(name)s asks for %(space)s %(n)s times, the first %(when)s",
            many,
            **words,
        )
        key = repeat_agenda.asked_key(series.id)
        await notices.tell_all(await managers(room, now=now), asks, key=key, **told)
    if series.person != by.id:
        asked = say_n(
            "%(name)s asked for %(space)s for you, as a repeat: %(when)s",
            "%(name)s asked for %(space)s for you %(n)s times, the first %(when)s",
            many,
            **words,
        )
        await notices.tell(series.person, asked, **told)


async def household_of(person: int) -> int | None:
    home = next(iter(await people.stays_of(person)), None)
    return home.household if home else None


def _days(wish: Wish, repeat: Repeat) -> tuple[str, Sequence[Due]]:
    rule = rule_of(repeat, wish.day)
    return rule, dues(rule, wish.day)


def _beginning(first: Wish, zone: ZoneInfo) -> datetime:
    """An hour that the clocks leave out or repeat is said beside that day, not here."""
    try:
        return moments(first, zone)[0]
    except Refusal:
        return datetime.combine(first.day, datetime.max.time(), zone)
