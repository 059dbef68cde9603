"""How an ask ends: no longer needed, or done; then thanks, and a little longer to keep in touch."""

from datetime import datetime

from app.db import Clash, writing
from app.features.people.rules import Neighbour
from app.features.skills.rules.answering import stop_waiting
from app.features.skills.rules.calling import hush
from app.features.skills.rules.reach import asking, end_yes, held_for, move, name_of, subject, tell
from app.features.skills.rules.stages import CONTACT_PROLONGED, CONTACT_STAYS, Act, Side
from app.features.skills.rules.standing import only_active
from app.features.skills.tables import Acceptance, Did, Stage, Thanks
from app.kit import later
from app.kit.languages import SOURCE, of_text
from app.kit.refusals import Taken
from app.kit.words import say


async def withdraw(ask_id: int, *, by: Neighbour, now: datetime) -> None:
    """No longer needed. After a yes the helper hears of it, and the two lose sight of each other's contact at once."""
    only_active(by, now)
    async with writing():
        ask, _, yes = await held_for(Act.withdraw, ask_id, by=by, now=now)
        if yes is not None:
            await end_yes(yes, now=now, contact_until=now)
            await later.cancel(f"ask:{ask.id}:close")
        did = Did.called_off if yes else Did.withdrew
        await move(ask, did, by=by.id, now=now, stage=Stage.withdrawn, settled_at=now)
        await hush(ask)
        await stop_waiting(ask)
        name, what = await name_of(ask.asker), await subject(ask)
        no_need = say("%(name)s no longer needs help with %(what)s. Thank you!", name=name, what=what)
        await tell(ask, [ask.helper, *asking(ask)], no_need, by=by.id, now=now)


async def complete(ask_id: int, *, by: Neighbour, now: datetime) -> None:
    """Either of the two says it is done. Contact stays in sight for a day more."""
    only_active(by, now)
    async with writing():
        ask, side, yes = await held_for(Act.complete, ask_id, by=by, now=now)
        if yes is not None:
            await end_yes(yes, now=now, contact_until=now + CONTACT_STAYS)
        await move(ask, Did.done, by=by.id, now=now, stage=Stage.done, settled_at=now)
        await later.cancel(f"ask:{ask.id}:close")
        name, what = await name_of(by.id), await subject(ask)
        if side == Side.helper:
            helped = say("%(name)s says it is done: %(what)s. A word of thanks?", name=name, what=what)
            await tell(ask, asking(ask), helped, by=by.id, now=now)
        else:
            done = say("%(name)s says it is done: %(what)s", name=name, what=what)
            await tell(ask, [ask.helper, *asking(ask)], done, by=by.id, now=now)


async def thank(ask_id: int, words: str, *, by: Neighbour, now: datetime) -> None:
    """Short, public, once."""
    only_active(by, now)
    try:
        async with writing():
            ask, _, _ = await held_for(Act.thank, ask_id, by=by, now=now)
            lang = of_text(words, by.language or SOURCE)
            thanks = Thanks(ask=ask.id, giver=by.id, helper=ask.helper, words=words, lang=lang, at=now)
            await Thanks.insert(thanks)
            await move(ask, Did.thanked, by=by.id, now=now, words=words)
            thank_you = say("%(name)s thanks you: “%(said)s”", name=await name_of(by.id), said=words)
            await tell(ask, [ask.helper], thank_you, by=by.id, now=now)
    except Clash:
        raise Taken(say("You have said thank you already.")) from None


async def prolong(ask_id: int, *, by: Neighbour, now: datetime) -> None:
    """Contact for seven days more, once, when both have said so."""
    only_active(by, now)
    async with writing():
        ask, side, yes = await held_for(Act.prolong, ask_id, by=by, now=now)
        if yes is None or yes.contact_until is None:
            return
        mine = Acceptance.asker_prolongs if side == Side.asker else Acceptance.helper_prolongs
        both = yes.prolongs(Side.helper if side == Side.asker else Side.asker)
        until = yes.contact_until + CONTACT_PROLONGED if both else yes.contact_until
        await Acceptance.update({mine: True, Acceptance.contact_until: until}).where(Acceptance.id == yes.id)
        await move(ask, Did.prolonged, by=by.id, now=now)
        name = await name_of(by.id)
        if both:
            sentence = say("%(name)s agrees: you stay in touch for seven days more.", name=name)
        else:
            sentence = say("%(name)s would like to stay in touch for seven days more. Do you agree?", name=name)
        await tell(ask, asking(ask) if side == Side.helper else [ask.helper], sentence, by=by.id, now=now)
