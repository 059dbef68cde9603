"""What this feature keeps about a person: shown to them, and forgotten with them."""

from datetime import datetime
from typing import Any

from app.db import writing
from app.features.skills.rules.calling import hush
from app.features.skills.rules.listing import index_people
from app.features.skills.rules.reach import ask_of, asking, end_yes, last_yes, move, subject, tell
from app.features.skills.rules.stages import Asked
from app.features.skills.tables import Acceptance, Ask, Called, Did, Offered, Skill, Stage, Step, Thanks
from app.kit import later
from app.kit.words import say

OPEN = [Stage.open, Stage.proposed, Stage.accepted]
TIMERS = ("remind", "expire", "close")


async def mine(person_id: int) -> dict[str, Any]:
    """For their own export: their words, and what was done to their asks."""
    side = (Ask.asker == person_id) | (Ask.helper == person_id) | (Ask.acted_by == person_id)
    return {
        "skills": await Skill.select().where(Skill.person == person_id),
        "asks": await Ask.select().where(side),
        "steps": await Step.select(Step.ask, Step.at, Step.did, Step.words).where(Step.by == person_id),
        "acceptances": await Acceptance.select().where(Acceptance.helper == person_id),
        "called": await Called.select(Called.ask, Called.at, Called.declined_at).where(Called.person == person_id),
        "thanks_given": await Thanks.select(Thanks.words, Thanks.at).where(Thanks.giver == person_id),
        "thanks_received": await Thanks.select(Thanks.words, Thanks.at).where(Thanks.helper == person_id),
    }


async def forget(person_id: int, *, now: datetime) -> None:
    """Their asks, skills and words go. What others asked them for stays with those others, without their words."""
    async with writing():
        await _leave_open_asks(person_id, now)
        theirs = await Ask.select(Ask.id).where(Ask.asker == person_id)
        for row in theirs:
            await _cancel(row["id"])
        await Ask.delete().where(Ask.asker == person_id)
        await Thanks.delete().where((Thanks.giver == person_id) | (Thanks.helper == person_id))
        await Called.delete().where(Called.person == person_id)
        await Step.update({Step.words: ""}).where(Step.by == person_id)
        blank: dict[Any, Any] = {"words": "", "details": "", "times": "", "state": Offered.withdrawn}
        await Skill.update(blank).where(Skill.person == person_id)
        await index_people([person_id])


async def _leave_open_asks(person_id: int, now: datetime) -> None:
    """The other side hears that nobody comes."""
    side = (Ask.asker == person_id) | (Ask.helper == person_id)
    for row in await Ask.select(Ask.id).where(side & Ask.stage.is_in(OPEN)).order_by(Ask.id):
        ask = await ask_of(row["id"])
        await _call_off(ask, helper=ask.helper == person_id, now=now)
        gone = say("They have left the community: %(what)s", what=await subject(ask))
        await tell(ask, asking(ask) if ask.helper == person_id else [ask.helper], gone, by=person_id, now=now)


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
