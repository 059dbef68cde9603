"""What this feature keeps about a person: shown to them, and forgotten with them."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import one_of, prepared_sql, writing
from app.features.notices import rules as notices
from app.features.skills.rules.calling import hush
from app.features.skills.rules.listing import WORDS, index_people
from app.features.skills.rules.reach import ask_of, asking, end_yes, last_yes, move, shortened, subject, tell
from app.features.skills.rules.stages import Asked
from app.features.skills.tables import Acceptance, Ask, Called, Did, Offered, Skill, Stage, Step, Thanks
from app.kit import later
from app.kit.words import Sentence, say

OPEN = [Stage.open, Stage.proposed, Stage.accepted]
TIMERS = ("remind", "expire", "close")


class _Id(Struct):
    id: int


async def mine(person_id: int) -> dict[str, Any]:
    """For their own export: their words, and what was done to their asks."""
    side = (Ask.asker == person_id) | (Ask.helper == person_id) | (Ask.acted_by == person_id)
    typed = (Ask.asker == person_id) | (Ask.acted_by == person_id)
    return {
        "skills": await Skill.select().where(Skill.person == person_id),
        "asks": await Ask.select(*Ask.all_columns(exclude=[Ask.taken_words])).where(side),
        "words_taken": await Ask.select(Ask.id, Ask.taken_words).where(typed & Ask.taken_at.is_not_null()),
        "steps": await Step.select(Step.ask, Step.at, Step.did, Step.words).where(Step.by == person_id),
        "acceptances": await Acceptance.select().where(Acceptance.helper == person_id),
        "called": await Called.select(Called.ask, Called.at, Called.declined_at).where(Called.person == person_id),
        "thanks_given": await Thanks.select(Thanks.words, Thanks.at).where(Thanks.giver == person_id),
        "thanks_received": await Thanks.select(Thanks.words, Thanks.at).where(
            (Thanks.helper == person_id) & Thanks.taken_at.is_null()
        ),
    }


async def forget(person_id: int, *, now: datetime) -> None:
    """Their asks, skills and words go. What others asked them for stays with those others, without their words."""
    async with writing():
        await notices.forget_about(f"/asks/{row.id}" for row in await _with(person_id))
        await step_back(person_id, now=now)
        await Ask.delete().where(Ask.asker == person_id)
        await Thanks.delete().where((Thanks.giver == person_id) | (Thanks.helper == person_id))
        await Called.delete().where(Called.person == person_id)
        await Step.update({Step.words: ""}).where(Step.by == person_id)
        helped = [row.id for row in await _with(person_id)]
        await Step.update({Step.words: ""}).where(one_of(Step.ask, helped) & (Step.did == Did.thanked))
        await Ask.update({Ask.proposed: ""}).where(Ask.proposed_by == person_id)
        blank: dict[Any, Any] = {"words": "", "details": "", "times": "", "state": Offered.withdrawn}
        await Skill.update(blank).where(Skill.person == person_id)
        await index_people([person_id])
        await WORDS.forget()


async def step_back(person_id: int, *, now: datetime) -> None:
    """Of somebody who leaves: their open asks end, the other side hears that nobody comes, contact ends today."""
    side = (Ask.asker == person_id) | (Ask.helper == person_id)
    for row in await Ask.select(Ask.id).where(side & Ask.stage.is_in(OPEN)).order_by(Ask.id):
        ask = await ask_of(row["id"])
        helper = ask.helper == person_id
        await _call_off(ask, helper=helper, now=now)
        gone = say("They have left the community: %(what)s", what=await _as_the_other_says(ask, helper))
        await tell(ask, asking(ask) if helper else [ask.helper], gone, by=person_id, now=now)
    await _end_contact(person_id, now)


async def _as_the_other_says(ask: Asked, helper_left: bool) -> Sentence | str:
    """In the words of the one who stays: those of whoever left go with them."""
    if helper_left:
        return shortened(ask.words)
    return say("somebody you said yes to") if ask.is_for_anybody else await subject(ask)


_with = prepared_sql("SELECT id FROM asks WHERE asker = {0} OR helper = {0}", _Id)


async def _end_contact(person_id: int, now: datetime) -> None:
    """Of what is over too: it would have been in sight for a day more."""
    for row in await _with(person_id):
        still = (Acceptance.ask == row.id) & (Acceptance.contact_until > now)
        await Acceptance.update({Acceptance.contact_until: now}).where(still)


async def part_ways(a: int, b: int, *, now: datetime) -> None:
    """One of the two blocks the other: what they have open ends, without a word about why."""
    async with writing():
        between = ((Ask.asker == a) & (Ask.helper == b)) | ((Ask.asker == b) & (Ask.helper == a))
        for row in await Ask.select(Ask.id).where(between & Ask.stage.is_in(OPEN)).order_by(Ask.id):
            ask = await ask_of(row["id"])
            await _call_off(ask, helper=False, now=now)
            over = say("This has ended: %(what)s. Others may help: look under Neighbours.", what=await subject(ask))
            await tell(ask, [ask.helper, *asking(ask)], over, by=a, now=now)


async def _call_off(ask: Asked, *, helper: bool, now: datetime) -> None:
    """Nobody's deed in the timeline; the two lose sight of each other's contact at once."""
    yes = await last_yes(ask.id)
    if yes is not None and yes.ended_at is None:
        await end_yes(yes, now=now, contact_until=now)
    stage = Stage.declined if helper else Stage.withdrawn
    await move(ask, Did.called_off, by=None, now=now, stage=stage, settled_at=now, proposed="")
    await hush(ask)
    await _cancel(ask.id)


async def _cancel(ask_id: int) -> None:
    for what in TIMERS:
        await later.cancel(f"ask:{ask_id}:{what}")
