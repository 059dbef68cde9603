"""The deed of a change: rows and slots go to their new times, new ones taken before old ones are given back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.spaces.rules import agenda, repeat_agenda
from app.features.spaces.rules.claiming import claims_of
from app.features.spaces.rules.door_codes import drop_code
from app.features.spaces.rules.fitting import Wish, moments
from app.features.spaces.rules.managers import managers
from app.features.spaces.rules.planning import Plan
from app.features.spaces.rules.reach import Booked, Room, booking_of, move
from app.features.spaces.rules.repeat_deciding import end_dates
from app.features.spaces.rules.repeating import from_then, without
from app.features.spaces.rules.repeats import tell_of
from app.features.spaces.rules.series import Repeated, closes_of, move_series, series_of
from app.features.spaces.rules.waiting import offer_next
from app.features.spaces.series import Series
from app.features.spaces.tables import Booking, Did, Stage
from app.kit import slots
from app.kit.slots import Claim
from app.kit.words import say


async def move_one(
    booked: Booked, room: Room, planned: Plan, *, at_once: bool, zone: ZoneInfo, by: Neighbour, now: datetime
) -> str:
    [wish] = planned.wishes.values()
    same = moments(wish, zone) == (booked.begins_at, booked.ends_at)
    stage = _stage(booked, wish, at_once, same=same)
    await _put(booked, wish, zone, stage=stage, now=now, apart=booked.series is not None)
    await slots.have({booked.owner: _claims(booked, room, wish, planned.known, zone)})
    await move(booked, Did.moved, by=by.id, now=now)
    there = await booking_of(booked.id)
    await _after([(booked, there)], room, now=now)
    told: dict[str, Any] = {"path": there.path, "topic": "bookings", "until": there.ends_at, "now": now}
    words: dict[str, Any] = {"name": by.name, "space": room.name, "when": there.begins_at}
    if stage == Stage.pending:
        for nth in ("", ":1", ":2"):
            await notices.withdraw(agenda.asked_key(there.id) + nth)
        asks = say("%(name)s asks for %(space)s: %(when)s", **words)
        await notices.tell_all(await managers(room, now=now), asks, key=agenda.asked_key(there.id), **told)
    whom = [each for each in {there.person, there.acted_by} - {by.id, None} if each is not None]
    await notices.tell_all(whom, say("%(name)s moved %(space)s: now %(when)s", **words), **told)
    return there.path


async def move_all(
    series: Repeated,
    dates: list[Booked],
    every: list[Booked],
    room: Room,
    wish: Wish,
    planned: Plan,
    *,
    at_once: bool,
    zone: ZoneInfo,
    by: Neighbour,
    now: datetime,
) -> str:
    """`dates` of `every` date it has. Those before them stay a repeat of their own."""
    stage = _stage(dates[0], wish, at_once, same=_hours(dates[0], zone) == (wish.opens, closes_of(wish)))
    asked_anew = stage == Stage.pending
    target = await _target(series, dates, every, wish, stage, now=now)
    wishes = planned.wishes
    kept = [(each, wishes[each.due_on]) for each in dates if each.due_on is not None and each.due_on in wishes]
    for each, there in kept:
        await _put(each, there, zone, stage=stage, now=now, series=target.id)
    left = [each for each in dates if each.due_on not in wishes]
    if target.id != series.id:
        await Booking.update({Booking.series: target.id}).where(
            (Booking.series == series.id) & (Booking.due_on >= dates[0].due_on)
        )
    wanted = {each.owner: _claims(each, room, there, planned.known, zone) for each, there in kept}
    await slots.have(wanted)
    await end_dates(target, left, room, Stage.cancelled, now=now)
    for repeat in (series, target) if target.id != series.id else (target,):
        await move_series(repeat, Did.moved, by=by.id, now=now)
    await _after([(each, await booking_of(each.id)) for each, _ in kept], room, now=now)
    for id in {series.id, target.id}:
        await repeat_agenda.wind(await series_of(id), room)
    await notices.withdraw(repeat_agenda.again_key(target.id))  # who changes it says that it is still needed
    if asked_anew or by.id != series.person:
        for nth in ("", ":1", ":2"):
            await notices.withdraw(repeat_agenda.asked_key(target.id) + nth)
        first = min(moments(each, zone)[0] for each in wishes.values())
        await tell_of(await series_of(target.id), room, first, len(kept), by=by, now=now)
    return target.path


async def _target(
    series: Repeated, dates: list[Booked], every: list[Booked], wish: Wish, stage: Stage, *, now: datetime
) -> Repeated:
    """The same repeat where nothing that holds stands before these dates; else another that begins with them."""
    since = dates[0].due_on or wish.day
    ids = {each.id for each in dates}
    others = [each for each in every if each.holds and each.id not in ids and not each.apart]
    earlier = [each for each in others if each.begins_at > now and (each.due_on or since) < since]
    facts: dict[str, Any] = {
        "opens": wish.opens, "closes": closes_of(wish), "people": wish.people, "purpose": wish.purpose,
        "open_to_all": wish.open_to_all,
    }  # fmt: skip
    anew: dict[str, Any] = {"stage": stage, "stage_at": now, "confirmed_at": now, "asked_again_at": None}
    if stage == Stage.pending:
        anew |= {"asked_at": now, "nudged": 0}
    if not earlier:
        values = {getattr(Series, name): value for name, value in {**facts, **anew}.items()}
        await Series.update({**values, Series.sequence: Series.sequence + 1}).where(Series.id == series.id)
        return await series_of(series.id)
    known = {name: getattr(series, name) for name in series.__struct_fields__ if name not in ("id", "ended_at")}
    rest = from_then(series.rule, series.first, since)
    row = Series(**{**known, **facts, **anew, "rule": rest, "first": since, "sequence": 0, "ended_at": None})
    await row.save()
    shorter: dict[Any, Any] = {Series.rule: without(series.rule, since), Series.sequence: Series.sequence + 1}
    await Series.update(shorter).where(Series.id == series.id)
    return await series_of(row.id)


def _stage(booked: Booked, wish: Wish, at_once: bool, *, same: bool) -> Stage:
    """What a manager allowed stays allowed at the same hours with no more people."""
    if at_once:
        return Stage.approved
    return Stage(booked.stage) if same and wish.people <= booked.people else Stage.pending


def _hours(booked: Booked, zone: ZoneInfo) -> tuple[int, int]:
    begins, ends = booked.begins_at.astimezone(zone), booked.ends_at.astimezone(zone)
    over = (ends.date() - begins.date()).days * 1440
    return begins.hour * 60 + begins.minute, over + ends.hour * 60 + ends.minute


async def _put(booked: Booked, wish: Wish, zone: ZoneInfo, *, stage: Stage, now: datetime, **more: Any) -> None:
    begins, ends = moments(wish, zone)
    values: dict[Any, Any] = {
        Booking.begins_at: begins, Booking.ends_at: ends, Booking.people: wish.people,
        Booking.purpose: wish.purpose.strip(), Booking.open_to_all: wish.open_to_all,
        Booking.sequence: booked.sequence + 1, Booking.stage: stage, Booking.stage_at: now,
    }  # fmt: skip
    if stage == Stage.pending:
        values |= {Booking.asked_at: now, Booking.nudged: 0, Booking.decided_by: None}
    if begins != booked.begins_at:
        values |= {Booking.reminded_at: None}
    values |= {getattr(Booking, name): value for name, value in more.items()}
    await Booking.update(values).where(Booking.id == booked.id)


def _claims(booked: Booked, room: Room, wish: Wish, units: Mapping[int, int], zone: ZoneInfo) -> list[Claim]:
    return claims_of(room, wish, units, *moments(wish, zone), booked.household)


async def _after(moved: list[tuple[Booked, Booked]], room: Room, *, now: datetime) -> None:
    """Clocks are wound anew, a code of the old hours is dropped, and whoever waits for the old hours is asked."""
    for before, there in moved:
        await agenda.wind(there, room)
        if (before.begins_at, before.ends_at) != (there.begins_at, there.ends_at):
            await drop_code(before.id)
            until = before.ends_at + timedelta(minutes=room.gap)
            await offer_next(room, slots.quarters(before.begins_at, until), now=now)
