"""Making an event, on one date or on several: with its room, or not at all."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.db import writing
from app.features.events.rules.agenda import wind
from app.features.events.rules.drafts import Draft, fitting, moments
from app.features.events.rules.reach import add_host_row, gathering
from app.features.events.tables import Event, Part
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.features.spaces import rules as spaces
from app.features.spaces.rules import TimeTaken, Wish
from app.features.spaces.rules.booking import the_zone
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import Sentence, say

BESIDE = {"people": "capacity", "version": "agreed", "purpose": "title_0"}


class DatesTaken(Taken):
    """Some of the dates do not go: `days` are those, and why the first of them does not."""

    def __init__(self, days: list[date], why: Refusal) -> None:
        listed: Sentence = say("%(day)s", day=days[0])
        for day in days[1:]:
            listed = say("%(days)s; %(day)s", days=listed, day=day)
        words = say("These dates do not go: %(days)s. The first: %(why)s", days=listed, why=why.sentence)
        super().__init__(words, beside="every")
        self.days = days


class _Undone(Exception):
    pass


async def make(
    draft: Draft, days: Sequence[date] = (), *, leave_out: bool = False, by: Neighbour, now: datetime
) -> list[int]:
    """On each of these days, an event of its own; all of them, or (with `leave_out`) all that go. Raises DatesTaken
    with every date that does not, Refusal for what is wrong on any date, TimeTaken for a single one."""
    only_active(by, now)
    draft, zone = await fitting(draft, by=by, now=now), await the_zone()
    dates = list(dict.fromkeys(days)) or [draft.day]
    wrong: dict[date, Refusal] = {}
    while True:
        going = [day for day in dates if day not in wrong]
        try:
            return await _all_of(draft, going, wrong, leave_out, by=by, zone=zone, now=now)
        except _DoesNotGo as no:
            if len(dates) == 1:
                raise no.why from None
            wrong[no.day] = no.why
            if len(wrong) == len(dates):
                raise DatesTaken(list(wrong), wrong[dates[0]]) from None
        except _Undone:
            raise DatesTaken(list(wrong), next(iter(wrong.values()))) from None


class _DoesNotGo(Exception):
    def __init__(self, day: date, why: Refusal) -> None:
        super().__init__(str(why))
        self.day, self.why = day, why


async def _all_of(
    draft: Draft,
    days: list[date],
    wrong: dict[date, Refusal],
    leave_out: bool,
    *,
    by: Neighbour,
    zone: ZoneInfo,
    now: datetime,
) -> list[int]:
    async with writing():
        made: list[int] = []
        for day in days:
            try:
                made.append(await _one(draft.on(day), series=made[0] if made else None, by=by, zone=zone, now=now))
            except Refusal as why:
                raise _DoesNotGo(day, why) from None
        if wrong and not leave_out:
            raise _Undone  # we only looked which of them would go
        if len(made) > 1:
            await Event.update({Event.series: made[0]}).where(Event.id == made[0])
        return made


async def _one(draft: Draft, *, series: int | None, by: Neighbour, zone: ZoneInfo, now: datetime) -> int:
    begins, ends = moments(draft, zone, now=now)
    booking = await book_room(draft, by=by, now=now)
    row = Event(**columns(draft), begins_at=begins, ends_at=ends, booking=booking, by=by.id, series=series, made_at=now)
    await row.save()
    await add_host_row(row.id, by.id)
    for each in draft.parts:
        await Part.insert(Part(event=row.id, names=json.dumps(each.names), wanted=each.wanted))
    await wind(await gathering(row.id))
    return int(row.id)


def columns(draft: Draft) -> dict[str, Any]:
    """What stands in the row as it was meant."""
    plain = ("kind", "space", "area", "role", "public", "capacity", "capability", "valid_days", "guests")
    texts = {name: json.dumps(getattr(draft, name), ensure_ascii=False) for name in ("titles", "words", "place")}
    return {name: getattr(draft, name) for name in plain} | texts


async def book_room(draft: Draft, *, by: Neighbour, now: datetime) -> int | None:
    """The booking of its space; what the space does not allow stands beside the field that it means here."""
    if draft.space is None:
        return None
    try:
        found = await spaces.house_rules(draft.space)
        if found and not draft.agreed:
            raise Refusal(say("Please read the house rules and tick that you keep them."), beside="agreed")
        wish = Wish(
            draft.day,
            draft.opens,
            draft.closes,
            last=draft.last,
            people=draft.capacity,
            purpose=next(iter(draft.titles.values()))[:200],
            open_to_all=draft.area is None and not draft.role,
            version=found.version if found else 0,
        )
        return (await spaces.book(draft.space, wish, by=by, now=now)).id
    except TimeTaken:
        raise
    except Missing:
        raise Refusal(say("Please choose one of these."), beside="space") from None
    except Refusal as refusal:
        refusal.beside = BESIDE.get(refusal.beside, refusal.beside)
        raise
