"""Home again: the keeper's word is final, the borrower's asks the keeper, and after three days it counts by itself."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import held, writing
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.sharing.rules import care
from app.features.sharing.rules.check_list import in_words, known_parts, missing
from app.features.sharing.rules.held_days import home_since
from app.features.sharing.rules.lent import borrowing, held_for, is_both, keepers, lent, move, name_of
from app.features.sharing.rules.reach import held_item, note, tell
from app.features.sharing.rules.stages import CONTACT_STAYS, Act, Lent, Side
from app.features.sharing.rules.waiting import offer_next
from app.features.sharing.tables import Condition, Did, Item, Loan, Stage
from app.features.skills.rules.standing import only_active
from app.kit import later
from app.kit.refusals import Missing, NotYours, Taken
from app.kit.words import Sentence, say

LOOKED_AT_WITHIN = timedelta(days=3)
COUNTS = "sharing.count_back"


class Back(Struct, frozen=True):
    """What came back, how it is, and what happened to it."""

    parts: tuple[str, ...] = ()
    condition: Condition = Condition.good
    damage: str = ""


async def bring_back(loan_id: int, back: Back, *, by: Neighbour, now: datetime) -> bool:
    """True when that was final. The borrower's word ends the reminders at once."""
    only_active(by, now)
    async with writing():
        found, side = await _held(loan_id, by=by, now=now)
        found.condition_back, found.damage = back.condition, back.damage
        found.parts_back = known_parts(back.parts, found)
        if side == Side.keeper or await is_both(found, side, by):
            await came_home(found, by=by.id, now=now)
            return True
        said = {"parts_back": found.parts_back, "condition_back": back.condition, "damage": back.damage}
        await move(found, Did.returned, by=by.id, now=now, words=back.damage, returned_at=now, **said)
        await later.at(now + LOOKED_AT_WITHIN, COUNTS, key=_key(found), again=True, loan=found.id)
        told = await _told(found, say("%(name)s says that it is back: %(what)s.", **await _who(found, by.id)))
        await tell(await keepers(found), _and_ask(told), found.path, by=by.id, now=now)
        await tell(borrowing(found), told, found.path, by=by.id, now=now)
        return False


async def confirm_back(loan_id: int, *, by: Neighbour, now: datetime) -> None:
    """By its keeper: it is here, as the borrower said."""
    only_active(by, now)
    async with writing():
        await came_home(await _said_to_be_back(loan_id, by, now), by=by.id, now=now)


async def deny_back(loan_id: int, *, by: Neighbour, now: datetime) -> None:
    """By its keeper: it is not here. The borrower hears of it, and goes on being reminded."""
    only_active(by, now)
    async with writing():
        found = await _said_to_be_back(loan_id, by, now)
        nothing: dict[str, Any] = {"returned_at": None, "condition_back": "", "parts_back": "[]", "damage": ""}
        await move(found, Did.undone, by=by.id, now=now, **nothing)
        await later.cancel(_key(found))
        not_here = say("%(name)s does not have %(what)s yet. Please talk to each other.", **await _who(found, by.id))
        await tell(borrowing(found), not_here, found.path, by=by.id, now=now)


async def count_back(loan_id: int, *, now: datetime) -> None:
    """By the clock: nobody said that it was not so."""
    async with writing():
        try:
            await held_item((await lent(loan_id)).item)
        except Missing:
            return
        await held(Loan.select(Loan.id).where(Loan.id == loan_id))
        found = await lent(loan_id)
        if found.said_back and found.returned_at and found.returned_at + LOOKED_AT_WITHIN <= now:
            await came_home(found, by=None, now=now)


async def came_home(found: Lent, *, by: int | None, now: datetime) -> None:
    """Within the deed that says so: the loan is over, its days are nobody's again, and what broke is cared for."""
    since, today = found.returned_at or now, await community.today(now)
    thing = await held_item(found.item)
    changes: dict[str, Any] = {
        "returned_at": since,
        "contact_until": now + CONTACT_STAYS,
        "condition_back": found.condition_back or found.condition_out or thing.condition,
        "parts_back": found.parts_back,
        "damage": found.damage,
    }
    await move(found, Did.returned, by=by, now=now, words=found.damage, stage=Stage.back, **changes)
    await later.cancel(_key(found))
    gone = missing(found.parts_out, found.parts_back)
    await note(found.item, Did.returned, by=by, now=now, loan=found.id, words=in_words(gone)[:300])
    told = await _told(found, say("Back again: %(what)s. Thank you!", what=found.name))
    await tell([*borrowing(found), *await keepers(found)], told, found.path, by=by, now=now)
    freed = await home_since(found, await community.today(since), today)
    if changes["condition_back"] == Condition.broken:
        await care.breaks(thing, found.damage, by=by, now=now, loan=found.id)
        return
    await _as_it_came(found, Condition(changes["condition_back"]), thing.condition, by, now)
    if freed and thing.may_be_had(now):
        await offer_next(thing.id, now=now)


async def _as_it_came(found: Lent, back: Condition, before: Condition, by: int | None, now: datetime) -> None:
    """What is broken stays so until it is mended."""
    if before not in (back, Condition.broken):
        await Item.update({Item.condition: back}).where(Item.id == found.item)
    if found.damage:
        await note(found.item, Did.damaged, by=by, now=now, loan=found.id, words=found.damage)


async def _told(found: Lent, sentence: Sentence) -> Sentence:
    """With what is missing, and what happened to it, where there is any."""
    if gone := missing(found.parts_out, found.parts_back):
        sentence = say("%(one)s %(two)s", one=sentence, two=say("Missing: %(parts)s.", parts=in_words(gone)))
    if found.damage:
        sentence = say("%(one)s %(two)s", one=sentence, two=say("Damage: “%(said)s”", said=found.damage))
    return sentence


def _and_ask(sentence: Sentence) -> Sentence:
    return say("%(one)s %(two)s", one=sentence, two=say("Please look at it and confirm."))


async def _who(found: Lent, person: int) -> dict[str, Any]:
    return {"name": await name_of(person), "what": found.name}


async def _held(loan_id: int, *, by: Neighbour, now: datetime) -> tuple[Lent, Side]:
    """Its item first, as every deed about days does."""
    await held_item((await lent(loan_id)).item)
    return await held_for(Act.give_back, loan_id, by=by, now=now)


async def _said_to_be_back(loan_id: int, by: Neighbour, now: datetime) -> Lent:
    found, side = await _held(loan_id, by=by, now=now)
    if side != Side.keeper:
        raise NotYours(say("That is for the other side to do."))
    if not found.said_back:
        raise Taken(say("Nobody has said that it is back. Please look again."))
    return found


def _key(found: Lent) -> str:
    return f"loan:{found.id}:back"
