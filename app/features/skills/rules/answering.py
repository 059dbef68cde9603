"""Answering an ask: yes, no, or another time."""

from datetime import datetime

from app.db import writing
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.skills.rules.calling import hush, ring_again
from app.features.skills.rules.reach import asking, end_yes, held_for, move, name_of, subject, tell
from app.features.skills.rules.stages import CLOSES_AFTER, OPEN_FOR, REMIND_AFTER, Act, Asked, Side
from app.features.skills.rules.standing import only_active
from app.features.skills.tables import Acceptance, Called, Did, Stage
from app.kit import later
from app.kit.refusals import Taken
from app.kit.words import say


async def accept(ask_id: int, *, by: Neighbour, now: datetime) -> None:
    """Yes to an ask, or to the time that the other side proposed. From now on the two see how to reach each other."""
    only_active(by, now)
    async with writing():
        ask, side, _ = await held_for(Act.accept, ask_id, by=by, now=now)
        helper = ask.helper or by.id
        await _still_here(helper if side == Side.asker else ask.asker)
        await Acceptance.insert(Acceptance(ask=ask.id, helper=helper, accepted_at=now))
        await move(ask, Did.accepted, by=by.id, now=now, stage=Stage.accepted, helper=helper)
        await hush(ask)
        await stop_waiting(ask)
        last_day = max(now, _as_moment(ask, now)) + CLOSES_AFTER
        await later.at(last_day, "asks.close", key=f"ask:{ask.id}:close", again=True, ask=ask.id)
        name, what = await name_of(by.id), await subject(ask)
        agreed = say("%(name)s says yes: %(what)s", name=name, what=what)
        await tell(ask, [helper] if side == Side.asker else asking(ask), agreed, by=by.id, now=now)


async def _still_here(other: int) -> None:
    """A yes shows how to reach somebody: not one who was suspended, or went, while the ask waited."""
    if not (await people.neighbour(other)).is_active:
        raise Taken(say("They are not an active neighbour."))


async def decline(ask_id: int, *, reason: str = "", by: Neighbour, now: datetime) -> None:
    """No; or, after a yes, cannot after all: then an ask to anybody is open again."""
    only_active(by, now)
    async with writing():
        ask, side, yes = await held_for(Act.decline, ask_id, by=by, now=now)
        if side == Side.called:
            mine = (Called.ask == ask.id) & (Called.person == by.id)
            await Called.update({Called.declined_at: now}).where(mine)
            return
        if yes is not None:
            await end_yes(yes, now=now, contact_until=now)
            await later.cancel(f"ask:{ask.id}:close")
        if ask.is_for_anybody and ask.taken_at is None:  # nobody is asked in words that are gone
            return await _open_again(ask, reason, by=by, now=now)
        did = Did.called_off if yes else Did.declined
        await move(ask, did, by=by.id, now=now, words=reason, stage=Stage.declined, settled_at=now)
        await stop_waiting(ask)
        no = say("%(name)s cannot help this time: %(what)s", name=await name_of(by.id), what=await subject(ask))
        await tell(ask, asking(ask), no, by=by.id, now=now)


async def _open_again(ask: Asked, reason: str, *, by: Neighbour, now: datetime) -> None:
    until = now + OPEN_FOR
    anew = {"stage": Stage.open, "helper": None, "until_at": until, "proposed": "", "proposed_by": None}
    await move(ask, Did.called_off, by=by.id, now=now, words=reason, **anew)
    await Called.update({Called.declined_at: now}).where((Called.ask == ask.id) & (Called.person == by.id))
    await later.at(until, "asks.expire", key=f"ask:{ask.id}:expire", again=True, ask=ask.id)
    name, what = await name_of(by.id), await subject(ask)
    sorry = say("%(name)s cannot help after all. We ask the others again: %(what)s", name=name, what=what)
    await tell(ask, asking(ask), sorry, by=by.id, now=now)
    ask.until_at = until
    await ring_again(ask, now=now)


async def propose(ask_id: int, words: str, *, by: Neighbour, now: datetime) -> None:
    """Another time. The other side has a week to agree, and is reminded if nobody was yet."""
    only_active(by, now)
    async with writing():
        ask, side, _ = await held_for(Act.propose, ask_id, by=by, now=now)
        whose = ask.helper if side == Side.helper else ask.asker
        changes = {"stage": Stage.proposed, "proposed": words, "proposed_by": whose, "until_at": now + OPEN_FOR}
        await move(ask, Did.proposed, by=by.id, now=now, words=words, **changes)
        await later.at(now + OPEN_FOR, "asks.expire", key=f"ask:{ask.id}:expire", again=True, ask=ask.id)
        if ask.reminded_at is None:
            await later.at(now + REMIND_AFTER, "asks.remind", key=f"ask:{ask.id}:remind", again=True, ask=ask.id)
        name, what = await name_of(by.id), await subject(ask)
        sentence = say("%(name)s proposes another time for %(what)s: %(when)s", name=name, what=what, when=words)
        await tell(ask, asking(ask) if side == Side.helper else [ask.helper], sentence, by=by.id, now=now)


async def stop_waiting(ask: Asked) -> None:
    """Nobody is reminded of what is answered, and it does not run out."""
    for what in ("remind", "expire"):
        await later.cancel(f"ask:{ask.id}:{what}")


def _as_moment(ask: Asked, now: datetime) -> datetime:
    if ask.on_day is None:
        return now
    return datetime.combine(ask.on_day, now.timetz())
