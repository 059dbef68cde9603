"""Away and back: noted, covered, ended; each told to both, and to administrators where a steward is concerned."""

from datetime import date, datetime
from typing import Any

from app.db import writing
from app.features.admin.rules.arranging import must_be_strong_about
from app.features.admin.rules.telling import (
    absence_key,
    days,
    name_of,
    role_path,
    tell,
    tell_administrators,
    tell_asked,
    tell_stand_in_that_it_ended,
    title,
)
from app.features.people import rules as people
from app.features.people.rules import Away, Neighbour
from app.features.people.tables import Kind
from app.kit import later
from app.kit.words import say


async def go_away(role_id: int, *, first: date, last: date, cover: int | None, by: Neighbour, now: datetime) -> Away:
    await must_be_strong_about(role_id, by)
    async with writing():
        away = await people.note_absence(role_id, first=first, last=last, by=by, now=now, cover=cover)
        await later.at(away.since_at, "roles.leaves", key=f"{absence_key(away)}:begins", absence=away.id)
        await later.at(away.until_at, "roles.returns", key=f"{absence_key(away)}:ends", absence=away.id)
        await _tell_of_absence(away, by, now)
        await _tell_of_cover(away, by, now)
        return away


async def find_cover(role_id: int, person_id: int, *, by: Neighbour, now: datetime) -> Away:
    """The deputy stands in at once; anybody else is asked."""
    await must_be_strong_about(role_id, by)
    async with writing():
        away = await people.ask_cover(role_id, person_id, by=by, now=now)
        await _tell_of_cover(away, by, now)
        return away


async def come_back(role_id: int, *, by: Neighbour, now: datetime) -> Away:
    async with writing():
        away = await people.come_back(role_id, by=by, now=now)
        for each in ("begins", "ends"):
            await later.cancel(f"{absence_key(away)}:{each}")
        words, name = await title(role_id), await name_of(away.holder, by)
        if away.stand_in and away.stand_in != by.id:
            thanks = say("%(name)s is back: %(role)s. Thank you for standing in.", name=name, role=words)
            await tell(away.stand_in, thanks, path="/account/roles", now=now, key=absence_key(away))
        if away.holder != by.id:
            told = say("%(name)s noted that you are back: %(role)s", name=by.name, role=words)
            await tell(away.holder, told, path=role_path(role_id), now=now)
        if await _is_stewards(away):
            told = say("%(name)s is back: %(role)s", name=name, role=words)
            await tell_administrators(told, path=role_path(role_id), now=now, besides=_three(away, by))
        return away


async def step_down(role_id: int, *, by: Neighbour, now: datetime) -> Away:
    """`role_id` is the stand-in's own row."""
    async with writing():
        away = await people.step_down(role_id, by=by, now=now)
        words = await title(away.role)
        name = await name_of(away.stand_in or by.id, by)
        told = say("%(name)s stands in no longer: %(role)s. Nobody does at the moment.", name=name, role=words)
        await tell(away.holder, told, path=role_path(away.role), now=now)
        if await _is_stewards(away):
            await tell_administrators(told, path=role_path(away.role), now=now, besides=_three(away, by))
        await tell_stand_in_that_it_ended(away, by=by, now=now)
        return away


async def tell_of_stand_in(role_id: int, *, by: Neighbour, now: datetime) -> None:
    """Somebody stands in, now or from a day on."""
    away = await people.absence_of(role_id, now=now)
    if away is None or away.stand_in is None:
        return
    said = await _said(away)
    told = say("You stand in for %(name)s from %(first)s to %(last)s: %(role)s", **said)
    await tell(away.stand_in, told, path="/account/roles", now=now, key=absence_key(away))
    if await _is_stewards(away):
        other = await name_of(away.stand_in, by)
        told = say("%(other)s stands in for %(name)s from %(first)s to %(last)s: %(role)s", other=other, **said)
        await tell_administrators(told, path=role_path(role_id), now=now, besides=_three(away, by))


async def leaves(absence_id: int, *, now: datetime) -> None:
    """The first morning: a reminder. The powers began by themselves."""
    async with writing():
        away = await people.absence(absence_id)
        if away is None or away.stand_in is None or not away.since_at <= now < away.until_at:
            return
        said = await _said(away)
        told = say("From today you stand in for %(name)s, until %(last)s: %(role)s", **said)
        await tell(away.stand_in, told, path="/account/roles", now=now, key=absence_key(away))


async def returns(absence_id: int, *, now: datetime) -> None:
    """The morning after: the powers ended by themselves."""
    async with writing():
        away = await people.absence(absence_id)
        if away is None or away.until_at > now:
            return
        said = await _said(away)
        await tell(away.holder, say("Welcome back: %(role)s", **said), path=role_path(away.role), now=now)
        if away.stand_in is not None:
            told = say("You stood in for %(name)s until yesterday: %(role)s. Thank you!", **said)
            await tell(away.stand_in, told, path="/account/roles", now=now, key=absence_key(away))


async def _tell_of_absence(away: Away, by: Neighbour, now: datetime) -> None:
    said = await _said(away)
    if away.holder != by.id:
        noted = say("It is noted that you are away from %(first)s to %(last)s: %(role)s", **said)
        await tell(away.holder, noted, path=role_path(away.role), now=now)
    if away.stand_in is None and await _is_stewards(away):
        told = say("%(name)s is away from %(first)s to %(last)s, and nobody stands in yet: %(role)s", **said)
        await tell_administrators(told, path=role_path(away.role), now=now, besides=_three(away, by))


async def _tell_of_cover(away: Away, by: Neighbour, now: datetime) -> None:
    await tell_of_stand_in(away.role, by=by, now=now)
    for found in await people.proposals_about(away.role, now=now):
        if found.absence == away.id:
            await tell_asked(found, by=by, now=now)


async def _said(away: Away) -> dict[str, Any]:
    first, last = await days(away)
    return {"name": await name_of(away.holder), "first": first, "last": last, "role": await title(away.role)}


async def _is_stewards(away: Away) -> bool:
    return (await people.role(away.role)).kind == Kind.steward


def _three(away: Away, by: Neighbour) -> set[int]:
    return {by.id, away.holder} | ({away.stand_in} if away.stand_in else set())
