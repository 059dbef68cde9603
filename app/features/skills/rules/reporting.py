"""What of this feature a neighbour may report, and how officers take it from sight and give it back."""

import json
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.moderation import rules as moderation
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Person
from app.features.skills.rules.about import person
from app.features.skills.rules.calling import hush
from app.features.skills.rules.listing import index_people
from app.features.skills.rules.offering import skill
from app.features.skills.rules.reach import ask_of, move, path_of, side_of
from app.features.skills.rules.stages import WAITING
from app.features.skills.tables import Ask, Did, Offered, Skill, Stage, Thanks
from app.kit.refusals import Missing
from app.kit.reporting import Reportable

NOTHING = "…"  # in the place of words that officers took away


class _Said(Struct):
    giver: int
    helper: int
    words: str


_thanks = prepared_sql("SELECT giver, helper, words FROM thanks WHERE id = {} AND taken_at IS NULL", _Said)


async def reportable(id: int, *, kind: str = "skill", by: Neighbour, now: datetime) -> Reportable:
    """`kind` is skill, ask, thanks or person. Raises Missing for what `by` may not see."""
    if kind == "skill":
        shown = await skill(id, by=by)
        return Reportable(shown.person, f"{shown.words}\n{shown.details}".strip(), f"/skills/{id}")
    if kind == "ask":
        ask = await ask_of(id)
        await side_of(ask, by)
        if ask.taken_at is not None:
            raise Missing
        return Reportable(ask.acted_by, ask.words, f"/asks/{id}")
    if kind == "thanks":
        said = await _thanks.first(id)
        if said is None:
            raise Missing
        await person(said.helper, by=by, now=now)
        return Reportable(said.giver, said.words, f"/neighbours/{said.helper}")
    seen = await person(id, by=by, now=now)
    offers = [f"{each.words}\n{each.details}".strip() for each in seen.skills]
    return Reportable(id, "\n\n".join([seen.who.name, *offers]), f"/neighbours/{id}")


async def take_away(id: int, *, kind: str, now: datetime) -> None:
    """From everybody's sight; whose it is sees that it was taken. Joins the decision's transaction."""
    async with writing():
        if kind == "skill":
            await _take_skill(id)
        elif kind == "thanks":
            gone = await Thanks.update({Thanks.taken_at: now}).where(Thanks.id == id).returning(Thanks.ask)
            await notices.forget_about(f"/asks/{row['ask']}" for row in gone)
        else:
            await _take_ask(await _held_ask(id), now)


async def give_back(id: int, *, kind: str, now: datetime) -> None:
    """The decision was overturned: it stands as it stood, and what its author withdrew stays withdrawn."""
    async with writing():
        if kind == "skill":
            await _give_skill(id)
        elif kind == "thanks":
            back: dict[Any, Any] = {Thanks.taken_at: None}
            await Thanks.update(back).where(Thanks.id == id)
        else:
            await _give_ask(await _held_ask(id), now)


async def _held_ask(id: int) -> Ask:
    row = await held(Ask.objects().where(Ask.id == id)).first()
    if row is None:
        raise Missing
    return row


async def _take_ask(row: Ask, now: datetime) -> None:
    """The words go, whatever became of the ask; notices that repeat them go too. One that waits is called off."""
    if row.taken_at is not None:
        return
    ask = await ask_of(row.id)
    gone: dict[Any, Any] = {Ask.taken_at: now, Ask.taken_words: json.dumps([row.words, row.times])}
    await Ask.update({**gone, Ask.words: NOTHING, Ask.times: ""}).where(Ask.id == row.id)
    over: dict[str, Any] = {"stage": Stage.withdrawn, "settled_at": now} if ask.stage in WAITING else {}
    await move(ask, Did.taken, by=None, now=now, **over)
    await hush(ask)
    await notices.forget_about([path_of(ask)])


async def _give_ask(row: Ask, now: datetime) -> None:
    if not row.taken_words:
        return
    words, times = json.loads(row.taken_words)
    back: dict[Any, Any] = {Ask.words: words, Ask.times: times, Ask.taken_at: None, Ask.taken_words: ""}
    await Ask.update(back).where(Ask.id == row.id)
    as_it_waited = {"stage": Stage.proposed if row.proposed_by else Stage.open, "settled_at": None}
    stands: dict[str, Any] = as_it_waited if await _waits_again(row, now) else {}
    await move(await ask_of(row.id), Did.returned, by=None, now=now, **stands)


async def _waits_again(row: Ask, now: datetime) -> bool:
    """Taking it had called it off, it has time left, and meanwhile nothing came between the two or in its place."""
    called_off = row.stage == Stage.withdrawn and row.settled_at == row.taken_at
    if not called_off or now >= row.until_at or not (await people.neighbour(row.asker)).is_active:
        return False
    if row.skill is None:
        return True
    await held(Skill.select(Skill.id).where(Skill.id == row.skill))  # as whoever asks anew does
    anew = (Ask.asker == row.asker) & (Ask.skill == row.skill) & Ask.stage.is_in(list(WAITING))
    parted = await moderation.blocks_between(row.asker, row.helper)
    return not parted and (await people.neighbour(row.helper)).is_active and not await Ask.exists().where(anew)


async def _take_skill(id: int) -> None:
    row = await _held_skill(id)
    if row and row["state"] != Offered.taken:
        await _put_skill(row, {Skill.state: Offered.taken, Skill.before: row["state"]})


async def _give_skill(id: int) -> None:
    row = await _held_skill(id)
    if row and row["state"] == Offered.taken:
        await _put_skill(row, {Skill.state: row["before"]})


async def _held_skill(id: int) -> dict[str, Any] | None:
    """Holds the person first and the skill then, as whoever offers it does."""
    row = await Skill.select(Skill.person).where(Skill.id == id).first()
    if row is None:
        return None
    await held(Person.select(Person.id).where(Person.id == row["person"]))
    return await held(Skill.select(Skill.id, Skill.person, Skill.state, Skill.before).where(Skill.id == id)).first()


async def _put_skill(row: dict[str, Any], stands: dict[Any, Any]) -> None:
    await Skill.update(stands).where(Skill.id == row["id"])
    await index_people([row["person"]])
