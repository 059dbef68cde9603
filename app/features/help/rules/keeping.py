"""What this feature keeps about a person: shown to them, forgotten with them, ended when they leave or part ways."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.help.rules.reach import askers, hush, move, need_of, own_place, path_of, subject, tell, took_of
from app.features.help.rules.reopening import let_go, open_again
from app.features.help.rules.stages import LIVE, Needed
from app.features.help.tables import Did, Helping, Need, NeedStep, Stage, Taking, Voice, Word
from app.features.notices import rules as notices
from app.kit import later
from app.kit.words import say

NEEDED = (
    Need.id,
    Need.kind,
    Need.words,
    Need.details,
    Need.whole_household,
    Need.until_at,
    Need.urgency,
    Need.helpers,
    Need.photo_words,
    Need.sum_cents,
    Need.spent_cents,
    Need.asked_at,
    Need.settled_at,
)


class _Id(Struct):
    id: int


_asked = prepared_sql("SELECT id FROM needs WHERE person = {} ORDER BY id", _Id)
_helped = prepared_sql("SELECT DISTINCT need AS id FROM takings WHERE helper = {} ORDER BY need", _Id)
_live_between = prepared_sql(
    "SELECT DISTINCT needs.id FROM needs JOIN takings ON takings.need = needs.id AND takings.ended_at IS NULL "
    "WHERE (needs.person = {0} AND takings.helper = {1}) OR (needs.person = {1} AND takings.helper = {0}) ORDER BY 1",
    _Id,
)


async def mine(person_id: int) -> dict[str, Any]:
    """For their own export: what they asked, what they did, and their words."""
    said = Word.select(Word.need, Word.words, Word.at).where(Word.person == person_id)
    steps = NeedStep.select(NeedStep.need, NeedStep.at, NeedStep.did, NeedStep.words).where(NeedStep.by == person_id)
    asked = Need.select(*NEEDED, Need.stage.as_alias("stands"))
    took = Taking.select(Taking.need, Taking.taken_at, Taking.comes_at, Taking.ended_at, Taking.contact_until)
    limits = Helping.select(Helping.most, Helping.kinds, Helping.from_hour, Helping.to_hour)
    return {
        "needed": await asked.where((Need.person == person_id) | (Need.acted_by == person_id)),
        "taken_on": await took.where(Taking.helper == person_id),
        "need_steps": await steps,
        "need_words": await said,
        "need_voices": await Voice.select(Voice.need, Voice.at).where(Voice.person == person_id),
        "helpings": await limits.where(Helping.person == person_id),
    }


async def forget(person_id: int, *, now: datetime) -> None:
    """Their needs and words go. What others asked and they did stays with those others, without their words."""
    async with writing():
        await step_back(person_id, now=now)
        own, helped = await _asked(person_id), await _helped(person_id)
        await notices.forget_about(path_of(row.id) for row in [*own, *helped])
        for row in own:
            await later.cancel(f"need:{row.id}:tick")
        await Need.delete().where(Need.person == person_id)
        await Word.delete().where(Word.person == person_id)
        await Voice.delete().where(Voice.person == person_id)
        blank: dict[Any, Any] = {NeedStep.words: "", NeedStep.by: None}
        await NeedStep.update(blank).where(NeedStep.by == person_id)
        await Taking.delete().where(Taking.helper == person_id)
        await Helping.delete().where(Helping.person == person_id)


async def step_back(person_id: int, *, now: datetime) -> None:
    """Of somebody who leaves: their needs end, what they took is open again, contact ends today."""
    for row in await _asked(person_id):
        need = await need_of(row.id)
        if need.stage in (*LIVE, Stage.done):
            await _end(need, now=now)
    for row in await _helped(person_id):
        await _leave(row.id, person_id, now=now)


async def _end(need: Needed, *, now: datetime) -> None:
    """The other side hears that it is over, without words of whoever left."""
    await held(Need.select(Need.id).where(Need.id == need.id))
    took = [each for each in await took_of(need.id) if each.stands or each.kept]
    await hush(need)
    await let_go(need, took, now=now)
    step = await move(need, Did.withdrew, by=need.person, now=now, stage=Stage.withdrawn, settled_at=now)
    over = say("Something that you took is no longer needed. Thank you!")
    await tell(need, [each.helper for each in took], over, step=step, by=need.person, now=now)


async def _leave(need_id: int, person_id: int, *, now: datetime) -> None:
    """Their place is free for another; where it was done already, contact alone ends."""
    await held(Need.select(Need.id).where(Need.id == need_id))
    need, took = await need_of(need_id), await took_of(need_id)
    me = own_place(took, person_id)
    if me is not None and me.stands:
        await let_go(need, [me], now=now)
        step = await open_again(need, Did.gave_back, by=person_id, now=now)
        gone = say("The helper cannot after all. We ask others: %(what)s", what=subject(need))
        others = [each.helper for each in took if each.stands]
        await tell(need, [*await askers(need), *others], gone, step=step, by=person_id, now=now)
    still = (Taking.need == need_id) & (Taking.helper == person_id) & (Taking.contact_until > now)
    await Taking.update({Taking.contact_until: now}).where(still)


async def part_ways(a: int, b: int, *, now: datetime) -> None:
    """One of the two blocks the other: what one took of the other is free again, without a word about why."""
    async with writing():
        for row in await _live_between(a, b):
            need = await need_of(row.id)
            await _leave(row.id, b if need.person == a else a, now=now)
        for one, other in ((a, b), (b, a)):
            await _end_contact(one, other, now)


async def _end_contact(asker: int, helper: int, now: datetime) -> None:
    for row in await _asked(asker):
        still = (Taking.need == row.id) & (Taking.helper == helper) & (Taking.contact_until > now)
        await Taking.update({Taking.contact_until: now}).where(still)
