"""Vouching: two neighbours who know a newcomer let them in. Each has been here for 30 days, and vouches for few."""

from datetime import datetime, timedelta

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.joining.rules.reach import kept_by
from app.features.joining.rules.waiting import Waiter, shown_by
from app.features.joining.tables import Newcomer, Vouch
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Person
from app.kit import audit
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import Sentence, say

MEMBER_FOR = timedelta(days=30)
MONTH, A_MONTH = timedelta(days=30), 3
NEEDED = 2


class Asking(Struct):
    """What a neighbour sees who was shown somebody's address. `why_not` is why they cannot vouch."""

    who: Waiter
    vouched: bool
    why_not: Sentence | None
    may_let_in: bool


class _Since(Struct):
    made_at: datetime
    vouched_at: datetime | None
    welcomed_at: datetime | None


class _Id(Struct):
    id: int


_since = prepared_sql(
    "SELECT people.made_at, newcomers.vouched_at, newcomers.welcomed_at FROM people "
    "LEFT JOIN newcomers ON newcomers.person = people.id WHERE people.id = {}",
    _Since,
)
# What somebody took back themselves does not count; what was undone because it was wrong does.
_this_month = prepared_sql(
    "SELECT id FROM vouches WHERE voucher = {} AND given_at > {} AND (ended_at IS NULL OR ended_by <> voucher)", _Id
)
_standing = prepared_sql(
    "SELECT vouches.id FROM vouches JOIN people ON people.id = vouches.voucher AND people.state = 'active' "
    "WHERE vouches.person = {} AND vouches.ended_at IS NULL",
    _Id,
)
_own = prepared_sql("SELECT id FROM vouches WHERE person = {} AND voucher = {} AND ended_at IS NULL", _Id)


async def asking(token: str, *, by: Neighbour, now: datetime) -> Asking:
    who = await shown_by(token)
    vouched = bool(await _own(who.id, by.id))
    why_not = None if vouched else await why_not_vouch(by, who.id, now)
    return Asking(who, vouched, why_not, (await kept_by(by)).has(who.area))


async def vouch(token: str, *, words: str, by: Neighbour, now: datetime) -> bool:
    """Is the newcomer in now? Of two who vouch at once the second lets them in, once."""
    shown = await shown_by(token)
    async with writing():
        await _held(by.id, shown.id)
        who = await shown_by(token)
        why_not = await why_not_vouch(by, who.id, now)
        if why_not:
            raise NotYours(why_not)
        if await _own(who.id, by.id):
            raise Taken(say("You have vouched for them already."))
        await Vouch.insert(Vouch(person=who.id, voucher=by.id, words=words.strip(), given_at=now))
        await audit.note("vouched", who=by.id, about=f"person:{who.id}", now=now, concerns=who.id)
        if len(await _standing(who.id)) >= NEEDED:
            await _let_in(who.id, by, now)
            return True
        told = say("%(name)s vouched for you. One more neighbour, or your steward, and you are in.", name=by.name)
        await notices.tell(who.id, told, path="/waiting", now=now, topic="account", key=f"vouch:{by.id}")
        return False


async def take_back(token: str, *, by: Neighbour, now: datetime) -> None:
    """Until they are in. After that only an administrator undoes what was given."""
    shown = await shown_by(token)
    async with writing():
        await _held(by.id, shown.id)
        who = await shown_by(token)
        own = (Vouch.person == who.id) & (Vouch.voucher == by.id) & Vouch.ended_at.is_null()
        if not await Vouch.update({Vouch.ended_at: now, Vouch.ended_by: by.id}).where(own).returning(Vouch.id):
            raise Missing
        await notices.withdraw(f"vouch:{by.id}", person_id=who.id)
        await audit.note("vouch taken back", who=by.id, about=f"person:{who.id}", now=now, concerns=who.id)


async def why_not_vouch(by: Neighbour, person_id: int, now: datetime) -> Sentence | None:
    if by.id == person_id:
        return say("Show this to a neighbour who knows you. You cannot vouch for yourself.")
    if by.of_age_on is not None:
        return say("You came in by your guardian. Please ask an adult of your household to vouch.")
    since = await member_since(by.id)
    if since is None or now - since < MEMBER_FOR:
        return say("Whoever vouches has been a member for 30 days. Until then, ask another neighbour.")
    if len(await _this_month(by.id, now - MONTH)) >= A_MONTH:
        return say("You have vouched for three people within 30 days. Please ask another neighbour to do it.")
    return None


async def member_since(person_id: int) -> datetime | None:
    """From the list, or from the day they were let in."""
    row = await _since.first(person_id)
    return max(filter(None, (row.made_at, row.vouched_at, row.welcomed_at))) if row else None


async def _held(*people_ids: int) -> None:
    """Both people, in the order of their ids: what follows is decided one deed after the other."""
    await held(Person.objects().where(Person.id.is_in(sorted(people_ids))).order_by(Person.id))


async def _let_in(person_id: int, by: Neighbour, now: datetime) -> None:
    await people.welcome(person_id, by=by.id, now=now)
    await Newcomer.update({Newcomer.vouched_at: now, Newcomer.reason: ""}).where(Newcomer.person == person_id)
    await tell_standing(person_id, say("You have been let in. Welcome!"), path="/", now=now)


async def tell_standing(person_id: int, sentence: Sentence, *, path: str, now: datetime) -> None:
    """The newest word on somebody's standing replaces the one before: both together would contradict each other."""
    key = f"standing:{person_id}"
    await notices.withdraw(key, person_id=person_id)
    await notices.tell(person_id, sentence, path=path, now=now, topic="account", key=key)


def said_why(reason: str) -> str:
    """What people read about themselves is never empty."""
    if not reason.strip():
        raise Refusal(say("Please say why: they will read it."), beside="reason")
    return reason.strip()
