"""Meeting points and emergency numbers: written on an ordinary day by those who lead, for one without a network."""

import json
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.alerts.rules.reach import leads
from app.features.alerts.tables import Lifeline
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.kit import audit, changes
from app.kit.phones import public_number
from app.kit.refusals import Missing, NotYours, Refusal, Several, Taken
from app.kit.words import Sentence, say, written

TITLE, WORDS, MOST = 60, 160, 60
BACK_WITHIN = timedelta(days=1)


class Typed(Struct, frozen=True):
    """Titles and words by language; no area: for everybody."""

    titles: dict[str, str]
    words: dict[str, str]
    phone: str = ""
    area: int | None = None


class Line(Struct):
    id: int
    area: int | None
    area_kind: str | None
    area_name: str | None
    titles: str
    words: str
    phone: str

    @property
    def title(self) -> Sentence:
        return written(json.loads(self.titles))

    @property
    def more(self) -> Sentence:
        return written(json.loads(self.words))

    @property
    def place(self) -> Sentence:
        if self.area_name is None:
            return say("For everybody")
        return community.label(self.area_kind or "", self.area_name)


_LINE = (
    "SELECT lifelines.id, lifelines.area, areas.kind AS area_kind, areas.name AS area_name, lifelines.titles, "
    "lifelines.words, lifelines.phone FROM lifelines LEFT JOIN areas ON areas.id = lifelines.area "
    "WHERE lifelines.gone_at IS NULL "
)
_lines = prepared_sql(_LINE + "ORDER BY lifelines.sort, lifelines.id", Line)
_line = prepared_sql(_LINE + "AND lifelines.id = {}", Line)


def must_lead(by: Neighbour) -> None:
    if not leads(by):
        raise NotYours(say("Coordinators and administrators do this. They stand under “Who does what”."))


async def lines() -> list[Line]:
    """All of them, in the order in which they are read."""
    return list(await _lines())


async def line(id: int) -> Line:
    found = await _line.first(id)
    if found is None:
        raise Missing
    return found


async def write_line(typed: Typed, *, id: int | None = None, by: Neighbour, now: datetime) -> int:
    """A new one, at the end of the list; or the one of that number, in new words."""
    must_lead(by)
    phone = await _fits(typed)
    values: dict[Any, Any] = {
        Lifeline.titles: _kept(typed.titles),
        Lifeline.words: _kept(typed.words),
        Lifeline.phone: phone,
        Lifeline.area: typed.area,
    }
    async with writing():
        if typed.area is not None:
            await community.area(typed.area)
        if id is None:
            standing = await _held_all()
            if len(standing) >= MOST:
                raise Refusal(say("At most %(most)s lines: whoever is in a hurry reads no more.", most=MOST))
            last = max((row["sort"] for row in standing), default=0)
            made = await Lifeline.insert(
                Lifeline(**{each._meta.name: value for each, value in values.items()}, sort=last + 1)
            )
            id = int(made[0]["id"])
        else:
            await line(id)
            await Lifeline.update(values).where(Lifeline.id == id)
        await note("lifeline written", id, by, now)
    return id


async def move_line(id: int, *, up: bool, by: Neighbour, now: datetime) -> None:
    """One place; at the end of the list it stays where it is."""
    must_lead(by)
    async with writing():
        ids = [row["id"] for row in await _held_all()]
        if id not in ids:
            raise Missing
        place = ids.index(id)
        ids.insert(max(0, place - 1) if up else place + 1, ids.pop(place))
        for sort, each in enumerate(ids, start=1):
            await Lifeline.update({Lifeline.sort: sort}).where(Lifeline.id == each)
        await note("lifeline moved", id, by, now)


async def remove_line(id: int, *, by: Neighbour, now: datetime) -> None:
    """Nobody reads it any more; for a day it can be put back where it was."""
    must_lead(by)
    async with writing():
        standing = (Lifeline.id == id) & Lifeline.gone_at.is_null()
        if not await Lifeline.update({Lifeline.gone_at: now}).where(standing).returning(Lifeline.id):
            raise Missing
        await note("lifeline removed", id, by, now)


async def put_line_back(id: int, *, by: Neighbour, now: datetime) -> None:
    must_lead(by)
    async with writing():
        gone = (Lifeline.id == id) & (Lifeline.gone_at > now - BACK_WITHIN)
        if not await Lifeline.update({Lifeline.gone_at: None}).where(gone).returning(Lifeline.id):
            raise Taken(say("That can no longer be undone."))
        await note("lifeline put back", id, by, now)


async def purge_gone(now: datetime) -> None:
    await Lifeline.delete().where(Lifeline.gone_at < now - BACK_WITHIN)


async def _held_all() -> list[dict[str, Any]]:
    """In the order in which they are read; held in that of their ids, which nobody changes."""
    rows = Lifeline.select(Lifeline.id, Lifeline.sort).where(Lifeline.gone_at.is_null()).order_by(Lifeline.id)
    return sorted(await held(rows), key=lambda row: (row["sort"], row["id"]))


async def _fits(typed: Typed) -> str:
    """The number as it is kept; all mistakes at once, each beside its field."""
    here = await community.here()
    wrong = []
    for place, tag in enumerate(here.languages[:2] if here else ()):
        title, words = typed.titles.get(tag, "").strip(), typed.words.get(tag, "").strip()
        if not title:
            wrong.append(Refusal(say("Please write it in this language too: everybody must understand it."),
                                 beside=f"title_{place}"))  # fmt: skip
        for name, text, most in (("title", title, TITLE), ("words", words, WORDS)):
            if len(text) > most:
                wrong.append(Refusal(say("At most %(most)s characters, please.", most=most), beside=f"{name}_{place}"))
    phone = public_number(typed.phone, here.region if here else "CN") if typed.phone.strip() else ""
    if typed.phone.strip() and not phone:
        wrong.append(Refusal(say("Nobody can dial that. A number like 119 or 021 6123 4567, please."), beside="phone"))
    if wrong:
        raise Several(wrong)
    return phone


def _kept(typed: dict[str, str]) -> str:
    return json.dumps({tag: words.strip() for tag, words in typed.items() if words.strip()}, ensure_ascii=False)


async def note(did: str, id: int, by: Neighbour, now: datetime) -> None:
    await audit.note(did, who=by.id, about=f"lifeline:{id}", now=now)
    await changes.announce("community")
