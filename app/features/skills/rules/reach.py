"""An ask as far as somebody may see it, held while a deed is done to it, and those it concerns told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.db import held, prepared, prepared_sql
from app.features.moderation import rules as moderation
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.skills.rules.stages import Act, Asked, Side, Yes, acts, why_not
from app.features.skills.tables import Acceptance, Ask, Called, Did, Offered, Skill, Stage, Step, Thanks
from app.kit.refusals import Missing
from app.kit.words import Sentence, say

FIELDS = [getattr(Ask, name) for name in Asked.__struct_fields__]

_ask = prepared(lambda id: Ask.select(*FIELDS).where(Ask.id == id), Asked)
_last_yes = prepared_sql(
    "SELECT id, ask, helper, accepted_at, ended_at, contact_until, asker_prolongs, helper_prolongs "
    "FROM acceptances WHERE ask = {} ORDER BY id DESC LIMIT 1",
    Yes,
)


async def ask_of(ask_id: int) -> Asked:
    found = await _ask.first(ask_id)
    if found is None:
        raise Missing
    return found


async def side_of(ask: Asked, by: Neighbour) -> Side:
    """Raises Missing for whom the ask does not concern. An ask to anybody concerns all until it is over."""
    if by.id == ask.helper:
        return Side.helper
    if by.id == ask.asker or (by.id == ask.acted_by and await people.may_act_for(by, ask.asker)):
        return Side.asker
    if ask.is_for_anybody and ask.stage in (Stage.open, Stage.accepted) and by.is_active:
        if await moderation.blocks_between(by.id, ask.asker):
            raise Missing
        called = (Called.ask == ask.id) & (Called.person == by.id) & Called.declined_at.is_null()
        return Side.called if await Called.exists().where(called) else Side.neighbour
    raise Missing


async def last_yes(ask_id: int) -> Yes | None:
    return await _last_yes.first(ask_id)


async def thanked(ask_id: int) -> bool:
    return bool(await Thanks.exists().where(Thanks.ask == ask_id))


async def held_for(act: Act, ask_id: int, *, by: Neighbour, now: datetime) -> tuple[Asked, Side, Yes | None]:
    """The ask, nobody else's until the deed is done; raises Missing, or why it cannot be done."""
    await held(Ask.select(Ask.id).where(Ask.id == ask_id))
    ask = await ask_of(ask_id)
    side = await side_of(ask, by)
    yes = await last_yes(ask_id) if ask.stage in (Stage.accepted, Stage.done) else None
    if act not in acts(ask, side, now, yes=yes, thanked=await thanked(ask_id) if ask.stage == Stage.done else False):
        raise why_not(act, ask, side, now)
    return ask, side, yes


async def move(ask: Asked, did: Did, *, by: int | None, now: datetime, words: str = "", **changes: Any) -> None:
    """Writes what changed, and one step of the timeline."""
    if changes:
        await Ask.update({getattr(Ask, name): value for name, value in changes.items()}).where(Ask.id == ask.id)
    await Step.insert(Step(ask=ask.id, at=now, by=by, did=did, words=words))
    if by is not None:
        await notices.read_about(path_of(ask), by=by, now=now)


async def end_yes(yes: Yes, *, now: datetime, contact_until: datetime) -> None:
    await Acceptance.update({Acceptance.ended_at: now, Acceptance.contact_until: contact_until}).where(
        Acceptance.id == yes.id
    )


async def tell(ask: Asked, to: Iterable[int | None], sentence: Sentence, *, by: int | None, now: datetime) -> None:
    """Those it concerns, except whoever did it."""
    whom = {each for each in to if each is not None and each != by}
    await notices.tell_all(whom, sentence, path=path_of(ask), now=now, topic="asks")


def path_of(ask: Asked) -> str:
    return f"/asks/{ask.id}"


def asking(ask: Asked) -> tuple[int, int]:
    """Who asked, and who typed it."""
    return ask.asker, ask.acted_by


async def subject(ask: Asked) -> str:
    """What an ask is called in a sentence: the skill, or the beginning of the question."""
    if ask.skill is not None:
        in_sight = (Skill.id == ask.skill) & (Skill.state != Offered.taken)
        row = await Skill.select(Skill.words).where(in_sight).first()
        if row and row["words"]:
            return str(row["words"])
    return shortened(ask.words)


def shortened(words: str, most: int = 60) -> str:
    line = " ".join(words.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def call_key(ask_id: int) -> str:
    return f"ask:{ask_id}:call"


async def name_of(person_id: int) -> Sentence:
    """Somebody who has left has no name any more."""
    name = (await people.neighbour(person_id)).name
    return say("%(name)s", name=name) if name else say("A former neighbour")
