"""Asking a neighbour to hold a key: yes or no is theirs, and either side may end it at any time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.db import Clash, held, writing
from app.features.household.rules.cards import clear, newest_membership, only_for_members
from app.features.household.rules.holdings import Holding, blocks_across, holding, holding_of, standing
from app.features.household.tables import KeyHolding
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Household, Membership, Person, State
from app.kit import audit, limits
from app.kit.limits import Limit
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from app.kit.words import Sentence, say

REQUESTS = Limit("key requests", 5, timedelta(days=1))


async def ask_to_hold(household_id: int, holder: int, *, by: Neighbour, now: datetime) -> int:
    """Whoever held the key, or was asked to, no longer is. Gives back the holding."""
    await only_for_members(household_id, by)
    if by.is_child(now.date()):
        raise NotYours(say("From 14 on you can do this yourself. Until then, ask somebody grown up at home."))
    try:
        async with writing():
            await _count(by, now)
            await held(Household.objects().where(Household.id == household_id))
            await clear(household_id)
            await _may_hold(household_id, holder, now)
            await _end_others(household_id, holder, by=by, now=now)
            row = KeyHolding(
                household=household_id,
                holder=holder,
                asked_by=by.id,
                newest=await newest_membership(household_id),
                asked_at=now,
            )
            await row.save()
            await _note(say("key holder asked"), row.household, holder, by=by, now=now)
            asked = say("%(name)s asks you to hold a key to their home", name=by.name)
            await notices.tell(holder, asked, path=_path(row.id), now=now, topic="household", key=_key(row.id))
            return int(row.id)
    except Clash:
        raise Taken(say("Somebody of your household asked another neighbour at the same moment.")) from None


async def agree(holding_id: int, *, by: Neighbour, now: datetime) -> None:
    """From now on the holder sees which door it is."""
    async with writing():
        found = await _waiting(holding_id, by)
        await KeyHolding.update({KeyHolding.agreed_at: now}).where(KeyHolding.id == holding_id)
        await _note(say("key holder agreed"), found.household, by.id, by=by, now=now)
        await notices.read_about(_path(holding_id), by=by.id, now=now)
        yes = say("%(name)s says yes and will hold your key", name=by.name)
        await tell_members(found.household, yes, but=[by.id], now=now)


async def decline(holding_id: int, *, by: Neighbour, now: datetime) -> None:
    async with writing():
        found = await _waiting(holding_id, by)
        await KeyHolding.update({KeyHolding.ended_at: now}).where(KeyHolding.id == holding_id)
        await _note(say("key holder declined"), found.household, by.id, by=by, now=now)
        await notices.read_about(_path(holding_id), by=by.id, now=now)
        no = say("%(name)s cannot hold your key", name=by.name)
        await tell_members(found.household, no, but=[by.id], now=now)


async def end(holding_id: int, *, by: Neighbour, now: datetime) -> bool:
    """Either side, at any time; the other is told. True when it was the household that ended it."""
    await holding(holding_id, by=by)
    async with writing():
        await held(KeyHolding.objects().where(KeyHolding.id == holding_id))
        found = await standing(holding_id)
        if found is None:
            raise Taken(say("That has ended already."))
        await ended(found, by=by, now=now)
        if by.id == found.holder:
            given_back = say("%(name)s no longer holds your key", name=by.name)
            await tell_members(found.household, given_back, but=[by.id], now=now)
    return by.id != found.holder


async def _waiting(holding_id: int, by: Neighbour) -> Holding:
    """A request to this neighbour that still waits, held."""
    await held(KeyHolding.objects().where(KeyHolding.id == holding_id))
    found = await standing(holding_id)
    if found is None or found.holder != by.id or not by.is_active:
        raise Missing
    if found.agreed_at is not None:
        raise Taken(say("You have said yes already."))
    return found


async def _may_hold(household_id: int, holder: int, now: datetime) -> None:
    await held(Person.objects().where(Person.id == holder))
    someone = await people.neighbour(holder)
    if not someone.is_active or someone.is_child(now.date()) or await blocks_across(household_id, holder):
        raise Missing
    lives_there = (Membership.household == household_id) & (Membership.person == holder)
    if await Membership.exists().where(lives_there & Membership.until_on.is_null()):
        raise Refusal(say("They live with you: they have a key."))


async def _end_others(household_id: int, holder: int, *, by: Neighbour, now: datetime) -> None:
    """Also one whose holder is no longer to be seen here."""
    still = (KeyHolding.household == household_id) & KeyHolding.ended_at.is_null()
    await held(KeyHolding.objects().where(still))
    found = await holding_of(household_id)
    if found is not None and found.holder == holder:
        raise Taken(say("You have asked them already."))
    if found is not None:
        await ended(found, by=by, now=now)
    await KeyHolding.update({KeyHolding.ended_at: now}).where(still)


async def ended(found: Holding, *, by: Neighbour, now: datetime) -> None:
    """A request that was never answered is simply taken back. Whoever held it reads for whom, not who ended it."""
    await KeyHolding.update({KeyHolding.ended_at: now}).where(KeyHolding.id == found.id)
    await _note(say("key holder ended"), found.household, found.holder, by=by, now=now)
    await notices.withdraw(_key(found.id))
    if found.agreed_at is not None and by.id != found.holder:
        whom = found.asked_by or by.name
        over = say("You no longer hold a key for %(name)s. Please give it back.", name=whom)
        await notices.tell(found.holder, over, path="/household/keys", now=now, topic="household")


async def tell_members(household_id: int, sentence: Sentence, *, but: Iterable[int], now: datetime) -> None:
    members = [each.id for each in await people.members_of(household_id) if each.state == State.active]
    await notices.tell_all(set(members) - set(but), sentence, path="/household", now=now, topic="household")


async def _note(did: Sentence, household_id: int, concerns: int, *, by: Neighbour, now: datetime) -> None:
    await audit.note(did.words, who=by.id, about=f"household:{household_id}", now=now, concerns=concerns)


async def _count(by: Neighbour, now: datetime) -> None:
    key = REQUESTS.key(by.id)
    if await limits.count(REQUESTS, key, now) > REQUESTS.times:
        raise TooOften(say("That is a lot for one day. Please go on tomorrow."), wait=REQUESTS.wait(now))


def _path(holding_id: int) -> str:
    return f"/household/keys/{holding_id}"


def _key(holding_id: int) -> str:
    return f"key:{holding_id}"
