"""What of this feature a neighbour may report, and how officers take it from sight and give it back."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.people.rules import Neighbour
from app.features.people.tables import Person
from app.features.skills.rules.about import person
from app.features.skills.rules.calling import hush
from app.features.skills.rules.listing import index_people
from app.features.skills.rules.offering import skill
from app.features.skills.rules.reach import ask_of, move, side_of
from app.features.skills.rules.stages import WAITING
from app.features.skills.tables import Did, Offered, Skill, Stage, Thanks
from app.kit.refusals import Missing
from app.kit.reporting import Reportable


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
    """From everybody's sight; the skill's owner sees that it was taken. Joins the decision's transaction."""
    async with writing():
        if kind == "skill":
            await _put_skill(id, Offered.taken)
        elif kind == "thanks":
            await Thanks.update({Thanks.taken_at: now}).where(Thanks.id == id)
        else:
            ask = await ask_of(id)
            if ask.stage in WAITING:
                await move(ask, Did.called_off, by=None, now=now, stage=Stage.withdrawn, settled_at=now)
                await hush(ask)


async def give_back(id: int, *, kind: str, now: datetime) -> None:
    """The decision was overturned. An ask whose time has run out meanwhile stays over."""
    async with writing():
        if kind == "skill":
            await _put_skill(id, Offered.offered, only=Offered.taken)
        elif kind == "thanks":
            back: dict[Any, Any] = {Thanks.taken_at: None}
            await Thanks.update(back).where(Thanks.id == id)
        else:
            ask = await ask_of(id)
            if ask.stage == Stage.withdrawn and now < ask.until_at:
                await move(ask, Did.prolonged, by=None, now=now, stage=Stage.open, settled_at=None)


async def _put_skill(id: int, state: Offered, *, only: Offered | None = None) -> None:
    """Holds the person first and the skill then, as whoever offers it does."""
    row = await Skill.select(Skill.person, Skill.state).where(Skill.id == id).first()
    if row is None or (only is not None and row["state"] != only):
        return
    await held(Person.select(Person.id).where(Person.id == row["person"]))
    await Skill.update({Skill.state: state}).where(Skill.id == id)
    await index_people([row["person"]])
