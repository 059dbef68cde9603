"""Needs that nobody asked for: something above us opens them, hundreds at a time, and calls them off again.

They are for officers alone. Who opened them is known by a name only (`origin`); a household has one of each.
"""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import one_of, prepared_sql, writing
from app.features.help.rules.reach import hush, move, need_of, path_of, tell, took_of
from app.features.help.rules.reopening import let_go
from app.features.help.tables import Among, Did, Need, Stage, What
from app.features.notices import rules as notices
from app.features.notices.tables import Urgency
from app.kit.words import Sentence

AT_ONCE = 500


class Opening(Struct, frozen=True):
    """A door at which somebody is to knock. `page` is where they say what they found."""

    household: int
    area: int
    sentence: Sentence
    page: str


class Opened(Struct):
    id: int
    household: int


class _Id(Struct):
    id: int


# ruff: noqa: S608 (all of these words are ours)
_FIELDS = (
    "household, area, kind, words, lang, details, urgency, helpers, turn, origin, among, page, sentence, photo, "
    "photo_words, receipt, stage, asked_at, stage_at, fresh_at, rung, round, whole_household"
)
_OPEN = (
    f"INSERT INTO needs ({_FIELDS}) SELECT {{row}}, '{What.knock}', '', '', '', {{1}}, 2, 0, {{2}}, "
    f"'{Among.officers}', {{page}}, {{sentence}}, '', '', '', '{Stage.open}', {{3}}, {{3}}, {{3}}, 1, 0, {{no}} "
    "FROM {each} ON CONFLICT DO NOTHING RETURNING id, household"
)
_SQLITE = {
    "{row}": "json_extract(value, '$[0]'), json_extract(value, '$[1]')",
    "{page}": "json_extract(value, '$[2]')",
    "{sentence}": "json_extract(value, '$[3]')",
    "{no}": "0",
    "{each}": "json_each({0}) WHERE true",
}
_POSTGRES = {
    "{row}": "CAST(value->>0 AS integer), CAST(value->>1 AS integer)",
    "{page}": "value->>2",
    "{sentence}": "CAST(value->>3 AS json)",
    "{no}": "false",
    "{each}": "jsonb_array_elements(CAST({0} AS jsonb)) AS each (value)",
    "{1}": "CAST({1} AS text)",
    "{2}": "CAST({2} AS text)",
    "{3}": "CAST({3} AS timestamptz)",
}


def _on_both(sql: str) -> dict[str, str]:
    texts = {"sqlite": sql, "postgres": sql}
    for engine, names in (("sqlite", _SQLITE), ("postgres", _POSTGRES)):
        for name, text in names.items():
            texts[engine] = texts[engine].replace(name, text)
    return texts


_AMONG = {"sqlite": "IN (SELECT value FROM json_each({n}))", "postgres": "= ANY(CAST({n} AS integer[]))"}
_open = prepared_sql(_on_both(_OPEN), Opened)
_STEPS = (
    "INSERT INTO need_steps (need, at, did, words) SELECT id, {now}, {did}, '' FROM needs WHERE id among RETURNING id"
)
_steps = prepared_sql(
    {
        "sqlite": _STEPS.format(now="{1}", did="{2}").replace("among", _AMONG["sqlite"].replace("{n}", "{0}")),
        "postgres": _STEPS.format(now="CAST({1} AS timestamptz)", did="CAST({2} AS text)").replace(
            "among", _AMONG["postgres"].replace("{n}", "{0}")
        ),
    },
    _Id,
)
# Held before it is seen which of them somebody has taken: nobody takes one meanwhile.
_LIVE = (
    "SELECT id FROM needs WHERE origin = {0} AND stage IN ('open', 'taken', 'way') "
    "AND ({1} = 1 OR household among) ORDER BY id"
)
_live = prepared_sql(
    {
        "sqlite": _LIVE.replace("among", _AMONG["sqlite"].replace("{n}", "{2}")),
        "postgres": f"{_LIVE.replace('among', _AMONG['postgres'].replace('{n}', '{2}'))} FOR UPDATE",
    },
    _Id,
)
_TOUCHED = (
    f"SELECT id FROM needs WHERE id among AND (kind <> '{What.knock}' OR EXISTS (SELECT 1 FROM takings "
    "WHERE takings.need = needs.id AND takings.ended_at IS NULL)) ORDER BY id"
)
_touched = prepared_sql(
    {engine: _TOUCHED.replace("among", among.replace("{n}", "{0}")) for engine, among in _AMONG.items()}, _Id
)
_LAST = (
    "SELECT id FROM needs WHERE origin = {0} AND household among AND stage = 'withdrawn' "
    "AND (SELECT did FROM need_steps WHERE need_steps.need = needs.id ORDER BY need_steps.id DESC LIMIT 1) "
    f"= '{Did.called_off}' ORDER BY id"
)
_called_off = prepared_sql(
    {engine: _LAST.replace("among", among.replace("{n}", "{1}")) for engine, among in _AMONG.items()}, _Id
)


async def open_all(origin: str, openings: Iterable[Opening], *, urgency: Urgency, now: datetime) -> list[Opened]:
    """Within the caller's transaction, hundreds by one statement; whoever opens them tells whom it concerns.

    A door that has one of this origin already is left out.
    """
    rows = [(each.household, each.area, each.page, each.sentence.as_json()) for each in openings]
    opened = list(await _open(json.dumps(rows, ensure_ascii=False), urgency, origin, now))
    await _steps([each.id for each in opened], now, Did.opened)
    return opened


async def call_off(
    origin: str, why: Sentence, *, households: Collection[int] | None = None, but: int | None = None, now: datetime
) -> int:
    """Nobody need come any more: of all of that origin, or of these doors. Within the caller's transaction.

    Whoever has taken one hears why, once, except `but`. Says how many there were.
    """
    live = [each.id for each in await _live(origin, int(households is None), sorted(households or ()))]
    if not live:
        return 0
    touched = [each.id for each in await _touched(live)]
    for id in touched:
        await _end(id, why, but, now)
    rest = sorted(set(live) - set(touched))
    over: dict[Any, Any] = {Need.stage: Stage.withdrawn, Need.stage_at: now, Need.settled_at: now}
    await Need.update(over).where(one_of(Need.id, rest))
    await _steps(rest, now, Did.called_off)
    return len(live)


async def _end(id: int, why: Sentence, but: int | None, now: datetime) -> None:
    need, took = await need_of(id), [each for each in await took_of(id) if each.stands]
    await hush(need)
    await let_go(need, took, now=now)
    step = await move(need, Did.called_off, by=None, now=now, stage=Stage.withdrawn, settled_at=now)
    whom = [each.helper for each in took if each.helper != but]
    await tell(need, [*whom, need.person], why, step=step, by=but, now=now)


async def resume(origin: str, households: Collection[int], *, now: datetime) -> None:
    """What called it off was taken back: it waits again. Within the caller's transaction."""
    for row in await _called_off(origin, sorted(households)):
        need = await need_of(row.id)
        await move(need, Did.opened, by=None, now=now, stage=Stage.open, settled_at=None)


async def drop(origin: str) -> None:
    """When what they came of is destroyed: with their steps, and all that was told about them."""
    async with writing():
        rows = await Need.delete().where(Need.origin == origin).returning(Need.id, Need.page)
        await notices.forget_about(row["page"] or path_of(row["id"]) for row in rows)
