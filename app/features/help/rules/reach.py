"""A need as far as somebody may see it, held while a deed is done to it, and those it concerns told."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared, prepared_sql
from app.features.help.rules.agenda import agenda
from app.features.help.rules.among_officers import may_admit
from app.features.help.rules.stages import LIVE, ON, Act, Needed, Side, Took, acts, why_not
from app.features.help.tables import Among, Did, Guest, Need, NeedStep, Stage, Voice
from app.features.moderation import rules as moderation
from app.features.notices import rules as notices
from app.features.notices.tables import Urgency
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.kit import later
from app.kit.refusals import Missing, Taken
from app.kit.words import Sentence, say

FIELDS = [getattr(Need, name) for name in Needed.__struct_fields__]


class Link(Struct, frozen=True):
    """A guest who holds the link of one need: stands where the asker stands, and is nobody's person."""

    need: int
    name: str

    id: None = None


Hand = Neighbour | Link

_need = prepared(lambda id: Need.select(*FIELDS).where(Need.id == id), Needed)
_took = prepared_sql(
    "SELECT takings.id, takings.helper, people.name, people.photo, takings.place, takings.taken_at, takings.comes_at, "
    "takings.nudged_at, takings.ended_at, takings.kept, takings.contact_until, takings.asker_prolongs, "
    "takings.helper_prolongs FROM takings JOIN people ON people.id = takings.helper WHERE takings.need = {} "
    "ORDER BY takings.id",
    Took,
)


class Held(Struct):
    """A need that is nobody else's until the deed is done; `me` is the helper's own place."""

    need: Needed
    side: Side
    took: list[Took]
    me: Took | None

    @property
    def standing(self) -> list[Took]:
        return [each for each in self.took if each.stands]


async def need_of(need_id: int) -> Needed:
    found = await _need.first(need_id)
    if found is None:
        raise Missing
    return found


async def took_of(need_id: int) -> list[Took]:
    return list(await _took(need_id))


async def where(need_id: int, *, by: Neighbour) -> str:
    """The page on which it is read. Raises Missing for whom it does not concern."""
    need = await need_of(need_id)
    await side_of(need, by, await took_of(need_id))
    return need.path


def own_place(took: Sequence[Took], person_id: int | None) -> Took | None:
    """Where they stand now, or stood when it was done. Given back is given back."""
    mine = [each for each in took if each.helper == person_id and (each.stands or each.kept)]
    return mine[-1] if mine else None


async def side_of(need: Needed, by: Hand, took: Sequence[Took]) -> Side:
    """Raises Missing for whom it does not concern. An open need concerns all; one that is over, those who had part."""
    if isinstance(by, Link):
        if by.need != need.id:
            raise Missing
        return Side.asker
    if need.among == Among.officers:
        return await _among_officers(need, by, took)
    if own_place(took, by.id) is not None:
        return Side.helper
    if await _asks(need, by):
        return Side.asker
    if need.stage in (Stage.asked, Stage.refused) and await may_admit(by, need.area):
        return Side.officer
    if need.stage in LIVE and by.is_active:
        if need.person is not None and not await _may_meet(by, need.person):
            raise Missing
        return Side.neighbour
    raise Missing


async def _among_officers(need: Needed, by: Neighbour, took: Sequence[Took]) -> Side:
    """Whoever took it sees it as long as they are an officer there. No block stands between an officer and a door."""
    if await _asks(need, by):
        return Side.asker
    if not await may_admit(by, need.area):
        raise Missing
    return Side.neighbour if own_place(took, by.id) is None else Side.helper


async def _may_meet(by: Neighbour, asker: int) -> bool:
    return (await people.neighbour(asker)).is_active and not await moderation.blocks_between(by.id, asker)


async def may_do(need: Needed, side: Side, took: Sequence[Took], me: Took | None, by: Hand, now: datetime) -> set[Act]:
    """What `acts` has; but where one of the two blocked the other, neither writes any more."""
    may = acts(need, side, took, now, me=me, who=by.id)
    if Act.speak in may and need.stage == Stage.done and need.person is not None:
        others = [each.helper for each in took if each.kept] if side == Side.asker else [by.id]
        for each in others:
            if each is not None and await moderation.blocks_between(need.person, each):
                may.discard(Act.speak)
    return may


async def _asks(need: Needed, by: Neighbour) -> bool:
    if by.id == need.person:
        return True
    if by.id == need.acted_by and (need.person is None or await people.may_act_for(by, need.person)):
        return True
    return bool(await Voice.exists().where((Voice.need == need.id) & (Voice.person == by.id)))


async def held_for(act: Act, need_id: int, *, by: Hand, now: datetime) -> Held:
    """The need, nobody else's until the deed is done; raises Missing, or why it cannot be done."""
    await held(Need.select(Need.id).where(Need.id == need_id))
    need, took = await need_of(need_id), await took_of(need_id)
    side, me = await side_of(need, by, took), own_place(took, by.id)
    if act not in await may_do(need, side, took, me, by, now):
        raise (
            faster(took)
            if act == Act.take and side == Side.neighbour and need.stage in LIVE
            else why_not(act, need, side)
        )
    return Held(need, side, took, me)


def faster(took: Sequence[Took]) -> Taken:
    """Who it was, and what to do next."""
    names = [each.name for each in took if each.stands]
    if not names:
        return Taken(say("Somebody was faster. Please look again."), way=ON)
    return Taken(say("%(name)s was a moment faster. Thank you! Others still wait for a hand.", name=names[0]), way=ON)


async def move(need: Needed, did: Did, *, by: int | None, now: datetime, words: str = "", **changes: Any) -> int:
    """Writes what changed and one step of its life, and winds the clock anew. Gives back the step."""
    if "stage" in changes:
        changes["stage_at"] = now
    if changes:
        await Need.update({getattr(Need, name): value for name, value in changes.items()}).where(Need.id == need.id)
    if changes.get("settled_at"):
        await Guest.update({Guest.ended_at: now}).where(Guest.need == need.id)
    step = NeedStep(need=need.id, at=now, by=by, did=did, words=words)
    await step.save()
    if by is not None:
        await notices.read_about(need.path, by=by, now=now)
    await wind(need.id)
    return int(step.id)


async def wind(need_id: int) -> None:
    """The clock rings at the next moment at which time does something to it."""
    ahead = agenda(await need_of(need_id), await took_of(need_id))
    if ahead:
        await later.at(ahead[0][0], "needs.tick", key=f"need:{need_id}:tick", again=True, need=need_id)
    else:
        await later.cancel(f"need:{need_id}:tick")


async def askers(need: Needed) -> set[int]:
    """Who asked, who typed it, and who joined."""
    joined = await Voice.select(Voice.person).where(Voice.need == need.id)
    known = {each for each in (need.person, need.acted_by) if each is not None}
    return known | {row["person"] for row in joined}


async def tell(
    need: Needed,
    whom: Iterable[int | None],
    sentence: Sentence,
    *,
    step: int | str,
    by: int | None,
    now: datetime,
    until: datetime | None = None,
) -> None:
    """Of this step, each of them once, except whoever did it. The news of an urgent need is urgent."""
    people_ids = {each for each in whom if each is not None and each != by}
    urgency = need.urgency if need.urgency in (Urgency.urgent, Urgency.critical) else Urgency.everyday
    key = f"need:{need.id}:{step}"
    await notices.tell_all(
        people_ids, sentence, path=need.path, now=now, topic="needs", urgency=urgency, key=key, until=until
    )


def path_of(need_id: int) -> str:
    return f"/help/{need_id}"


def call_key(need: Needed) -> str:
    return f"need:{need.id}:call:{need.round}"


async def hush(need: Needed) -> None:
    """Nobody is needed any more: the question is taken back from everybody who was rung."""
    await notices.withdraw(call_key(need))


def subject(need: Needed, most: int = 60) -> str | Sentence:
    if need.said is not None:
        return need.said
    line = " ".join(need.words.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


async def name_of(by: Hand | int | None) -> Sentence:
    """Whoever has left has no name any more; a guest's is for those who took it."""
    if isinstance(by, Link) or by is None:
        return say("A guest of the house")
    name = (await people.neighbour(by)).name if isinstance(by, int) else by.name
    return say("%(name)s", name=name) if name else say("A former neighbour")
